"""The map of cities and places: drawn from coordinates alone, nothing is asked of any other machine."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from math import asinh, atan, degrees, pi, radians, sinh, sqrt, tan
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from ugc import settings
from ugc.dashboard.look.chart_style import Spec, color, dressed, either, figure, named, tips
from ugc.dashboard.look.formats import formats
from ugc.dashboard.look.labels import Point, sides
from ugc.dashboard.look.table import Column, Table
from ugc.dashboard.look.words import words
from ugc.errors import InputError
from ugc.insight import Dot, Filters, Located, OnMap, on_map, read_places
from ugc.insight.whereabouts.coordinates import EXAMPLE

if TYPE_CHECKING:
    from ugc.lake import Snapshot

__all__ = [
    "EXAMPLE",
    "MOST",
    "Frame",
    "Own",
    "chart",
    "enough",
    "framed",
    "labelled",
    "left_out",
    "located",
    "own_places",
    "table",
]

MOST = 200
"""Circles that are drawn at most, the largest."""

_HEIGHT = 400
_WIDE, _NARROW = 900.0, 320.0
"""Widths for which labels are chosen: that of a screen, and that of a phone."""
_BOTH = 560
"""Width from which on the labels of a screen are shown."""
_RADII = (5.0, 8.0, 12.0, 16.0, 20.0)
"""Radii of the circles: a few steps, so that each label can stand just above its own."""
_FARTHEST = 0.10
"""Distance of a share from the whole below which no circle gets the deepest colour."""
_STEPS = (0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10, 20, 30)
"""Degrees between the lines."""
_LINES = 10
_POLE = 80.0
_CLOSEST = 0.3
"""Degrees of longitude that the map shows at least."""
_NAMED = 5
"""Cities without coordinates that are named."""


class Own(NamedTuple):
    """The user's file of coordinates: where it lies, its moment of change, and what is wrong with it."""

    path: str | None
    changed: int
    """Nanoseconds; the answers that are remembered are told apart by it."""
    trouble: InputError | None


class Frame(NamedTuple):
    """What the map has to show: its middle, and how far it reaches there."""

    longitude: float
    latitude: float
    wide: float
    """Degrees of longitude."""
    tall: float
    """Mercator's height, in degrees of longitude at the equator."""

    def scale(self, width: float) -> float:
        """Pixels of a degree of longitude where the chart is so wide."""
        return min(width / self.wide, _HEIGHT / self.tall)


@lru_cache(maxsize=4)
def _read(path: Path, _changed: int) -> tuple[Located, ...]:
    """The file, read again once it has changed."""
    return read_places(path)


def own_places() -> Own:
    """The file of the setting `places`; none where there is no such setting, or where it cannot be read."""
    path = settings.load().places
    if path is None:
        return Own(None, 0, None)
    try:
        changed = path.stat().st_mtime_ns if path.is_file() else 0
        _read(path, changed)
    except InputError as error:
        return Own(None, 0, error)
    return Own(str(path), changed, None)


def located(snapshot: Snapshot, filters: Filters, path: str | None, changed: int) -> OnMap:
    """`on_map` with the coordinates of a file: asked by its name, as remembering all of it is slow."""
    return on_map(snapshot, filters, _read(Path(path), changed) if path else ())


def enough(found: OnMap) -> bool:
    """Whether there are two points at least: one alone is no map."""
    return len(found.dots) > 1


def _height(latitude: float) -> float:
    """Mercator's height of a latitude, in degrees of longitude at the equator."""
    return degrees(asinh(tan(radians(latitude))))


def _latitude(height: float) -> float:
    return degrees(atan(sinh(radians(height))))


def framed(dots: Sequence[Dot]) -> Frame:
    """What shows all of the dots, with a margin for the circles and their names."""
    west, east = min(one.longitude for one in dots), max(one.longitude for one in dots)
    heights = [_height(min(max(one.latitude, -_POLE), _POLE)) for one in dots]
    south, north = min(heights), max(heights)
    return Frame(
        (west + east) / 2,
        _latitude((south + north) / 2),
        max((east - west) * 1.3, _CLOSEST),
        max((north - south) * 1.4, _CLOSEST / 2),
    )


def _radius(n: int, most: int) -> float:
    """Radius of a circle, its area about proportional to its reviews."""
    wanted = _RADII[-1] * sqrt(n / most)
    return min(_RADII, key=lambda one: abs(one - wanted))


def labelled(dots: Sequence[Dot], frame: Frame, width: float) -> set[int]:
    """Places among the dots of those whose names run into no other name or circle, the largest first."""
    scale, most = frame.scale(width), max(one.n for one in dots)
    points = [
        Point(
            width / 2 + (one.longitude - frame.longitude) * scale,
            (_height(frame.latitude) - _height(one.latitude)) * scale,
            _radius(one.n, most),
            one.name,
        )
        for one in dots
    ]
    return {place for place, side in enumerate(sides(points, width, ("above",))) if side}


