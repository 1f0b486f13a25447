"""Where and since when: the value and the run of weeks in which a theme comes up more than elsewhere.

Kulldorff M. (1997) A spatial scan statistic. Commun. Stat. Theory Methods 26, 1481-1496, over
values × weeks: every run of weeks of every value is compared with all other reviews by the
likelihood ratio of the Bernoulli model, the best is kept, and its p value is its rank among the
best of permutations, which pays for having looked at all of them.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from ugc.insight.choice.filters import DIMENSIONS, Dimension, Filters
from ugc.insight.choice.options import options
from ugc.insight.satisfaction.trend import Period, ThemePoint, theme_trend

if TYPE_CHECKING:
    from ugc.lake import Snapshot

__all__ = ["Onset", "onset", "scan"]

_PERMUTATIONS = 99
_ALPHA = 0.05
_FEWEST = 4
"""Fewest reviews raising the theme for which a run is named."""
_WIDEST = 12
"""Values looked at, those with most reviews first."""
_LONGEST_RUN = 2 / 3
"""Part of the whole time beyond which a run would say nothing about since when."""
_LONGEST = 750
"""Days up to which weeks are looked at, and months beyond."""

Counts = NDArray[np.int64]
Numbers = NDArray[np.float64]


@dataclass(frozen=True)
class Onset:
    """A run of weeks of one value; shares are of the tagged reviews inside of it and of all others."""

    value: str | None
    """`None` where only the time was asked for."""
    start: date
    """First day of its first week (or month)."""
    last: date | None
    """Last day of its last week; `None` when it lasts to the end."""
    share: float
    rest_share: float
    p_value: float


def _likelihood(count: Numbers, n: Numbers) -> Numbers:
    """Log-likelihood of `count` among `n` at the share count / n; zero where n is zero."""
    share = np.divide(count, n, out=np.zeros_like(count), where=n > 0)
    inner = np.clip(share, 1e-12, 1 - 1e-12)
    found: Numbers = count * np.log(inner) + (n - count) * np.log(1 - inner)
    return np.where((share > 0) & (share < 1), found, 0.0)


def _runs(counts: Counts) -> Numbers:
    """Sum of every run of weeks [first, after) of every value: (values, weeks, weeks + 1)."""
    sums = np.concatenate((np.zeros((len(counts), 1)), np.cumsum(counts, axis=1)), axis=1)
    runs: Numbers = np.maximum(sums[:, None, :] - sums[:, :-1, None], 0)
    return runs


def _ratios(raised: Counts, n: Numbers, total: float) -> Numbers:
    """Likelihood ratio of every run against all other reviews; 0 where its share is not above theirs."""
    count, all_raised = _runs(raised), float(raised.sum())
    rest, rest_n = all_raised - count, total - n
    weeks = raised.shape[1]
    length = np.arange(weeks + 1)[None, None, :] - np.arange(weeks)[None, :, None]
    above = (rest_n > 0) & (count * rest_n > rest * n) & (length <= max(_LONGEST_RUN * weeks, 1))
    whole = _likelihood(np.array([all_raised]), np.array([total]))
    return np.where(above, _likelihood(count, n) + _likelihood(rest, rest_n) - whole, 0.0)


def _shortest(ratios: Numbers, best: float) -> tuple[int, int]:
    """First week and week after the last of the shortest run that is hardly less likely than the best.

    One odd review in a thin week can stretch the best run by months. A difference in the logarithm
    of less than 1 is "not worth more than a bare mention" (Kass R. E., Raftery A. E. (1995) Bayes
    factors. J. Am. Stat. Assoc. 90, 773-795).
    """
    runs = [
        (int(after - first), -float(ratios[first, after]), int(first), int(after))
        for first, after in np.argwhere(ratios >= max(best - 1, 1e-9))
    ]
    _, _, first, after = min(runs)
    return first, after


def scan(raised: Counts, tagged: Counts, seed: int = 7) -> tuple[int, int, int, float] | None:
    """The best run: its value, first week, week after the last, p value; `None` within chance.

    Args:
        raised: reviews that raise the theme, values × weeks.
        tagged: all tagged reviews, of the same shape.
        seed: of the permutations.
    """
    if raised.sum() < _FEWEST:
        return None
    n, total = _runs(tagged), float(tagged.sum())
    ratios = _ratios(raised, n, total)
    best = float(ratios.max())
    if best <= 0:
        return None
    value = int(np.unravel_index(int(np.argmax(ratios)), ratios.shape)[0])
    first, after = _shortest(ratios[value], best)
    if raised[value, first:after].sum() < _FEWEST:
        return None
    random = np.random.default_rng(seed)
    draws = random.multivariate_hypergeometric(tagged.ravel(), int(raised.sum()), size=_PERMUTATIONS)
    beaten = sum(float(_ratios(draw.reshape(tagged.shape), n, total).max()) >= best for draw in draws)
    p_value = (beaten + 1) / (_PERMUTATIONS + 1)
    return (value, first, after, p_value) if p_value < _ALPHA else None


def _rows(
    snapshot: Snapshot, filters: Filters, theme: str, polarity: str, dimension: Dimension | None
) -> dict[str, tuple[ThemePoint, ...]]:
    """The theme's course for each value of the dimension, or for all reviews at once."""
    has = options(snapshot, filters)
    if has.first is None or has.last is None:
        return {}
    days = (filters.until or has.last) - (filters.since or has.first)
    by: Period = "week" if days.days <= _LONGEST else "month"
    if dimension is None:
        return {"": theme_trend(snapshot, filters, theme, polarity, by=by)}
    field = next(name for name, column in DIMENSIONS.items() if column == dimension)
    chosen = getattr(filters, field)
    found = [one.value for one in getattr(has, field) if one.value]
    rows = {}
    for value in [one for one in found if not chosen or one in chosen][:_WIDEST]:
        one: dict[str, Any] = {field: (value,)}
        rows[value] = theme_trend(snapshot, replace(filters, **one), theme, polarity, by=by)
    return rows


def onset(
    snapshot: Snapshot, filters: Filters, theme: str, polarity: str, dimension: Dimension | None = None
) -> Onset | None:
    """Where by a dimension, and since when, a theme stands out; `None` when nothing does beyond chance.

    Without a dimension only the time is asked for. Weeks become months where the reviews span
    more than two years.
    """
    rows = _rows(snapshot, filters, theme, polarity, dimension)
    courses = list(rows.values())
    raised = np.array([[one.reviews for one in course] for course in courses], dtype=np.int64)
    tagged = np.array([[one.tagged for one in course] for course in courses], dtype=np.int64)
    found = scan(raised, tagged) if raised.size else None
    if found is None:
        return None
    place, first, after, p_value = found
    inside, n = int(raised[place, first:after].sum()), int(tagged[place, first:after].sum())
    course = courses[place]
    lasting = not tagged[place, after:].any()
    return Onset(
        value=list(rows)[place] or None,
        start=course[first].start,
        last=None if lasting else course[after].start - timedelta(days=1),
        share=inside / n,
        rest_share=(int(raised.sum()) - inside) / (int(tagged.sum()) - n),
        p_value=p_value,
    )
