"""Reasons found in a sample of a cell: the first ones, further ones, all of them anew."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from math import ceil
from typing import Any

import numpy as np

from ugc.grouping.assign import Cell, Floats, Whole, decode, frame, nearest, pack, points, spreads
from ugc.grouping.merge import SAME, matched
from ugc.grouping.open import MOST, open_groups, smallest
from ugc.grouping.reading import Key, Sampled

__all__ = ["FoundReason", "anew", "first", "further", "spread"]

STRICT = 0.5
"""Cosine within a reason that is opened later: what no reason took for long is looked at more strictly."""


SHORTEST, LONGEST = 12, 200
"""Characters of a mention that may open a reason; shorter and longer ones may still belong to one."""


@dataclass(frozen=True, eq=False)
class FoundReason:
    """A reason with its id and centroid, before it has a name."""

    id: str
    key: Key
    centroid: Floats
    frame: Floats

    def row(self, now: datetime, opened: datetime | None = None) -> dict[str, Any]:
        """It as a row of REASONS, opened now unless it was `opened` before."""
        return {
            "id": self.id,
            **self.key._asdict(),
            "centroid": pack(self.centroid, self.frame),
            "members": 0,
            "opened_at": opened or now,
            "updated_at": now,
        }


def _id(key: Key, seed: dict[str, Any], taken: set[str]) -> str:
    """Id of a new reason, from the mention in its middle: the same reviews give the same id."""
    said = "\t".join([*key, seed["review_id"], str(seed["start"]), str(seed["end"])])
    count = 0
    while True:
        one = hashlib.sha256(f"{said}\t{count}".encode()).hexdigest()[:12]
        if one not in taken:
            taken.add(one)
            return one
        count += 1


def _telling(drawn: Sampled) -> Whole:
    """Numbers of the mentions that may open a reason: neither a word or two nor half a story."""
    lengths = np.asarray([row["end"] - row["start"] for row in drawn.rows])
    return np.flatnonzero((lengths >= SHORTEST) & (lengths <= LONGEST))


def _found(
    key: Key, drawn: Sampled, at: Floats, centroids: Floats, by: Floats, taken: set[str]
) -> list[FoundReason]:
    """Centroids as reasons with ids."""
    return [
        FoundReason(_id(key, drawn.rows[int((at @ centroid).argmax())], taken), key, centroid, by)
        for centroid in centroids
    ]


def spread(drawn: Iterable[Sampled]) -> Floats | None:
    """Spreads of the dimensions over samples of cells that one model gave vectors to."""
    return spreads((decode(one.vectors), one.languages) for one in drawn)


def first(key: Key, drawn: Sampled, even: Floats | None, taken: set[str]) -> list[FoundReason]:
    """The first reasons of a cell, from a sample of all its mentions; ids are added to `taken`.

    Args:
        key: the cell.
        drawn: the sample.
        even: spreads of the dimensions, `None` to leave them as they are.
        taken: ids that are given.
    """
    vectors = decode(drawn.vectors)
    by = frame(vectors, drawn.languages, even)
    at = points(vectors, drawn.languages, by)
    centroids = open_groups(at[_telling(drawn)], fewest=smallest(len(at)))
    return _found(key, drawn, at, centroids, by, taken)


def further(
    key: Key, left: Sampled, cell: Cell, taken: set[str], *, mentions: int, unassigned: int, new: int = 0
) -> list[FoundReason]:
    """Reasons that have come up among what belongs to none: as large as a first one, and unlike the others.

    Args:
        key: the cell.
        left: a sample of what belongs to no reason.
        cell: its kept reasons.
        taken: ids that are given.
        mentions: mentions of the cell.
        unassigned: those of them that belong to no reason.
        new: those that could not be looked at.
    """
    at = points(decode(left.vectors), left.languages, cell.frame)
    fewest = max(2, ceil(smallest(mentions - new) * len(at) / max(unassigned, 1)))
    centroids = open_groups(at[_telling(left)], fewest=fewest, most=MOST, least=STRICT)
    if not len(centroids):
        return []
    places, _ = nearest(centroids, cell.centroids, SAME)
    return _found(key, left, at, centroids[places < 0], cell.frame, taken)


def anew(
    key: Key,
    drawn: Sampled,
    even: Floats | None,
    cell: Cell | None,
    old: dict[str, dict[str, Any]],
    taken: set[str],
) -> tuple[list[FoundReason], list[dict[str, Any]]]:
    """All reasons of a cell from scratch, and the old rows that are merged into them.

    A new reason takes the id of the old one that it matches, as far as they lie alike.
    """
    found = first(key, drawn, even, taken)
    if cell is None or not found:
        return found, []
    centroids = [one.centroid for one in found]
    new = np.stack(centroids)
    pairs = matched(new, cell.centroids, SAME)
    named = [
        FoundReason(cell.ids[pairs[place]], key, one.centroid, one.frame) if place in pairs else one
        for place, one in enumerate(found)
    ]
    again = {one.id for one in named}
    near, _ = nearest(cell.centroids, new, -1.0)
    retired = [
        old[one] | {"merged_into": named[int(place)].id, "centroid": pack(new[int(place)], found[0].frame)}
        for one, place in zip(cell.ids, near, strict=True)
        if one not in again
    ]
    return named, retired
