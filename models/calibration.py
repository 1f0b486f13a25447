"""From the logits of encoder and sparse evidence to calibrated probabilities.

For each head: logit = dense·d + sparse·s + bias, with d, s and the biases fitted on the development
split by likelihood (Platt's scaling with two inputs); then a sigmoid (themes, emotions, loyalty,
repeat, specific) or a softmax (the others). The polarity of a clause leans on the sentiment of the
whole review: see `leaning`.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from models.labels import CLAUSE_HEADS, REVIEW_HEADS
from models.merge import Logits

__all__ = ["EXCLUSIVE", "LEAN", "Calibration", "Mix", "leaning", "sigmoid", "softmax"]

Array = npt.NDArray[np.float32]

EXCLUSIVE = frozenset({"polarity", "touchpoint", "sentiment", "contact", "effort"})
"""Heads whose labels exclude one another."""

LEAN = 0.2
"""Weight of the review's sentiment in the polarity of its clauses."""


def sigmoid(x: Array) -> Array:
    """Logistic function."""
    return np.asarray(1 / (1 + np.exp(-np.clip(x, -40, 40))), np.float32)


def softmax(x: Array) -> Array:
    """Softmax over the last axis."""
    shifted = np.exp(x - x.max(axis=-1, keepdims=True))
    return np.asarray(shifted / shifted.sum(axis=-1, keepdims=True), np.float32)


def leaning(sentiment: Array) -> Array:
    """What the sentiment of a review adds to the polarity logits of its clauses, (polarities,).

    Args:
        sentiment: probabilities of positive, negative, mixed and neutral, in the order of the labels.
    """
    positive, negative, mixed, neutral = np.maximum(sentiment, 1e-3)
    return np.asarray(LEAN * np.log([positive, negative, mixed + neutral]), np.float32)


@dataclass(frozen=True, slots=True)
class Mix:
    """Weights of the two kinds of evidence for one head, and a bias a label."""

    dense: float
    sparse: float
    bias: tuple[float, ...]


@dataclass(frozen=True, slots=True)
class Calibration:
    """A mix for every head."""

    mixes: dict[str, Mix]

    @classmethod
    def plain(cls) -> Calibration:
        """The encoder alone, as it comes: where calibration starts."""
        heads = {**CLAUSE_HEADS, **REVIEW_HEADS, "polarity": 3}
        return cls({head: Mix(1.0, 0.0, (0.0,) * width) for head, width in heads.items()})

    @classmethod
    def from_manifest(cls, entry: dict[str, Any]) -> Calibration:
        """Reads what `to_manifest` wrote; `KeyError` or `TypeError` when it is not that."""
        return cls(
            {head: Mix(float(m["dense"]), float(m["sparse"]), tuple(m["bias"])) for head, m in entry.items()}
        )

    def to_manifest(self) -> dict[str, Any]:
        """A form for JSON."""
        return {
            head: {
                "dense": round(m.dense, 5),
                "sparse": round(m.sparse, 5),
                "bias": [round(b, 5) for b in m.bias],
            }
            for head, m in self.mixes.items()
        }

    def apply(self, dense: Logits, sparse: Logits, doubt: float = 1.0) -> Logits:
        """Probabilities by head. `doubt` above one flattens them (languages that were not trained)."""
        logits: Logits = {}
        for head, mix in self.mixes.items():
            other = sparse[head][..., None, :] if head == "polarity" else sparse[head]
            mixed = dense[head] * mix.dense + other * mix.sparse + np.asarray(mix.bias, np.float32)
            logits[head] = (mixed / doubt).astype(np.float32)
        if "polarity" in logits:
            logits["polarity"] = logits["polarity"] + leaning(softmax(logits["sentiment"]))
        return {head: softmax(x) if head in EXCLUSIVE else sigmoid(x) for head, x in logits.items()}
