"""Net Promoter Score, only where the source asked 0 to 10; stars are never turned into one.

A lake keeps the best rating of a scale, not its worst, and a scale of ten may begin at 1. A source
counts as one that asked 0–10 when somebody answered 0 there: among a hundred answers to that
question there nearly always is one.

Source
    Reichheld F. F. (2003) The one number you need to grow. Harv. Bus. Rev. 81 (12), 46-54: the
        share of 9 and 10 less the share of 0 to 6.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from ugc.insight.choice.filters import Filters
from ugc.insight.choice.statement import fill
from ugc.insight.satisfaction.scores import REPRESENTATIVE
from ugc.insight.statistics.intervals import Interval, net

if TYPE_CHECKING:
    from ugc.lake import Snapshot

__all__ = ["Nps", "nps"]

_ASKED = """
WITH asked AS (
    SELECT source FROM reviews WHERE rating_scale = 10 GROUP BY source HAVING min(rating) = 0
)
SELECT r.source, count(*) AS n, count(*) FILTER (r.rating >= 9) AS promoters,
    count(*) FILTER (r.rating <= 6) AS detractors
FROM reviews r JOIN asked a ON a.source = r.source
WHERE r.rating_scale = 10 AND {where}
GROUP BY 1
ORDER BY 2 DESC, 1
"""


@dataclass(frozen=True)
class Nps:
    """The score of one source, −100…100."""

    source: str
    n: int
    """Answers from 0 to 10."""
    promoters: int
    """9 and 10."""
    detractors: int
    """0 to 6."""
    score: Interval
    representative: bool
    missing: int
    """Answers that lack until it is representative."""


def nps(snapshot: Snapshot, filters: Filters) -> tuple[Nps, ...]:
    """The score of each source that asked 0–10, most answers first; nothing where none did.

    The limits are those of a difference of two shares of one sample; see
    `ugc.insight.statistics.intervals.net`.
    """
    where, params = filters.without_themes().where("r")
    found = []
    for row in snapshot.sql(fill(_ASKED, where=where), params).to_pylist():
        score = net(row["promoters"], row["detractors"], row["n"])
        if score is not None:
            hundred = Interval(*(100 * one for one in score))
            short = max(REPRESENTATIVE - row["n"], 0)
            found.append(Nps(**row, score=hundred, representative=not short, missing=short))
    return tuple(found)
