"""`ugc reasons`: why customers thank and why they complain, in the terminal or as JSON."""

from __future__ import annotations

import json
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
    Since,
    Source,
    Theme,
    Until,
    WithoutDoubtful,
    filters_of,
    interface,
)

if TYPE_CHECKING:
    from rich.console import Console

    from ugc.insight import Filters, Quote, Reason, Reasons, Scores
    from ugc.report import Words

app = typer.Typer(add_completion=False, rich_markup_mode=None)

_JSON_VERSION = 1


def _quote_line(quote: Quote, words: Words) -> str:
    """Where a quote comes from: date, stars, company, city, source, link."""
    stars = None if quote.stars is None else f"★ {words.number(quote.stars)}"
    day = f"{quote.date:%Y-%m-%d}" if quote.date else None
    parts = [day, stars, quote.company, quote.city, quote.source, quote.url]
    return " · ".join(part for part in parts if part)


def _share(one: Reason, n: int, words: Words) -> str:
    """A share with its interval and n."""
    return f"{words.percent(one.share)} ({words.interval(one.low, one.high)}), {one.reviews} / {n}"


def _heading(found: Reasons, words: Words) -> str:
    """Title of one table with its n and the period it is compared with."""
    key = "thank" if found.polarity == "positive" else "complain"
    against = ""
    if found.previous_since:
        span = words("against", since=found.previous_since, until=found.previous_until)
        against = f"; {words('change').lower()} {span}"
    return f"{words(key)} (n = {found.n_reviews}{against})"


def _print_plain(found: Reasons, words: Words) -> None:
    """One table without any marks of a terminal: for pipes and files."""
    from ugc.insight.display import printable

    typer.echo(f"\n{_heading(found, words)}")
    for place, one in enumerate(found.rows, 1):
        change = f"; {words.change(one.change)}" if found.previous_since else ""
        typer.echo(
            f"{place:2}. {printable(words.theme(one.theme))}: {_share(one, found.n_reviews, words)}{change}"
        )
        for quote in one.quotes:
            typer.echo(f"      «{printable(quote.text)}»")
            typer.echo(f"       {printable(_quote_line(quote, words))}")
    if not found.rows:
        typer.echo(f"    {words('no_reasons')}")


def _print_rich(console: Console, found: Reasons, words: Words) -> None:
    """One table for a terminal: reasons with their quotes, figures beside them."""
    from rich import box
    from rich.table import Table
    from rich.text import Text

    from ugc.insight.display import printable

    table = Table(title=_heading(found, words), title_justify="left", title_style="bold", box=box.SIMPLE_HEAD)
    table.expand = True
    table.add_column(words("reason"), ratio=1, overflow="fold")
    for key in ("share", "interval", "reviews"):
        table.add_column(words(key), justify="right", no_wrap=True)
    if found.previous_since:
        table.add_column(words("change"), justify="right")
    colour = "green" if found.polarity == "positive" else "red"
    for one in found.rows:
        told = Text(printable(words.theme(one.theme)), style=f"bold {colour}")
        for quote in one.quotes:
            told.append(f"\n«{printable(quote.text)}»", style="not bold default")
            told.append(f"\n{printable(_quote_line(quote, words))}", style="not bold default dim")
        figures = [words.percent(one.share), words.interval(one.low, one.high), str(one.reviews)]
        if found.previous_since:
            figures.append(words.change(one.change))
        table.add_row(told, *(Text(figure) for figure in figures), end_section=True)
    console.print(table)
    if not found.rows:
        console.print(Text(f"  {words('no_reasons')}"))


def _as_json(found: Reasons, words: Words) -> dict[str, Any]:
    """One polarity as a JSON object; see docs/how-to/report.md for its fields."""
    from dataclasses import asdict

    reasons = []
    for one in found.rows:
        row = asdict(one) | {"name": words.theme(one.theme)}
        for quote in row["quotes"]:
            quote["date"] = quote["date"].isoformat() if quote["date"] else None
        reasons.append(row)
    previous = None
    if found.previous_since and found.previous_until:
        previous = {"since": str(found.previous_since), "until": str(found.previous_until)}
    return {"polarity": found.polarity, "n": found.n_reviews, "previous": previous, "reasons": reasons}


