"""`ugc moments`: the moments of truth on the customer's way, in the terminal or as JSON."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from ugc.cli.choosing import Choice, choosing

if TYPE_CHECKING:
    from ugc.insight import Moments
    from ugc.insight.causes.about import About
    from ugc.insight.causes.moments import Cell, Side, Stage
    from ugc.report import Words

app = typer.Typer(add_completion=False, rich_markup_mode=None)


def _label(kind: str, key: str, words: Words) -> str:
    """Name of a touchpoint or a stage; the key itself for one that the taxonomy no longer has."""
    from ugc import taxonomy

    return taxonomy.label(kind, key).name(words.language) if key in taxonomy.keys(kind) else key


def _where(one: Cell, words: Words) -> str:
    """Theme and touchpoint of a cell."""
    from ugc.insight.causes.cells import NOT_TOLD

    told = one.touchpoint != NOT_TOLD
    place = _label("touchpoints", one.touchpoint, words) if told else words("not_told")
    return f"{words.theme(one.theme)} · {place}"


def _share(one: About | Side, n: int, words: Words) -> str:
    """A share with its interval and n."""
    return f"{words.percent(one.share)} ({words.interval(one.low, one.high)}), {one.reviews} / {n}"


def _about(one: About, words: Words) -> str:
    """Score, stars, impact and emotion in one line."""
    from ugc.cli.figures import moved, within

    parts = []
    if one.score:
        bounds = within(one.score.low, one.score.high, words, 0)
        parts.append(f"{words('score')} {words.number(one.score.value)} ({bounds})")
    if one.impact:
        parts.append(f"{words('impact')} {moved(one.impact, words)}")
    else:
        parts.append(words("too_few_rated"))
    if one.intensity:
        share = f"{words.percent(one.intensity.value)} ({words.interval(*one.intensity[1:])})"
        parts.append(f"{words('intensity')} {share}")
    return "; ".join(parts)


def _lifts(one: About, words: Words) -> str:
    """How much more often it comes in the worst and in the best reviews."""
    from ugc.cli.figures import within

    parts = []
    for star, lift in ((1, one.one_star), (5, one.five_star)):
        if lift:
            told = words("lift", star=star, times=words.number(lift.value, 1))
            parts.append(f"{told} ({within(lift.low, lift.high, words, 1)}), n = {lift.reviews}")
    return "; ".join(parts)


def _side(key: str, one: Side, n: int, words: Words) -> str:
    """What makes a cell a moment of truth."""
    from ugc.cli.figures import stars

    degree = words("out_of_all")
    if one.disproportion is not None:
        degree = words("times", times=words.number(one.disproportion, 1))
    moved = f": {stars(one.impact, words)}" if one.impact else ""
    return f"{words(key)}{moved}, {degree}; {_share(one, n, words)}"


def _print_moments(found: Moments, words: Words) -> None:
    """The moments of truth, strongest first."""
    from ugc.insight.choice.display import printable

    typer.echo(f"\n{words('moments')} (n = {found.ratings})")
    told = [one for one in found.cells if one.moment]
    for place, one in enumerate(told, 1):
        typer.echo(f"{place:2}. {printable(_where(one, words))}")
        for key, side in (("by_blame", one.blame), ("by_praise", one.praise)):
            if side.moment:
                typer.echo(f"      {_side(key, side, found.tagged, words)}")
        for line in (_about(one.about, words), _lifts(one.about, words)):
            if line:
                typer.echo(f"      {line}")
    if not told:
        typer.echo(f"    {words('no_moments')}")


def _print_stage(one: Stage, found: Moments, top: int, words: Words) -> None:
    """One stage of the map with its strongest cells."""
    from ugc.insight.choice.display import printable

    name = _label("stages", one.key, words) if one.key else words("not_told")
    typer.echo(f"\n{name}: {_share(one.about, found.tagged, words)}")
    if not one.about.reviews:
        return
    typer.echo(f"      {_about(one.about, words)}")
    for cell in [each for each in found.cells if each.stage == one.key][:top]:
        star = "★" if cell.moment else " "
        where, share = _where(cell, words), _share(cell.about, found.tagged, words)
        typer.echo(f"    {star} {printable(where)}: {share}; {_about(cell.about, words)}")


def _print(found: Moments, top: int, words: Words) -> None:
    """The answer as lines of text."""
    from ugc.cli.figures import within
    from ugc.insight.causes.impact import LEAST_RATINGS

    if found.mean_stars:
        bounds = within(found.mean_stars.low, found.mean_stars.high, words)
        mean = words.number(found.mean_stars.value, 2)
        typer.echo(words("mean_of", mean=mean, range=bounds, n=found.ratings))
    if not found.representative:
        typer.echo(words("not_representative", missing=found.missing_ratings))
    if found.enough:
        _print_moments(found, words)
    else:
        typer.echo(words("lack_ratings", n=found.ratings, least=LEAST_RATINGS))
    typer.echo(f"\n{words('way')} (n = {found.tagged})")
    for one in found.stages:
        _print_stage(one, found, top, words)


@app.command()
@choosing()
def moments(
    chosen: Choice,
    top: Annotated[int, typer.Option(min=1, help="Themes shown at each stage of the map.")] = 5,
) -> None:
    """Moments of truth: where a theme moves the rating beyond its share, and the customer's way as a map."""
    from ugc.cli.figures import plain
    from ugc.insight import moments as find

    found = find(chosen.snapshot, chosen.filters)
    if chosen.json:
        document = plain(found)
        for row, cell in zip(document["cells"], found.cells, strict=True):
            row |= {"name": _where(cell, chosen.words), "moment": cell.moment}
        chosen.print_json(document)
    elif found.tagged:
        chosen.tell_left_out()
        _print(found, top, chosen.words)
