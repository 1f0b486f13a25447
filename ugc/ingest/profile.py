"""What the columns of a table hold, judged by its first rows."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

from ugc.ingest import ratings
from ugc.ingest.dates import Dates, UnreadDate
from ugc.ingest.readers.table import Row

__all__ = ["Column", "Profile"]

_DATES = Dates(now=datetime(2100, 1, 1, tzinfo=UTC))
_FIGURE = re.compile(r"[-+]?\d+(?:[.,]\d+)?")
_ENOUGH = 200
"""Cells of a column that are judged."""


@dataclass
class Column:
    """Counts over the cells of one column."""

    name: str
    filled: int = 0
    """Cells that hold something, among all rows seen."""
    sampled: int = 0
    """Cells judged; the counts below are of these."""
    dates: int = 0
    written_dates: int = 0
    """Dates that are more than a bare number."""
    ratings: int = 0
    signed_ratings: int = 0
    """Ratings that are more than a bare number: stars, thumbs, "4/5"."""
    numbers: int = 0
    lists: int = 0
    length: int = 0
    word_count: int = 0
    example: str = ""
    values: set[str] = field(default_factory=set)

    @property
    def mean_length(self) -> float:
        """Signs a cell."""
        return self.length / self.sampled if self.sampled else 0.0

    @property
    def words(self) -> float:
        """Words a cell."""
        return self.word_count / self.sampled if self.sampled else 0.0

    @property
    def mostly_figures(self) -> bool:
        """Whether numbers or dates make up half of it."""
        return (self.numbers + self.written_dates) * 2 >= self.sampled

    @property
    def looks_rated(self) -> bool:
        """Whether the cells are ratings beyond doubt: written as such, or nothing but 1…5 up to 5."""
        if self.sampled and self.signed_ratings >= 0.9 * self.sampled and len(self.values) > 1:
            return True
        whole = {"1", "2", "3", "4", "5"}
        return (
            "5" in self.values
            and len(self.values) > 1
            and {one.removesuffix(".0") for one in self.values} <= whole
        )

    def see(self, cell: Any) -> None:
        """Counts one cell that is not blank."""
        self.filled += 1
        if self.sampled >= _ENOUGH:
            return
        self.sampled += 1
        if isinstance(cell, list):
            self.lists += 1
            return
        text = str(cell).strip()
        self.example = self.example or text[:200]
        self.length += len(text)
        self.word_count += len(text.split())
        if len(self.values) <= 20:
            self.values.add(text[:40])
        bare = (isinstance(cell, (int, float)) and not isinstance(cell, bool)) or _FIGURE.fullmatch(
            text
        ) is not None
        self.numbers += bare
        if _is_date(cell):
            self.dates += 1
            self.written_dates += not bare
        if len(text) <= 40 and _is_rating(cell):
            self.ratings += 1
            self.signed_ratings += not bare


def _is_date(cell: Any) -> bool:
    """Whether a cell reads as a date by rules that need no guess."""
    if isinstance(cell, (datetime, date)):
        return True
    text = str(cell).strip()
    if len(text) > 60 or not any(sign.isdigit() or sign.isalpha() for sign in text):
        return False
    try:
        return _DATES.read(cell if isinstance(cell, (int, float)) else text, guess=False) is not None
    except UnreadDate:
        return False


def _is_rating(cell: Any) -> bool:
    """Whether a cell reads as a rating."""
    try:
        return ratings.read(cell) is not None
    except ratings.UnreadRating:
        return False


@dataclass
class Profile:
    """The columns of a table as its first rows show them."""

    path: Path
    by_name: dict[str, Column] = field(default_factory=dict)
    rows: int = 0
    whole: bool = False
    """Whether a header names all columns, so that none can come later."""

    @property
    def columns(self) -> tuple[str, ...]:
        """Names in the order of the file."""
        return tuple(self.by_name)

    def column(self, name: str) -> Column:
        """Counts of one column."""
        return self.by_name[name]

    def expect(self, names: tuple[str, ...]) -> None:
        """Enters the columns of a header, of which some may turn out empty."""
        self.whole = bool(names)
        for name in names:
            self.by_name.setdefault(name, Column(name))

    def see(self, row: Row) -> None:
        """Counts the cells of one row."""
        self.rows += 1
        for name, cell in row.values.items():
            if cell is not None and cell != "" and not (isinstance(cell, str) and cell.isspace()):
                self.by_name.setdefault(name, Column(name)).see(cell)
