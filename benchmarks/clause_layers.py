"""Clause vectors of every layer of the shipped networks, and the sample reviews that they are taken from."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np
import numpy.typing as npt
import onnxruntime

from models.graph_outputs import nodes, with_outputs
from models.onnx_reader import SLOWER_FUSED
from models.tagger import Tagger
from ugc.text.clauses import Clause, split
from ugc.text.language import detect

__all__ = ["LANGUAGES", "SAMPLE", "Array", "Layers", "background", "sample", "unit"]

Array = npt.NDArray[np.float32]

SAMPLE = Path(__file__).parents[1] / "ugc" / "sample"
"""The reviews that ship with the project."""

LANGUAGES = ("ru", "en", "pl")
MOST = 250
"""Reviews of the sample a language, at most."""


class Layers:
    """Pooled clause vectors of every layer, from one run a text; layer 0 is the embedding."""

    def __init__(self, tagger: Tagger) -> None:
        """Opens the network of the tagger's profile once more, with the ends of its layers as outputs."""
        self._tagger = tagger
        graph = tagger.bundle.graph
        model = graph.read_bytes()
        norms = [node.outputs[0] for node in nodes(model) if node.kind == "LayerNormalization"]
        self._names = norms[::2]
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = options.inter_op_num_threads = 1
        options.log_severity_level = 3
        options.add_session_config_entry(
            "session.model_external_initializers_file_folder_path", str(graph.resolve().parent)
        )
        self._session = onnxruntime.InferenceSession(
            with_outputs(model, self._names),
            options,
            providers=["CPUExecutionProvider"],
            disabled_optimizers=SLOWER_FUSED,
        )

    @property
    def count(self) -> int:
        """Layers of the encoder, the embedding not among them."""
        return len(self._names) - 1

    def of(self, text: str, clauses: Sequence[Clause]) -> Array:
        """Vectors (1 + count, clauses, size); zeros for clauses beyond the first window."""
        window = self._tagger.reading(text, clauses).windows[0]
        hidden = self._session.run(self._names, {"ids": window.ids[None], "pool": window.pool})
        pooled = np.stack([window.pool @ one.reshape(len(window.ids), -1) for one in hidden])
        full = np.zeros((len(hidden), len(clauses), pooled.shape[2]), np.float32)
        full[:, list(window.clauses)] = pooled
        return full


def sample(most: int = MOST) -> Iterator[tuple[str, str]]:
    """Language and text of reviews of the sample, at most so many a language, always the same ones."""
    given: Counter[str] = Counter()
    for path in sorted(SAMPLE.glob("*.jsonl")):
        for line in path.read_text(encoding="utf-8").splitlines():
            text = json.loads(line)["text"]
            language = detect(text)
            given[language] += 1
            if language in LANGUAGES and given[language] <= most:
                yield language, text


def background(layers: Layers) -> Array:
    """Vectors (1 + count, clauses, size) of the clauses of the sample, those without a token left out."""
    found = []
    for language, text in sample():
        clauses = split(text, language)
        if clauses:
            values = layers.of(text, clauses)
            found.append(values[:, values[0].any(axis=1)])
    return np.concatenate(found, axis=1)


def unit(vectors: Array) -> Array:
    """Vectors of length one."""
    lengths = np.linalg.norm(vectors, axis=1, keepdims=True)
    found: Array = (vectors / np.maximum(lengths, 1e-9)).astype(np.float32)
    return found
