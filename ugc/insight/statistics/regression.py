"""Least squares on counted rows, with errors that hold for ratings as they are.

Ratings spread unevenly (hardly at all among the delighted), so the textbook errors are wrong.
They are computed here in the HC3 form and, beside it, by redrawing the reviews; intervals reach to
both sides as far as the farthest of these bounds does.

Sources
    MacKinnon J. G., White H. (1985) Some heteroskedasticity-consistent covariance matrix estimators
        with improved finite sample properties. J. Econom. 29, 305-325 (HC3 in its usual form:
        residuals divided by 1 − leverage).
    Efron B., Tibshirani R. J. (1993) An Introduction to the Bootstrap, ch. 9 (redrawing pairs) and
        ch. 13 (percentile intervals).
    Hanley J. A., MacGibbon B. (2006) Creating non-parametric bootstrap samples using Poisson
        frequencies. Comput. Methods Programs Biomed. 83, 57-62.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import sqrt

import numpy as np
from numpy.typing import NDArray
from scipy.special import stdtr, stdtrit

from ugc.insight.statistics.intervals import Interval

__all__ = ["ALIKE", "Fit", "farthest", "fit", "independent"]

Floats = NDArray[np.float64]

ALIKE = 0.98
"""R² of a column on those before it from which on the two cannot be told apart (a VIF of 50)."""

_MOST_REDRAWS, _LEAST_REDRAWS, _DRAWS = 1000, 100, 3_000_000
_CHUNK = 2_000_000


def farthest(value: float, redrawn: Floats) -> float:
    """How far the ends of the middle 95 % of redrawn figures lie from the figure, the farther one."""
    low, high = np.quantile(redrawn, (0.025, 0.975)).tolist()
    return float(max(value - low, high - value))


@dataclass(frozen=True, eq=False)
class Fit:
    """A fitted regression; the first coefficient is the constant, the others follow the columns."""

    coefficients: Floats
    hc3: Floats
    """The covariance of the coefficients in the HC3 form."""
    covariance: Floats
    """The same with the pseudo-ratings of `fit`: what the intervals rest on."""
    redrawn: Floats
    """[redraws × coefficients]: the coefficients from each redraw of the reviews."""
    shares: Floats
    """[redraws × coefficients]: the share of reviews that each column holds in that redraw."""
    freedom: int
    """Reviews − coefficients."""
    r2: float
    r2_adjusted: float

    def combine(self, weights: Floats) -> tuple[Interval, float]:
        """A weighted sum of the coefficients with its interval, and p of "it is zero" (HC3, Student).

        The interval reaches as far to both sides as the farthest bound by HC3 and by redrawing.
        """
        value = float(weights @ self.coefficients)
        error = sqrt(max(float(weights @ self.covariance @ weights), 0.0))
        reach = max(float(stdtrit(self.freedom, 0.975)) * error, farthest(value, self.redrawn @ weights))
        p_value = 2 * float(stdtr(self.freedom, -abs(value) / error)) if error > 0 else 1.0
        return Interval(value, value - reach, value + reach), p_value


def _with_constant(columns: NDArray[np.bool_]) -> Floats:
    """The design: ones, then the columns."""
    return np.hstack([np.ones((len(columns), 1)), columns.astype(np.float64)])


def independent(columns: NDArray[np.bool_], counts: NDArray[np.int64]) -> tuple[list[int], dict[int, int]]:
    """Columns that can be told apart, the earlier ones first, and the others with their nearest.

    A column is left out when the constant and the columns kept before it explain ALIKE of it; the
    nearest is the kept column that it correlates with most. A column that never varies is left
    out too, with −1 for the nearest.
    """
    n = counts.sum()
    values = columns.astype(np.float64)
    centred = values - counts @ values / n
    products = (centred * counts[:, None]).T @ centred / n
    kept: list[int] = []
    alike: dict[int, int] = {}
    for one in range(columns.shape[1]):
        own = products[one, one]
        if own <= 1e-12:
            alike[one] = -1
            continue
        if kept:
            shared = products[kept, one]
            explained = shared @ np.linalg.solve(products[np.ix_(kept, kept)], shared)
            if explained >= ALIKE * own:
                strength = np.abs(shared) / np.sqrt(products[kept, kept])
                alike[one] = kept[int(np.argmax(strength))]
                continue
        kept.append(one)
    return kept, alike


def _redraw(design: Floats, y: Floats, counts: Floats, seed: int) -> tuple[Floats, Floats]:
    """Coefficients and shares of the columns in redraws of the reviews with Poisson frequencies.

    The number of redraws falls from 1000 to 100 as the rows grow in number, from 3,000 rows on:
    with very many rows the interval by HC3 is as good.
    """
    dice = np.random.default_rng(seed)
    times = min(max(_DRAWS // len(y), _LEAST_REDRAWS), _MOST_REDRAWS)
    packed = np.packbits(design > 0, axis=1)
    _, first_of, inverse = np.unique(packed, axis=0, return_index=True, return_inverse=True)
    patterns = design[first_of]
    order = np.argsort(inverse, kind="stable")
    starts = np.searchsorted(inverse[order], np.arange(len(patterns)))
    y, counts = y[order], counts[order]
    wide = design.shape[1]
    step = max(_CHUNK // len(y), 1)
    grams, moments = np.zeros((times, wide * wide)), np.zeros((times, wide))
    for first in range(0, times, step):
        drawn = dice.poisson(counts, (min(step, times - first), len(y))).astype(np.float64)
        held = np.add.reduceat(drawn, starts, axis=1)
        summed = np.add.reduceat(drawn * y, starts, axis=1)
        rows = slice(first, first + len(drawn))
        moments[rows] = summed @ patterns
        for begin in range(0, len(patterns), 4096):
            part = patterns[begin : begin + 4096]
            pairs = (part[:, :, None] * part[:, None, :]).reshape(len(part), -1)
            grams[rows] += held[:, begin : begin + 4096] @ pairs
    grams = grams.reshape(times, wide, wide)
    # A redraw that happens to hold no review of a column must not stop the others.
    steady = grams + 1e-9 * grams[:, :1, :1] * np.eye(wide)
    found = np.asarray(np.linalg.solve(steady, moments[:, :, None])[:, :, 0], dtype=np.float64)
    shares = grams[:, 0, :] / grams[:, :1, 0]
    return found, shares


def _pseudo(coefficients: Floats, least: float, most: float) -> Floats:
    """What pseudo-ratings at both ends of the scale add to the middle of the sandwich.

    One at each end for a review that raises nothing, and for one that raises each term alone.
    """
    alone = np.eye(len(coefficients))
    alone[:, 0] = 1.0
    told = alone @ coefficients
    weights = (told - least) ** 2 + (told - most) ** 2
    added: Floats = (alone * weights[:, None]).T @ alone
    return added


def fit(
    columns: NDArray[np.bool_],
    y: Floats,
    counts: NDArray[np.int64],
    *,
    least: float = 1.0,
    most: float = 5.0,
    seed: int = 1993,
) -> Fit:
    """Regression of `y` on 0/1 columns, where row i stands for `counts[i]` equal reviews.

    It gives what the same regression gives on the rows written out one by one. The columns must
    be independent (see `independent`), `y` must vary, and there must be more reviews than
    columns + 1. The same rows give the same redraws.

    Twenty reviews that blame a theme and all give one star leave no residual, and HC3 would call
    their penalty certain. Pseudo-ratings at the ends of the scale, `least` and `most`, are
    therefore counted among the squared residuals (and nowhere else), as they are for means in
    `ugc.insight.statistics.intervals.mean`. In large samples they vanish.
    """
    design, weights = _with_constant(columns), counts.astype(np.float64)
    inverse = np.linalg.inv((design * weights[:, None]).T @ design)
    coefficients = inverse @ (design.T @ (weights * y))
    residuals = y - design @ coefficients
    leverage = np.einsum("ij,jk,ik->i", design, inverse, design, optimize=True)
    outer = residuals / np.maximum(1 - leverage, 1e-6)
    meat = (design * (weights * outer**2)[:, None]).T @ design
    n, wide = int(counts.sum()), design.shape[1]
    around = y - weights @ y / n
    unexplained = float(weights @ residuals**2) / float(weights @ around**2)
    redrawn, shares = _redraw(design, y, weights, seed)
    return Fit(
        coefficients=coefficients,
        hc3=inverse @ meat @ inverse,
        covariance=inverse @ (meat + _pseudo(coefficients, least, most)) @ inverse,
        redrawn=redrawn,
        shares=shares,
        freedom=n - wide,
        r2=1 - unexplained,
        r2_adjusted=1 - unexplained * (n - 1) / (n - wide),
    )
