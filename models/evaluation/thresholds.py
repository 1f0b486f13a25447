"""Thresholds of the best F1, chosen on reviews that are not measured."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

__all__ = ["GRID", "best_thresholds"]

GRID = np.arange(0.06, 0.90, 0.02)
"""Thresholds that are tried."""

FEW = 8
"""Labels that occur less often take the common threshold: their own would follow chance."""


def _f1(shown: npt.NDArray[np.bool_], gold: npt.NDArray[np.bool_]) -> float:
    """F1 over all cells of two arrays."""
    return 2 * float((shown & gold).sum()) / max(1.0, float(shown.sum() + gold.sum()))


def best_thresholds(p: npt.NDArray[np.floating], gold: npt.NDArray[np.bool_]) -> npt.NDArray[np.float64]:
    """A threshold a label, half way between the best common one and the label's own best.

    Args:
        p: probabilities (texts, labels).
        gold: whether each label is right, same shape.
    """
    common = max(GRID, key=lambda t: _f1(p >= t, gold))
    found = np.full(p.shape[1], common)
    for column in np.flatnonzero(gold.sum(axis=0) >= FEW):
        own = max(GRID, key=lambda t: _f1(p[:, column] >= t, gold[:, column]))
        found[column] = (common + own) / 2
    return found
