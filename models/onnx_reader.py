"""Runs the encoder and its heads by onnxruntime.

Dynamic quantisation scales activations over all that is in one run, so each window is a run of its
own, without padding, on one thread: its answer cannot depend on neighbours, order or thread count.
Several runs go side by side on as many threads as are allowed, the caller's own among them.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path

import numpy as np
import onnxruntime
from onnxruntime.capi.onnxruntime_pybind11_state import (
    Fail,
    InvalidArgument,
    InvalidGraph,
    InvalidProtobuf,
    NoSuchFile,
)
from onnxruntime.capi.onnxruntime_pybind11_state import NotImplemented as NotImplemented_

from models.graph_outputs import with_outputs
from models.labels import CLAUSE_HEADS, REVIEW_HEADS
from models.merge import MEANING, Logits
from models.reading import Window
from models.vectors import depths
from ugc.errors import ModelError

__all__ = ["OUTPUTS", "SLOWER_FUSED", "Crew", "OnnxReader"]

OUTPUTS = (*CLAUSE_HEADS, *REVIEW_HEADS)
"""Names of the graph's outputs, in order; its inputs are `ids` (1, tokens) and `pool` (clauses, tokens)."""

SLOWER_FUSED = ("SkipLayerNormFusion", "BiasSkipLayerNormFusion")
"""Fusions that are left out: their kernel for CPUs takes longer than the nodes it replaces."""


class OnnxReader:
    """One session of a graph, safe for several threads."""

    def __init__(self, path: Path, threads: int | None = None) -> None:
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = 1
        options.inter_op_num_threads = 1
        options.execution_mode = onnxruntime.ExecutionMode.ORT_SEQUENTIAL
        options.log_severity_level = 3
        # Windows differ in length: a memory pattern for each would only pile up.
        options.enable_mem_pattern = False
        try:
            content = path.read_bytes() if path.is_file() else b""
            self._depths = depths(content)
            source: str | bytes = str(path)
            if self._depths:
                # A graph from memory does not know its folder, where the embeddings of words lie.
                options.add_session_config_entry(
                    "session.model_external_initializers_file_folder_path", str(path.resolve().parent)
                )
                source = with_outputs(content, list(self._depths.names))
            self._session = onnxruntime.InferenceSession(
                source, options, providers=["CPUExecutionProvider"], disabled_optimizers=SLOWER_FUSED
            )
        except (Fail, InvalidArgument, InvalidGraph, InvalidProtobuf, NoSuchFile, NotImplemented_) as error:
            # onnxruntime's errors share no class of their own.
            raise ModelError(
                f"The graph {path} cannot be read: {str(error)[:200]}",
                "Restore the bundle, or name another by --model or UGC_MODEL.",
            ) from error
        self.threads = threads or os.cpu_count() or 1

    def run(self, window: Window) -> Logits:
        """Logits of one window: clause heads (clauses, …), review heads (width,).

        Under MEANING stand the clause vectors of two depths (2, clauses, size), where the graph has them.
        """
        wanted = [*OUTPUTS, *(self._depths.names if self._depths else ())]
        values = self._session.run(wanted, {"ids": window.ids[None, :], "pool": window.pool})
        logits = dict(zip(OUTPUTS, values, strict=False))
        if self._depths:
            first, second = (one.reshape(len(window.ids), -1) for one in values[len(OUTPUTS) :])
            pooled = np.empty((2, len(window.pool), first.shape[1]), np.float32)
            np.matmul(window.pool, first, out=pooled[0])
            np.matmul(window.pool, second, out=pooled[1])
            logits[MEANING] = pooled
        return logits

    @property
    def gives_vectors(self) -> bool:
        """Whether the graph is of a kind whose clause vectors are found."""
        return self._depths is not None

    @property
    def layers(self) -> int:
        """Layers of the encoder, 0 where they are not found."""
        return self._depths.layers if self._depths else 0

    @contextmanager
    def crew(self) -> Iterator[Crew]:
        """Threads that answer windows in the background, one fewer than are allowed: the caller helps.

        What has not been begun when the context is left is dropped.
        """
        if self.threads == 1:
            yield Crew(self, None)
            return
        helpers = ThreadPoolExecutor(self.threads - 1, thread_name_prefix="reader")
        try:
            yield Crew(self, helpers)
        finally:
            helpers.shutdown(wait=True, cancel_futures=True)

    def answer(self, windows: Sequence[Window]) -> list[Logits]:
        """Logits of each window, in order."""
        with self.crew() as crew:
            return crew.begin(windows)()


class Crew:
    """Answers windows while the caller does something else. Made by `OnnxReader.crew`."""

    def __init__(self, reader: OnnxReader, helpers: ThreadPoolExecutor | None) -> None:
        self._reader = reader
        self._helpers = helpers

    def begin(self, windows: Sequence[Window]) -> Callable[[], list[Logits]]:
        """Hands windows to the helpers; calling what comes back gives their logits, in order.

        That call takes over what the helpers have not reached yet.
        """
        if self._helpers is None:
            return lambda: [self._reader.run(window) for window in windows]
        # The longest first, so that no thread is left with a long one at the end.
        order = sorted(range(len(windows)), key=lambda i: -len(windows[i].ids))
        begun = [(i, self._helpers.submit(self._reader.run, windows[i])) for i in order]
        return lambda: self._finish(windows, begun)

    def _finish(self, windows: Sequence[Window], begun: list[tuple[int, Future[Logits]]]) -> list[Logits]:
        """All answers: what can still be called back from the helpers is answered here, from the end."""
        found = {i: self._reader.run(windows[i]) for i, future in reversed(begun) if future.cancel()}
        found |= {i: future.result() for i, future in begun if i not in found}
        return [found[i] for i in range(len(windows))]
