"""Rows of shares as a chart, for a file: the bars that the page draws, with their intervals and figures."""

from __future__ import annotations

from collections.abc import Sequence

from ugc.dashboard.look.bars import Row
from ugc.dashboard.look.chart_style import Spec, axis, color, dressed, figure, named

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


def bar_chart(rows: Sequence[Row], language: str, *, along: str = ".0%") -> Spec:
    """A bar for each row with a share, its interval as a line, and the figure written at its end.

    `along` is the format of the numbers at the foot, for rows whose bars are no shares.
    """
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
    order = [one["name"] for one in drawn]
    top = max((float(one["end"] or 0) for one in drawn), default=1.0) or 1.0
    bar = {
        "mark": {"type": "bar", "height": 16, "cornerRadiusEnd": 2},
        "encoding": {
            # Room for the figures, which stand after the bars.
            "x": figure(
                "share",
                title=None,
                scale={"domain": [0, 1.4 * top], "nice": False},
                axis=axis(format=along, tickCount=5, gridOpacity=0.6),
            ),
            "color": named("tone", scale=None, legend=None),
        },
    }
    whisker = {
        "mark": {"type": "rule", "color": color("ink"), "strokeWidth": 2, "opacity": 0.6},
        "encoding": {"x": figure("low"), "x2": {"field": "high"}},
    }
    written = {
        "mark": {"type": "text", "align": "left", "dx": 8, "fontSize": 12, "color": color("ink")},
        "encoding": {"x": figure("end"), "text": named("written")},
    }
    chart = {
        "data": {"name": "rows"},
        "encoding": {
            "y": named("name", sort=order, title=None, axis=axis(labelLimit=320, labelPadding=8)),
        },
        "layer": [bar, whisker, written],
    }
    return dressed(chart, language, _LINE * max(len(drawn), 1), {"rows": drawn})
