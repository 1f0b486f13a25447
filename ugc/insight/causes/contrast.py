"""Penalty and reward: what blame of a theme takes from the rating and what praise adds.

The class of a theme follows from the contrast of its penalty and its reward: from one regression
of the rating on a term "blamed" and a term "praised" for every theme, where a review that does
neither is the ground (Brandt). The names of the classes are Kano's.

- **must-be**: blame takes stars, praise adds none, or under a third of what blame takes.
- **delighter**: praise adds stars, blame takes none, or under a third of what praise adds.
- **performance**: both count, and neither is three times the other.
- **neither**: neither counts, and both intervals stay under NEGLIGIBLE.
- none of these: these reviews cannot tell, and `undecided` says why.

A term *counts* when its q value (Benjamini–Hochberg over all terms) lies under 0.05, its interval
lies above zero and it is at least LEAST_EFFECT. A must-be or a delighter is only named where the
difference of penalty and reward is significant itself, corrected over all themes that have both:
that praise was not *seen* to add anything is not enough.

Sources
    Brandt D. R. (1987) A procedure for identifying value-enhancing service components using customer
        satisfaction survey data. In: Add Value to Your Service, AMA, 61-65 (penalty-reward contrast).
    Kano N., Seraku N., Takahashi F., Tsuji S. (1984) Attractive quality and must-be quality.
        J. Jpn. Soc. Qual. Control 14 (2), 39-48.
    Mikulić J., Prebežac D. (2008) Prioritizing improvement of service attributes using impact
        range-performance analysis and impact-asymmetry analysis. Manag. Serv. Qual. 18, 559-576
        (the relation of the two as a cut; that three times is the cut is ours).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, NamedTuple

import numpy as np
from threadpoolctl import threadpool_limits

from ugc.insight.causes.impact import LEAST_RAISED, LEAST_RATINGS, Sums
from ugc.insight.causes.raised import Raised
from ugc.insight.statistics.intervals import Interval
from ugc.insight.statistics.regression import Fit, farthest, fit, independent
from ugc.insight.statistics.significance import ALPHA, adjust

__all__ = [
    "LEAST_EFFECT",
    "NEGLIGIBLE",
    "ONE_SIDED",
    "Effect",
    "Kind",
    "Lacking",
    "Model",
    "Undecided",
    "Unweighed",
    "WhatIf",
    "classify",
    "contrasts",
    "effects",
    "model",
    "what_if",
]

LEAST_EFFECT = 0.1
"""Stars from which on a penalty or a reward counts, however sure it is."""

NEGLIGIBLE = 0.3
"""Stars under which the whole interval must stay before a term is called without effect."""

ONE_SIDED = 3.0
"""How many times the other a penalty or a reward must be to make the theme one-sided."""

_RATINGS_A_TERM = 10

Kind = Literal["must_be", "delighter", "performance", "neither"]
Undecided = Literal["no_regression", "one_side", "not_sure"]
Lacking = Literal["ratings", "spread", "terms"]
Cause = Literal["few", "collinear", "always"]


class Effect(NamedTuple):
    """Stars that blame of a theme takes (penalty) or praise adds (reward), other themes being equal."""

    value: float
    """Positive where blame takes and praise adds, as one expects."""
    low: float
    high: float
    p_value: float
    q_value: float
    """p after Benjamini–Hochberg over all terms of the regression."""
    counts: bool
    """Significant, in the expected direction and at least LEAST_EFFECT."""
    reviews: int
    """Rated reviews that blame, or praise, the theme."""

    @property
    def significant(self) -> bool:
        """Whether q lies below 0.05 and the interval on one side of zero, whichever it is."""
        return self.q_value < ALPHA and self.low * self.high > 0


class WhatIf(NamedTuple):
    """Stars that the mean rating would gain if some complaints about a theme fell away.

    It takes the penalty for the cause: an estimate of what such a change is worth, not a promise.
    """

    value: float
    """The gain in stars."""
    low: float
    high: float
    mean_stars: float
    """The mean rating then."""
    significant: bool
    """Whether the penalty counts."""


class Unweighed(NamedTuple):
    """A term that the regression could not weigh: too few reviews, or not told from another one."""

    theme: str
    polarity: str
    cause: Cause
    reviews: int
    """Rated reviews that raise it."""
    like: tuple[str, str] | None
    """Theme and polarity of the term that it goes with, for cause "collinear"."""


_Term = tuple[str, str]


@dataclass(frozen=True)
class Model:
    """The regression and where each of its terms stands."""

    fitted: Fit | None
    places: dict[_Term, int]
    unweighed: tuple[Unweighed, ...]
    lacking: Lacking | None


def classify(
    penalty: Effect | None, reward: Effect | None, contrast_q: float | None
) -> tuple[Kind | None, Undecided | None]:
    """The class of a theme by the rule at the head of this module, or why it has none."""
    if penalty is None or reward is None or contrast_q is None:
        return None, "one_side"
    apart = contrast_q < ALPHA
    if penalty.counts and apart and (not reward.counts or penalty.value > ONE_SIDED * reward.value):
        return "must_be", None
    if reward.counts and apart and (not penalty.counts or reward.value > ONE_SIDED * penalty.value):
        return "delighter", None
    if penalty.counts and reward.counts:
        return "performance", None
    bounds = (penalty.low, penalty.high, reward.low, reward.high)
    if not penalty.counts and not reward.counts and max(map(abs, bounds)) < NEGLIGIBLE:
        return "neither", None
    return None, "not_sure"


def model(rated: Raised, whole: Sums) -> Model:
    """The regression of the rating on all terms that can be weighed.

    The matrices are small: on a busy machine threads would wait for each other longer than they
    reckon.
    """
    with threadpool_limits(1):
        return _model(rated, whole)


def _model(rated: Raised, whole: Sums) -> Model:
    """What `model` gives, with as many threads as there are."""
    terms: list[tuple[_Term, int]] = []
    unweighed: list[Unweighed] = []
    columns = {}
    for place, theme in enumerate(rated.themes):
        for polarity, flags in (("negative", rated.blamed), ("positive", rated.praised)):
            n = int(rated.reviews[flags[:, place]].sum())
            if n >= LEAST_RAISED:
                terms.append(((theme, polarity), n))
                columns[theme, polarity] = flags[:, place]
            elif n:
                unweighed.append(Unweighed(theme, polarity, "few", n, None))
    terms.sort(key=lambda one: -one[1])
    if whole.n < LEAST_RATINGS:
        return Model(None, {}, tuple(unweighed), "ratings")
    if np.ptp(rated.stars) == 0:
        return Model(None, {}, tuple(unweighed), "spread")
    if not terms:
        return Model(None, {}, tuple(unweighed), "terms")
    stacked = np.column_stack([columns[term] for term, _ in terms])
    kept, alike = independent(stacked, rated.reviews)
    for one, other in alike.items():
        (theme, polarity), n = terms[one]
        like = terms[other][0] if other >= 0 else None
        unweighed.append(Unweighed(theme, polarity, "collinear" if like else "always", n, like))
    if not kept:
        return Model(None, {}, tuple(unweighed), "terms")
    if whole.n < _RATINGS_A_TERM * (len(kept) + 1):
        return Model(None, {}, tuple(unweighed), "ratings")
    fitted = fit(stacked[:, kept], rated.stars, rated.reviews)
    places = {terms[one][0]: place for place, one in enumerate(kept, 1)}
    return Model(fitted, places, tuple(unweighed), None)


def _unit(found: Model, *signed: tuple[_Term, float]) -> np.ndarray[tuple[int], np.dtype[np.float64]]:
    """Weights of the coefficients: the given ones at the given terms, zero elsewhere."""
    weights = np.zeros(len(found.places) + 1)
    for term, weight in signed:
        weights[found.places[term]] = weight
    return weights


def effects(found: Model, rated: Raised) -> dict[_Term, Effect]:
    """Penalty or reward of every term, corrected over all of them."""
    if found.fitted is None:
        return {}
    tested = {
        term: found.fitted.combine(_unit(found, (term, -1.0 if term[1] == "negative" else 1.0)))
        for term in found.places
    }
    q_values = adjust([p for _, p in tested.values()])
    weighed = {}
    for (term, (one, p)), q in zip(tested.items(), q_values, strict=True):
        flags = rated.blamed if term[1] == "negative" else rated.praised
        n = int(rated.reviews[flags[:, rated.themes.index(term[0])]].sum())
        counts = q < ALPHA and one.low > 0 and one.value >= LEAST_EFFECT
        weighed[term] = Effect(*one, p, q, counts, n)
    return weighed


def contrasts(found: Model) -> dict[str, tuple[Interval, float]]:
    """Penalty − reward, and its q, of each theme that has both terms."""
    fitted = found.fitted
    if fitted is None:
        return {}
    both = [
        theme for theme, side in found.places if side == "negative" and (theme, "positive") in found.places
    ]
    tested = {
        theme: fitted.combine(_unit(found, ((theme, "negative"), -1.0), ((theme, "positive"), -1.0)))
        for theme in both
    }
    q_values = adjust([p for _, p in tested.values()])
    return {theme: (one, q) for (theme, (one, _)), q in zip(tested.items(), q_values, strict=True)}


def what_if(found: Model, theme: str, effect: Effect, whole: Sums, fall: float) -> WhatIf | None:
    """Gain of the mean when the share `fall` of the reviews that blame a theme no longer do.

    gain = fall · p · penalty, p being the share of rated reviews that blame it. The interval is the
    wider of the delta method's (Student) and that over the redraws, in which p varies too.
    """
    fitted, before = found.fitted, whole.mean
    if fitted is None or before is None:
        return None
    place = found.places[theme, "negative"]
    share = effect.reviews / whole.n
    gain = fall * share * effect.value
    scaled = fitted.combine(_unit(found, ((theme, "negative"), -fall * share)))[0]
    chance = fall * abs(effect.value) * float(np.sqrt(share * (1 - share) / whole.n)) * 1.96
    redrawn = -fall * fitted.shares[:, place] * fitted.redrawn[:, place]
    reach = max(float(np.hypot(scaled.high - scaled.value, chance)), farthest(gain, redrawn))
    return WhatIf(gain, gain - reach, gain + reach, min(before + gain, 5.0), effect.counts)
