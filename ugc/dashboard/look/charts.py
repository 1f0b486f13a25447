"""Charts over time: a figure with its interval, and behind it how many reviews it rests on."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import partial
from typing import Any, Literal

import altair as alt

from ugc.dashboard.look import chart_style
from ugc.dashboard.look.chart_style import axis, color, dressed
from ugc.dashboard.look.formats import Formats, formats
from ugc.dashboard.look.marks import Mark, layers, notes
from ugc.dashboard.look.words import words
from ugc.insight import Point, ThemePoint

__all__ = ["Curve", "Moment", "counted", "measured", "mentioned", "over_time", "worth"]

Curve = Literal["negative", "csi", "net"]
"""Figures that can be drawn over time."""

Chart = alt.LayerChart | alt.FacetChart
"""What altair says that layers become."""

_HEIGHT = 260
_MANY_DAYS = 100
"""Days beyond which months are marked along the foot, and weeks below."""
_FIRM = 3
"""Fewest reviews of a period through which a line is drawn."""


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
    count: int = 0
    """Reviews among these that raise a theme."""


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
            one.reviews,
        )
        for one in points
    ]


def worth(moments: Sequence[Moment]) -> bool:
    """Whether there is anything to draw."""
    return any(one.value is not None for one in moments)


def _rows(moments: Sequence[Moment], by: str, language: str) -> list[dict[str, Any]]:
    """The chart's data; days go out with a midnight so that no time zone moves them.

    A bar reaches over three quarters of its period, centred on the period's mark.
    """
    say, word = formats(language), words(language)
    half = timedelta(days={"day": 1, "week": 7}.get(by, 30)) * 0.375
    rows = []
    for one in moments:
        start = datetime.combine(one.start, time())
        rows.append(
            {
                "start": start.isoformat(),
                "from": (start - half).isoformat(),
                "to": (start + half).isoformat(),
                "value": one.value,
                "low": one.low,
                "high": one.high,
                "reviews": one.reviews,
                "count": one.count,
                "partial": one.partial,
                "firm": one.n >= _FIRM,
                word("chart.period"): say.period(one.start, by)
                + (word("chart.partial") if one.partial else ""),
                word("chart.value"): one.written,
                word("chart.interval"): one.bounds,
                word("chart.count"): word("row.of", reviews=say.number(one.count), count=say.number(one.n)),
                word("chart.n"): say.number(one.n),
            }
        )
    return rows


def _bars(
    base: alt.Chart, along: alt.X, height: alt.Y, color: str, opacity: float, tips: list[alt.Tooltip]
) -> alt.Chart:
    """Bars over their periods."""
    drawn: alt.Chart = base.mark_rect(color=color, opacity=opacity, cornerRadius=1).encode(
        x=along, x2="to:T", y=height, y2=alt.datum(0), tooltip=tips
    )
    return drawn


def _axis(format_: str) -> alt.Axis:
    return axis(
        title=None,
        format=format_,
        orient="left",
        tickCount=5,
        grid=True,
        gridOpacity=0.6,
        labelPadding=6,
    )


def _time(moments: Sequence[Moment], by: str, field: str) -> alt.X:
    """Time along the foot; the year stands under January and under the first mark."""
    days = (moments[-1].start - moments[0].start).days if moments else 0
    monthly = by == "month" or days > _MANY_DAYS
    step = max(1, round(days / 30 / 18)) if monthly else 1
    label = "%b" if monthly else "%-d %b"
    year = "month(datum.value) == 0 && date(datum.value) <= 7 || datum.index == 0"
    return alt.X(
        f"{field}:T",
        scale=alt.Scale(nice=False, padding=14),
        axis=alt.Axis(
            title=None,
            labelExpr=f"[timeFormat(datum.value, '{label}'), {year} ? timeFormat(datum.value, '%Y') : '']",
            tickCount={"interval": "month" if monthly else "week", "step": step},
            grid=False,
            domainColor=color("line"),
            tickColor=color("line"),
            labelColor=color("muted"),
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
    marks: Sequence[Mark] = (),
) -> Chart:
    """A line with its band over pale bars of volume; hollow points are periods not yet complete.

    `marks` are days with a number, drawn across the chart.
    """
    tint = color(tone)
    number_format, domain = _SCALES[kind]
    tips = chart_style.tips(language, "chart.period", "chart.value", "chart.interval", "chart.n")
    base = alt.Chart(alt.InlineData(_rows(moments, by, language)))
    over, along = _time(moments, by, "from"), _time(moments, by, "start")
    tallest = max((one.reviews for one in moments), default=0)
    pale = alt.Y("reviews:Q", axis=None, scale=alt.Scale(domain=[0, max(4 * tallest, 1)]))
    volume = _bars(base, over, pale, color("raised"), 0.16, tips)
    top = max((one.high or one.value or 0 for one in moments), default=0)
    scale = alt.Scale(domain=list(domain) if domain else [0, min(1, max(top, 0.05))], nice=domain is None)
    height = alt.Y("value:Q", scale=scale, axis=_axis(number_format))
    firm = base.transform_filter("datum.firm")
    band = firm.mark_area(color=tint, opacity=0.18, interpolate="monotone").encode(
        x=along, y=alt.Y("low:Q", scale=scale, axis=_axis(number_format)), y2="high:Q"
    )
    line = firm.mark_line(color=tint, strokeWidth=2.2, interpolate="monotone").encode(x=along, y=height)
    points = base.mark_point(size=46, strokeWidth=2, color=tint).encode(
        x=along,
        y=height,
        opacity=alt.condition("datum.firm", alt.value(1), alt.value(0.3)),
        fill=alt.condition("datum.partial", alt.value(color("paper")), alt.value(tint)),
        tooltip=tips,
    )
    figure = alt.layer(band, line, points)
    marked = layers(marks, partial(_time, moments, by), language)
    drawn: Chart = dressed(
        alt.layer(volume, figure, *marked).resolve_scale(y="independent"), language, _HEIGHT, notes(marks)
    )
    return drawn


def counted(
    moments: Sequence[Moment],
    by: str,
    language: str,
    *,
    tone: Literal["praise", "blame", "raised", "accent"],
    marks: Sequence[Mark] = (),
) -> Chart:
    """How many reviews raise a theme, out of how many that were read: honest where periods are small."""
    tips = chart_style.tips(language, "chart.period", "chart.count", "chart.value", "chart.interval")
    base = alt.Chart(alt.InlineData(_rows(moments, by, language)))
    over = _time(moments, by, "from")
    top = max((one.n for one in moments), default=1)
    whole = _axis("d")
    whole.tickMinStep = 1
    scale = alt.Scale(domain=[0, max(top, 1)], nice=True)
    every = _bars(base, over, alt.Y("reviews:Q", scale=scale, axis=whole), color("raised"), 0.16, tips)
    raised = _bars(base, over, alt.Y("count:Q", scale=scale, axis=whole), color(tone), 0.9, tips)
    marked = layers(marks, partial(_time, moments, by), language)
    drawn: Chart = dressed(alt.layer(every, raised, *marked), language, _HEIGHT, notes(marks))
    return drawn
