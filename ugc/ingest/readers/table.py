"""What every reader gives: named columns and rows with their numbers, as often as asked for."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Protocol

__all__ = ["Row", "Table", "flatten", "unique_names"]


@dataclass(frozen=True, slots=True)
class Row:
    """One row of a file.

    `number` is what a spreadsheet shows beside it (the header is row 1), the line of a JSONL file,
    or the place in a JSON array. `problem` says why the row could not be read.
    """

    number: int
    values: dict[str, Any] = field(default_factory=dict)
    problem: str | None = None


class Table(Protocol):
    """A file as rows; it is read anew by each call of `rows`."""

    path: Path
    columns: tuple[str, ...]
    """Names of the columns; empty where only the rows tell (JSON)."""
    notes: list[str]
    """What the user should know about the reading."""

    @property
    def kind(self) -> str:
        """Format and encoding in words, for the user."""
        ...

    def rows(self) -> Iterator[Row]:
        """All rows in order; blank ones are left out.

        Raises:
            InputError: the file is broken in a way that leaves no rows to trust.
        """
        ...


def unique_names(cells: list[Any]) -> tuple[str, ...]:
    """Names of columns from the cells of a header: blanks get a number, doubles too."""
    names: list[str] = []
    for place, cell in enumerate(cells, 1):
        name = " ".join(str("" if cell is None else cell).replace("\ufeff", "").split()) or f"column {place}"
        original, count = name, 1
        while name in names:
            count += 1
            name = f"{original} ({count})"
        names.append(name)
    return tuple(names)


def flatten(value: dict[str, Any], prefix: str = "", depth: int = 0) -> dict[str, Any]:
    """A nested object as one level with dotted names; lists of plain values become one text.

    Lists of objects stay lists; what lies deeper than eight levels is left out.
    """
    flat: dict[str, Any] = {}
    for key, inner in value.items():
        name = f"{prefix}{key}"
        if isinstance(inner, dict):
            if depth < 8:
                flat |= flatten(inner, f"{name}.", depth + 1)
        elif isinstance(inner, list) and inner and not any(isinstance(one, (dict, list)) for one in inner):
            flat[name] = ", ".join(str(one) for one in inner if one is not None)
        elif inner is not None and inner != "" and inner != []:
            flat[name] = inner
    return flat
