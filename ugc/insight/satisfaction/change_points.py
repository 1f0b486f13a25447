"""Since when it is different: changes of level with their date, their size and the reviews behind them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from math import sqrt
from typing import TYPE_CHECKING, Any

import numpy as np

from ugc.insight.choice.filters import Filters
from ugc.insight.choice.statement import fill
from ugc.insight.reviews.quotes import Quote, typical_quotes
from ugc.insight.satisfaction.breaks import Break, Chance, breaks, dispersion
from ugc.insight.satisfaction.series import Kind, Series, all_series
from ugc.insight.satisfaction.trend import Period, following, start_of
from ugc.insight.statistics.intervals import Interval, difference
from ugc.insight.statistics.significance import ALPHA, adjust

if TYPE_CHECKING:
    from ugc.lake import Snapshot

__all__ = ["ChangePoint", "Contribution", "Found", "change_points", "changes", "explain", "find"]

_GAINED = 3
"""Values named for each dimension."""


@dataclass(frozen=True)
class Contribution:
    """What the reviews of one value added to the size; all values of a dimension add up to it."""

    dimension: str
    """city, place, product, source, or theme (a review's part is split among the themes it blames)."""
    value: str | None
    """`None`: reviews without such a value."""
    gained: float


@dataclass(frozen=True)
class Found:
    """A change of one course beyond chance; `at` is the first period of the new level."""

    kind: Kind
    theme: str | None
    polarity: str | None
    at: date
    earliest: date
    latest: date
    """First and last date of a set that holds the true one in 95 of 100 cases."""
    since: date
    """First day of what came before, from the previous change or from the beginning."""
    until: date
    """Last day of what came after, up to the next change or the end."""
    before: float
    after: float
    size: Interval
    """after − before: of shares, stars, or reviews a period (then the slope is in it as well)."""
    n_before: int
    n_after: int
    """Tagged reviews, ratings or reviews."""
    p_value: float
    """Of the likelihood ratio, the search over all dates paid for."""
    q_value: float
    """p after Benjamini-Hochberg over all courses looked at."""


@dataclass(frozen=True)
class ChangePoint(Found):
    """A change with the reviews that made it."""

    contributions: tuple[Contribution, ...]
    """Largest in the direction of the change first, at most three a dimension."""
    quotes: tuple[Quote, ...]
    """Typical ones after the change, of the theme that changed or that gained most."""


_MADE = """
WITH base AS (
    SELECT r.key, r.city, r.place, r.product, r.source, {start} >= $at AS later, {value} AS value
    FROM reviews r LEFT JOIN tags t ON t.key = r.key
    {join}
    WHERE {where} AND {counted}
),
chosen AS (SELECT key FROM base WHERE value <> 0),
parts AS (SELECT m.key, m.theme, 1.0 / count(*) OVER (PARTITION BY m.key) AS part
          FROM raises m JOIN chosen c ON c.key = m.key WHERE m.polarity = $side),
places AS (
    SELECT CASE WHEN grouping(city) = 0 THEN 'city' WHEN grouping(place) = 0 THEN 'place'
                WHEN grouping(product) = 0 THEN 'product' ELSE 'source' END AS dimension,
        CASE WHEN grouping(city) = 0 THEN city WHEN grouping(place) = 0 THEN place
             WHEN grouping(product) = 0 THEN product ELSE source END AS value,
        coalesce(sum(value) FILTER (later), 0.0)::DOUBLE AS after,
        coalesce(sum(value) FILTER (NOT later), 0.0)::DOUBLE AS before
    FROM base GROUP BY GROUPING SETS ((city), (place), (product), (source))
)
SELECT dimension, value, after, before FROM places
UNION ALL
SELECT 'theme', p.theme, coalesce(sum(b.value * coalesce(p.part, 1)) FILTER (b.later), 0.0)::DOUBLE,
    coalesce(sum(b.value * coalesce(p.part, 1)) FILTER (NOT b.later), 0.0)::DOUBLE
FROM base b LEFT JOIN parts p ON p.key = b.key GROUP BY p.theme
"""

_VALUES: dict[Kind, tuple[str, str, str]] = {
    "volume": ("1.0", "", "true"),
    "negative": ("(t.sentiment = 'negative')::INT::DOUBLE", "", "t.sentiment IS NOT NULL"),
    "stars": ("r.stars - $level", "", "r.stars IS NOT NULL"),
    "theme": (
        "(own.key IS NOT NULL)::INT::DOUBLE",
        """LEFT JOIN (SELECT key FROM raises WHERE theme = $theme AND polarity = $polarity) own
        ON own.key = r.key""",
        "t.sentiment IS NOT NULL",
    ),
}
"""What a review adds to a figure, what must be joined for it, and which reviews count."""


def _size(one: Series, first: int, at: int, after: int) -> tuple[Interval, float, float, int, int]:
    """Size with its interval, level and n on both sides, for one date of the change."""
    total, other = float(one.total[at:after].sum()), float(one.total[first:at].sum())
    n, other_n = float(one.n[at:after].sum()), float(one.n[first:at].sum())
    value = total / n - other / other_n
    if one.kind == "volume":
        spread = sqrt(
            sum(
                max(float(side.var(ddof=1)), float(side.mean())) / len(side)
                for side in (one.total[at:after], one.total[first:at])
            )
        )
        reach = 1.96 * spread
        return (
            Interval(value, value - reach, value + reach),
            other / other_n,
            total / n,
            int(other),
            int(total),
        )
    whole = float(one.total.sum() / one.n.sum())
    share = one.kind != "stars"
    variance = whole * (1 - whole) if share else one.squares / float(one.n.sum()) - whole * whole
    scale = dispersion(one.total, one.n, variance)
    if share:
        thin, other_thin = max(round(n / scale), 1), max(round(other_n / scale), 1)
        bounds = difference(
            round(total / n * thin), thin, round(other / other_n * other_thin), other_thin
        ) or Interval(value, -1.0, 1.0)
        low, high = min(bounds.low, value), max(bounds.high, value)
    else:
        reach = 1.96 * sqrt(scale * variance * (1 / n + 1 / other_n))
        low, high = value - reach, value + reach
    return Interval(value, low, high), other / other_n, total / n, int(other_n), int(n)


def _tell(one: Series, cut: Break, by: Period, q_value: float) -> Found:
    """A change in dates and figures; the bounds of the size hold for every date of the set."""
    size, before, after, n_before, n_after = _size(one, cut.first, cut.at, cut.after)
    others = [_size(one, cut.first, int(at), cut.after)[0] for at in cut.dates]
    bounds = Interval(size.value, min(x.low for x in others), max(x.high for x in others))
    return Found(
        kind=one.kind, theme=one.theme, polarity=one.polarity,
        at=one.starts[cut.at], earliest=one.starts[int(cut.dates[0])], latest=one.starts[int(cut.dates[-1])],
        since=one.starts[cut.first],
        until=following(one.starts[cut.after - 1], by) - timedelta(days=1),
        before=before, after=after, size=bounds, n_before=n_before, n_after=n_after,
        p_value=cut.p_value, q_value=q_value,
    )  # fmt: skip


def find(series: Sequence[Series], by: Period = "week") -> tuple[Found, ...]:
    """Changes beyond chance in all courses, tested together; the newest first.

    A course without a candidate counts as one test with p = 1.
    """
    chance = Chance()
    cuts: list[tuple[Series, Break | None]] = []
    for one in series:
        cuts += [(one, cut) for cut in breaks(one, chance)] or [(one, None)]
    q_values = adjust([cut.p_value if cut else 1.0 for _, cut in cuts])
    found = [
        _tell(one, cut, by, q) for (one, cut), q in zip(cuts, q_values, strict=True) if cut and q < ALPHA
    ]
    return tuple(sorted(found, key=lambda one: (-one.at.toordinal(), one.q_value, one.kind, one.theme or "")))


def _contributions(
    snapshot: Snapshot, filters: Filters, one: Found, periods: tuple[int, int], by: Period
) -> list[Contribution]:
    """All contributions to the size of a change."""
    value, join, counted = _VALUES[one.kind]
    where, params = replace(filters, since=one.since, until=one.until).where("r")
    given: dict[str, Any] = {"at": one.at, "side": "positive" if _pleased(one) else "negative"}
    if one.kind == "stars":
        given["level"] = one.before
    if one.kind == "theme":
        given |= {"theme": one.theme, "polarity": one.polarity}
    query = fill(_MADE, start=start_of(by), value=value, join=join, where=where, counted=counted)
    n_before, n_after = periods if one.kind == "volume" else (one.n_before, one.n_after)
    rows = snapshot.sql(query, params | given).to_pylist()
    return [
        Contribution(row["dimension"], row["value"], row["after"] / n_after - row["before"] / n_before)
        for row in rows
        if row["dimension"] != "theme" or one.kind != "theme"
    ]


def _pleased(one: Found) -> bool:
    """Whether quotes are to be praise."""
    return one.polarity == "positive" or (one.kind == "stars" and one.size.value > 0)


def explain(
    snapshot: Snapshot, filters: Filters, one: Found, by: Period = "week", quotes: int = 3
) -> ChangePoint:
    """A change that was found among the reviews that the filters choose, with the reviews that made it.

    `by` is the period by which it was sought.
    """
    filters = filters.without_themes()
    periods = [0, 0]
    start = one.since
    while start <= one.until:
        periods[start >= one.at] += 1
        start = following(start, by)
    sign = float(np.sign(one.size.value))
    parts = _contributions(snapshot, filters, one, (periods[0], periods[1]), by)
    parts.sort(key=lambda part: (-part.gained * sign, part.dimension, part.value or ""))
    kept, seen = [], dict.fromkeys(("city", "place", "product", "source", "theme"), 0)
    for part in parts:
        # A dimension that no review has a value of says nothing.
        alone = all(other.value is None for other in parts if other.dimension == part.dimension)
        if part.gained * sign > 0 and seen[part.dimension] < _GAINED and not alone:
            seen[part.dimension] += 1
            kept.append(part)
    theme = one.theme or next((part.value for part in kept if part.dimension == "theme" and part.value), None)
    said: tuple[Quote, ...] = ()
    if theme is not None and quotes:
        polarity = one.polarity or ("positive" if _pleased(one) else "negative")
        after = replace(filters, since=one.at, until=one.until)
        said = typical_quotes(snapshot, after, themes=[theme], polarity=polarity, count=quotes).get(theme, ())
    given = {name: getattr(one, name) for name in Found.__dataclass_fields__}
    return ChangePoint(**given, contributions=tuple(kept), quotes=said)


def changes(
    snapshot: Snapshot, filters: Filters, by: Period = "week", *, polarity: str | None = None, most: int = 8
) -> tuple[Found, ...]:
    """Changes of volume, share of negatives, mean stars and every theme's shares; the newest first.

    `filters.themes` and `polarity` limit which themes are looked at; at most `most` changes are
    given, the surest. Raises `InputError` for an unknown period.
    """
    series = all_series(snapshot, filters, by)
    found = find([one for one in series if polarity in (None, one.polarity) or one.theme is None], by)
    surest = sorted(found, key=lambda one: (one.q_value, -abs(one.size.value)))[:most]
    return tuple(one for one in found if one in surest)


def change_points(
    snapshot: Snapshot, filters: Filters, by: Period = "week", *, polarity: str | None = None,
    quotes: int = 3, most: int = 8,
) -> tuple[ChangePoint, ...]:  # fmt: skip
    """The same changes, each with the reviews that made it. Raises `InputError` for an unknown period."""
    found = changes(snapshot, filters, by, polarity=polarity, most=most)
    return tuple(explain(snapshot, filters, one, by, quotes) for one in found)
