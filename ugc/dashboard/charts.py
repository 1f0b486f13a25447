"""Charts over time: a figure with its interval, and behind it how many reviews it rests on."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Literal

import altair as alt
import streamlit as st

from ugc.dashboard import theme
from ugc.dashboard.formats import Formats, formats
from ugc.dashboard.words import words
from ugc.insight import Point, ThemePoint

__all__ = ["Curve", "Moment", "measured", "mentioned", "mode", "over_time"]

Curve = Literal["negative", "csi", "net"]
"""Figures that can be drawn over time."""

_HEIGHT = 260


@dataclass(frozen=True)
class Moment:
    """One period of a chart: the figure with its bounds on the axis, and all of it written."""

    start: date
    partial: bool
    value: float | None
    low: float | None
    high: float | None
    reviews: int
    """Reviews of the period: the height of its bar."""
    written: str
    bounds: str
    n: int
    """What the figure rests on."""


def mode() -> theme.Mode:
    """Light or dark, as the reader's browser shows the page."""
    return "dark" if st.context.theme.type == "dark" else "light"


def _moment(point: Point, measure: Curve, say: Formats) -> Moment:
    """One period of a trend in terms of one measure."""
    if measure == "csi":
        value, low, high, n = point.csi, point.csi_low, point.csi_high, point.ratings
        written, bounds = say.number(value), say.interval(low, high)
    elif measure == "net":
        value, low, high, n = point.net, point.net_low, point.net_high, point.tagged
        written, bounds = say.signed(value), say.points(low, high)
    else:
        value, low, high, n = point.negative_share, point.low, point.high, point.tagged
        written, bounds = say.percent(value), say.percents(low, high)
    return Moment(point.start, point.partial, value, low, high, point.reviews, written, bounds, n)


def measured(points: Sequence[Point], measure: Curve, language: str) -> list[Moment]:
    """The periods of a trend as a chart of one measure shows them."""
    return [_moment(point, measure, formats(language)) for point in points]


def mentioned(points: Sequence[ThemePoint], language: str) -> list[Moment]:
    """The periods of a theme's trend as a chart shows them."""
    say = formats(language)
    return [
        Moment(
            one.start,
            one.partial,
            one.share,
            one.low,
            one.high,
            one.tagged,
            say.percent(one.share),
            say.percents(one.low, one.high),
            one.tagged,
        )
        for one in points
    ]


def _rows(moments: Sequence[Moment], by: str, language: str) -> list[dict[str, Any]]:
    """The chart's data; days go out with a midnight so that no time zone moves them."""
    say, word = formats(language), words(language)
    return [
        {
            "start": f"{one.start.isoformat()}T00:00:00",
            "value": one.value,
            "low": one.low,
            "high": one.high,
            "reviews": one.reviews,
            "partial": one.partial,
            word("chart.period"): say.period(one.start, by) + (word("chart.partial") if one.partial else ""),
            word("chart.value"): one.written,
            word("chart.interval"): one.bounds,
            word("chart.n"): say.number(one.n),
        }
        for one in moments
    ]


def _axis(colors: dict[str, str], format_: str) -> alt.Axis:
    return alt.Axis(
        title=None,
        format=format_,
        orient="left",
        tickCount=5,
        grid=True,
        gridColor=colors["line"],
        gridOpacity=0.6,
        domain=False,
        ticks=False,
        labelColor=colors["muted"],
        labelPadding=6,
    )


def _time(colors: dict[str, str], by: str) -> alt.X:
    """Time along the foot; the year stands under January and under the first mark."""
    label = "%-d %b" if by == "day" else "%b"
    year = "month(datum.value) == 0 && date(datum.value) <= 7 || datum.index == 0"
    return alt.X(
        "start:T",
        scale=alt.Scale(nice=False, padding=14),
        axis=alt.Axis(
            title=None,
            labelExpr=f"[timeFormat(datum.value, '{label}'), {year} ? timeFormat(datum.value, '%Y') : '']",
            tickCount={"expr": "max(3, floor(width / 70))"},
            grid=False,
            domainColor=colors["line"],
            tickColor=colors["line"],
            labelColor=colors["muted"],
            labelOverlap=True,
        ),
    )


_SCALES: dict[str, tuple[str, tuple[float, float] | None]] = {
    "negative": (".0%", None),
    "share": (".0%", None),
    "csi": ("d", (0, 100)),
    "net": ("+.0%", (-1, 1)),
}


def over_time(
    moments: Sequence[Moment],
    by: str,
    language: str,
    *,
    kind: Literal["negative", "csi", "net", "share"],
    tone: Literal["praise", "blame", "raised", "accent"],
) -> alt.LayerChart:
    """A line with its band over pale bars of volume; hollow points are periods not yet complete."""
    colors = theme.palette(mode())
    color = colors[tone]
    number_format, domain = _SCALES[kind]
    word, said = words(language), formats(language)
    tips = [alt.Tooltip(f"{word(f'chart.{name}')}:N") for name in ("period", "value", "interval", "n")]
    base = alt.Chart(alt.InlineData(_rows(moments, by, language))).encode(x=_time(colors, by))
    tallest = max((one.reviews for one in moments), default=0)
    volume = base.mark_bar(
        color=colors["raised"], opacity=0.16, width={"band": 0.7}, cornerRadiusEnd=2
    ).encode(y=alt.Y("reviews:Q", axis=None, scale=alt.Scale(domain=[0, max(4 * tallest, 1)])), tooltip=tips)
    top = max((one.high or one.value or 0 for one in moments), default=0)
    scale = alt.Scale(domain=list(domain) if domain else [0, min(1, max(top, 0.05))], nice=domain is None)
    height = alt.Y("value:Q", scale=scale, axis=_axis(colors, number_format))
    band = base.mark_area(color=color, opacity=0.18, interpolate="monotone").encode(
        y=alt.Y("low:Q", scale=scale, axis=_axis(colors, number_format)), y2="high:Q"
    )
    line = base.mark_line(color=color, strokeWidth=2.2, interpolate="monotone").encode(y=height)
    points = base.mark_point(size=46, strokeWidth=2, opacity=1, color=color).encode(
        y=height,
        fill=alt.condition("datum.partial", alt.value(colors["paper"]), alt.value(color)),
        tooltip=tips,
    )
    figure = alt.layer(band, line, points)
    return _dressed(alt.layer(volume, figure).resolve_scale(y="independent"), colors, said)


def _dressed(chart: alt.LayerChart, colors: dict[str, str], said: Formats) -> alt.LayerChart:
    """The chart in the house font, without a frame, with the numbers and months of the language."""
    dressed: alt.LayerChart = (
        chart.properties(height=_HEIGHT, background="transparent")
        .configure(font=f"{theme.FONT}, sans-serif", view={"stroke": None}, locale=said.chart())
        .configure_axis(labelFontSize=12, labelColor=colors["muted"])
    )
    return dressed
