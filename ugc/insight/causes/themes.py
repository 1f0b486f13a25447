"""The themes in use: how often the reviews raise each one, and how sure the model is of it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from ugc.insight.choice.counts import tagged_reviews
from ugc.insight.choice.filters import Filters
from ugc.insight.choice.statement import fill
from ugc.taxonomy import keys

if TYPE_CHECKING:
    from ugc.lake import Snapshot

__all__ = ["ThemeUse", "themes"]

_USED = """
WITH {chosen}
SELECT m.theme, count(*) AS mentions, count(DISTINCT m.key) AS reviews, avg(m.confidence) AS confidence,
    count(*) FILTER (m.polarity = 'positive') AS positive,
    count(*) FILTER (m.polarity = 'negative') AS negative
FROM mentions m JOIN chosen c ON c.key = m.key
GROUP BY 1
"""


@dataclass(frozen=True)
class ThemeUse:
    """One theme and its mentions; all figures are 0 and `confidence` is `None` where nobody raises it."""

    theme: str
    mentions: int
    reviews: int
    """Tagged reviews that raise it, with whatever polarity."""
    positive: int
    """Mentions of praise."""
    negative: int
    """Mentions of blame."""
    confidence: float | None
    """Mean of the model's calibrated confidence, 0…1."""


def themes(snapshot: Snapshot, filters: Filters) -> tuple[ThemeUse, ...]:
    """Every theme of the taxonomy and what else the lake mentions, those with most reviews first."""
    chosen, params = tagged_reviews(filters.without_themes())
    rows = {row.pop("theme"): row for row in snapshot.sql(fill(_USED, chosen=chosen), params).to_pylist()}
    nothing = {"mentions": 0, "reviews": 0, "positive": 0, "negative": 0, "confidence": None}
    listed = dict.fromkeys([*keys("themes"), *sorted(rows)])
    found = [ThemeUse(theme, **rows.get(theme, nothing)) for theme in listed]
    return tuple(sorted(found, key=lambda one: -one.reviews))
