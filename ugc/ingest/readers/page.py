"""Web pages that a person saved in a browser, as HTML or MHTML: the reviews on them as rows."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from scrapers.saved import announced, read
from scrapers.source import Record, Saved, Where
from ugc.errors import InputError, SourceChanged
from ugc.ingest.columns import FIELDS
from ugc.ingest.readers.table import Row

__all__ = ["LARGEST", "PageTable"]

LARGEST = 64 * 1024 * 1024
"""Bytes of the largest page that is read."""


@dataclass
class PageTable:
    """A saved page; see `ugc.ingest.readers.table.Table`. Its columns are named as the fields they hold."""

    path: Path
    kind: str
    """Whose page it is, in words."""
    records: tuple[Record, ...]
    columns: tuple[str, ...]
    notes: list[str] = field(default_factory=list)

    @property
    def fields(self) -> dict[str, str]:
        """The column of each field."""
        return {name: name for name in self.columns}

    @property
    def whole(self) -> bool:
        """Whether no text on the page is cut, as lists of reviews cut them."""
        return not any(str(one.get("text", "")).rstrip().endswith(("...", "…")) for one in self.records)

    @classmethod
    def open(cls, path: Path) -> PageTable:
        """Reads a page whole.

        Raises:
            InputError: it is too large, or a page of no known kind, or one without reviews, or one
                that holds reviews that cannot be read.
        """
        if path.stat().st_size > LARGEST:
            raise InputError(
                f"{path.name} is a web page of more than {LARGEST // 1024 // 1024} MB.",
                "Save it without pictures (web page, HTML only).",
            )
        try:
            body = path.read_bytes()
            saved, page = read(body, Where(path.name, ""))
        except SourceChanged as error:
            raise InputError(
                f"{path.name} cannot be read as a saved page. {error.what}",
                "Save the page anew, scrolled to its reviews; if it stays so, the site has changed.",
            ) from error
        if not page.records:
            raise _empty(path, saved, body)
        told = {"text"} | {name for record in page.records for name in record}
        columns = tuple(name for name in FIELDS if name in told)
        kind = (
            f"saved page of {saved.title}" if saved.name != "page" else "saved page with schema.org reviews"
        )
        return cls(path, kind, page.records, columns)

    def rows(self) -> Iterator[Row]:
        """The reviews in the order of the page; numbers count from 1."""
        for number, record in enumerate(self.records, 1):
            yield Row(number, {name: record[name] for name in self.columns if name in record})


def _empty(path: Path, saved: Saved, body: bytes) -> InputError:
    """The error for a page that can be read and holds no reviews."""
    if saved.name != "page":
        return InputError(f"{path.name}, a page of {saved.title}, holds no reviews.", saved.how)
    count = announced(body)
    though = f", though it says that there are {count:,}" if count else ""
    return InputError(
        f"{path.name} carries no reviews in schema.org{though}.",
        "Save the page that shows the reviews; if it did, export them as CSV, XLSX, JSON or JSONL.",
    )
