"""New reasons among mentions that belong to none yet.

Ward's hierarchy of a bounded sample is cut into more groups than are wanted; each then keeps only what
lies near its middle (spherical k-means that turns away what is far), groups that say the same are put
together, and those that are small, or whose members do not resemble each other, are given up. Nothing is
drawn by chance: the same points in the same order give the same groups.

Sources
    Ward J. H. (1963) Hierarchical grouping to optimize an objective function. JASA 58, 236-244.
    Dhillon I. S., Modha D. S. (2001) Concept decompositions for large sparse text data using
        clustering. Machine Learning 42, 143-175 (spherical k-means).
"""

from __future__ import annotations

import numpy as np

from ugc.grouping.assign import Floats, Whole, nearest, unit
from ugc.grouping.merge import alike

__all__ = ["LEAST", "MOST", "SAMPLE", "open_groups", "smallest"]

SAMPLE = 2_000
"""Mentions of a cell among which its first reasons are sought."""

MOST = 60
"""Reasons of a cell that are sought at once; with fewer, several things fall into one."""

LEAST = 0.41
"""Cosine from which on a mention belongs to a reason."""

CLOSE = 0.09
"""Mean cosine of two mentions of a reason when it is opened."""

ROUNDS = 6
"""Times that mentions go to the nearest middle and the middles are taken anew."""

FEWEST = 4
SHARE = 0.004
"""A reason is said at least FEWEST times, and in this share of the cell."""


def smallest(mentions: int) -> int:
    """Mentions that a reason needs in a cell of so many."""
    return max(FEWEST, int(np.ceil(SHARE * mentions)))


def _ward(found: Floats, groups: int) -> Floats:
    """Middles of at most so many groups of Ward's hierarchy."""
    from scipy.cluster.hierarchy import fcluster, linkage

    labels = fcluster(linkage(found, "ward"), groups, "maxclust")
    return unit(np.stack([found[labels == one].mean(axis=0) for one in np.unique(labels)]))


def _middles(found: Floats, places: Whole, count: int) -> tuple[Floats, Whole]:
    """Middles of the groups that have members, and the number of members of each."""
    sizes = np.bincount(places[places >= 0], minlength=count)
    held = np.flatnonzero(sizes)
    if not len(held):
        return found[:0], np.zeros(0, np.int64)
    return unit(np.stack([found[places == one].mean(axis=0) for one in held])), sizes[held]


def open_groups(found: Floats, *, fewest: int, most: int = MOST, least: float = LEAST) -> Floats:
    """Centroids of the reasons among points of a cell: (reasons, dimensions), the most said first.

    Args:
        found: (mentions, dimensions), as `ugc.grouping.assign.points` gives them; at most SAMPLE.
        fewest: members that a reason must have among them.
        most: reasons that are wanted at most.
        least: cosine from which on a mention belongs to a reason.
    """
    if len(found) < fewest or not len(found):
        return found[:0]
    centroids = found[:1] if len(found) == 1 else _ward(found, min(2 * most, max(1, len(found) // fewest)))
    for step in range(ROUNDS):
        places, _ = nearest(found, centroids, least)
        centroids, sizes = _middles(found, places, len(centroids))
        order = np.argsort(-sizes, kind="stable")
        centroids, sizes = centroids[order], sizes[order]
        # Loose starts find their members in the first rounds; only then is it known who is small.
        if step >= 1:
            kept = sizes >= fewest
            centroids, sizes = centroids[kept], sizes[kept]
            into = alike(centroids)
            centroids = centroids[[place for place, end in enumerate(into) if end == place]]
        if not len(centroids):
            break
    return _close(found, centroids, least, fewest)[:most]


def _close(found: Floats, centroids: Floats, least: float, fewest: int) -> Floats:
    """The centroids whose members resemble each other, and not only the middle that they make themselves.

    Four points of which none resembles another lie at a cosine of 0.5 to their own middle. So what is
    looked at is the mean cosine of two different members: (|sum|² − n) / n (n − 1).
    """
    places, _ = nearest(found, centroids, least)
    kept = []
    for place in range(len(centroids)):
        own = found[places == place]
        count = len(own)
        if count >= fewest and (
            count < 2 or (float((own.sum(axis=0) ** 2).sum()) - count) / (count * (count - 1)) >= CLOSE
        ):
            kept.append(place)
    return centroids[kept]
