"""On the map: the share of negatives at every place whose coordinates are known."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal, NamedTuple

from ugc.insight.choice.filters import Filters
from ugc.insight.choice.statement import fill
from ugc.insight.statistics.intervals import Interval, wilson
from ugc.insight.statistics.shrinkage import shrink_shares
from ugc.insight.statistics.significance import ALPHA, adjust, two_shares
from ugc.insight.whereabouts.coordinates import Located, known_cities, spelling

if TYPE_CHECKING:
    from ugc.lake import Snapshot

__all__ = ["Dot", "OnMap", "on_map"]

_COUNTS = """
SELECT nullif(r.city, '') AS city, nullif({place}, '') AS place, count(*) AS n,
    count(*) FILTER (r.sentiment = 'negative') AS negative
FROM judged r
WHERE r.sentiment IS NOT NULL AND {where}
GROUP BY 1, 2
"""

Point = tuple[float, float]
"""Latitude and longitude in degrees."""


@dataclass(frozen=True)
class Dot:
    """A point with its reviews: a place, or a city with all of its places that have none of their own."""

    name: str
    """As most of its reviews write it."""
    kind: Literal["place", "city"]
    values: tuple[str, ...]
    """The places or cities of the lake that lie there, most reviews first."""
    latitude: float
    longitude: float
    n: int
    """Tagged reviews; `negative` of them are negative as a whole."""
    negative: int
    share: Interval
    shrunk: float
    """For colours: small groups are drawn towards the mean."""
    q_value: float | None
    """Test against all other tagged reviews chosen, Benjamini–Hochberg over all dots."""
    significant: bool


@dataclass(frozen=True)
class OnMap:
    """The dots, most reviews first, and what is not on the map; all counts are of tagged reviews."""

    n: int
    whole: Interval | None
    """Share of negatives of all tagged reviews chosen, located or not."""
    dots: tuple[Dot, ...]
    located: int
    unnamed: int
    """Reviews that name neither a city nor a place."""
    unknown: tuple[tuple[str, int], ...]
    """Cities and places without coordinates and their reviews, most reviews first."""

    @property
    def lost(self) -> int:
        """Reviews that name a city or a place of unknown coordinates."""
        return sum(count for _, count in self.unknown)


class _Group(NamedTuple):
    """Reviews of one city and place."""

    city: str | None
    place: str | None
    n: int
    negative: int


class _Own(NamedTuple):
    """The user's own coordinates: of places in a city, of places, of cities."""

    both: Mapping[tuple[str, str], Point]
    places: Mapping[str, Point]
    cities: Mapping[str, Point]


def _own(places: Sequence[Located]) -> _Own:
    """The lines of the user's file by what they locate."""
    both: dict[tuple[str, str], Point] = {}
    alone: dict[str, Point] = {}
    cities: dict[str, Point] = {}
    for one in places:
        point = one.latitude, one.longitude
        if one.place and one.city:
            both[spelling(one.place), spelling(one.city)] = point
        elif one.place:
            alone[spelling(one.place)] = point
        elif one.city:
            cities[spelling(one.city)] = point
    return _Own(both, alone, cities)


def _point(one: _Group, own: _Own) -> tuple[Literal["place", "city"], str, Point] | None:
    """Where a group lies, and by which of its names: its place before its city, own before known."""
    if one.place:
        name = spelling(one.place)
        point = own.both.get((name, spelling(one.city or ""))) or own.places.get(name)
        if point:
            return "place", one.place, point
    if one.city:
        name = spelling(one.city)
        point = own.cities.get(name) or known_cities().get(name)
        if point:
            return "city", one.city, point
    return None


def _dots(at: Mapping[tuple[str, Point], list[tuple[str, _Group]]], n: int, negative: int) -> tuple[Dot, ...]:
    """One dot a point, each tested against all other reviews."""
    sums = [(sum(g.n for _, g in groups), sum(g.negative for _, g in groups)) for groups in at.values()]
    shrunk = shrink_shares([count for _, count in sums], [size for size, _ in sums])
    p_values = [two_shares(count, size, negative - count, n - size) for size, count in sums]
    q_values = iter(adjust([p for p in p_values if p is not None]))
    made = []
    for ((kind, point), groups), (size, count), drawn, p in zip(
        at.items(), sums, shrunk, p_values, strict=True
    ):
        share, q = wilson(count, size), None if p is None else next(q_values)
        if share is None:
            continue
        sizes: dict[str, int] = defaultdict(int)
        for name, one in groups:
            sizes[name] += one.n
        names = sorted(sizes, key=lambda name: (-sizes[name], name))
        made.append(
            Dot(
                name=names[0],
                kind="place" if kind == "place" else "city",
                values=tuple(names),
                latitude=point[0],
                longitude=point[1],
                n=size,
                negative=count,
                share=share,
                shrunk=share.value if drawn is None else drawn,
                q_value=q,
                significant=q is not None and q < ALPHA,
            )
        )
    return tuple(sorted(made, key=lambda one: (-one.n, one.name)))


def on_map(snapshot: Snapshot, filters: Filters, places: tuple[Located, ...] = ()) -> OnMap:
    """The share of negatives at every located place or city.

    Args:
        snapshot: the lake.
        filters: which reviews.
        places: the user's own coordinates; they come before those of well-known cities.

    A review stands at its place where that is located, else at its city. Names that lie at the same
    point (Warsaw, Warszawa) are one dot.
    """
    where, params = filters.where("r")
    own = _own(places)
    # Without places of the user's own, places matter only where no city is named: far fewer groups.
    column = "r.place" if places else "CASE WHEN coalesce(r.city, '') = '' THEN r.place END"
    rows = snapshot.sql(fill(_COUNTS, place=column, where=where), params).to_pylist()
    groups = [_Group(**row) for row in rows]
    at: dict[tuple[str, Point], list[tuple[str, _Group]]] = defaultdict(list)
    unknown: dict[str, int] = defaultdict(int)
    unnamed = 0
    for one in sorted(groups, key=lambda one: (-one.n, one.city or "", one.place or "")):
        found = _point(one, own)
        if found:
            kind, name, point = found
            at[kind, point].append((name, one))
        elif one.city or one.place:
            unknown[one.city or one.place or ""] += one.n
        else:
            unnamed += one.n
    n, negative = sum(one.n for one in groups), sum(one.negative for one in groups)
    dots = _dots(at, n, negative)
    return OnMap(
        n=n,
        whole=wilson(negative, n),
        dots=dots,
        located=sum(one.n for one in dots),
        unnamed=unnamed,
        unknown=tuple(sorted(unknown.items(), key=lambda one: (-one[1], one[0]))),
    )
