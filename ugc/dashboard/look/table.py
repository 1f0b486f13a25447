"""Tables: figures as they are computed, shown in the house style and written to files from one place."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Literal

from markupsafe import Markup

from ugc.dashboard.look.formats import Formats, formats

__all__ = ["Cell", "Column", "Kind", "Table", "grid"]

Cell = str | int | float | date | None
"""A figure or a text; `None` where there is nothing to tell."""

Kind = Literal["text", "long", "count", "number", "exact", "share", "points", "stars", "shift", "day"]
"""What a column holds. `share` is 0…1, `points` a difference of shares, `shift` one of stars; `exact` is a
number of any unit, with as many decimals as it has."""


@dataclass(frozen=True)
class Column:
    """One column of a table: its heading, and how its cells are written."""

    name: str
    kind: Kind = "text"


@dataclass(frozen=True)
class Table:
    """What it is called, its columns, and its rows: each cell as computed, not yet written out."""

    name: str
    columns: tuple[Column, ...]
    rows: tuple[tuple[Cell, ...], ...]


_WRITTEN: dict[Kind, Callable[[Formats, Any], str]] = {
    "count": Formats.number,
    "number": lambda say, value: say.number(value, 1),
    "exact": lambda say, value: say.number(value, 3),
    "share": Formats.percent,
    "points": Formats.signed,
    "stars": Formats.stars,
    "shift": Formats.shift,
    "day": Formats.day,
}


def _cell(column: Column, value: Cell, say: Formats) -> Markup:
    """A cell: texts keep their own direction of writing, figures stand in line."""
    if column.kind in ("text", "long"):
        template = Markup('<td class="{}"><bdi>{}</bdi></td>')
        return template.format(column.kind, "" if value is None else value)
    return Markup('<td class="number">{}</td>').format(_WRITTEN[column.kind](say, value))


def grid(table: Table, language: str, *, most: int | None = None) -> Markup:
    """The table as safe HTML that scrolls by itself on a narrow screen; `most` of its rows at most."""
    say = formats(language)
    head = Markup("").join(
        Markup('<th scope="col"{}>{}</th>').format(
            Markup("") if one.kind in ("text", "long") else Markup(' class="number"'), one.name
        )
        for one in table.columns
    )
    return Markup(
        '<div class="house-scroll" tabindex="0" role="region" aria-label="{}">'
        '<table class="house-table grid"><thead><tr>{}</tr></thead><tbody>{}</tbody></table></div>'
    ).format(table.name, head, _body(table.columns, table.rows[:most], say))


def _body(columns: Sequence[Column], rows: Sequence[tuple[Cell, ...]], say: Formats) -> Markup:
    return Markup("").join(
        Markup("<tr>{}</tr>").format(
            Markup("").join(_cell(column, value, say) for column, value in zip(columns, row, strict=True))
        )
        for row in rows
    )
