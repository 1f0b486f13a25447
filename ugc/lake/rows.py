"""Arrow tables made fit for a table of the lake."""

from __future__ import annotations

from functools import cache
from threading import Lock
from typing import Any

import duckdb
import pyarrow as pa
import pyarrow.compute as pc
from deltalake import DeltaTable

from ugc.lake.store import Store
from ugc.lake.views import raw, select

__all__ = ["conform", "last_of_each", "of_texts", "rows_of", "where_in"]


def conform(batch: pa.Table, schema: pa.Schema) -> pa.Table:
    """The batch with exactly the columns and types of `schema`; absent optional columns are null.

    Raises:
        ValueError: a column is unknown, cannot be cast, or lacks values that are required.
    """
    unknown = set(batch.column_names) - set(schema.names)
    if unknown:
        raise ValueError(f"columns that the table does not have: {', '.join(sorted(unknown))}")
    columns = []
    for field in schema:
        column = (
            batch[field.name].cast(field.type)
            if field.name in batch.column_names
            else pa.chunked_array([pa.nulls(batch.num_rows, field.type)])
        )
        if not field.nullable and column.null_count:
            raise ValueError(f"the column {field.name} may not be empty")
        columns.append(column)
    return pa.table(columns, schema=schema)


def last_of_each(batch: pa.Table, key: str) -> pa.Table:
    """The rows of a batch with only the last one of each key, in their order."""
    last = {value: index for index, value in enumerate(batch[key].to_pylist())}
    if len(last) == batch.num_rows:
        return batch
    return batch.take(pa.array(sorted(last.values()), pa.int64()))


def where_in(batch: pa.Table, column: str, values: Any) -> pa.Table:
    """The rows whose column holds one of the values."""
    return batch.filter(pc.is_in(batch[column], value_set=pa.array(values, pa.string())))


@cache
def _database() -> tuple[duckdb.DuckDBPyConnection, Lock]:
    """A database without tables, made once: making one takes longer than most of its answers."""
    # Nothing of what was read stays: a review may be forgotten, and its file with it.
    return duckdb.connect(":memory:", config={"enable_external_file_cache": False}), Lock()


def _connection() -> duckdb.DuckDBPyConnection:
    """A connection of its own; what is registered with it is seen by no other."""
    database, alone = _database()
    with alone:
        return database.cursor()


def rows_of(store: Store, table: DeltaTable, key: str, values: list[str], columns: list[str]) -> pa.Table:
    """Some columns of those rows of a version of a table whose key is among `values`."""
    pin = store.pin_of(table)
    source = f"({raw(pin.name, store.local_files(pin))}) r"
    query = select(
        (f'r."{column}"' for column in columns), f'{source} SEMI JOIN wanted ON r."{key}" = wanted.k'
    )
    with _connection() as connection:
        connection.execute("SET TimeZone = 'UTC'")
        connection.register("wanted", pa.table({"k": pa.array(values, pa.string())}))
        return connection.sql(query).to_arrow_table()


def of_texts(store: Store, rows: pa.Table) -> pa.Table:
    """The rows whose review (`review_id`) is in the lake with the very text that was read (`text_hash`)."""
    table = store.open("reviews")
    with store.telling("reviews"):
        found = rows_of(store, table, "id", rows["review_id"].unique().to_pylist(), ["id", "text_hash"])
    held = set(zip(found["id"].to_pylist(), found["text_hash"].to_pylist(), strict=True))
    read = zip(rows["review_id"].to_pylist(), rows["text_hash"].to_pylist(), strict=True)
    return rows.filter(pa.array([one in held for one in read], pa.bool_()))
