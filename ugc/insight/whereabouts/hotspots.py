"""Averages hide: the groups of reviews in which displeasure or a theme departs from all others.

Searched are companies × cities × products × places × sources × app versions × languages × weekdays
by up to three conditions. How the search pays for looking at all of them, and how it tells a group
from its shadows, stands in `hotspots_groups`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

import numpy as np

from ugc.errors import InputError
from ugc.insight.causes.reasons import tagged_count
from ugc.insight.choice.filters import Filters
from ugc.insight.reviews.quotes import Quote
from ugc.insight.statistics.intervals import Interval, difference, wilson
from ugc.insight.whereabouts.hotspots_cells import (
    KEYS,
    Condition,
    Group,
    HotSpotBy,
    Overlap,
    Target,
    narrowed,
    overlap,
    read,
    targets_of,
)
from ugc.insight.whereabouts.hotspots_groups import Spot, enumerate_groups, search
from ugc.insight.whereabouts.hotspots_quotes import quoted

if TYPE_CHECKING:
    from ugc.lake import Snapshot

__all__ = ["FLOOR", "LEAST_SIZE", "Condition", "HotSpot", "HotSpots", "hotspots", "narrowed"]

LEAST_SIZE = 50
"""Fewest reviews of a group unless told; in large lakes, a thousandth of the reviews."""
FLOOR = 0.03
"""Least difference of two shares that matters."""
_SEARCHED = 150_000
"""Reviews that are searched at most; of more every second, third … one is."""
_POLARITIES = ("negative", "positive")

Direction = Literal["worse", "better"]
Targets = Literal["all", "negative", "themes"]


@dataclass(frozen=True)
class HotSpot:
    """A group in which a share departs from that of all other reviews chosen."""

    conditions: Group
    theme: str | None
    """`None`: the share of texts that are negative as a whole."""
    polarity: str
    direction: Direction
    """Worse: more displeasure or complaints, or less praise."""
    n: int
    """Tagged reviews of the group."""
    reviews: int
    """Those of them that are negative, or raise the theme."""
    share: Interval
    rest_n: int
    rest_share: Interval
    difference: Interval
    """share − rest share."""
    excess: float
    """Reviews more than there would be at the rest's share; negative where fewer."""
    q_value: float
    """Benjamini–Hochberg over all groups and targets of the search."""
    also: tuple[Group, ...]
    """Other descriptions of nearly the same reviews."""
    about: str | None
    """The theme that is quoted: its own, or the one that the displeased blame most beyond the usual."""
    quotes: tuple[Quote, ...]


@dataclass(frozen=True)
class HotSpots:
    """The groups that depart, those with most reviews beyond the expected first, worse before better."""

    tagged: int
    """Tagged reviews chosen: each group and its rest are parts of them."""
    searched: int
    """Those that the search looked at; all figures are of all."""
    size: int
    floor: float
    tested: int
    """Groups compared with their rest, times the shares looked at."""
    rows: tuple[HotSpot, ...]


def _named(codes: Sequence[int], values: dict[HotSpotBy, list[str]]) -> Group:
    """A description in words of the lake."""
    return tuple(
        Condition(name, values[name][code - 1]) for name, code in zip(KEYS, codes, strict=False) if code
    )


def _direction(polarity: str, gap: float) -> Direction:
    """Whether more of it is worse."""
    return "worse" if (gap > 0) == (polarity == "negative") else "better"


def _row(
    spot: Spot, group: Group, also: tuple[Group, ...], target: Target, seen: Overlap, column: int
) -> HotSpot | None:
    """The figures of a spot over all reviews; `column` is its own among the overlaps."""
    own = seen.member[:, column]
    n, count = round(seen.n[own].sum()), round(seen.counts[own, spot.target].sum())
    rest_n, rest = round(seen.n[~own].sum()), round(seen.counts[~own, spot.target].sum())
    share, other, gap = wilson(count, n), wilson(rest, rest_n), difference(count, n, rest, rest_n)
    if share is None or other is None or gap is None:
        return None
    return HotSpot(
        conditions=group,
        theme=target.theme,
        polarity=target.polarity,
        direction=_direction(target.polarity, gap.value),
        n=n,
        reviews=count,
        share=share,
        rest_n=rest_n,
        rest_share=other,
        difference=gap,
        excess=count - n * other.value,
        q_value=spot.q_value,
        also=also,
        about=target.theme,
        quotes=(),
    )


