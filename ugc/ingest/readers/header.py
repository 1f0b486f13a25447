"""Where the header of a table stands: above it there may be titles, or there is none at all."""

from __future__ import annotations

import re
from typing import Any

from ugc.ingest.columns import is_known
from ugc.ingest.readers.table import unique_names

__all__ = ["DEPTH", "find_header"]

DEPTH = 15
"""Rows at the top among which the header is looked for."""

_FIGURE = re.compile(r"[-+]?\d[\d\s.,:/%-]*")


def _name_like(cell: Any) -> bool:
    """Whether a cell could name a column: a short text that is no figure and no sentence."""
    return isinstance(cell, str) and 0 < len(cell.strip()) <= 60 and not _FIGURE.fullmatch(cell.strip())


def find_header(rows: list[list[Any]]) -> tuple[int | None, tuple[str, ...]]:
    """Place of the header among the first rows, or `None` when the data begin at once, and the names.

    The row with most known names is the header; where no name is known, the first row that holds
    more than a title, unless it looks like data.
    """
    filled = [sum(cell not in (None, "") for cell in row) for row in rows]
    known = [sum(isinstance(cell, str) and is_known(cell) for cell in row) for row in rows]
    if rows and max(known) > 0:
        place = known.index(max(known))
        return place, unique_names(rows[place])
    widest = max(filled, default=0)
    for place, row in enumerate(rows):
        if filled[place] and filled[place] * 2 >= widest:
            if all(_name_like(cell) for cell in row if cell not in (None, "")):
                return place, unique_names(row)
            return None, tuple(f"column {number}" for number in range(1, max(map(len, rows)) + 1))
    return None, ()
