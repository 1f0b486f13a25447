"""How completely: what was read of each target of each source, when, and how its last run ended."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any, Literal

from ugc.insight.choice.counts import NO_TEXT

if TYPE_CHECKING:
    from ugc.lake import Snapshot

__all__ = ["Age", "Coverage", "Run", "TargetCoverage", "age", "coverage", "runs", "uncovered"]


@dataclass(frozen=True)
class Run:
    """One run as the lake noted it. Times are UTC; a count that the run did not note is `None`."""

    id: str
    kind: str
    """import, collect, reparse or tag."""
    source: str | None
    target: str | None
    """What was collected, the file that was imported, or the model that tagged."""
    state: str
    """complete, partial, failed or running."""
    reason: str | None
    started_at: datetime
    finished_at: datetime | None
    oldest: datetime | None
    """Date of the earliest review that it saw."""
    newest: datetime | None
    pages: int | None
    read: int | None
    """Reviews or rows read; of a run of the model, reviews tagged."""
    new: int | None
    changed: int | None
    without_text: int | None

    @property
    def at(self) -> datetime:
        """When it ended, or began while it has not."""
        return self.finished_at or self.started_at


@dataclass(frozen=True)
class TargetCoverage:
    """What the lake has of one target of a source."""

    source: str
    target: str | None
    """What is read there, or the name of the file; `None` where the lake does not know."""
    reviews: int = 0
    without_text: int = 0
    """Ratings without a text; they are among the reviews."""
    undated: int = 0
    untagged: int = 0
    oldest: datetime | None = None
    newest: datetime | None = None
    run: Run | None = None
    """The last run that read it; `None` when none did."""
    listed: bool = False
    """Whether it is among those that are to be read regularly."""


@dataclass(frozen=True)
class Coverage:
    """All targets, those with the most reviews first, and their sums."""

    rows: tuple[TargetCoverage, ...]
    reviews: int
    without_text: int
    untagged: int
    sources: int
    """Sources that reviews came from."""


@dataclass(frozen=True)
class Age:
    """How long ago: `n` whole units; 0 minutes is less than one."""

    n: int
    unit: Literal["minutes", "hours", "days"]


_REVIEWS = """
SELECT r.source, u.target, count(*) AS reviews, max(r.date) AS newest, min(r.date) AS oldest,
    count(*) FILTER (r.text_hash = $no_text) AS without_text,
    count(*) - count(r.date) AS undated,
    count(*) FILTER (t.review_id IS NULL AND r.text_hash <> $no_text) AS untagged
FROM reviews r
    LEFT JOIN tags t ON t.review_id = r.id
    LEFT JOIN runs u ON u.id = r.run_id AND u.kind <> 'tag'
GROUP BY 1, 2
"""

_RUNS = """
SELECT id, kind, source, target, state, reason, started_at, finished_at, oldest, newest, counts
FROM runs ORDER BY started_at DESC, id DESC
"""

_LAST = f"{_RUNS} LIMIT $limit"


def _run(row: dict[str, Any]) -> Run:
    """A row of the table of runs; counts that are no JSON object count as not noted."""
    try:
        counts = json.loads(row.pop("counts") or "{}")
    except ValueError:
        counts = {}
    if not isinstance(counts, dict):
        counts = {}
    told: dict[str, Any] = {name: counts.get(name) for name in ("pages", "new", "changed", "without_text")}
    return Run(**row, read=counts.get("rows", counts.get("tagged")), **told)


def runs(snapshot: Snapshot, *, limit: int = 50) -> tuple[Run, ...]:
    """The last runs of every kind, the latest first."""
    return tuple(_run(row) for row in snapshot.sql(_LAST, {"limit": limit}).to_pylist())


def _key(run: Run) -> tuple[str | None, str | None]:
    """What a run belongs to: a file is told by its name, for its rows may name several sources."""
    return (None if run.kind == "import" else run.source, run.target)


def coverage(snapshot: Snapshot, listed: Iterable[tuple[str, str]] = ()) -> Coverage:
    """One row a target: those that reviews came from, that runs tried, and that are `listed`.

    Args:
        snapshot: the lake.
        listed: source and target of what is to be read regularly, whether or not it ever was.
    """
    last: dict[tuple[str | None, str | None], Run] = {}
    for row in snapshot.sql(_RUNS).to_pylist():
        if row["kind"] != "tag":
            run = _run(row)
            last.setdefault(_key(run), run)
    wanted = set(listed)
    found: dict[tuple[str, str | None], TargetCoverage] = {}
    for row in snapshot.sql(_REVIEWS, {"no_text": NO_TEXT}).to_pylist():
        key = (row["source"], row["target"])
        read = last.get(key) or last.get((None, row["target"]))
        found[key] = TargetCoverage(**row, run=read, listed=key in wanted)
    brought = {one.run.id for one in found.values() if one.run}
    for run in last.values():
        if run.id not in brought and run.source is not None:
            key = (run.source, run.target)
            found[key] = TargetCoverage(run.source, run.target, run=run, listed=key in wanted)
    for source, target in sorted(wanted - set(found)):
        found[source, target] = TargetCoverage(source, target, listed=True)
    return _summed(found.values())


def uncovered(listed: Iterable[tuple[str, str]]) -> Coverage:
    """The coverage where there is no lake yet: what is `listed` was never read."""
    return _summed(TargetCoverage(source, target, listed=True) for source, target in set(listed))


def _summed(found: Iterable[TargetCoverage]) -> Coverage:
    """Targets in their order, with their sums."""
    rows = sorted(found, key=lambda one: (-one.reviews, one.source, one.target or ""))
    return Coverage(
        rows=tuple(rows),
        reviews=sum(one.reviews for one in rows),
        without_text=sum(one.without_text for one in rows),
        untagged=sum(one.untagged for one in rows),
        sources=len({one.source for one in rows if one.reviews}),
    )


def age(moment: datetime, now: datetime) -> Age:
    """How long before `now` a moment was; one that lies ahead of it counts as just now."""
    passed = max(now - moment, timedelta(0))
    minutes = passed // timedelta(minutes=1)
    if minutes < 60:
        return Age(minutes, "minutes")
    return Age(minutes // 60, "hours") if passed < timedelta(days=2) else Age(passed.days, "days")
