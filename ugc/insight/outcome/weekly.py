"""Reviews by week before and after a day, those that an action concerns apart from the others."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any, Literal

import numpy as np
from numpy.typing import NDArray

from ugc.insight.choice.filters import Filters, day_start
from ugc.insight.choice.statement import fill
from ugc.insight.outcome.actions import Action
from ugc.insight.statistics.interrupted import LEAST_AFTER, LEAST_BEFORE, Series
from ugc.insight.statistics.intervals import Interval, mean, wilson

if TYPE_CHECKING:
    from ugc.lake import Snapshot

__all__ = [
    "BEFORE",
    "LONGEST",
    "MEASURES",
    "Group",
    "Measure",
    "Side",
    "Week",
    "comparable",
    "course",
    "read",
    "series",
]

Measure = Literal["complaints", "negative", "stars"]
"""The share that blames the theme, the share of displeased, the mean of the stars."""

MEASURES: tuple[Measure, ...] = ("complaints", "negative", "stars")

BEFORE, LONGEST = 52, 26
"""Weeks before and after the day that are read."""

_WEEK = 7 * 86_400_000_000
"""Microseconds."""

_ENOUGH = 0.5
"""Reviews not concerned for each one concerned, from which on they are compared with."""

Floats = NDArray[np.float64]

_WEEKLY = """
SELECT CAST(floor((epoch_us(r.date) - $day) / {week}.0) AS INTEGER) AS week,
    {concerned} AS concerned,
    count({value}) AS n,
    coalesce(sum({value}), 0.0) AS total,
    coalesce(sum({value} * {value}), 0.0) AS squares
FROM reviews r {tables}
WHERE {where} AND epoch_us(r.date) >= $first AND epoch_us(r.date) < $last
GROUP BY 1, 2
"""

_TAGS = "JOIN tags t ON t.key = r.key AND t.sentiment IS NOT NULL"
_BLAMED = "LEFT JOIN raises m ON m.key = r.key AND m.theme = $theme AND m.polarity = 'negative'"

_VALUES: dict[str, tuple[str, str]] = {
    "complaints": ("CAST(m.key IS NOT NULL AS DOUBLE)", f"{_TAGS} {_BLAMED}"),
    "negative": ("CAST(t.sentiment = 'negative' AS DOUBLE)", _TAGS),
    "stars": ("r.stars", ""),
}
"""SQL of a review's value by each measure, null where it has none, and the tables it needs."""


@dataclass(frozen=True)
class Side:
    """The figure of some weeks, with its interval; `None` where there is no review."""

    weeks: int
    """With a review."""
    reviews: int
    figure: Interval | None


@dataclass(frozen=True)
class Week:
    """One week of the course that is looked at."""

    first: date
    """Its first day; weeks are counted from the day of the action."""
    own: Side
    """The reviews concerned."""
    rest: Side | None
    """Those not concerned; `None` when not compared with."""


@dataclass(frozen=True, eq=False)
class Group:
    """Counts and sums by week of the concerned reviews, or of the others; all of one length."""

    n: Floats
    total: Floats
    squares: Floats

    def only(self, weeks: NDArray[np.bool_]) -> Group:
        """The same with nothing in the other weeks."""
        return Group(*(np.where(weeks, part, 0.0) for part in (self.n, self.total, self.squares)))

    def cut(self, weeks: NDArray[np.bool_]) -> Group:
        """These weeks alone."""
        return Group(self.n[weeks], self.total[weeks], self.squares[weeks])

    def side(self, measure: Measure) -> Side:
        """The figure over all weeks."""
        n, total = int(self.n.sum()), float(self.total.sum())
        figure = (
            mean(n, total, float(self.squares.sum()), least=1.0, most=5.0)
            if measure == "stars"
            else wilson(round(total), n)
        )
        return Side(int((self.n > 0).sum()), n, figure)

    def spread(self, measure: Measure) -> float:
        """Variance of one review: with two pseudo-reviews, as in `intervals.mean`, so never zero."""
        ends = np.array([1.0, 5.0] if measure == "stars" else [0.0, 1.0])
        count = float(self.n.sum()) + 2
        around = (float(self.total.sum()) + ends.sum()) / count
        return float((float(self.squares.sum()) + (ends**2).sum()) / count - around**2)


