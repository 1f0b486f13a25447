"""`ugc shelf`: what a buyer sees first at each source today."""

from __future__ import annotations

import json
from datetime import date
from typing import TYPE_CHECKING, Annotated, Any

import typer

from ugc.cli.selection import (
    City,
    Company,
    Interface,
    LakeAddress,
    Language,
    Place,
    Product,
    Source,
    Until,
    WithoutDoubtful,
    filters_of,
    interface,
)

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ugc.insight import Filters, Shelf, ShelfPage
    from ugc.report import Words

app = typer.Typer(add_completion=False, rich_markup_mode=None)

_JSON_VERSION = 1

_EXCERPT = 90
"""Characters of a text that are printed."""


def _print_page(name: str, page: ShelfPage, words: Words) -> None:
    """One page: its figures, then its reviews."""
    from ugc.insight.display import printable

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
    from ugc.insight.display import printable

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


def _iso(day: date) -> str:
    """A date or a time as ISO 8601 writes it."""
    return day.isoformat()


def _document(found: Sequence[Shelf], filters: Filters, words: Words) -> dict[str, Any]:
    """The whole answer of `--json`; see docs/how-to/credibility.md for its fields."""
    from dataclasses import asdict

    chosen = asdict(filters)
    chosen["left_out"] = len(filters.left_out)
    shelves = [asdict(one) for one in found]
    return {"version": _JSON_VERSION, "language": words.language, "filters": chosen, "shelves": shelves}


@app.command()
def shelf(
    company: Company = None,
    product: Product = None,
    place: Place = None,
    source: Source = None,
    city: City = None,
    language: Language = None,
    until: Until = None,
    without_doubtful: WithoutDoubtful = False,
    by: Annotated[
        list[str] | None,
        typer.Option("--by", help="A shelf for each product or place: product, place; may repeat."),
    ] = None,
    top: Annotated[int, typer.Option(min=1, help="Shelves at most.")] = 20,
    lang: Interface = None,
    json_: Annotated[bool, typer.Option("--json", help="Print one JSON document.")] = False,
    lake: LakeAddress = None,
) -> None:
    """What a buyer sees first at each source: the newest and the most helpful ten reviews."""
    from ugc import settings
    from ugc.insight import Filters, scores
    from ugc.insight import shelf as find
    from ugc.lake import Lake
    from ugc.report.words import words

    chosen = settings.load()
    say = words(interface(lang, chosen.language))
    with Lake.open(lake or chosen.lake, create=False).snapshot() as snapshot:
        held = scores(snapshot, Filters()).reviews
        filters = Filters()
        if held:
            filters = filters_of(
                snapshot,
                company=company,
                product=product,
                place=place,
                source=source,
                city=city,
                language=language,
                until=until,
                without_doubtful=without_doubtful,
            )
        found = find(snapshot, filters, by=by or (), top=top)
    if not held:
        typer.echo("The lake holds no reviews yet. Bring some in with: ugc import FILE…", err=True)
    elif not found:
        typer.echo("No review matches these filters. Widen them, or see: ugc lake info", err=True)
    if json_:
        typer.echo(
            json.dumps(
                _document(found, filters, say), ensure_ascii=False, indent=1, allow_nan=False, default=_iso
            )
        )
    elif found:
        if filters.left_out:
            typer.echo(say("left_out", reviews=len(filters.left_out)))
        _print(found, say)
