"""Scores of tags against labelled reviews, for all and by language."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from models.evaluation.metrics import accuracy, calibration_error, macro_f1, set_f1
from models.labelled import Labelled, fingerprint
from ugc.review import Tags

__all__ = ["FIGURES", "Figures", "leaked", "score", "score_by_language"]

Figures = dict[str, float | int | None]
"""Figures by name; `None` where the file holds nothing to measure them on."""

FIGURES = (
    "n",
    "sentiment accuracy",
    "sentiment macro-F1",
    "sentiment ECE",
    "theme micro-F1",
    "theme macro-F1",
    "theme+polarity micro-F1",
    "theme+polarity macro-F1",
    "theme+touchpoint micro-F1",
    "theme+touchpoint macro-F1",
    "emotions micro-F1",
    "emotions macro-F1",
    "loyalty micro-F1",
    "loyalty macro-F1",
    "contact accuracy",
    "contact macro-F1",
    "effort accuracy",
    "effort macro-F1",
    "repeat accuracy",
    "repeat macro-F1",
    "specific accuracy",
    "specific macro-F1",
)
"""All figures in the order they are printed."""


def _sets(name: str, gold: list[set[object]], predicted: list[set[object]]) -> Figures:
    micro, macro = set_f1(gold, predicted)
    return {f"{name} micro-F1": micro, f"{name} macro-F1": macro}


def _one(name: str, gold: Sequence[object], predicted: Sequence[object]) -> Figures:
    return {f"{name} accuracy": accuracy(gold, predicted), f"{name} macro-F1": macro_f1(gold, predicted)}


def score(reviews: Sequence[Labelled], tags: Sequence[Tags]) -> Figures:
    """Figures at review level: labels of a review form a set, spans are not compared."""
    gold = [review.mentions for review in reviews]
    shown = [one.mentions for one in tags]
    confidence = [max(one.sentiment_probabilities.values(), default=0.0) for one in tags]
    right = [review.sentiment == one.sentiment for review, one in zip(reviews, tags, strict=True)]
    figures: Figures = {
        "n": len(reviews),
        **_one("sentiment", [r.sentiment for r in reviews], [t.sentiment for t in tags]),
        "sentiment ECE": calibration_error(confidence, right),
        **_sets("theme", [{m.theme for m in own} for own in gold], [{m.theme for m in own} for own in shown]),
        **_sets(
            "theme+polarity",
            [{(m.theme, m.polarity) for m in own} for own in gold],
            [{(m.theme, m.polarity) for m in own} for own in shown],
        ),
        **_sets(
            "theme+touchpoint",
            [{(m.theme, m.touchpoint) for m in own} for own in gold],
            [{(m.theme, m.touchpoint) for m in own} for own in shown],
        ),
        **_sets("emotions", [set(r.emotions) for r in reviews], [set(t.emotions) for t in tags]),
        **_sets("loyalty", [set(r.loyalty) for r in reviews], [set(t.loyalty) for t in tags]),
        **_one("contact", [r.contact for r in reviews], [t.contact for t in tags]),
        **_one("effort", [r.effort for r in reviews], [t.effort for t in tags]),
        **_one("repeat", [r.repeat for r in reviews], [t.repeat for t in tags]),
        **_one("specific", [r.specific for r in reviews], [t.specific for t in tags]),
    }
    return {name: figures[name] for name in FIGURES}


def score_by_language(reviews: Sequence[Labelled], tags: Sequence[Tags]) -> dict[str, Figures]:
    """Figures of "all" and of each language of the reviews, the largest first."""
    names = [review.language for review in reviews]
    found = {"all": score(reviews, tags)}
    for name in sorted(set(names), key=lambda one: (-names.count(one), one)):
        own = [i for i, one in enumerate(names) if one == name]
        found[name] = score([reviews[i] for i in own], [tags[i] for i in own])
    return found


def leaked(reviews: Sequence[Labelled], trained: npt.NDArray[np.uint64]) -> list[Labelled]:
    """Reviews whose text was trained on, by the fingerprints of the training texts."""
    own = np.asarray([fingerprint(review.text) for review in reviews], dtype=np.uint64)
    return [review for review, known in zip(reviews, np.isin(own, trained), strict=True) if known]
