"""The models that read reviews: the tagger, its training and evaluation, and the shipped bundle."""

from __future__ import annotations

from pathlib import Path

__all__ = ["DEFAULT_BUNDLE"]

DEFAULT_BUNDLE = Path(__file__).parent / "default"
"""Folder of the bundle that ships with the project."""
