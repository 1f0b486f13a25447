"""The courses that change points and spikes are sought in: counts by period, from two queries."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Literal

import numpy as np
from numpy.typing import NDArray

from ugc.insight.choice.counts import EMPTY, by_key, tagged_reviews
from ugc.insight.choice.filters import Filters
from ugc.insight.choice.statement import fill
from ugc.insight.satisfaction.trend import Period, periods, start_of

if TYPE_CHECKING:
    from ugc.lake import Snapshot

__all__ = ["Kind", "Numbers", "Series", "all_series"]

Kind = Literal["negative", "stars", "volume", "theme"]
Numbers = NDArray[np.float64]

_THEMES = """
WITH {chosen}
SELECT {start} AS start, m.theme, m.polarity, count(*) AS reviews
FROM raises m JOIN chosen r ON r.key = m.key
WHERE r.date IS NOT NULL
GROUP BY ALL
"""


@dataclass(frozen=True, eq=False)
class Series:
    """One figure by period: `total` of `n` reviews each; all arrays have one entry a period."""

    kind: Kind
    theme: str | None
    polarity: str | None
    starts: tuple[date, ...]
    """First days of the periods, whole ones only, without gaps."""
    total: Numbers
    """Reviews counted, or the sum of their stars."""
    n: Numbers
    """Tagged reviews, or ratings; 1 for each period of the volume."""
    squares: float = 0.0
    """Sum of squared stars over all periods; 0 for counts."""


def all_series(snapshot: Snapshot, filters: Filters, by: Period = "week") -> tuple[Series, ...]:
    """Volume, share of negatives, mean stars, and the share of every theme with every polarity.

    Periods that the filters or the data cut short are left out. `filters.themes` limits which
    themes are listed, not the reviews. Raises `InputError` for an unknown period.
    """
    base = filters.without_themes()
    found = by_key(snapshot, base, start_of(by))
    starts = tuple(start for start, partial in periods(snapshot, base, by) if not partial)
    if not starts:
        return ()
    counts = [found.get(start, EMPTY) for start in starts]

    def column(name: str) -> Numbers:
        return np.array([getattr(one, name) for one in counts], dtype=np.float64)

    tagged = column("tagged")
    series = [
        Series("volume", None, None, starts, column("reviews"), np.ones(len(starts))),
        Series("negative", None, None, starts, column("negative"), tagged),
        Series(
            "stars", None, None, starts, column("stars"), column("ratings"),
            float(column("star_squares").sum()),
        ),
    ]  # fmt: skip
    chosen, params = tagged_reviews(base)
    rows = snapshot.sql(fill(_THEMES, chosen=chosen, start=start_of(by)), params).to_pylist()
    place = {start: index for index, start in enumerate(starts)}
    themes: dict[tuple[str, str], Numbers] = {}
    for row in rows:
        if row["start"] in place and (not filters.themes or row["theme"] in filters.themes):
            course = themes.setdefault((row["theme"], row["polarity"]), np.zeros(len(starts)))
            course[place[row["start"]]] = row["reviews"]
    series += [Series("theme", *key, starts, themes[key], tagged) for key in sorted(themes)]
    return tuple(series)
