"""`ugc shelf`: what a buyer sees first at each source today."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from ugc.cli.choosing import Choice, choosing

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ugc.insight import Shelf, ShelfPage
    from ugc.report import Words

app = typer.Typer(add_completion=False, rich_markup_mode=None)

_EXCERPT = 90
"""Characters of a text that are printed."""


def _print_page(name: str, page: ShelfPage, words: Words) -> None:
    """One page: its figures, then its reviews."""
    from ugc.insight.choice.display import printable

    answered = words("answer_unknown") if page.answered is None else str(page.answered)
    figures = words(
        "page",
        n=len(page.reviews),
        mean=words.number(page.mean_stars, 1),
        negative=words.number(page.negative),
        judged=page.judged,
        answered=answered,
    )
    clash = "; " + words("clash", ranks=", ".join(map(str, page.clashes))) if page.clashes else ""
    typer.echo(f"  {name}: {figures}{clash}")
    for one in page.reviews:
        stars = "★ –" if one.stars is None else f"★ {words.number(one.stars)}"
        day = f"{one.date:%Y-%m-%d}" if one.date else "–"
        votes = "" if one.helpful_votes is None else f" +{one.helpful_votes}"
        reply = " ↩" if one.answered else ""
        text = printable(one.text)
        text = text if len(text) <= _EXCERPT else text[:_EXCERPT].rstrip() + "…"
        typer.echo(f"    {one.rank:2}. {stars} {day}{votes}{reply} «{text}»")


def _print(found: Sequence[Shelf], words: Words) -> None:
    """All shelves."""
    from ugc.insight.choice.display import printable

    typer.echo(words("shelf"))
    for one in found:
        whose = " · ".join(part for part in (one.source, one.company, one.product, one.place) if part)
        bounds = f"{words.number(one.low, 2)}–{words.number(one.high, 2)}"
        figures = words(
            "shelf_all",
            reviews=one.reviews,
            mean=words.number(one.mean_stars, 2),
            range=bounds if one.ratings else "–",
            n=one.ratings,
        )
        read = "; " + words("shelf_read", day=f"{one.read_at:%Y-%m-%d}") if one.read_at else ""
        typer.echo(f"\n{printable(whose)}: {figures}{read}")
        _print_page(words("newest_page"), one.newest, words)
        if one.helpful is None:
            typer.echo(f"  {words('helpful_page')}: {words('no_votes')}")
        else:
            _print_page(words("helpful_page"), one.helpful, words)


@app.command()
@choosing(without=("since", "theme"))
def shelf(
    chosen: Choice,
    by: Annotated[
        list[str] | None,
        typer.Option("--by", help="A shelf for each product or place: product, place; may repeat."),
    ] = None,
    top: Annotated[int, typer.Option(min=1, help="Shelves at most.")] = 20,
) -> None:
    """What a buyer sees first at each source: the newest and the most helpful ten reviews."""
    from ugc.cli.figures import plain
    from ugc.insight import shelf as find

    found = find(chosen.snapshot, chosen.filters, by=by or (), top=top)
    if chosen.json:
        chosen.print_json({"shelves": plain(found)})
    elif found:
        chosen.tell_left_out()
        _print(found, chosen.words)
