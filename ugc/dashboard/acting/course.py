"""The weeks before and after an action: the chart with the day marked, and the figures that it draws."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from typing import Any

from ugc.dashboard.acting.told import measure_name
from ugc.dashboard.look.chart_style import Spec, axis, color, day, dressed, figure, named, tips
from ugc.dashboard.look.formats import Formats, formats
from ugc.dashboard.look.table import Cell, Column, Table
from ugc.dashboard.look.words import words
from ugc.insight import Effect
from ugc.insight.outcome.weekly import Side

__all__ = ["chart", "table"]

_HEIGHT = 230
_WEEK = timedelta(weeks=1)


def _at(day: date) -> str:
    """A day with a midnight, so that no time zone moves it."""
    return datetime.combine(day, time()).isoformat()


def _written(say: Formats, side: Side, stars: bool) -> tuple[str, str]:
    """Figure and bounds of a side that has a figure."""
    if side.figure is None:
        return say.number(None), say.number(None)
    value, low, high = side.figure
    if stars:
        return say.stars(value), say.interval(low, high, 2)
    return say.percent(value), say.percents(low, high)


def _row(who: str, first: date, last: date, side: Side, stars: bool, language: str) -> dict[str, Any]:
    """One mark of the chart with what is written over it; the side has a figure."""
    word, say = words(language), formats(language)
    value, bounds = _written(say, side, stars)
    assert side.figure is not None
    return {
        "who": who,
        "from": _at(first),
        "to": _at(last),
        "middle": (datetime.combine(first, time()) + (last - first) / 2).isoformat(),
        "value": side.figure.value,
        "low": side.figure.low,
        "high": side.figure.high,
        "n": side.reviews,
        word("chart.period"): say.span(first, last - timedelta(days=1)),
        word("actions.who"): who,
        word("chart.value"): value,
        word("chart.interval"): bounds,
        word("chart.n"): say.number(side.reviews),
    }


def _weekly(found: Effect, language: str) -> Iterator[dict[str, Any]]:
    """A mark for each week of the reviews concerned, and of the others where they are compared with."""
    word, stars = words(language), found.measure == "stars"
    for week in found.course:
        for who, side in (("actions.own", week.own), ("actions.rest", week.rest)):
            if side is not None and side.figure is not None:
                yield _row(word(who), week.first, week.first + _WEEK, side, stars, language)


def _levels(found: Effect, language: str) -> Iterator[dict[str, Any]]:
    """Marks of the figures before and after."""
    word, stars, day = words(language), found.measure == "stars", found.action.day
    first, last = found.course[0].first, found.course[-1].first + _WEEK
    for who, before, after in (
        ("actions.own", found.before, found.after),
        ("actions.rest", found.rest_before, found.rest_after),
    ):
        for begin, end, side in ((first, day, before), (day, last, after)):
            if side is not None and side.figure is not None and begin < end:
                yield _row(word(who), begin, end, side, stars, language)


def chart(found: Effect, language: str) -> Spec:
    """Points of the weeks, lines with bands of the weeks before and after, the day as a stroke.

    The course must not be empty. A point is the larger the more reviews it rests on.
    """
    word, say, stars = words(language), formats(language), found.measure == "stars"
    weekly, levels = list(_weekly(found, language)), list(_levels(found, language))
    names = [word("actions.own"), word("actions.rest")]
    names = [one for one in names if any(row["who"] == one for row in levels)]
    tones = [color("star" if stars else "blame"), color("raised")][: len(names)]
    legend = {"title": None, "orient": "bottom", "symbolType": "circle", "symbolOpacity": 1}
    shade = named("who", scale={"domain": names, "range": tones}, legend=legend if len(names) > 1 else None)
    said = tips(language, "chart.period", "actions.who", "chart.value", "chart.interval", "chart.n")
    top = max((row["value"] for row in weekly), default=1.0)
    whole = [1, 5] if stars else [0, min(1.0, max(top, 0.1))]
    ticks = {"format": "d", "tickMinStep": 1} if stars else {"format": ".0%", "tickMinStep": 0.01}
    height = {
        "scale": {"domain": whole, "nice": not stars},
        "axis": axis(title=None, tickCount=5, grid=True, **ticks),
    }
    points = {
        "data": {"name": "weeks"},
        "mark": {"type": "circle", "opacity": 0.4},
        "encoding": {
            "x": day("middle", axis=_months(found), scale={"nice": False}),
            "y": figure("value", **height),
            "size": figure("n", scale={"range": [12, 190], "domainMin": 0}, legend=None),
            "color": shade,
            "tooltip": said,
        },
    }
    bands, lines = (
        {
            "data": {"name": "levels"},
            "mark": mark,
            "encoding": {"x": day("from"), "x2": {"field": "to"}, **up, "color": shade, "tooltip": said},
        }
        for mark, up in (
            ({"type": "rect", "opacity": 0.16}, {"y": figure("low", **height), "y2": {"field": "high"}}),
            ({"type": "rule", "strokeWidth": 2.6}, {"y": figure("value", **height)}),
        )
    )
    stroke = {
        "data": {"name": "day"},
        "mark": {"type": "rule", "color": color("ink"), "strokeDash": [4, 3]},
        "encoding": {"x": day("day")},
    }
    told = {
        "data": {"name": "day"},
        "mark": {"type": "text", "color": color("muted"), "fontSize": 12, "baseline": "bottom", "dy": -3},
        "encoding": {"x": day("day"), "y": {"value": 0}, "text": named("told")},
    }
    made = found.action.day
    rows = {
        "weeks": weekly,
        "levels": levels,
        "day": [{"day": _at(made), "told": say.day(made)}],
    }
    return dressed({"layer": [bands, points, lines, stroke, told]}, language, _HEIGHT, rows)


def _months(found: Effect) -> Spec:
    """Months along the foot; the year stands under January and under the first mark."""
    months = len(found.course) // 4
    year = "month(datum.value) == 0 || datum.index == 0"
    return {
        "title": None,
        "labelExpr": f"[timeFormat(datum.value, '%b'), {year} ? timeFormat(datum.value, '%Y') : '']",
        "tickCount": {"interval": "month", "step": 1 if months <= 9 else 2},
        "grid": False,
        "domainColor": color("line"),
        "tickColor": color("line"),
        "labelColor": color("muted"),
        "labelOverlap": True,
    }


def table(found: Effect, language: str) -> Table:
    """Week by week: the reviews concerned and the others, each with n, figure and bounds."""
    word = words(language)
    kind: Any = "stars" if found.measure == "stars" else "share"
    columns = [Column(word("actions.week"), "day")]
    for who in ("actions.own", "actions.rest"):
        columns += [Column(f"{word(who)}: {word('chart.n')}", "count")]
        columns += [
            Column(f"{word(who)}: {word(key)}", kind)
            for key in ("chart.value", "actions.head.low", "actions.head.high")
        ]
    made = [(week.first, *_cells(week.own), *_cells(week.rest)) for week in found.course]
    name = f"{found.action.what}: {measure_name(found.measure, found.action, language)}"
    return Table(name, tuple(columns), tuple(made))


def _cells(side: Side | None) -> tuple[Cell, ...]:
    """Number of reviews, figure and bounds of one week; nothing for nobody."""
    if side is None:
        return (None, None, None, None)
    return (side.reviews, *(side.figure or (None, None, None)))
