"""Where the level of one course changes: candidates, their test, and the dates that fit as well.

A share is binomial in its period, a mean of stars has variance σ²/n, so three reviews weigh what
three reviews can tell. Both variances are multiplied by a dispersion φ ≥ 1, told from successive
periods so that a change of level does not raise it. Volume is taken as √(count + 3/8) about a
straight line (and the days of the week), so that slow growth is no change.

Sources
    Killick R., Fearnhead P., Eckley I. A. (2012) Optimal detection of changepoints with a linear
        computational cost. J. Am. Stat. Assoc. 107, 1590-1598 (PELT, from the package ruptures).
    Truong C., Oudre L., Vayatis N. (2020) Selective review of offline change point detection methods.
        Signal Process. 167, 107299.
    Yao Y.-C. (1988) Estimating the number of change-points via Schwarz' criterion. Stat. Probab. Lett.
        6, 181-189 (penalty: a level and a date each cost log of the number of periods).
    von Neumann J. (1941) Distribution of the ratio of the mean square successive difference to the
        variance. Ann. Math. Stat. 12, 367-395.
    Anscombe F. J. (1948) The transformation of Poisson, binomial and negative-binomial data.
        Biometrika 35, 246-254.
    Siegmund D. (1988) Confidence sets in change-point problems. Int. Stat. Rev. 56, 31-48.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from math import log, sqrt

import numpy as np
from numpy.typing import NDArray
from ruptures import Pelt
from ruptures.base import BaseCost
from scipy.special import xlogy

from ugc.insight.satisfaction.series import Numbers, Series

__all__ = ["LEAST_PERIODS", "Break", "Chance", "breaks", "dispersion"]

LEAST_PERIODS = 8
"""Periods below which no change is sought."""
_SIDE = 3
"""Fewest periods on either side of a change."""
_EXPECTED = 5.0
"""Fewest reviews expected on either side, of those counted and of the others (Cochran)."""
_LEAST_RATINGS = 30
"""Fewest ratings on either side: their mean is then nearly normal."""
_DRAWS = 3999
_DROP = -2 * log(1 - sqrt(0.95))
"""7.35: twice the log-likelihood by which a date of the 95 % set may fall short of the best one.

About a change the likelihood falls as two random walks; their largest excess over the true date has
the distribution (1 − exp(−x/2))². The χ² of one degree, 3.84, would cover 73 %."""


@dataclass(frozen=True, eq=False)
class Break:
    """A change before period `at`, sought in the periods [first, after)."""

    first: int
    at: int
    after: int
    dates: NDArray[np.intp]
    """Every `at` that the course fits nearly as well: a set of 95 %."""
    statistic: float
    """Twice the log-likelihood gained by the change."""
    p_value: float
    """Chance of as much anywhere in a course without change."""


def dispersion(total: Numbers, n: Numbers, variance: float) -> float:
    """φ = mean of (y_t − y_{t−1})² / (variance·(1/n_t + 1/n_{t−1})) over successive periods, at least 1."""
    kept = n > 0
    y, n = total[kept] / n[kept], n[kept]
    if len(y) < LEAST_PERIODS or variance <= 0:
        return 1.0
    return max(1.0, float(np.mean(np.diff(y) ** 2 / (variance * (1 / n[1:] + 1 / n[:-1])))))


class Chance:
    """How large the best statistic of courses without change is, drawn once for courses of equal n."""

    def __init__(self, seed: int = 11) -> None:
        self._seed = seed
        self._drawn: dict[bytes, NDArray[np.float32]] = {}

    def _of(self, key: bytes, periods: int, made: Callable[[Numbers], Numbers]) -> NDArray[np.float32]:
        if key not in self._drawn:
            normal = np.random.default_rng(self._seed).standard_normal((_DRAWS, periods))
            self._drawn[key] = made(normal).astype(np.float32)
        return self._drawn[key]

    def p_value(self, statistic: float, allowed: NDArray[np.bool_], key: bytes,
                made: Callable[[Numbers], Numbers]) -> float:  # fmt: skip
        """Share of draws (and the course itself) whose best at an allowed place reaches the statistic."""
        drawn = self._of(key, len(allowed), made)
        best = np.where(allowed, drawn, 0).max(axis=1)
        return float((best >= statistic).sum() + 1) / (_DRAWS + 1)


def _level(total: Numbers, n: Numbers, share: bool) -> Numbers:
    """−2 log-likelihood of sums at their own level, but for a constant: binomial, or normal."""
    if share:
        return np.asarray(-2 * (xlogy(total, total) + xlogy(n - total, n - total) - xlogy(n, n)))
    return np.asarray(-np.divide(total * total, n, out=np.zeros_like(total), where=n > 0))


class _Cost(BaseCost):  # type: ignore[misc]
    """The cost of a run of periods for ruptures: −2 log-likelihood at the run's own level, by φ."""

    model = "reviews"
    min_size = _SIDE

    def __init__(self, total: Numbers, n: Numbers, share: bool, scale: float) -> None:
        self._total = np.concatenate(([0.0], np.cumsum(total)))
        self._n = np.concatenate(([0.0], np.cumsum(n)))
        self._share, self._scale = share, scale

    def fit(self, signal: Numbers) -> _Cost:
        """Takes the place of the periods only; the sums are known already."""
        self.signal = signal
        return self

    def error(self, start: int, end: int) -> float:
        """Cost of the periods [start, end)."""
        total, n = self._total[end] - self._total[start], self._n[end] - self._n[start]
        return float(_level(np.array([total]), np.array([n]), self._share)[0]) / self._scale


