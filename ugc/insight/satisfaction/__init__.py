"""How many are pleased: scores and their course in time."""
