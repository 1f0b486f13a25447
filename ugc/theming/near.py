"""What is like the examples of a theme: how much falls in at each threshold, and what lies at its edge."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from ugc.theming.compared import compared

if TYPE_CHECKING:
    from ugc.lake import Snapshot
    from ugc.theming.measure import Measure

__all__ = ["MOST", "Clause", "Near", "near"]

MOST = 100_000
"""Clauses that are kept, the most like; no threshold can be chosen that more of them would meet."""

SUGGESTED = 0.46
"""Likeness with which to begin: the threshold that is best on the whole for clauses typed as examples of
concrete reasons (benchmarks/own_themes.py). For each theme another one is best: hence the looking."""

FEW = 3
"""Clauses that there should be to look at on the inner side of the threshold to begin with."""

_LOWEST, _HIGHEST = 0.2, 0.95

Floats = npt.NDArray[np.float32]
Whole = npt.NDArray[np.int32]


@dataclass(frozen=True)
class Clause:
    """A clause of a review, characters `start` to `end` of its text, and how like the examples it is."""

    review_id: str
    start: int
    end: int
    likeness: float


@dataclass(frozen=True, eq=False)
class Near:
    """The clauses that are most like the examples, the most like first.

    Attributes:
        looked: clauses compared.
        likeness: that of each.
        keys: a number for each that is the same for clauses of one review.
        clauses: those of reviews that are no near duplicates, to be looked at.
    """

    looked: int
    likeness: Floats
    keys: Whole
    clauses: tuple[Clause, ...]

    @property
    def steps(self) -> tuple[float, ...]:
        """Thresholds that can be chosen, in hundredths, the lowest first."""
        least = float(self.likeness[-1]) if self.looked > len(self.likeness) else _LOWEST
        lowest = min(max(_LOWEST, np.ceil(least * 100) / 100), _HIGHEST)
        return tuple(step / 100 for step in range(round(lowest * 100), round(_HIGHEST * 100) + 1))

    @property
    def suggested(self) -> float:
        """A threshold to begin with: SUGGESTED, or lower where fewer than FEW clauses would fall in."""
        if not len(self.likeness):
            return max(SUGGESTED, self.steps[0])
        few = float(self.likeness[min(FEW, len(self.likeness)) - 1])
        return max(min(SUGGESTED, int(few * 100) / 100), self.steps[0])

    def _count(self, threshold: float) -> int:
        """How many of the clauses kept are at least so like."""
        return int(np.searchsorted(-self.likeness, np.float32(-threshold), side="right"))

    def mentions(self, threshold: float) -> int:
        """Clauses that fall in."""
        return self._count(threshold)

    def reviews(self, threshold: float) -> int:
        """Reviews that they are in."""
        return len(np.unique(self.keys[: self._count(threshold)]))

    def nearest(self, count: int) -> tuple[Clause, ...]:
        """The clauses that are most like the examples."""
        return self.clauses[:count]

    def inside(self, threshold: float, count: int) -> tuple[Clause, ...]:
        """The clauses that just fall in, the least like first."""
        found = [one for one in self.clauses if one.likeness >= np.float32(threshold)]
        return tuple(found[: -count - 1 : -1])

    def outside(self, threshold: float, count: int) -> tuple[Clause, ...]:
        """The clauses that just stay out, the most like first."""
        return tuple(one for one in self.clauses if one.likeness < np.float32(threshold))[:count]


def near(snapshot: Snapshot, measure: Measure) -> Near:
    """Compares all clauses with examples; those that are of the theme already are left out.

    Raises:
        LakeError: files of this state are gone or damaged.
    """
    looked = 0
    likeness, keys = np.zeros(0, np.float32), np.zeros(0, np.int32)
    spans = np.zeros((0, 2), np.int32)
    firsts, ids = np.zeros(0, np.bool_), np.zeros(0, object)
    for rows, like in compared(snapshot, measure):
        looked += rows.num_rows
        likeness = np.concatenate([likeness, like])
        keys = np.concatenate([keys, rows["key"].to_numpy()])
        spans = np.concatenate([spans, np.stack([rows["start"].to_numpy(), rows["end"].to_numpy()], 1)])
        firsts = np.concatenate([firsts, rows["first"].to_numpy(zero_copy_only=False)])
        ids = np.concatenate([ids, rows["review_id"].to_numpy(zero_copy_only=False)])
        if len(likeness) > 2 * MOST:
            best = np.argpartition(-likeness, MOST)[:MOST]
            likeness, keys, spans, firsts, ids = (
                likeness[best],
                keys[best],
                spans[best],
                firsts[best],
                ids[best],
            )
    # What is equally like stands in the order of the lake's own names, whatever order the files are in.
    order = np.lexsort((spans[:, 0], ids.astype(str), -likeness))[:MOST]
    clauses = tuple(
        Clause(str(ids[at]), int(spans[at, 0]), int(spans[at, 1]), float(likeness[at]))
        for at in order
        if firsts[at]
    )
    return Near(looked, likeness[order], keys[order], clauses)
