"""Which reviews are doubtful, and why: what is looked for, and where.

Seven reasons make a review doubtful by themselves:

    copied        nearly the text of an earlier review by another author at the same source
    burst         one of far more reviews of its kind than the source's own rhythm gives
                  (`ugc.insight.doubt.bursts`)
    contradiction one star on a text read as positive, or five stars on one read as negative, with a
                  probability of at least SURE, and no clause of it says what the stars say
    bonus, asked  the writer says that something was given for the review, or that it was asked for
    employee, competitor  the writer speaks as staff or as a rival (`ugc.insight.doubt.phrases`)

Two only add to them, because most reviews that carry them are sincere:

    no_detail     nothing specific is said and no theme is raised
    fresh_author  the author's only review here, at a source where most reviews are by authors of several

Copies, bursts and authors are looked for in the whole lake, whatever is chosen: a choice of reviews
holds the doubtful ones that all its parts hold. A model's misreading can look like a
contradiction, a scandal like a burst: doubt is a cause to read, not a verdict.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from typing import TYPE_CHECKING, Any

from ugc.insight.choice.filters import Filters
from ugc.insight.choice.statement import fill
from ugc.insight.doubt.bursts import SIDE, Burst, bursts
from ugc.insight.doubt.phrases import PHRASES, coarse, spoken
from ugc.insight.doubt.remembered import remembered

if TYPE_CHECKING:
    from ugc.lake import Snapshot

__all__ = ["ALONE", "REASONS", "SURE", "Doubts", "doubtful", "find", "find_among"]

ALONE = ("copied", "burst", "contradiction", *PHRASES)
"""Reasons that make a review doubtful by themselves."""

REASONS = (*ALONE, "no_detail", "fresh_author")
"""All reasons; the last two only add to the others."""

SURE = 0.95
"""Least probability of a sentiment that contradicts the stars."""

_KNOWN_COPIES = """
WITH alike AS (
    SELECT id, coalesce(duplicate_of, id) AS first, source, author, date
    FROM reviews
    WHERE author IS NOT NULL
        AND (duplicate_of IS NOT NULL OR id IN (SELECT duplicate_of FROM reviews))
), copies AS (
    SELECT id, author, first_value(id) OVER earliest AS model, first_value(author) OVER earliest AS writer
    FROM alike
    WINDOW earliest AS (PARTITION BY first, source ORDER BY date NULLS LAST, id <> first, id)
)
SELECT r.id, c.model AS told
FROM reviews r JOIN copies c ON c.id = r.id
WHERE c.author <> c.writer AND {where}
"""
"""The earliest of a group is no copy, nor is what its author posted again."""

_IN_BURSTS = """
WITH found AS (
    SELECT unnest($n) AS n, unnest($source) AS source, unnest($company) AS company,
        unnest($product) AS product, unnest($place) AS place, unnest($whole) AS whole,
        unnest($side) AS side, unnest($first) AS first, unnest($last) AS last
), sided AS (
    SELECT r.id, r.source, nullif(r.company, '') AS company, nullif(r.product, '') AS product,
        nullif(r.place, '') AS place, {side} AS side,
        CAST(floor(epoch_us(r.date) / 86400000000) AS INTEGER) AS day
    FROM reviews r LEFT JOIN tags t ON t.key = r.key
    WHERE r.date IS NOT NULL AND {where}
)
SELECT s.id, min(f.n) AS told
FROM sided s JOIN found f ON f.source = s.source AND f.side = s.side
    AND s.day BETWEEN f.first AND f.last AND f.company IS NOT DISTINCT FROM s.company
    AND (f.whole OR (f.product IS NOT DISTINCT FROM s.product AND f.place IS NOT DISTINCT FROM s.place))
GROUP BY 1
"""

_CONTRADICTING = """
WITH raised AS (
    SELECT a.key, a.polarity FROM raises a WHERE a.key IN (SELECT r.key FROM reviews r WHERE {where})
)
SELECT r.id, t.sentiment AS told
FROM reviews r JOIN tags t ON t.key = r.key
WHERE ((r.stars < 1.5 AND t.sentiment = 'positive' AND coalesce(t.p_positive, 1) >= $sure
        AND r.key NOT IN (SELECT key FROM raised WHERE polarity = 'negative'))
    OR (r.stars >= 4.5 AND t.sentiment = 'negative' AND coalesce(t.p_negative, 1) >= $sure
        AND r.key NOT IN (SELECT key FROM raised WHERE polarity = 'positive')))
    AND {where}
