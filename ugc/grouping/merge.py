"""Reasons that say the same: the smaller one is merged into the larger."""

from __future__ import annotations

from ugc.grouping.assign import Floats

__all__ = ["SAME", "alike", "matched"]

SAME = 0.65
"""Cosine of two centroids of a cell from which on they are one reason."""


def alike(centroids: Floats, least: float = SAME) -> list[int]:
    """For each centroid, in order of weight, the number of the one that takes it in, or its own.

    A centroid goes to the nearest of those before it that stay; so there are no chains.
    """
    into: list[int] = []
    likeness = centroids @ centroids.T
    for place in range(len(centroids)):
        stay = [one for one in range(place) if into[one] == one and likeness[place, one] >= least]
        into.append(max(stay, key=lambda one: (likeness[place, one], -one)) if stay else place)
    return into


def matched(new: Floats, old: Floats, least: float = SAME) -> dict[int, int]:
    """New centroids that are old ones again: number of the new → number of the old, one to one.

    The nearest pair is matched first, down to a cosine of `least`.
    """
    if not len(new) or not len(old):
        return {}
    likeness = new @ old.T
    pairs = sorted(
        ((float(likeness[i, j]), i, j) for i in range(len(new)) for j in range(len(old))),
        key=lambda one: (-one[0], one[1], one[2]),
    )
    found: dict[int, int] = {}
    for value, i, j in pairs:
        if value >= least and i not in found and j not in found.values():
            found[i] = j
    return found
