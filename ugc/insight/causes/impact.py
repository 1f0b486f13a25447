"""Impact: what the mean rating would gain or lose without the reviews that raise something.

Mean of all − mean of the reviews that do not raise it. It describes these reviews; it does not say
that the rating would move so if the matter were changed, since people who raise it may differ in
other ways.
"""

from __future__ import annotations

from collections.abc import Sequence
from math import hypot, sqrt
from typing import NamedTuple

from scipy.special import stdtr, stdtrit

from ugc.insight.statistics.intervals import wilson
from ugc.insight.statistics.significance import ALPHA, adjust

__all__ = ["LEAST_RAISED", "LEAST_RATINGS", "Impact", "Sums", "corrected", "impact", "spread"]

LEAST_RATINGS = 100
"""Ratings under which nothing is said about what moves them."""

LEAST_RAISED = 20
"""Rated reviews that must raise a matter before a figure in stars is given for it."""


class Sums(NamedTuple):
    """Number, sum and sum of squares of some ratings."""

    n: int
    total: float
    squares: float

    @property
    def mean(self) -> float | None:
        """Their mean; `None` of none."""
        return self.total / self.n if self.n else None


class Impact(NamedTuple):
    """Stars by which the reviews raising something move the mean, with a 95 % interval."""

    value: float
    low: float
    high: float
    p_value: float
    """Two-sided, of "no impact"."""
    reviews: int
    """Rated reviews that raise it: the n of the figure."""
    q_value: float | None = None
    """p after Benjamini–Hochberg over all that was asked at once; `None` before `corrected`."""

    @property
    def significant(self) -> bool:
        """Whether q lies below 0.05."""
        return self.q_value is not None and self.q_value < ALPHA


def spread(part: Sums) -> float:
    """Variance of ratings, taken with one pseudo-rating at each end of the scale.

    Twenty equal ratings would otherwise have none; see `ugc.insight.statistics.intervals.mean`.
    """
    count = part.n + 2
    around = (part.total + 6.0) / count
    return max((part.squares + 26.0 - count * around**2) / (count - 1), 0.0)


def impact(part: Sums, whole: Sums) -> Impact | None:
    """Impact of the ratings `part` on the mean of `whole`, which holds them.

    With the share p of the part and the gap d between its mean and the mean of the others, the
    impact is p·d. The interval squares and adds what p and d leave open, p by Wilson's interval, d
    by Student's with n₁ + 1 degrees of freedom (Zou & Donner's rule, see `intervals`): to either
    side √((p·reach of d)² + (d·reach of p)²). The p value is that of the side towards zero. `None`
    under LEAST_RAISED ratings in the part or outside of it, and under LEAST_RATINGS in the whole.
    """
    others = Sums(whole.n - part.n, whole.total - part.total, whole.squares - part.squares)
    share = wilson(part.n, whole.n)
    if share is None or whole.n < LEAST_RATINGS or min(part.n, others.n) < LEAST_RAISED:
        return None
    gap = part.total / part.n - others.total / others.n
    freedom = min(part.n, others.n) + 1
    quantile = float(stdtrit(freedom, 0.975))
    reach = share.value * quantile * sqrt(spread(part) / part.n + spread(others) / others.n)
    towards = hypot(reach, gap * (share.value - share.low))
    away = hypot(reach, gap * (share.high - share.value))
    below, above = (away, towards) if gap < 0 else (towards, away)
    value = share.value * gap
    p_value = 2 * float(stdtr(freedom, -abs(value) / towards * quantile))
    return Impact(value, value - below, value + above, p_value, part.n)


def corrected(impacts: Sequence[Impact | None]) -> list[Impact | None]:
    """The impacts with their q values, all tested together, in their places."""
    q_values = iter(adjust([one.p_value for one in impacts if one]))
    return [one._replace(q_value=next(q_values)) if one else None for one in impacts]
