"""How sure a sum of counted things is, and whether two rates differ.

Sources
    Fay M. P., Feuer E. J. (1997) Confidence intervals for directly standardized rates: a method based
        on the gamma distribution. Stat. Med. 16, 791-801.
    Garwood F. (1936) Fiducial limits for the Poisson distribution. Biometrika 28, 437-442 (the same
        where all weights are one).
    Przyborowski J., Wilenski H. (1940) Homogeneity of results in testing samples from Poisson series.
        Biometrika 31, 313-323.
"""

from __future__ import annotations

from scipy.special import gammaincinv

from ugc.insight.statistics.intervals import Interval

__all__ = ["two_rates", "weighted_sum"]


def weighted_sum(total: float, squares: float, largest: float) -> Interval:
    """A sum of weights of independent, rare things, as what such reviews would bring again.

    With the sum y and the sum of squares v of the weights, and the largest weight w that one thing
    may have, the lower bound is the 2.5 % quantile of the gamma distribution with mean y and
    variance v, the upper one the 97.5 % quantile of that with mean y + w and variance v + w². With
    all weights 1 these are Garwood's exact limits of a count. Zero up to zero where `largest` is 0.
    """
    if largest <= 0:
        return Interval(total, total, total)
    low = _gamma(0.025, total, squares) if squares > 0 else 0.0
    mean, variance = total + largest, squares + largest * largest
    high = _gamma(0.975, mean, variance)
    return Interval(total, min(low, total), max(high, total))


def _gamma(level: float, mean: float, variance: float) -> float:
    """The quantile of the gamma distribution with that mean and variance."""
    return float(gammaincinv(mean * mean / variance, level)) * variance / mean


def two_rates(count: int, size: float, other_count: int, other_size: float) -> float | None:
    """Two-sided p value of "both rates are the same"; `None` when either size is 0.

    Given that there are count + other_count things in all, the first has a binomial share of them,
    size / (size + other_size), if the rates are the same; the test is exact.
    """
    if size <= 0 or other_size <= 0:
        return None
    if not count + other_count:
        return 1.0
    from scipy.stats import binomtest  # slow to load, and seldom asked for

    return min(float(binomtest(count, count + other_count, size / (size + other_size)).pvalue), 1.0)
