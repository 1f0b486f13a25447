"""What came of an action, in plain sentences: verdict, before and after, the others, how sure, how soon."""

from __future__ import annotations

from collections.abc import Sequence

from markupsafe import Markup

from ugc.dashboard.look.formats import formats
from ugc.dashboard.look.table import Column, Table
from ugc.dashboard.look.words import words
from ugc.insight import DIMENSIONS, Action, Effect
from ugc.insight.outcome.weekly import Measure, Side
from ugc.insight.statistics.intervals import Interval

__all__ = ["TONES", "about", "concerned", "lines", "measure_name", "table", "verdict"]

TONES = {"helped": "praise", "hurt": "blame"}
"""Tone of a verdict; the others are neither."""

_LEAST = 0.001
"""The smallest p value that is written out."""


def concerned(action: Action, language: str) -> str:
    """For whom an action was: its values as they are called, or everybody."""
    word = words(language)
    named = [
        ", ".join(word.called(column, value) for value in getattr(action.concerned, field))
        for field, column in DIMENSIONS.items()
        if getattr(action.concerned, field)
    ]
    return " · ".join(named) or word("actions.everybody")


def about(action: Action, language: str) -> list[str]:
    """Facts of an action: day, for whom, theme, who noted it."""
    word = words(language)
    facts = [formats(language).day(action.day), concerned(action, language)]
    facts.append(word.name("themes", action.theme) if action.theme else word("actions.no_aim"))
    return [*facts, *([word("actions.by", author=action.author)] if action.author else [])]


def measure_name(measure: Measure, action: Action, language: str) -> str:
    """What is looked at, in words."""
    word = words(language)
    return word(f"actions.measure.{measure}", theme=word.name("themes", action.theme))


def verdict(found: Effect, language: str) -> Markup:
    """The verdict as a mark."""
    template = Markup('<p class="house-verdict"><span class="chip {}">{}</span></p>')
    return template.format(TONES.get(found.verdict, "plain"), words(language)(f"actions.{found.verdict}"))


def _figure(one: Interval | None, measure: Measure, language: str) -> tuple[str, str]:
    """A figure and its bounds, written."""
    say = formats(language)
    if one is None:
        return say.number(None), say.number(None)
    if measure == "stars":
        return f"{say.stars(one.value)} ★", say.interval(one.low, one.high, 2)
    return say.percent(one.value), say.percents(one.low, one.high)


def _change(one: Interval, measure: Measure, language: str) -> tuple[str, str]:
    """A change and its bounds, written with signs."""
    say = formats(language)
    if measure == "stars":
        return say.shift(one.value), say.shifts(one.low, one.high)
    points = words(language)("row.change", points=say.signed(one.value))
    return points, say.points(one.low, one.high)


def _size(value: float, measure: Measure, language: str) -> str:
    """A size of effect without its sign."""
    say = formats(language)
    if measure == "stars":
        return f"{say.stars(value)} ★"
    return words(language)("row.change", points=say.number(100 * value, 0 if value >= 0.1 else 1))


def _weeks(n: int, language: str) -> str:
    return words(language)("actions.weeks", n=n, count=formats(language).number(n))


def _side(key: str, side: Side, measure: Measure, language: str) -> Markup:
    """The figure of some weeks in one sentence."""
    word, say = words(language), formats(language)
    if side.figure is None:
        return word.rich(f"{key}_none")
    value, bounds = _figure(side.figure, measure, language)
    reviews = word("scope.reviews", n=side.reviews, count=say.number(side.reviews))
    template = word.rich(key, figure=value)
    return template + Markup(" ({}, {}, {}).").format(bounds, reviews, _weeks(side.weeks, language))


def _chance(found: Effect, joint: bool, language: str) -> str:
    """A p or q value as it is written: p = 0,042, or q < 0,001."""
    say, name = formats(language), "q" if joint else "p"
    value = (found.q_value if joint else found.p_value) or 0.0
    if value < _LEAST:
        return f"{name} < {say.number(_LEAST, 3)}"
    return f"{name} = {say.number(value, 3)}"


def _why(found: Effect, language: str) -> str:
    """What stands beside a verdict that is neither better nor worse: what could be seen, and when."""
    word, measure = words(language), found.measure
    if found.worth is None:
        return word("actions.nothing_before")
    size = _size(found.worth, measure, language)
    if found.verdict == "no_difference":
        return word("actions.would_show", size=size)
    if found.verdict == "too_early":
        if found.weeks_needed is None:
            return word("actions.few_weeks")
        count = _weeks(max(found.weeks_needed, 1), language)
        return word("actions.soonest", weeks=count, size=size)
    if found.visible is None:
        return word("actions.too_few", size=size)
    return word("actions.too_few_only", size=size, visible=_size(found.visible, measure, language))


def _meanwhile(others: Sequence[Action], language: str) -> Markup:
    """Other actions of the same weeks."""
    say = formats(language)
    named = "; ".join(f"{one.what} ({say.day(one.day)})" for one in others)
    return words(language).rich("actions.meanwhile", others=named)


def lines(found: Effect, language: str, *, joint: bool = False) -> list[Markup]:
    """The sentences, the most telling first; `joint` where it is corrected together with others."""
    word, measure = words(language), found.measure
    told = []
    if found.effect is not None:
        against = "others" if found.rest_before else "trend"
        change, bounds = _change(found.effect, measure, language)
        chance = _chance(found, joint, language)
        template = word.rich(f"actions.against_{against}", change=change)
        told.append(template + Markup(" ({}; {}).").format(bounds, chance))
    if found.verdict not in TONES:
        told.append(Markup("{}").format(_why(found, language).replace("..", ".")))  # «п. п.» ends itself
    before, after = (
        _side(f"actions.{when}", side, measure, language)
        for when, side in (("before", found.before), ("after", found.after))
    )
    told.append(before + Markup(" ") + after)
    if found.rest_before and found.rest_after:
        before, after = (
            _side(f"actions.others_{when}", side, measure, language)
            for when, side in (("before", found.rest_before), ("after", found.rest_after))
        )
        told.append(before + Markup(" ") + after)
    if found.level and found.slope:
        level, slope = (_change(one, measure, language) for one in (found.level, found.slope))
        told.append(
            word.rich("actions.course", level=level[0], slope=slope[0])
            + Markup(" ({}; {}).").format(level[1], slope[1])
        )
    if found.meanwhile:
        told.append(_meanwhile(found.meanwhile, language))
    return told


def table(found: Sequence[Effect], language: str) -> Table:
    """Actions with verdict, shares before and after, and the effect: for measures that are shares."""
    word = words(language)
    low, high = word("actions.head.low"), word("actions.head.high")
    columns = (
        Column(word("actions.when"), "day"),
        Column(word("actions.what")),
        Column(word("actions.verdict")),
        Column(word("actions.share_of")),
        Column(word("actions.share_before"), "share"),
        Column(word("actions.share_after"), "share"),
        Column(word("actions.change"), "points"),
        Column(low, "points"),
        Column(high, "points"),
        Column("q", "stars"),
    )
    rows = tuple(
        (
            one.action.day,
            one.action.what,
            word(f"actions.{one.verdict}"),
            word(f"effect.{one.measure}"),
            *(side.figure.value if side.figure else None for side in (one.before, one.after)),
            *(one.effect or (None, None, None)),
            one.q_value,
        )
        for one in found
    )
    return Table(word("actions.together"), columns, rows)
