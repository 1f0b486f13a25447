"""`ugc drivers`: which themes move the rating, in the terminal or as JSON."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from ugc.cli.choosing import Choice, choosing

if TYPE_CHECKING:
    from ugc.insight import Driver, Drivers
    from ugc.insight.causes.contrast import Effect, Unweighed
    from ugc.report import Words

app = typer.Typer(add_completion=False, rich_markup_mode=None)


def _head(found: Drivers, words: Words) -> list[str]:
    """The mean, how far it may be trusted, and how much the themes explain."""
    from ugc.cli.figures import within
    from ugc.insight.causes.impact import LEAST_RAISED, LEAST_RATINGS

    lines = []
    if found.mean_stars is not None and found.mean_low is not None and found.mean_high is not None:
        bounds = within(found.mean_low, found.mean_high, words)
        lines.append(words("mean_of", mean=words.number(found.mean_stars, 2), range=bounds, n=found.ratings))
    if not found.representative:
        lines.append(words("not_representative", missing=found.missing_ratings))
    if found.lacking == "ratings":
        lines.append(words("lack_ratings", n=found.ratings, least=LEAST_RATINGS))
    elif found.lacking == "spread":
        lines.append(words("lack_spread"))
    elif found.lacking == "terms":
        lines.append(words("lack_terms", least=LEAST_RAISED))
    elif found.ground is not None:
        lines.append(
            words(
                "explains",
                r2=words.percent(found.r2),
                adjusted=words.percent(found.r2_adjusted),
                ground=words.number(found.ground.value, 2),
                range=within(found.ground.low, found.ground.high, words),
            )
        )
    return lines


def _effect(key: str, one: Effect, words: Words) -> str:
    """A penalty or a reward with its bounds and n."""
    from ugc.cli.figures import within

    verdict = "" if one.significant else f", {words('not_significant')}"
    bounds = within(one.low, one.high, words)
    return f"{words(key)} {words.number(one.value, 2)}★ ({bounds}), n = {one.reviews}{verdict}"


def _driver(one: Driver, found: Drivers, words: Words) -> list[str]:
    """The lines below the name of one theme."""
    from ugc.cli.figures import moved, stars

    share = (
        f"{words.percent(one.share)} ({words.interval(one.low, one.high)}), {one.reviews} / {found.tagged}"
    )
    lines = [f"{words('raised_by')}: {share}"]
    impacts = {"impact": one.impact, "blame": one.blame_impact, "praise": one.praise_impact}
    told = [f"{words(key)} {moved(figure, words)}" for key, figure in impacts.items() if figure]
    if told:
        lines.append("; ".join(told))
    effects = {"penalty": one.penalty, "reward": one.reward}
    weighed = [_effect(key, effect, words) for key, effect in effects.items() if effect]
    if weighed:
        lines.append("; ".join(weighed))
    if one.what_if and one.what_if.significant:
        hope = f"{words('what_if', fall=words.percent(found.fall))}: {stars(one.what_if, words)}"
        lines.append(f"{hope}, {words('to_mean', mean=words.number(one.what_if.mean_stars, 2))}")
    return lines


def _title(one: Driver, words: Words) -> str:
    """Name of a theme and its class, or why it has none."""
    verdict = one.kind or one.undecided
    kind = f": {words(verdict)}" if verdict and verdict != "no_regression" else ""
    return words.theme(one.theme) + kind


def _unweighed(one: Unweighed, words: Words) -> str:
    """A term that was not weighed, and why."""
    sides = {"negative": words("blame"), "positive": words("praise")}
    like = f"{words.theme(one.like[0])}, {sides[one.like[1]]}" if one.like else ""
    return f"{words.theme(one.theme)}, {sides[one.polarity]}: {words(one.cause, n=one.reviews, like=like)}"


def _print(found: Drivers, words: Words) -> None:
    """The answer as lines of text."""
    from ugc.insight.choice.display import printable

    for line in _head(found, words):
        typer.echo(line)
    if found.rows:
        typer.echo(f"\n{words('drivers')} (n = {found.ratings})")
    for place, one in enumerate(found.rows, 1):
        typer.echo(f"{place:2}. {printable(_title(one, words))}")
        for line in _driver(one, found, words):
            typer.echo(f"      {line}")
    if found.unweighed:
        typer.echo(f"\n{words('not_weighed')}")
        for left in found.unweighed:
            typer.echo(f"      {printable(_unweighed(left, words))}")
    if found.absent:
        names = ", ".join(printable(words.theme(theme)) for theme in found.absent)
        typer.echo(f"\n{words('absent')}: {names}")


@app.command()
@choosing()
def drivers(
    chosen: Choice,
    fall: Annotated[
        float, typer.Option(help="Share of a theme's complaints that falls away in “what if”: 0.5 is half.")
    ] = 0.5,
) -> None:
    """Which themes move the rating: impact, penalty, reward, class, and what fewer complaints would give."""
    from ugc.cli.figures import plain
    from ugc.insight import drivers as find

    found = find(chosen.snapshot, chosen.filters, fall=fall)
    if chosen.json:
        document = plain(found)
        for row in document["rows"]:
            row["name"] = chosen.words.theme(row["theme"])
        chosen.print_json(document)
    elif found.tagged:
        chosen.tell_left_out()
        _print(found, chosen.words)
