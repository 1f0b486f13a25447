"""Losses with masks: a target that nobody annotated (NaN, -1) trains nothing."""

from __future__ import annotations

import torch
from torch import Tensor
from torch.nn import functional

__all__ = ["WEIGHTS", "binary", "distribution", "total"]

WEIGHTS = {
    "theme": 1.0,
    "polarity": 0.5,
    "touchpoint": 0.4,
    "sentiment": 1.0,
    "emotions": 0.5,
    "contact": 0.5,
    "loyalty": 0.3,
    "effort": 0.3,
    "flags": 0.2,
}
"""Weight of each loss in the sum."""

_CLAUSES_A_REVIEW = 5.0


def binary(logits: Tensor, targets: Tensor) -> Tensor:
    """Sum of binary cross-entropies over the known targets (0, 1 or a share)."""
    known = ~torch.isnan(targets)
    return functional.binary_cross_entropy_with_logits(logits.float()[known], targets[known], reduction="sum")


def distribution(logits: Tensor, shares: Tensor) -> Tensor:
    """Sum of cross-entropies against shares over rows that are known; the last axis holds the labels."""
    known = ~torch.isnan(shares).any(-1)
    return -(shares[known] * logits.float()[known].log_softmax(-1)).sum()


def total(logits: dict[str, Tensor], targets: dict[str, Tensor], size: int) -> Tensor:
    """Weighted loss of a batch, divided by its number of texts."""
    chosen = targets["polarity"] >= 0
    polarity = functional.cross_entropy(
        logits["polarity"].float()[chosen], targets["polarity"][chosen], reduction="sum"
    )
    flags = torch.cat([logits["repeat"], logits["specific"]], -1)
    parts = {
        "theme": binary(logits["theme"], targets["theme"]) / _CLAUSES_A_REVIEW,
        "polarity": polarity / _CLAUSES_A_REVIEW,
        "touchpoint": distribution(logits["touchpoint"], targets["touchpoint"]) / _CLAUSES_A_REVIEW,
        "sentiment": distribution(logits["sentiment"], targets["sentiment"]),
        "emotions": binary(logits["emotions"], targets["emotions"]),
        "contact": distribution(logits["contact"], targets["contact"]),
        "loyalty": binary(logits["loyalty"], targets["loyalty"]),
        "effort": distribution(logits["effort"], targets["effort"]),
        "flags": binary(flags, targets["flags"]),
    }
    return torch.stack([WEIGHTS[name] * part for name, part in parts.items()]).sum() / size
