"""Writes the forward pass of a BERT encoder as an ONNX graph of few, plain nodes.

A window comes alone and without padding, so there is no mask, no batch and no shape to compute:
tokens are the rows of a matrix. What makes it quick on a CPU (figures in the training README):

- query, key and value are one matrix product; the factor of attention is part of its product;
- linear layers are `DynamicQuantizeMatMul` over signed eight-bit weights, a scale for each output;
- the residual sum and the normalisation after it stay two nodes: onnxruntime's fused node for them
  is slower than both.

And what keeps its answers: in a few channels the tokens that frame a text carry values ten times
as large as any other's, and one scale for the whole window would leave four bits for the rest.
- Before query, key, value and before the wide layer such channels are divided by a power of two and
  their weights multiplied by it (after Xiao et al., "SmoothQuant", arXiv:2211.10438).
- After the wide layer each token has a scale of its own.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt
import onnx
import torch
from onnx import TensorProto, helper, numpy_helper
from torch import nn

from ugc.errors import ModelError

__all__ = ["Builder", "write_encoder"]

Array = npt.NDArray[np.float32]

_CONTRIB = "com.microsoft"
_FIRST_POSITION = {"bert": 0, "roberta": 1, "xlm-roberta": 1}
"""Kinds of encoders that can be written; 1 where positions count from the padding token's id."""

_LOUD = {"attention.self": 2.0, "intermediate": 4.0}
"""How many times the median of all channels one may reach before it is divided, by its reader."""

_MOST = 8.0
"""What a channel is divided by at most: its weights grow as much, and the others share their scale."""

_LOWEST = 0.17
"""GELU gives nothing below the negative of this."""

_ZERO = 64
"""The integer for zero after GELU: a quarter of the range for what little is negative."""


def _eight_bits(values: Array, axis: int) -> tuple[npt.NDArray[np.int8], Array]:
    """Signed integers and their scales; one scale for all that lies along `axis`."""
    largest = np.abs(values).max(axis=axis, keepdims=True)
    scale = np.where(largest > 0, largest / 127, 1).astype(np.float32)
    return np.round(values / scale).astype(np.int8), scale


