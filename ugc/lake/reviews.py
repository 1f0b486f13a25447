"""Reviews into the lake: new ones, changed ones, and those that are the same."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime

import pyarrow as pa
from deltalake import CommitProperties, DeltaTable

from ugc.lake.commits import append, put
from ugc.lake.rows import conform, last_of_each, rows_of
from ugc.lake.store import Store
from ugc.schema import REVIEWS, TIMESTAMP

__all__ = ["UpsertCounts", "known", "upsert", "written"]


@dataclass(frozen=True, slots=True)
class UpsertCounts:
    """How many reviews of a batch were new, changed, and the same as before."""

    new: int = 0
    changed: int = 0
    unchanged: int = 0

    def __add__(self, other: UpsertCounts) -> UpsertCounts:
        """Sums over batches."""
        return UpsertCounts(
            self.new + other.new, self.changed + other.changed, self.unchanged + other.unchanged
        )


def known(store: Store, ids: list[str]) -> dict[str, str]:
    """Content hash of each of these reviews that the lake holds."""
    if not ids:
        return {}
    table = store.open("reviews")
    with store.telling("reviews"):
        found = rows_of(store, table, "id", ids, ["id", "content_hash"])
    return dict(zip(found["id"].to_pylist(), found["content_hash"].to_pylist(), strict=True))


def written(store: Store, ids: list[str]) -> dict[str, tuple[datetime, str | None]]:
    """When and by which run each of these reviews that the lake holds was last written."""
    if not ids:
        return {}
    table = store.open("reviews")
    with store.telling("reviews"):
        rows = rows_of(store, table, "id", ids, ["id", "updated_at", "run_id"]).to_pylist()
    return {row["id"]: (row["updated_at"], row["run_id"]) for row in rows}


def upsert(
    store: Store, batch: pa.Table, run_id: str | None, note: Mapping[str, str] | None = None
) -> UpsertCounts:
    """Writes what is new or changed in one commit; the last row of an id wins.

    A changed review keeps its `first_seen`; `run_id`, `first_seen` and `updated_at` are filled
    where null. `note` lands in the same commit; there is none when nothing is new or changed.
    Raises `ValueError` for a batch of another shape, `LakeError` for a lake that cannot be written.
    """
    batch = last_of_each(conform(batch, REVIEWS), "id")
    if batch.num_rows == 0:
        return UpsertCounts()
    ids = batch["id"].to_pylist()
    hashes = batch["content_hash"].to_pylist()

    def work(table: DeltaTable, commit: CommitProperties) -> UpsertCounts:
        found = rows_of(store, table, "id", ids, ["id", "content_hash", "first_seen"])
        before = {row["id"]: row for row in found.to_pylist()}
        fresh = [one not in before for one in ids]
        rows = [
            index
            for index, one in enumerate(ids)
            if fresh[index] or before[one]["content_hash"] != hashes[index]
        ]
        new = sum(fresh)
        counts = UpsertCounts(new, len(rows) - new, len(ids) - len(rows))
        if not rows:
            return counts
        seen = {one: row["first_seen"] for one, row in before.items()}
        written = _stamp(batch.take(pa.array(rows, pa.int64())), seen, run_id)
        if counts.changed == 0:
            append(table, written, commit)
        else:
            put(table, written, ("id",), commit)
        return counts

    return store.change("reviews", work, note)


def _stamp(rows: pa.Table, seen: dict[str, datetime | None], run_id: str | None) -> pa.Table:
    """The rows with the columns that the lake fills."""
    now = datetime.now(UTC)
    first = [
        seen.get(one) or given or now
        for one, given in zip(rows["id"].to_pylist(), rows["first_seen"].to_pylist(), strict=True)
    ]
    updated = [given or now for given in rows["updated_at"].to_pylist()]
    runs = [given or run_id for given in rows["run_id"].to_pylist()]
    for name, values, kind in (
        ("first_seen", first, TIMESTAMP),
        ("updated_at", updated, TIMESTAMP),
        ("run_id", runs, pa.string()),
    ):
        rows = rows.set_column(rows.column_names.index(name), REVIEWS.field(name), pa.array(values, kind))
    return rows
