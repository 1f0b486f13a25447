"""`ugc scores`: CSI and share of negatives at every level, rolled up; NPS; where stars and text disagree."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from ugc.cli.choosing import Choice, choosing

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ugc.insight import Scores
    from ugc.insight.satisfaction.disagreements import Disagreements
    from ugc.insight.satisfaction.levels import Level, LevelRow
    from ugc.insight.satisfaction.nps import Nps
    from ugc.insight.satisfaction.weights import RollUp
    from ugc.insight.statistics.intervals import Interval
    from ugc.report import Words

app = typer.Typer(add_completion=False, rich_markup_mode=None)

_MENTIONED = {"theme": "themes", "touchpoint": "touchpoints", "stage": "stages"}


def _csi(one: Interval | None, words: Words) -> str:
    """A figure of 0…100 with its bounds: 71 (68…74)."""
    from ugc.cli.figures import within

    if one is None:
        return "–"
    return f"{words.number(one.value)} ({within(one.low, one.high, words, 0)})"


def _share(one: Interval | None, count: int, n: int, words: Words) -> str:
    """A share with its bounds and counts: 31% (28–34%), 93 / 300."""
    if one is None:
        return "–"
    return f"{words.percent(one.value)} ({words.interval(one.low, one.high)}), {count} / {n}"


def _name(value: str | None, level: Level, words: Words) -> str:
    """A value as the reader knows it."""
    from ugc import taxonomy
    from ugc.insight.choice.display import printable

    if value is None:
        return words("nothing")
    kind = _MENTIONED.get(level)
    if kind and value in taxonomy.keys(kind):
        return taxonomy.label(kind, value).name(words.language)
    return printable(value)


def _whole(one: Scores, words: Words) -> None:
    """The figures of all reviews chosen, stars beside text."""
    from ugc.insight.statistics.intervals import Interval

    def bounded(value: float | None, low: float | None, high: float | None) -> Interval | None:
        return None if value is None or low is None or high is None else Interval(value, low, high)

    by_stars = bounded(one.csi, one.csi_low, one.csi_high)
    by_text = bounded(one.text_csi, one.text_csi_low, one.text_csi_high)
    negative = bounded(one.negative_share, one.negative_low, one.negative_high)
    typer.echo(f"{words('csi')}: {_csi(by_stars, words)}, n = {one.ratings}")
    typer.echo(f"{words('scores_text')}: {_csi(by_text, words)}, n = {one.tagged}")
    typer.echo(f"{words('negative')}: {_share(negative, one.negative, one.tagged, words)}")
    if not one.representative:
        typer.echo(words("not_representative", missing=one.missing_ratings))


def _rows(rows: Sequence[LevelRow], level: Level, rolled: RollUp, top: int, words: Words) -> None:
    """The values of a level, and what they roll up to."""
    typer.echo(f"\n{words(f'scores_by_{level}')}")
    for one in rows[:top]:
        mark = "" if one.representative else f"; {words('scores_missing', missing=one.missing)}"
        weight = rolled.weights.get(one.value or "")
        weighs = f"; {words('scores_weight', weight=words.percent(weight))}" if weight is not None else ""
        negative = _share(one.negative_share, one.negative, one.tagged, words)
        typer.echo(
            f"    {_name(one.value, level, words)}: CSI {_csi(one.csi, words)}, n = {one.n}; "
            f"{words('scores_negative')} {negative}{weighs}{mark}"
        )
    if len(rows) > top:
        typer.echo(f"    {words('scores_more', n=len(rows) - top)}")
    if not rolled.weights:
        return
    counted = "scores_raising" if level in _MENTIONED else "scores_counted"
    how = words("scores_own" if rolled.own else counted)
    share = rolled.negative_share
    negatives = f"{words.percent(share.value)} ({words.interval(share.low, share.high)})" if share else "–"
    typer.echo(f"    {how}: CSI {_csi(rolled.csi, words)}; {words('scores_negative')} {negatives}")
    for key, values in (("scores_without", rolled.without), ("scores_unweighted", rolled.unweighted)):
        if values:
            typer.echo(f"    {words(key)}: {', '.join(_name(one, level, words) for one in values)}")


def _nps(found: Sequence[Nps], words: Words) -> None:
    """The score of each source that asked 0–10."""
    from ugc.insight.choice.display import printable

    if found:
        typer.echo(f"\n{words('scores_nps')}")
    for one in found:
        mark = "" if one.representative else f"; {words('scores_missing', missing=one.missing)}"
        typer.echo(f"    {printable(one.source)}: {_csi(one.score, words)}, n = {one.n}{mark}")


def _disagreements(found: Disagreements, words: Words) -> None:
    """Stars against text, star by star, and the newest reviews in which they disagree."""
    from ugc.insight.choice.display import printable
    from ugc.taxonomy import label, labels

    share = _share(found.share, found.reviews, found.compared, words)
    typer.echo(f"\n{words('scores_disagree')}: {share}")
    for stars in sorted(found.table, reverse=True):
        counts = found.table[stars]
        told = [f"{one.name(words.language)} {counts.get(one.key, 0)}" for one in labels("sentiments")]
        typer.echo(f"    ★ {stars}: {', '.join(told)}")
    for one in found.rows:
        day = f"{one.date:%Y-%m-%d} · " if one.date else ""
        sentiment = label("sentiments", one.sentiment).name(words.language)
        typer.echo(f"    {day}★ {words.number(one.stars)} · {sentiment}: «{printable(one.text)}»")


@app.command()
@choosing()
def scores(
    chosen: Choice,
    level: Annotated[
        list[str] | None,
        typer.Option(
            "--level",
            help="company, product, place, city, source, theme, touchpoint or stage; may repeat. "
            "Those that differ within the choice, if unset.",
        ),
    ] = None,
    weights: Annotated[
        Path | None,
        typer.Option(help="CSV of level, value, weight; the setting weights if unset."),
    ] = None,
    disagreements: Annotated[
        int, typer.Option(min=0, max=1000, help="Newest reviews listed whose stars and text disagree.")
    ] = 5,
    top: Annotated[int, typer.Option(min=1, help="Values of each level at most.")] = 20,
) -> None:
    """How many are pleased: CSI and share of negatives at every level, NPS, stars against text."""
    from ugc import settings
    from ugc.cli.figures import plain
    from ugc.errors import InputError
    from ugc.insight.satisfaction.disagreements import disagreements as differ
    from ugc.insight.satisfaction.levels import LEVELS, level_rows
    from ugc.insight.satisfaction.nps import nps
    from ugc.insight.satisfaction.weights import read_weights, roll_up

    for one in level or ():
        if one not in LEVELS[1:]:
            raise InputError(f"There is no level {one!r}.", f"Known: {', '.join(LEVELS[1:])}.")
    file = weights or settings.load().weights
    own = read_weights(file) if file else ()
    asked = [one for one in LEVELS[1:] if not level or one in level]
    found = {one: level_rows(chosen.snapshot, chosen.filters, one) for one in asked}
    if not level:
        found = {one: rows for one, rows in found.items() if len(rows) > 1}
    rolled = {one: roll_up(rows, one, own) for one, rows in found.items() if rows}
    asked_ten = nps(chosen.snapshot, chosen.filters)
    apart = differ(chosen.snapshot, chosen.filters, disagreements)
    if chosen.json:
        levels: dict[str, Any] = {
            one: {
                "rows": [
                    plain(row) | {"name": _name(row.value, one, chosen.words)} for row in found[one][:top]
                ],
                "rolled_up": plain(up),
            }
            for one, up in rolled.items()
        }
        whole = {"whole": plain(chosen.figures), "levels": levels}
        chosen.print_json(whole | {"nps": plain(asked_ten), "disagreements": plain(apart)})
    elif chosen.figures.reviews:
        chosen.tell_left_out()
        _whole(chosen.figures, chosen.words)
        for one, up in rolled.items():
            _rows(found[one], one, up, top, chosen.words)
        _nps(asked_ten, chosen.words)
        if apart.compared:
            _disagreements(apart, chosen.words)
