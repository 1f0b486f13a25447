"""Keeping the lake small and quick: joining files, checkpoints, dropping leftovers, vacuum."""

from __future__ import annotations

from dataclasses import dataclass

import pyarrow as pa
from deltalake import CommitProperties, DeltaTable, Transaction
from deltalake.exceptions import CommitFailedError
from deltalake.schema import Schema

from ugc.lake import labels
from ugc.lake.commits import HOOKS, delete, writer
from ugc.lake.snapshot import Snapshot
from ugc.lake.store import TABLES, Store
from ugc.lake.tags import FENCE

__all__ = ["KEEP_HOURS", "CompactReport", "compact", "drop", "purge", "tidy"]

KEEP_HOURS = 1
"""Hours for which files stay that the newest versions no longer need: readers may still use them."""

TARGET_BYTES = 64 << 20
"""Size up to which files are joined."""

SMALL_BYTES = 16 << 20

SMALL_FILES = 40
"""More files than this below SMALL_BYTES are joined by the writer who brings the last one."""

CHECKPOINT_EVERY = 25
"""Commits after which the log is summed up, so that opening a table stays quick."""

LEFT_MENTIONS = """
SELECT DISTINCT m.review_id, m.batch FROM mentions m
ANTI JOIN tags t ON t.review_id = m.review_id AND t.batch = m.batch
"""

LEFT_VECTORS = """
SELECT DISTINCT v.review_id, v.text_hash, v.model FROM vectors v
ANTI JOIN tags t ON t.review_id = v.review_id AND t.text_hash = v.text_hash AND t.model = v.model
"""

LEFT_GROUPED = LEFT_VECTORS.replace("vectors v", "grouped v")

LEFT_LIKENED = LEFT_VECTORS.replace("vectors v", "likened v")

_SAME_TAGS = "old.review_id = gone.review_id AND old.text_hash = gone.text_hash AND old.model = gone.model"

STRAY_TAGS = "SELECT t.review_id FROM tags t ANTI JOIN reviews r ON r.id = t.review_id"


@dataclass(frozen=True, slots=True)
class CompactReport:
    """What compacting did: files and bytes in use before and after, rows dropped, files removed."""

    files_before: int
    files_after: int
    bytes_before: int
    bytes_after: int
    mentions_dropped: int
    tags_dropped: int
    vectors_dropped: int
    grouped_dropped: int
    likened_dropped: int
    files_removed: int


def tidy(store: Store, name: str) -> None:
    """Small upkeep after a write: sums up the log and joins small files when they are many."""
    table = store.open(name)
    with store.telling(name):
        sizes = pa.table(table.get_add_actions(flatten=True))["size_bytes"].to_pylist()
        many = sum(size < SMALL_BYTES for size in sizes) > SMALL_FILES
        if many and _join(table):
            _vacuum(table, KEEP_HOURS, stray=False)
        if many or table.version() % CHECKPOINT_EVERY == 0:
            _checkpoint(table)


def compact(store: Store, keep_hours: int = KEEP_HOURS) -> CompactReport:
    """Joins small files, drops leftover rows, and removes files unused for `keep_hours`.

    Raises:
        LakeError: the lake is damaged or cannot be written.
    """
    before = [store.pin(name) for name in TABLES]
    mentions = _drop_mentions(store)
    with Snapshot(store) as snapshot:
        stray = snapshot.raw(STRAY_TAGS)
    tags = drop(store, "tags", stray, "old.review_id = gone.review_id")
    with Snapshot(store) as snapshot:
        old_vectors, old_grouped = snapshot.raw(LEFT_VECTORS), snapshot.raw(LEFT_GROUPED)
        old_likened, undone = snapshot.raw(LEFT_LIKENED), _undone(snapshot)
    vectors = drop(store, "vectors", old_vectors, _SAME_TAGS)
    grouped = drop(store, "grouped", old_grouped, _SAME_TAGS)
    likened = drop(store, "likened", undone, "old.drawing = gone.drawing")
    likened += drop(store, "likened", old_likened, _SAME_TAGS)
    removed = 0
    for name in TABLES:
        table = store.open(name)
        with store.telling(name):
            _join(table)
            removed += _vacuum(table, keep_hours, stray=True)
            _checkpoint(table)
    after = [store.pin(name) for name in TABLES]
    return CompactReport(
        files_before=sum(len(pin.files) for pin in before),
        files_after=sum(len(pin.files) for pin in after),
        bytes_before=sum(pin.size for pin in before),
        bytes_after=sum(pin.size for pin in after),
        mentions_dropped=mentions,
        tags_dropped=tags,
        vectors_dropped=vectors,
        grouped_dropped=grouped,
        likened_dropped=likened,
        files_removed=removed,
    )


