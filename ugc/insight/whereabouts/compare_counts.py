"""The counts of the sides of a comparison, each kind taken of all sides in one query."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from itertools import combinations
from typing import TYPE_CHECKING, Any, NamedTuple

from ugc.errors import InputError
from ugc.insight.choice.display import printable
from ugc.insight.choice.statement import fill
from ugc.insight.reviews.quotes import LONGEST, POOL, SHORTEST, Quote, quotes_among
from ugc.insight.whereabouts.compare_sides import Chosen, conditions, disjoint

if TYPE_CHECKING:
    from ugc.lake import Snapshot

__all__ = ["POLARITIES", "Said", "concrete_counts", "no_overlap", "raised", "said_at"]

POLARITIES = ("negative", "positive")
"""Polarities with which a theme is compared."""

_OVERLAP = "SELECT count(*) AS n FROM reviews r WHERE {both}"

_CHOSEN = """chosen AS (
    SELECT r.key, r.duplicate_of, r.author, CASE {cases} END AS side
    FROM reviews r JOIN tags t ON t.key = r.key
    WHERE t.sentiment IS NOT NULL AND ({any})
)"""

_RAISED = """
WITH {chosen}
SELECT m.theme, m.polarity, r.side, count(*) AS reviews
FROM raises m JOIN chosen r ON r.key = m.key
WHERE m.polarity IN (SELECT unnest($polarities))
GROUP BY ALL
"""

_CONCRETE = """
WITH {chosen},
said AS (
    SELECT DISTINCT m.key, m.theme, m.polarity, m.reason
    FROM reasoned m
    WHERE m.reason IS NOT NULL AND m.polarity IN (SELECT unnest($polarities))
)
SELECT s.reason, s.theme, s.polarity, r.side, count(*) AS reviews
FROM said s JOIN chosen r ON r.key = s.key
GROUP BY ALL
"""

# See ugc.insight.reviews.quotes for how a candidate is packed into one number.
_CANDIDATES = """
WITH {chosen},
wanted AS (
    SELECT unnest($sides)::INTEGER AS side, unnest($names) AS name, unnest($polarities) AS polarity
),
best AS (
    SELECT m.{column} AS name, m.polarity, c.side, unnest(max(
        ((m."end" - m.start BETWEEN $shortest AND $longest)::BIGINT << 61)
        | (CAST(m.confidence * 1048575 AS BIGINT) << 41) | (m.key::BIGINT << 10) | m.n,
        $pool
    )) AS packed
    FROM {mentions} m JOIN chosen c ON c.key = m.key
        JOIN wanted w ON w.side = c.side AND w.name = m.{column} AND w.polarity = m.polarity
    WHERE c.duplicate_of IS NULL AND m.n < 1024
    GROUP BY 1, 2, 3
)
SELECT b.side || ' ' || b.polarity || ' ' || b.name AS theme, b.packed >> 61 = 1 AS fits, m.confidence,
    m.review_id, m.n, m.start, m."end", m.touchpoint, c.author
FROM best b
    JOIN mentions m ON m.key = (b.packed >> 10) & 2147483647 AND m.n = b.packed & 1023
    JOIN chosen c ON c.key = m.key
"""


_LEAST_POOL = 8
"""Candidates of a theme at a side at least. The usual number is shared out among all that are asked
for: reading the texts of all candidates takes longer than all else."""


class Said(NamedTuple):
    """A theme, or the id of a concrete reason, with a polarity at one side (its place)."""

    side: int
    name: str
    polarity: str


def _chosen(sides: Sequence[Chosen]) -> tuple[str, dict[str, Any]]:
    """SQL of the common table `chosen`: the tagged reviews of all sides, and its parameters."""
    wheres, params = conditions(sides)
    cases = " ".join(f"WHEN {where} THEN {place}" for place, where in enumerate(wheres))
    return fill(_CHOSEN, cases=cases, any=" OR ".join(wheres)), params


def no_overlap(snapshot: Snapshot, sides: Sequence[Chosen]) -> None:
    """Raises `InputError` where a review stands on more than one side."""
    if all(disjoint(one.filters, other.filters) for one, other in combinations(sides, 2)):
        return
    wheres, params = conditions(sides)
    both = " + ".join(f"coalesce({where}, false)::INTEGER" for where in wheres) + " > 1"
    n = snapshot.sql(fill(_OVERLAP, both=both), params).to_pylist()[0]["n"]
    if n:
        names = ", ".join(printable(side.name[:200]) for side in sides)
        raise InputError(
            f"{n} reviews stand on more than one side ({names}).", "Choose sides that share no review."
        )


def raised(snapshot: Snapshot, sides: Sequence[Chosen]) -> tuple[dict[tuple[str, ...], int], ...]:
    """For each side, the tagged reviews that raise each theme with each polarity."""
    chosen, params = _chosen(sides)
    query = fill(_RAISED, chosen=chosen)
    found: tuple[dict[tuple[str, ...], int], ...] = tuple({} for _ in sides)
    for row in snapshot.sql(query, params | {"polarities": list(POLARITIES)}).to_pylist():
        found[row["side"]][row["theme"], row["polarity"]] = row["reviews"]
    return found


def concrete_counts(snapshot: Snapshot, sides: Sequence[Chosen]) -> tuple[dict[tuple[str, ...], int], ...]:
    """For each side, the tagged reviews that give each concrete reason: (id, theme, polarity)."""
    chosen, params = _chosen(sides)
    query = fill(_CONCRETE, chosen=chosen)
    found: tuple[dict[tuple[str, ...], int], ...] = tuple({} for _ in sides)
    for row in snapshot.sql(query, params | {"polarities": list(POLARITIES)}).to_pylist():
        found[row["side"]][row["reason"], row["theme"], row["polarity"]] = row["reviews"]
    return found


def said_at(
    snapshot: Snapshot, sides: Sequence[Chosen], wanted: Iterable[Said], count: int, *, reasons: bool = False
) -> dict[Said, tuple[Quote, ...]]:
    """At most `count` typical quotes of each theme (with `reasons`, of each concrete reason) at a side."""
    listed = sorted(set(wanted))
    if not listed or count <= 0:
        return {}
    chosen, params = _chosen(sides)
    column, mentions = ("reason", "reasoned") if reasons else ("theme", "mentions")
    asked = {
        "sides": [one.side for one in listed],
        "names": [one.name for one in listed],
        "polarities": [one.polarity for one in listed],
        "shortest": SHORTEST,
        "longest": LONGEST,
        "pool": max(POOL // len(listed), _LEAST_POOL),
    }
    query = fill(_CANDIDATES, chosen=chosen, column=column, mentions=mentions)
    found = quotes_among(snapshot, snapshot.sql(query, params | asked).to_pylist(), count)
    told: dict[Said, tuple[Quote, ...]] = defaultdict(tuple)
    told |= {one: found.get(f"{one.side} {one.polarity} {one.name}", ()) for one in listed}
    return told