class Builder:
    """Nodes, initialisers and the places of parameters of a graph in the making."""

    def __init__(self) -> None:
        self.nodes: list[onnx.NodeProto] = []
        self.initialisers: dict[str, onnx.TensorProto] = {}
        self.places: dict[str, dict[str, Any]] = {}

    def node(
        self, kind: str, *inputs: str, outputs: int = 1, contrib: bool = False, **attributes: Any
    ) -> Any:
        """Adds a node; the name of its output comes back, or names when it has several."""
        name = f"encoder/{kind}_{len(self.nodes)}"
        made = [name] if outputs == 1 else [f"{name}_{i}" for i in range(outputs)]
        domain = _CONTRIB if contrib else ""
        self.nodes.append(helper.make_node(kind, inputs, made, name=name, domain=domain, **attributes))
        return made[0] if outputs == 1 else made

    def constant(self, name: str, values: npt.NDArray[Any]) -> str:
        """Adds an initialiser, once; its name comes back."""
        if name not in self.initialisers:
            self.initialisers[name] = numpy_helper.from_array(np.ascontiguousarray(values), name)
        return name

    def plain(self, name: str, values: Array) -> str:
        """Adds a parameter in single precision."""
        self.places[name] = {"values": name}
        return self.constant(name, values.astype(np.float32))

    def rows(self, name: str, values: Array) -> tuple[str, str]:
        """Adds a matrix in eight bits, a scale for each row: names of values and scales."""
        whole, scale = _eight_bits(values, 1)
        self.places[name] = {"values": f"{name}.int8", "scale": f"{name}.scale"}
        return self.constant(f"{name}.int8", whole), self.constant(f"{name}.scale", scale)

    def linear(
        self,
        x: str,
        parts: dict[str, nn.Linear],
        whole: str = "",
        *,
        loud: Array | None = None,
        tokenwise: bool = False,
    ) -> str:
        """Linear layers over the same rows, side by side in one product.

        Args:
            x: rows (tokens, inputs).
            parts: the layers by their dotted names, in order.
            whole: dotted name of the joint matrix and bias; that of the only part when left out.
            loud: what the inputs are divided by, powers of two.
            tokenwise: each row has a scale of its own; the rows come from GELU.
        """
        whole = whole or next(iter(parts))
        matrix = np.concatenate([_values(part.weight).T for part in parts.values()], axis=1)
        bias = np.concatenate([_values(part.bias) for part in parts.values()])
        place: dict[str, Any] = {"transposed": True}
        if loud is not None and loud.max() > 1:
            place["quiet"] = self.constant(f"{whole}.quiet", 1 / loud)
            x = self.node("Mul", x, place["quiet"])
            matrix = matrix * loud[:, None]
        integers, scale = _eight_bits(matrix, 0)
        place["values"] = self.constant(f"{whole}.weight.int8", integers)
        place["scale"] = self.constant(f"{whole}.weight.scale", scale[0])
        zero = self.constant(f"{whole}.weight.zero", np.zeros(len(bias), np.int8))
        joint = self.constant(f"{whole}.bias", bias)
        start = 0
        for name, part in parts.items():
            columns = [start, start + part.out_features]
            self.places[f"{name}.weight"] = place | {"columns": columns}
            self.places[f"{name}.bias"] = {"values": joint, "columns": columns}
            start += part.out_features
        if not tokenwise:
            stored = [place["values"], place["scale"], zero, joint]
            return str(self.node("DynamicQuantizeMatMul", x, *stored, contrib=True))
        return self._tokenwise(x, place["values"], place["scale"], zero, joint)

    def _tokenwise(self, x: str, integers: str, scale: str, zero: str, bias: str) -> str:
        """A linear layer over rows that come from GELU, each quantised by its own largest value."""
        steps = 255 - _ZERO
        largest = self.node("ReduceMax", x, axes=[1], keepdims=1)
        # No row's scale may be so fine that GELU's lowest value falls out of the range.
        least = self.constant("encoder/least", np.asarray(_LOWEST * steps / _ZERO, np.float32))
        step = self.constant("encoder/step", np.asarray(1 / steps, np.float32))
        own = self.node("Mul", self.node("Max", largest, least), step)
        one = self.constant("encoder/one", np.asarray(1, np.float32))
        middle = self.constant("encoder/zero", np.asarray(_ZERO, np.uint8))
        whole = self.node("QuantizeLinear", self.node("Div", x, own), one, middle)
        product = self.node("MatMulIntegerToFloat", whole, integers, one, scale, middle, zero, contrib=True)
        return str(self.node("Add", self.node("Mul", product, own), bias))

    def normalise(self, x: str, layer: nn.LayerNorm, name: str) -> str:
        """Layer normalisation of rows."""
        scale = self.plain(f"{name}.weight", _values(layer.weight))
        shift = self.plain(f"{name}.bias", _values(layer.bias))
        return str(self.node("LayerNormalization", x, scale, shift, axis=-1, epsilon=layer.eps))


def _values(parameter: Any) -> Array:
    return np.asarray(parameter.detach().cpu().float().numpy(), np.float32)


def _first_position(config: Any) -> int:
    """The row of the table of positions that belongs to the first token."""
    return int(_FIRST_POSITION[config.model_type] * (config.pad_token_id + 1))


def _loud(encoder: Any) -> dict[str, Array]:
    """Powers of two for the channels that are far louder than the others, by the layer that reads them.

    Which ones are is a trait of the encoder, not of the text, so drawn tokens between those that
    frame a text show them.
    """
    config = encoder.config
    dice = np.random.default_rng(20)
    first = 0 if config.bos_token_id is None else config.bos_token_id
    last = 2 if config.eos_token_id is None else config.eos_token_id
    length = min(120, config.max_position_embeddings - _first_position(config) - 2)
    # The first four of the family's tokens are those that frame, fill and stand for the unknown.
    drawn = [[first, *dice.integers(4, config.vocab_size, length).tolist(), last] for _ in range(8)]
    largest: dict[str, Array] = {}
    hooks = []
    for name, module in encoder.named_modules():
        kind = next((kind for kind in _LOUD if name.endswith((f"{kind}.query", f"{kind}.dense"))), None)
        if kind is None:
            continue

        def keep(_: nn.Module, inputs: tuple[torch.Tensor, ...], name: str = name, kind: str = kind) -> None:
            found = inputs[0].detach().abs().amax(dim=(0, 1)).float().cpu().numpy()
            limit = _LOUD[kind] * max(float(np.median(found)), 1e-6)
            power = np.round(np.log2(np.clip(found / limit, 1, _MOST)))
            largest[name.rpartition(".")[0]] = np.exp2(power).astype(np.float32)

        hooks.append(module.register_forward_pre_hook(keep))
    with torch.no_grad():
        ids = torch.as_tensor(drawn, device=next(encoder.parameters()).device)
        encoder(input_ids=ids, attention_mask=torch.ones_like(ids))
    for hook in hooks:
        hook.remove()
    return largest


