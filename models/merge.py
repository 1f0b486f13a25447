"""The written rule that joins the answers of several windows into one for the review.

- Clause heads: the window that owns the clause answers; a clause longer than a window gets the mean
  of its windows' logits, weighted by owned tokens.
- Heads with one value (sentiment, contact, effort) and `specific`: the mean of the windows' logits,
  weighted by owned tokens, because the whole text decides.
- The vectors of a clause (MEANING): as clause heads; zeros for a clause without a token.
- Heads that name what occurs anywhere (emotions, loyalty, repeat): the largest logit of any window.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from models.labels import CLAUSE_HEADS, REVIEW_HEADS
from models.reading import Reading

__all__ = ["ANYWHERE", "MEANING", "Logits", "merge"]

MEANING = "meaning"
"""Key under which the clause vectors of two depths (2, clauses, size) stand beside the logits."""

Logits = dict[str, npt.NDArray[np.float32]]
"""Logits by head: clause heads (clauses, …), review heads (width,)."""

ANYWHERE = frozenset({"emotions", "loyalty", "repeat"})
"""Review heads that take the largest logit over the windows."""


def merge(reading: Reading, answers: Sequence[Logits]) -> Logits:
    """Joins the answers of a reading's windows, given in the order of the windows."""
    merged: Logits = {}
    for head in CLAUSE_HEADS:
        shape = answers[0][head].shape[1:]
        total = np.zeros((reading.n_clauses, *shape), np.float32)
        weight = np.zeros(reading.n_clauses, np.float32)
        for window, answer in zip(reading.windows, answers, strict=True):
            rows, owned = np.asarray(window.clauses), np.asarray(window.owned, np.float32)
            total[rows] += answer[head] * owned.reshape(-1, *([1] * len(shape)))
            weight[rows] += owned
        # A clause without a token of its own (only characters the tokeniser drops) raises nothing.
        nothing = -20.0 if head == "theme" else 0.0
        divisor = np.maximum(weight, 1).reshape(-1, *([1] * len(shape)))
        empty = (weight == 0).reshape(-1, *([1] * len(shape)))
        merged[head] = np.where(empty, np.float32(nothing), total / divisor)
    if all(MEANING in answer for answer in answers):
        merged[MEANING] = _meaning(reading, answers)
    weights = np.asarray([window.weight for window in reading.windows], np.float32)
    for head in REVIEW_HEADS:
        stacked = np.stack([answer[head] for answer in answers])
        if head in ANYWHERE:
            merged[head] = stacked.max(axis=0)
        else:
            merged[head] = (stacked * weights[:, None]).sum(axis=0) / weights.sum()
    return merged


def _meaning(reading: Reading, answers: Sequence[Logits]) -> npt.NDArray[np.float32]:
    """Clause vectors of both depths (2, clauses, size), weighted by owned tokens."""
    depth, rows_held, size = answers[0][MEANING].shape
    if len(answers) == 1 and rows_held == reading.n_clauses:
        return answers[0][MEANING]
    total = np.zeros((depth, reading.n_clauses, size), np.float32)
    weight = np.zeros(reading.n_clauses, np.float32)
    for window, answer in zip(reading.windows, answers, strict=True):
        rows, owned = list(window.clauses), np.asarray(window.owned, np.float32)
        total[:, rows] += answer[MEANING] * owned[:, None]
        weight[rows] += owned
    mean: npt.NDArray[np.float32] = (total / np.maximum(weight, 1)[:, None]).astype(np.float32)
    return mean
