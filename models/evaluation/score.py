"""Scores of tags against labelled reviews, for all and by language.

Everything is at review level: the labels of a review form a set, spans are not compared.

`sentiment ECE` is the expected calibration error of the probability of the sentiment that is shown,
over ten bins of equal width. `theme ECE` is the same over all pairs of a review and one of the
fifteen themes: the probability that the review raises the theme (`models.evaluation.answers.any_clause`)
against whether people labelled it. Most pairs lie near zero, where it is easy to be right, so the
figure is small by nature; `theme ECE, doubtful` takes only the pairs between 0.1 and 0.9.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from models.evaluation.answers import Chances
from models.evaluation.metrics import accuracy, calibration_error, macro_f1, set_f1
from models.labelled import Labelled, fingerprint
from models.labels import THEMES
from ugc.review import Tags

__all__ = ["DOUBTFUL", "FIGURES", "Figures", "leaked", "score", "score_by", "score_by_language"]

DOUBTFUL = (0.1, 0.9)
"""Probabilities between which a theme is neither plainly there nor plainly not."""

Figures = dict[str, float | int | None]
"""Figures by name; `None` where the file holds nothing to measure them on."""

FIGURES = (
    "n",
    "sentiment accuracy",
    "sentiment macro-F1",
    "sentiment ECE",
    "theme micro-F1",
    "theme macro-F1",
    "theme ECE",
    "theme ECE, doubtful",
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


def _theme_errors(reviews: Sequence[Labelled], chances: Chances | None) -> Figures:
    """Calibration errors of the themes; `None` for a reader that gives no probabilities."""
    if chances is None:
        return {"theme ECE": None, "theme ECE, doubtful": None}
    own = [{mention.theme for mention in review.mentions} for review in reviews]
    there = np.asarray([[name in one for name in THEMES] for one in own], bool).ravel()
    p = np.asarray(chances, np.float64).ravel()
    doubtful = (p >= DOUBTFUL[0]) & (p <= DOUBTFUL[1])
    return {
        "theme ECE": calibration_error(p.tolist(), there.tolist()),
        "theme ECE, doubtful": calibration_error(p[doubtful].tolist(), there[doubtful].tolist()),
    }


def _sentiment_error(reviews: Sequence[Labelled], tags: Sequence[Tags]) -> float | None:
    """Calibration error of the sentiment; `None` for a reader that gives no probabilities."""
    if not any(one.sentiment_probabilities for one in tags):
        return None
    confidence = [max(one.sentiment_probabilities.values(), default=0.0) for one in tags]
    right = [review.sentiment == one.sentiment for review, one in zip(reviews, tags, strict=True)]
    return calibration_error(confidence, right)


def score(reviews: Sequence[Labelled], tags: Sequence[Tags], chances: Chances | None = None) -> Figures:
    """Figures of tags at review level.

    Args:
        reviews: what people labelled.
        tags: what a reader says of them, in the same order.
        chances: probability that each review raises each theme, where the reader gives it.
    """
    gold = [review.mentions for review in reviews]
    shown = [one.mentions for one in tags]
    figures: Figures = {
        "n": len(reviews),
        **_one("sentiment", [r.sentiment for r in reviews], [t.sentiment for t in tags]),
        "sentiment ECE": _sentiment_error(reviews, tags),
        **_sets("theme", [{m.theme for m in own} for own in gold], [{m.theme for m in own} for own in shown]),
        **_theme_errors(reviews, chances),
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


def score_by(
    reviews: Sequence[Labelled],
    tags: Sequence[Tags],
    groups: Sequence[str],
    chances: Chances | None = None,
) -> dict[str, Figures]:
    """Figures of each group of reviews, the largest first; `groups` names the group of each review."""
    found = {}
    for name in sorted(set(groups), key=lambda one: (-groups.count(one), one)):
        own = [i for i, one in enumerate(groups) if one == name]
        found[name] = score(
            [reviews[i] for i in own], [tags[i] for i in own], chances[own] if chances is not None else None
        )
    return found


def score_by_language(
    reviews: Sequence[Labelled], tags: Sequence[Tags], chances: Chances | None = None
) -> dict[str, Figures]:
    """Figures of "all" and of each language of the reviews, the largest first."""
    languages = [review.language for review in reviews]
    return {"all": score(reviews, tags, chances), **score_by(reviews, tags, languages, chances)}


def leaked(reviews: Sequence[Labelled], trained: npt.NDArray[np.uint64]) -> list[Labelled]:
    """Reviews whose text was trained on, by the fingerprints of the training texts."""
    own = np.asarray([fingerprint(review.text) for review in reviews], dtype=np.uint64)
    return [review for review, known in zip(reviews, np.isin(own, trained), strict=True) if known]
