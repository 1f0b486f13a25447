"""CSV and TSV: cells parted by a comma, a semicolon, a tab or a bar."""

from __future__ import annotations

import csv
import io
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from itertools import chain, islice
from pathlib import Path

from ugc.errors import InputError
from ugc.ingest.readers.encoding import TextFile, endless, undecodable
from ugc.ingest.readers.header import DEPTH, find_header
from ugc.ingest.readers.table import Row

__all__ = ["LONGEST_CELL", "DelimitedTable"]

LONGEST_CELL = 10_000_000
"""Signs of the longest cell; beyond it a quotation mark was left open."""

_DELIMITERS = (",", ";", "\t", "|")
_ALONE = "\x1f"
"""Delimiter of a table with one column: a sign that no text holds."""

_NAMES = {",": "commas", ";": "semicolons", "\t": "tabs", "|": "bars", _ALONE: "one column"}
_SAMPLE = 400


class _Lines:
    """Lines handed to the CSV parser one by one, kept until their row is complete."""

    def __init__(self, lines: Iterable[str]) -> None:
        self._lines = iter(lines)
        self.held: list[str] = []
        self.ended = False

    def __iter__(self) -> Iterator[str]:
        return self

    def __next__(self) -> str:
        line = next(self._lines, None)
        if line is None:
            self.ended = True
            raise StopIteration
        self.held.append(line)
        return line

    def forget(self) -> None:
        """The row is complete: its lines are needed no more."""
        self.held.clear()

    def give_back(self, lines: list[str]) -> None:
        """Puts lines before those still to come."""
        self._lines = chain(lines, self._lines)
        self.ended = False


@dataclass
class DelimitedTable:
    """A CSV or TSV file; see `ugc.ingest.readers.table.Table`."""

    path: Path
    file: TextFile
    delimiter: str
    columns: tuple[str, ...]
    skipped: int
    """Rows up to and with the header."""
    marked: bool
    """Whether the first line is a spreadsheet's `sep=;`."""
    notes: list[str] = field(default_factory=list)

    @property
    def kind(self) -> str:
        """Format and encoding in words."""
        return f"CSV with {_NAMES[self.delimiter]}, {self.file.name}"

    @classmethod
    def open(cls, path: Path) -> DelimitedTable:
        """Finds encoding, delimiter and header.

        Raises:
            InputError: the file is no text, or holds no rows.
        """
        file = TextFile.open(path)
        sample = list(islice(_lines(file), _SAMPLE))
        marked = bool(sample) and len(sample[0].strip()) == 5 and sample[0].lower().startswith("sep=")
        delimiter = sample[0].strip()[4] if marked else _delimiter(sample, path)
        top = islice(_cells(sample[marked:], delimiter), DEPTH)
        place, columns = find_header([list(row) for row in top])
        if not columns:
            raise InputError(f"{path.name} holds no rows.", "Export the reviews anew and import that file.")
        table = cls(path, file, delimiter, columns, 0 if place is None else place + 1, marked)
        if place is None:
            table.notes.append("The file has no header; its columns are named by their place.")
        if file.second:
            table.notes.append(
                f"{file.mended} lines are no UTF-8 while the others are; they were read as {file.second}."
            )
        return table

    def rows(self) -> Iterator[Row]:
        """All rows in order; see `Table.rows`."""
        lines = _Lines(islice(_lines(self.file), int(self.marked), None))
        number = 0
        csv.field_size_limit(LONGEST_CELL)
        reader = csv.reader(lines, delimiter=self.delimiter)
        while True:
            try:
                cells = next(reader)
            except StopIteration:
                return
            except csv.Error as error:
                raise endless(self.path, number + 1) from error
            number += 1
            if lines.ended and lines.held:
                first, *rest = lines.held
                lines.forget()
                lines.give_back(rest)
                reader = csv.reader(lines, delimiter=self.delimiter)
                yield Row(
                    number,
                    {"row": first.rstrip("\n")},
                    "a quotation mark is opened and never closed; "
                    + ("the lines after it were read as rows" if rest else "the file was probably cut off"),
                )
                continue
            lines.forget()
            if number > self.skipped and any(cell and not cell.isspace() for cell in cells):
                yield self._row(number, cells)

    def _row(self, number: int, cells: list[str]) -> Row:
        """One row, or what is wrong with it."""
        values = dict(zip(self.columns, cells, strict=False))
        more = [cell for cell in cells[len(self.columns) :] if cell.strip()]
        if more:
            shown = {**values, "more cells": self.delimiter.join(more)}
            return Row(
                number,
                shown,
                f"it has {len(cells)} cells where the header has {len(self.columns)}: "
                f"a text with {_NAMES[self.delimiter]} must stand between quotation marks",
            )
        if any(undecodable(cell) for cell in cells):
            return Row(
                number, values, "its letters are in no encoding that is known here; save the file as UTF-8"
            )
        return Row(number, {name: cell for name, cell in values.items() if cell})


def _lines(file: TextFile) -> Iterator[str]:
    """The lines of a file with their line feeds, the only sign that ends one; NUL signs are left out."""
    for block in file.blocks():
        yield from io.StringIO(block.replace("\0", ""), newline="\n")


def _cells(lines: list[str], delimiter: str) -> Iterator[list[str]]:
    """Rows of some lines; a quotation mark that is left open ends them."""
    csv.field_size_limit(LONGEST_CELL)
    try:
        yield from csv.reader(lines, delimiter=delimiter)
    except csv.Error:
        return


def _delimiter(sample: list[str], path: Path) -> str:
    """The delimiter that parts most rows into as many cells as the header has.

    Raises:
        InputError: there is not one row.
    """
    if not any(line.strip() for line in sample):
        raise InputError(f"{path.name} is empty.", "Export the reviews anew and import that file.")
    best, height = _ALONE, 0.0
    for delimiter in _DELIMITERS:
        rows = [row for row in _cells(sample, delimiter) if row]
        if len(rows) > 2:
            rows.pop()
        widths = Counter(len(row) for row in rows)
        common = max((width for width in widths if width > 1), key=widths.__getitem__, default=1)
        share = widths[common] / len(rows) if rows else 0.0
        if common > 1 and share >= 0.5 and share * min(common, 10) > height:
            best, height = delimiter, share * min(common, 10)
    return best
