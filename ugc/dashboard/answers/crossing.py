"""A figure by two dimensions: the heat map, its table, and its strongest cells in words."""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Sequence
from datetime import date
from typing import Any, Literal

from ugc.dashboard.look.chart_style import Spec, axis, color, dressed, either, figure, named, tips
from ugc.dashboard.look.formats import formats
from ugc.dashboard.look.table import Column, Table
from ugc.dashboard.look.words import words
from ugc.insight import DIMENSIONS, Cross, CrossCell, CrossLine

__all__ = ["called", "dimension", "heat", "strongest", "table", "told", "way_to", "width", "worse", "written"]

_LINE = 34
"""Pixels of a row."""
_HEAD = 92
"""Pixels of the names of the columns."""
_FEW, _SOME = 5, 9
"""Columns that stand side by side on a phone too; those that do when the chart is scrolled a little."""
_DEEPEST = 0.5
"""Opacity of the strongest colour: a figure stays readable on it in both modes (4.5 : 1)."""
_FAINTEST = 0.04
_NEAR = {"negative": 0.10, "theme": 0.05, "csi": 10.0}
"""Distance from the whole below which no cell gets the deepest colour."""
_STRONGEST = 4


def dimension(name: str, language: str) -> str:
    """What a dimension is called."""
    word = words(language)
    return word(f"segments.by_{name}") if name in ("month", "weekday") else word(f"filter.{name}")


def called(line: CrossLine, by: str, language: str) -> str:
    """What a row or a column is called."""
    word, say = words(language), formats(language)
    if line.kind == "rest":
        key = "segments.earlier" if by == "month" else "segments.rest"
        return word(key, n=line.values, count=say.number(line.values))
    if line.kind == "none" or line.value is None:
        return word("filter.none")
    if by == "weekday":
        return word.many("days")[int(line.value) % 7]
    if by == "month":
        year, month = line.value.split("-")
        return f"{word.many('months_short')[int(month) - 1]} {year}"
    return word.called(by, line.value)


def _names(lines: Sequence[CrossLine], by: str, language: str) -> list[str]:
    """Names of lines, made different where two read the same: a city may be called «не указано»."""
    names: list[str] = []
    for line in lines:
        name, number = called(line, by, language), 1
        while (name if number == 1 else f"{name} ({number})") in names:
            number += 1
        names.append(name if number == 1 else f"{name} ({number})")
    return names


def written(found: Cross, value: float | None, language: str) -> str:
    """A figure of the breakdown."""
    say = formats(language)
    return say.number(value) if found.figure == "csi" else say.percent(value)


def _bounds(found: Cross, cell: CrossCell, language: str) -> str:
    say = formats(language)
    if found.figure == "csi":
        return say.interval(cell.figure.low, cell.figure.high)
    return say.percents(cell.figure.low, cell.figure.high)


def worse(found: Cross, polarity: str | None) -> int:
    """1 where more is worse, −1 where it is better."""
    return -1 if found.figure == "csi" or (found.figure == "theme" and polarity == "positive") else 1


def width(found: Cross) -> Literal["few", "some", "many"]:
    """How many columns there are, by which the style sheet says how narrow the heat map may get."""
    columns = len(found.acrosses)
    return "few" if columns <= _FEW else "some" if columns <= _SOME else "many"


def _tone(found: Cross, cell: CrossCell, polarity: str | None, farthest: float) -> dict[str, Any]:
    """Colour by which side of the whole the shrunk figure is on, the deeper the farther."""
    whole = found.whole.value if found.whole else cell.shrunk
    gap = worse(found, polarity) * (cell.shrunk - whole)
    depth = min(abs(gap) / farthest, 1.0)
    return {
        "tone": color("blame" if gap > 0 else "praise" if gap < 0 else "raised"),
        "depth": (_FAINTEST + (_DEEPEST - _FAINTEST) * depth) * (0.35 if cell.few else 1.0),
    }


def _rows(found: Cross, down: str, across: str, polarity: str | None, language: str) -> list[dict[str, Any]]:
    """The chart's data: one row a cell, all written out."""
    word, say = words(language), formats(language)
    downs, acrosses = _names(found.downs, down, language), _names(found.acrosses, across, language)
    whole = found.whole.value if found.whole else 0.0
    farthest = max((abs(one.shrunk - whole) for one in found.cells if not one.few), default=0.0)
    farthest = max(farthest, _NEAR[found.figure])
    return [
        {
            "down": downs[one.down],
            "across": acrosses[one.across],
            "written": written(found, one.figure.value, language),
            "few": one.few,
            **_tone(found, one, polarity, farthest),
            word("segments.head_group"): f"{downs[one.down]} · {acrosses[one.across]}",
            word("segments.head_figure"): written(found, one.figure.value, language),
            word("segments.head_interval"): _bounds(found, one, language),
            word("segments.head_n"): say.number(one.n),
        }
        for one in found.cells
    ]


