"""The doubts about a few reviews, such as those of one page: without a look at all texts.

The bursts of the lake and the sources whose authors tell something are computed once for a
snapshot; the rest is asked of these reviews alone.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from ugc.insight.choice.counts import NO_TEXT
from ugc.insight.choice.statement import fill
from ugc.insight.doubt.credibility import SCANT, Doubt
from ugc.insight.doubt.doubts import REASONS, find_among
from ugc.insight.doubt.remembered import remembered

if TYPE_CHECKING:
    from ugc.lake import Snapshot

__all__ = ["doubts_of"]

_TELLING = """
WITH written AS (
    SELECT source, author, count(*) AS reviews FROM reviews WHERE author IS NOT NULL GROUP BY 1, 2
)
SELECT source FROM written GROUP BY 1 HAVING 2 * count(*) FILTER (reviews = 1) < sum(reviews)
"""
"""Sources at which one review alone says something of an author: most reviews have company there."""

_ADDING = """
WITH asked AS (
    SELECT id, key, source, author, text_hash FROM reviews WHERE id IN (SELECT unnest($ids))
), written AS (
    SELECT r.source, r.author, count(*) AS reviews
    FROM reviews r SEMI JOIN asked a ON a.source = r.source AND a.author = r.author
    GROUP BY 1, 2
)
SELECT r.id, coalesce({scant}, false) AS no_detail,
    coalesce(w.reviews = 1 AND list_contains($telling, r.source), false) AS fresh_author
FROM asked r LEFT JOIN tags t ON t.key = r.key
    LEFT JOIN written w ON w.source = r.source AND w.author = r.author
"""


def _telling(snapshot: Snapshot) -> list[str]:
    """Sources at which a single review of an author is a reason to wonder."""
    found: list[str] = snapshot.sql(_TELLING)["source"].to_pylist()
    return found


def doubts_of(snapshot: Snapshot, ids: Sequence[str]) -> dict[str, tuple[Doubt, ...]]:
    """The doubtful ones of these reviews, each with its reasons in the order of REASONS.

    As in `ugc.insight.credibility`, the two adding reasons are named of those that others make
    doubtful; a review without one of those is not doubtful and not among the keys.
    """
    doubts = find_among(snapshot, ids)
    if not doubts:
        return {}
    given = {"ids": list(doubts), "no_text": NO_TEXT, "telling": remembered(snapshot, _telling)}
    added = {row["id"]: row for row in snapshot.sql(fill(_ADDING, scant=SCANT), given).to_pylist()}
    found = {}
    for review, own in doubts.items():
        more = {name: None for name in ("no_detail", "fresh_author") if added[review][name]}
        told = own | more
        found[review] = tuple(Doubt(reason, told[reason]) for reason in REASONS if reason in told)
    return found
