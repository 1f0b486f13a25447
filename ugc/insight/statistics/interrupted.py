"""Interrupted time series: what changed in a weekly series at a known week, and how sure that is.

    y = b0 + b1·k + b2·a + b3·a·k,   k weeks since the action (negative before), a = 1 from it on

by least squares, each week weighing by the inverse of its sampling variance. b2 is the change of
level in the first week, b3 that of the slope, and **the effect** is their mean over the weeks after,
b2 + b3·k̄: what was seen less what the weeks before lead on to. A trend that may be anything costs
most of the certainty. Where a `drift` is given, b1 is taken for a draw of a normal distribution around
zero with that standard deviation (a ridge: the row b1/drift = 0 beside the weeks), so that a small
trend in the weeks before counts for chance and a plain one is carried on; what the drift leaves
unknown is in the errors.

Weeks resemble their neighbours, so textbook errors are too small, and in short series the robust
ones are too small as well. The error of a figure is therefore the widest of three, as variances:

1. least squares, with a dispersion of at least 1, that is, no less than sampling alone gives;
2. Newey and West, with their bandwidth and the factor T/(T−p) for p coefficients, and widened by the
   quotient of Kiefer and Vogelsang's critical value to the normal one, which pays for the bandwidth;
3. the same least squares under an autoregression of first order. Its coefficient is the one under
   which residuals of this very design would resemble each other as these do (their expectation is
   tr(M·R·M, 1)/tr(M·R·M)), taken one standard error 1/√T higher: from few weeks it cannot be known.

Sources
    Wagner A. K. et al. (2002) Segmented regression analysis of interrupted time series studies in
        medication use research. J. Clin. Pharm. Ther. 27, 299-309.
    Newey W. K., West K. D. (1987) A simple, positive semi-definite, heteroskedasticity and
        autocorrelation consistent covariance matrix. Econometrica 55, 703-708; (1994) Rev. Econ.
        Stud. 61, 631-653 (the bandwidth 4·(T/100)^(2/9)).
    Kiefer N. M., Vogelsang T. J. (2005) A new asymptotic theory for heteroskedasticity-
        autocorrelation robust tests. Econom. Theory 21, 1130-1164 (Bartlett's kernel).
    Parzen E. (1963) On spectral analysis with missing observations. Sankhya A 25, 383-392 (weeks
        without a value stay in their place and weigh nothing).
    Rambachan A., Roth J. (2023) A more credible approach to parallel trends. Rev. Econ. Stud. 90,
        2555-2591 (that groups may part, within bounds, belongs into the interval).
    Andrews D. W. K. (1993) Exactly median-unbiased estimation of first order autoregressive / unit
        root models. Econometrica 61, 139-165 (the idea of 3).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from math import sqrt

import numpy as np
from numpy.typing import NDArray
from scipy.special import stdtr, stdtrit

from ugc.insight.statistics.intervals import Interval

__all__ = [
    "LEAST_AFTER",
    "LEAST_BEFORE",
    "Break",
    "Series",
    "interrupted",
    "needed",
    "newey_west",
    "visible",
]

Floats = NDArray[np.float64]

LEAST_BEFORE, LEAST_AFTER = 8, 4
"""Weeks with a value below which nothing is reckoned."""

POWER = 0.8416212335729143
"""Normal quantile of 80 %: the chance with which a change of the stated size is to be seen."""

_CORRELATIONS = np.arange(0.0, 1.0, 0.05)
_RECENT = 13
"""Weeks from which the weight of a week to come is guessed."""


@dataclass(frozen=True, eq=False)
class Series:
    """A weekly series: weeks in order without gaps, values and their weights (0 where there is none)."""

    weeks: NDArray[np.int64]
    """Weeks since the action: 0 is the first one of it, −1 the last one before."""
    values: Floats
    weights: Floats
    """1 / sampling variance of the value."""

    @property
    def before(self) -> int:
        """Weeks with a value before the action."""
        return int(((self.weeks < 0) & (self.weights > 0)).sum())

    @property
    def after(self) -> int:
        """Weeks with a value since the action."""
        return int(((self.weeks >= 0) & (self.weights > 0)).sum())


@dataclass(frozen=True)
class Break:
    """What changed, each figure with its 95 % interval, in the unit of the values."""

    level: Interval
    """In the first week."""
    slope: Interval
    """By the week."""
    effect: Interval
    """The mean over the weeks after, each by its weight."""
    error: float
    """Of the effect."""
    freedom: int
    """Weeks with a value − coefficients."""
    p_value: float
    """Of "the effect is zero", two-sided (Student)."""


def newey_west(scores: Floats, lags: int) -> float:
    """Sum of a series' covariances up to some lags with Bartlett's weights 1 − l/(lags + 1)."""
    found = float(scores @ scores)
    for lag in range(1, lags + 1):
        found += 2 * (1 - lag / (lags + 1)) * float(scores[lag:] @ scores[:-lag])
    return max(found, 0.0)


def _design(weeks: NDArray[np.int64]) -> Floats:
    """After, week after, ones, week."""
    time, after = weeks.astype(np.float64), (weeks >= 0).astype(np.float64)
    return np.column_stack([after, time * after, np.ones(len(weeks)), time])


def _mean_effect(weeks: NDArray[np.int64], weights: Floats) -> Floats:
    """The weights of the coefficients that give the effect."""
    after = weeks >= 0
    return np.array([1.0, float(np.average(weeks[after], weights=weights[after])), 0.0, 0.0])


def _scaled(design: Floats, weights: Floats, drift: float | None) -> Floats:
    """Rows by the root of their weights, and below them that of the drift in the last column."""
    last = np.zeros((1, design.shape[1]))
    last[0, -1] = 0.0 if drift is None else 1 / drift
    return np.vstack([design * np.sqrt(weights)[:, None], last])


def _unit(design: Floats, weights: Floats, wanted: Floats, drift: float | None) -> float:
    """Error of a sum of coefficients at a dispersion of 1 and without autocorrelation."""
    rows = _scaled(design, weights, drift)
    return sqrt(max(float(wanted @ np.linalg.inv(rows.T @ rows) @ wanted), 0.0))


class _Fit:
    """Weighted least squares of one design, and the errors of sums of its coefficients."""

    def __init__(self, design: Floats, values: Floats, weights: Floats, drift: float | None) -> None:
        """Needs more weeks with a weight than columns, and columns that differ there."""
        rows = _scaled(design, weights, drift)
        self._inverse_rows = np.linalg.inv(rows.T @ rows) @ rows.T
        scaled = np.append(np.sqrt(weights) * values, 0.0)
        self.coefficients: Floats = self._inverse_rows @ scaled
        self._residuals: Floats = (scaled - rows @ self.coefficients)[:-1]
        self._maker: Floats = np.diag(np.append(weights > 0, True).astype(np.float64))
        self._maker -= rows @ self._inverse_rows
        self._weeks = int((weights > 0).sum())
        self.freedom = self._weeks - design.shape[1]
        self._correlations = list(self._by_correlation())

    def _by_correlation(self) -> Iterator[tuple[float, Floats]]:
        """Dispersion and correlation matrix under each autocorrelation that is not ruled out."""
        squares = float(self._residuals @ self._residuals)
        seen = 0.0
        if squares > 1e-9:  # else rounding would be taken for a course
            seen = float(self._residuals[1:] @ self._residuals[:-1]) / squares
        places = np.arange(len(self._residuals))
        apart = np.abs(places[:, None] - places[None, :])
        maker = self._maker[:-1]
        for correlation in _CORRELATIONS:
            matrix = np.asarray(correlation**apart, dtype=np.float64)
            expected = maker[:, :-1] @ matrix @ maker[:, :-1].T + np.outer(maker[:, -1], maker[:, -1])
            total = float(np.trace(expected))
            yield max(squares / total, 1.0), matrix
            if float(np.trace(expected, 1)) / total >= seen + 1 / sqrt(self._weeks):
                return

    def error(self, wanted: Floats) -> float:
        """Error of a sum of coefficients: the widest of the three of this module's docstring."""
        rows: Floats = wanted @ self._inverse_rows
        weekly, drifting = rows[:-1], float(rows[-1]) ** 2
        weeks = len(weekly)
        lags = min(int(4 * (weeks / 100) ** (2 / 9)), weeks - 1)
        part = (lags + 1) / weeks
        wider = (1.9600 + 2.9694 * part + 0.4160 * part**2 - 0.5324 * part**3) / 1.9600
        robust = newey_west(weekly * self._residuals, lags) * self._weeks / self.freedom * wider**2
        # The first matrix is that of no correlation: plain least squares.
        others = (dispersion * float(weekly @ matrix @ weekly) for dispersion, matrix in self._correlations)
        return sqrt(max(robust, *others, 0.0) + drifting)

    def interval(self, wanted: Floats) -> Interval:
        """A sum of coefficients with its interval (Student)."""
        value = float(wanted @ self.coefficients)
        reach = float(stdtrit(self.freedom, 0.975)) * self.error(wanted)
        return Interval(value, value - reach, value + reach)