def heat(found: Cross, down: str, across: str, polarity: str | None, language: str) -> Spec:
    """The heat map: orange is worse than the whole, blue better; the figure stands in every cell."""
    downs, acrosses = _names(found.downs, down, language), _names(found.acrosses, across, language)
    cells = {
        "mark": {"type": "rect", "cornerRadius": 3},
        "encoding": {
            "color": named("tone", scale=None, legend=None),
            "opacity": figure("depth", scale=None, legend=None),
        },
    }
    figures = {
        "mark": {"type": "text", "fontSize": 13},
        "encoding": {
            "text": named("written"),
            "color": either("datum.few", color("muted"), color("ink")),
        },
    }
    heads = axis(orient="top", labelAngle=-35, labelLimit=120, grid=False)
    sides = axis(labelLimit=130, grid=False)
    said = ("segments.head_group", "segments.head_figure", "segments.head_interval", "segments.head_n")
    chart = {
        "data": {"name": "cells"},
        "encoding": {
            "x": named("across", sort=acrosses, title=None, scale={"paddingInner": 0.04}, axis=heads),
            "y": named("down", sort=downs, title=None, scale={"paddingInner": 0.08}, axis=sides),
            "tooltip": tips(language, *said),
        },
        "layer": [cells, figures],
    }
    rows = _rows(found, down, across, polarity, language)
    return dressed(chart, language, _HEAD + _LINE * len(downs), {"cells": rows})


def table(found: Cross, down: str, across: str, name: str, language: str) -> Table:
    """Every cell with its figure, interval and n, for a file."""
    word = words(language)
    kind: Any = "number" if found.figure == "csi" else "share"
    columns = (
        Column(dimension(down, language)),
        Column(dimension(across, language)),
        Column(word(f"figure.{found.figure}"), kind),
        Column(word("segments.head_low"), kind),
        Column(word("segments.head_high"), kind),
        Column(word("segments.head_n"), "count"),
        Column(word("segments.head_q"), "exact"),
        Column(word("segments.head_beyond")),
    )
    downs, acrosses = _names(found.downs, down, language), _names(found.acrosses, across, language)
    rows = tuple(
        (
            downs[one.down],
            acrosses[one.across],
            *one.figure,
            one.n,
            one.q_value,
            word("segments.yes" if one.significant else "segments.no"),
        )
        for one in found.cells
    )
    return Table(name, columns, rows)


def strongest(found: Cross) -> list[CrossCell]:
    """Cells of two values each that differ from the rest beyond chance, the weightiest first."""
    named = [
        one
        for one in found.cells
        if one.significant and "rest" not in (found.downs[one.down].kind, found.acrosses[one.across].kind)
    ]
    return sorted(named, key=lambda one: -abs(one.beyond))[:_STRONGEST]


def told(found: Cross, cell: CrossCell, down: str, across: str, language: str) -> dict[str, str]:
    """A cell written out: where, the figure, its bounds, the whole, n."""
    names = (
        called(found.downs[cell.down], down, language),
        called(found.acrosses[cell.across], across, language),
    )
    return {
        "where": ", ".join(names),
        "share": written(found, cell.figure.value, language),
        "bounds": _bounds(found, cell, language),
        "whole": written(found, found.whole.value if found.whole else None, language),
        "n": formats(language).number(cell.n),
    }


def _fields(line: CrossLine, by: str, since: date | None, until: date | None) -> dict[str, Any] | None:
    """The fields of the address that choose one line; `None` where there are none that do."""
    if by in DIMENSIONS.values():
        return {by: (line.value or "",)}
    if by != "month" or line.value is None:
        return None
    year, month = (int(part) for part in line.value.split("-"))
    first, last = date(year, month, 1), date(year, month, monthrange(year, month)[1])
    return {"since": max(first, since or first), "until": min(last, until or last)}


def way_to(
    found: Cross, cell: CrossCell, down: str, across: str, since: date | None, until: date | None
) -> dict[str, Any] | None:
    """The fields of the address that choose the reviews of a cell; `None` for a weekday: no filter."""
    one = _fields(found.downs[cell.down], down, since, until)
    other = _fields(found.acrosses[cell.across], across, since, until)
    return None if one is None or other is None else one | other
