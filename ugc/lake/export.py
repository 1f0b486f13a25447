"""The views of the lake as files for other programs.

Texts of reviews come from strangers. In CSV a cell that a spreadsheet would run as a formula gets
an apostrophe in front; in XLSX every text is written as text.
"""

from __future__ import annotations

import csv
import json
import os
from collections.abc import Callable, Iterator
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from ugc.errors import InputError
from ugc.lake.snapshot import Snapshot
from ugc.lake.store import TABLES
from ugc.lake.views import select

__all__ = ["FORMATS", "export"]

XLSX_ROWS = 1_048_575
"""Rows of data that a sheet takes below its heading."""

XLSX_CHARACTERS = 32_767
"""Characters that a cell takes."""

LEFT_OUT = frozenset({"vectors"})
"""Tables that say nothing to other programs; of the others, columns of bytes are left out."""

_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n")

Rows = Iterator[pa.RecordBatch]


def export(snapshot: Snapshot, folder: Path, kind: str, *, overwrite: bool = False) -> dict[Path, int]:
    """Writes every view but LEFT_OUT to a file of its own; gives the number of rows by file.

    A file appears under its name only when it is whole.

    Raises:
        InputError: the format is unknown, the folder cannot be written, holds such files already,
            or a view does not fit the format.
    """
    if kind not in FORMATS:
        raise InputError(f"There is no format {kind!r}.", f"Known: {', '.join(FORMATS)}.")
    targets = {name: folder / f"{name}.{kind}" for name in reversed(TABLES) if name not in LEFT_OUT}
    there = [str(path) for path in targets.values() if path.exists()]
    if there and not overwrite:
        raise InputError(f"{there[0]} is there already.", "Name another folder, or add --overwrite.")
    written: dict[Path, int] = {}
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for name, path in targets.items():
            part = path.with_name(f".{path.name}.{os.getpid()}.part")
            try:
                listed = [f'"{field.name}"' for field in TABLES[name] if not pa.types.is_binary(field.type)]
                schema = snapshot.sql(select(listed, f"{name} LIMIT 0")).schema
                written[path] = FORMATS[kind](snapshot.batches(select(listed, name)), schema, part)
                part.replace(path)
            finally:
                part.unlink(missing_ok=True)
    except OSError as error:
        raise InputError(
            f"The folder {folder} cannot be written: {error.strerror}.", "Name another folder."
        ) from error
    return written


def _parquet(rows: Rows, schema: pa.Schema, path: Path) -> int:
    """Writes Parquet; gives the number of rows."""
    count = 0
    with pq.ParquetWriter(path, schema, compression="zstd") as writer:
        for batch in rows:
            writer.write_batch(batch)
            count += batch.num_rows
    return count


def _jsonl(rows: Rows, schema: pa.Schema, path: Path) -> int:
    """Writes one JSON object a line, times in ISO 8601; gives the number of rows."""
    count = 0
    with path.open("w", encoding="utf-8", newline="\n") as file:
        for batch in rows:
            for row in batch.to_pylist():
                file.write(json.dumps(row, ensure_ascii=False, default=_plain) + "\n")
            count += batch.num_rows
    return count


def _csv(rows: Rows, schema: pa.Schema, path: Path) -> int:
    """Writes CSV in UTF-8 with the mark that spreadsheets look for; gives the number of rows."""
    count = 0
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(schema.names)
        for batch in rows:
            for row in batch.to_pylist():
                writer.writerow([_harmless(_cell(value)) for value in row.values()])
            count += batch.num_rows
    return count


def _xlsx(rows: Rows, schema: pa.Schema, path: Path) -> int:
    """Writes a workbook; gives the number of rows. Raises `InputError` when it does not fit."""
    import xlsxwriter

    options = {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    count = 0
    with xlsxwriter.Workbook(str(path), options) as book:
        sheet = book.add_worksheet(path.name.split(".")[1])
        sheet.freeze_panes(1, 0)
        for column, name in enumerate(schema.names):
            sheet.write_string(0, column, name)
        for batch in rows:
            if count + batch.num_rows > XLSX_ROWS:
                raise InputError(
                    f"A sheet takes {XLSX_ROWS} rows at most.", "Export as csv or parquet instead."
                )
            for row in batch.to_pylist():
                count += 1
                for column, value in enumerate(row.values()):
                    _write(sheet, count, column, _cell(value))
    return count


def _write(sheet: Any, row: int, column: int, value: object) -> None:
    """Writes one cell by its type; raises `InputError` for a text that no cell takes."""
    if isinstance(value, str):
        if len(value) > XLSX_CHARACTERS:
            raise InputError(
                f"A text of {len(value)} characters does not fit a cell, which takes {XLSX_CHARACTERS}.",
                "Export as csv or parquet instead.",
            )
        sheet.write_string(row, column, value)
    elif isinstance(value, bool):
        sheet.write_boolean(row, column, value)
    elif isinstance(value, int | float):
        sheet.write_number(row, column, value)


def _cell(value: object) -> object:
    """A value for a cell: lists joined, days and times as text in UTC."""
    if isinstance(value, list):
        return ", ".join(value)
    return _plain(value) if isinstance(value, date) else value


def _plain(value: object) -> str:
    """A day, or a time in UTC, as ISO 8601."""
    if isinstance(value, datetime):
        return value.replace(tzinfo=None).isoformat(timespec="seconds") + "Z"
    if isinstance(value, date):
        return value.isoformat()
    raise TypeError(f"no form for {type(value).__name__}")


def _harmless(value: object) -> object:
    """A text that no spreadsheet takes for a formula."""
    return f"'{value}" if isinstance(value, str) and value.startswith(_FORMULA) else value


FORMATS: dict[str, Callable[[Rows, pa.Schema, Path], int]] = {
    "parquet": _parquet,
    "csv": _csv,
    "jsonl": _jsonl,
    "xlsx": _xlsx,
}
"""The formats by name, which is also the ending of their files."""