def _document(
    figures: Scores, filters: Filters, words: Words, thank: Reasons, complain: Reasons
) -> dict[str, Any]:
    """The whole answer of `--json`."""
    from dataclasses import asdict

    chosen = asdict(filters)
    for day in ("since", "until"):
        chosen[day] = str(chosen[day]) if chosen[day] else None
    # Ids would fill pages; how many there are says what the figures lack.
    chosen["left_out"] = len(filters.left_out)
    counted = ("reviews", "ratings", "tagged", "untagged", "untaggable", "without_text")
    return {
        "version": _JSON_VERSION,
        "language": words.language,
        "filters": chosen,
        "reviews": {name: getattr(figures, name) for name in counted},
        "thank": _as_json(thank, words),
        "complain": _as_json(complain, words),
    }


def _advice(figures: Scores, held: int) -> str | None:
    """What is to be done before there is much to see; `None` when nothing is."""
    if not held:
        return "The lake holds no reviews yet. Bring some in with: ugc import FILE… (or ugc import --sample)"
    if not figures.reviews:
        return "No review matches these filters. Widen them, or see what there is with: ugc lake info"
    if not figures.tagged and figures.untagged:
        return f"None of these {figures.reviews} reviews has been read by the model yet. Run: ugc tag"
    if figures.untagged:
        return f"{figures.untagged} of these reviews have not been read by the model yet. Run: ugc tag"
    if not figures.tagged:
        return f"None of these {figures.reviews} reviews has a text that the model could read."
    return None


@app.command()
def reasons(
    company: Company = None,
    product: Product = None,
    place: Place = None,
    source: Source = None,
    city: City = None,
    language: Language = None,
    since: Since = None,
    until: Until = None,
    theme: Theme = None,
    without_doubtful: WithoutDoubtful = False,
    top: Annotated[int, typer.Option(min=1, help="Reasons of each kind.")] = 10,
    lang: Interface = None,
    json_: Annotated[bool, typer.Option("--json", help="Print one JSON document.")] = False,
    lake: LakeAddress = None,
) -> None:
    """Why customers thank and why they complain: share of reviews, interval, n, quotes."""
    from rich.console import Console
    from rich.text import Text

    from ugc import settings
    from ugc.insight import Filters, scores
    from ugc.insight import reasons as find
    from ugc.lake import Lake
    from ugc.report.words import words

    chosen = settings.load()
    say = words(interface(lang, chosen.language))
    with Lake.open(lake or chosen.lake, create=False).snapshot() as snapshot:
        held = scores(snapshot, Filters()).reviews
        wanted = {"company": company, "product": product, "place": place, "source": source, "city": city}
        filters = Filters()
        if held:
            filters = filters_of(
                snapshot,
                **wanted,
                language=language,
                since=since,
                until=until,
                theme=theme,
                without_doubtful=without_doubtful,
            )
        figures = scores(snapshot, filters.without_themes())
        thank = find(snapshot, filters, polarity="positive", top=top)
        complain = find(snapshot, filters, polarity="negative", top=top)
    advice = _advice(figures, held)
    if advice:
        typer.echo(advice, err=True)
    if json_:
        document = _document(figures, filters, say, thank, complain)
        typer.echo(json.dumps(document, ensure_ascii=False, indent=1, allow_nan=False))
        return
    if not figures.tagged:
        return
    console = Console(highlight=False, emoji=False, markup=False)
    counted = {name: getattr(figures, name) for name in ("reviews", "tagged", "untagged", "without_text")}
    if console.is_terminal:
        console.print(Text(say("counted", **counted)))
    else:
        typer.echo(say("counted", **counted))
    if filters.left_out:
        typer.echo(say("left_out", reviews=len(filters.left_out)))
    for found in (thank, complain):
        if console.is_terminal:
            _print_rich(console, found, say)
        else:
            _print_plain(found, say)
