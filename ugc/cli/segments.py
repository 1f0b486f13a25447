"""`ugc segments`: the groups that an average hides, in the terminal or as JSON."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Literal

import typer

from ugc.cli.choosing import Choice, choosing

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ugc.insight import HotSpot, HotSpots
    from ugc.insight.whereabouts.hotspots import Condition
    from ugc.report import Words

app = typer.Typer(add_completion=False, rich_markup_mode=None)


def _where(conditions: Sequence[Condition], words: Words) -> str:
    """A group in words: Kazan, version 4.2, Monday."""
    from ugc.insight.choice.display import printable

    names = []
    for one in conditions:
        if one.dimension == "weekday":
            names.append(words(f"segments_day_{one.value}"))
        elif one.dimension in ("version", "language"):
            names.append(words(f"segments_{one.dimension}", value=printable(one.value)))
        else:
            names.append(printable(one.value))
    return ", ".join(names)


def _title(one: HotSpot, words: Words) -> str:
    """The sentence: Kazan, version 4.2: 30 % complain about speed, elsewhere 7 %."""
    from ugc.insight.choice.display import printable

    kind = "displeased" if one.theme is None else one.polarity
    return words(
        f"segments_{kind}",
        where=_where(one.conditions, words),
        share=words.percent(one.share.value),
        rest=words.percent(one.rest_share.value),
        theme=printable(words.theme(one.theme)).lower() if one.theme else "",
    )


def _spot(place: int, one: HotSpot, words: Words) -> None:
    """One group with its figures, its other names and its quotes."""
    from ugc.cli.figures import signed, within
    from ugc.insight.choice.display import printable

    typer.echo(f"{place:2}. {_title(one, words)}")
    here = f"{one.reviews} / {one.n} ({words.interval(one.share.low, one.share.high)})"
    rest = words.interval(one.rest_share.low, one.rest_share.high)
    gap = one.difference
    points = f"{signed(100 * gap.value, words, 1)} ({within(100 * gap.low, 100 * gap.high, words, 1)})"
    typer.echo(f"      {words('segments_figures', here=here, rest=rest, rest_n=one.rest_n, points=points)}")
    more = words("segments_more" if one.excess > 0 else "segments_fewer", n=round(abs(one.excess)))
    typer.echo(f"      {more}")
    for other in one.also:
        typer.echo(f"      {words('segments_also', where=_where(other, words))}")
    if one.theme is None and one.about and one.quotes:
        typer.echo(f"      {words('segments_about', theme=printable(words.theme(one.about)))}")
    for quote in one.quotes:
        typer.echo(f"      «{printable(quote.text)}»")


def _print(found: HotSpots, words: Words) -> None:
    """The answer as lines of text."""
    typer.echo(f"{words('segments')} (n = {found.tagged})")
    if found.tagged < 2 * found.size:
        typer.echo(words("segments_too_few", least=2 * found.size, size=found.size))
        return
    floor = words.number(100 * found.floor, 0 if float(100 * found.floor).is_integer() else 1)
    typer.echo(words("segments_searched", tested=found.tested, size=found.size, floor=floor))
    if found.searched < found.tagged:
        typer.echo(words("segments_part", searched=found.searched))
    if not found.rows:
        typer.echo(words("segments_none"))
    for direction in ("worse", "better"):
        rows = [one for one in found.rows if one.direction == direction]
        if rows:
            typer.echo(f"\n{words(f'segments_{direction}')}")
        for place, one in enumerate(rows, 1):
            _spot(place, one, words)


@app.command()
@choosing()
def segments(
    chosen: Choice,
    target: Annotated[
        Literal["all", "negative", "themes"],
        typer.Option(help="What departs: the share of negative texts, a theme's share, or either."),
    ] = "all",
    polarity: Annotated[
        Literal["positive", "negative"] | None, typer.Option(help="Only complaints, or only praise.")
    ] = None,
    only: Annotated[
        Literal["worse", "better"] | None, typer.Option(help="Only groups that are worse, or better.")
    ] = None,
    size: Annotated[
        int | None,
        typer.Option(min=1, help="Fewest reviews of a group: 50, or a thousandth, unless told."),
    ] = None,
    floor: Annotated[
        float, typer.Option(min=0, max=0.99, help="Least difference of two shares: 0.03 is 3 points.")
    ] = 0.03,
    top: Annotated[int, typer.Option(min=1, help="Groups of each kind at most.")] = 10,
    quotes: Annotated[int, typer.Option(min=0, max=20, help="Quotes of each group.")] = 2,
) -> None:
    """The groups that an average hides: where negatives or a theme come up far more, or less, often."""
    from ugc.cli.figures import plain
    from ugc.insight import hotspots as find

    found = find(
        chosen.snapshot,
        chosen.filters,
        target=target,
        polarity=polarity,
        size=size,
        top=top,
        direction=only,
        floor=floor,
        quotes=quotes,
    )
    if chosen.json:
        document = plain(found)
        for row, one in zip(document["rows"], found.rows, strict=True):
            row["name"] = chosen.words.theme(one.theme) if one.theme else None
            row["sentence"] = _title(one, chosen.words)
        chosen.print_json(document)
    elif found.tagged:
        chosen.tell_left_out()
        _print(found, chosen.words)
