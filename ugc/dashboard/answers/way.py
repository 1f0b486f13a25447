"""Charts of what decides: the customer's way as a map, and themes by what blame takes and praise adds."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from ugc import taxonomy
from ugc.dashboard.look.chart_style import Spec, axis, color, dressed, either, figure, named, tips
from ugc.dashboard.look.formats import formats
from ugc.dashboard.look.labels import Point, Side, sides
from ugc.dashboard.look.words import words
from ugc.insight import Driver, Moments

__all__ = ["quadrant", "way_map"]

_LINE = 30
"""Pixels of a theme's line on the map."""

_QUADRANT, _NARROW, _MARGIN = 340, 340.0, 24.0
"""Pixels: height of the quadrant, the width for which its names are placed, the margin of its axes."""
_POINT = 8.0
"""Radius of a point with some air around it."""
_BESIDE: dict[Side, Spec] = {
    "right": {"align": "left", "dx": 9},
    "left": {"align": "right", "dx": -9},
    "above": {"align": "center", "dy": -14},
    "below": {"align": "center", "dy": 15},
}
"""How a name stands on each side of its point, the best side first."""

_KINDS = {
    "must_be": "blame",
    "performance": "accent",
    "delighter": "praise",
    "neither": "raised",
    "undecided": "muted",
}
"""Tone of each class of themes."""


def _tone(score: float) -> dict[str, Any]:
    """Colour of a score of 0…100, the stronger the farther it lies from the middle."""
    tone = "blame" if score < 45 else "praise" if score > 55 else "raised"
    return {"tone": color(tone), "strength": 0.4 + 0.6 * abs(score - 50) / 50}


def _cells(found: Moments, language: str) -> list[dict[str, Any]]:
    """The cells of the map with what is written over each."""
    word, say = words(language), formats(language)
    rows = []
    for one in found.cells:
        if one.stage is None:
            continue
        about, score = one.about, one.about.score
        impact = say.shift(about.impact.value) if about.impact else word("moments.few_ratings")
        rows.append(
            {
                "place": word.name("touchpoints", one.touchpoint),
                "theme": word.name("themes", one.theme),
                "share": about.share,
                **_tone(score.value if score else 50.0),
                "moment": one.moment,
                word("moments.cell"): f"{word.name('touchpoints', one.touchpoint)} · "
                f"{word.name('themes', one.theme)}",
                word("moments.share"): f"{say.percent(about.share)} ({say.percents(about.low, about.high)})",
                word("moments.score"): say.number(score.value) if score else "–",
                word("moments.impact"): impact,
            }
        )
    return rows


def way_map(found: Moments, language: str) -> Spec:
    """Touchpoints in the order of the way × themes: size is the share, colour the score, a ring a moment."""
    word = words(language)
    rows = _cells(found, language)
    order = {one.key: n for n, one in enumerate(taxonomy.labels("stages"))}
    held = {row["place"] for row in rows}
    staged = sorted(
        (one for one in taxonomy.labels("touchpoints") if one.stage), key=lambda one: order[one.stage or ""]
    )
    places = [one.name(language) for one in staged if one.name(language) in held]
    shares: dict[str, float] = {}
    for row in rows:
        shares[row["theme"]] = shares.get(row["theme"], 0.0) + row["share"]
    themes = sorted(shares, key=lambda name: -shares[name])
    sizes = {
        "title": word("moments.share"),
        "format": ".0%",
        "orient": "bottom",
        "tickCount": 3,
        "symbolFillColor": color("muted"),
        "symbolStrokeWidth": 0,
    }
    chart = {
        "data": {"name": "cells"},
        "mark": {"type": "point", "filled": True, "strokeWidth": 2.5, "opacity": 1},
        "encoding": {
            "x": named("place", sort=places, title=None, axis=axis(labelAngle=-60, orient="top")),
            "y": named("theme", sort=themes, title=None, axis=axis(labelLimit=190)),
            "size": figure("share", scale={"range": [12, 700]}, legend=sizes),
            "color": named("tone", scale=None, legend=None),
            "fillOpacity": figure("strength", scale=None, legend=None),
            "stroke": either("datum.moment", color("ink"), "transparent"),
            "tooltip": tips(language, "moments.cell", "moments.share", "moments.score", "moments.impact"),
        },
    }
    return dressed(chart, language, 60 + _LINE * max(len(themes), 1), {"cells": rows})


def _beside(rows: Sequence[dict[str, Any]]) -> None:
    """Notes in each row on which side of its point the name of the theme stands.

    Chosen for a chart as wide as on a phone or in a column of the page; where no side is free, at the right.
    """

    def pixels(key: str, room: float) -> list[float]:
        """The places along an axis, which begins at nought or below and has a margin at both ends."""
        values = [row[key] for row in rows]
        low, high = min([0.0, *values]), max([0.0, *values])
        return [_MARGIN + (value - low) / ((high - low) or 1.0) * (room - 2 * _MARGIN) for value in values]

    across, up = pixels("penalty", _NARROW), pixels("reward", _QUADRANT - 2 * _MARGIN)
    points = [Point(x, -y, _POINT, row["theme"]) for x, y, row in zip(across, up, rows, strict=True)]
    for row, side in zip(rows, sides(points, _NARROW, tuple(_BESIDE)), strict=True):
        row["side"] = side or "right"


def quadrant(found: Sequence[Driver], language: str) -> Spec:
    """Themes by what blame takes (along) and praise adds (up), in stars; colour is the class."""
    word, say = words(language), formats(language)
    rows: list[dict[str, Any]] = []
    for one in found:
        if one.penalty is None or one.reward is None:
            continue
        rows.append(
            {
                "theme": word.name("themes", one.theme),
                "penalty": one.penalty.value,
                "reward": one.reward.value,
                word("moments.theme"): word.name("themes", one.theme),
                word("moments.kind"): word(f"moments.{one.kind or 'undecided'}"),
                word("moments.takes"): say.shift(-one.penalty.value),
                word("moments.adds"): say.shift(one.reward.value),
            }
        )
    tones = {word(f"moments.{kind}"): color(tone) for kind, tone in _KINDS.items()}
    held = {row[word("moments.kind")] for row in rows}
    known = [name for name in tones if name in held]
    _beside(rows)
    along = {"scale": {"padding": 24}, "axis": axis(format=".1f", tickMinStep=0.1, tickCount=6)}
    points = {
        "mark": {"type": "circle", "size": 150, "opacity": 0.9},
        "encoding": {
            "color": named(
                word("moments.kind"),
                scale={"domain": known, "range": [tones[name] for name in known]},
                legend={"title": None, "orient": "bottom", "symbolType": "circle"},
            ),
            "tooltip": tips(language, "moments.theme", "moments.kind", "moments.takes", "moments.adds"),
        },
    }
    names: list[Spec] = [
        {
            "transform": [{"filter": f"datum.side == '{side}'"}],
            "mark": {"type": "text", "fontSize": 12, "color": color("muted"), **where},
            "encoding": {"text": named("theme")},
        }
        for side, where in _BESIDE.items()
        if any(row["side"] == side for row in rows)
    ]
    chart = {
        "data": {"name": "themes"},
        "encoding": {
            "x": figure("penalty", title=word("moments.takes"), **along),
            "y": figure("reward", title=word("moments.adds"), **along),
        },
        "layer": [points, *names],
    }
    return dressed(chart, language, _QUADRANT, {"themes": rows})
