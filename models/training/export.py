"""Exports the network to an eight-bit ONNX graph for one window a run.

The settings that keep its answers: the exporter based on tracing (`dynamo=False`), plain attention,
dynamic quantisation per channel with signed weights, on the raw graph. The heads and the pooling
stay in single precision: they are small, and what they read is not.
"""

from __future__ import annotations

import logging
import tempfile
import warnings
from pathlib import Path

import numpy as np
import onnx
import torch
from onnxruntime.quantization import QuantType, quantize_dynamic
from torch import Tensor, nn

from models.onnx_reader import OUTPUTS
from models.training.network import Network

__all__ = ["export"]


class _OneWindow(nn.Module):
    """The network over one window without padding."""

    def __init__(self, network: Network) -> None:
        super().__init__()
        self.network = network

    def forward(self, ids: Tensor, pool: Tensor) -> tuple[Tensor, ...]:
        """Logits in the order of OUTPUTS, without the axis of the batch."""
        logits = self.network(ids, torch.ones_like(ids), pool.unsqueeze(0))
        return tuple(logits[name][0] for name in OUTPUTS)


def _outside_encoder(path: Path) -> list[str]:
    """Names of the nodes that multiply matrices outside the encoder."""
    graph = onnx.load(path, load_external_data=False).graph
    return [
        node.name
        for node in graph.node
        if node.op_type in ("MatMul", "Gemm") and "/encoder/encoder/" not in node.name
    ]


def export(network: Network, path: Path) -> None:
    """Writes the quantised graph of a network to a file."""
    network.eval()
    ids = torch.from_numpy(np.arange(5, 29, dtype=np.int64)[None, :] % 20 + 3)
    pool = torch.full((3, 24), 1 / 24)
    with tempfile.TemporaryDirectory() as folder:
        raw = Path(folder) / "raw.onnx"
        with warnings.catch_warnings(), torch.no_grad():
            warnings.simplefilter("ignore")
            torch.onnx.export(
                _OneWindow(network),
                (ids, pool),
                str(raw),
                input_names=["ids", "pool"],
                output_names=list(OUTPUTS),
                dynamic_axes={"ids": {1: "tokens"}, "pool": {0: "clauses", 1: "tokens"}}
                | {name: {0: "clauses"} for name in OUTPUTS[:3]},
                opset_version=17,
                dynamo=False,
            )
        logging.getLogger().setLevel(logging.ERROR)
        quantize_dynamic(
            str(raw),
            str(path),
            weight_type=QuantType.QInt8,
            per_channel=True,
            nodes_to_exclude=_outside_encoder(raw),
            extra_options={"DefaultTensorType": onnx.TensorProto.FLOAT},
        )
