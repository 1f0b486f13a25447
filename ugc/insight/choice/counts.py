"""The counts from which all figures of reviews are computed, taken in one pass of the lake."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

from ugc.insight.choice.at_once import AtOnce
from ugc.insight.choice.filters import Filters
from ugc.insight.choice.statement import fill
from ugc.review import text_hash

if TYPE_CHECKING:
    from ugc.lake import Snapshot

__all__ = ["EMPTY", "NO_TEXT", "Counts", "by_key", "by_keys", "day", "lake_days", "tagged_reviews"]

NO_TEXT = text_hash("")
"""Hash of the empty text: told from it, ratings without text need no reading of texts."""

_BY_KEYS = """
SELECT {names},
    sum(n)::BIGINT AS reviews,
    coalesce(sum(n) FILTER (stars IS NOT NULL), 0)::BIGINT AS ratings,
    coalesce(sum(n * stars), 0.0) AS stars,
    coalesce(sum(n * stars * stars), 0.0) AS star_squares,
    coalesce(sum(n) FILTER (sentiment IS NOT NULL), 0)::BIGINT AS tagged,
    coalesce(sum(n) FILTER (sentiment = 'positive'), 0)::BIGINT AS positive,
    coalesce(sum(n) FILTER (sentiment = 'negative'), 0)::BIGINT AS negative,
    coalesce(sum(n) FILTER (sentiment = 'mixed'), 0)::BIGINT AS mixed,
    coalesce(sum(n) FILTER (sentiment = 'neutral'), 0)::BIGINT AS neutral,
    coalesce(sum(n) FILTER (NOT was_read AND NOT without_text), 0)::BIGINT AS untagged,
    coalesce(sum(n) FILTER (was_read AND sentiment IS NULL AND NOT without_text), 0)::BIGINT AS untaggable,
    coalesce(sum(n) FILTER (without_text), 0)::BIGINT AS without_text,
    coalesce(sum(n) FILTER (doubled), 0)::BIGINT AS duplicates,
    coalesce(sum(n) FILTER (undated), 0)::BIGINT AS undated,
    coalesce(sum(n) FILTER (stars IS NOT NULL AND sentiment IS NOT NULL), 0)::BIGINT AS compared,
    coalesce(sum(n) FILTER ((stars <= 2 AND sentiment = 'positive')
                            OR (stars >= 4 AND sentiment = 'negative')), 0)::BIGINT AS disagreements
FROM (
    SELECT {named}, r.stars, r.sentiment, r.was_read, r.without_text,
        r.duplicate_of IS NOT NULL AS doubled, r.date IS NULL AS undated, count(*) AS n
    FROM judged r
    WHERE {where}
    GROUP BY ALL
)
GROUP BY {sets}
"""
"""Reviews that are alike in all that is counted are counted first: many figures of few groups cost little."""

_TAGGED = """chosen AS (
    SELECT r.key, r.id, r.stars, r.date, r.company, r.product, r.place, r.source, r.city, r.language,
        r.app_version, r.author, r.duplicate_of
    FROM judged r
    WHERE r.sentiment IS NOT NULL AND {where}
)"""


@dataclass(frozen=True)
class Counts:
    """Counts and sums of a group of reviews; the names are those of `Scores`."""

    reviews: int
    ratings: int
    stars: float
    star_squares: float
    tagged: int
    positive: int
    negative: int
    mixed: int
    neutral: int
    untagged: int
    untaggable: int
    without_text: int
    duplicates: int
    undated: int
    compared: int
    disagreements: int


EMPTY = Counts(0, 0, 0.0, 0.0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0)
"""The counts of no review."""


def day(column: str) -> str:
    """SQL of a UTC timestamp without its zone, so that no session setting can shift the day."""
    return f"make_timestamp(epoch_us({column}))"


def by_keys(snapshot: Snapshot, filters: Filters, keys: Sequence[str]) -> list[dict[Any, Counts]]:
    """Counts of the chosen reviews by several SQL expressions over `r`, the view `judged`, in one pass.

    The expressions are this package's own constants, never a user's word.
    """
    where, params = filters.where("r")
    at_once = AtOnce(keys)
    statement = fill(_BY_KEYS, names=at_once.names, named=at_once.named, sets=at_once.sets, where=where)
    found: list[dict[Any, Counts]] = [{} for _ in keys]
    for row in snapshot.sql(statement, params).to_pylist():
        place, value = at_once.taken(row)
        found[place][value] = Counts(**row)
    return found


def by_key(snapshot: Snapshot, filters: Filters, key: str) -> dict[Any, Counts]:
    """Counts of the chosen reviews by one expression, see `by_keys`."""
    return by_keys(snapshot, filters, (key,))[0]


_DAYS = "SELECT CAST(min({day}) AS DATE) AS first, CAST(max({day}) AS DATE) AS last FROM reviews"


def lake_days(snapshot: Snapshot) -> tuple[date, date] | tuple[None, None]:
    """Days in UTC of the oldest and the newest review of the whole lake; `None`s without dates."""
    row = snapshot.sql(fill(_DAYS, day=day("date"))).to_pylist()[0]
    return (row["first"], row["last"]) if row["first"] is not None else (None, None)


def tagged_reviews(filters: Filters) -> tuple[str, dict[str, Any]]:
    """SQL of the common table `chosen`: the tagged reviews that the filters choose, and parameters.

    Its columns are those of reviews that themes are counted and grouped by. A query with it cannot
    ask for texts as well: where a text is asked for, reviews have no `key`.
    """
    where, params = filters.where("r")
    return fill(_TAGGED, where=where), params