def _asked(
    snapshot: Snapshot, filters: Filters, wanted: Targets, polarity: str | None
) -> tuple[tuple[Target, ...], np.ndarray[tuple[int], np.dtype[np.bool_]]]:
    """All targets counted, that without a theme first, and which of them are looked at."""
    whole = wanted != "themes" and not filters.themes and polarity in (None, "negative")
    themed: tuple[Target, ...] = ()
    if wanted != "negative" or filters.themes:
        themed = targets_of(snapshot, filters.themes, (polarity,) if polarity else _POLARITIES)
    return (Target(None, "negative"), *themed), np.array([whole] + [True] * len(themed))


def _check(wanted: str, polarity: str | None, size: int | None, direction: str | None, floor: float) -> None:
    """Raises `InputError` for what cannot be searched for."""
    for given, known, what in (
        (wanted, ("all", "negative", "themes"), "target"),
        (polarity, (None, *_POLARITIES), "polarity"),
        (direction, (None, "worse", "better"), "direction"),
    ):
        if given not in known:
            names = ", ".join(one for one in known if one)
            raise InputError(f"There are no hot spots by {what} {given!r}.", f"Known: {names}.")
    if size is not None and size < 1:
        raise InputError(f"A group cannot have {size} reviews at least.", "Give a number from 1 on.")
    if not 0 <= floor < 1:
        raise InputError(
            f"A difference of {floor} is none that shares can have.", "Give a share below 1, such as 0.03."
        )


def hotspots(
    snapshot: Snapshot,
    filters: Filters,
    *,
    target: Targets = "all",
    polarity: str | None = None,
    size: int | None = None,
    top: int = 10,
    direction: Direction | None = None,
    floor: float = FLOOR,
    quotes: int = 2,
) -> HotSpots:
    """The groups among the reviews chosen in which a share departs from that of the others.

    `filters.themes` asks for these themes alone; else the share of negative texts, every theme
    with each polarity, or both are looked at. At most `top` groups of each direction are given,
    each with `quotes` typical quotes. The widest comes first: what holds of many reviews has more
    of them beyond the expected. Values beyond the 40 most frequent of a dimension, and reviews
    without a value, belong to the rest and are never reported. Raises `InputError`.
    """
    _check(target, polarity, size, direction, floor)
    base = filters.without_themes()
    tagged = tagged_count(snapshot, base)
    least = size or max(LEAST_SIZE, tagged // 1000)
    step = max(1, -(-tagged // _SEARCHED))
    searched_size = max(1, round(least / step))
    targets, asked = _asked(snapshot, filters, target, polarity)
    nothing = HotSpots(tagged, 0, least, floor, 0, ())
    if tagged < 2 * least or not asked.any():
        return nothing
    values, cells = read(snapshot, base, targets, size=searched_size, step=step)
    if not cells:
        return nothing

    def shared(groups: Sequence[Sequence[int]]) -> Overlap:
        return overlap(snapshot, base, targets, [_named(one, values) for one in groups], step=step)

    found = enumerate_groups(cells, searched_size)
    spots = search(found, asked, shared, size=searched_size, floor=floor)
    rows = _rows(snapshot, base, spots, values, targets)
    kept: list[HotSpot] = []
    for way in ("worse", "better"):
        own = [one for one in rows if one.direction == way and direction in (None, way)]
        own.sort(key=lambda one: (-abs(one.excess), one.theme or "", one.polarity, one.conditions))
        kept += own[: max(top, 0)]
    tests = int(((found.whole - found.n) >= searched_size).sum()) * int(asked.sum())
    return HotSpots(
        tagged, round(found.whole), least, floor, tests, quoted(snapshot, base, kept, count=quotes, step=step)
    )


def _rows(
    snapshot: Snapshot,
    filters: Filters,
    spots: Sequence[Spot],
    values: dict[HotSpotBy, list[str]],
    targets: Sequence[Target],
) -> list[HotSpot]:
    """The spots with their figures over all reviews."""
    groups = list(dict.fromkeys(one.group for one in spots))
    if not groups:
        return []
    wanted = sorted({one.target for one in spots})
    seen = overlap(
        snapshot, filters, [targets[one] for one in wanted], [_named(one, values) for one in groups]
    )
    rows = []
    for one in spots:
        also = tuple(_named(other, values) for other in one.also)
        row = _row(
            one._replace(target=wanted.index(one.target)),
            _named(one.group, values),
            also,
            targets[one.target],
            seen,
            groups.index(one.group),
        )
        if row is not None:
            rows.append(row)
    return rows