def _rows(found: OnMap, dots: Sequence[Dot], language: str) -> list[dict[str, Any]]:
    """The chart's data: one row a circle, all written out."""
    word, say = words(language), formats(language)
    whole = found.whole.value if found.whole else 0.0
    farthest = max(_FARTHEST, *(abs(one.shrunk - whole) for one in dots))
    frame, most = framed(dots), max(one.n for one in dots)
    wide, narrow = (labelled(dots, frame, width) for width in (_WIDE, _NARROW))
    rows = []
    for place, one in enumerate(dots):
        gap, radius = one.shrunk - whole, _radius(one.n, most)
        depth = min(abs(gap) / farthest, 1.0)
        rows.append(
            {
                "longitude": one.longitude,
                "latitude": one.latitude,
                "name": one.name,
                "radius": radius,
                "size": pi * radius * radius,
                "wide": place in wide,
                "narrow": place in narrow,
                "tone": color("raised" if depth < 0.1 else "blame" if gap > 0 else "praise"),
                "depth": 0.35 + 0.55 * depth,
                word("segments.head_place"): one.name,
                word("measure.negative"): say.percent(one.share.value),
                word("segments.head_interval"): say.percents(one.share.low, one.share.high),
                word("segments.head_n"): say.number(one.n),
            }
        )
    return rows


def _net(frame: Frame) -> Spec:
    """Lines of latitude and longitude around what is shown, some way beyond it for any shape of chart."""
    step = min(_STEPS, key=lambda one: abs(one - frame.wide / _LINES))
    reach, rise = 3 * max(frame.wide, 2 * frame.tall), 3 * max(frame.tall, frame.wide)
    middle = _height(frame.latitude)
    corners = [
        [max(frame.longitude - reach, -180), max(_latitude(middle - rise), -_POLE)],
        [min(frame.longitude + reach, 180), min(_latitude(middle + rise), _POLE)],
    ]
    return {"graticule": {"extent": corners, "step": [step, step], "precision": 1}}


def _projection(frame: Frame) -> Spec:
    """Mercator's, so that what has to be shown is seen whole in a chart of any width."""
    across, up = radians(frame.wide), radians(frame.tall)
    return {
        "type": "mercator",
        "center": [frame.longitude, frame.latitude],
        "scale": {"expr": f"min(width / {across}, height / {up})"},
        "translate": {"expr": "[width / 2, height / 2]"},
    }


def chart(found: OnMap, language: str) -> Spec:
    """Circles at their places: size is n, colour the shrunk share of negatives against the whole."""
    dots = found.dots[:MOST]
    rows, frame = _rows(found, dots, language), framed(dots)
    lines = {
        "data": _net(frame),
        "mark": {
            "type": "geoshape",
            "filled": False,
            "stroke": color("line"),
            "strokeWidth": 0.8,
            "clip": True,
        },
    }
    said = ("segments.head_place", "measure.negative", "segments.head_interval", "segments.head_n")
    circles = {
        "mark": {"type": "circle", "stroke": color("paper"), "strokeWidth": 1},
        "encoding": {
            "size": figure("size", scale=None, legend=None),
            "color": named("tone", scale=None, legend=None),
            "opacity": figure("depth", scale=None, legend=None),
            "tooltip": tips(language, *said),
        },
    }
    shown = f"width > {_BOTH} ? datum.wide : datum.narrow"
    names = [
        {
            "transform": [{"filter": f"datum.radius == {radius}"}],
            "mark": {
                "type": "text",
                "dy": -radius - 3,
                "baseline": "bottom",
                "fontSize": 12,
                "color": color("ink"),
            },
            "encoding": {"text": named("name"), "opacity": either(shown, 1, 0)},
        }
        for radius in _RADII
        if any(row["radius"] == radius for row in rows)
    ]
    places = {
        "data": {"name": "places"},
        "encoding": {"longitude": figure("longitude"), "latitude": figure("latitude")},
        "layer": [circles, *names],
    }
    drawn = {"projection": _projection(frame), "layer": [lines, places]}
    return dressed(drawn, language, _HEIGHT, {"places": rows})


def table(found: OnMap, name: str, language: str) -> Table:
    """Every dot with its figures, for a file."""
    word = words(language)
    columns = (
        Column(word("segments.head_place")),
        Column(word("segments.head_latitude"), "exact"),
        Column(word("segments.head_longitude"), "exact"),
        Column(word("measure.negative"), "share"),
        Column(word("segments.head_low"), "share"),
        Column(word("segments.head_high"), "share"),
        Column(word("segments.head_n"), "count"),
        Column(word("segments.head_q"), "exact"),
    )
    rows = tuple(
        (one.name, one.latitude, one.longitude, *one.share, one.n, one.q_value) for one in found.dots
    )
    return Table(name, columns, rows)


def left_out(found: OnMap, language: str) -> list[str]:
    """How many reviews are on the map, and why the others are not."""
    word, say = words(language), formats(language)
    lines = [word("segments.located", located=say.number(found.located), n=say.number(found.n))]
    if len(found.dots) > MOST:
        lines.append(
            word("segments.map_most", n=MOST, count=say.number(MOST), all=say.number(len(found.dots)))
        )
    if found.unnamed:
        lines.append(word("segments.unnamed", n=found.unnamed, count=say.number(found.unnamed)))
    if found.lost:
        names = ", ".join(name for name, _ in found.unknown[:_NAMED])
        if len(found.unknown) > _NAMED:
            names = word("segments.and_more", names=names, count=say.number(len(found.unknown) - _NAMED))
        lines.append(word("segments.lost", n=found.lost, count=say.number(found.lost), names=names))
    return lines
