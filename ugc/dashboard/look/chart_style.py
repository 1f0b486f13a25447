"""The style of the charts: the house font, the palette, axes without frames, numbers of the language."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import altair as alt

from ugc.dashboard.look import theme
from ugc.dashboard.look.formats import formats
from ugc.dashboard.look.words import words

__all__ = ["NOTES", "axis", "color", "dressed", "tips"]

NOTES = "houseNotes"
"""Where a chart keeps the lines that its file is to say."""


def color(name: str) -> str:
    """A colour of the palette as a variable of the style sheet, so that a chart follows the mode at once."""
    return f"var(--house-{name.replace('_', '-')})"


def axis(**more: Any) -> alt.Axis:
    """An axis with pale lines and without a frame."""
    return alt.Axis(gridColor=color("line"), domain=False, ticks=False, **more)


def tips(language: str, *keys: str) -> list[alt.Tooltip]:
    """What appears over a mark: the columns of the data that are called by these words."""
    return [alt.Tooltip(f"{words(language)(key)}:N") for key in keys]


def dressed(chart: Any, language: str, height: int, notes: Sequence[str] = ()) -> Any:
    """A chart in the house font, drawn as SVG, with the numbers and months of the language.

    `height` is in pixels; `notes` are lines that say in a file what the page says beside the chart.
    """
    meta = {"embedOptions": {"renderer": "svg"}, NOTES: list(notes)}
    return (
        chart.properties(height=height, background="transparent", usermeta=meta)
        .configure(font=f"{theme.FONT}, sans-serif", view={"stroke": None}, locale=formats(language).chart())
        .configure_axis(
            labelFontSize=12, labelColor=color("muted"), titleColor=color("muted"), titleFontWeight="normal"
        )
        .configure_legend(labelColor=color("muted"), titleColor=color("muted"))
    )
