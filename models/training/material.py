"""The texts of a training run: labelled reviews by split, and public texts by kind."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from models.labelled import read_labelled
from models.training.data import Splits, split_labels, unseen
from models.training.fit import Plan
from models.training.further import FURTHER, mark, read_further
from models.training.public_sets import Partial
from ugc.errors import InputError

__all__ = ["KINDS", "Material", "gather"]

KINDS = ("reviews", "emotion", "contact")
"""Kinds of public texts, in the order in which `Plan.sizes` counts them."""

LONGEST = {"reviews": 1_200, "emotion": 500, "contact": 500}
"""Characters of a public text: longer ones cost more time than they teach."""

_KEPT = {
    "goemotions": 0.3,
    "polemo_hotels": 0.4,
    "polemo_medicine": 0.35,
    "sentirueval15_banks": 0.5,
    "sentirueval15_telecoms": 0.5,
    "mams": 0.6,
    "semeval16_laptop": 0.6,
    "semeval16_rest": 0.6,
}
"""Part of a large set that is taken, so that single sentences and tweets do not outnumber reviews."""

_RARE = frozenset({"surprise", "anxiety", "sadness", "gratitude", "disappointment"})
"""Emotions whose texts are all kept."""


@dataclass(frozen=True, slots=True)
class Material:
    """All texts of a training run."""

    splits: Splits
    public: dict[str, list[Partial]]
    """By kind, in the order in which the epochs take them; empty without a folder of public sets."""

    def trained_on(self) -> list[tuple[str, str]]:
        """Text and set of everything that shapes the bundle, the development split included."""
        labelled = [*self.splits.train, *self.splits.development]
        return [(r.text, r.set) for r in labelled] + [
            (row.text, row.set) for rows in self.public.values() for row in rows
        ]


def _taken(rows: Sequence[Partial], kind: str, size: int, seed: int) -> list[Partial]:
    """The part of a kind that all epochs together take, in a random order."""
    dice = np.random.default_rng([seed, KINDS.index(kind)])
    kept = [
        row
        for row in rows
        if len(row.text) < LONGEST[kind]
        and (dice.random() < _KEPT.get(row.set, 1.0) or any(row.emotions.get(e) for e in _RARE))
    ]
    return [kept[i] for i in dice.permutation(len(kept))[:size]]


def gather(labels: Path, data: Path | None, plan: Plan) -> Material:
    """Reads labels and public sets, splits and deduplicates.

    With a folder of public sets, the labels of ours for texts of those sets join the training split.

    Raises:
        InputError: a file cannot be read, or there is too little.
    """
    reviews = read_labelled(labels)
    splits = split_labels(reviews)
    if len(splits.train) < 8 or not splits.development:
        raise InputError(
            f"{labels.name} leaves {len(splits.train)} reviews to train on and "
            f"{len(splits.development)} to choose thresholds on.",
            "Give some hundred labelled reviews; a tenth each goes to development and measurement.",
        )
    if data is None:
        return Material(splits, {})
    public = unseen(data, reviews)
    further = read_further(public["reviews"]) if FURTHER.is_file() else []
    splits.train.extend(further)
    known = {mark(review.text) for review in further}
    public["reviews"] = [row for row in public["reviews"] if mark(row.text) not in known]
    sizes = dict(zip(KINDS, plan.sizes, strict=True))
    return Material(
        splits,
        {kind: _taken(rows, kind, sizes[kind] * plan.epochs, plan.seed) for kind, rows in public.items()},
    )
