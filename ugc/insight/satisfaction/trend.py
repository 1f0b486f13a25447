"""When: the figures and the themes by day, week or month."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING, Literal

from ugc.errors import InputError
from ugc.insight.choice.counts import EMPTY, by_key, day, lake_days, tagged_reviews
from ugc.insight.choice.filters import Filters
from ugc.insight.choice.statement import fill
from ugc.insight.satisfaction.scores import Scores, score
from ugc.insight.statistics.intervals import wilson

if TYPE_CHECKING:
    from ugc.lake import Snapshot

__all__ = [
    "Period",
    "Point",
    "ThemePoint",
    "first_day",
    "following",
    "periods",
    "start_of",
    "theme_trend",
    "trend",
]

Period = Literal["day", "week", "month"]


@dataclass(frozen=True)
class Point:
    """The figures of one period. A period without reviews has volume 0 and every other figure `None`."""

    start: date
    """First day of the period in UTC; weeks begin on Monday (ISO 8601)."""
    partial: bool
    """The filters or the data do not cover the period to its end (or from its beginning)."""
    reviews: int
    ratings: int
    mean_stars: float | None
    csi: float | None
    csi_low: float | None
    csi_high: float | None
    tagged: int
    negative: int
    negative_share: float | None
    low: float | None
    """Lower bound of the share of negatives; `high` is the upper one."""
    high: float | None
    positive_share: float | None
    net: float | None
    net_low: float | None
    net_high: float | None


@dataclass(frozen=True)
class ThemePoint:
    """The share of tagged reviews of one period that mention a theme with a polarity."""

    start: date
    partial: bool
    tagged: int
    reviews: int
    """Of these, reviews that mention it."""
    share: float | None
    low: float | None
    high: float | None


_STARTS: dict[str, str] = {
    "day": f"CAST({day('r.date')} AS DATE)",
    "week": f"CAST(date_trunc('week', {day('r.date')}) AS DATE)",
    "month": f"CAST(date_trunc('month', {day('r.date')}) AS DATE)",
}
"""SQL of the first day of a review's period; DuckDB's weeks begin on Monday as in ISO 8601."""


_THEME = """
WITH {chosen}
SELECT {start} AS start, count(*) AS tagged, count(m.key) AS reviews
FROM chosen r LEFT JOIN raises m ON m.key = r.key AND m.theme = $theme AND m.polarity = $polarity
GROUP BY 1
"""


def start_of(by: Period) -> str:
    """SQL of the first day of the period of `r.date`; `InputError` for an unknown period."""
    if by not in _STARTS:
        raise InputError(f"There is no trend by {by!r}.", f"Known: {', '.join(_STARTS)}.")
    return _STARTS[by]


def first_day(moment: date, by: Period) -> date:
    """First day of the period that a day lies in."""
    if by == "week":
        return moment - timedelta(days=moment.weekday())
    return moment.replace(day=1) if by == "month" else moment


def following(start: date, by: Period) -> date:
    """First day of the period after the one that begins at `start`."""
    if by == "month":
        return (start.replace(day=28) + timedelta(days=4)).replace(day=1)
    return start + timedelta(days=7 if by == "week" else 1)


def _span(snapshot: Snapshot, filters: Filters) -> tuple[date, date] | None:
    """Days that the filters ask for and the lake covers; `None` when there are none.

    Silence within this span is a volume of zero. Beyond the oldest and the newest review of the
    whole lake nothing was read, and nothing is said.
    """
    oldest, newest = lake_days(snapshot)
    if oldest is None or newest is None:
        return None
    first = max(oldest, filters.since or oldest)
    last = min(newest, filters.until or newest)
    return (first, last) if first <= last else None


def periods(snapshot: Snapshot, filters: Filters, by: Period) -> Iterator[tuple[date, bool]]:
    """First day of every period of the span, and whether the span cuts the period."""
    span = _span(snapshot, filters)
    if span is None:
        return
    first, last = span
    start = first_day(first, by)
    while start <= last:
        after = following(start, by)
        yield start, start < first or after - timedelta(days=1) > last
        start = after


def _point(start: date, partial: bool, figures: Scores) -> Point:
    """One period's figures."""
    return Point(
        start=start,
        partial=partial,
        reviews=figures.reviews,
        ratings=figures.ratings,
        mean_stars=figures.mean_stars,
        csi=figures.csi,
        csi_low=figures.csi_low,
        csi_high=figures.csi_high,
        tagged=figures.tagged,
        negative=figures.negative,
        negative_share=figures.negative_share,
        low=figures.negative_low,
        high=figures.negative_high,
        positive_share=figures.positive_share,
        net=figures.net_sentiment,
        net_low=figures.net_low,
        net_high=figures.net_high,
    )


def trend(snapshot: Snapshot, filters: Filters, by: Period = "week") -> tuple[Point, ...]:
    """Figures by period, oldest first, without gaps.

    It reaches from the first to the last day that the filters ask for and the lake covers.
    Reviews without a date are in no period. Raises `InputError` for an unknown period.
    """
    found = by_key(snapshot, filters, start_of(by))
    return tuple(
        _point(start, partial, score(found.get(start, EMPTY)))
        for start, partial in periods(snapshot, filters, by)
    )


def theme_trend(
    snapshot: Snapshot, filters: Filters, theme: str, polarity: str, by: Period = "week"
) -> tuple[ThemePoint, ...]:
    """Share of tagged reviews that mention a theme with a polarity, by period, without gaps.

    The share is one of all tagged reviews of the period, whatever `filters.themes` says. Raises
    `InputError` for an unknown period.
    """
    base = filters.without_themes()
    chosen, params = tagged_reviews(base)
    rows = snapshot.sql(
        fill(_THEME, chosen=chosen, start=start_of(by)),
        params | {"theme": theme, "polarity": polarity},
    ).to_pylist()
    found = {row["start"]: (row["reviews"], row["tagged"]) for row in rows}
    points = []
    for start, partial in periods(snapshot, base, by):
        reviews, tagged = found.get(start, (0, 0))
        share, low, high = wilson(reviews, tagged) or (None, None, None)
        points.append(ThemePoint(start, partial, tagged, reviews, share, low, high))
    return tuple(points)
