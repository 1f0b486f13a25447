"""The counts from which all figures of reviews are computed, taken in one pass of the lake."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

from ugc.insight.choice.filters import Filters
from ugc.insight.choice.statement import fill
from ugc.review import text_hash

if TYPE_CHECKING:
    from ugc.lake import Snapshot

__all__ = ["EMPTY", "NO_TEXT", "Counts", "by_key", "day", "lake_days", "tagged_reviews"]

NO_TEXT = text_hash("")
"""Hash of the empty text: told from it, ratings without text need no reading of texts."""

_BY_KEY = """
SELECT {key} AS key,
    count(*) AS reviews,
    count(r.stars) AS ratings,
    coalesce(sum(r.stars), 0.0) AS stars,
    coalesce(sum(r.stars * r.stars), 0.0) AS star_squares,
    count(r.sentiment) AS tagged,
    count(*) FILTER (r.sentiment = 'positive') AS positive,
    count(*) FILTER (r.sentiment = 'negative') AS negative,
    count(*) FILTER (r.sentiment = 'mixed') AS mixed,
    count(*) FILTER (r.sentiment = 'neutral') AS neutral,
    count(*) FILTER (NOT r.was_read AND NOT r.without_text) AS untagged,
    count(*) FILTER (r.was_read AND r.sentiment IS NULL AND NOT r.without_text) AS untaggable,
    count(*) FILTER (r.without_text) AS without_text,
    count(r.duplicate_of) AS duplicates,
    count(*) - count(r.date) AS undated,
    count(*) FILTER (r.stars IS NOT NULL AND r.sentiment IS NOT NULL) AS compared,
    count(*) FILTER ((r.stars <= 2 AND r.sentiment = 'positive')
                     OR (r.stars >= 4 AND r.sentiment = 'negative')) AS disagreements
FROM judged r
WHERE {where}
GROUP BY 1
"""

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


def by_key(snapshot: Snapshot, filters: Filters, key: str) -> dict[Any, Counts]:
    """Counts of the chosen reviews by an SQL expression over `r`, the view `judged`.

    The expression is one of this package's own constants, never a user's word.
    """
    where, params = filters.where("r")
    rows = snapshot.sql(fill(_BY_KEY, key=key, where=where), params).to_pylist()
    return {row.pop("key"): Counts(**row) for row in rows}


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
