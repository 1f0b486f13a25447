"""How fresh: for each source the newest review, the last run and what came without text."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from ugc.insight.choice.filters import Filters
from ugc.insight.choice.statement import fill

if TYPE_CHECKING:
    from ugc.lake import Snapshot

__all__ = ["SourceFreshness", "freshness"]


@dataclass(frozen=True)
class SourceFreshness:
    """Coverage of one source. Times are UTC."""

    source: str
    reviews: int
    newest: datetime | None
    """Date of its newest review."""
    oldest: datetime | None
    read_at: datetime | None
    """When the last run that read it finished (or began, while it is running)."""
    kind: str | None
    """import or collect."""
    state: str | None
    """State of that run: complete, partial, failed, running."""
    reason: str | None
    """Why it is partial or failed."""
    without_text: int
    undated: int
    untagged: int


_REVIEWS = """
SELECT r.source, count(*) AS reviews, max(r.date) AS newest, min(r.date) AS oldest,
    count(*) FILTER (r.without_text) AS without_text,
    count(*) - count(r.date) AS undated,
    count(*) FILTER (NOT r.was_read AND NOT r.without_text) AS untagged
FROM judged r
WHERE {where}
GROUP BY 1
ORDER BY 2 DESC, 1
"""

_RUNS = """
WITH read AS (
    SELECT source, id FROM runs WHERE kind <> 'tag' AND source IS NOT NULL
    UNION
    SELECT source, run_id FROM reviews WHERE run_id IS NOT NULL
)
SELECT read.source, u.kind, u.state, u.reason, coalesce(u.finished_at, u.started_at) AS read_at
FROM read JOIN runs u ON u.id = read.id
WHERE u.kind <> 'tag'
QUALIFY row_number() OVER (PARTITION BY read.source ORDER BY u.started_at DESC, u.id DESC) = 1
"""
"""A source's last run: one that names it, or one that brought reviews of it."""


def freshness(snapshot: Snapshot, filters: Filters) -> tuple[SourceFreshness, ...]:
    """One row a source that the filters choose, most reviews first.

    The counts are those of the chosen reviews; the last run is that of the source as a whole.
    """
    where, params = filters.where("r")
    rows = snapshot.sql(fill(_REVIEWS, where=where), params).to_pylist()
    runs = {row["source"]: row for row in snapshot.sql(_RUNS).to_pylist()}
    found = []
    for row in rows:
        run = runs.get(row["source"], {})
        found.append(
            SourceFreshness(
                **row,
                read_at=run.get("read_at"),
                kind=run.get("kind"),
                state=run.get("state"),
                reason=run.get("reason"),
            )
        )
    return tuple(found)
