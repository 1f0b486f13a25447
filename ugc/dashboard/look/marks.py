"""Dates marked on a chart over time: a band where a change lies, a line at its day, a number on top."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any

from ugc.dashboard.look.chart_style import Spec, color, either, named, tips
from ugc.dashboard.look.words import words

__all__ = ["Mark", "layers", "notes", "rows"]

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


def rows(marks: Sequence[Mark], language: str) -> list[dict[str, Any]]:
    """The data of the marks, with what appears over each."""
    word = words(language)
    return [
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


def layers(data: str, along: Callable[[str], Spec], language: str) -> list[Spec]:
    """The layers of the marks: bands, lines (dashed for acts), discs (square for acts) and numbers.

    `data` is the name of their rows; `along` gives the axis of time for a field, the one that the
    chart itself uses.
    """
    over = tips(language, "turn.when", "turn.what")
    tint = either("datum.made", color("accent"), color("ink"))
    band = {
        "transform": [{"filter": "datum.first != datum.last"}],
        "mark": {"type": "rect", "color": color("ink"), "opacity": 0.08},
        "encoding": {"x": along("first"), "x2": {"field": "last"}},
    }
    line = {
        "mark": {"type": "rule", "strokeWidth": 1.4, "opacity": 0.8},
        "encoding": {"x": along("at"), "color": tint, "strokeDash": either("datum.made", [5, 4], [1, 0])},
    }
    disc = {
        "mark": {"type": "point", "filled": True, "size": 330, "opacity": 1},
        "encoding": {
            "x": along("at"),
            "y": {"value": _TOP},
            "color": tint,
            "shape": either("datum.made", "square", "circle"),
        },
    }
    number = {
        "mark": {
            "type": "text",
            "fontSize": 11,
            "fontWeight": 600,
            "color": color("paper"),
            "baseline": "middle",
        },
        "encoding": {"x": along("at"), "y": {"value": _TOP}, "text": named("number")},
    }
    parts: list[Spec] = [band, line, disc, number]
    for one in parts:
        one["data"] = {"name": data}
        one["encoding"]["tooltip"] = over
    return parts
