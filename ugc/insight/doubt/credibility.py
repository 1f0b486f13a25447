"""Reviews to read with care, each with the reasons why: flags, never deletion.

`ugc.insight.doubt.doubts` says what makes a review doubtful. Every figure can be had without the
doubtful reviews: `without_doubtful` narrows the filters that all functions of this package take.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import TYPE_CHECKING

from ugc.errors import InputError
from ugc.insight.choice.counts import NO_TEXT
from ugc.insight.choice.display import web_address
from ugc.insight.choice.filters import Filters
from ugc.insight.choice.statement import fill
from ugc.insight.doubt.bursts import Burst
from ugc.insight.doubt.doubts import ALONE, REASONS, Doubts, doubtful, find
from ugc.insight.doubt.phrases import PHRASES
from ugc.insight.satisfaction.scores import Scores, scores
from ugc.insight.statistics.intervals import wilson

if TYPE_CHECKING:
    from ugc.lake import Snapshot

__all__ = [
    "SCANT",
    "Credibility",
    "Doubt",
    "DoubtCount",
    "DoubtfulReview",
    "credibility",
    "without_doubtful",
]

SCANT = """t.specific = false AND r.text_hash <> $no_text
    AND r.key NOT IN (SELECT key FROM raises)"""
"""SQL of a review that says nothing specific; it needs `$no_text`."""

_AUTHORS = """written AS (
    SELECT source, author, count(*) AS reviews FROM reviews WHERE author IS NOT NULL GROUP BY 1, 2
), telling AS (
    SELECT source FROM written GROUP BY 1 HAVING 2 * count(*) FILTER (reviews = 1) < sum(reviews)
)"""
"""Sources at which one review alone says something of an author: most reviews have company there."""

_FRESH = """(r.source, r.author) IN (
    SELECT (source, author) FROM written WHERE reviews = 1 AND source IN (SELECT source FROM telling))"""

_ADDING = """
WITH {authors}
SELECT r.id, coalesce({scant}, false) AS no_detail, coalesce({fresh}, false) AS fresh_author
FROM reviews r LEFT JOIN tags t ON t.key = r.key
WHERE r.id IN (SELECT unnest($ids))
"""

_COUNT = """
WITH {authors}
SELECT count(*) AS reviews,
    count(*) FILTER (r.text_hash <> $no_text) AS texts,
    count(r.author) AS authors,
    count(r.date) AS dated,
    count(*) FILTER (r.stars IS NOT NULL AND t.sentiment IS NOT NULL) AS compared,
    count(t.specific) FILTER (r.text_hash <> $no_text) AS judged,
    count(r.author) FILTER (r.source IN (SELECT source FROM telling)) AS told_authors,
    count(*) FILTER ({scant}) AS no_detail,
    count(*) FILTER ({fresh}) AS fresh_author
