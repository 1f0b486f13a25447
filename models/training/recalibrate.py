"""Calibration of a bundle that was trained on: between the old one and what the user's reviews say.

A calibration fitted on a few dozen reviews follows their chance, the old one knows nothing of the
user's. So every weight and bias moves from the old towards the fitted value by a share that grows
with the number of reviews it was fitted on, n / (n + STRENGTH): an eighth of the way for 43, half
for 300. A mean of parameters is a mean of logits, so what lies between two calibrations is one.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import fields, replace
from typing import Any

from models.calibration import Calibration
from models.decode import Thresholds
from models.labelled import Labelled
from models.labels import EMOTIONS, LOYALTY, THEMES
from models.tagger import Seen
from models.training.calibrate import choose_thresholds, fit_calibration

__all__ = ["AT_LEAST", "STRENGTH", "recalibrate", "share_of"]

STRENGTH = 300.0
"""Reviews that weigh as much as the old calibration."""

AT_LEAST = 10
"""Reviews below which the old calibration stays as it is."""

_SEEN_OFTEN = 8
"""Times that a label must occur before its threshold moves."""


def share_of(n: int) -> float:
    """How far parameters move towards those fitted on `n` reviews, 0…1."""
    return n / (n + STRENGTH) if n >= AT_LEAST else 0.0


def _between(old: Any, new: Any, share: float) -> Any:
    """What lies at a share of the way between two numbers, or two tuples of them."""
    if isinstance(old, tuple):
        return tuple(_between(a, b, share) for a, b in zip(old, new, strict=True))
    return float(old + share * (new - old))


def _counts(reviews: Sequence[Labelled]) -> dict[str, list[int]]:
    """How many reviews have each label that a threshold decides on, by field of `Thresholds`."""
    themes = [{mention.theme for mention in review.mentions} for review in reviews]
    return {
        "theme": [sum(name in own for own in themes) for name in THEMES],
        "emotions": [sum(name in review.emotions for review in reviews) for name in EMOTIONS],
        "loyalty": [sum(name in review.loyalty for review in reviews) for name in LOYALTY],
    }


def recalibrate(
    reviews: Sequence[Labelled], seen: Sequence[Seen], calibration: Calibration, thresholds: Thresholds
) -> tuple[Calibration, Thresholds]:
    """Calibration and thresholds for a bundle whose weights have changed.

    Args:
        reviews: labelled reviews that nothing was trained on.
        seen: what the new weights see in them.
        calibration: of the bundle that training started from.
        thresholds: of that bundle; those of labels that are rare in the reviews stay.
    """
    share = share_of(len(reviews))
    if not share:
        return calibration, thresholds
    fitted = fit_calibration(reviews, seen)
    mixes = dict(calibration.mixes)
    for head, old in calibration.mixes.items():
        new = fitted.mixes.get(head)
        if new is not None:
            moved = {f.name: _between(getattr(old, f.name), getattr(new, f.name), share) for f in fields(old)}
            mixes[head] = replace(old, **moved)
    found = Calibration(mixes)
    chosen = choose_thresholds(reviews, seen, found)
    steps: dict[str, Any] = {}
    for name, counts in _counts(reviews).items():
        old_values, new_values = getattr(thresholds, name), getattr(chosen, name)
        steps[name] = tuple(
            round(_between(old, new, share), 3) if count >= _SEEN_OFTEN else old
            for old, new, count in zip(old_values, new_values, counts, strict=True)
        )
    return found, replace(thresholds, **steps)
