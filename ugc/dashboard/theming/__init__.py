"""Themes made by hand: the form, what its examples would find, and the keeping of it."""