def _gains(total: Numbers, n: Numbers, share: bool, scale: float) -> tuple[Numbers, NDArray[np.bool_]]:
    """Twice the log-likelihood gained by a change before each period, and where one may be."""
    left, left_n = np.cumsum(total) - total, np.cumsum(n) - n
    all_, all_n = total.sum(), n.sum()
    right_n = all_n - left_n
    if share and all_n:
        # Counts are whole numbers: half a review towards what is expected (Yates' correction), without
        # which a handful of rare reviews on one side is called a change too often.
        gap = left_n * all_ / all_n - left
        left = left + np.sign(gap) * np.minimum(np.abs(gap), 0.5)
    right = all_ - left
    whole = _level(np.array([all_]), np.array([all_n]), share)[0]
    gain = (whole - _level(left, left_n, share) - _level(right, right_n, share)) / scale
    place = np.arange(len(n))
    allowed = (place >= _SIDE) & (place <= len(n) - _SIDE)
    fewest = np.minimum(left_n, right_n)
    if share:
        p = all_ / all_n if all_n else 0.0
        allowed &= fewest * min(p, 1 - p) >= _EXPECTED
    else:
        allowed &= fewest >= _LEAST_RATINGS
    return np.where(allowed, np.maximum(gain, 0), 0.0), allowed


def _bridge(n: Numbers) -> Callable[[Numbers], Numbers]:
    """Statistics at every place of drawn courses of weights n without change."""

    def made(normal: Numbers) -> Numbers:
        sums = np.cumsum(normal * np.sqrt(n), axis=1)
        left = np.cumsum(n) - n
        spread = left * (n.sum() - left) / max(n.sum(), 1e-12)
        walk = np.concatenate((np.zeros((len(sums), 1)), sums[:, :-1]), axis=1)
        middle = walk - sums[:, -1:] * left / max(n.sum(), 1e-12)
        return np.asarray(np.divide(middle**2, spread, out=np.zeros_like(middle), where=spread > 1e-9))

    return made


