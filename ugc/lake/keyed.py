"""Rows that are written by their key: what is there as it is stays, the rest is put in its place."""

from __future__ import annotations

from collections.abc import Sequence

import pyarrow as pa
import pyarrow.compute as pc
from deltalake import CommitProperties, DeltaTable

from ugc.lake.commits import append, put
from ugc.lake.rows import rows_of
from ugc.lake.store import Store

__all__ = ["last", "upsert", "values"]


def values(column: pa.ChunkedArray) -> list[str]:
    """Values of a column of text, each once, without null."""
    return [value for value in pc.unique(column).to_pylist() if value is not None]


def _keys(rows: pa.Table, key: Sequence[str]) -> list[tuple[object, ...]]:
    """Values of the key columns of each row."""
    return list(zip(*(rows[column].to_pylist() for column in key), strict=True))


def last(rows: pa.Table, key: Sequence[str]) -> pa.Table:
    """The rows with only the last one of each key, in their order."""
    found = {value: index for index, value in enumerate(_keys(rows, key))}
    if len(found) == rows.num_rows:
        return rows
    return rows.take(pa.array(sorted(found.values()), pa.int64()))


def upsert(store: Store, name: str, rows: pa.Table, key: Sequence[str]) -> int:
    """Writes the rows that the table does not hold as they are; gives their number.

    Args:
        store: the lake.
        name: its table.
        rows: of the table's schema, each key once.
        key: columns of the key; the first, of text, is the one by which rows are looked up.
    """

    def work(table: DeltaTable, commit: CommitProperties) -> int:
        found = rows_of(store, table, key[0], values(rows[key[0]]), rows.column_names)
        before = dict(zip(_keys(found, key), found.to_pylist(), strict=True)) if found.num_rows else {}
        keys = _keys(rows, key)
        if before:
            new = [before.get(k) != row for k, row in zip(keys, rows.to_pylist(), strict=True)]
        else:
            new = [True] * len(keys)
        due = rows.filter(pa.array(new, pa.bool_()))
        if due.num_rows == 0:
            return 0
        if any(k in before for k, wanted in zip(keys, new, strict=True) if wanted):
            put(table, due, key, commit)
        else:
            append(table, due, commit)
        return int(due.num_rows)

    return store.change(name, work) if rows.num_rows else 0
