"""Which complaints rose: the last days against the eight weeks before, company by company."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import TYPE_CHECKING

from ugc.insight import Change, Filters, Quote, by, typical_quotes
from ugc.insight.causes.reasons import compare, tagged_count, theme_counts

if TYPE_CHECKING:
    from ugc.lake import Snapshot

__all__ = ["BASELINE_DAYS", "LEAST", "TIMES", "Rise", "Watch", "rises"]

BASELINE_DAYS = 56
"""Days before the window that are taken as usual."""

LEAST = 5
"""Complaining reviews in the window below which nothing is said."""

TIMES = 2.0
"""The share must have grown at least this many times."""


@dataclass(frozen=True)
class Rise:
    """A theme that the customers of a company complain about more than usual."""

    company: str | None
    theme: str
    reviews: int
    """Reviews of the window that complain about it, out of `tagged`."""
    tagged: int
    share: float
    change: Change
    quotes: tuple[Quote, ...]


@dataclass(frozen=True)
class Watch:
    """What was looked at, and what rose."""

    since: date
    until: date
    tagged: int
    """Tagged reviews of the window, all companies together."""
    rises: tuple[Rise, ...]


def rises(snapshot: Snapshot, filters: Filters, *, until: date, days: int = 7) -> Watch:
    """Complaints whose share of the tagged reviews rose in the `days` that end with `until`.

    A rise has at least LEAST complaining reviews, at least TIMES the share of the BASELINE_DAYS
    before, and q < 0.05 by the test of two shares, corrected over all themes of all companies
    (Benjamini-Hochberg). The steepest come first. Dates of the filters are not used.
    """
    since = until - timedelta(days=days - 1)
    themes, filters = filters.themes, filters.without_themes()
    now = replace(filters, since=since, until=until)
    before = replace(filters, since=since - timedelta(days=BASELINE_DAYS), until=since - timedelta(days=1))
    tested: dict[tuple[str | None, str], tuple[int, int, int, int]] = {}
    groups = by(snapshot, now, "company")
    for group in groups:
        usual = replace(before, companies=(group.value,))
        n, usual_n = group.scores.tagged, tagged_count(snapshot, usual)
        counts = theme_counts(snapshot, replace(now, companies=(group.value,)), "negative")
        usual_counts = theme_counts(snapshot, usual, "negative")
        for theme in {*counts, *usual_counts}:
            count, usual_count = (one[theme].reviews if theme in one else 0 for one in (counts, usual_counts))
            tested[group.value, theme] = (count, n, usual_count, usual_n)
    changes = compare(tested)
    found = []
    for (company, theme), (count, n, _, _) in tested.items():
        change = changes.get((company, theme))
        if change is None or not change.significant or (themes and theme not in themes):
            continue
        if count < LEAST or count / n < TIMES * change.previous_share:
            continue
        where = replace(now, companies=(company,))
        quotes = typical_quotes(snapshot, where, themes=[theme], polarity="negative")
        found.append(Rise(company, theme, count, n, count / n, change, quotes.get(theme, ())))
    found.sort(key=lambda one: (-one.change.difference, one.company or "", one.theme))
    return Watch(since, until, sum(group.scores.tagged for group in groups), tuple(found))
