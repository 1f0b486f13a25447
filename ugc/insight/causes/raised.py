"""Which themes each review praises, blames or merely names, folded to one row a pattern.

A regression of the rating on themes needs no more of a million reviews than how many of them
share a pattern of themes and a rating; DuckDB counts that, and the rest is small arrays.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from ugc.errors import InputError
from ugc.insight.causes.impact import Sums
from ugc.insight.choice.counts import tagged_reviews
from ugc.insight.choice.filters import Filters
from ugc.insight.choice.statement import fill
from ugc.taxonomy import keys

if TYPE_CHECKING:
    from ugc.lake import Snapshot

__all__ = ["MOST_THEMES", "Raised", "raised"]

MOST_THEMES = 62
"""Themes that fit into the bits of one whole number."""

_PATTERNS = """
WITH {chosen},
bits AS (SELECT unnest($names) AS theme, unnest($bits) AS bit),
masks AS (
    SELECT r.key,
        bit_or(b.bit) FILTER (m.polarity = 'positive') AS praised,
        bit_or(b.bit) FILTER (m.polarity = 'negative') AS blamed,
        bit_or(b.bit) AS named
    FROM raises m JOIN chosen r ON r.key = m.key JOIN bits b ON b.theme = m.theme
    GROUP BY r.key
)
SELECT coalesce(k.praised, 0) AS praised, coalesce(k.blamed, 0) AS blamed, coalesce(k.named, 0) AS named,
    r.stars, count(*) AS reviews
FROM chosen r LEFT JOIN masks k ON k.key = r.key
GROUP BY 1, 2, 3, 4
ORDER BY 1, 2, 3, 4
"""


@dataclass(frozen=True, eq=False)
class Raised:
    """Patterns of themes and ratings, and how many tagged reviews show each."""

    themes: tuple[str, ...]
    praised: NDArray[np.bool_]
    """[patterns × themes]: mentioned with praise."""
    blamed: NDArray[np.bool_]
    """[patterns × themes]: mentioned with blame. A review may do both."""
    named: NDArray[np.bool_]
    """[patterns × themes]: mentioned at all, neutrally too."""
    stars: NDArray[np.float64]
    """[patterns]; NaN for reviews without a rating."""
    reviews: NDArray[np.int64]
    """[patterns]."""

    def rated(self) -> Raised:
        """The patterns that have a rating."""
        kept = ~np.isnan(self.stars)
        return Raised(
            self.themes,
            self.praised[kept],
            self.blamed[kept],
            self.named[kept],
            self.stars[kept],
            self.reviews[kept],
        )

    def sums(self, chosen: NDArray[np.bool_] | None = None) -> Sums:
        """Number, sum and sum of squares of the ratings of some patterns, all unless told."""
        stars, counts = self.stars, np.where(np.isnan(self.stars), 0, self.reviews)
        if chosen is not None:
            stars, counts = stars[chosen], counts[chosen]
        known = np.nan_to_num(stars)
        return Sums(int(counts.sum()), float(known @ counts), float((known * known) @ counts))


def _flags(masks: NDArray[np.int64], themes: int) -> NDArray[np.bool_]:
    """The bits of whole numbers as one column a theme."""
    found: NDArray[np.bool_] = (masks[:, None] >> np.arange(themes)) & 1 == 1
    return found


def raised(snapshot: Snapshot, filters: Filters) -> Raised:
    """Patterns of the tagged reviews that the filters choose, over every theme known or in the lake.

    Raises `InputError` where there are more themes than MOST_THEMES.
    """
    held = snapshot.sql("SELECT DISTINCT theme FROM raises ORDER BY 1").column(0).to_pylist()
    themes = tuple(dict.fromkeys([*keys("themes"), *held]))
    if len(themes) > MOST_THEMES:
        raise InputError(
            f"The lake holds {len(themes)} themes; at most {MOST_THEMES} can be weighed together.",
            "Merge themes in themes.toml and tag the reviews again.",
        )
    chosen, params = tagged_reviews(filters)
    named = {"names": list(themes), "bits": [1 << place for place in range(len(themes))]}
    table = snapshot.sql(fill(_PATTERNS, chosen=chosen), params | named)
    columns = {name: table.column(name).to_numpy() for name in ("praised", "blamed", "named")}
    masks = {name: _flags(column.astype(np.int64), len(themes)) for name, column in columns.items()}
    return Raised(
        themes,
        masks["praised"],
        masks["blamed"],
        masks["named"],
        table.column("stars").to_numpy().astype(np.float64),
        table.column("reviews").to_numpy().astype(np.int64),
    )
