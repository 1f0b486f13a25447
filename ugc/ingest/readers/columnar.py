"""Parquet files, read in batches of rows."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path
from typing import Any

from ugc.errors import InputError
from ugc.ingest.readers.table import Row, flatten

__all__ = ["ParquetTable"]

_BATCH = 2000


@dataclass
class ParquetTable:
    """A Parquet file; see `ugc.ingest.readers.table.Table`. Nested columns get dotted names."""

    path: Path
    columns: tuple[str, ...] = ()
    notes: list[str] = field(default_factory=list)

    @property
    def kind(self) -> str:
        """The format."""
        return "Parquet"

    @classmethod
    def open(cls, path: Path) -> ParquetTable:
        """Checks that the file can be read; `InputError` when it is damaged."""
        import pyarrow as pa

        try:
            _parquet(path).close()
        except (pa.ArrowException, OSError) as error:
            raise _damaged(path, error) from error
        return cls(path)

    def rows(self) -> Iterator[Row]:
        """All rows in order; see `Table.rows`."""
        import pyarrow as pa

        number = 0
        try:
            with _parquet(self.path) as file:
                for batch in file.iter_batches(batch_size=_BATCH):
                    for values in batch.to_pylist():
                        number += 1
                        yield Row(number, {name: _plain(cell) for name, cell in flatten(values).items()})
        except (pa.ArrowException, OSError) as error:
            raise _damaged(self.path, error) from error


def _parquet(path: Path) -> Any:
    """The file, opened."""
    import pyarrow.parquet as pq

    return pq.ParquetFile(path)


def _plain(cell: Any) -> Any:
    """A cell without the types that only tables have."""
    if isinstance(cell, Decimal):
        return float(cell)
    if isinstance(cell, bytes):
        return cell.decode("utf-8", "replace")
    return cell


def _damaged(path: Path, error: Exception) -> InputError:
    """The error for a file that Parquet cannot read."""
    first = next(iter(str(error).splitlines()), type(error).__name__)
    return InputError(
        f"The Parquet file {path.name} cannot be read: {first[:200]}.",
        "Write it anew, or export the reviews as CSV, and import that file.",
    )
