"""Exports the network to an ONNX graph for one window a run.

The encoder is written node by node with eight-bit weights (`encoder_graph`), the heads are traced
from `Network.read`, so that they are whatever the network says. `models.onnx_weights` tells how the
weights lie in the graph and reads them back. The embeddings of words, half of the bytes, go to a
file of their own, which a second, smaller network over the same words can share.
"""

from __future__ import annotations

import hashlib
import json
import tempfile
import warnings
from pathlib import Path

import onnx
import torch
from onnx import TensorProto, helper, numpy_helper
from torch import Tensor, nn

from models.onnx_reader import OUTPUTS
from models.onnx_weights import DIGEST, EMBEDDINGS, PARAMETERS
from models.training.encoder_graph import Builder, write_encoder
from models.training.network import Network
from ugc.errors import ModelError

__all__ = ["export"]

_ROOT = "network."
_LARGE = 1024
"""Values from which on a matrix of the heads is kept in eight bits."""

_ALIGNMENT = 4096
"""Tensors in the file of embeddings begin at a multiple of this, so that it can be mapped to memory."""


class _Heads(nn.Module):
    """The heads over the token vectors of one window."""

    def __init__(self, network: Network) -> None:
        super().__init__()
        self.network = network

    def forward(self, hidden: Tensor, pool: Tensor) -> tuple[Tensor, ...]:
        """Logits in the order of OUTPUTS, without the axis of the batch."""
        present = torch.ones(1, hidden.shape[0], dtype=torch.int64)
        logits = self.network.read(hidden.unsqueeze(0), present, pool.unsqueeze(0))
        return tuple(logits[name][0] for name in OUTPUTS)


def _trace_heads(network: Network) -> onnx.GraphProto:
    """The graph of the heads: inputs `hidden` (tokens, size) and `pool`; parameters keep their names."""
    size = int(network.encoder.config.hidden_size)  # type: ignore[union-attr, arg-type]
    inputs = (torch.linspace(-1, 1, 24 * size).reshape(24, size), torch.full((3, 24), 1 / 24))
    # The exporter gives a module back in the mode it came in, and a new one comes in training.
    heads = _Heads(network).eval()
    with tempfile.TemporaryDirectory() as folder, warnings.catch_warnings(), torch.no_grad():
        warnings.simplefilter("ignore")
        path = Path(folder) / "heads.onnx"
        torch.onnx.export(
            heads,
            inputs,
            str(path),
            input_names=["hidden", "pool"],
            output_names=list(OUTPUTS),
            dynamic_axes={"hidden": {0: "tokens"}, "pool": {0: "clauses", 1: "tokens"}},
            opset_version=17,
            do_constant_folding=False,
            dynamo=False,
        )
        return onnx.load(path).graph


def _add_heads(build: Builder, network: Network, hidden: str) -> None:
    """Adds the traced heads over the token vectors named `hidden`."""
    graph = _trace_heads(network)
    for one in graph.initializer:
        name = one.name.removeprefix(_ROOT)
        values = numpy_helper.to_array(one)
        if values.ndim == 2 and values.size >= _LARGE:
            integers, scales = build.rows(name, values)
            # onnxruntime multiplies these out once, when it opens the graph.
            whole = build.node("Cast", integers, to=TensorProto.FLOAT)
            build.nodes.append(helper.make_node("Mul", [whole, scales], [name], name=f"heads/{name}"))
        else:
            build.plain(name, values)
    for node in graph.node:
        node.input[:] = [hidden if name == "hidden" else name.removeprefix(_ROOT) for name in node.input]
        node.output[:] = [name.removeprefix(_ROOT) for name in node.output]
        if node.op_type == "Identity" and node.input[0] in build.places:
            # The exporter keeps equal parameters once.
            build.places[node.output[0]] = build.places[node.input[0]]
        build.nodes.append(node)


def _set_apart(build: Builder) -> bytes:
    """Makes the embeddings of words point into their file; what belongs there comes back."""
    content = b""
    for name, tensor in build.initialisers.items():
        if ".word_embeddings." not in name:
            continue
        content += b"\0" * (-len(content) % _ALIGNMENT)
        place = {"location": EMBEDDINGS, "offset": len(content), "length": len(tensor.raw_data)}
        content += tensor.raw_data
        tensor.ClearField("raw_data")
        tensor.data_location = TensorProto.EXTERNAL
        for key, value in place.items():
            tensor.external_data.add(key=key, value=str(value))
    return content


def _check_others(path: Path, digest: str) -> None:
    """Raises `ModelError` when another graph of the folder reads embeddings with another hash."""
    for other in sorted(path.parent.glob("*.onnx")):
        entries = onnx.load(other, load_external_data=False).metadata_props
        wanted = {entry.value for entry in entries if entry.key == DIGEST}
        if other.name != path.name and wanted - {digest}:
            raise ModelError(
                f"{other} reads other embeddings of words than the network to be written.",
                "Write them into different folders, or train both over the same frozen embeddings.",
            )


def export(network: Network, path: Path) -> None:
    """Writes the eight-bit graph of a network to a file, and EMBEDDINGS into the same folder.

    Graphs of one folder share EMBEDDINGS, so their networks must have the same embeddings of words.

    Args:
        network: encoder and heads.
        path: where the graph goes; the name of the file is free.

    Raises:
        ModelError: the encoder is of a kind that cannot be exported, or another graph of the folder
            reads other embeddings.
    """
    network.eval()
    build = Builder()
    _add_heads(build, network, write_encoder(build, network.encoder, "ids"))
    content = _set_apart(build)
    digest = hashlib.sha256(content).hexdigest()
    _check_others(path, digest)
    inputs = [
        helper.make_tensor_value_info("ids", TensorProto.INT64, [1, "tokens"]),
        helper.make_tensor_value_info("pool", TensorProto.FLOAT, ["clauses", "tokens"]),
    ]
    outputs = [helper.make_tensor_value_info(name, TensorProto.FLOAT, None) for name in OUTPUTS]
    graph = helper.make_graph(build.nodes, "network", inputs, outputs, list(build.initialisers.values()))
    domains = [helper.make_opsetid("", 17), helper.make_opsetid("com.microsoft", 1)]
    model = helper.make_model(graph, opset_imports=domains, ir_version=8, producer_name="ugc")
    helper.set_model_props(
        model, {PARAMETERS: json.dumps(build.places, separators=(",", ":")), DIGEST: digest}
    )
    (path.parent / EMBEDDINGS).write_bytes(content)
    path.write_bytes(model.SerializeToString())
