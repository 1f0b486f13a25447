"""What stands side by side: the sides that a view names, or those that are compared when it names none."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any

import streamlit as st

from ugc.dashboard.frame import address
from ugc.dashboard.frame.context import Context
from ugc.dashboard.look.formats import formats
from ugc.dashboard.look.words import words
from ugc.insight import DIMENSIONS, Filters, Options
from ugc.insight.choice.periods import span_of
from ugc.insight.whereabouts.compare import Comparison

__all__ = [
    "MOST",
    "Sides",
    "base",
    "called",
    "choices",
    "choose",
    "empty",
    "narrowed",
    "pairs",
    "spelled",
    "total",
]

MOST = 5
"""Sides that can be told apart on one chart."""

_MONTHS, _QUARTERS = 18, 8
_SPANS = (30, 90, 365)
"""Days of the last period and of the one before it that can be chosen at once."""
_FIELDS: dict[str, str] = {column: name for name, column in DIMENSIONS.items()}
_LAST = "_compared"
"""Kind and sides of the run before, to know a change of kind by."""


@dataclass(frozen=True)
class Sides:
    """What is compared: its kind, its sides, names that there are not, and all that can be chosen."""

    what: str
    names: tuple[str, ...]
    unknown: tuple[str, ...]
    options: tuple[str, ...]


def _back(month: date, count: int) -> date:
    """First day of the month `count` months earlier."""
    months = month.year * 12 + month.month - 1 - count
    return date(months // 12, months % 12 + 1, 1)


def _range(first: date, last: date) -> str:
    return f"{first}..{last}"


def _ends(last: date, days: int) -> tuple[str, str]:
    """As many days before the last ones, and these."""
    begin = last - timedelta(days=days - 1)
    return _range(begin - timedelta(days=days), begin - timedelta(days=1)), _range(begin, last)


def _spans(has: Options) -> list[str]:
    """The last days and as many before them, for every span that the reviews reach over."""
    if has.first is None or has.last is None:
        return []
    found: list[str] = []
    for days in _SPANS:
        if days == _SPANS[0] or has.last - timedelta(days=2 * days - 1) >= has.first:
            found += reversed(_ends(has.last, days))
    return found


def _periods(has: Options) -> list[str]:
    """Periods that the reviews reach over, as `choose_sides` reads them, the latest first."""
    if has.first is None or has.last is None:
        return []
    month = has.last.replace(day=1)
    months = [one for n in range(_MONTHS) if (one := _back(month, n)) >= has.first.replace(day=1)]
    quarters = dict.fromkeys(map(_quarter, months))
    years = [str(year) for year in range(has.last.year, has.first.year - 1, -1)]
    listed = [f"{one:%Y-%m}" for one in months]
    return [*_spans(has), *listed, *list(quarters)[:_QUARTERS], *years]


def choices(context: Context, what: str) -> list[str]:
    """What can be chosen as a side, the most frequent or latest first."""
    if what == "period":
        return _periods(context.has)
    return [one.value for one in getattr(context.has, _FIELDS[what]) if one.value]


def _kind(context: Context) -> str:
    """The kind that the view names; companies when there are two, otherwise periods."""
    return context.view["what"] or ("company" if len(choices(context, "company")) > 1 else "period")


def choose(context: Context) -> Sides:
    """The sides of the view; when it names none, or those of another kind, the first two that there are.

    Sets the widgets of the page to them, so it must be asked before these are made.
    """
    what, given = _kind(context), context.view["sides"]
    known = choices(context, what)
    last = st.session_state.get(_LAST)
    if last is not None and last[0] != what and last[1] == given:
        given = ()
    given = (given or _first(context, what, known))[:MOST]
    st.session_state[_LAST] = what, given
    address.assign(what=what, sides=given)
    names = tuple(one for one in given if one in known or (what == "period" and _is_period(one)))
    unknown = tuple(one for one in given if one not in names)
    return Sides(what, names, unknown, tuple(dict.fromkeys([*known, *given])))


def _first(context: Context, what: str, known: Sequence[str]) -> tuple[str, ...]:
    """What is compared at first sight: the two largest, or the last period with the one before it."""
    usual = pairs(context.has) if what == "period" else {}
    return next(iter(usual.values()), tuple(known[:2]))


def _is_period(name: str) -> bool:
    begin, dots, end = name.partition("..")
    return span_of(begin) is not None and (not dots or span_of(end) is not None)


def pairs(has: Options) -> dict[str, tuple[str, str]]:
    """The period before the last and the last one, by what they are called, as far back as the reviews reach.

    The earlier one stands first, so that a difference against the first is what has changed.
    """
    if has.first is None or has.last is None:
        return {}
    month = has.last.replace(day=1)
    quarter, year = _back(month, (month.month - 1) % 3), has.last.year
    found = {f"days{days}": _ends(has.last, days) for days in _SPANS}
    found["month"] = f"{_back(month, 1):%Y-%m}", f"{month:%Y-%m}"
    found["quarter"] = _quarter(_back(quarter, 3)), _quarter(quarter)
    found["year"] = str(year - 1), str(year)
    return {key: pair for key, pair in found.items() if _reached(pair[0], has.first)}


def _quarter(month: date) -> str:
    return f"{month.year}-Q{(month.month + 2) // 3}"


def _reached(period: str, first: date) -> bool:
    """Whether a period ends after the first review."""
    end = span_of(period.rpartition("..")[2])
    return end is not None and end[1] >= first


def spelled(days: Sequence[date]) -> str | None:
    """A span of days as `choose_sides` reads it; `None` while its last day is not chosen."""
    return _range(days[0], days[1]) if len(days) == 2 else None


def base(context: Context, what: str) -> Filters:
    """The filters of the view without those by which the sides are told apart."""
    freed: dict[str, Any] = {"since": None, "until": None} if what == "period" else {_FIELDS[what]: ()}
    return replace(context.filters, **freed)


def narrowed(what: str, name: str) -> dict[str, Any]:
    """The fields of an address that choose one side alone."""
    if what != "period":
        return {what: (name,)}
    begin, dots, end = name.partition("..")
    first, last = span_of(begin), span_of(end if dots else begin)
    return {"since": first and first[0], "until": last and last[1]}


def called(what: str, name: str, language: str) -> str:
    """A side as the page names it: a period in words, a name as it is."""
    if what != "period":
        return words(language).called(what, name)
    say, (begin, dots, end) = formats(language), name.partition("..")
    first, last = span_of(begin), span_of(end if dots else begin)
    if first is None or last is None:
        return name
    if dots or len(begin) > len("2026-Q4"):
        return say.span(first[0], last[1])
    if "Q" in begin.upper():
        return words(language)("compare.quarter", n=begin[-1], year=first[0].year)
    return str(first[0].year) if len(begin) == len("2026") else say.month(first[0])


def empty(found: Comparison) -> list[str]:
    """Sides without any review."""
    return [side.name for side in found.sides if not side.scores.reviews]


def total(found: Comparison) -> int:
    """Reviews of all sides together."""
    return sum(side.scores.reviews for side in found.sides)
