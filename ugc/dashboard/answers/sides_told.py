"""A comparison written out: sentences, tables of figures and themes, and their chart."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from markupsafe import Markup

from ugc.dashboard.look.chart_style import Spec, axis, color, dressed, figure, named, tips
from ugc.dashboard.look.formats import formats
from ugc.dashboard.look.table import Cell, Column, Kind, Table
from ugc.dashboard.look.words import words
from ugc.insight.whereabouts.compare import Comparison, Difference, Row

__all__ = ["figures", "name_of", "shown", "summary", "themes_chart", "themes_table"]

_LINE = 46
"""Pixels of a theme's line for two sides; each further side takes some more."""
_SHAPES = ("circle", "square", "triangle-up", "diamond", "cross")
_CSI = 100

Names = Mapping[str, str]
"""Sides as the page calls them, by their name."""


def name_of(row: Row, language: str) -> str:
    """A theme, or the concrete reason below it."""
    theme = words(language).name("themes", row.theme)
    return f"{theme}: {row.name or row.reason}" if row.reason is not None else theme


def _value(one: Difference | None) -> float | None:
    return None if one is None else one.value


def _mark(one: Difference | None, language: str) -> str:
    """Whether a difference is more than chance, in words."""
    if one is None:
        return ""
    return words(language)("compare.significant" if one.significant else "compare.chance")


def summary(found: Comparison, names: Names, language: str) -> list[Markup]:
    """What sets the sides apart most: the figures that differ, then the two strongest themes."""
    word, say = words(language), formats(language)
    first = found.sides[0]
    lines = []
    for side in found.sides:
        other = names[first.name] if found.against == "first" else word("compare.rest")
        if side.csi is not None and side.csi.significant:
            lines.append(
                word.rich(
                    "compare.csi_differs",
                    name=names[side.name],
                    csi=say.number(side.scores.csi),
                    other=other,
                    points=say.signed(side.csi.value / _CSI),
                    bounds=say.points(side.csi.low / _CSI, side.csi.high / _CSI),
                )
            )
        elif side.negative is not None and side.negative.significant:
            lines.append(
                word.rich(
                    "compare.negative_differs",
                    name=names[side.name],
                    share=say.percent(side.scores.negative_share),
                    other=other,
                    points=say.signed(side.negative.value),
                    bounds=say.points(side.negative.low, side.negative.high),
                )
            )
    for row in [one for one in found.themes if one.significant][:2]:
        most = max(range(len(row.shares)), key=lambda place: row.shares[place].share or 0)
        least = min(range(len(row.shares)), key=lambda place: row.shares[place].share or 0)
        lines.append(
            word.rich(
                f"compare.theme_{row.polarity}",
                theme=name_of(row, language),
                name=names[found.sides[most].name],
                share=say.percent(row.shares[most].share),
                other=names[found.sides[least].name],
                rest=say.percent(row.shares[least].share),
            )
        )
    return lines or [word.rich("compare.alike", tested=say.number(found.tested))]


def shown(found: Comparison, names: Names, language: str) -> Table:
    """The same figures as a reader takes them in: each with its interval in one cell."""
    word, say = words(language), formats(language)

    def apart(one: Difference | None, scale: float, unit: str) -> str:
        if one is None:
            return "–"
        told, bounds = say.signed(one.value / scale), say.points(one.low / scale, one.high / scale)
        return f"{told}{unit} ({bounds}), {_mark(one, language)}"

    def share(value: float | None, low: float | None, high: float | None) -> str:
        return f"{say.percent(value)} ({say.percents(low, high)})" if value is not None else "–"

    rows: list[tuple[Cell, ...]] = []
    points = word("compare.points")
    for side in found.sides:
        got = side.scores
        lacking = word("compare.few_ratings") if got.missing_ratings else ""
        csi = f"{say.number(got.csi)} ({say.interval(got.csi_low, got.csi_high)})"
        rows.append(
            (
                names[side.name],
                got.reviews,
                csi + lacking if got.csi is not None else "–",
                apart(side.csi, _CSI, ""),
                share(got.negative_share, got.negative_low, got.negative_high),
                apart(side.negative, 1, points),
                share(got.positive_share, got.positive_low, got.positive_high),
                apart(side.positive, 1, points),
            )
        )
    heads = ("measure.negative", "compare.difference", "compare.positive", "compare.difference")
    return Table(
        word("compare.figures"),
        (
            Column(word("compare.side")),
            Column(word("head.reviews"), "count"),
            Column("CSI"),
            Column(word("compare.difference")),
            *(Column(word(one)) for one in heads),
        ),
        tuple(rows),
    )


