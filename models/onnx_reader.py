"""Runs the encoder and its heads by onnxruntime.

Dynamic quantisation scales activations over all that is in one run, so each window is a run of its
own, without padding, on one thread: its answer cannot depend on neighbours, order or thread count.
Several runs go side by side on as many threads as are allowed.
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import onnxruntime
from onnxruntime.capi.onnxruntime_pybind11_state import (
    Fail,
    InvalidArgument,
    InvalidGraph,
    InvalidProtobuf,
    NoSuchFile,
)
from onnxruntime.capi.onnxruntime_pybind11_state import NotImplemented as NotImplemented_

from models.labels import CLAUSE_HEADS, REVIEW_HEADS
from models.merge import Logits
from models.reading import Window
from ugc.errors import ModelError

__all__ = ["OUTPUTS", "OnnxReader"]

OUTPUTS = (*CLAUSE_HEADS, *REVIEW_HEADS)
"""Names of the graph's outputs, in order; its inputs are `ids` (1, tokens) and `pool` (clauses, tokens)."""


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
            self._session = onnxruntime.InferenceSession(
                str(path), options, providers=["CPUExecutionProvider"]
            )
        except (Fail, InvalidArgument, InvalidGraph, InvalidProtobuf, NoSuchFile, NotImplemented_) as error:
            # onnxruntime's errors share no class of their own.
            raise ModelError(
                f"The graph {path} cannot be read: {str(error)[:200]}",
                "Restore the bundle, or name another by --model or UGC_MODEL.",
            ) from error
        self.threads = threads or os.cpu_count() or 1

    def _answer(self, window: Window) -> Logits:
        values = self._session.run(list(OUTPUTS), {"ids": window.ids[None, :], "pool": window.pool})
        return dict(zip(OUTPUTS, values, strict=True))

    def answer(self, windows: Sequence[Window]) -> list[Logits]:
        """Logits of each window, in order: clause heads (clauses, …), review heads (width,)."""
        if self.threads == 1 or len(windows) == 1:
            return [self._answer(window) for window in windows]
        # The longest first, so that no thread is left with a long one at the end.
        order = sorted(range(len(windows)), key=lambda i: -len(windows[i].ids))
        found: list[Logits] = [{} for _ in windows]
        with ThreadPoolExecutor(self.threads) as pool:
            for i, answer in zip(order, pool.map(self._answer, (windows[i] for i in order)), strict=True):
                found[i] = answer
        return found
