"""How sure a difference between two taggers is: the paired bootstrap over reviews.

Accuracy and micro-F1 are both a sum over reviews divided by a sum over reviews (right answers by
answers; twice the hits by the sizes of both sets). So each tagger is two numbers a review, its
*parts*, and a resample is a weighting of the reviews. Reviews are drawn with replacement, the same
ones for both taggers, which keeps what is common to them (hard reviews) out of the difference
(Efron and Tibshirani 1993, chapter 13; Berg-Kirkpatrick, Burkett and Klein 2012 for paired tests).
"""

from __future__ import annotations

from collections.abc import Collection, Hashable, Sequence
from dataclasses import asdict, dataclass

import numpy as np
import numpy.typing as npt

from models.labelled import Labelled
from ugc.review import Tags

__all__ = ["COMPARED", "Difference", "accuracy_parts", "compare", "f1_parts", "paired_difference"]

Parts = npt.NDArray[np.float64]
"""(reviews, 2): what a review adds to the numerator and to the denominator of a figure."""

COMPARED = ("theme+polarity micro-F1", "sentiment accuracy")
"""Figures that `compare` gives a difference for, named as in `models.evaluation.score`."""

STEP = 200
"""Resamples that are weighed at once, to keep memory small."""


@dataclass(frozen=True, slots=True)
class Difference:
    """A figure of ours minus the same figure of theirs, with a percentile interval."""

    value: float
    low: float
    high: float
    level: float
    """Share of the resamples that lie between `low` and `high`."""

    @property
    def sure(self) -> bool:
        """Whether the interval leaves zero out."""
        return self.low > 0 or self.high < 0

    def to_json(self) -> dict[str, float]:
        """A form for JSON."""
        return asdict(self)


def accuracy_parts(gold: Sequence[Hashable], predicted: Sequence[Hashable]) -> Parts:
    """Parts of accuracy: right or not, and one."""
    return np.asarray([(a == b, 1.0) for a, b in zip(gold, predicted, strict=True)], float).reshape(-1, 2)


def f1_parts(gold: Sequence[Collection[Hashable]], predicted: Sequence[Collection[Hashable]]) -> Parts:
    """Parts of micro-F1 of sets of labels: twice the hits, and the sizes of both sets."""
    rows = [
        (2.0 * len(wanted & shown), float(len(wanted) + len(shown)))
        for wanted, shown in zip(map(set, gold), map(set, predicted), strict=True)
    ]
    return np.asarray(rows, float).reshape(-1, 2)


def _figure(sums: Parts) -> npt.NDArray[np.float64]:
    """Numerator by denominator, zero where nothing was to be found."""
    return np.divide(sums[..., 0], sums[..., 1], out=np.zeros(sums.shape[:-1]), where=sums[..., 1] > 0)


def paired_difference(
    ours: Parts, theirs: Parts, *, resamples: int = 2000, level: float = 0.95, seed: int = 20
) -> Difference:
    """The difference of one figure between two taggers on the same reviews.

    Args:
        ours: parts of the figure, one row a review, from `accuracy_parts` or `f1_parts`.
        theirs: the same of the other tagger, on the same reviews in the same order.
        resamples: how many times the reviews are drawn again.
        level: share of the resamples within the interval.
        seed: of the draws; the same seed gives the same interval.

    Raises:
        ValueError: the two differ in length, or hold no review.
    """
    if ours.shape != theirs.shape or not len(ours):
        raise ValueError(f"Parts of {len(ours)} and of {len(theirs)} reviews cannot be compared.")
    value = float(_figure(ours.sum(axis=0)) - _figure(theirs.sum(axis=0)))
    dice = np.random.default_rng(seed)
    n = len(ours)
    even = np.full(n, 1 / n)
    drawn = []
    for done in range(0, resamples, STEP):
        weights = dice.multinomial(n, even, size=min(STEP, resamples - done)).astype(float)
        drawn.append(_figure(weights @ ours) - _figure(weights @ theirs))
    low, high = np.quantile(np.concatenate(drawn), [(1 - level) / 2, (1 + level) / 2])
    return Difference(value, float(low), float(high), level)


def compare(
    reviews: Sequence[Labelled], ours: Sequence[Tags], theirs: Sequence[Tags]
) -> dict[str, Difference]:
    """The difference of theme with polarity and of sentiment between two taggers, by figure.

    The names are those of `COMPARED`; a figure that nobody has a label for is left out.
    """
    gold = [{(m.theme, m.polarity) for m in review.mentions} for review in reviews]
    themes = [
        f1_parts(gold, [{(m.theme, m.polarity) for m in t.mentions} for t in one]) for one in (ours, theirs)
    ]
    wanted = [review.sentiment for review in reviews]
    moods = [accuracy_parts(wanted, [t.sentiment for t in one]) for one in (ours, theirs)]
    found = {}
    for name, (first, second) in zip(COMPARED, (themes, moods), strict=True):
        if (first[:, 1] + second[:, 1]).any():
            found[name] = paired_difference(first, second)
    return found
