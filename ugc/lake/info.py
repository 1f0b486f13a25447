"""What is in the lake: tables, rows, sizes, dates, models."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from ugc.lake.migrate import version_of
from ugc.lake.snapshot import Snapshot
from ugc.lake.store import TABLES, Store

__all__ = ["LakeInfo", "TableInfo", "gather"]


@dataclass(frozen=True, slots=True)
class TableInfo:
    """One table: rows as written, files and bytes of its newest version, number of that version."""

    name: str
    rows: int
    files: int
    size: int
    version: int


@dataclass(frozen=True, slots=True)
class LakeInfo:
    """The lake at a glance; counts are of reviews."""

    address: str
    schema_version: int
    version: str
    tables: tuple[TableInfo, ...]
    first_date: datetime | None
    last_date: datetime | None
    sources: dict[str, int]
    languages: dict[str, int]
    models: dict[str, int]
    """Reviews whose tags are of their text as it is, by model."""
    corrections: int

    def rows(self, table: str) -> int:
        """Rows of one table."""
        return next(one.rows for one in self.tables if one.name == table)


def gather(store: Store, snapshot: Snapshot) -> LakeInfo:
    """Reads the figures of a snapshot."""
    span = snapshot.raw("SELECT min(date) AS first, max(date) AS last FROM reviews").to_pylist()[0]
    pins = [snapshot.pins[name] for name in reversed(TABLES)]
    return LakeInfo(
        address=store.address,
        schema_version=version_of(store),
        version=snapshot.version,
        tables=tuple(TableInfo(pin.name, pin.rows, len(pin.files), pin.size, pin.version) for pin in pins),
        first_date=span["first"],
        last_date=span["last"],
        sources=_counts(snapshot, "SELECT source AS what, count(*) AS n FROM reviews GROUP BY 1"),
        languages=_counts(
            snapshot, "SELECT coalesce(language, 'und') AS what, count(*) AS n FROM reviews GROUP BY 1"
        ),
        models=_counts(
            snapshot,
            "SELECT t.model AS what, count(*) AS n FROM tags t "
            "SEMI JOIN reviews r ON r.id = t.review_id AND r.text_hash = t.text_hash GROUP BY 1",
        ),
        corrections=snapshot.pins["corrections"].rows,
    )


def _counts(snapshot: Snapshot, query: str) -> dict[str, int]:
    """Counts by value, the largest first."""
    return {row["what"]: row["n"] for row in snapshot.raw(f"{query} ORDER BY n DESC, what").to_pylist()}
