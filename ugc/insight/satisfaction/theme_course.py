"""The course of one theme, praise and blame together: volume, share and score by period."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from ugc.insight.choice.counts import tagged_reviews
from ugc.insight.choice.filters import Filters
from ugc.insight.choice.statement import fill
from ugc.insight.satisfaction.trend import Period, periods, start_of
from ugc.insight.statistics.intervals import Interval, net, wilson

if TYPE_CHECKING:
    from ugc.lake import Snapshot

__all__ = ["ThemeMoment", "theme_course"]

_SAID = """
WITH {chosen},
said AS (
    SELECT key, bool_or(polarity = 'positive') AS praised, bool_or(polarity = 'negative') AS blamed
    FROM raises WHERE theme = $theme GROUP BY 1
)
SELECT {start} AS start, count(*) AS tagged, count(s.key) AS reviews,
    count(*) FILTER (s.praised AND NOT s.blamed) AS praising,
    count(*) FILTER (s.blamed AND NOT s.praised) AS blaming
FROM chosen r LEFT JOIN said s ON s.key = r.key
GROUP BY 1
"""


@dataclass(frozen=True)
class ThemeMoment:
    """One period of a theme."""

    start: date
    partial: bool
    """The filters or the data do not cover the period from end to end."""
    tagged: int
    reviews: int
    """Of these, reviews that raise the theme: its volume."""
    share: Interval | None
    score: Interval | None
    """50 + 50 · (share that only praises − share that only blames), of the reviews that raise it."""


def theme_course(
    snapshot: Snapshot, filters: Filters, theme: str, by: Period = "week"
) -> tuple[ThemeMoment, ...]:
    """Volume, share and score of a theme by period, without gaps.

    The share is one of all tagged reviews of the period, whatever `filters.themes` says. Raises
    `InputError` for an unknown period.
    """
    base = filters.without_themes()
    chosen, params = tagged_reviews(base)
    rows = snapshot.sql(fill(_SAID, chosen=chosen, start=start_of(by)), params | {"theme": theme}).to_pylist()
    found = {row["start"]: row for row in rows}
    nothing = dict.fromkeys(("tagged", "reviews", "praising", "blaming"), 0)
    course = []
    for start, partial in periods(snapshot, base, by):
        row = found.get(start, nothing)
        balance = net(row["praising"], row["blaming"], row["reviews"])
        course.append(
            ThemeMoment(
                start=start,
                partial=partial,
                tagged=row["tagged"],
                reviews=row["reviews"],
                share=wilson(row["reviews"], row["tagged"]),
                score=Interval(*(50 + 50 * one for one in balance)) if balance else None,
            )
        )
    return tuple(course)
