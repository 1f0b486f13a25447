"""`ugc priority`: what to do first, what contacts cost and what fewer would save."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from ugc.cli.choosing import Choice, choosing

if TYPE_CHECKING:
    from ugc.insight import Priorities, Priority
    from ugc.insight.cost.contact_rates import Rate, Rates
    from ugc.insight.cost.priority import Contacts
    from ugc.insight.statistics.intervals import Interval
    from ugc.report import Words

app = typer.Typer(add_completion=False, rich_markup_mode=None)


def _amount(one: Interval, words: Words) -> str:
    """Points or money with their bounds, in whole units."""
    return f"{words.number(one.value)} ({words.number(one.low)}…{words.number(one.high)})"


def _counts(one: Contacts) -> dict[str, int]:
    """Numbers of contacts by name."""
    names = ("contacts", "questions", "requests", "complaints", "claims", "repeats")
    return {name: getattr(one, name) for name in names}


def _row(place: str, one: Priority, found: Priorities, words: Words) -> None:
    """One theme with its contacts, its cost and what fewer would save."""
    from ugc.cli.figures import moved
    from ugc.insight.choice.display import printable

    name = printable(words.theme(one.theme)) if one.theme else words("no_theme")
    amounts = {
        "points": _amount(one.contacts.points, words),
        "cost": _amount(one.contacts.cost, words),
    }
    typer.echo(f"{place:>3} {name}: {words('row_points', **amounts)}")
    shares = {"share": words.percent(one.share), "range": words.interval(one.low, one.high)}
    typer.echo(f"      {words('row_contacts', **_counts(one.contacts), **shares)}")
    if one.impact:
        typer.echo(f"      {words('blame')}: {words('impact')} {moved(one.impact, words)}")
    hoped = {
        "reduction": words.percent(found.reduction),
        "fix": _amount(one.saved_by_fix, words),
        "answer": _amount(one.saved_by_answer, words),
    }
    typer.echo(f"      {words('saves', **hoped)}")
    if one.rank_points is not None and one.rank_impact is not None and one.rank_cost is not None:
        ranks = {"points": one.rank_points, "impact": one.rank_impact, "cost": one.rank_cost}
        told = {key: words.number(rank, 0 if rank == int(rank) else 1) for key, rank in ranks.items()}
        typer.echo(f"      {words('places', **told)}")


def _rate(one: Rate, name: str, words: Words) -> None:
    """One contact rate and, where there are others, the rest beside it."""
    from ugc.cli.figures import within
    from ugc.insight.choice.display import printable

    bounds = within(one.low, one.high, words)
    line = words(
        "rate_line",
        rate=words.number(one.rate, 2),
        range=bounds,
        contacts=one.contacts,
        transactions=one.transactions,
    )
    told = [line]
    if one.rest_rate is not None:
        verdict = words("significantly" if one.significant else "not_significant")
        told.append(f"{words('rest_line', rate=words.number(one.rest_rate, 2))}, {verdict}")
    if one.partial:
        told.append(words("rate_partial"))
    typer.echo(f"      {printable(name)}: {'; '.join(told)}")


def _rates(found: Rates, words: Words) -> None:
    """All contact rates, and the lines of the file that none could be told from."""
    from ugc.insight.choice.display import printable

    typer.echo(f"\n{words('contact_rate')}")
    if found.whole:
        _rate(found.whole, words("whole"), words)
    listed: dict[str, Sequence[Rate]] = {"by_group": found.by_group, "by_period": found.by_period}
    for key, rates in listed.items():
        if len(rates) > 1:
            typer.echo(f"   {words(key)}")
            for one in rates:
                _rate(one, one.name, words)
    for left in found.unused:
        line = words("unused_line", line=left.line, period=left.period, why=words(left.why))
        typer.echo(f"      {printable(line)}")


def _print(found: Priorities, words: Words) -> None:
    """The answer as lines of text."""
    typer.echo(f"{words('priority')} (n = {found.n_reviews})")
    if not found.whole.contacts:
        typer.echo(words("no_contacts"))
    else:
        shares = {"share": words.percent(found.share), "range": words.interval(found.low, found.high)}
        typer.echo(words("contacts", **_counts(found.whole), **shares))
        amounts = {
            "points": _amount(found.whole.points, words),
            "cost": _amount(found.whole.cost, words),
            "first": words.number(found.first_contact, 0 if found.first_contact.is_integer() else 2),
            "again": words.number(found.repeat_contact, 0 if found.repeat_contact.is_integer() else 2),
        }
        typer.echo(words("whole_cost", **amounts) + "\n")
    for place, one in enumerate(found.rows, 1):
        _row(f"{place}." if one.theme else "–", one, found, words)
    if found.rates:
        _rates(found.rates, words)


@app.command()
@choosing()
def priority(
    chosen: Choice,
    volumes: Annotated[
        Path | None,
        typer.Option(
            help="CSV of period, company, place or product, and transactions; that of the settings when "
            "not given."
        ),
    ] = None,
    reduction: Annotated[
        float, typer.Option(help="Share of the contacts that would fall away: 0.5 is half.")
    ] = 0.5,
) -> None:
    """What to do first: points, impact and cost of each theme, and what a fix or an answer would save."""
    from ugc import settings
    from ugc.cli.figures import plain
    from ugc.insight import priority as find
    from ugc.insight.cost.volumes import read_volumes

    set_ = settings.load()
    file, prices = volumes or set_.volumes, set_.priority
    told = read_volumes(file) if file else ()
    found = find(chosen.snapshot, chosen.filters, prices=prices, reduction=reduction, volumes=told)
    if chosen.json:
        document = plain(found)
        for row in document["rows"]:
            row["name"] = chosen.words.theme(row["theme"]) if row["theme"] else None
        chosen.print_json(document)
    elif found.n_reviews:
        chosen.tell_left_out()
        _print(found, chosen.words)
