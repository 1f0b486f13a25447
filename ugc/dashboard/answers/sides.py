"""What stands side by side: the sides that a view names, or those that are compared when it names none."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

from ugc.dashboard.frame.context import Context
from ugc.dashboard.look.formats import formats
from ugc.dashboard.look.words import words
from ugc.insight import DIMENSIONS, Filters, Options
from ugc.insight.choice.periods import span_of
from ugc.insight.whereabouts.compare import Comparison

__all__ = ["MOST", "base", "called", "choices", "chosen", "narrowed", "total"]

MOST = 5
"""Sides that can be told apart on one chart."""

_MONTHS, _QUARTERS = 18, 8
_SPANS = (30, 90, 365)
"""Days of the last period and of the one before it that can be chosen at once."""
_FIELDS: dict[str, str] = {column: name for name, column in DIMENSIONS.items()}


def _back(month: date, count: int) -> date:
    """First day of the month `count` months earlier."""
    months = month.year * 12 + month.month - 1 - count
    return date(months // 12, months % 12 + 1, 1)


def _range(first: date, last: date) -> str:
    return f"{first}..{last}"


def _spans(has: Options) -> list[str]:
    """The last days and as many before them, for every span that the reviews reach over."""
    if has.first is None or has.last is None:
        return []
    found = []
    for days in _SPANS:
        begin = has.last - timedelta(days=days - 1)
        before = begin - timedelta(days=days)
        if before >= has.first or days == _SPANS[0]:
            found += [_range(begin, has.last), _range(before, begin - timedelta(days=1))]
    return found


def _periods(has: Options) -> list[str]:
    """Periods that the reviews reach over, as `choose_sides` reads them, the latest first."""
    if has.first is None or has.last is None:
        return []
    month = has.last.replace(day=1)
    months = [one for n in range(_MONTHS) if (one := _back(month, n)) >= has.first.replace(day=1)]
    quarters = dict.fromkeys(f"{one.year}-Q{(one.month + 2) // 3}" for one in months)
    years = [str(year) for year in range(has.last.year, has.first.year - 1, -1)]
    listed = [f"{one:%Y-%m}" for one in months]
    return [*_spans(has), *listed, *list(quarters)[:_QUARTERS], *years]


def choices(context: Context, what: str) -> list[str]:
    """What can be chosen as a side, the most frequent or latest first."""
    if what == "period":
        return _periods(context.has)
    return [one.value for one in getattr(context.has, _FIELDS[what]) if one.value]


def chosen(context: Context, known: Sequence[str]) -> tuple[str, ...]:
    """The sides of the view that there are; when fewer than two, the first two that can be compared."""
    named = tuple(one for one in context.view["sides"] if one in known or span_of(one.partition("..")[0]))
    named = tuple(one for one in named if one in known or context.view["what"] == "period")[:MOST]
    return named if len(named) > 1 else tuple(known[:2])


def base(context: Context) -> Filters:
    """The filters of the view without those by which the sides are told apart."""
    what = context.view["what"]
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


def total(found: Comparison) -> int:
    """Reviews of all sides together."""
    return sum(side.scores.reviews for side in found.sides)
