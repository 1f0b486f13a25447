"""Mentions to the nearest kept centroid: vectors within a cell of theme and polarity.

All clauses of a cell resemble each other in what makes the cell, its theme and its mood, and all that
are in one language in what makes the language. So the middle of the cell in that language is taken away
before they are compared; what is left is what sets one reason apart from the next. A few dimensions spread
much more than the others, for mood and manner of speech; so each is divided by a power of its own spread.
Middles and spreads are taken once, when a cell is first grouped, and kept with its centroids as its frame:
a point lies where it lay, however many mentions come later.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from ugc.grouping.lemmas import LANGUAGES

__all__ = [
    "CHUNK",
    "Cell",
    "Floats",
    "Whole",
    "decode",
    "frame",
    "middles",
    "nearest",
    "pack",
    "points",
    "spreads",
    "unit",
    "unpack",
]

Floats = npt.NDArray[np.float32]
Whole = npt.NDArray[np.int64]

FEW = 20
"""Clauses that the middle of the cell counts for in that of a language."""

EVEN = 0.8
"""Power of a dimension's spread by which it is divided: at 0 spreads stay as they are, at 1 all are equal."""

FEW_SPREAD = 200
"""Clauses that a spread common to all dimensions counts for in that of each."""

CHUNK = 16_384
"""Mentions that are compared with the centroids at once."""


@dataclass(frozen=True, eq=False)
class Cell:
    """The kept reasons of one theme and polarity."""

    frame: Floats
    """(1 + languages + 1, dimensions), as `frame` gave it when the cell was first grouped."""
    ids: tuple[str, ...]
    centroids: Floats
    """(reasons, dimensions), of unit length, measured from the middle."""


def unit(rows: Floats) -> Floats:
    """Rows of length one; a row of zeros stays one."""
    lengths = np.linalg.norm(rows, axis=-1, keepdims=True)
    return np.asarray(rows / np.where(lengths > 0, lengths, 1), np.float32)


def decode(vectors: Sequence[bytes]) -> Floats:
    """Unit vectors (clauses, dimensions) from their bytes, one signed byte a dimension.

    Raises:
        ValueError: they differ in length.
    """
    if not vectors:
        return np.zeros((0, 0), np.float32)
    joined = np.frombuffer(b"".join(vectors), np.int8)
    if any(len(one) != len(vectors[0]) for one in vectors):
        raise ValueError("vectors of one model differ in length")
    return unit(joined.reshape(len(vectors), -1).astype(np.float32))


def middles(vectors: Floats, languages: Sequence[str | None]) -> Floats:
    """The middles of a cell: of all its unit vectors, then of those in each of LANGUAGES.

    With few clauses the middle of a language is drawn to that of the cell: (n·mean + FEW·whole) / (n + FEW).
    """
    whole = vectors.mean(axis=0)
    spoken = np.asarray([one or "" for one in languages])
    found = [whole]
    for language in LANGUAGES:
        own = vectors[spoken == language]
        found.append((own.sum(axis=0) + FEW * whole) / (len(own) + FEW))
    return np.asarray(found, np.float32)


def _less(vectors: Floats, languages: Sequence[str | None], centres: Floats) -> Floats:
    """Vectors less the middle of their language."""
    rows = [LANGUAGES.index(one) + 1 if one in LANGUAGES else 0 for one in languages]
    return np.asarray(vectors - centres[rows], np.float32)


def spreads(cells: Iterable[tuple[Floats, Sequence[str | None]]]) -> Floats | None:
    """How far the unit vectors of all cells lie from their middles in each dimension; `None` without any.

    The root of the mean square; with few clauses each is drawn to that of all dimensions, which counts
    for FEW_SPREAD clauses.
    """
    count, squares = 0, None
    for vectors, languages in cells:
        away = (_less(vectors, languages, middles(vectors, languages)) ** 2).sum(axis=0)
        count, squares = count + len(vectors), away if squares is None else squares + away
    if squares is None or not squares.any():
        return None
    common = squares.mean() / count
    return np.asarray(np.sqrt((squares + FEW_SPREAD * common) / (count + FEW_SPREAD)), np.float32)


def frame(vectors: Floats, languages: Sequence[str | None], spread: Floats | None) -> Floats:
    """What points of a cell are measured by: its middles and, as the last row, the spreads."""
    even = np.ones(vectors.shape[1], np.float32) if spread is None else spread
    return np.concatenate([middles(vectors, languages), even[None, :]])


def points(vectors: Floats, languages: Sequence[str | None], by: Floats) -> Floats:
    """Unit vectors as points of a cell, measured by its frame, of unit length again."""
    return unit(_less(vectors, languages, by[:-1]) / by[-1] ** EVEN)


def pack(centroid: Floats, by: Floats) -> bytes:
    """A centroid and, behind it, the frame of its cell, as float32 little-endian."""
    return np.concatenate([centroid[None, :], by]).astype("<f4").tobytes()


def unpack(ids: Sequence[str], packed: Sequence[bytes]) -> Cell:
    """The kept reasons of a cell from what `pack` made of them; there must be one at least.

    Raises:
        ValueError: they differ in length.
    """
    rows = np.stack([np.frombuffer(one, "<f4").astype(np.float32) for one in packed])
    parts = rows.reshape(len(rows), len(LANGUAGES) + 3, -1)
    return Cell(parts[0, 1:], tuple(ids), parts[:, 0])


def nearest(found: Floats, centroids: Floats, least: float) -> tuple[Whole, Floats]:
    """For each point the number of its nearest centroid, −1 where none is near enough, and how near.

    Args:
        found: (mentions, dimensions), as `points` gives them.
        centroids: (reasons, dimensions), of unit length.
        least: cosine from which on a mention belongs to a reason.
    """
    places = np.full(len(found), -1, np.int64)
    near = np.zeros(len(found), np.float32)
    if not len(centroids):
        return places, near
    for start in range(0, len(found), CHUNK):
        likeness = found[start : start + CHUNK] @ centroids.T
        best = likeness.argmax(axis=1)
        value = np.take_along_axis(likeness, best[:, None], axis=1)[:, 0]
        near[start : start + CHUNK] = value
        places[start : start + CHUNK] = np.where(value >= least, best, -1)
    return places, near
