"""`ugc compare`: companies, places or periods side by side, and what differs."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Annotated, Any

import typer

from ugc.cli.choosing import Choice, choosing

if TYPE_CHECKING:
    from ugc.insight import Comparison
    from ugc.insight.whereabouts.compare import Difference, Row, Share
    from ugc.report import Words

app = typer.Typer(add_completion=False, rich_markup_mode=None)

_WIDEST = 40
"""Characters of a name in the head of a table."""


def _short(name: str) -> str:
    """A name that is safe to print and fits a column."""
    from ugc.insight.choice.display import printable

    told = printable(name)
    return told if len(told) <= _WIDEST else told[: _WIDEST - 1] + "…"


def _apart(one: Difference | None, scale: float, words: Words) -> str:
    """A difference with its bounds, and a star where it is significant; nothing where there is none."""
    from ugc.cli.figures import signed, within

    if one is None:
        return ""
    mark = "*" if one.significant else ""
    told = signed(scale * one.value, words, 1)
    return f"; {told}{mark} ({within(scale * one.low, scale * one.high, words, 1)})"


def _part(share: float | None, low: float | None, high: float | None, words: Words) -> str:
    """A share with its interval."""
    return words.percent(share) if share is None else f"{words.percent(share)} ({words.interval(low, high)})"


def _table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> list[str]:
    """Rows below their head, in columns as wide as what stands in them."""
    from rich.cells import cell_len

    every = [head, *rows]
    widths = [max(cell_len(row[place]) for row in every) for place in range(len(head))]
    return [
        "  ".join(
            cell + " " * (width - cell_len(cell)) for cell, width in zip(row, widths, strict=True)
        ).rstrip()
        for row in every
    ]


def _figures(found: Comparison, words: Words) -> list[list[str]]:
    """The rows of the scores, one cell a side."""
    sides = found.sides
    csi = []
    for side in sides:
        one = side.scores
        told = words.number(one.csi)
        if one.csi_low is not None and one.csi_high is not None:
            told += f" ({words.number(one.csi_low)}–{words.number(one.csi_high)})"
        csi.append(told + _apart(side.csi, 1, words))
    rows = [
        [words("reviews"), *(str(side.scores.reviews) for side in sides)],
        [words("ratings"), *(str(side.scores.ratings) for side in sides)],
        [words("tagged"), *(str(side.scores.tagged) for side in sides)],
        [words("compare_csi"), *csi],
    ]
    for name in ("positive", "negative"):
        cells = []
        for side in sides:
            share, low, high = (getattr(side.scores, f"{name}_{part}") for part in ("share", "low", "high"))
            cells.append(_part(share, low, high, words) + _apart(getattr(side, name), 100, words))
        rows.append([words(f"compare_{name}"), *cells])
    if any(side.scores.missing_ratings for side in sides):
        lacking = [str(side.scores.missing_ratings or "–") for side in sides]
        rows.append([words("compare_lacking"), *lacking])
    return rows


def _cells(row: Row, words: Words) -> list[str]:
    """The share of each side with its difference."""

    def cell(one: Share, other: Difference | None) -> str:
        return _part(one.share, one.low, one.high, words) + _apart(other, 100, words)

    return [cell(one, other) for one, other in zip(row.shares, row.differences, strict=True)]


def _quotes(row: Row, found: Comparison) -> list[str]:
    """What is said at the sides where the row is the more frequent."""
    from ugc.insight.choice.display import printable

    return [
        f"      {_short(side.name)}: «{printable(quote.text)}»"
        for side, quotes in zip(found.sides, row.quotes, strict=True)
        for quote in quotes
    ]


def _print_rows(rows: Sequence[Row], found: Comparison, words: Words) -> None:
    """Themes or concrete reasons as a table, the quotes of each below it."""
    from ugc.insight.choice.display import printable

    table = []
    for row in rows:
        sign = "+" if row.polarity == "positive" else "−"
        name = words.theme(row.theme)
        if row.reason is not None:
            name += f" – {row.name or row.reason}"
        table.append([f"{sign} {printable(name)}", *_cells(row, words)])
    lines = _table(["", *(_short(side.name) for side in found.sides)], table)
    typer.echo(lines[0])
    for line, row in zip(lines[1:], rows, strict=True):
        typer.echo(line)
        for quote in _quotes(row, found):
            typer.echo(quote)


def _print(what: str, found: Comparison, words: Words) -> None:
    """The answer as tables of text."""
    typer.echo(words(f"compare_{what}"))
    first = _short(found.sides[0].name)
    typer.echo(words(f"compare_against_{found.against}", name=first, tested=found.tested) + "\n")
    for line in _table(["", *(_short(side.name) for side in found.sides)], _figures(found, words)):
        typer.echo(line)
    differing = [
        one.significant for side in found.sides for one in (side.csi, side.positive, side.negative) if one
    ]
    if found.tested and not any([*differing, *(row.significant for row in found.themes)]):
        typer.echo(f"\n{words('compare_nothing')}")
    for key, rows in (("compare_themes", found.themes), ("compare_concrete", found.concrete)):
        if rows:
            typer.echo(f"\n{words(key)}")
            _print_rows(rows, found, words)


def _as_json(what: str | None, found: Comparison | None, words: Words) -> dict[str, Any]:
    """The answer as a JSON object; see docs/how-to/compare.md for its fields."""
    from ugc.cli.figures import plain

    if found is None:
        empty: dict[str, Any] = {"sides": [], "tested": 0, "themes": [], "concrete": []}
        return {"what": what, "against": None} | empty
    document: dict[str, Any] = {"what": what} | plain(found)
    for made, row in zip(document["themes"], found.themes, strict=True):
        made["name"] = words.theme(row.theme)
    return document


@app.command()
@choosing()
def compare(
    chosen: Choice,
    sides: Annotated[
        list[str],
        typer.Argument(metavar="A B…", help="Names, or periods such as 2026-Q1 or 2026-01..2026-03."),
    ],
    what: Annotated[
        str | None,
        typer.Option(help="What they are: company, place, product, city, source or period."),
    ] = None,
    against: Annotated[
        str, typer.Option(help="Set each against the first side, or the rest: all others together.")
    ] = "first",
    top: Annotated[int, typer.Option(min=1, help="Themes listed, those that differ first.")] = 15,
    quotes: Annotated[int, typer.Option(min=0, help="Quotes of each theme that differs.")] = 1,
    concrete: Annotated[int, typer.Option(min=0, help="Concrete reasons listed.")] = 10,
) -> None:
    """Companies, places or periods side by side: scores, themes, reasons, and what differs."""
    from ugc.errors import InputError
    from ugc.insight import choose_sides
    from ugc.insight import compare as find

    if against not in ("first", "rest"):
        raise InputError(f"Nothing can be set against {against!r}.", "Known: first, rest.")
    if len(sides) < 2:
        raise InputError("There are fewer than two sides to compare.", "Name two or more: ugc compare A B.")
    if not chosen.figures.reviews:
        # What is to be done is said already; a name could not be found where there is nothing.
        if chosen.json:
            chosen.print_json(_as_json(None, None, chosen.words))
        return
    kind, named = choose_sides(chosen.snapshot, sides, chosen.filters, what=what)
    found = find(
        chosen.snapshot,
        named,
        against="first" if against == "first" else "rest",
        top=top,
        quotes=quotes,
        concrete=concrete,
        language=chosen.words.language,
    )
    if chosen.json:
        chosen.print_json(_as_json(kind, found, chosen.words))
    else:
        chosen.tell_left_out()
        _print(kind, found, chosen.words)
