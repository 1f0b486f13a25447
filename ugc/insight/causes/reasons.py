"""Why: the themes that customers thank for and complain about, with quotes and the change."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import TYPE_CHECKING, TypeVar

from ugc.insight.choice.counts import lake_days, tagged_reviews
from ugc.insight.choice.filters import Filters
from ugc.insight.choice.statement import fill
from ugc.insight.reviews.quotes import Quote, typical_quotes
from ugc.insight.statistics.intervals import difference, wilson
from ugc.insight.statistics.significance import ALPHA, adjust, two_shares
from ugc.taxonomy import label

if TYPE_CHECKING:
    from ugc.lake import Snapshot

__all__ = [
    "Change",
    "Reason",
    "Reasons",
    "ThemeCount",
    "compare",
    "previous",
    "reasons",
    "tagged_count",
    "theme_counts",
]

K = TypeVar("K")


@dataclass(frozen=True)
class Change:
    """A share against the previous period of the same length."""

    previous_reviews: int
    previous_tagged: int
    previous_share: float
    difference: float
    """share − previous share; `low` and `high` bound it at 95 %."""
    low: float
    high: float
    p_value: float
    q_value: float
    """p after Benjamini–Hochberg over all themes of the polarity."""
    significant: bool
    """q < 0.05."""


@dataclass(frozen=True)
class Reason:
    """A theme with a polarity, and how many of the tagged reviews raise it."""

    theme: str
    polarity: str
    reviews: int
    share: float
    low: float
    high: float
    mentions: int
    mean_stars: float | None
    """Mean stars of the reviews that raise it."""
    quotes: tuple[Quote, ...]
    change: Change | None


@dataclass(frozen=True)
class Reasons:
    """The ranked reasons of one polarity; `n_reviews` is the n of every share."""

    polarity: str
    n_reviews: int
    """Tagged reviews chosen (whatever they mention)."""
    untagged: int
    since: date | None
    until: date | None
    previous_since: date | None
    """First day of the period that `change` compares with; `None` when nothing is compared."""
    previous_until: date | None
    rows: tuple[Reason, ...]


_COUNT = """
WITH {chosen}
SELECT m.theme, count(*) AS reviews, sum(m.mentions)::BIGINT AS mentions, avg(r.stars) AS mean_stars
FROM raises m JOIN chosen r ON r.key = m.key
WHERE m.polarity = $polarity
GROUP BY 1
"""


@dataclass(frozen=True)
class ThemeCount:
    """How often a theme is raised with one polarity."""

    reviews: int
    mentions: int
    mean_stars: float | None


def theme_counts(snapshot: Snapshot, filters: Filters, polarity: str) -> dict[str, ThemeCount]:
    """Counts of each theme raised with a polarity in the tagged reviews that the filters choose."""
    chosen, params = tagged_reviews(filters)
    rows = snapshot.sql(fill(_COUNT, chosen=chosen), params | {"polarity": polarity}).to_pylist()
    return {row.pop("theme"): ThemeCount(**row) for row in rows}


_READ = """
SELECT count(r.sentiment) AS tagged, count(*) FILTER (NOT r.was_read AND NOT r.without_text) AS untagged
FROM judged r
WHERE {where}
"""


def _read(snapshot: Snapshot, filters: Filters) -> tuple[int, int]:
    """Numbers of tagged reviews that the filters choose, and of those that are still to be read."""
    where, params = filters.where("r")
    row = snapshot.sql(fill(_READ, where=where), params).to_pylist()[0]
    return row["tagged"], row["untagged"]


def tagged_count(snapshot: Snapshot, filters: Filters) -> int:
    """Number of tagged reviews that the filters choose: the n of a theme's share."""
    return _read(snapshot, filters)[0]


def previous(snapshot: Snapshot, filters: Filters) -> Filters | None:
    """The filters over the period of the same length just before; `None` without a `since`.

    Where `until` is open, the period ends with the newest review of the lake. The earlier period
    begins with the lake's oldest review at the earliest; where the lake holds no older review,
    there is nothing to compare with, and `None` is given.
    """
    if filters.since is None:
        return None
    first, last = lake_days(snapshot)
    if first is None or last is None:
        return None
    days = ((filters.until or last) - filters.since).days + 1
    if days <= 0 or first >= filters.since:
        return None
    until = filters.since - timedelta(days=1)
    return replace(filters, since=max(filters.since - timedelta(days=days), first), until=until)


def compare(tested: Mapping[K, tuple[int, int, int, int]]) -> dict[K, Change]:
    """The change of each key's share, all tested together; keys with an empty period are left out.

    `tested` holds (reviews, n, previous reviews, previous n) of each key.
    """
    whole = {key: one for key, one in tested.items() if one[1] and one[3]}
    p_values = [two_shares(*one) or 0.0 for one in whole.values()]
    found = {}
    for (key, one), p, q in zip(whole.items(), p_values, adjust(p_values), strict=True):
        _, _, earlier, previous_n = one
        value, low, high = difference(*one) or (0.0, 0.0, 0.0)
        found[key] = Change(earlier, previous_n, earlier / previous_n, value, low, high, p, q, q < ALPHA)
    return found


def _changes(
    snapshot: Snapshot, earlier: Filters, polarity: str, counts: Mapping[str, ThemeCount], n: int
) -> dict[str, Change]:
    """The change of every theme, raised in either period, against the earlier one."""
    before, previous_n = theme_counts(snapshot, earlier, polarity), tagged_count(snapshot, earlier)
    nothing = ThemeCount(0, 0, None)
    return compare(
        {
            theme: (counts.get(theme, nothing).reviews, n, before.get(theme, nothing).reviews, previous_n)
            for theme in sorted({*counts, *before})
        }
    )


def reasons(
    snapshot: Snapshot, filters: Filters, *, polarity: str, top: int = 15, quotes: int = 3
) -> Reasons:
    """Themes of a polarity, most reviews first, each with typical quotes.

    A share is one of all tagged reviews that the other filters choose: `filters.themes` only
    limits which themes are listed. Where `filters.since` is given, each share is compared with
    the period of the same length before, and the p values of all themes are corrected together.
    Raises `TaxonomyError` for an unknown polarity.
    """
    label("polarities", polarity)
    base = filters.without_themes()
    n, untagged = _read(snapshot, base)
    counts = theme_counts(snapshot, base, polarity)
    earlier = previous(snapshot, base)
    changes = _changes(snapshot, earlier, polarity, counts, n) if earlier else {}
    listed = [theme for theme in counts if not filters.themes or theme in filters.themes]
    listed.sort(key=lambda theme: (-counts[theme].reviews, theme))
    listed = listed[: max(top, 0)]
    quoted = typical_quotes(snapshot, base, themes=listed, polarity=polarity, count=quotes)
    rows = []
    for theme in listed:
        one = counts[theme]
        share, low, high = wilson(one.reviews, n) or (0.0, 0.0, 1.0)
        rows.append(
            Reason(
                theme=theme,
                polarity=polarity,
                reviews=one.reviews,
                share=share,
                low=low,
                high=high,
                mentions=one.mentions,
                mean_stars=one.mean_stars,
                quotes=quoted.get(theme, ()),
                change=changes.get(theme),
            )
        )
    return Reasons(
        polarity=polarity,
        n_reviews=n,
        untagged=untagged,
        since=filters.since,
        until=filters.until,
        previous_since=earlier.since if earlier and changes else None,
        previous_until=earlier.until if earlier and changes else None,
        rows=tuple(rows),
    )
