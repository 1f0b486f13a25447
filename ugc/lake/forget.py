"""Forgetting an author: reviews, tags, mentions and corrections, in every version on the disk."""

from __future__ import annotations

import pyarrow as pa
from deltalake import CommitProperties, DeltaTable

from ugc.lake.commits import HOOKS, writer
from ugc.lake.rows import rows_of
from ugc.lake.store import Store
from ugc.lake.upkeep import drop, purge

__all__ = ["forget"]


def forget(store: Store, author: str) -> int:
    """Removes the reviews of a pseudonym and all that hangs on them; gives how many there were.

    Reviews go last: when this is interrupted, doing it again finds and finishes the rest. Near
    duplicates by other people stay and no longer point to a review that is gone.
    """
    with store.telling("reviews"):
        mine = rows_of(store, store.open("reviews"), "author", [author], ["id"])
    gone = mine.rename_columns(["review_id"])
    for name in ("mentions", "tags", "corrections"):
        drop(store, name, gone, "old.review_id = gone.review_id")
    if gone.num_rows:
        store.change("reviews", lambda table, commit: _let_go(table, commit, gone))
    removed = drop(store, "reviews", gone, "old.id = gone.review_id")
    purge(store)
    return removed


def _let_go(table: DeltaTable, commit: CommitProperties, gone: pa.Table) -> None:
    """Takes the mark of a duplicate from reviews whose original goes."""
    (
        table.merge(
            gone,
            "old.duplicate_of = gone.review_id",
            source_alias="gone",
            target_alias="old",
            writer_properties=writer(),
            commit_properties=commit,
            post_commithook_properties=HOOKS,
        )
        .when_matched_update({"duplicate_of": "CAST(NULL AS STRING)"})
        .execute()
    )