def _condition(concerned: Filters, prefix: str) -> tuple[str, dict[str, Any]]:
    """A condition on `r` that is never null, and its parameters, which begin with `prefix`.

    The filters of a question and those of several actions name their parameters alike.
    """
    condition, params = concerned.where("r")
    own = {name.replace("f_", prefix, 1): values for name, values in params.items()}
    return f"coalesce({condition.replace('$f_', f'${prefix}')}, false)", own


def read(
    snapshot: Snapshot, action: Action, filters: Filters, measure: Measure, rivals: Sequence[Action] = ()
) -> tuple[NDArray[np.int64], Group, Group]:
    """Weeks since the action, the reviews it concerns and the others, in one pass of the lake.

    Reviews that it does not concern, but one of the `rivals` does, are in neither group; a rival
    for all reviews concerns both alike and leaves nobody out.
    """
    value, tables = _VALUES[measure]
    where, params = filters.without_themes().where("r")
    condition, own = _condition(action.concerned, "a_")
    params |= own
    untouched = []
    for place, rival in enumerate(one for one in rivals if one.concerned):
        touched, own = _condition(rival.concerned, f"a{place}_")
        untouched.append(f"NOT {touched}")
        params |= own
    if untouched:
        where = f"{where} AND ({condition} OR ({' AND '.join(untouched)}))"
    start = day_start(action.day)
    params |= {"day": start, "first": start - BEFORE * _WEEK, "last": start + LONGEST * _WEEK}
    if measure == "complaints":
        params["theme"] = action.theme
    query = fill(_WEEKLY, week=str(_WEEK), concerned=condition, value=value, tables=tables, where=where)
    weeks = np.arange(-BEFORE, LONGEST)
    groups = {concerned: np.zeros((3, len(weeks))) for concerned in (True, False)}
    for row in snapshot.sql(query, params).to_pylist():
        groups[row["concerned"]][:, row["week"] + BEFORE] = row["n"], row["total"], row["squares"]
    return weeks, Group(*groups[True]), Group(*groups[False])


def comparable(weeks: NDArray[np.int64], own: Group, rest: Group) -> bool:
    """Whether enough reviews are not concerned, before the action and, as far as it is told, after."""
    for weeks_of, least in ((weeks < 0, LEAST_BEFORE), (weeks >= 0, LEAST_AFTER)):
        here = own.only(weeks_of)
        shared = int(((here.n > 0) & (rest.n > 0)).sum())
        if shared < min(least, int((here.n > 0).sum())):
            return False
        if float(rest.only(weeks_of).n.sum()) < _ENOUGH * float(here.n.sum()):
            return False
    return bool(own.n.any())


def _means(group: Group) -> Floats:
    """The mean of each week; 0 where it has none."""
    return np.divide(group.total, group.n, out=np.zeros_like(group.n), where=group.n > 0)


def course(
    weeks: NDArray[np.int64], own: Group, rest: Group | None, day: date, measure: Measure
) -> tuple[Week, ...]:
    """The figure of each week by itself, with its interval; `day` is that of the action."""
    return tuple(
        Week(
            day + timedelta(weeks=int(week)),
            own.only(weeks == week).side(measure),
            rest.only(weeks == week).side(measure) if rest else None,
        )
        for week in weeks
    )


def series(weeks: NDArray[np.int64], own: Group, rest: Group | None, measure: Measure) -> Series:
    """The figure by week, or its difference to the rest; weeks without it weigh nothing."""
    values = _means(own)
    variance = own.spread(measure) / np.maximum(own.n, 1)
    there = own.n > 0
    if rest is not None:
        values = values - _means(rest)
        variance = variance + rest.spread(measure) / np.maximum(rest.n, 1)
        there = there & (rest.n > 0)
    return Series(weeks, np.where(there, values, 0.0), np.where(there, 1 / variance, 0.0))
