"""Dates marked on a chart over time: a band where a change lies, a line at its day, a number on top."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any

import altair as alt

from ugc.dashboard.look.chart_style import color, tips
from ugc.dashboard.look.words import words

__all__ = ["Mark", "layers", "notes"]

_TOP = -12
"""Pixels from the upper edge of the plot to the middle of a number, which stands above it."""


@dataclass(frozen=True)
class Mark:
    """A day with its number; `first` and `last` bound where it may lie, `made` says that it was our act."""

    number: int
    day: date
    first: date
    last: date
    made: bool
    when: str
    what: str


def notes(marks: Sequence[Mark]) -> list[str]:
    """What the numbers stand for, a line each."""
    return [f"{one.number}. {one.when}: {one.what}" for one in marks]


def _at(day: date) -> str:
    """A day with a midnight, so that no time zone moves it."""
    return datetime.combine(day, time()).isoformat()


def layers(marks: Sequence[Mark], along: Callable[[str], alt.X], language: str) -> list[alt.Chart]:
    """The layers of the marks: bands, lines (dashed for acts), discs (square for acts) and numbers.

    `along` gives the axis of time for a field, the one that the chart itself uses.
    """
    if not marks:
        return []
    word = words(language)
    rows: list[dict[str, Any]] = [
        {
            "number": str(one.number),
            "at": _at(one.day),
            "first": _at(one.first),
            "last": _at(one.last),
            "made": one.made,
            word("turn.when"): one.when,
            word("turn.what"): one.what,
        }
        for one in marks
    ]
    base = alt.Chart(alt.InlineData(rows))
    over = tips(language, "turn.when", "turn.what")
    tint = alt.condition("datum.made", alt.value(color("accent")), alt.value(color("ink")))
    band = (
        base.transform_filter("datum.first != datum.last")
        .mark_rect(color=color("ink"), opacity=0.08)
        .encode(x=along("first"), x2="last:T", tooltip=over)
    )
    line = base.mark_rule(strokeWidth=1.4, opacity=0.8).encode(
        x=along("at"),
        color=tint,
        strokeDash=alt.condition("datum.made", alt.value([5, 4]), alt.value([1, 0])),
        tooltip=over,
    )
    disc = base.mark_point(filled=True, size=330, opacity=1).encode(
        x=along("at"),
        y=alt.value(_TOP),
        color=tint,
        shape=alt.condition("datum.made", alt.value("square"), alt.value("circle")),
        tooltip=over,
    )
    number = base.mark_text(fontSize=11, fontWeight=600, color=color("paper"), baseline="middle").encode(
        x=along("at"), y=alt.value(_TOP), text="number:N", tooltip=over
    )
    return [band, line, disc, number]
