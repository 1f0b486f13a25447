"""Which complaints rose: the last days against the eight weeks before, company by company.

What a rise is, `ugc.insight.satisfaction.spikes` says; here it is asked of every theme of every
company, over as many days as the user wishes.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import TYPE_CHECKING

import numpy as np

from ugc.insight import Filters, Quote, typical_quotes
from ugc.insight.choice.counts import tagged_reviews
from ugc.insight.choice.filters import day_start
from ugc.insight.choice.statement import fill
from ugc.insight.satisfaction.series import Numbers
from ugc.insight.satisfaction.spikes import LEAST, LEAST_Z, TIMES, judge
from ugc.insight.statistics.significance import ALPHA, adjust

if TYPE_CHECKING:
    from ugc.lake import Snapshot

__all__ = ["BASELINE_DAYS", "Rise", "Watch", "rises"]

BASELINE_DAYS = 56
"""Days before the window that are taken as usual."""

_COUNTS = """
WITH {chosen},
placed AS (
    SELECT c.key, nullif(c.company, '') AS company,
        CAST(floor(($end - 1 - epoch_us(c.date)) / $length) AS INTEGER) AS ago
    FROM chosen c
)
SELECT company, ago, NULL AS theme, count(*) AS reviews FROM placed GROUP BY 1, 2
UNION ALL
SELECT p.company, p.ago, m.theme, count(*) FROM raises m JOIN placed p ON p.key = m.key
WHERE m.polarity = 'negative' GROUP BY 1, 2, 3
"""
"""Tagged reviews by company and windows ago, and among them those that complain about each theme."""


@dataclass(frozen=True)
class Rise:
    """A theme that the customers of a company complain about more than usual."""

    company: str | None
    theme: str
    reviews: int
    """Reviews of the window that complain about it, out of `tagged`."""
    tagged: int
    share: float
    usual_share: float
    """Share over the BASELINE_DAYS before."""
    z: float
    q_value: float
    """Benjamini-Hochberg over all themes of all companies."""
    quotes: tuple[Quote, ...]


@dataclass(frozen=True)
class Watch:
    """What was looked at, and what rose."""

    since: date
    until: date
    tagged: int
    """Tagged reviews of the window, all companies together."""
    rises: tuple[Rise, ...]


def _courses(
    snapshot: Snapshot, filters: Filters, until: date, days: int, windows: int
) -> dict[tuple[str | None, str | None], Numbers]:
    """Counts of the window and the `windows` before it, by company and theme; no theme for all reviews."""
    chosen, params = tagged_reviews(filters)
    end = day_start(until + timedelta(days=1))
    given = {"end": end, "length": days * 86_400_000_000}
    found: dict[tuple[str | None, str | None], Numbers] = {}
    for row in snapshot.sql(fill(_COUNTS, chosen=chosen), params | given).to_pylist():
        course = found.setdefault((row["company"], row["theme"]), np.zeros(windows + 1))
        course[row["ago"]] = row["reviews"]
    return found


def rises(snapshot: Snapshot, filters: Filters, *, until: date, days: int = 7) -> Watch:
    """Complaints whose share of the tagged reviews rose in the `days` that end with `until`.

    The BASELINE_DAYS before are cut into windows of as many days (one at least). A rise has at least
    LEAST complaining reviews, at least TIMES the usual share, z of LEAST_Z or more, and q < 0.05,
    corrected over all themes of all companies. The steepest come first. Dates of the filters are
    not used.
    """
    since = until - timedelta(days=days - 1)
    windows = max(1, BASELINE_DAYS // days)
    themes, base = filters.themes, filters.without_themes()
    reach = replace(base, since=since - timedelta(days=windows * days), until=until)
    courses = _courses(snapshot, reach, until, days, windows)
    tested = []
    for (company, theme), counts in courses.items():
        sizes = courses[company, None]
        found = judge(counts[0], sizes[0], counts[1:], sizes[1:]) if theme is not None else None
        if theme is not None and found is not None:
            tested.append((company, theme, counts, sizes, found))
    q_values = adjust([found[2] for *_, found in tested])
    rising = []
    for (company, theme, counts, sizes, (_, z, _)), q in zip(tested, q_values, strict=True):
        share, usual = counts[0] / sizes[0], counts[1:].sum() / sizes[1:].sum()
        if q >= ALPHA or z < LEAST_Z or counts[0] < LEAST or share < TIMES * usual:
            continue
        if themes and theme not in themes:
            continue
        where = replace(base, since=since, until=until, companies=(company,))
        quotes = typical_quotes(snapshot, where, themes=[theme], polarity="negative").get(theme, ())
        rising.append(
            Rise(company, theme, int(counts[0]), int(sizes[0]), float(share), float(usual), z, q, quotes)
        )
    rising.sort(key=lambda one: (one.usual_share - one.share, one.company or "", one.theme))
    every = sum(int(counts[0]) for (_, theme), counts in courses.items() if theme is None)
    return Watch(since, until, every, tuple(rising))
