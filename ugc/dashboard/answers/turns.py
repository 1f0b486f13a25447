"""Since when: the changes of level and the actions of a choice of reviews, numbered by day and told."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta

from markupsafe import Markup, escape

from ugc.dashboard.acting.told import concerned
from ugc.dashboard.frame.data import Ask
from ugc.dashboard.look.formats import formats
from ugc.dashboard.look.marks import Mark
from ugc.dashboard.look.words import words
from ugc.insight import DIMENSIONS, Action, Filters, actions
from ugc.insight.satisfaction.change_points import ChangePoint, Contribution, Found, changes

__all__ = ["Turn", "change_line", "change_name", "in_force", "marks", "turns", "why_line"]

_MOST = 6
"""Changes told at once, the surest."""
_ACTS = 8
"""Actions told at once, the latest."""
_NEAR = timedelta(days=14)
"""Changes that lie no farther apart make one turn: their dates are not known more exactly."""
_ALL = 1000
_ORDER = ("negative", "stars", "theme", "volume")
"""Kinds of change, the most telling first."""


@dataclass(frozen=True)
class Turn:
    """A day when something changed, or when something was done; `first` and `last` bound the day."""

    number: int
    day: date
    first: date
    last: date
    changes: tuple[Found, ...]
    """The surest first; none where it is an action."""
    action: Action | None = None


def _meant(action: Action, filters: Filters, theme: str | None) -> bool:
    """Whether an action is about any of the reviews that the filters choose."""
    for name in DIMENSIONS:
        done, chosen = getattr(action.concerned, name), getattr(filters, name)
        if done and chosen and not set(done) & set(chosen):
            return False
    if (filters.since and action.day < filters.since) or (filters.until and action.day > filters.until):
        return False
    return theme is None or action.theme in (None, theme)


def _together(found: Sequence[Found]) -> list[Turn]:
    """Changes that lie near each other as one turn, dated by the surest of them."""
    heaps: list[list[Found]] = []
    for one in sorted(found, key=lambda one: one.at):
        if heaps and one.at - heaps[-1][0].at <= _NEAR:
            heaps[-1].append(one)
        else:
            heaps.append([one])
    made = []
    for heap in heaps:
        surest = min(heap, key=lambda one: one.q_value)
        ranked = sorted(heap, key=lambda one: (_ORDER.index(one.kind), one.q_value))
        made.append(Turn(0, surest.at, surest.earliest, surest.latest, tuple(ranked)))
    return made


def turns(
    ask: Ask, filters: Filters, *, theme: str | None = None, polarity: str | None = None
) -> tuple[Turn, ...]:
    """Changes and actions, numbered from the earliest; those of one theme and polarity where it is given.

    Changes are sought by week, in all figures together, so they are the same on every page.
    """
    found = ask(changes, filters, most=_ALL)
    if theme is not None:
        found = tuple(one for one in found if (one.theme, one.polarity) == (theme, polarity))
    surest = sorted(found, key=lambda one: (one.q_value, -abs(one.size.value)))[:_MOST]
    done = [one for one in ask(actions) if _meant(one, filters, theme)][-_ACTS:]
    every = _together(surest) + [Turn(0, one.day, one.day, one.day, (), one) for one in done]
    every.sort(key=lambda one: (one.day, one.action is not None))
    return tuple(replace(one, number=number) for number, one in enumerate(every, 1))


def in_force(ask: Ask, filters: Filters) -> Found | None:
    """The change to tell first: the latest that moved what customers say, else the latest of volume."""
    told = [one for turn in turns(ask, filters) for one in turn.changes]
    spoken = [one for one in told if one.kind != "volume"]
    return max(spoken or told, key=lambda one: (one.at, -_ORDER.index(one.kind), -one.q_value), default=None)


def change_name(one: Found, language: str) -> str:
    """What changed."""
    word = words(language)
    if one.kind == "theme":
        return word(f"turn.theme_{one.polarity}", theme=word.name("themes", one.theme))
    return word(f"turn.{one.kind}")


def _values(one: Found, language: str) -> dict[str, str]:
    """The figures of a change, written."""
    word, say = words(language), formats(language)
    size = one.size
    if one.kind == "stars":
        was, now, moved = say.stars(one.before), say.stars(one.after), say.shifts(size.low, size.high)
    elif one.kind == "volume":
        was, now = say.number(one.before, 1), say.number(one.after, 1)
        moved = say.interval(size.low, size.high, 1)
    else:
        was, now = say.percent(one.before), say.percent(one.after)
        moved = word("turn.points", size=say.points(size.low, size.high))
    counts = {"n_before": say.number(one.n_before), "n_after": say.number(one.n_after)}
    return {"what": change_name(one, language), "before": was, "after": now, "size": moved, **counts}


def change_line(one: Found, language: str, *, dated: bool = False) -> Markup:
    """What moved and by how much; since when too, where `dated`."""
    values = _values(one, language)
    if dated:
        values["what"] = values["what"][0].lower() + values["what"][1:]
        return words(language).rich("turn.since", day=formats(language).day(one.at), **values)
    return words(language).rich("turn.line", **values)


def _part(one: Contribution, kind: str, language: str) -> str:
    """What one value added: city Kazan (+12 pts)."""
    word, say = words(language), formats(language)
    if kind == "stars":
        gained = say.shift(one.gained)
    elif kind == "volume":
        gained = f"{'+' if one.gained > 0 else ''}{say.number(one.gained, 1)}"
    else:
        gained = word("turn.points", size=say.signed(one.gained))
    if one.dimension == "theme":
        return word("turn.part_theme", value=word.name("themes", one.value), gained=gained)
    value = word.called(one.dimension, one.value)
    return word("turn.part", where=word(f"filter.{one.dimension}").lower(), value=value, gained=gained)


def why_line(one: ChangePoint, language: str, *, most: int = 4) -> Markup | None:
    """What added most to a change, the first of each dimension; `None` where nothing is named."""
    firsts: dict[str, Contribution] = {}
    for part in one.contributions:
        if part.value is not None:
            firsts.setdefault(part.dimension, part)
    order = ("theme", "city", "product", "place", "source")
    named = [_part(firsts[name], one.kind, language) for name in order if name in firsts][:most]
    return escape(words(language)("turn.why", parts=", ".join(named))) if named else None


def marks(found: Sequence[Turn], first: date, last: date, language: str) -> list[Mark]:
    """The turns between two days as a chart marks them."""
    say, word = formats(language), words(language)
    made = []
    for one in found:
        if not first <= one.day <= last:
            continue
        if one.action is not None:
            what = f"{one.action.what} ({concerned(one.action, language)})"
        else:
            what = "; ".join(word("turn.line", **_values(change, language)) for change in one.changes)
        begin, end = max(one.first, first), min(one.last, last)
        made.append(Mark(one.number, one.day, begin, end, one.action is not None, say.day(one.day), what))
    return made
