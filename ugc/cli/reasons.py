"""`ugc reasons`: why customers thank and why they complain, in the terminal or as JSON."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

import typer

from ugc.cli.choosing import Choice, choosing

if TYPE_CHECKING:
    from rich.console import Console

    from ugc.insight import Quote, Reason, Reasons
    from ugc.report import Words

app = typer.Typer(add_completion=False, rich_markup_mode=None)


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
    from ugc.insight.choice.display import printable

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

    from ugc.insight.choice.display import printable

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
    from ugc.cli.figures import plain

    reasons = [plain(one) | {"name": words.theme(one.theme)} for one in found.rows]
    previous = None
    if found.previous_since and found.previous_until:
        previous = {"since": str(found.previous_since), "until": str(found.previous_until)}
    return {"polarity": found.polarity, "n": found.n_reviews, "previous": previous, "reasons": reasons}


@app.command()
@choosing()
def reasons(
    chosen: Choice,
    top: Annotated[int, typer.Option(min=1, help="Reasons of each kind.")] = 10,
) -> None:
    """Why customers thank and why they complain: share of reviews, interval, n, quotes."""
    from rich.console import Console
    from rich.text import Text

    from ugc.insight import reasons as find

    figures, say = chosen.figures, chosen.words
    thank = find(chosen.snapshot, chosen.filters, polarity="positive", top=top)
    complain = find(chosen.snapshot, chosen.filters, polarity="negative", top=top)
    if chosen.json:
        told = ("reviews", "ratings", "tagged", "untagged", "untaggable", "without_text")
        reviews = {name: getattr(figures, name) for name in told}
        answers = {"thank": _as_json(thank, say), "complain": _as_json(complain, say)}
        chosen.print_json({"reviews": reviews, **answers})
        return
    if not figures.tagged:
        return
    console = Console(highlight=False, emoji=False, markup=False)
    counted = {name: getattr(figures, name) for name in ("reviews", "tagged", "untagged", "without_text")}
    if console.is_terminal:
        console.print(Text(say("counted", **counted)))
    else:
        typer.echo(say("counted", **counted))
    chosen.tell_left_out()
    for found in (thank, complain):
        if console.is_terminal:
            _print_rich(console, found, say)
        else:
            _print_plain(found, say)
