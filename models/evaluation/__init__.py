"""Scores of a tagger against reviews labelled by people."""
