"""Bringing reviews in: jobs, files, progress, and what is covered."""