def _levels(one: Series, chance: Chance) -> tuple[Break, ...]:
    """Changes of a share or a mean: PELT proposes them, each is tested between its neighbours."""
    total, n, share = one.total, one.n, one.kind != "stars"
    mean = total.sum() / n.sum()
    variance = mean * (1 - mean) if share else one.squares / n.sum() - mean * mean
    if variance <= 1e-9:
        return ()
    scale = dispersion(total, n, variance)
    if not share:
        total, scale = total - mean * n, scale * variance
    periods = len(n)
    penalty = 2 * log(periods)
    gains, everywhere = _gains(total, n, share, scale)
    if gains.max() <= penalty:
        return ()
    # That anything changed is tested first, on the whole course: a run between two dates is chosen
    # from so many pairs that it alone would be found in chance.
    whole = chance.p_value(float(gains.max()), everywhere, n.tobytes(), _bridge(n))
    cost = _Cost(total, n, share, scale)
    cuts = Pelt(custom_cost=cost, min_size=_SIDE, jump=1).fit(np.arange(periods)[:, None]).predict(penalty)
    edges = [0, *cuts]
    found = []
    for first, after in zip(edges[:-2], edges[2:], strict=True):
        gain, allowed = _gains(total[first:after], n[first:after], share, scale)
        best = float(gain.max())
        if best <= penalty:
            continue
        searched = everywhere.copy()
        searched[first:after] |= allowed
        p = max(whole, chance.p_value(best, searched, n.tobytes(), _bridge(n)))
        dates = np.flatnonzero(allowed & (gain >= best - _DROP)) + first
        found.append(Break(first, first + int(gain.argmax()), after, dates, best, p))
    return tuple(found)


def _frame(starts: Series) -> Numbers:
    """What volume does without a change: a level, a line, and by day the days of the week."""
    periods = len(starts.starts)
    columns = [np.ones(periods), np.linspace(-1, 1, periods)]
    if (starts.starts[1] - starts.starts[0]).days == 1:
        days = np.array([one.weekday() for one in starts.starts])
        columns += [(days == one).astype(float) for one in range(1, 7)]
    return np.column_stack(columns)


def _volume(one: Series, chance: Chance) -> tuple[Break, ...]:
    """The strongest change of the volume beside its line, if any: regression on a step at every place."""
    periods = len(one.n)
    frame = _frame(one)
    freedom = periods - frame.shape[1] - 1
    if freedom < LEAST_PERIODS // 2:
        return ()
    base = np.linalg.qr(frame)[0]
    steps = (np.arange(periods)[:, None] >= np.arange(periods)[None, :]).astype(float)
    steps -= base @ (base.T @ steps)
    length = (steps**2).sum(axis=0)
    place = np.arange(periods)
    allowed = (place >= _SIDE) & (place <= periods - _SIDE) & (length > 1e-6)
    unit = np.where(allowed, steps / np.sqrt(np.maximum(length, 1e-6)), 0.0)

    def made(courses: Numbers) -> Numbers:
        left = courses - (courses @ base) @ base.T
        taken = (left @ unit) ** 2
        rest = (left**2).sum(axis=1, keepdims=True) - taken
        return np.asarray(periods * np.log1p(taken / np.maximum(rest, 1e-12)))

    course = np.sqrt(one.total + 3 / 8)[None, :]
    gain = made(course)[0]
    at = int(gain.argmax())
    left = course[0] - base @ (base.T @ course[0])
    left -= unit[:, at] * (unit[:, at] @ left)
    squares = float(left @ left)
    # Busy weeks follow busy weeks: what they repeat counts less (variance of a mean under AR(1)).
    echo = min(max(float(left[1:] @ left[:-1]) / squares, 0.0), 0.9) if squares > 1e-9 else 0.0
    gain = gain * (1 - echo) / (1 + echo)
    best = float(gain.max())
    if best <= 2 * log(periods):
        return ()
    p = chance.p_value(best, allowed, b"volume" + frame.tobytes(), made)
    return (Break(0, at, periods, np.flatnonzero(allowed & (gain >= best - _DROP)), best, p),)


def breaks(one: Series, chance: Chance) -> tuple[Break, ...]:
    """Candidates of one course with their p values, oldest first; those within chance are among them."""
    if len(one.n) < LEAST_PERIODS or not one.n.any():
        return ()
    return _volume(one, chance) if one.kind == "volume" else _levels(one, chance)