def figures(found: Comparison, names: Names, language: str) -> Table:
    """A row a side: figures and differences with their intervals, and whether these are chance."""
    word = words(language)

    def measured(
        value: float | None, low: float | None, high: float | None, one: Difference | None
    ) -> tuple[Cell, ...]:
        bounds = (one.low, one.high) if one is not None else (None, None)
        return value, low, high, _value(one), *bounds, _mark(one, language)

    def heads(name: str, kind: Kind, apart: Kind) -> tuple[Column, ...]:
        low, high = word("compare.low"), word("compare.high")
        told = ((name, kind), (low, kind), (high, kind), (word("compare.difference"), apart))
        listed = [Column(f"{name}: {part}" if part != name else name, how) for part, how in told]
        between = [Column(f"{name}: {word('compare.difference')}, {part}", apart) for part in (low, high)]
        return *listed, *between, Column(f"{name}: {word('compare.is')}")

    rows: list[tuple[Cell, ...]] = []
    for side in found.sides:
        got = side.scores
        rows.append(
            (
                names[side.name],
                got.reviews,
                got.ratings,
                *measured(got.csi, got.csi_low, got.csi_high, side.csi),
                *measured(got.negative_share, got.negative_low, got.negative_high, side.negative),
                *measured(got.positive_share, got.positive_low, got.positive_high, side.positive),
            )
        )
    return Table(
        word("compare.figures"),
        (
            Column(word("compare.side")),
            Column(word("head.reviews"), "count"),
            Column(word("compare.ratings"), "count"),
            *heads("CSI", "number", "number"),
            *heads(word("measure.negative"), "share", "points"),
            *heads(word("compare.positive"), "share", "points"),
        ),
        tuple(rows),
    )


def themes_table(rows: Sequence[Row], names: Sequence[str], language: str, title: str) -> Table:
    """A row for each theme and side: share, interval, n, difference, whether it is chance."""
    word = words(language)
    cells: list[tuple[Cell, ...]] = []
    for row in rows:
        for name, one, other in zip(names, row.shares, row.differences, strict=True):
            cells.append(
                (
                    name_of(row, language),
                    word.name("polarities", row.polarity),
                    name,
                    one.reviews,
                    one.n,
                    one.share,
                    one.low,
                    one.high,
                    _value(other),
                    _mark(other, language),
                )
            )
    return Table(
        title,
        (
            Column(word("compare.theme")),
            Column(word("compare.polarity")),
            Column(word("compare.side")),
            Column(word("head.reviews"), "count"),
            Column("n", "count"),
            Column(word("compare.share"), "share"),
            Column(word("compare.low"), "share"),
            Column(word("compare.high"), "share"),
            Column(word("compare.difference"), "points"),
            Column(word("compare.is")),
        ),
        tuple(cells),
    )


def _dots(rows: Sequence[Row], names: Sequence[str], language: str) -> list[dict[str, Any]]:
    """The marks of the chart with what is written over each."""
    word, say = words(language), formats(language)
    return [
        {
            "line": name_of(row, language) + (" *" if row.significant else ""),
            "side": name,
            "share": one.share,
            "low": one.low,
            "high": one.high,
            word("compare.theme"): name_of(row, language),
            word("compare.side"): name,
            word("compare.share"): f"{say.percent(one.share)} ({say.percents(one.low, one.high)})",
            word("compare.count"): word("row.of", reviews=say.number(one.reviews), count=say.number(one.n)),
            word("compare.is"): _mark(other, language) or "–",
        }
        for row in rows
        for name, one, other in zip(names, row.shares, row.differences, strict=True)
        if one.share is not None
    ]


def themes_chart(rows: Sequence[Row], names: Sequence[str], language: str) -> Spec:
    """Themes × shares: a mark and an interval for each side, told apart by form as well as by colour."""
    dots, sides = _dots(rows, names, language), list(names)
    lines = list(dict.fromkeys(str(one["line"]) for one in dots))
    colors = [color(f"side_{n + 1}") for n in range(len(sides))]
    shapes = list(_SHAPES[: len(sides)])
    along = {"title": None, "axis": axis(format=".0%", tickCount=5), "scale": {"zero": True}}
    bounds = {
        "mark": {"type": "rule", "strokeWidth": 2, "opacity": 0.55},
        "encoding": {"x": figure("low", **along), "x2": {"field": "high"}},
    }
    marks = {
        "mark": {"type": "point", "filled": True, "size": 95, "opacity": 1},
        "encoding": {
            "x": figure("share"),
            "shape": named("side", sort=sides, scale={"domain": sides, "range": shapes}),
        },
    }
    shared = {
        "y": named("line", sort=lines, title=None, axis=axis(labelLimit=190, grid=False)),
        "yOffset": named("side", sort=sides),
        "color": named(
            "side",
            sort=sides,
            scale={"domain": sides, "range": colors},
            legend={"title": None, "orient": "top", "labelLimit": 280, "columns": 1, "symbolOpacity": 1},
        ),
        "tooltip": tips(language, *(f"compare.{key}" for key in ("theme", "side", "share", "count", "is"))),
    }
    # One group, for Streamlit gives a legend a line for its title where it stands in the chart itself.
    group = {"encoding": shared, "layer": [bounds, marks]}
    chart = {"data": {"name": "themes"}, "layer": [group]}
    height = 60 + (_LINE + 14 * (len(sides) - 2)) * max(len(lines), 1)
    return dressed(chart, language, height, {"themes": dots})
