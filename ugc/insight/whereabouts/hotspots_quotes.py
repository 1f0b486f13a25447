"""In their words: quotes of several groups at once, each of its theme."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from ugc.insight.choice.filters import Filters
from ugc.insight.choice.statement import fill
from ugc.insight.reviews.quotes import LONGEST, SHORTEST, quotes_among
from ugc.insight.whereabouts.hotspots_cells import members, overlap, targets_of

if TYPE_CHECKING:
    from ugc.insight.whereabouts.hotspots import HotSpot
    from ugc.lake import Snapshot

__all__ = ["quoted"]

_POOL = 40
"""Candidates of one group, the most confident ones, among which the typical ones are sought."""

# A candidate is one whole number, as in `ugc.insight.reviews.quotes`: the largest are the best.
_CANDIDATES = """
WITH chosen AS MATERIALIZED (
    SELECT r.key, r.author, {member} AS member
    FROM reviews r JOIN tags t ON t.key = r.key {joins}
    WHERE t.sentiment IS NOT NULL AND r.duplicate_of IS NULL AND r.key % $step = 0 AND {where}
),
wanted AS (
    SELECT unnest($spots) AS spot, unnest($bits)::BIGINT AS bit, unnest($themes) AS theme,
        unnest($polarities) AS polarity
),
best AS (
    SELECT w.spot, unnest(max(
        ((m."end" - m.start BETWEEN $shortest AND $longest)::BIGINT << 61)
        | (CAST(m.confidence * 1048575 AS BIGINT) << 41) | (m.key::BIGINT << 10) | m.n,
        $pool
    )) AS packed
    FROM mentions m JOIN wanted w ON w.theme = m.theme AND w.polarity = m.polarity
    JOIN chosen c ON c.key = m.key
    WHERE m.key % $step = 0 AND m.n < 1024 AND c.member & w.bit <> 0
    GROUP BY 1
)
SELECT b.spot AS theme, b.packed >> 61 = 1 AS fits, m.confidence, m.review_id, m.n, m.start, m."end",
    m.touchpoint, c.author
FROM best b
    JOIN mentions m ON m.key = (b.packed >> 10) & 2147483647 AND m.n = b.packed & 1023
    JOIN chosen c ON c.key = m.key
"""


def _side(spot: HotSpot) -> str:
    """The polarity that is quoted: of displeasure that is rare, what is praised instead."""
    if spot.theme is None:
        return "negative" if spot.direction == "worse" else "positive"
    return spot.polarity


def _about(snapshot: Snapshot, filters: Filters, spots: Sequence[HotSpot], step: int) -> list[str | None]:
    """The theme of each spot; of one without, that raised most beyond what the rest lets one expect."""
    if all(one.theme is not None for one in spots):
        return [one.theme for one in spots]
    targets = targets_of(snapshot, (), ("negative", "positive"))
    seen = overlap(snapshot, filters, targets, [one.conditions for one in spots], step=step)
    found = []
    for place, one in enumerate(spots):
        own = seen.member[:, place]
        ratio = seen.n[own].sum() / max(seen.n[~own].sum(), 1.0)
        excess = [
            (seen.counts[own, column].sum() - ratio * seen.counts[~own, column].sum(), target)
            for column, target in enumerate(targets)
            if target.polarity == _side(one)
        ]
        most, target = max(excess, default=(0.0, None))
        found.append(one.theme if one.theme is not None else target.theme if target and most > 0 else None)
    return found


def quoted(
    snapshot: Snapshot, filters: Filters, spots: Sequence[HotSpot], *, count: int, step: int = 1
) -> tuple[HotSpot, ...]:
    """The spots with what they are about and at most `count` typical quotes of it each.

    Quotes are looked for in every `step`-th review.
    """
    if not spots or count <= 0:
        return tuple(spots)
    about = _about(snapshot, filters, spots, step)
    told = [replace(one, about=theme) for one, theme in zip(spots, about, strict=True)]
    # Where a theme is raised less than elsewhere, a quote of it would show the exception.
    wanted = [
        (place, one) for place, one in enumerate(told) if one.about and (one.theme is None or one.excess > 0)
    ]
    if not wanted:
        return tuple(told)
    where, params = filters.where("r")
    member, joins, own = members([one.conditions for one in told])
    given = {
        "spots": [str(place) for place, _ in wanted],
        "bits": [1 << place for place, _ in wanted],
        "themes": [one.about for _, one in wanted],
        "polarities": [_side(one) for _, one in wanted],
        "shortest": SHORTEST,
        "longest": LONGEST,
        "pool": _POOL,
        "step": step,
    }
    rows = snapshot.sql(
        fill(_CANDIDATES, member=member, joins=joins, where=where), params | own | given
    ).to_pylist()
    found = quotes_among(snapshot, rows, count)
    return tuple(replace(one, quotes=found.get(str(place), ())) for place, one in enumerate(told))
