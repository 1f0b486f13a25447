"""Tags and mentions into the lake, so that a reader sees both of a review or neither.

Mentions are written first, under the name of their batch; a second commit to the table of tags
names that batch and with it makes the mentions visible. Whatever stops the writer in between
leaves mentions that nothing names. Removing such leftovers must not hit a writer between its two
commits, so it first raises the fence of the table of tags (`ugc.lake.upkeep`): a writer who began
before the fence writes its mentions again under another name.
"""

from __future__ import annotations

import pyarrow as pa
from deltalake import CommitProperties, DeltaTable

from ugc.lake.commits import append, put
from ugc.lake.rows import conform, last_of_each, of_texts, rows_of, where_in
from ugc.lake.store import Store
from ugc.schema import MENTIONS, TAGS

__all__ = ["FENCE", "write"]

FENCE = "ugc.fence"
"""Application id under which the table of tags counts the removals of leftovers."""


def write(store: Store, tags: pa.Table, mentions: pa.Table) -> int:
    """Writes the tags of a batch of reviews with their mentions; gives the number written.

    Left out are reviews that the lake does not hold (any more), whose text is another by now, or
    that already have tags by the same model for the same text: writing twice changes nothing.

    Raises:
        ValueError: a table has another shape, or a mention belongs to no row of `tags`.
        LakeError: the lake cannot be written.
    """
    tags, mentions = conform(tags, TAGS), conform(mentions, MENTIONS)
    strays = set(_owners(mentions)) - set(_owners(tags))
    if strays:
        review, batch = min(strays)
        raise ValueError(f"mentions of {review} in batch {batch} have no row of tags")
    tags = last_of_each(tags, "review_id")
    kept = set(_owners(tags))
    mentions = mentions.filter(pa.array([one in kept for one in _owners(mentions)], pa.bool_()))
    tags = of_texts(store, tags)
    laid: dict[str, str] = {}
    fence, tries = -1, 0

    def work(table: DeltaTable, commit: CommitProperties) -> int:
        nonlocal laid, fence, tries
        rows, replacing = _due(store, table, tags)
        if rows.num_rows == 0:
            return 0
        raised = table.transaction_version(FENCE) or 0
        if raised != fence or not laid.keys() >= set(rows["review_id"].to_pylist()):
            laid = _lay(store, rows, mentions, f".{tries}" if tries else "")
            fence, tries = raised, tries + 1
        rows = _renamed(rows, TAGS, laid)
        if replacing:
            put(table, rows, ("review_id",), commit)
        else:
            append(table, rows, commit)
        return len(rows)

    return store.change("tags", work) if tags.num_rows else 0


def _owners(rows: pa.Table) -> list[tuple[str, str]]:
    """Review and batch of each row."""
    return list(zip(rows["review_id"].to_pylist(), rows["batch"].to_pylist(), strict=True))


def _due(store: Store, table: DeltaTable, tags: pa.Table) -> tuple[pa.Table, bool]:
    """The tags that are not in the table yet, and whether some of them replace older ones."""
    columns = ["review_id", "model", "text_hash"]
    found = rows_of(store, table, "review_id", tags["review_id"].to_pylist(), columns)
    before = {row["review_id"]: (row["model"], row["text_hash"]) for row in found.to_pylist()}
    new = [
        before.get(row["review_id"]) != (row["model"], row["text_hash"])
        for row in tags.select(columns).to_pylist()
    ]
    due = tags.filter(pa.array(new, pa.bool_()))
    return due, any(one in before for one in due["review_id"].to_pylist())


def _lay(store: Store, rows: pa.Table, mentions: pa.Table, suffix: str) -> dict[str, str]:
    """Appends the mentions of these tags; gives the name of their batch by review."""
    names = {
        row["review_id"]: row["batch"] + suffix for row in rows.select(["review_id", "batch"]).to_pylist()
    }
    laid = _renamed(where_in(mentions, "review_id", list(names)), MENTIONS, names)
    if laid.num_rows:
        store.change("mentions", lambda table, commit: append(table, laid, commit))
    return names


def _renamed(rows: pa.Table, schema: pa.Schema, names: dict[str, str]) -> pa.Table:
    """The rows with the batch that `names` gives their review."""
    column = pa.array([names[one] for one in rows["review_id"].to_pylist()], pa.string())
    return rows.set_column(rows.column_names.index("batch"), schema.field("batch"), column)
