"""What charts are made of: Vega-Lite as plain data, in the house font, palette and language.

A chart is the JSON of Vega-Lite (https://vega.github.io/vega-lite/docs/), written as dicts: building the
same through a Python binding takes a fifth of a second a chart, which every filter change would wait for.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import streamlit as st

from ugc.dashboard.look import theme
from ugc.dashboard.look.formats import formats
from ugc.dashboard.look.words import words

__all__ = [
    "NOTES",
    "Spec",
    "axis",
    "color",
    "day",
    "dressed",
    "either",
    "figure",
    "named",
    "show_chart",
    "tips",
]

NOTES = "houseNotes"
"""Where a chart keeps the lines that its file is to say."""

Spec = dict[str, Any]
"""A part of a chart, or all of it, as Vega-Lite has it."""

_SCHEMA = "https://vega.github.io/schema/vega-lite/v6.json"


def color(name: str) -> str:
    """A colour of the palette as a variable of the style sheet, so that a chart follows the mode at once."""
    return f"var(--house-{name.replace('_', '-')})"


def axis(**more: Any) -> Spec:
    """An axis with pale lines and without a frame."""
    return {"gridColor": color("line"), "domain": False, "ticks": False, **more}


def figure(field: str, **more: Any) -> Spec:
    """A channel that shows a number."""
    return {"field": field, "type": "quantitative", **more}


def day(field: str, **more: Any) -> Spec:
    """A channel that shows a moment."""
    return {"field": field, "type": "temporal", **more}


def named(field: str, **more: Any) -> Spec:
    """A channel that shows one of several names."""
    return {"field": field, "type": "nominal", **more}


def either(test: str, yes: Any, no: Any) -> Spec:
    """A channel that is `yes` where an expression holds, else `no`."""
    return {"condition": {"test": test, "value": yes}, "value": no}


def tips(language: str, *keys: str) -> list[Spec]:
    """What appears over a mark: the columns of the data that are called by these words."""
    return [named(words(language)(key)) for key in keys]


def dressed(
    chart: Spec,
    language: str,
    height: int,
    rows: Mapping[str, Sequence[Mapping[str, Any]]],
    notes: Sequence[str] = (),
) -> Spec:
    """A chart in the house font, drawn as SVG, with the numbers and months of the language.

    `height` is in pixels; `rows` are the data, by the names under which the parts of the chart draw
    them; `notes` are lines that say in a file what the page says beside the chart.
    """
    muted = color("muted")
    return {
        "$schema": _SCHEMA,
        **chart,
        "height": height,
        "background": "transparent",
        "datasets": {name: list(held) for name, held in rows.items()},
        "usermeta": {"embedOptions": {"renderer": "svg"}, NOTES: list(notes)},
        "config": {
            "font": f"{theme.FONT}, sans-serif",
            "view": {"stroke": None},
            "locale": formats(language).chart(),
            "axis": {
                "labelFontSize": 12,
                "labelColor": muted,
                "titleColor": muted,
                "titleFontWeight": "normal",
            },
            "legend": {"labelColor": muted, "titleColor": muted},
        },
    }


def show_chart(chart: Spec, alt: str) -> None:
    """Shows a chart on the page, as wide as its place; `alt` says what it is to who cannot see it."""
    st.vega_lite_chart(spec=chart, theme=None, width="stretch", alt=alt)
