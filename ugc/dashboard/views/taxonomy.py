"""Themes."""

from __future__ import annotations

from ugc.dashboard.frame.context import Context
from ugc.dashboard.frame.states import show_nothing_found

__all__ = ["show"]


def show(context: Context) -> None:
    """Draws the page."""
    show_nothing_found(context.word)
