"""Where the names of points stand so that they run into no other name and no point."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal, NamedTuple

__all__ = ["LETTER", "LINE", "Point", "Side", "sides"]

LETTER, LINE = 7.0, 16.0
"""Pixels of a letter, and of a line, at the size of the labels of charts."""

Side = Literal["right", "left", "above", "below"]


class Point(NamedTuple):
    """A circle with a name: its middle, the radius, in pixels from the upper left corner."""

    x: float
    y: float
    radius: float
    name: str


class _Box(NamedTuple):
    left: float
    top: float
    right: float
    bottom: float

    def meets(self, other: _Box) -> bool:
        """Whether the two share a place."""
        return not (
            self.right < other.left
            or other.right < self.left
            or self.bottom < other.top
            or other.bottom < self.top
        )


def _circle(one: Point) -> _Box:
    return _Box(one.x - one.radius, one.y - one.radius, one.x + one.radius, one.y + one.radius)


def _label(one: Point, side: Side) -> _Box:
    """Where the name stands on a side of its circle."""
    wide, half = len(one.name) * LETTER, LINE / 2
    if side == "right":
        return _Box(one.x + one.radius, one.y - half, one.x + one.radius + wide, one.y + half)
    if side == "left":
        return _Box(one.x - one.radius - wide, one.y - half, one.x - one.radius, one.y + half)
    top = one.y - one.radius - LINE if side == "above" else one.y + one.radius
    return _Box(one.x - wide / 2, top, one.x + wide / 2, top + LINE)


def sides(points: Sequence[Point], width: float, allowed: Sequence[Side]) -> list[Side | None]:
    """The side of each point where its name stands, the first allowed one that is free; `None` where none is.

    Names are placed in the order of the points, and stay within the width of the chart.
    """
    circles, taken = [_circle(one) for one in points], list[_Box]()
    found: list[Side | None] = []
    for place, one in enumerate(points):
        others = [*taken, *circles[:place], *circles[place + 1 :]]
        chosen = None
        for side in allowed:
            box = _label(one, side)
            if box.left >= 0 and box.right <= width and not any(box.meets(other) for other in others):
                chosen = side
                taken.append(box)
                break
        found.append(chosen)
    return found
