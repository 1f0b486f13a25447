"""Forgetting an author: reviews and all that was made of them, in every version on the disk."""

from __future__ import annotations

import pyarrow as pa
import pyarrow.compute as pc
from deltalake import CommitProperties, DeltaTable

from ugc.lake import labels
from ugc.lake.commits import HOOKS, writer
from ugc.lake.grouping import ends
from ugc.lake.rows import rows_of, where_in
from ugc.lake.snapshot import Snapshot
from ugc.lake.store import Store
from ugc.lake.upkeep import drop, purge

__all__ = ["forget"]


def forget(store: Store, author: str) -> int:
    """Removes the reviews of a pseudonym and all that hangs on them; gives how many there were.

    Reviews go last: when this is interrupted, doing it again finds and finishes the rest. Near
    duplicates by other people stay and no longer point to a review that is gone. A reason that nobody
    else gave goes with its name; one that others gave as well loses the quote. Examples of themes that were
    taken from these reviews go too.
    """
    with store.telling("reviews"):
        mine = rows_of(store, store.open("reviews"), "author", [author], ["id", "text"])
    gone = mine.select(["id"]).rename_columns(["review_id"])
    _forget_reasons(store, gone)
    with Snapshot(store) as snapshot:
        labels.forget_examples(store, snapshot.raw("SELECT * FROM labels"), mine["text"].to_pylist())
    for name in ("likened", "grouped", "vectors", "mentions", "tags", "corrections"):
        drop(store, name, gone, "old.review_id = gone.review_id")
    if gone.num_rows:
        store.change("reviews", lambda table, commit: _let_go(table, commit, gone))
    removed = drop(store, "reviews", gone, "old.id = gone.review_id")
    purge(store)
    return removed


def _forget_reasons(store: Store, gone: pa.Table) -> None:
    """Takes reasons that only these reviews gave, and their quotes out of the others."""
    if gone.num_rows == 0:
        return
    with Snapshot(store) as snapshot:
        merged = snapshot.raw("SELECT id, merged_into FROM reasons").to_pylist()
        named = snapshot.raw("SELECT DISTINCT review_id, reason FROM grouped WHERE reason IS NOT NULL")
    became = ends((one["id"], one["merged_into"]) for one in merged)
    mine = where_in(named, "review_id", gone["review_id"].to_pylist())
    others = named.filter(
        pc.invert(pc.is_in(named["review_id"], value_set=gone["review_id"].combine_chunks()))
    )
    left = {became.get(one) for one in mine["reason"].to_pylist()}
    left -= {became.get(one) for one in others["reason"].to_pylist()}
    lost = [one for one, end in became.items() if end in left]
    drop(store, "reasons", pa.table({"id": pa.array(lost, pa.string())}), "old.id = gone.id")
    store.change("reasons", lambda table, commit: _unquote(table, commit, gone))


def _unquote(table: DeltaTable, commit: CommitProperties, gone: pa.Table) -> None:
    """Takes the quotes of reviews that go out of the reasons."""
    (
        table.merge(
            gone,
            "old.quote_review = gone.review_id",
            source_alias="gone",
            target_alias="old",
            writer_properties=writer(),
            commit_properties=commit,
            post_commithook_properties=HOOKS,
        )
        .when_matched_update(
            {
                "quote_review": "CAST(NULL AS STRING)",
                "quote_start": "CAST(NULL AS INT)",
                "quote_end": "CAST(NULL AS INT)",
            }
        )
        .execute()
    )


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
