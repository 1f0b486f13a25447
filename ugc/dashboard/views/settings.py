"""Settings."""

from __future__ import annotations

from ugc.dashboard.frame.address import View
from ugc.dashboard.frame.data import Ask
from ugc.dashboard.frame.states import show_nothing_found
from ugc.dashboard.look.words import words

__all__ = ["show"]


def show(ask: Ask | None, view: View, lake: str) -> None:
    """Draws the page; `ask` is `None` while there is no lake."""
    show_nothing_found(words(view["ui"]))
