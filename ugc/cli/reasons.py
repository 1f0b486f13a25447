"""`ugc reasons`: why customers thank and why they complain, in the terminal or as JSON."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Annotated, Any

import typer

from ugc.cli.choosing import Choice, choosing

if TYPE_CHECKING:
    from rich.console import Console

    from ugc.insight import Concrete, Eleven, Quote, Reason, Reasons
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


def _holds(quote: str, name: str) -> bool:
    """Whether a quote says all that a name says, word for word; an empty name is held by any."""
    bare = "".join(one for one in quote.lower() if one.isalnum())
    return "".join(one for one in name.lower() if one.isalnum()) in bare


def _below(found: Concrete | None, words: Words) -> list[str]:
    """Lines for the concrete reasons of a theme, and for the share of its mentions that has none."""
    from ugc.insight.choice.display import printable

    if found is None or not found.mentions:
        return []
    lines = []
    for one in found.rows:
        quote = f"«{printable(one.quotes[0].text)}»" if one.quotes else ""
        name = printable(one.name or "")
        # A name that is the quote itself, shortened, is not said twice.
        told = quote if quote and _holds(quote, name) else ": ".join(part for part in (name, quote) if part)
        share = f"{words.percent(one.share)} ({words.interval(one.low, one.high)}), {one.reviews}"
        stars = "" if one.mean_stars is None else f", ★ {words.number(one.mean_stars, 1)}"
        change = "" if one.change is None else f"; {words.change(one.change)}"
        lines.append(f"– {told} {share}{stars}{change}")
    lines.append(
        f"({words('unassigned', share=words.percent(found.share_unassigned), mentions=found.mentions)})"
    )
    return lines


def _print_eleven(found: Eleven, words: Words) -> None:
    """The eleven reasons that customers thank for, each with its rule."""
    from ugc.insight.choice.display import printable
    from ugc.taxonomy import label

    typer.echo(f"\n{words('eleven')} (n = {found.n_reviews}; {words('rule')} v{found.version})")
    for place, one in enumerate(found.rows, 1):
        share = f"{words.percent(one.share)} ({words.interval(one.low, one.high)})"
        typer.echo(f"{place:2}. {printable(one.name)}: {share}, {one.reviews} / {found.n_reviews}")
        for rule in one.rules:
            parts = [words.theme(rule.theme)]
            parts += [label("touchpoints", at).name(words.language) for at in rule.touchpoints]
            if rule.words:
                parts.append(words("any_word", words=", ".join(f"{one}…" for one in rule.words)))
            typer.echo(f"      {words('rule')}: {printable(' · '.join(parts))}")


def _print_plain(found: Reasons, words: Words, below: Mapping[str, Concrete]) -> None:
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
        for line in _below(below.get(one.theme), words):
            typer.echo(f"    {line}")
    if not found.rows:
        typer.echo(f"    {words('no_reasons')}")


def _print_rich(console: Console, found: Reasons, words: Words, below: Mapping[str, Concrete]) -> None:
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
        for line in _below(below.get(one.theme), words):
            told.append(f"\n{line}", style="not bold default")
        figures = [words.percent(one.share), words.interval(one.low, one.high), str(one.reviews)]
        if found.previous_since:
            figures.append(words.change(one.change))
        table.add_row(told, *(Text(figure) for figure in figures), end_section=True)
    console.print(table)
    if not found.rows:
        console.print(Text(f"  {words('no_reasons')}"))


def _as_json(found: Reasons, words: Words, below: Mapping[str, Concrete]) -> dict[str, Any]:
    """One polarity as a JSON object; see docs/how-to/report.md for its fields."""
    from ugc.cli.figures import plain

    reasons = [
        plain(one) | {"name": words.theme(one.theme), "concrete": plain(below.get(one.theme))}
        for one in found.rows
    ]
    previous = None
    if found.previous_since and found.previous_until:
        previous = {"since": str(found.previous_since), "until": str(found.previous_until)}
    return {"polarity": found.polarity, "n": found.n_reviews, "previous": previous, "reasons": reasons}


@app.command()
@choosing()
def reasons(
    chosen: Choice,
    top: Annotated[int, typer.Option(min=1, help="Themes of each kind.")] = 10,
    concrete: Annotated[int, typer.Option(min=0, help="Concrete reasons below each theme.")] = 3,
    eleven: Annotated[
        bool, typer.Option("--eleven", help="Rank the eleven reasons that customers thank for instead.")
    ] = False,
) -> None:
    """Why customers thank and why they complain: share of reviews, interval, n, quotes."""
    from rich.console import Console
    from rich.text import Text

    from ugc.insight import concrete as find_concrete
    from ugc.insight import eleven as find_eleven
    from ugc.insight import reasons as find

    figures, say = chosen.figures, chosen.words
    if eleven:
        ranked = find_eleven(chosen.snapshot, chosen.filters, language=say.language)
        if chosen.json:
            from ugc.cli.figures import plain

            chosen.print_json({"eleven": plain(ranked)})
        elif figures.tagged:
            _print_eleven(ranked, say)
        return
    thank = find(chosen.snapshot, chosen.filters, polarity="positive", top=top)
    complain = find(chosen.snapshot, chosen.filters, polarity="negative", top=top)
    below = {
        found.polarity: find_concrete(
            chosen.snapshot,
            chosen.filters,
            themes=[one.theme for one in found.rows],
            polarity=found.polarity,
            language=say.language,
            top=concrete,
        )
        for found in (thank, complain)
    }
    if chosen.json:
        told = ("reviews", "ratings", "tagged", "untagged", "untaggable", "without_text")
        reviews = {name: getattr(figures, name) for name in told}
        answers = {
            name: _as_json(found, say, below[found.polarity])
            for name, found in (("thank", thank), ("complain", complain))
        }
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
            _print_rich(console, found, say, below[found.polarity])
        else:
            _print_plain(found, say, below[found.polarity])
