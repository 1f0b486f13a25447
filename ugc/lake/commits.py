"""The three ways in which the rows of a table change, each one commit."""

from __future__ import annotations

from collections.abc import Sequence

import pyarrow as pa
from deltalake import (
    BloomFilterProperties,
    ColumnProperties,
    CommitProperties,
    DeltaTable,
    PostCommitHookProperties,
    WriterProperties,
    write_deltalake,
)

__all__ = ["HOOKS", "append", "delete", "put", "writer"]

GROUP_ROWS = 16_384
"""Rows that lie together in a file: small enough that a few reviews are found without reading all."""

HOOKS = PostCommitHookProperties(create_checkpoint=False, cleanup_expired_logs=False)
"""No work after a commit: an error there would look like a failed commit. See `upkeep.tidy`."""


def writer(rows: int = GROUP_ROWS) -> WriterProperties:
    """How files are written: compressed, and with filters that tell which rows may hold a key.

    Args:
        rows: about how many rows a file gets; a filter need not be made for more.
    """
    keys = BloomFilterProperties(set_bloom_filter_enabled=True, fpp=0.01, ndv=max(1, min(rows, GROUP_ROWS)))
    return WriterProperties(
        compression="ZSTD",
        compression_level=3,
        max_row_group_size=GROUP_ROWS,
        column_properties={
            name: ColumnProperties(bloom_filter_properties=keys) for name in ("id", "review_id")
        },
    )


def append(table: DeltaTable, rows: pa.Table, commit: CommitProperties) -> None:
    """Adds rows whose keys the table does not hold."""
    write_deltalake(
        table,
        rows,
        mode="append",
        writer_properties=writer(rows.num_rows),
        commit_properties=commit,
        post_commithook_properties=HOOKS,
    )


def put(table: DeltaTable, rows: pa.Table, key: Sequence[str], commit: CommitProperties) -> None:
    """Replaces the rows with the same values in the columns of `key` and adds the others."""
    (
        table.merge(
            rows,
            " AND ".join(f'old."{column}" = new."{column}"' for column in key),
            source_alias="new",
            target_alias="old",
            writer_properties=writer(),
            commit_properties=commit,
            post_commithook_properties=HOOKS,
        )
        .when_matched_update_all()
        .when_not_matched_insert_all()
        .execute()
    )


def delete(table: DeltaTable, gone: pa.Table, predicate: str, commit: CommitProperties) -> int:
    """Deletes the rows that `predicate` joins, as `old`, with `gone`; gives their number.

    The log of the table keeps the predicate, but not the values in `gone`.
    """
    done = (
        table.merge(
            gone,
            predicate,
            source_alias="gone",
            target_alias="old",
            writer_properties=writer(),
            commit_properties=commit,
            post_commithook_properties=HOOKS,
        )
        .when_matched_delete()
        .execute()
    )
    return int(done["num_target_rows_deleted"])