def _embed(build: Builder, encoder: Any, root: str, ids: str) -> str:
    """Embedded and normalised tokens (tokens, size) from `ids` (1, tokens)."""
    config, layers, root = encoder.config, encoder.embeddings, f"{root}.embeddings"
    first = _first_position(config)
    # The first row holds both: every token here is of type 0.
    types = _values(layers.token_type_embeddings.weight)
    both = _values(layers.position_embeddings.weight) + types[0]
    build.places[f"{root}.token_type_embeddings.weight"] = {"zeros": list(types.shape)}
    flat = build.node("Reshape", ids, build.constant("encoder/flat", np.asarray([-1], np.int64)))
    words, scales = build.rows(f"{root}.word_embeddings.weight", _values(layers.word_embeddings.weight))
    looked = build.node("Cast", build.node("Gather", words, flat), to=TensorProto.FLOAT)
    looked = build.node("Mul", looked, build.node("Gather", scales, flat))
    start = build.constant("encoder/first", np.asarray([first], np.int64))
    end = build.node("Add", build.node("Shape", flat), start)
    axis = build.constant("encoder/rows", np.asarray([0], np.int64))
    integers, scales = build.rows(f"{root}.position_embeddings.weight", both)
    placed = build.node("Cast", build.node("Slice", integers, start, end, axis), to=TensorProto.FLOAT)
    placed = build.node("Mul", placed, build.node("Slice", scales, start, end, axis))
    return build.normalise(build.node("Add", looked, placed), layers.LayerNorm, f"{root}.LayerNorm")


def _attend(build: Builder, x: str, attention: Any, root: str, heads: int, loud: Array) -> str:
    """What each token gathers from all others, (tokens, size)."""
    own = attention.self
    size = own.query.out_features
    parts = {f"{root}.self.{name}": getattr(own, name) for name in ("query", "key", "value")}
    joint = build.linear(x, parts, f"{root}.self.qkv", loud=loud)
    shape = build.constant("encoder/by head", np.asarray([-1, 3, heads, size // heads], np.int64))
    three = build.node("Transpose", build.node("Reshape", joint, shape), perm=[1, 2, 0, 3])
    query, key, value = build.node("Split", three, outputs=3, axis=0)
    factor = (size // heads) ** -0.5
    scores = build.node("FusedMatMul", query, key, contrib=True, transB=1, alpha=factor)
    gathered = build.node("MatMul", build.node("Softmax", scores, axis=-1), value)
    flat = build.constant("encoder/joined heads", np.asarray([-1, size], np.int64))
    return str(build.node("Reshape", build.node("Transpose", gathered, perm=[0, 2, 1, 3]), flat))


def write_encoder(build: Builder, encoder: Any, ids: str, root: str = "encoder") -> str:
    """Adds the nodes of an encoder; the name of the token vectors (tokens, size) comes back.

    Args:
        build: where nodes and initialisers go.
        encoder: a BERT or XLM-RoBERTa encoder of transformers.
        ids: name of the graph's input (1, tokens).
        root: dotted name of the encoder within the network.

    Raises:
        ModelError: the encoder is of a kind that is not known here.
    """
    config = encoder.config
    if config.model_type not in _FIRST_POSITION or config.hidden_act != "gelu":
        raise ModelError(
            f"An encoder of the kind {config.model_type} with {config.hidden_act} cannot be exported.",
            "Use an encoder of the XLM-RoBERTa family, such as e5.",
        )
    x = _embed(build, encoder, root, ids)
    loud = _loud(encoder)
    for number, layer in enumerate(encoder.encoder.layer):
        short = f"encoder.layer.{number}"
        name, heads = f"{root}.{short}", config.num_attention_heads
        gathered = _attend(
            build, x, layer.attention, f"{name}.attention", heads, loud[f"{short}.attention.self"]
        )
        out = layer.attention.output
        added = build.linear(gathered, {f"{name}.attention.output.dense": out.dense})
        x = build.normalise(build.node("Add", added, x), out.LayerNorm, f"{name}.attention.output.LayerNorm")
        wide = {f"{name}.intermediate.dense": layer.intermediate.dense}
        narrow = {f"{name}.output.dense": layer.output.dense}
        middle = build.node("Gelu", build.linear(x, wide, loud=loud[f"{short}.intermediate"]), contrib=True)
        added = build.linear(middle, narrow, tokenwise=True)
        x = build.normalise(build.node("Add", added, x), layer.output.LayerNorm, f"{name}.output.LayerNorm")
    return x
