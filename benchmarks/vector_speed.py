"""What vectors cost beside the tags: `python -m benchmarks.vector_speed [ROUNDS]`.

A round takes about ten seconds. REVIEWS reviews of the sample are tagged by two taggers in turn, on
one thread: by the shipped bundle, which gives vectors, and by a copy of it with one node more, in
whose graph the layers are not found, so that it does no work for them. Both are opened anew each
round: two sessions of one graph differ by more than a hundredth, as their memory happens to lie.
Counted is the processor's time of the reading; printed are the medians.
"""

from __future__ import annotations

import shutil
import statistics
import sys
import tempfile
import time
from itertools import islice
from pathlib import Path

from benchmarks.clause_layers import sample
from models import DEFAULT_BUNDLE
from models.graph_outputs import nodes
from models.tagger import Tagger

__all__ = ["lengthened", "opaque"]

REVIEWS = 300
ROUNDS = 10
WARM = 20
"""Reviews that a tagger has read before its time counts."""


def _field(number: int, content: bytes) -> bytes:
    """A field of a message, of less than 16,384 bytes."""
    size = len(content)
    if size >= 1 << 14:
        raise ValueError(f"{size} bytes are too many for a field.")
    return bytes((number << 3 | 2, size & 0x7F | 0x80, size >> 7)) + content


def lengthened(model: bytes) -> bytes:
    """A graph with one normalisation more, whose result nobody reads: no encoder that is known."""
    norm = next(one for one in nodes(model) if one.kind == "LayerNormalization")
    said = [*((1, name) for name in norm.inputs), (2, "read by nobody"), (4, norm.kind)]
    node = b"".join(_field(number, text.encode()) for number, text in said)
    return model + _field(7, _field(1, node))


def opaque(folder: Path) -> Path:
    """A copy of the shipped bundle in a new folder: it tags alike and gives no vectors."""
    shutil.copytree(DEFAULT_BUNDLE, folder)
    graph = folder / "model.onnx"
    graph.write_bytes(lengthened(graph.read_bytes()))
    return folder


def main() -> None:
    """Measures and prints the medians and what they differ by."""
    rounds = int(sys.argv[1]) if len(sys.argv) > 1 else ROUNDS
    texts = [text for _, text in islice(sample(REVIEWS), REVIEWS)]
    spent: dict[str, list[float]] = {"with vectors": [], "without": []}
    with tempfile.TemporaryDirectory() as folder:
        bundles = {"with vectors": DEFAULT_BUNDLE, "without": opaque(Path(folder) / "bundle")}
        for turn in range(rounds):
            # Whoever comes second finds a warmer processor: they take turns in that too.
            for name in sorted(spent, reverse=turn % 2 == 1):
                tagger = Tagger.load(bundles[name], threads=1)
                tagger.tag_with_vectors(texts[:WARM])
                began = time.process_time()
                tagger.tag_with_vectors(texts)
                spent[name].append(time.process_time() - began)
    medians = {name: statistics.median(values) for name, values in spent.items()}
    for name, median in medians.items():
        print(f"{name:14s} {median:.3f} s ({min(spent[name]):.3f} to {max(spent[name]):.3f})")
    pairs = zip(spent["with vectors"], spent["without"], strict=True)
    more = statistics.median(one / other for one, other in pairs) - 1
    print(f"{len(texts)} reviews, {rounds} rounds: {more:+.1%} (median of the rounds)")


if __name__ == "__main__":
    main()
