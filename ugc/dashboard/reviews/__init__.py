"""A review on the page: its card, its clauses, why it is read so, and what corrects it."""
