"""Losses with masks: a target that nobody annotated (NaN) trains nothing."""

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


def binary(logits: Tensor, targets: Tensor, weight: Tensor) -> Tensor:
    """Sum of binary cross-entropies over the known targets (0, 1 or a share), weighted by row."""
    known = ~torch.isnan(targets)
    each = functional.binary_cross_entropy_with_logits(
        logits.float()[known], targets[known], reduction="none"
    )
    return (each * _spread(weight, targets)[known]).sum()


def distribution(logits: Tensor, shares: Tensor, weight: Tensor) -> Tensor:
    """Sum of cross-entropies against shares over rows that are known; the last axis holds the labels."""
    known = ~torch.isnan(shares).any(-1)
    each = -(shares[known] * logits.float()[known].log_softmax(-1)).sum(-1)
    return (each * _spread(weight, shares[..., 0])[known]).sum()


def _spread(weight: Tensor, like: Tensor) -> Tensor:
    """Weights of the rows in the shape of the targets."""
    return weight.reshape(-1, *([1] * (like.dim() - 1))).expand_as(like)


def total(logits: dict[str, Tensor], targets: dict[str, Tensor], size: int) -> Tensor:
    """Weighted loss of a batch, divided by its number of texts."""
    weight = targets["weight"]
    flags = torch.cat([logits["repeat"], logits["specific"]], -1)
    parts = {
        "theme": binary(logits["theme"], targets["theme"], weight) / _CLAUSES_A_REVIEW,
        "polarity": distribution(logits["polarity"], targets["polarity"], weight) / _CLAUSES_A_REVIEW,
        "touchpoint": distribution(logits["touchpoint"], targets["touchpoint"], weight) / _CLAUSES_A_REVIEW,
        "sentiment": distribution(logits["sentiment"], targets["sentiment"], weight),
        "emotions": binary(logits["emotions"], targets["emotions"], weight),
        "contact": distribution(logits["contact"], targets["contact"], weight),
        "loyalty": binary(logits["loyalty"], targets["loyalty"], weight),
        "effort": distribution(logits["effort"], targets["effort"], weight),
        "flags": binary(flags, targets["flags"], weight),
    }
    return torch.stack([WEIGHTS[name] * part for name, part in parts.items()]).sum() / size
