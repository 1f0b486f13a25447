"""Where stars and text disagree: counted star by star, and the reviews themselves."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from ugc.insight.choice.display import web_address
from ugc.insight.choice.filters import Filters
from ugc.insight.choice.statement import fill
from ugc.insight.statistics.intervals import Interval, wilson

if TYPE_CHECKING:
    from ugc.lake import Snapshot

__all__ = ["Disagreement", "Disagreements", "disagreements"]

_AGAINST = """((r.stars <= 2 AND t.sentiment = 'positive') OR (r.stars >= 4 AND t.sentiment = 'negative'))"""
"""As `Scores.disagreements` counts them."""

_TABLE = """
SELECT least(5, greatest(1, round(r.stars)))::INTEGER AS stars, t.sentiment, count(*) AS reviews
FROM reviews r JOIN tags t ON t.key = r.key
WHERE r.stars IS NOT NULL AND t.sentiment IS NOT NULL AND {where}
GROUP BY 1, 2
ORDER BY 1, 2
"""

_COUNT = """
SELECT count(*) AS compared, count(*) FILTER ({against}) AS reviews
FROM reviews r JOIN tags t ON t.key = r.key
WHERE r.stars IS NOT NULL AND t.sentiment IS NOT NULL AND {where}
"""

_LISTED = """
SELECT r.id FROM reviews r JOIN tags t ON t.key = r.key
WHERE {against} AND {where}
ORDER BY r.date DESC NULLS LAST, r.id
LIMIT $limit
"""

_TEXTS = """
SELECT r.id, r.text, r.date, r.stars, t.sentiment, r.source, r.company, r.city, r.url
FROM reviews r JOIN tags t ON t.review_id = r.id
WHERE r.id IN (SELECT unnest($ids))
ORDER BY r.date DESC NULLS LAST, r.id
"""

_LONGEST = 240
"""Characters of a text that are shown."""


@dataclass(frozen=True)
class Disagreement:
    """A review of 1–2 stars with a positive text, or of 4–5 stars with a negative one."""

    review_id: str
    text: str
    """Its beginning."""
    date: datetime | None
    stars: float
    sentiment: str
    source: str
    company: str | None
    city: str | None
    url: str | None
    """http(s) only."""


@dataclass(frozen=True)
class Disagreements:
    """How often stars and text disagree, and where."""

    compared: int
    """Reviews with both."""
    reviews: int
    """Of these, the ones that disagree."""
    share: Interval | None
    table: dict[int, dict[str, int]]
    """Reviews by whole stars, and in each by the sentiment of the text."""
    rows: tuple[Disagreement, ...]
    """The newest ones."""


def disagreements(snapshot: Snapshot, filters: Filters, limit: int = 10) -> Disagreements:
    """The cross table of stars and text sentiment, and at most `limit` reviews that disagree."""
    where, params = filters.where("r")
    table: dict[int, dict[str, int]] = {}
    for row in snapshot.sql(fill(_TABLE, where=where), params).to_pylist():
        table.setdefault(row["stars"], {})[row["sentiment"]] = row["reviews"]
    counted = snapshot.sql(fill(_COUNT, where=where, against=_AGAINST), params).to_pylist()[0]
    listed = snapshot.sql(fill(_LISTED, where=where, against=_AGAINST), params | {"limit": max(limit, 0)})
    ids = listed["id"].to_pylist()
    found = []
    for row in snapshot.sql(_TEXTS, {"ids": ids}).to_pylist() if ids else ():
        text = " ".join(row.pop("text").split())
        short = text if len(text) <= _LONGEST else text[:_LONGEST].rstrip() + "…"
        found.append(Disagreement(row.pop("id"), short, url=web_address(row.pop("url")), **row))
    share = wilson(counted["reviews"], counted["compared"])
    return Disagreements(counted["compared"], counted["reviews"], share, table, tuple(found))
