"""Where a reader is right and wrong: by theme, what is taken for what, the worst groups, the bins."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from models.evaluation.answers import Answers, Chances
from models.evaluation.metrics import Counts, confusion, counts_by_label
from models.evaluation.score import Figures
from models.labelled import Labelled
from models.labels import THEMES

__all__ = ["ENOUGH", "by_theme", "confusions", "reliability", "worst"]

ENOUGH = 20
"""Reviews from which a language, a domain or a theme that they raise may be called the worst."""

_MAIN = "theme+polarity micro-F1"


def _row(counts: Counts) -> dict[str, float | int | None]:
    """Counts of a label as figures."""
    return {
        "n": counts.n,
        "shown": counts.right + counts.wrong,
        "precision": counts.precision,
        "recall": counts.recall,
        "F1": counts.f1,
    }


def by_theme(reviews: Sequence[Labelled], answers: Answers) -> dict[str, dict[str, float | int | None]]:
    """For each theme the reviews that raise it (n), that are shown to, precision, recall, F1.

    `F1 with polarity` pools the polarities of the theme.
    """
    gold = [{m.theme for m in review.mentions} for review in reviews]
    shown = [{m.theme for m in tags.mentions} for tags in answers.tags]
    plain = counts_by_label(gold, shown, THEMES)
    found = {}
    for theme in THEMES:
        wanted = [{m.polarity for m in review.mentions if m.theme == theme} for review in reviews]
        said = [{m.polarity for m in tags.mentions if m.theme == theme} for tags in answers.tags]
        parts = counts_by_label(wanted, said, ("positive", "negative", "neutral")).values()
        pooled = Counts(
            sum(one.right for one in parts), sum(one.wrong for one in parts), sum(one.missed for one in parts)
        )
        found[theme] = {**_row(plain[theme]), "F1 with polarity": pooled.f1}
    return found


def confusions(reviews: Sequence[Labelled], answers: Answers) -> dict[str, dict[str, dict[str, int]]]:
    """What is taken for what: for sentiment and for contact, labelled by shown."""
    return {
        "sentiment": confusion([r.sentiment for r in reviews], [t.sentiment for t in answers.tags]),
        "contact": confusion([r.contact for r in reviews], [t.contact for t in answers.tags]),
    }


def _lowest(groups: Mapping[str, Figures], figure: str) -> dict[str, Any] | None:
    """The group with the lowest figure among those with enough reviews, or among all."""
    known = {name: own for name, own in groups.items() if own.get(figure) is not None}
    large = {name: own for name, own in known.items() if (own["n"] or 0) >= ENOUGH} or known
    if not large:
        return None
    name = min(large, key=lambda one: (large[one][figure], one))
    return {"name": name, "n": large[name]["n"], figure: large[name][figure]}


def worst(
    by_language: Mapping[str, Figures], by_domain: Mapping[str, Figures], themes: Mapping[str, Figures]
) -> dict[str, dict[str, Any] | None]:
    """The worst language and domain by theme with polarity, and the theme with the lowest F1."""
    return {
        "language": _lowest({name: own for name, own in by_language.items() if name != "all"}, _MAIN),
        "domain": _lowest(by_domain, _MAIN),
        "theme": _lowest(themes, "F1"),
    }


def _bins(p: Sequence[float], right: Sequence[bool], bins: int = 10) -> list[dict[str, float | int]]:
    """Cases, mean probability and share of right ones in each bin that is not empty."""
    place = np.minimum((np.asarray(p, float) * bins).astype(int), bins - 1)
    found: list[dict[str, float | int]] = []
    for number in sorted(set(place.tolist())):
        own = place == number
        mean, share = float(np.asarray(p, float)[own].mean()), float(np.asarray(right, float)[own].mean())
        found.append({"from": number / bins, "n": int(own.sum()), "said": mean, "was": share})
    return found


def reliability(reviews: Sequence[Labelled], answers: Answers) -> dict[str, list[dict[str, float | int]]]:
    """The bins behind the calibration errors: what was said, and how often it was so."""
    found = {}
    pairs = [
        (max(tags.sentiment_probabilities.values()), review.sentiment == tags.sentiment)
        for review, tags in zip(reviews, answers.tags, strict=True)
        if tags.sentiment_probabilities
    ]
    if pairs:
        found["sentiment"] = _bins([p for p, _ in pairs], [right for _, right in pairs])
    if answers.chances is not None and len(reviews):
        chances: Chances = answers.chances
        own = [{mention.theme for mention in review.mentions} for review in reviews]
        there = [[name in one for name in THEMES] for one in own]
        found["theme"] = _bins(chances.ravel().tolist(), np.asarray(there).ravel().tolist())
    return found
