"""The rows that could not be taken, in a CSV file that is safe to open in a spreadsheet."""

from __future__ import annotations

import csv
from pathlib import Path
from types import TracebackType
from typing import IO, Any

from ugc.errors import InputError
from ugc.ingest.normalise import Entry
from ugc.text.clean import clean
from ugc.text.privacy import mask

__all__ = ["LONGEST", "Rejects", "safe"]

LONGEST = 2000
"""Signs of a cell that are shown."""


def safe(cell: str) -> str:
    """A cell that no spreadsheet takes for a formula: one that begins like it gets an apostrophe."""
    return f"'{cell}" if cell.startswith(("=", "+", "-", "@", "\t", "\r", "\n", "|", "%")) else cell


class Rejects:
    """Writes `path` at the first rejected row; without one there is no file.

    Columns: row, reason, those of the table, other. Personal data is masked, the author left out.
    """

    def __init__(
        self, path: Path, columns: tuple[str, ...], *, authors: frozenset[str] = frozenset()
    ) -> None:
        self.path = path
        self._columns = columns
        self._authors = authors
        self._stream: IO[str] | None = None
        self._writer: Any = None

    @property
    def written(self) -> bool:
        """Whether there is a file."""
        return self._stream is not None

    def __enter__(self) -> Rejects:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._stream is not None:
            self._stream.close()

    def add(self, entry: Entry, reason: str) -> None:
        """Writes one entry; `InputError` when the file cannot be written."""
        if self._stream is None:
            try:
                self._stream = self.path.open("w", encoding="utf-8-sig", newline="")
            except OSError as error:
                raise InputError(
                    f"The rejected rows cannot be written to {self.path}: {error.strerror}.",
                    "Name another file with --rejects.",
                ) from error
            self._writer = csv.writer(self._stream)
            self._writer.writerow(["row", "reason", *(safe(name) for name in self._columns), "other"])
        row = dict(entry.row if entry.row is not None else entry.record)
        other = {name: cell for name, cell in row.items() if name not in self._columns}
        self._writer.writerow(
            [
                entry.number,
                safe(reason),
                *(self._shown(name, row.get(name)) for name in self._columns),
                self._shown("other", " | ".join(str(cell) for cell in other.values())),
            ]
        )

    def _shown(self, name: str, cell: Any) -> str:
        """A cell without personal data, cut to a readable length."""
        if cell is None or cell == "":
            return ""
        if name in self._authors:
            return "‹author›"
        text = str(cell)
        text = mask(clean(text[: LONGEST + 200])).text
        return safe(f"{text[:LONGEST]}…" if len(str(cell)) > LONGEST else text)
