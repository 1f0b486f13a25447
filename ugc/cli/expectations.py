"""`ugc expectations`: what customers expected, in the terminal or as JSON."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from ugc.cli.choosing import Choice, choosing

if TYPE_CHECKING:
    from ugc.insight import Expectation, Expectations
    from ugc.insight.wishes.finds import Stated
    from ugc.insight.wishes.stated import Kind
    from ugc.report import Words

app = typer.Typer(add_completion=False, rich_markup_mode=None)


def _kinds(kinds: dict[Kind, int], words: Words) -> str:
    """Expectations by kind: wished 3, should be 1."""
    return ", ".join(f"{words(f'{kind}_kind')} {count}" for kind, count in kinds.items() if count)


def _from(one: Stated, words: Words) -> str:
    """Where a quote comes from: date, stars, company, city, source, link."""
    stars = None if one.stars is None else f"★ {words.number(one.stars)}"
    day = f"{one.date:%Y-%m-%d}" if one.date else None
    return " · ".join(part for part in (day, stars, one.company, one.city, one.source, one.url) if part)


def _row(place: str, one: Expectation, found: Expectations, words: Words) -> None:
    """One theme with its figures, its change and its quotes."""
    from ugc.insight.choice.display import printable

    name = printable(words.theme(one.theme)) if one.theme else words("no_theme")
    bounds = words.interval(one.low, one.high)
    told = [f"{words.percent(one.share)} ({bounds}), {one.reviews} / {found.n_reviews}"]
    told.append(_kinds(one.kinds, words))
    if found.previous_since:
        told.append(words.change(one.change))
    if one.is_new:
        told.append(words("is_new"))
    typer.echo(f"{place:>3} {name}: {'; '.join(told)}")
    for quote in one.quotes:
        typer.echo(f"      «{printable(quote.text)}»")
        typer.echo(f"       {printable(_from(quote, words))}")


def _print(found: Expectations, words: Words) -> None:
    """The answer as lines of text."""
    typer.echo(f"{words('expectations')} (n = {found.n_reviews})")
    if not found.stated:
        typer.echo(words("no_expectations"))
        return
    figures = {
        "share": words.percent(found.share),
        "range": words.interval(found.low, found.high),
        "kinds": _kinds(found.kinds, words),
    }
    typer.echo(words("stated_in", reviews=found.reviews, n=found.n_reviews, stated=found.stated, **figures))
    typer.echo(words("without_theme", share=words.percent(found.unassigned)))
    if found.previous_since:
        days = {name: getattr(found, name) for name in ("since", "until", "previous_since", "previous_until")}
        typer.echo(words("quarter_against", **days))
    typer.echo("")
    for place, one in enumerate(found.rows, 1):
        _row(f"{place}." if one.theme else "–", one, found, words)


@app.command()
@choosing()
def expectations(
    chosen: Choice,
    top: Annotated[int, typer.Option(min=1, help="Themes at most.")] = 15,
    quotes: Annotated[int, typer.Option(min=0, max=20, help="Quotes of each theme.")] = 3,
) -> None:
    """What customers expected, as they say it: by theme, with quotes, and what is new this quarter."""
    from ugc.cli.figures import plain
    from ugc.insight import expectations as find

    found = find(chosen.snapshot, chosen.filters, top=top, quotes=quotes)
    if chosen.json:
        document = plain(found)
        for row in document["rows"]:
            row["name"] = chosen.words.theme(row["theme"]) if row["theme"] else None
        chosen.print_json(document)
    elif found.n_reviews:
        chosen.tell_left_out()
        _print(found, chosen.words)
