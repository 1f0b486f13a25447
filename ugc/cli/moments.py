"""`ugc moments`: the moments of truth on the customer's way, in the terminal or as JSON."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

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
    from ugc.insight import Moments
    from ugc.insight.about import About
    from ugc.insight.moments import Cell, Side, Stage
    from ugc.report import Words

app = typer.Typer(add_completion=False, rich_markup_mode=None)


def _label(kind: str, key: str, words: Words) -> str:
    """Name of a touchpoint or a stage; the key itself for one that the taxonomy no longer has."""
    from ugc import taxonomy

    return taxonomy.label(kind, key).name(words.language) if key in taxonomy.keys(kind) else key


def _where(one: Cell, words: Words) -> str:
    """Theme and touchpoint of a cell."""
    from ugc.insight.cells import NOT_TOLD

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
    from ugc.insight.display import printable

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
    from ugc.insight.display import printable

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
    from ugc.insight.impact import LEAST_RATINGS

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
def moments(
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
    top: Annotated[int, typer.Option(min=1, help="Themes shown at each stage of the map.")] = 5,
    lang: Interface = None,
    json_: Annotated[bool, typer.Option("--json", help="Print one JSON document.")] = False,
    lake: LakeAddress = None,
) -> None:
    """Moments of truth: where a theme moves the rating beyond its share, and the customer's way as a map."""
    from ugc import settings
    from ugc.cli.figures import advise, plain, print_json
    from ugc.insight import Filters, scores
    from ugc.insight import moments as find
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
        found = find(snapshot, filters)
    advise(held, figures.reviews, figures.tagged, figures.untagged)
    if json_:
        document = plain(found)
        for row, cell in zip(document["cells"], found.cells, strict=True):
            row |= {"name": _where(cell, say), "moment": cell.moment}
        print_json(document, filters, say)
    elif found.tagged:
        if filters.left_out:
            typer.echo(say("left_out", reviews=len(filters.left_out)))
        _print(found, top, say)
