"""The figures of the reviews that raise one thing: share, score, stars, impact, lift, intensity.

Source
    Brin S., Motwani R., Ullman J. D., Tsur S. (1997) Dynamic itemset counting and implication rules
        for market basket data. SIGMOD Rec. 26 (2), 255-264 (lift, there called interest).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

from ugc.insight.causes.cells import Tally
from ugc.insight.causes.impact import LEAST_RAISED, Impact, impact
from ugc.insight.statistics.intervals import Interval, mean, net, wilson

__all__ = ["About", "Lift", "about"]


class Lift(NamedTuple):
    """How many times as frequent something is among 1★ (or 5★) reviews as among all rated ones.

    The same figure tells how many times as frequent 1★ is among the reviews that raise it. The
    interval is Wilson's of that share, over the share of 1★ in all, taken as known.
    """

    value: float
    low: float
    high: float
    reviews: int
    """1★ (or 5★) reviews that raise it."""


@dataclass(frozen=True)
class About:
    """The figures of the reviews that raise a cell or a stage; `None` where there are too few."""

    reviews: int
    """Tagged reviews that raise it; `share` is that of all tagged reviews chosen."""
    share: float
    low: float
    high: float
    score: Interval | None
    """50 + 50 · (share that only praises − share that only blames), of the reviews that raise it."""
    mean_stars: Interval | None
    impact: Impact | None
    one_star: Lift | None
    five_star: Lift | None
    intensity: Interval | None
    """Emotional intensity: the share of reviews raising it in whose text the model found an emotion."""
    intensity_n: int


def _lift(count: int, n: int, all_count: int, all_n: int) -> Lift | None:
    """Lift from the counts of a star; `None` where nobody gave it or too few raise the cell."""
    one = wilson(count, n)
    if one is None or n < LEAST_RAISED or not all_count:
        return None
    base = all_count / all_n
    return Lift(one.value / base, one.low / base, one.high / base, count)


def about(part: Tally, only_praise: int, only_blame: int, whole: Tally) -> About:
    """The figures of some reviews among all."""
    share, low, high = wilson(part.reviews, whole.reviews) or (0.0, 0.0, 1.0)
    balance = net(only_praise, only_blame, part.reviews)
    stars, every = part.stars, whole.stars
    return About(
        reviews=part.reviews,
        share=share,
        low=low,
        high=high,
        score=Interval(*(50 + 50 * one for one in balance)) if balance else None,
        mean_stars=mean(stars.n, stars.total, stars.squares, least=1.0, most=5.0),
        impact=impact(stars, every),
        one_star=_lift(part.ones, stars.n, whole.ones, every.n),
        five_star=_lift(part.fives, stars.n, whole.fives, every.n),
        intensity=wilson(part.moved, part.known),
        intensity_n=part.known,
    )