FROM reviews r LEFT JOIN tags t ON t.key = r.key
WHERE {where}
"""

_ONLY = """
WITH {authors}
SELECT r.id FROM reviews r LEFT JOIN tags t ON t.key = r.key
WHERE {condition} AND {where}
ORDER BY r.date DESC NULLS LAST, r.id
LIMIT $top
"""

_SHOWN = """
SELECT id, source, company, product, place, date, stars, text, url, author, duplicate_of
FROM reviews WHERE id IN (SELECT unnest($ids))
"""

_N = {
    "copied": "authors",
    "burst": "dated",
    "contradiction": "compared",
    **dict.fromkeys(PHRASES, "texts"),
    "no_detail": "judged",
    "fresh_author": "told_authors",
}
"""Which reviews each reason can be told of."""


@dataclass(frozen=True, slots=True)
class Doubt:
    """A reason and what it rests on."""

    reason: str
    told: str | None
    """The words of a phrase, the id of the review copied, the sentiment of the text, or the days of
    the burst as "2026-06-01/2026-06-03"."""


@dataclass(frozen=True, slots=True)
class DoubtfulReview:
    """A review to read with care."""

    review_id: str
    source: str
    company: str | None
    product: str | None
    place: str | None
    date: datetime | None
    stars: float | None
    text: str
    url: str | None
    """http(s) only."""
    doubts: tuple[Doubt, ...]
    """In the order of REASONS."""


@dataclass(frozen=True, slots=True)
class DoubtCount:
    """How many of the reviews of which a reason can be told carry it."""

    reason: str
    alone: bool
    """Whether it makes a review doubtful by itself."""
    reviews: int | None
    """`None` where `n` is 0: then nothing is known."""
    n: int
    share: float | None
    low: float | None
    high: float | None


@dataclass(frozen=True)
class Credibility:
    """What is doubtful among the reviews chosen, and the figures with and without it."""

    reviews: int
    doubtful: int
    share: float | None
    """Of all reviews chosen; `low` and `high` bound it at 95 %."""
    low: float | None
    high: float | None
    counts: tuple[DoubtCount, ...]
    bursts: tuple[Burst, ...]
    """Those in which reviews chosen lie."""
    rows: tuple[DoubtfulReview, ...]
    """Those with the most reasons first, then the newest."""
    every: Scores
    credible: Scores


def without_doubtful(snapshot: Snapshot, filters: Filters) -> Filters:
    """The same choice with the doubtful reviews left out, whatever dates and themes are asked later.

    Dates are not looked at, so that a comparison with an earlier period leaves out its doubtful
    reviews as well.
    """
    wide = replace(filters, since=None, until=None, themes=(), left_out=())
    left_out = {*filters.left_out, *doubtful(snapshot, wide)}
    return replace(filters, left_out=tuple(sorted(left_out)))


def _pieces() -> dict[str, str]:
    """The pieces of SQL that tell the two adding reasons."""
    return {"authors": _AUTHORS, "scant": SCANT, "fresh": _FRESH}


def _counts(doubts: Doubts, row: Mapping[str, int]) -> tuple[DoubtCount, ...]:
    """How many carry each reason."""
    found = []
    for reason in REASONS:
        alone = reason in ALONE
        count = sum(reason in one for one in doubts.values()) if alone else row[reason]
        n = row[_N[reason]]
        share, low, high = wilson(count, n) or (None, None, None)
        found.append(DoubtCount(reason, alone, count if n else None, n, share, low, high))
    return tuple(found)


def _rows(snapshot: Snapshot, ids: Sequence[str], doubts: Doubts) -> list[DoubtfulReview]:
    """The reviews of these ids with all their reasons, in the order of the ids."""
    adding = snapshot.sql(fill(_ADDING, **_pieces()), {"ids": list(ids), "no_text": NO_TEXT}).to_pylist()
    added = {row["id"]: row for row in adding}
    shown = {row["id"]: row for row in snapshot.sql(_SHOWN, {"ids": list(ids)}).to_pylist()}
    found = []
    for review in ids:
        own, row = doubts.get(review, {}), shown[review]
        reasons = [Doubt(reason, own[reason]) for reason in ALONE if reason in own]
        reasons += [Doubt(reason, None) for reason in REASONS if added[review].get(reason)]
        found.append(
            DoubtfulReview(
                review_id=review,
                source=row["source"],
                company=row["company"],
                product=row["product"],
                place=row["place"],
                date=row["date"],
                stars=row["stars"],
                text=row["text"],
                url=web_address(row["url"]),
                doubts=tuple(reasons),
            )
        )
    return found


def _ranked(snapshot: Snapshot, doubts: Doubts) -> list[str]:
    """Ids with the most reasons first, then the newest, then by id."""
    query = "SELECT id, date FROM reviews WHERE id IN (SELECT unnest($ids))"
    dates = {row["id"]: row["date"] for row in snapshot.sql(query, {"ids": list(doubts)}).to_pylist()}

    def order(review: str) -> tuple[int, float, str]:
        when = dates[review]
        return -len(doubts[review]), -when.timestamp() if when else float("inf"), review

    return sorted(doubts, key=order)


def credibility(
    snapshot: Snapshot, filters: Filters, *, reason: str | None = None, top: int = 20
) -> Credibility:
    """The doubtful reviews that the filters choose, the count of each reason, the figures without them.

    Args:
        snapshot: the lake.
        filters: what is chosen; `left_out` is heeded like any other.
        reason: lists only reviews with this reason, for the adding ones also those that are not doubtful.
        top: reviews listed at most.

    Raises:
        InputError: an unknown reason.
    """
    if reason is not None and reason not in REASONS:
        raise InputError(f"There is no reason for doubt called {reason!r}.", f"Known: {', '.join(REASONS)}.")
    top = max(top, 0)
    doubts, found = find(snapshot, filters)
    where, params = filters.where("r")
    text = {"no_text": NO_TEXT}
    row = snapshot.sql(fill(_COUNT, where=where, **_pieces()), params | text).to_pylist()[0]
    if reason in ("no_detail", "fresh_author"):
        condition = SCANT if reason == "no_detail" else _FRESH
        given = params | {"top": top} | (text if reason == "no_detail" else {})
        only = fill(_ONLY, authors=_AUTHORS, condition=condition, where=where)
        listed = [one["id"] for one in snapshot.sql(only, given).to_pylist()]
    else:
        chosen = {review: own for review, own in doubts.items() if reason is None or reason in own}
        listed = _ranked(snapshot, chosen)[:top]
    share, low, high = wilson(len(doubts), row["reviews"]) or (None, None, None)
    left_out = tuple(sorted({*filters.left_out, *doubts}))
    return Credibility(
        reviews=row["reviews"],
        doubtful=len(doubts),
        share=share,
        low=low,
        high=high,
        counts=_counts(doubts, row),
        bursts=found,
        rows=tuple(_rows(snapshot, listed, doubts)),
        every=scores(snapshot, filters),
        credible=scores(snapshot, replace(filters, left_out=left_out)),
    )
