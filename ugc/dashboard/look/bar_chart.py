"""Rows of shares as a chart, for a file: the bars that the page draws, with their intervals and figures."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import altair as alt

from ugc.dashboard.look.bars import Row
from ugc.dashboard.look.chart_style import axis, color, dressed

__all__ = ["bar_chart"]

_LINE = 34
"""Pixels of a row."""
_LABEL = 42
"""Letters of a name; a longer one is cut."""


def _name(label: str, taken: set[str]) -> str:
    """The name on one line; each row has its own, or two of them would fall into one."""
    text = " ".join(label.split())
    name = text if len(text) <= _LABEL else f"{text[: _LABEL - 1]}…"
    while name in taken:
        name += "\u2009"
    taken.add(name)
    return name


def bar_chart(rows: Sequence[Row], language: str) -> Any:
    """A bar for each row with a share, its interval as a line, and the figure written at its end."""
    taken: set[str] = set()
    drawn = [
        {
            "name": _name(one.label, taken),
            "share": one.share,
            "low": one.low,
            "high": one.high,
            "end": one.high if one.high is not None else one.share,
            "written": " · ".join(text for text in (one.figure, one.note, one.badge) if text),
            "tone": color(one.tone),
        }
        for one in rows
        if one.share is not None
    ]
    order = [str(one["name"]) for one in drawn]
    top = max((float(one["end"] or 0) for one in drawn), default=1.0) or 1.0
    base = alt.Chart(alt.InlineData(drawn)).encode(
        y=alt.Y("name:N", sort=order, title=None, axis=axis(labelLimit=320, labelPadding=8))
    )
    along = alt.X(
        "share:Q",
        title=None,
        # Room for the figures, which stand after the bars.
        scale=alt.Scale(domain=[0, 1.4 * top], nice=False),
        axis=axis(format=".0%", tickCount=5, gridOpacity=0.6),
    )
    bar = base.mark_bar(height=16, cornerRadiusEnd=2).encode(
        x=along, color=alt.Color("tone:N", scale=None, legend=None)
    )
    whisker = base.mark_rule(color=color("ink"), strokeWidth=2, opacity=0.6).encode(x="low:Q", x2="high:Q")
    figure = base.mark_text(align="left", dx=8, fontSize=12, color=color("ink")).encode(
        x="end:Q", text="written:N"
    )
    return dressed(alt.layer(bar, whisker, figure), language, _LINE * max(len(drawn), 1))
