"""`ugc trend`: figures by day, week or month, since when they changed, and what stands out now."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Literal

import typer

from ugc.cli.choosing import Choice, choosing

if TYPE_CHECKING:
    from ugc.insight.satisfaction.change_points import ChangePoint
    from ugc.insight.satisfaction.theme_course import ThemeMoment
    from ugc.insight.satisfaction.trend import Point, ThemePoint
    from ugc.report import Words

app = typer.Typer(add_completion=False, rich_markup_mode=None)

_BARS = "▁▂▃▄▅▆▇█"


def _spark(values: list[float | None]) -> str:
    """A line of bars from the least to the largest value; a gap where there is none."""
    known = [one for one in values if one is not None]
    if not known:
        return ""
    low, reach = min(known), (max(known) - min(known)) or 1.0
    return "".join(" " if one is None else _BARS[int((one - low) / reach * 7)] for one in values)


def _name(kind: str, theme: str | None, polarity: str | None, words: Words) -> str:
    """What changed, in the reader's language."""
    from ugc.insight.choice.display import printable

    if theme is None:
        return words(f"trend_{kind}")
    return printable(f"{words.theme(theme)}, {words(f'trend_of_{polarity}')}")


def _figure(kind: str, value: float, words: Words) -> str:
    """A figure in the unit of its course."""
    if kind in ("negative", "theme"):
        return f"{words.number(value * 100, 1)}%"
    return words.number(value, 2 if kind == "stars" else 1)


def _gain(kind: str, value: float, words: Words) -> str:
    """What a part adds to a change: points of a share, stars or reviews, with its sign."""
    from ugc.cli.figures import signed

    if kind in ("negative", "theme"):
        return f"{signed(value * 100, words, 1)} {words('points')}"
    return signed(value, words, 2 if kind == "stars" else 1)


def _table(points: tuple[Point, ...], words: Words) -> None:
    """One line a period."""
    typer.echo(f"{words('trend_negative')}: {_spark([one.negative_share for one in points])}")
    for one in points:
        csi = f"CSI {words.number(one.csi, 1)}"
        if one.csi_low is not None and one.csi_high is not None:
            csi += f" ({words.number(one.csi_low, 1)}…{words.number(one.csi_high, 1)})"
        share = f"{words.percent(one.negative_share)} ({words.interval(one.low, one.high)})"
        volume = f"{words('trend_volume')} {one.reviews}"
        mark = f", {words('trend_partial')}" if one.partial else ""
        typer.echo(f"{one.start}  {volume}  {words('trend_negative')} {share}  {csi}{mark}")


def _course(points: tuple[ThemeMoment, ...], title: str, words: Words) -> None:
    """One line a period of a theme: volume, share and score."""
    from ugc.cli.figures import within

    typer.echo(f"\n{title}: {_spark([one.share.value if one.share else None for one in points])}")
    for one in points:
        parts = [f"{one.start}  {one.reviews} / {one.tagged}"]
        if one.share:
            parts.append(f"{words.percent(one.share.value)} ({words.interval(*one.share[1:])})")
        if one.score:
            bounds = within(one.score.low, one.score.high, words, 0)
            parts.append(f"{words('score')} {words.number(one.score.value)} ({bounds})")
        typer.echo("  ".join(parts) + (f", {words('trend_partial')}" if one.partial else ""))


def _theme_table(points: tuple[ThemePoint, ...], title: str, words: Words) -> None:
    """One line a period of a theme with a polarity."""
    typer.echo(f"\n{title}: {_spark([one.share for one in points])}")
    for one in points:
        share = f"{words.percent(one.share)} ({words.interval(one.low, one.high)})"
        typer.echo(f"{one.start}  {one.reviews} / {one.tagged}  {share}")


def _change(one: ChangePoint, words: Words) -> None:
    """One change with the reviews that made it."""
    from ugc.insight.choice.display import printable

    was, now = (_figure(one.kind, value, words) for value in (one.before, one.after))
    low, high = (_gain(one.kind, value, words) for value in (one.size.low, one.size.high))
    typer.echo(f"{one.at} ({one.earliest} … {one.latest})  {_name(one.kind, one.theme, one.polarity, words)}")
    typer.echo(f"      {was} → {now} ({low} … {high}), n = {one.n_before} / {one.n_after}")
    for part in one.contributions:
        value = part.value or words("trend_none")
        if part.dimension == "theme" and part.value:
            value = words.theme(part.value)
        dimension = words(f"trend_by_{part.dimension}")
        typer.echo(f"      {dimension} {printable(value)}: {_gain(one.kind, part.gained, words)}")
    for quote in one.quotes:
        typer.echo(f"      «{printable(quote.text)}»")


@app.command()
@choosing()
def trend(
    chosen: Choice,
    by: Annotated[Literal["day", "week", "month"], typer.Option(help="Length of a period.")] = "week",
    polarity: Annotated[
        Literal["positive", "negative"] | None, typer.Option(help="Only themes with this polarity.")
    ] = None,
) -> None:
    """Figures by period, since when they changed and why, and what stands out now."""
    from ugc.cli.figures import plain
    from ugc.insight import theme_trend
    from ugc.insight import trend as course
    from ugc.insight.choice.display import printable
    from ugc.insight.satisfaction.change_points import change_points
    from ugc.insight.satisfaction.spikes import spikes
    from ugc.insight.satisfaction.theme_course import theme_course

    words, filters, snapshot = chosen.words, chosen.filters, chosen.snapshot
    points = course(snapshot, filters.without_themes(), by)
    sides = [polarity] if polarity else ["negative", "positive"]
    themes = {
        (theme, side): theme_trend(snapshot, filters, theme, side, by)
        for theme in filters.themes
        for side in sides
    }
    moments = {theme: theme_course(snapshot, filters, theme, by) for theme in filters.themes}
    changes = change_points(snapshot, filters, by, polarity=polarity)
    sudden, rare = spikes(snapshot, filters, "day" if by == "day" else "week", polarity=polarity)
    if chosen.json:
        courses = [{"theme": key[0], "polarity": key[1], "points": plain(one)} for key, one in themes.items()]
        scored = [{"theme": theme, "points": plain(one)} for theme, one in moments.items()]
        found = {"points": points, "changes": changes, "spikes": sudden, "growing": rare}
        chosen.print_json(
            {
                "by": by,
                "themes": courses,
                "scores": scored,
                **{name: plain(one) for name, one in found.items()},
            }
        )
        return
    if not points:
        return
    chosen.tell_left_out()
    _table(points, words)
    for theme, course_ in moments.items():
        _course(course_, printable(words.theme(theme)), words)
    for key, one in themes.items():
        _theme_table(one, _name("theme", *key, words), words)
    typer.echo(f"\n{words('trend_changes')}" if changes else f"\n{words('trend_no_changes')}")
    for change in changes:
        _change(change, words)
    typer.echo(f"\n{words('trend_spikes')}" if sudden or rare else f"\n{words('trend_no_spikes')}")
    for spike in sudden:
        name = _name(spike.kind, spike.theme, spike.polarity, words)
        usual = words("trend_usual", expected=words.number(spike.expected, 1))
        typer.echo(f"{spike.start}  {name}: {spike.reviews} ({usual}), z = {words.number(spike.z, 1)}")
    for grown in rare:
        name = _name("theme", grown.theme, grown.polarity, words)
        was = f"{grown.before_reviews} / {grown.before_n}"
        typer.echo(f"{grown.since}  {name}: {was} → {grown.reviews} / {grown.n}")
