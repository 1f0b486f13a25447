"""What a clause means, as a short vector, out of the same run of the network that tags it.

The vectors of two depths, the middle of the encoder and its last layer but one, are averaged over the
tokens of a clause, brought to length one and added; the fixed axes of `axes.npz` turn the sum into
DIMENSIONS numbers. The middle knows words, the end knows opinions; benchmarks/vectors.py measures that
the two together find the same reason better than either. A span takes the mean of the clauses that it
touches, weighted by shared characters, and is rounded to one signed byte a dimension: only its
direction counts.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from models.graph_outputs import nodes
from ugc.text.clauses import Clause

__all__ = ["AXES", "DIMENSIONS", "Depths", "depths", "meaning", "of_spans"]

Array = npt.NDArray[np.float32]

DIMENSIONS = 128
"""Numbers, and so bytes, of a vector."""

AXES = Path(__file__).with_name("axes.npz")
"""For each number of layers N that has axes of its own: `axesN` (DIMENSIONS, size) and `meanN` (size,),
the principal axes of the clauses of the sample reviews and their middle."""


class Depths(NamedTuple):
    """How many layers an encoder has, and the names of its token vectors at the two depths."""

    layers: int
    names: tuple[str, str]


def depths(model: bytes) -> Depths | None:
    """Where the token vectors in the middle of a graph's encoder and before its last layer are found.

    Every layer of the encoder, however it was trained and exported, ends with a normalisation and has
    one before its wide part; the embedding is normalised first. `None` when the graph is not so: it
    can tag, but gives no vectors.
    """
    try:
        norms = [one.outputs[0] for one in nodes(model) if one.kind == "LayerNormalization" and one.outputs]
    except ValueError:
        return None
    ends = norms[::2]
    if len(norms) % 2 == 0 or len(ends) < 3:
        return None
    layers = len(ends) - 1
    return Depths(layers, (ends[layers // 2], ends[-2]))


@cache
def _axes(layers: int, size: int) -> tuple[Array, Array]:
    """Axes and middle for an encoder: its own where they are known, else orthogonal ones by chance."""
    with np.load(AXES) as held:
        if f"axes{layers}" in held and held[f"axes{layers}"].shape[1] == size:
            return held[f"axes{layers}"].astype(np.float32), held[f"mean{layers}"].astype(np.float32)
    drawn = np.random.default_rng(0).standard_normal((max(size, DIMENSIONS), DIMENSIONS))
    return np.linalg.qr(drawn)[0].T[:, :size].astype(np.float32), np.zeros(size, np.float32)


def meaning(both: Array, layers: int) -> Array:
    """Clause vectors (clauses, DIMENSIONS) from those of the two depths (2, clauses, size).

    A clause without a token of its own gets zeros.
    """
    # Every review passes here: einsum takes less than half the time of numpy's own norm.
    lengths = np.sqrt(np.einsum("dcs,dcs->dc", both, both))[:, :, None]
    axes, middle = _axes(layers, both.shape[2])
    first, second = both / np.maximum(lengths, 1e-9)
    turned: Array = (first + second - middle) @ axes.T
    turned[(lengths == 0).any(axis=0)[:, 0]] = 0
    return turned


def of_spans(
    clauses: Sequence[Clause], vectors: Array, spans: Sequence[tuple[int, int]]
) -> list[bytes | None]:
    """One vector a span as signed bytes; `None` for a span that touches no clause with a token."""
    starts = np.asarray([one.start for one in clauses])
    ends = np.asarray([one.end for one in clauses])
    found: list[bytes | None] = []
    for start, end in spans:
        shared = np.maximum(np.minimum(ends, end) - np.maximum(starts, start), 0)
        mixed = shared.astype(np.float32) @ vectors
        largest = np.abs(mixed).max(initial=0)
        if largest == 0:
            found.append(None)
        else:
            found.append(np.round(mixed * (127 / largest)).astype(np.int8).tobytes())
    return found
