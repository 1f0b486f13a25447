"""JSON documents that hold an array of reviews, and JSONL; both are read piece by piece."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from ugc.errors import InputError
from ugc.ingest.readers.answers import Included, items
from ugc.ingest.readers.encoding import LONGEST_LINE, TextFile, endless
from ugc.ingest.readers.table import Row, flatten

__all__ = ["LINES", "ArrayTable", "LinesTable", "open_document"]

_LONGEST = LONGEST_LINE
"""Signs of the longest single element of an array."""

_USUAL = (
    *("reviews", "data", "items", "results", "feedbacks", "comments", "responses", "records", "rows"),
    *("tickets", "satisfaction_ratings", "conversations", "locationReviews"),
)
"""Names of the array with the reviews, where a document holds several."""

LINES = frozenset({".jsonl", ".ndjson"})
"""Endings of files with one JSON object a line."""

_DECODER = json.JSONDecoder(strict=False)


class _Reader:
    """A JSON text of any length of which only the element at hand is kept."""

    def __init__(self, file: TextFile) -> None:
        self._path = file.path
        self._blocks = file.blocks(lines=False)
        self._text = ""
        self._at = 0
        self._passed = 0
        self._ended = False

    def _more(self) -> bool:
        """Takes in as much again as is at hand; `False` at the end of the file."""
        wanted = max(1, len(self._text) - self._at)
        pieces = [self._text[self._at :]]
        self._passed += self._at
        self._at = 0
        while wanted > 0 and not self._ended:
            block = next(self._blocks, None)
            if block is None:
                self._ended = True
                break
            pieces.append(block)
            wanted -= len(block)
        self._text = "".join(pieces)
        return not self._ended or len(pieces) > 1

    def peek(self) -> str:
        """The next sign that is no space; "" at the end."""
        while True:
            while self._at < len(self._text):
                if self._text[self._at] not in " \t\n\r\ufeff":
                    return self._text[self._at]
                self._at += 1
            if not self._more():
                return ""

    def take(self, *signs: str) -> str:
        """The next sign, which must be one of these."""
        sign = self.peek()
        if sign not in signs or not sign:
            raise self.broken(f"{' or '.join(signs)} expected")
        self._at += 1
        return sign

    def value(self) -> Any:
        """The next value, whole."""
        self.peek()
        while True:
            try:
                found, end = _DECODER.raw_decode(self._text, self._at)
            except json.JSONDecodeError as error:
                if len(self._text) - self._at > _LONGEST:
                    raise endless(self._path, None) from error
                if not self._more():
                    short = error.msg.startswith("Unterminated") or error.pos >= len(self._text.rstrip())
                    raise self.broken("it ends too early" if short else error.msg) from error
                continue
            except RecursionError as error:
                raise self.broken("it is nested too deeply") from error
            if end < len(self._text) or not self._more():
                self._at = end
                return found

    def broken(self, why: str) -> InputError:
        """The error for a text that is no JSON from here on."""
        place = self._passed + self._at
        if self._ended and self._at >= len(self._text):
            why = "it ends too early"
        return InputError(
            f"{self._path.name} is no whole JSON: at sign {place:,}: {why}. Nothing was imported.",
            "The export was probably cut off: export it anew and import that file.",
        )

    def elements(self, depth: int = 0, path: str = "") -> Iterator[tuple[str, Any]]:
        """Elements of every array in the document, each with the path of its array."""
        sign = self.take("[", "{")
        close = "]" if sign == "[" else "}"
        if self.peek() == close:
            self.take(close)
            return
        while True:
            if close == "]":
                yield path, self.value()
            else:
                name = self.value()
                if not isinstance(name, str):
                    raise self.broken("a name expected")
                self.take(":")
                inner = f"{path}.{name}" if path else name
                if self.peek() == "[" or (self.peek() == "{" and depth < 4):
                    yield from self.elements(depth + 1, inner)
                else:
                    self.value()
            if self.take(",", close) == close:
                return

    def close(self) -> None:
        """Nothing may follow the document: it would be left out in silence."""
        if self.peek():
            raise InputError(
                f"{self._path.name} holds more than one JSON document: at sign {self._passed + self._at:,} "
                "another one begins. Nothing was imported.",
                "Save each in a file of its own, or one a line as JSONL, and import these.",
            )


@dataclass
class ArrayTable:
    """A JSON document that is or holds an array of reviews; see `ugc.ingest.readers.table.Table`."""

    path: Path
    file: TextFile
    where: str | None
    """Dotted path of the array; "" when the document itself is one, `None` when it is one review."""
    columns: tuple[str, ...] = ()
    notes: list[str] = field(default_factory=list)
    included: Included = field(default_factory=Included)
    """What the document keeps beside the array."""

    @property
    def kind(self) -> str:
        """Format and encoding in words."""
        return f"JSON{f', array {self.where}' if self.where else ''}, {self.file.name}"

    def rows(self) -> Iterator[Row]:
        """All elements of the array in order, those of whole pages one by one; see `Table.rows`."""
        if self.where is None:
            element = _Reader(self.file).value()
            if items(element) is None:
                yield _row(1, element)
            return
        number = 0
        for path, element in _Reader(self.file).elements():
            if path != self.where:
                continue
            page = items(element)
            for one in [self.included.joined(element)] if page is None else page:
                number += 1
                yield _row(number, one)


@dataclass
class LinesTable:
    """JSONL: one JSON object a line; see `ugc.ingest.readers.table.Table`."""

    path: Path
    file: TextFile
    columns: tuple[str, ...] = ()
    notes: list[str] = field(default_factory=list)

    @property
    def kind(self) -> str:
        """Format and encoding in words."""
        return f"JSONL, {self.file.name}"

    def rows(self) -> Iterator[Row]:
        """All lines in order, and the items of a line that is a whole page; see `Table.rows`.

        Where there are pages, rows are numbered on from one to the next.
        """
        number = 0
        for block in self.file.blocks():
            for line in block.removesuffix("\n").split("\n"):
                number += 1
                if line.strip(" \t\ufeff"):
                    found = _line(number, line.strip(" \t\ufeff"))
                    number += max(0, len(found) - 1)
                    yield from found


def _line(number: int, line: str) -> list[Row]:
    """One line of JSONL as a row, or as several where it is a whole page."""
    try:
        element = json.loads(line, strict=False)
    except (json.JSONDecodeError, RecursionError) as error:
        why = f"it is no JSON ({getattr(error, 'msg', 'nested too deeply')})"
        return [Row(number, {"line": line[:1000]}, why)]
    page = items(element)
    return [_row(place, one) for place, one in enumerate([element] if page is None else page, number)]


def _row(number: int, element: Any) -> Row:
    """One element as a row; a bare text is a review without anything else."""
    if isinstance(element, str):
        return Row(number, {"text": element})
    if not isinstance(element, dict):
        return Row(number, {"value": str(element)[:1000]}, "it is no JSON object")
    return Row(number, flatten(element))


def _first_line(file: TextFile) -> tuple[str, bool]:
    """The first line that is not blank, and whether more follow."""
    lines: list[str] = []
    held = 0
    for block in file.blocks(lines=False):
        lines += block.split("\n")
        held += len(block)
        whole = [line for line in lines if line.strip(" \t\ufeff")]
        if len(whole) > 1:
            return whole[0].strip(" \t\ufeff"), True
        if held > _LONGEST:
            break
        lines = ["".join(lines)]
    return lines[0].strip(" \t\ufeff") if lines else "", False


def open_document(path: Path) -> ArrayTable | LinesTable:
    """Finds out whether a file is JSONL or one JSON document, and where its reviews are.

    Raises:
        InputError: it is no JSON, or it holds no array of objects, or several that could be meant.
    """
    file = TextFile.open(path)
    first, more = _first_line(file)
    if not first:
        raise InputError(f"{path.name} is empty.", "Export the reviews anew and import that file.")
    if more and first.startswith("{"):
        if path.suffix.lower() in LINES:
            return LinesTable(path, file)
        try:
            json.loads(first, strict=False)
        except json.JSONDecodeError:
            pass
        else:
            return LinesTable(path, file)
    if first[0] not in "[{":
        return LinesTable(path, file)
    return _array(path, file)


def _array(path: Path, file: TextFile) -> ArrayTable:
    """The document's array of reviews: the only one of objects, or the one with a usual name."""
    sizes: Counter[str] = Counter()
    included = Included()
    reader = _Reader(file)
    for where, element in reader.elements():
        sizes[where] += isinstance(element, (dict, str)) if where == "" else isinstance(element, dict)
        if where.split(".")[-1] == "included":
            included.see(element)
    reader.close()
    found = [where for where, size in sizes.items() if size]
    if included and len(found) > 1:
        found = [where for where in found if where.split(".")[-1] != "included"]
    if not found:
        if _Reader(file).peek() == "{" and not sizes:
            return ArrayTable(path, file, None)
        raise InputError(
            f"{path.name} holds no array of reviews.",
            "Export the reviews as a JSON array of objects, as JSONL or as CSV.",
        )
    if len(found) > 1:
        usual = [where for name in _USUAL for where in found if where.split(".")[-1] == name]
        if not usual:
            raise InputError(
                f"{path.name} holds several arrays: {', '.join(found)}.",
                "Keep the one with the reviews in a file of its own and import that.",
            )
        table = ArrayTable(path, file, usual[0], included=included)
        others = ", ".join(where or "the outermost" for where in found if where != usual[0])
        table.notes.append(f"Only the array {usual[0]} was read; left out: {others}.")
        return table
    return ArrayTable(path, file, found[0], included=included)
