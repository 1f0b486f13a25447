"""Answers of the insight functions, written out for the pages."""
