"""What stands out now: the last period against the eight weeks before, and rare themes that grow.

With k of N reviews before and N₀ reviews now, m = N₀·k/N are expected. The dispersion φ is Pearson's
χ² of the periods before, over their number less one, at least 1; the deviation is √(φ·m·(1 + N₀/N)),
with a floor of one review; z = (now − m) / deviation. The p value is the upper tail of the negative
binomial with m (½ added to k) and that variance, which for φ = 1 is the gamma-Poisson prediction.

Sources
    Gelman A. et al. (2013) Bayesian data analysis, 3rd ed., ch. 2.6 (Poisson counts of known exposure).
    Fisher R. A. (1935) The logic of inductive inference. J. R. Stat. Soc. 98, 39-82 (rare themes).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from math import sqrt
from typing import TYPE_CHECKING

import numpy as np
from scipy.special import betainc

from ugc.errors import InputError
from ugc.insight.choice.filters import Filters
from ugc.insight.satisfaction.series import Kind, Numbers, Series, all_series
from ugc.insight.satisfaction.trend import Period
from ugc.insight.statistics.significance import ALPHA, adjust

if TYPE_CHECKING:
    from ugc.lake import Snapshot

__all__ = ["LEAST", "LEAST_Z", "RARE", "TIMES", "Growing", "Spike", "growing", "judge", "spikes", "sudden"]

LEAST = 5
"""Reviews of the period below which nothing is said."""
TIMES = 2.0
"""The figure must have grown at least this many times."""
LEAST_Z = 3.0
"""Deviations above what was expected below which nothing is said."""
RARE = 0.03
"""Share up to which a theme is rare."""
_WEEKS = 8
_RECENT = 4
"""Weeks over which a rare theme is counted: one week holds too few."""


@dataclass(frozen=True)
class Spike:
    """A figure of the last period far above the eight weeks before."""

    kind: Kind
    theme: str | None
    polarity: str | None
    start: date
    reviews: int
    n: int
    """Tagged reviews of the period; for the volume, the same as `reviews`."""
    expected: float
    z: float
    p_value: float
    q_value: float


@dataclass(frozen=True)
class Growing:
    """A theme of 0-3 % before whose share rose over the last four weeks."""

    theme: str
    polarity: str
    since: date
    reviews: int
    n: int
    before_reviews: int
    before_n: int
    p_value: float
    q_value: float


def judge(now: float, size: float, counts: Numbers, sizes: Numbers) -> tuple[float, float, float] | None:
    """Expected count, z and p value of a count against those before; `None` without anything before."""
    k, n = float(counts.sum()), float(sizes.sum())
    if n <= 0 or size <= 0:
        return None
    usual = sizes * (k / n)
    kept = usual > 0
    phi = 1.0
    if kept.sum() > 1:
        phi = max(1.0, float(((counts - usual)[kept] ** 2 / usual[kept]).sum()) / (int(kept.sum()) - 1))
    expected, smoothed = size * k / n, size * (k + 0.5) / n
    z = (now - expected) / max(sqrt(phi * expected * (1 + size / n)), 1.0)
    variance = smoothed * max(phi * (1 + size / n), 1 + 1e-9)
    # The negative binomial has at least `now` where its complement's incomplete beta function says so.
    p = float(betainc(now, smoothed**2 / (variance - smoothed), 1 - smoothed / variance)) if now > 0 else 1.0
    return expected, z, p


def _shared(p_values: Sequence[float]) -> list[float]:
    """Q values of one of the two lists, doubled: spikes and rare themes share the chance of error."""
    return [min(2 * q, 1.0) for q in adjust(p_values)]


def sudden(series: Sequence[Series], by: Period = "week") -> tuple[Spike, ...]:
    """Spikes of the last period of all courses, tested together; the steepest first.

    The volume of a day is compared with the same day of the eight weeks before. Raises `InputError`
    for months: eight weeks hold no eight of them.
    """
    if by == "month":
        raise InputError("Spikes are not sought by month.", "Ask by week or by day.")
    tested = []
    for one in series:
        step = 7 if by == "day" and one.kind == "volume" else 1
        length = _WEEKS * (7 if by == "day" else 1)
        if one.kind == "stars" or len(one.n) <= length:
            continue
        before = np.arange(len(one.n) - 1 - length, len(one.n) - 1)[::step]
        found = judge(float(one.total[-1]), float(one.n[-1]), one.total[before], one.n[before])
        if found:
            share = float(one.total[before].sum() / one.n[before].sum())
            tested.append((one, found, share))
    q_values = _shared([found[2] for _, found, _ in tested])
    standing = []
    for (one, (expected, z, p), share), q in zip(tested, q_values, strict=True):
        now, n = float(one.total[-1]), float(one.n[-1])
        if q < ALPHA and z >= LEAST_Z and now >= LEAST and now / n >= TIMES * share:
            size = int(now if one.kind == "volume" else n)
            start = one.starts[-1]
            standing.append(
                Spike(one.kind, one.theme, one.polarity, start, int(now), size, expected, z, p, q)
            )
    return tuple(sorted(standing, key=lambda one: (-one.z, one.theme or "")))


def growing(series: Sequence[Series]) -> tuple[Growing, ...]:
    """Rare themes of weekly courses that grew: the last four weeks against the eight before.

    Fisher's exact test of one side, corrected over all rare themes; the surest first.
    """
    from scipy.stats import hypergeom  # slow to load, and seldom asked for

    tested = []
    for one in series:
        if one.theme is None or len(one.n) < _WEEKS + _RECENT:
            continue
        now, n = int(one.total[-_RECENT:].sum()), int(one.n[-_RECENT:].sum())
        past = slice(-_RECENT - _WEEKS, -_RECENT)
        count, before_n = int(one.total[past].sum()), int(one.n[past].sum())
        if n and before_n and count / before_n <= RARE:
            p = float(hypergeom.sf(now - 1, n + before_n, now + count, n))
            tested.append((one, now, n, count, before_n, p))
    q_values = _shared([one[-1] for one in tested])
    found = [
        Growing(one.theme or "", one.polarity or "", one.starts[-_RECENT], now, n, count, before_n, p, q)
        for (one, now, n, count, before_n, p), q in zip(tested, q_values, strict=True)
        if q < ALPHA and now >= LEAST
    ]
    return tuple(sorted(found, key=lambda one: (one.q_value, one.theme, one.polarity)))


def spikes(
    snapshot: Snapshot, filters: Filters, by: Period = "week", *, polarity: str | None = None
) -> tuple[tuple[Spike, ...], tuple[Growing, ...]]:
    """Spikes of the last whole day or week, and rare themes that grow (told by week)."""
    weekly = all_series(snapshot, filters, "week")
    chosen = weekly if by == "week" else all_series(snapshot, filters, by)

    def kept(series: Sequence[Series]) -> list[Series]:
        return [one for one in series if one.theme is None or polarity in (None, one.polarity)]

    return sudden(kept(chosen), by), growing(kept(weekly))
