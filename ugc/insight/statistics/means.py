"""The difference of two means of ratings: how large, how sure, and whether it is more than chance.

Sources
    Welch B. L. (1947) The generalization of Student's problem when several different population
        variances are involved. Biometrika 34, 28-35 (with Satterthwaite's degrees of freedom, 1946).
    Agresti A., Caffo B. (2000) Simple and effective confidence intervals for proportions and
        differences of proportions result from adding two successes and two failures. Am. Stat. 54,
        280-288 (pseudo-observations in each sample).
"""

from __future__ import annotations

from math import sqrt
from typing import NamedTuple

from scipy.special import stdtr, stdtrit

from ugc.insight.statistics.intervals import Interval

__all__ = ["Sample", "mean_difference"]


class Sample(NamedTuple):
    """n values by their sum and their sum of squares."""

    n: int
    total: float
    squares: float


def _squared_error(one: Sample, least: float, most: float) -> float:
    """Squared standard error of a mean, its variance taken with a pseudo-value at each end of the scale."""
    count = one.n + 2
    around = (one.total + least + most) / count
    variance = max((one.squares + least**2 + most**2 - count * around**2) / (count - 1), 0.0)
    return variance / one.n


def mean_difference(
    one: Sample, other: Sample, *, least: float, most: float
) -> tuple[Interval, float] | None:
    """Mean of one sample − mean of another, independent one, at 95 %, and p of "both are the same".

    (m₁ − m₂) ± t·√(e₁ + e₂), with e = s²/n and t Student's quantile at Welch's degrees of freedom,
    (e₁ + e₂)² / (e₁²/(n₁+1) + e₂²/(n₂+1)). As in `intervals.mean`, one pseudo-value at each end of
    the scale enters each variance, so that equal ratings do not seem certain. p is two-sided, of the
    same t: the interval holds 0 exactly where p > 0.05. `None` when either n is 0.
    """
    if one.n <= 0 or other.n <= 0:
        return None
    value = one.total / one.n - other.total / other.n
    errors = _squared_error(one, least, most), _squared_error(other, least, most)
    both = sum(errors)
    free = both**2 / (errors[0] ** 2 / (one.n + 1) + errors[1] ** 2 / (other.n + 1))
    reach = float(stdtrit(free, 0.975)) * sqrt(both)
    p = 2 * float(stdtr(free, -abs(value) / sqrt(both)))
    widest = most - least
    return Interval(value, max(value - reach, -widest), min(value + reach, widest)), p
