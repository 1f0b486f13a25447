"""`ugc credibility`: reviews to read with care and why, and the figures with and without them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from ugc.cli.choosing import Choice, choosing

if TYPE_CHECKING:
    from ugc.insight import Credibility, Doubt, DoubtfulReview
    from ugc.report import Words

app = typer.Typer(add_completion=False, rich_markup_mode=None)

_EXCERPT = 200
"""Characters of a text that are printed."""


def _excerpt(text: str) -> str:
    """The beginning of a text on one line."""
    from ugc.insight.choice.display import printable

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
    from ugc.insight.choice.display import printable

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
    from ugc.insight.choice.display import printable

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


@app.command()
@choosing(without=("without_doubtful",))
def credibility(
    chosen: Choice,
    reason: Annotated[
        str | None,
        typer.Option(
            help="List only this: copied, burst, contradiction, bonus, asked, employee, competitor, "
            "no_detail or fresh_author."
        ),
    ] = None,
    top: Annotated[int, typer.Option(min=1, help="Reviews listed at most.")] = 20,
) -> None:
    """Reviews to read with care, each with its reasons; nothing is deleted.

    Below them stand the figures with and without these reviews.
    """
    from ugc.cli.figures import plain
    from ugc.insight import credibility as find

    found = find(chosen.snapshot, chosen.filters, reason=reason, top=top)
    if chosen.json:
        chosen.print_json(plain(found))
    elif found.reviews:
        _print(found, chosen.words)
