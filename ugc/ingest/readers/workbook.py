"""XLSX workbooks: the sheet with reviews in it, streamed row by row."""

from __future__ import annotations

import warnings
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from ugc.errors import InputError
from ugc.ingest.columns import is_known
from ugc.ingest.readers.header import DEPTH, find_header
from ugc.ingest.readers.table import Row

__all__ = ["WorkbookTable"]

_LARGEST = 2_000_000_000
"""Bytes of the unpacked workbook; a larger one is no table of reviews."""

_DAMAGE = (
    OSError,
    ValueError,
    LookupError,
    TypeError,
    AttributeError,
    SyntaxError,
    EOFError,
    RuntimeError,
    zipfile.BadZipFile,
    zlib.error,
)
"""What openpyxl, its XML parser (whose errors are a SyntaxError) and zipfile raise on a damaged workbook."""

_ERRORS = frozenset({"#N/A", "#REF!", "#VALUE!", "#DIV/0!", "#NAME?", "#NUM!", "#NULL!"})


@dataclass
class WorkbookTable:
    """The sheet of a workbook that holds reviews; see `ugc.ingest.readers.table.Table`."""

    path: Path
    sheet: str
    columns: tuple[str, ...]
    skipped: int
    """Rows up to and with the header."""
    notes: list[str] = field(default_factory=list)

    @property
    def kind(self) -> str:
        """Format and sheet in words."""
        return f"XLSX, sheet {self.sheet}"

    @classmethod
    def open(cls, path: Path) -> WorkbookTable:
        """Finds the sheet and its header: the one with most known names of columns.

        Raises:
            InputError: the workbook is damaged, too large, or empty.
        """
        _guard(path)
        best: tuple[int, str, int | None, tuple[str, ...]] | None = None
        with closing(_load(path)) as workbook:
            sheets = [sheet.title for sheet in workbook.worksheets]
            for sheet in workbook.worksheets:
                place, columns = find_header([list(row) for row in _cells(path, sheet, DEPTH)])
                known = sum(is_known(column) for column in columns)
                if columns and (best is None or known > best[0]):
                    best = (known, sheet.title, place, columns)
        if best is None:
            raise InputError(f"{path.name} holds no rows.", "Export the reviews anew and import that file.")
        _, title, place, columns = best
        table = cls(path, title, columns, 0 if place is None else place + 1)
        if place is None:
            table.notes.append("The sheet has no header; its columns are named by their place.")
        if others := [sheet for sheet in sheets if sheet != title]:
            table.notes.append(f"Only the sheet {title} was read; left out: {', '.join(others)}.")
        return table

    def rows(self) -> Iterator[Row]:
        """All rows in order; see `Table.rows`."""
        with closing(_load(self.path)) as workbook:
            for number, cells in enumerate(_cells(self.path, workbook[self.sheet], None), 1):
                if number > self.skipped:
                    values = {
                        name: cell
                        for name, cell in zip(self.columns, cells, strict=False)
                        if cell not in (None, "")
                    }
                    if values:
                        yield Row(number, values)


def _guard(path: Path) -> None:
    """Refuses a workbook that unpacks to gigabytes."""
    try:
        with zipfile.ZipFile(path) as archive:
            size = sum(entry.file_size for entry in archive.infolist())
    except _DAMAGE as error:
        raise _damaged(path, error) from error
    if size > _LARGEST:
        raise InputError(
            f"{path.name} unpacks to {size / 1e9:.0f} GB, which is no table of reviews.",
            "Save the sheet with the reviews as CSV UTF-8 and import that file.",
        )


def _load(path: Path) -> Any:
    """The workbook, opened to be read row by row."""
    import openpyxl

    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", UserWarning)
            return openpyxl.load_workbook(path, read_only=True, data_only=True, keep_links=False)
    except _DAMAGE as error:
        raise _damaged(path, error) from error


def _cells(path: Path, sheet: Any, count: int | None) -> Iterator[tuple[Any, ...]]:
    """The cells of a sheet's first rows, or of all; errors of formulas are blank."""
    sheet.reset_dimensions()
    rows = sheet.iter_rows(values_only=True, max_row=count)
    while True:
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore", UserWarning)
                cells = next(rows)
        except StopIteration:
            return
        except _DAMAGE as error:
            raise _damaged(path, error) from error
        yield tuple(None if isinstance(cell, str) and cell in _ERRORS else cell for cell in cells)


def _damaged(path: Path, error: Exception) -> InputError:
    """The error for a workbook that cannot be read."""
    first = next(iter(str(error).splitlines()), "") or type(error).__name__
    return InputError(
        f"The workbook {path.name} cannot be read: {first[:200]}.",
        "Open it in a spreadsheet program, save it again as XLSX or CSV UTF-8, and import that file.",
    )
