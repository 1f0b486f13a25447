"""What contacts cost, and what to do first."""