"""

_TEXTS = "SELECT r.id, r.text FROM reviews r WHERE {where} AND regexp_matches(r.text, $coarse)"

_FEW = "r.id IN (SELECT unnest($ids))"

Doubts = dict[str, dict[str, str | None]]
"""Review id → reason → what it rests on."""


def _days(one: Burst) -> str:
    """First and last day of a burst as ISO 8601 writes an interval."""
    return f"{one.first}/{one.last}"


def _in_bursts(
    snapshot: Snapshot, where: str, params: dict[str, Any], found: Sequence[Burst]
) -> dict[str, int]:
    """Reviews for which a condition holds that lie in a burst, and its place in `found`."""
    if not found:
        return {}
    epoch = date(1970, 1, 1).toordinal()
    given: dict[str, list[object]] = {
        name: [getattr(one, name) for one in found]
        for name in ("source", "company", "product", "place", "whole", "side")
    }
    given |= {
        "n": list(range(len(found))),
        "first": [one.first.toordinal() - epoch for one in found],
        "last": [one.last.toordinal() - epoch for one in found],
    }
    rows = snapshot.sql(fill(_IN_BURSTS, side=SIDE, where=where), params | given).to_pylist()
    return {row["id"]: row["told"] for row in rows}


def _gathered(
    snapshot: Snapshot, where: str, params: dict[str, Any], texts: Iterable[tuple[str, str]]
) -> tuple[Doubts, tuple[Burst, ...]]:
    """The doubtful reviews among those for which a condition holds, and the bursts they lie in.

    `texts` are id and text of those reviews, all that a phrase may stand in.
    """
    doubts: Doubts = defaultdict(dict)
    for row in snapshot.sql(fill(_KNOWN_COPIES, where=where), params).to_pylist():
        doubts[row["id"]]["copied"] = row["told"]
    all_bursts = remembered(snapshot, bursts)
    within = _in_bursts(snapshot, where, params, all_bursts)
    for review, place in within.items():
        doubts[review]["burst"] = _days(all_bursts[place])
    for row in snapshot.sql(fill(_CONTRADICTING, where=where), params | {"sure": SURE}).to_pylist():
        doubts[row["id"]]["contradiction"] = row["told"]
    for review, text in texts:
        for said in spoken(text):
            doubts[review][said.reason] = said.words
    held = set(within.values())
    return doubts, tuple(one for place, one in enumerate(all_bursts) if place in held)


def _texts(snapshot: Snapshot, where: str, params: dict[str, Any]) -> Iterator[tuple[str, str]]:
    """Id and text of the reviews that may hold a phrase."""
    for batch in snapshot.batches(fill(_TEXTS, where=where), params | {"coarse": coarse()}):
        yield from zip(batch.column("id").to_pylist(), batch.column("text").to_pylist(), strict=True)


def find(snapshot: Snapshot, filters: Filters) -> tuple[Doubts, tuple[Burst, ...]]:
    """All doubtful reviews chosen with the reasons that make them so, and the bursts they lie in."""
    where, params = filters.where("r")
    return _gathered(snapshot, where, params, _texts(snapshot, where, params))


def find_among(snapshot: Snapshot, ids: Sequence[str]) -> Doubts:
    """The doubtful ones among a few reviews, without reading the texts of the others.

    Whether one lies in a burst is looked up among all bursts of the lake; those are remembered.
    """
    rows = snapshot.reviews_of(ids, ["text"]).to_pylist()
    few: dict[str, Any] = {"ids": list(ids)}
    found, _ = _gathered(snapshot, _FEW, few, ((row["id"], row["text"]) for row in rows))
    return found


def _every(snapshot: Snapshot) -> tuple[str, ...]:
    """Ids of all doubtful reviews of the lake, in order."""
    return tuple(sorted(find(snapshot, Filters())[0]))


def doubtful(snapshot: Snapshot, filters: Filters | None = None) -> tuple[str, ...]:
    """Ids of the doubtful reviews that the filters choose, in order; those of all are remembered."""
    if not filters:
        return remembered(snapshot, _every)
    found, _ = find(snapshot, filters)
    return tuple(sorted(found))
