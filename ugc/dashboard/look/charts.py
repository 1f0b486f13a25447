"""Charts over time: a figure with its interval, and behind it how many reviews it rests on."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import partial
from typing import Any, Literal

from ugc.dashboard.look import marks as marked
from ugc.dashboard.look.chart_style import Spec, axis, color, day, dressed, either, figure, tips
from ugc.dashboard.look.formats import Formats, formats
from ugc.dashboard.look.marks import Mark
from ugc.dashboard.look.words import words
from ugc.insight import Point, ThemePoint

__all__ = ["Curve", "Moment", "counted", "measured", "mentioned", "over_time", "worth"]

Curve = Literal["negative", "csi", "net"]
"""Figures that can be drawn over time."""

_HEIGHT = 260
_MANY_DAYS = 100
"""Days beyond which months are marked along the foot, and weeks below."""
_FIRM = 3
"""Fewest reviews of a period through which a line is drawn."""
_PERIODS, _MARKS = "periods", "marks"
"""Names of the data in a chart."""


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


def _bars(over: Spec, height: Spec, tint: str, opacity: float, said: list[Spec]) -> Spec:
    """Bars over their periods, with what appears over them."""
    return {
        "data": {"name": _PERIODS},
        "mark": {"type": "rect", "color": tint, "opacity": opacity, "cornerRadius": 1},
        "encoding": {
            "x": over,
            "x2": {"field": "to"},
            "y": height,
            "y2": {"datum": 0},
            "tooltip": said,
        },
    }


def _upright(format_: str, **more: Any) -> Spec:
    """The axis of a figure, at the left."""
    return axis(
        title=None,
        format=format_,
        orient="left",
        tickCount=5,
        grid=True,
        gridOpacity=0.6,
        labelPadding=6,
        **more,
    )


def _time(moments: Sequence[Moment], by: str, field: str) -> Spec:
    """Time along the foot; the year stands under January and under the first mark."""
    days = (moments[-1].start - moments[0].start).days if moments else 0
    monthly = by == "month" or days > _MANY_DAYS
    step = max(1, round(days / 30 / 18)) if monthly else 1
    label = "%b" if monthly else "%-d %b"
    year = "month(datum.value) == 0 && date(datum.value) <= 7 || datum.index == 0"
    return day(
        field,
        scale={"nice": False, "padding": 14},
        axis={
            "title": None,
            "labelExpr": f"[timeFormat(datum.value, '{label}'), {year} ? timeFormat(datum.value, '%Y') : '']",
            "tickCount": {"interval": "month" if monthly else "week", "step": step},
            "grid": False,
            "domainColor": color("line"),
            "tickColor": color("line"),
            "labelColor": color("muted"),
            "labelOverlap": True,
        },
    )


def _marked(
    parts: list[Spec], moments: Sequence[Moment], by: str, language: str, marks: Sequence[Mark]
) -> Spec:
    """The chart of these layers, dressed, with the marks above them."""
    data = {_PERIODS: _rows(moments, by, language)}
    if marks:
        data[_MARKS] = marked.rows(marks, language)
        parts = [*parts, *marked.layers(_MARKS, partial(_time, moments, by), language)]
    return dressed({"layer": parts}, language, _HEIGHT, data, marked.notes(marks))


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
) -> Spec:
    """A line with its band over pale bars of volume; hollow points are periods not yet complete.

    `marks` are days with a number, drawn across the chart.
    """
    tint = color(tone)
    number_format, domain = _SCALES[kind]
    said = tips(language, "chart.period", "chart.value", "chart.interval", "chart.n")
    along = _time(moments, by, "start")
    tallest = max((one.reviews for one in moments), default=0)
    pale = figure("reviews", axis=None, scale={"domain": [0, max(4 * tallest, 1)]})
    volume = _bars(_time(moments, by, "from"), pale, color("raised"), 0.16, said)
    top = max((one.high or one.value or 0 for one in moments), default=0)
    whole = list(domain) if domain else [0, min(1, max(top, 0.05))]
    height = {"scale": {"domain": whole, "nice": domain is None}, "axis": _upright(number_format)}
    firm = [{"filter": "datum.firm"}]
    band = {
        "transform": firm,
        "mark": {"type": "area", "color": tint, "opacity": 0.18, "interpolate": "monotone"},
        "encoding": {"x": along, "y": figure("low", **height), "y2": {"field": "high"}},
    }
    line = {
        "transform": firm,
        "mark": {"type": "line", "color": tint, "strokeWidth": 2.2, "interpolate": "monotone"},
        "encoding": {"x": along, "y": figure("value", **height)},
    }
    points = {
        "mark": {"type": "point", "size": 46, "strokeWidth": 2, "color": tint},
        "encoding": {
            "x": along,
            "y": figure("value", **height),
            "opacity": either("datum.firm", 1, 0.3),
            "fill": either("datum.partial", color("paper"), tint),
            "tooltip": said,
        },
    }
    course = {"data": {"name": _PERIODS}, "layer": [band, line, points]}
    chart = _marked([volume, course], moments, by, language, marks)
    return chart | {"resolve": {"scale": {"y": "independent"}}}


def counted(
    moments: Sequence[Moment],
    by: str,
    language: str,
    *,
    tone: Literal["praise", "blame", "raised", "accent"],
    marks: Sequence[Mark] = (),
) -> Spec:
    """How many reviews raise a theme, out of how many that were read: honest where periods are small."""
    said = tips(language, "chart.period", "chart.count", "chart.value", "chart.interval")
    over, top = _time(moments, by, "from"), max((one.n for one in moments), default=1)
    height = {"scale": {"domain": [0, max(top, 1)], "nice": True}, "axis": _upright("d", tickMinStep=1)}
    every = _bars(over, figure("reviews", **height), color("raised"), 0.16, said)
    raised = _bars(over, figure("count", **height), color(tone), 0.9, said)
    return _marked([every, raised], moments, by, language, marks)
