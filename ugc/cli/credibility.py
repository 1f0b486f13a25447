"""`ugc credibility`: reviews to read with care and why, and the figures with and without them."""

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
    Since,
    Source,
    Theme,
    Until,
    filters_of,
    interface,
)

if TYPE_CHECKING:
    from ugc.insight import Credibility, Doubt, DoubtfulReview, Filters
    from ugc.report import Words

app = typer.Typer(add_completion=False, rich_markup_mode=None)

_JSON_VERSION = 1

_EXCERPT = 200
"""Characters of a text that are printed."""


def _excerpt(text: str) -> str:
    """The beginning of a text on one line."""
    from ugc.insight.display import printable

    line = printable(text)
    return line if len(line) <= _EXCERPT else line[:_EXCERPT].rstrip() + "…"


def _percent(share: float | None, words: Words) -> str:
    """A share with a decimal, so that a small difference shows."""
    return words.number(None if share is None else 100 * share, 1) + " %" * (share is not None)


def _told(doubt: Doubt, words: Words) -> str:
    """What speaks for a doubt; of a contradiction the sentiment of the text, in the reader's language."""
    from ugc import taxonomy

    if doubt.reason != "contradiction":
        return doubt.told or ""
    return taxonomy.label("sentiments", str(doubt.told)).name(words.language)


def _print_review(one: DoubtfulReview, words: Words) -> None:
    """One review: where it comes from, why it is doubted, how it begins."""
    from ugc.insight.display import printable

    stars = None if one.stars is None else f"★ {words.number(one.stars)}"
    day = f"{one.date:%Y-%m-%d}" if one.date else None
    parts = [day, stars, one.company, one.product, one.place, one.source, one.url, one.review_id]
    typer.echo("\n" + printable(" · ".join(part for part in parts if part)))
    for doubt in one.doubts:
        told = f": {printable(_told(doubt, words))}" if doubt.told else ""
        typer.echo(f"  {words('doubt_' + doubt.reason)}{told}")
    if one.text.strip():
        typer.echo(f"  «{_excerpt(one.text)}»")


def _print(found: Credibility, words: Words) -> None:
    """Counts of the reasons, bursts, both sets of figures, and the reviews."""
    from ugc.insight.display import printable

    share = {"share": words.percent(found.share), "range": words.interval(found.low, found.high)}
    typer.echo(words("credibility"))
    typer.echo(words("doubtful", doubtful=found.doubtful, reviews=found.reviews, **share))
    for one in found.counts:
        figure = words("doubt_unknown")
        if one.n:
            figure = (
                f"{words.percent(one.share)} ({words.interval(one.low, one.high)}), {one.reviews} / {one.n}"
            )
        aside = "" if one.alone else f" ({words('doubt_adding')})"
        typer.echo(f"  {words('doubt_' + one.reason)}{aside}: {figure}")
    every, credible = found.every, found.credible
    typer.echo(
        words(
            "with_without",
            every=_percent(every.negative_share, words),
            credible=_percent(credible.negative_share, words),
            csi=words.number(every.csi, 1),
            credible_csi=words.number(credible.csi, 1),
        )
    )
    for burst in found.bursts:
        whose = " / ".join(part for part in (burst.company, burst.product, burst.place) if part) or "–"
        told = words(
            "burst",
            source=burst.source,
            whose=whose,
            side=words(f"side_{burst.side}"),
            first=burst.first,
            last=burst.last,
            reviews=burst.reviews,
            expected=words.number(burst.expected, 1),
        )
        typer.echo(f"  {printable(told)}")
    for review in found.rows:
        _print_review(review, words)


def _iso(day: date) -> str:
    """A date or a time as ISO 8601 writes it."""
    return day.isoformat()


def _document(found: Credibility, filters: Filters, words: Words) -> dict[str, Any]:
    """The whole answer of `--json`; see docs/how-to/credibility.md for its fields."""
    from dataclasses import asdict

    chosen = asdict(filters)
    chosen["left_out"] = len(filters.left_out)
    return {"version": _JSON_VERSION, "language": words.language, "filters": chosen, **asdict(found)}


@app.command()
def credibility(
    company: Company = None,
    product: Product = None,
    place: Place = None,
    source: Source = None,
    city: City = None,
    language: Language = None,
    since: Since = None,
    until: Until = None,
    theme: Theme = None,
    reason: Annotated[
        str | None,
        typer.Option(
            help="List only this: copied, burst, contradiction, bonus, asked, employee, competitor, "
            "no_detail or fresh_author."
        ),
    ] = None,
    top: Annotated[int, typer.Option(min=1, help="Reviews listed at most.")] = 20,
    lang: Interface = None,
    json_: Annotated[bool, typer.Option("--json", help="Print one JSON document.")] = False,
    lake: LakeAddress = None,
) -> None:
    """Reviews to read with care, each with its reasons; nothing is deleted.

    Below them stand the figures with and without these reviews.
    """
    from ugc import settings
    from ugc.insight import Filters, scores
    from ugc.insight import credibility as find
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
                since=since,
                until=until,
                theme=theme,
            )
        found = find(snapshot, filters, reason=reason, top=top)
    if not held:
        typer.echo("The lake holds no reviews yet. Bring some in with: ugc import FILE…", err=True)
    elif not found.reviews:
        typer.echo("No review matches these filters. Widen them, or see: ugc lake info", err=True)
    elif found.every.untagged:
        untagged = f"{found.every.untagged} of these reviews have not been read by the model yet."
        typer.echo(f"{untagged} Run: ugc tag", err=True)
    if json_:
        typer.echo(
            json.dumps(
                _document(found, filters, say), ensure_ascii=False, indent=1, allow_nan=False, default=_iso
            )
        )
    elif found.reviews:
        _print(found, say)
