"""Reviews to read with care, and why."""
