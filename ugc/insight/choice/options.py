"""What can be chosen: the values of every filter with their counts, and the span of dates."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import TYPE_CHECKING, Any

from rapidfuzz import fuzz, process
from rapidfuzz.utils import default_process

from ugc.errors import InputError
from ugc.insight.choice.at_once import AtOnce
from ugc.insight.choice.counts import day
from ugc.insight.choice.display import printable
from ugc.insight.choice.filters import DIMENSIONS, Dimension, Filters
from ugc.insight.choice.statement import fill
from ugc.taxonomy import keys

if TYPE_CHECKING:
    from ugc.lake import Snapshot

__all__ = ["Option", "Options", "options", "settle"]


@dataclass(frozen=True)
class Option:
    """One value of a filter and its number of reviews; `None` stands for reviews without a value."""

    value: str | None
    reviews: int


@dataclass(frozen=True)
class Options:
    """Values of each field of `Filters`, most reviews first, `None` last."""

    companies: tuple[Option, ...]
    products: tuple[Option, ...]
    places: tuple[Option, ...]
    sources: tuple[Option, ...]
    cities: tuple[Option, ...]
    languages: tuple[Option, ...]
    themes: tuple[Option, ...]
    first: date | None
    """Day of the oldest review in UTC, whatever dates are chosen; `last` is that of the newest."""
    last: date | None
    reviews: int
    """Reviews in that span and those without a date."""


_VALUES = """
SELECT {names}, count(*) AS reviews
FROM (SELECT {named} FROM reviews r WHERE {where})
GROUP BY {sets}
"""

_THEMES = """
SELECT m.theme AS value, count(DISTINCT m.key) AS reviews
FROM raises m JOIN reviews r ON r.key = m.key
WHERE {where}
GROUP BY 1
ORDER BY 2 DESC, 1
"""

_SPAN = """
SELECT count(*) AS reviews, CAST(min({day}) AS DATE) AS first, CAST(max({day}) AS DATE) AS last
FROM reviews r
WHERE {where}
"""


def _values(
    snapshot: Snapshot, filters: Filters, columns: Sequence[Dimension]
) -> dict[Dimension, tuple[Option, ...]]:
    """The values of each of the columns among the chosen reviews."""
    where, params = filters.where("r")
    at_once = AtOnce([f"nullif(r.{one}, '')" for one in columns])
    statement = fill(_VALUES, names=at_once.names, named=at_once.named, sets=at_once.sets, where=where)
    found: list[list[Option]] = [[] for _ in columns]
    for row in snapshot.sql(statement, params).to_pylist():
        place, value = at_once.taken(row)
        found[place].append(Option(value, **row))
    return {column: tuple(sorted(each, key=_rank)) for column, each in zip(columns, found, strict=True)}


def _rank(one: Option) -> tuple[bool, int, str]:
    return one.value is None, -one.reviews, one.value or ""


def _themes(snapshot: Snapshot, filters: Filters) -> tuple[Option, ...]:
    """The themes that the chosen reviews mention."""
    where, params = filters.where("r")
    rows = snapshot.sql(fill(_THEMES, where=where), params).to_pylist()
    return tuple(Option(**row) for row in rows)


def options(snapshot: Snapshot, filters: Filters | None = None) -> Options:
    """What the lake holds; with filters, what is left under each one while the others hold.

    So the places of a chosen company are those of that company, and its own list still shows
    the other companies.
    """
    chosen = filters or Filters()
    values = _values(snapshot, chosen, [one for name, one in DIMENSIONS.items() if not getattr(chosen, name)])
    for name, column in DIMENSIONS.items():
        if column not in values:
            cleared: dict[str, Any] = {name: ()}
            values |= _values(snapshot, replace(chosen, **cleared), [column])
    dated = replace(chosen, since=None, until=None)
    where, params = dated.where("r")
    span = snapshot.sql(fill(_SPAN, where=where, day=day("r.date")), params).to_pylist()[0]
    lists: dict[str, Any] = {name: values[column] for name, column in DIMENSIONS.items()}
    return Options(**lists, themes=_themes(snapshot, replace(chosen, themes=())), **span)


def _nearest(value: str, known: Sequence[str]) -> list[str]:
    """At most three known values that look most like a mistyped one, the most alike first."""
    found = process.extract(value, known, scorer=fuzz.WRatio, processor=default_process, limit=3)
    return [name for name, alike, _ in found if alike >= 50]


def _settle_one(value: str | None, known: Sequence[str], what: str) -> str | None:
    """A value in the lake's spelling; `InputError` with the nearest ones when it holds none such."""
    if not value or value in known:
        return value or None
    same = [one for one in known if one.casefold() == value.casefold().strip()]
    if len(same) == 1:
        return same[0]
    mend = "The lake holds none at all."
    if known:
        near = same or _nearest(value, known)
        label = "Nearest" if near else "There are"
        mend = f"{label}: {', '.join(printable(one) for one in near or known[:5])}."
    raise InputError(f"The lake holds no review with {what} {printable(value)!r}.", mend)


def settle(snapshot: Snapshot, filters: Filters) -> Filters:
    """The filters in the lake's own spelling, upper and lower case aside.

    Raises `InputError` for a value that the lake does not hold, naming the nearest ones, and for
    a span of dates that ends before it begins. A theme may be any of the taxonomy.
    """
    if filters.since and filters.until and filters.until < filters.since:
        raise InputError(
            f"The dates end ({filters.until}) before they begin ({filters.since}).", "Swap the two."
        )
    settled: dict[str, Any] = {}
    for name, column in DIMENSIONS.items():
        wanted = getattr(filters, name)
        if wanted:
            found = _values(snapshot, Filters(), [column])[column]
            known = [one.value for one in found if one.value]
            settled[name] = tuple(_settle_one(value, known, column) for value in wanted)
    if filters.themes:
        found = _themes(snapshot, Filters())
        known = list(dict.fromkeys([*keys("themes"), *(one.value for one in found if one.value)]))
        settled["themes"] = tuple(_settle_one(value, known, "theme") or "" for value in filters.themes)
    return replace(filters, **settled)