def interrupted(series: Series, *, drift: float | None = None) -> Break | None:
    """What changed at week 0; `None` with fewer weeks than LEAST_BEFORE and LEAST_AFTER.

    Args:
        series: the weeks.
        drift: standard deviation, by the week, of the trends that such a series may have; `None`
            takes the trend as the weeks before show it.
    """
    if series.before < LEAST_BEFORE or series.after < LEAST_AFTER:
        return None
    fit = _Fit(_design(series.weeks), series.values, series.weights, drift)
    wanted = _mean_effect(series.weeks, series.weights)
    effect, error = fit.interval(wanted), fit.error(wanted)
    return Break(
        level=fit.interval(np.array([1.0, 0.0, 0.0, 0.0])),
        slope=fit.interval(np.array([0.0, 1.0, 0.0, 0.0])),
        effect=effect,
        error=error,
        freedom=fit.freedom,
        p_value=2 * float(stdtr(fit.freedom, -abs(effect.value) / error)),
    )


def visible(error: float, freedom: int) -> float:
    """Smallest true effect that is called significant in 80 of 100 cases: (t₀.₉₇₅ + z₀.₈₀) · error."""
    return (float(stdtrit(freedom, 0.975)) + POWER) * error


def needed(
    series: Series, found: Break | None, passed: int, worth: float, most: int, *, drift: float | None = None
) -> int | None:
    """Weeks after the action at which an effect of the size `worth` would be visible.

    The error after m weeks is κ·√(c′(X′WX)⁻¹c) of the design with m weeks after it. The weeks to
    come weigh as the mean of those since the action, or of the last 13 before it. κ is what the
    error of the series so far is above the same root; without enough weeks after the action, that
    of the line through the weeks before, carried two weeks on.

    Args:
        series: the weeks so far.
        found: what `interrupted` gave for it.
        passed: weeks of the action that the data cover to their end; the answer lies above.
        worth: size of effect, above zero, in the unit of the values.
        most: weeks after which no later one is counted.
        drift: as it was for `found`.

    Returns:
        Whole weeks since the action, or `None`: not within `most`.
    """
    past, since = series.weeks < 0, series.weeks >= 0
    if series.before < LEAST_BEFORE:
        return None
    weeks, weights = series.weeks[past], series.weights[past]
    if found is None:
        line, on = _design(weeks)[:, 2:], np.array([1.0, 2.0])
        fit = _Fit(line, series.values[past], weights, drift)
        ratio = fit.error(on) / _unit(line, weights, on, drift)
    else:
        wanted = _mean_effect(series.weeks, series.weights)
        ratio = found.error / _unit(_design(series.weeks), series.weights, wanted, drift)
    source, among = weights[-_RECENT:], min(len(weights), _RECENT)
    if passed >= LEAST_AFTER:
        source, among = series.weights[since][:passed], min(passed, most)
    typical = float(source.sum()) / among
    if typical <= 0:
        return None
    for count in range(max(passed + 1, LEAST_AFTER), most + 1):
        all_weeks = np.concatenate([weeks, np.arange(count)])
        all_weights = np.concatenate([weights, np.full(count, typical)])
        wanted = _mean_effect(all_weeks, all_weights)
        error = ratio * _unit(_design(all_weeks), all_weights, wanted, drift)
        if visible(error, series.before + count - 4) <= worth:
            return count
    return None
