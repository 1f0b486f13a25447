"""Makes the axes of clause vectors from the sample reviews: `python -m benchmarks.vector_axes [FILE]`.

The file is models/axes.npz unless another is named; nothing is written where the same numbers stand
already. For each shipped network, the clauses of at most 250 sample reviews a language (ugc/sample)
are read, the unit vectors of the two depths added, and their middle and first principal axes taken.
The sign of an axis is that of its largest number. It takes about a minute on one core.

Vectors on other axes cannot be compared with those that a lake holds: whoever makes new axes gives
the bundle a new version, so that everything is read again.
"""

from __future__ import annotations

import sys
from pathlib import Path

import numpy as np

from benchmarks.clause_layers import Array, Layers, background, unit
from models import DEFAULT_BUNDLE
from models.bundle import open_bundle
from models.tagger import Tagger
from models.vectors import AXES, DIMENSIONS

__all__ = ["both", "made", "principal"]

Stored = dict[str, np.ndarray]
"""Arrays by the names that `models.vectors` reads them by."""


def both(layers: Array) -> Array:
    """The two depths of layers (1 + count, clauses, size) in one vector a clause, before the axes."""
    found: Array = unit(layers[(len(layers) - 1) // 2]) + unit(layers[-2])
    return found


def principal(vectors: Array, dimensions: int = DIMENSIONS) -> tuple[Array, Array]:
    """The first principal axes (dimensions, size) of vectors, and their middle (size,)."""
    middle = vectors.mean(axis=0)
    _, _, turned = np.linalg.svd(vectors - middle, full_matrices=False)
    axes = turned[:dimensions]
    largest = np.abs(axes).argmax(axis=1)
    return axes * np.sign(axes[np.arange(len(axes)), largest])[:, None], middle


def made() -> Stored:
    """Axes and middle for the network of each profile of the shipped bundle."""
    found: Stored = {}
    for profile in open_bundle(DEFAULT_BUNDLE).profiles:
        layers = Layers(Tagger.load(threads=1, profile=profile))
        axes, middle = principal(both(background(layers)))
        found[f"axes{layers.count}"] = axes.astype(np.float16)
        found[f"mean{layers.count}"] = middle.astype(np.float16)
    return found


def main() -> None:
    """Writes the file, or says that it stays as it is."""
    path = Path(sys.argv[1]) if len(sys.argv) > 1 else AXES
    new = made()
    if path.exists():
        with np.load(path) as held:
            far = {
                name: float(np.abs(held[name].astype(np.float32) - new[name]).max())
                for name in new
                if name in held and held[name].shape == new[name].shape
            }
        if far.keys() == new.keys() and not any(far.values()):
            print(f"{path} holds these numbers already.")
            return
        print(f"Largest difference from {path}: {max(far.values(), default=float('nan')):.2g}")
    np.savez_compressed(path, **new)  # type: ignore[arg-type]
    print(f"Written: {path}")


if __name__ == "__main__":
    main()
