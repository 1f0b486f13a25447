"""Sparse evidence: logistic regressions over hashed n-grams of a clause and of the whole review.

They know words that the encoder blurs (names of things, rare words), the encoder knows what they
miss (context, other wordings); their logits are added with weights chosen on the development split.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from models import ngrams
from models.labels import POLARITIES, REVIEW_HEADS, THEMES, TOUCHPOINTS

__all__ = ["CLAUSE_COLUMNS", "REVIEW_COLUMNS", "Evidence", "Table"]

Array = npt.NDArray[np.float32]

CLAUSE_COLUMNS: dict[str, int] = {
    "theme": len(THEMES),
    "polarity": len(POLARITIES),
    "touchpoint": len(TOUCHPOINTS),
}
"""Heads of the clause table; its polarity is that of the clause, whatever the theme."""

REVIEW_COLUMNS = REVIEW_HEADS
"""Heads of the review table."""


@dataclass(frozen=True, slots=True)
class Table:
    """One linear model: the bins it knows, their inverse document frequencies and its weights.

    `weights` are eight-bit, to be multiplied by `scales` (one a column); `bias` one a column.
    """

    bins: npt.NDArray[np.uint32]
    idf: Array
    weights: npt.NDArray[np.int8]
    scales: Array
    bias: Array

    def arrays(self, prefix: str) -> dict[str, npt.NDArray[np.generic]]:
        """Its arrays by name, to be saved."""
        fields = ("bins", "idf", "weights", "scales", "bias")
        return {f"{prefix}_{name}": getattr(self, name) for name in fields}


class _Scorer:
    """A table made ready for many texts."""

    def __init__(self, table: Table) -> None:
        self._column = np.full(ngrams.BINS, -1, dtype=np.int32)
        self._column[table.bins] = np.arange(len(table.bins), dtype=np.int32)
        self._idf = table.idf.astype(np.float32)
        self._weights = table.weights.astype(np.float32) * table.scales
        self._bias = table.bias

    def logits(self, rows: npt.NDArray[np.int64], bins: npt.NDArray[np.int64], count: int) -> Array:
        """Logits (texts, columns) of `count` texts from the n-grams that `ngrams.hashed` gives."""
        columns = self._column[bins]
        known = columns >= 0
        # Bins that the table does not know go before anything is sorted and counted.
        own = ngrams.tally(rows[known], columns[known].astype(np.int64), (count, len(self._idf)))
        return np.asarray(ngrams.scale(own, self._idf) @ self._weights + self._bias, dtype=np.float32)


def _by_head(logits: Array, columns: dict[str, int]) -> dict[str, Array]:
    """Logits cut into heads."""
    edges = np.cumsum(list(columns.values()))[:-1]
    return dict(zip(columns, np.split(logits, edges, axis=1), strict=True))


class Evidence:
    """The tables of a bundle."""

    def __init__(self, clause: Table, review: Table) -> None:
        self._clause = _Scorer(clause)
        self._review = _Scorer(review)

    @classmethod
    def load(cls, path: Path) -> Evidence:
        """Reads the file that `save` wrote; `OSError`, `ValueError` or `KeyError` when it is not one."""
        # Opened here: numpy leaves a damaged file open.
        with path.open("rb") as file, np.load(file, allow_pickle=False) as stored:
            tables = [
                Table(*(stored[f"{prefix}_{name}"] for name in ("bins", "idf", "weights", "scales", "bias")))
                for prefix in ("clause", "review")
            ]
        return cls(*tables)

    @staticmethod
    def save(path: Path, clause: Table, review: Table) -> None:
        """Writes both tables to a compressed file."""
        arrays: dict[str, Any] = clause.arrays("clause") | review.arrays("review")
        np.savez_compressed(path, **arrays)

    def clauses(self, texts: Sequence[str]) -> dict[str, Array]:
        """Logits of clauses by head, (clauses, width)."""
        return _by_head(self._clause.logits(*ngrams.hashed(texts), len(texts)), CLAUSE_COLUMNS)

    def reviews(self, texts: Sequence[str]) -> dict[str, Array]:
        """Logits of reviews by head, (reviews, width)."""
        return _by_head(self._review.logits(*ngrams.hashed(texts), len(texts)), REVIEW_COLUMNS)
