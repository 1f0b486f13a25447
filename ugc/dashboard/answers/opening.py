"""What the first page asks about the whole lake, asked before anybody opens it."""

from __future__ import annotations

from ugc.dashboard.answers import story, turns
from ugc.dashboard.frame.data import Ask
from ugc.insight import Dimension, Filters, by_each, freshness, options, scores, trend

__all__ = ["PARTS", "prepare"]

PARTS: tuple[Dimension, ...] = ("source", "language", "city", "company")
"""Breakdowns of the overview."""


def prepare(ask: Ask, language: str) -> None:
    """Has everything answered that the overview asks without filters; nothing where the lake is empty."""
    if not ask(options).reviews:
        return
    everything = Filters()
    ask(scores, everything)
    ask(trend, everything, by="month")
    turns.turns(ask, everything)
    story.tell(ask, everything, ask(options, everything), language)
    ask(by_each, everything, PARTS)
    ask(freshness, everything)
