"""Where exactly: how often a theme comes in each city, place, product, app version or month."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

from ugc.errors import InputError
from ugc.insight.choice.counts import tagged_reviews
from ugc.insight.choice.filters import Filters
from ugc.insight.choice.statement import fill
from ugc.insight.satisfaction.trend import start_of
from ugc.insight.statistics.intervals import wilson
from ugc.insight.statistics.shrinkage import shrink_shares
from ugc.insight.statistics.significance import ALPHA, adjust, two_shares

if TYPE_CHECKING:
    from ugc.lake import Snapshot

__all__ = ["Segment", "SegmentBy", "segments"]

SegmentBy = Literal[
    "company", "product", "place", "source", "city", "language", "app_version", "touchpoint", "month", "week"
]


@dataclass(frozen=True)
class Segment:
    """One value and the share of its tagged reviews that mention the theme with the polarity."""

    value: str | None
    """The value; a month as "2026-06", a week as its Monday "2026-06-08"."""
    tagged: int
    reviews: int
    share: float | None
    low: float | None
    high: float | None
    shrunk_share: float | None
    """For ranking: small groups are drawn towards the mean."""
    rest_share: float | None
    """The share among all other tagged reviews chosen."""
    q_value: float | None
    """Test of share against rest, Benjamini–Hochberg over all values."""
    significant: bool


_KEYS: dict[str, str] = {
    "company": "nullif(r.company, '')",
    "product": "nullif(r.product, '')",
    "place": "nullif(r.place, '')",
    "source": "r.source",
    "city": "nullif(r.city, '')",
    "language": "nullif(r.language, '')",
    "app_version": "nullif(r.app_version, '')",
    "month": f"strftime({start_of('month')}, '%Y-%m')",
    "week": f"strftime({start_of('week')}, '%Y-%m-%d')",
}

_BY_REVIEW = """
WITH {chosen}
SELECT {key} AS value, count(*) AS tagged, count(m.key) AS reviews
FROM chosen r LEFT JOIN raises m ON m.key = r.key AND m.theme = $theme AND m.polarity = $polarity
GROUP BY 1
"""

_BY_TOUCHPOINT = """
WITH {chosen}
SELECT m.touchpoint AS value, (SELECT count(*) FROM chosen) AS tagged,
    count(DISTINCT m.key) AS reviews
FROM mentions m JOIN chosen r ON r.key = m.key
WHERE m.theme = $theme AND m.polarity = $polarity
GROUP BY 1
"""


def _order(by: str) -> Callable[[Segment], tuple[Any, ...]]:
    """Key of the order: time as it runs, else most mentioning reviews first; no value last."""
    if by in ("month", "week"):
        return lambda one: (one.value is None, one.value or "")
    return lambda one: (one.value is None, -one.reviews, -one.tagged, one.value or "")


def _whole(counts: list[tuple[str | None, int, int]]) -> list[Segment]:
    """Segments whose shares are all of the same reviews: nothing to test against, nothing to shrink."""
    found = []
    for value, reviews, tagged in counts:
        share, low, high = wilson(reviews, tagged) or (None, None, None)
        found.append(Segment(value, tagged, reviews, share, low, high, None, None, None, False))
    return found


def _parts(counts: list[tuple[str | None, int, int]]) -> list[Segment]:
    """Segments that divide the reviews, each tested against the rest."""
    every = sum(tagged for _, _, tagged in counts)
    raising = sum(reviews for _, reviews, _ in counts)
    p_values = [two_shares(count, n, raising - count, every - n) for _, count, n in counts]
    tested = iter(adjust([p for p in p_values if p is not None]))
    shrunk = shrink_shares([count for _, count, _ in counts], [n for _, _, n in counts])
    found = []
    for (value, count, n), p, drawn in zip(counts, p_values, shrunk, strict=True):
        share, low, high = wilson(count, n) or (None, None, None)
        rest = (raising - count) / (every - n) if every > n else None
        q = None if p is None else next(tested)
        significant = q is not None and q < ALPHA
        found.append(Segment(value, n, count, share, low, high, drawn, rest, q, significant))
    return found


def segments(
    snapshot: Snapshot, filters: Filters, *, theme: str, polarity: str, by: SegmentBy
) -> tuple[Segment, ...]:
    """Breakdown of a theme with a polarity; most mentioning reviews first, months and weeks in order.

    Each share is one of all tagged reviews of the value and is tested against the rest of the
    reviews chosen. A touchpoint belongs to a mention, not to a review: there every share is one
    of all tagged reviews chosen, and nothing is tested or shrunk. Raises `InputError` for an
    unknown breakdown.
    """
    if by != "touchpoint" and by not in _KEYS:
        raise InputError(f"There is no breakdown by {by!r}.", f"Known: {', '.join(_KEYS)}, touchpoint.")
    chosen, params = tagged_reviews(filters.without_themes())
    if by == "touchpoint":
        statement = fill(_BY_TOUCHPOINT, chosen=chosen)
    else:
        statement = fill(_BY_REVIEW, chosen=chosen, key=_KEYS[by])
    rows = snapshot.sql(statement, params | {"theme": theme, "polarity": polarity}).to_pylist()
    counts = [(row["value"], row["reviews"], row["tagged"]) for row in rows]
    found = _whole(counts) if by == "touchpoint" else _parts(counts)
    return tuple(sorted(found, key=_order(by)))