def drop(store: Store, name: str, gone: pa.Table, predicate: str) -> int:
    """Deletes the rows of a table that `predicate` joins with `gone`; gives their number."""
    if gone.num_rows == 0:
        return 0
    return store.change(name, lambda table, commit: delete(table, gone, predicate, commit))


def purge(store: Store) -> None:
    """Removes at once every file that the newest versions do not need.

    Files that no version knows are left over from interrupted writers. In a folder the turn tells
    that nobody is writing; in an object store such files are spared while they are young.
    """
    for name in TABLES:
        table = store.open(name)
        with store.telling(name):
            _vacuum(table, 0, stray=store.folder is not None)
            if store.folder is None:
                _vacuum(table, KEEP_HOURS, stray=True)
            _checkpoint(table)


def _drop_mentions(store: Store) -> int:
    """Deletes mentions that no tags name, without touching those whose tags are on their way.

    What was there before the fence and is not named after it belongs to no writer any more: one
    who had laid it but not named it yet meets the fence and lays it anew.
    """
    with Snapshot(store) as snapshot:
        if snapshot.raw(LEFT_MENTIONS).num_rows == 0:
            return 0
    laid = store.pin("mentions")
    store.change("tags", _raise_fence)
    with Snapshot(store) as snapshot:
        snapshot.pins["mentions"] = laid
        left = snapshot.raw(LEFT_MENTIONS)
    same = "old.review_id = gone.review_id AND old.batch = gone.batch"
    return drop(store, "mentions", left, same)


def _undone(snapshot: Snapshot) -> pa.Table:
    """The drawings that no edit in force names, and that nobody can be about to name any more."""
    named = [one.drawing for one in snapshot.edits().values() if one.drawing]
    query = (
        "SELECT DISTINCT drawing FROM likened WHERE drawing < $young "
        "AND drawing NOT IN (SELECT unnest($named::VARCHAR[]))"
    )
    return snapshot.raw(query, {"young": labels.young(), "named": named})


def _raise_fence(table: DeltaTable, commit: CommitProperties) -> None:
    """Commits nothing but a higher count of fences."""
    count = (table.transaction_version(FENCE) or 0) + 1
    raised = CommitProperties(
        max_commit_retries=commit.max_commit_retries, app_transactions=[Transaction(FENCE, count)]
    )
    table.create_write_transaction(
        [],
        "append",
        Schema.from_arrow(TABLES["tags"]),
        commit_properties=raised,
        post_commithook_properties=HOOKS,
    )


def _join(table: DeltaTable) -> bool:
    """Joins the small files; false when another writer was quicker and it is left for later."""
    try:
        table.optimize.compact(
            target_size=TARGET_BYTES,
            max_concurrent_tasks=1,
            writer_properties=writer(),
            commit_properties=CommitProperties(max_commit_retries=0),
            post_commithook_properties=HOOKS,
        )
    except CommitFailedError:
        return False
    return True


def _vacuum(table: DeltaTable, hours: int, *, stray: bool) -> int:
    """Removes files unused for some hours, with `stray` also those no version knows."""
    table.update_incremental()
    found = table.vacuum(retention_hours=hours, enforce_retention_duration=False, full=stray)
    if found:
        table.vacuum(
            retention_hours=hours,
            dry_run=False,
            enforce_retention_duration=False,
            full=stray,
            post_commithook_properties=HOOKS,
        )
    return len(found)


def _checkpoint(table: DeltaTable) -> None:
    """Sums up the log and removes the commits that expired."""
    table.update_incremental()
    table.create_checkpoint()
    table.cleanup_metadata()
