"""What the user's volumes file says: how many transactions each period had.

The volumes file is a table (CSV with commas, semicolons or tabs) with a column `period` (`2026`,
`2026-Q2`, `2026-06` or `2026-06-10`), a column `transactions` (whole numbers above 0), and any of
`company`, `place` and `product`, which every line then fills.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from itertools import pairwise
from pathlib import Path
from typing import Any

from ugc.errors import InputError
from ugc.insight.choice.display import printable
from ugc.insight.choice.periods import WRITTEN, span_of
from ugc.insight.choice.user_table import table_cells

__all__ = ["SCOPE", "Volume", "read_volumes"]

SCOPE = ("company", "place", "product")
"""Columns that may tell whose transactions a line counts."""

_MENDED_BY = "The file needs the columns period and transactions, and may have company, place, product."


@dataclass(frozen=True)
class Volume:
    """One line of the file: transactions of a period, both days included."""

    line: int
    period: str
    first: date
    last: date
    transactions: int
    company: str | None = None
    place: str | None = None
    product: str | None = None

    @property
    def scope(self) -> tuple[str | None, ...]:
        """Company, place and product, `None` where the file does not tell them."""
        return self.company, self.place, self.product


def _span(period: str, line: int) -> tuple[date, date]:
    """First and last day of a period as it is written."""
    span = span_of(period)
    if span is None:
        raise InputError(
            f"Line {line} of the volumes has the period {printable(period)!r}.", f"Write {WRITTEN}."
        )
    return span


def _number(told: str, line: int) -> int:
    """Transactions as a whole number; blanks between thousands may stand."""
    bare = re.sub(r"[\s\u00a0\u202f]", "", told)
    if not re.fullmatch(r"\d{1,15}", bare) or int(bare) == 0:
        raise InputError(
            f"Line {line} of the volumes has {printable(told)!r} transactions.",
            "Write a whole number above 0, such as 12500.",
        )
    return int(bare)


def _no_overlap(volumes: Sequence[Volume]) -> None:
    """`InputError` where two lines of one company, place and product share a day."""
    groups: dict[tuple[str, ...], list[Volume]] = defaultdict(list)
    for one in volumes:
        groups[tuple((name or "").casefold() for name in one.scope)].append(one)
    for group in groups.values():
        group.sort(key=lambda one: (one.first, one.last))
        for one, after in pairwise(group):
            if after.first <= one.last:
                raise InputError(
                    f"Lines {one.line} and {after.line} of the volumes share days "
                    f"({one.period}, {after.period}).",
                    "Keep one of the two, or the transactions would count twice.",
                )


def read_volumes(path: Path) -> tuple[Volume, ...]:
    """The lines of a volumes file.

    Raises `InputError`, with the line, for a file that cannot be read, lacks a column or a value,
    or tells the transactions of one day twice.
    """
    rows = table_cells(path, "volumes", megabytes=20, shorter="Sum it up by month.", mended_by=_MENDED_BY)
    names = [name.strip().lower() for name in rows[0]] if rows else []
    absent = [name for name in ("period", "transactions") if name not in names]
    odd = [name for name in names if name not in ("period", "transactions", *SCOPE)]
    if absent or odd or len(set(names)) < len(names):
        told = f"lacks {' and '.join(absent)}" if absent else f"has the columns {', '.join(names)}"
        raise InputError(f"The volumes file {path} {printable(told)}.", _MENDED_BY)
    found = []
    for line, row in enumerate(rows[1:], 2):
        if not any(cell.strip() for cell in row):
            continue
        if len(row) != len(names) or not all(cell.strip() for cell in row):
            raise InputError(f"Line {line} of the volumes leaves a column empty.", "Fill every column.")
        cells: dict[str, Any] = {name: cell.strip() for name, cell in zip(names, row, strict=True)}
        first, last = _span(cells["period"], line)
        count = _number(cells.pop("transactions"), line)
        found.append(Volume(line=line, first=first, last=last, transactions=count, **cells))
    if not found:
        raise InputError(f"The volumes file {path} has no line with transactions.", _MENDED_BY)
    _no_overlap(found)
    return tuple(found)
