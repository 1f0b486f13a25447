"""Looking over a lake: what is damaged, doubled or left over, and what mends it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from ugc.errors import LakeError
from ugc.lake.migrate import version_of, version_of_table
from ugc.lake.snapshot import Snapshot
from ugc.lake.store import TABLES, Pin, Store
from ugc.lake.upkeep import LEFT_GROUPED, LEFT_LIKENED, LEFT_MENTIONS, LEFT_VECTORS, STRAY_TAGS
from ugc.lake.views import select
from ugc.schema import SCHEMA_VERSION

__all__ = ["CheckReport", "Problem", "look_over"]

_KEYS = {
    "reviews": "id",
    "tags": "review_id",
    "mentions": "review_id, batch, n",
    "corrections": "id",
    "runs": "id",
    "actions": "id",
    "vectors": 'review_id, "start", "end", model',
    "reasons": "id",
    "grouped": 'review_id, "start", "end", theme, polarity',
    "labels": "id",
    "likened": 'review_id, "start", "end", drawing',
}

_SINCE = {"actions": 2, "vectors": 3, "reasons": 3, "grouped": 3, "labels": 4, "likened": 4}
"""Schema version with which a table came, where that is not the first: older lakes may lack it."""

_LEFTOVERS = (
    ("mentions", "leftover", LEFT_MENTIONS, "batches of mentions that no tags name; nobody sees them"),
    ("vectors", "leftover", LEFT_VECTORS, "reviews with vectors of another text or model than their tags"),
    ("grouped", "leftover", LEFT_GROUPED, "reviews grouped by another text or model than their tags"),
    (
        "likened",
        "leftover",
        LEFT_LIKENED,
        "reviews likened to examples in another text or by another model",
    ),
    (
        "grouped",
        "unknown reason",
        "SELECT g.review_id FROM grouped g ANTI JOIN reasons r ON r.id = g.reason WHERE g.reason IS NOT NULL",
        "mentions that went to a reason that the lake does not hold",
    ),
    ("tags", "unknown review", STRAY_TAGS, "tags of reviews that the lake does not hold"),
    (
        "corrections",
        "unknown review",
        "SELECT c.id FROM corrections c ANTI JOIN reviews r ON r.id = c.review_id",
        "corrections of reviews that the lake does not hold",
    ),
)

_COMPACT = "ugc lake compact removes them."
_MENDS = {
    ("corrections", "unknown review"): "They do no harm.",
    ("grouped", "unknown reason"): "They count as unassigned.",
}

_RESTORE = "Restore this table's folder from a backup, or move the lake away and import again."


@dataclass(frozen=True, slots=True)
class Problem:
    """One finding. `serious` ones spoil results; others only take room."""

    table: str
    kind: str
    count: int
    message: str
    mend: str
    serious: bool = True


@dataclass(frozen=True, slots=True)
class CheckReport:
    """All findings in a lake."""

    address: str
    schema_version: int
    problems: tuple[Problem, ...]

    @property
    def ok(self) -> bool:
        """Whether nothing serious was found."""
        return not any(one.serious for one in self.problems)


def look_over(address: str | Path) -> CheckReport:
    """Reads every file of the newest version and compares the tables with each other.

    Args:
        address: folder or address of the lake, which may be damaged.

    Raises:
        LakeError: there is no lake at all.
    """
    store = Store(address)
    if not any(store.exists(name) for name in TABLES):
        raise LakeError(f"There is no lake at {store.address}.", "Name another with --lake.")
    problems = list(_unreadable(store))
    version = -1
    if all(one.kind == "missing" and one.table in _SINCE for one in problems):
        version = version_of(store)
        if all(version < _SINCE[one.table] for one in problems):
            # The tables are compared once nothing lacks.
            problems = [*_outdated(version), *(() if problems else _across(store))]
    return CheckReport(store.address, version, tuple(problems))


def _outdated(version: int) -> Iterator[Problem]:
    """A schema version older than this program's."""
    if version < SCHEMA_VERSION:
        message = f"schema version {version}, this program writes {SCHEMA_VERSION}"
        mend = "Any command that writes, for instance ugc lake compact, brings it up to date."
        yield Problem("reviews", "old schema", 1, message, mend, serious=False)


def _unreadable(store: Store) -> Iterator[Problem]:
    """Tables without a log, logs and files that cannot be read."""
    for name in TABLES:
        if not store.exists(name):
            yield Problem(name, "missing", 1, "the table is missing", _RESTORE)
            continue
        yield from _empty_commits(store, name)
        try:
            version_of_table(store, name)
            pin = store.pin(name)
            files = store.local_files(pin)
        except LakeError as error:
            yield Problem(name, "unreadable", 1, error.what, error.mend)
            continue
        yield from _bad_files(pin, files)


def _empty_commits(store: Store, name: str) -> Iterator[Problem]:
    """Commits of no length, as a loss of power leaves them: Delta would read them as no change."""
    if store.folder is None:
        return
    log = store.folder / name / "_delta_log"
    empty = [one.name for one in log.glob("*.json") if one.stat().st_size == 0]
    if empty:
        yield Problem(
            name, "unreadable", len(empty), f"empty commits in the log, first {min(empty)}", _RESTORE
        )


def _bad_files(pin: Pin, files: list[str]) -> Iterator[Problem]:
    """Data files that are gone or cannot be read to their end."""
    bad: dict[str, str] = {}
    for path in files:
        try:
            with pq.ParquetFile(path) as file:
                for _ in file.iter_batches():
                    pass
        except (OSError, pa.ArrowException) as error:
            bad[Path(path).name] = next(iter(str(error).splitlines()), type(error).__name__)
    if bad:
        name, reason = next(iter(bad.items()))
        message = f"data files cannot be read, first {name}: {reason}"
        yield Problem(pin.name, "unreadable", len(bad), message, _RESTORE)


def _across(store: Store) -> Iterator[Problem]:
    """Doubled keys, and rows that belong to nothing."""
    with Snapshot(store) as snapshot:
        for name, key in _KEYS.items():
            doubled = snapshot.raw(select((key,), f"{name} GROUP BY {key} HAVING count(*) > 1")).num_rows
            if doubled:
                yield Problem(
                    name,
                    "doubled",
                    doubled,
                    f"rows share their key ({key})",
                    "Another program wrote here: move the lake away and import again.",
                )
        for name, kind, query, message in _LEFTOVERS:
            count = snapshot.raw(query).num_rows
            if count:
                yield Problem(name, kind, count, message, _MENDS.get((name, kind), _COMPACT), serious=False)
