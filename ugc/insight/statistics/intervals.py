"""How sure a figure is: 95 % intervals of shares, of their differences and of means.

Sources
    Wilson E. B. (1927) Probable inference, the law of succession, and statistical inference.
        J. Am. Stat. Assoc. 22, 209-212.
    Newcombe R. G. (1998) Interval estimation for the difference between independent proportions.
        Stat. Med. 17, 873-890 (method 10).
    Newcombe R. G. (1998) Improved confidence intervals for the difference between binomial
        proportions based on paired data. Stat. Med. 17, 2635-2650 (method 10).
    Zou G. Y., Donner A. (2008) Construction of confidence limits about effect measures.
        Stat. Med. 27, 1693-1702 (the same square-and-add rule, in general).
    Agresti A., Coull B. A. (1998) Approximate is better than "exact" for interval estimation of
        binomial proportions. Am. Stat. 52, 119-126 (pseudo-observations).
"""

from __future__ import annotations

from math import sqrt
from typing import NamedTuple

from scipy.special import stdtrit

__all__ = ["Interval", "difference", "mean", "net", "wilson"]

Z = 1.959963984540054
"""Normal quantile of 97.5 %."""


class Interval(NamedTuple):
    """A point estimate between its bounds."""

    value: float
    low: float
    high: float


def wilson(count: int, n: int) -> Interval | None:
    """Share `count / n` with Wilson's score interval; `None` when n is 0.

    (p + z²/2n ± z·√(p(1−p)/n + z²/4n²)) / (1 + z²/n). It stays within 0…1 and has a width where
    the share is 0 or 1, which the textbook interval p ± z·√(p(1−p)/n) does not.
    """
    if n <= 0:
        return None
    p = count / n
    middle = p + Z * Z / (2 * n)
    reach = Z * sqrt(p * (1 - p) / n + Z * Z / (4 * n * n))
    scale = 1 + Z * Z / n
    # At the ends the formula gives p itself; rounding must not put the bound on its wrong side.
    low = min(max((middle - reach) / scale, 0.0), p)
    high = max(min((middle + reach) / scale, 1.0), p)
    return Interval(p, low, high)


def _square_and_add(one: Interval, other: Interval, correlation: float) -> Interval:
    """Difference of two estimates from their own intervals (Newcombe's method 10; Zou & Donner)."""
    below, above = one.value - one.low, one.high - one.value
    other_below, other_above = other.value - other.low, other.high - other.value
    value = one.value - other.value
    down = sqrt(max(below**2 - 2 * correlation * below * other_above + other_above**2, 0.0))
    up = sqrt(max(above**2 - 2 * correlation * above * other_below + other_below**2, 0.0))
    return Interval(value, max(value - down, -1.0), min(value + up, 1.0))


def net(positive: int, negative: int, n: int) -> Interval | None:
    """Positive share − negative share of the same n reviews; `None` when n is 0.

    Both shares come from one sample and exclude each other, so their estimates are correlated by
    −√(p q / ((1−p)(1−q))), as in a multinomial sample; Newcombe's paired method 10 takes that in.
    """
    one, other = wilson(positive, n), wilson(negative, n)
    if one is None or other is None:
        return None
    spread = (1 - one.value) * (1 - other.value)
    correlation = -sqrt(one.value * other.value / spread) if spread > 0 else 0.0
    return _square_and_add(one, other, max(correlation, -1.0))


def difference(count: int, n: int, other_count: int, other_n: int) -> Interval | None:
    """Share of one sample − share of another, independent one (Newcombe's method 10).

    `None` when either n is 0.
    """
    one, other = wilson(count, n), wilson(other_count, other_n)
    if one is None or other is None:
        return None
    return _square_and_add(one, other, 0.0)


def mean(n: int, total: float, squares: float, *, least: float, most: float) -> Interval | None:
    """Mean of n values between `least` and `most`, from their sum and their sum of squares.

    Student's t interval around the mean, with the variance taken over the n values plus one
    pseudo-value at each end of the scale, and n + 1 degrees of freedom. Without them, ten equal
    ratings would give an interval of no width and one rating none at all; with them the interval
    is a little too wide in small samples and the textbook one in large samples. The device is
    that of Agresti & Coull for shares. `None` when n is 0.
    """
    if n <= 0:
        return None
    value = min(max(total / n, least), most)
    count = n + 2
    around = (total + least + most) / count
    variance = max((squares + least**2 + most**2 - count * around**2) / (count - 1), 0.0)
    reach = float(stdtrit(n + 1, 0.975)) * sqrt(variance / n)
    return Interval(value, max(value - reach, least), min(value + reach, most))
