"""Rebuilds the network of a bundle from its graph, so that it can be trained on.

A bundle carries no weights of torch. Its graph holds them all, most of them in eight bits with
scales beside them. Multiplied out they give the network that the bundle runs, but for the rounding
of activations, which only the eight-bit graph does: on twenty reviews the logits of the shipped
bundle and of its network lay 0.01 to 0.03 of their deviation apart, by head.

Graphs that list where their parameters lie are read by that list (`models.onnx_weights`); older
ones, and plain exports, by the names of their nodes (`models.training.graph`).
"""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import onnx
import torch
from google.protobuf.message import DecodeError
from onnx import numpy_helper
from torch import nn
from transformers import AutoConfig, AutoModel, BertConfig, PretrainedConfig

from models.bundle import Bundle
from models.onnx_weights import PARAMETERS, weights
from models.training.graph import Array, Graph, scope
from models.training.network import Network, Standardise
from ugc.errors import ModelError

__all__ = ["encoder_entry", "restore", "restore_graph"]

_ROOT = "network"

_HEAD_WIDTH = 32
"""Width of an attention head of multilingual-e5-small, where a graph does not tell its own."""

_UNTOLD = ("transformers_version", "architectures", "dtype", "torch_dtype", "_name_or_path")
"""Entries of a configuration that say nothing about the shape of an encoder."""

_OPERANDS: dict[tuple[type[nn.Module], str], tuple[str, int | None]] = {
    (nn.Linear, "bias"): ("Add", None),
    (nn.LayerNorm, "weight"): ("LayerNormalization", 1),
    (nn.LayerNorm, "bias"): ("LayerNormalization", 2),
    (Standardise, "mean"): ("Sub", None),
    (Standardise, "deviation"): ("Div", None),
    (Standardise, "scale"): ("Mul", None),
    (Standardise, "shift"): ("Add", None),
}
"""Node and place where a weight of a kind of module is used."""

Find = Callable[[Network, str], Array | None]


def encoder_entry(network: Network) -> dict[str, Any]:
    """The configuration of a network's encoder, as a manifest holds it."""
    config: Any = network.encoder.config
    return {name: value for name, value in config.to_diff_dict().items() if name not in _UNTOLD}


def _unfit(path: Path, what: str) -> ModelError:
    return ModelError(
        f"The graph {path} cannot be trained on: {what}.",
        "Start from an encoder instead: ugc train --base ENCODER --labels FILE",
    )


def _bert(words: Array, places: Array, kinds: Array, inner: int, layers: int, width: int) -> BertConfig:
    """The configuration of a BERT encoder with these weights and widths."""
    return BertConfig(
        vocab_size=len(words),
        hidden_size=words.shape[1],
        num_hidden_layers=layers,
        num_attention_heads=words.shape[1] // width,
        intermediate_size=inner,
        max_position_embeddings=len(places),
        type_vocab_size=len(kinds),
    )


def _config_by_nodes(graph: Graph, path: Path) -> PretrainedConfig:
    """The configuration of the encoder of a plain export: from the shapes of its weights."""
    words, places, kinds = (
        graph.table(scope(f"{_ROOT}.encoder.embeddings.{name}"))
        for name in ("word_embeddings", "position_embeddings", "token_type_embeddings")
    )
    layers = {int(n) for one in graph.scopes() for n in re.findall(r"\.layer\.(\d+)\.", ".".join(one) + ".")}
    first = scope(f"{_ROOT}.encoder.encoder.layer.0")
    inner = graph.matrix((*first, "intermediate", "dense"))
    if words is None or places is None or kinds is None or inner is None:
        raise _unfit(path, "it is no encoder of the BERT family as this program exports it")
    # Scores are multiplied by the inverse root of a head's width.
    factor = graph.operand((*first, "attention", "self"), "Mul")
    width = _HEAD_WIDTH if factor is None else round(1 / float(factor.reshape(-1)[0]) ** 2)
    return _bert(words, places, kinds, len(inner), max(layers) + 1, width)


def _config_by_list(found: dict[str, Array], stored: dict[str, Array], path: Path) -> PretrainedConfig:
    """The configuration of the encoder of a graph that lists its parameters."""
    try:
        words, places, kinds = (
            found[f"encoder.embeddings.{name}.weight"]
            for name in ("word_embeddings", "position_embeddings", "token_type_embeddings")
        )
        inner = len(found["encoder.encoder.layer.0.intermediate.dense.weight"])
    except KeyError as error:
        raise _unfit(path, f"it has no weight {error}") from error
    layers = {int(n) for name in found for n in re.findall(r"\.layer\.(\d+)\.", name)}
    shape = stored.get("encoder/by head")
    width = _HEAD_WIDTH if shape is None else int(shape[-1])
    return _bert(words, places, kinds, inner, max(layers) + 1, width)


def _empty(config: PretrainedConfig) -> Network:
    """A network of random weights over an encoder of this shape, without dropout in the encoder."""
    config.hidden_dropout_prob = 0.0
    config.attention_probs_dropout_prob = 0.0
    encoder = AutoModel.from_config(  # type: ignore[no-untyped-call]
        config, attn_implementation="eager", add_pooling_layer=False
    )
    return Network(encoder.float())


def _path(network: Network, name: str) -> tuple[str, ...]:
    """Path of a module as nodes carry it: dictionaries of modules do not show in it."""
    shown = [_ROOT]
    module: nn.Module = network
    for part in name.split("."):
        if isinstance(module, nn.ModuleDict):
            shown[-1] = part
        else:
            shown.append(part)
        module = module.get_submodule(part)
    return scope(".".join(shown))


def _by_nodes(graph: Graph) -> Find:
    """Finds a weight by its own name or by the node that uses it."""

    def find(network: Network, name: str) -> Array | None:
        own = graph.constant(f"{_ROOT}.{name}")
        if own is not None:
            return own
        owner, _, kind = name.rpartition(".")
        module = network.get_submodule(owner)
        where = _path(network, owner)
        if isinstance(module, nn.Embedding):
            return graph.table(where)
        if isinstance(module, nn.Linear) and kind == "weight":
            return graph.matrix(where)
        if isinstance(module, nn.Linear):
            found = graph.operand(where, "Gemm", 2)
            if found is not None:
                return found
        for (family, part), (node, place) in _OPERANDS.items():
            if isinstance(module, family) and part == kind:
                return graph.operand(where, node, place)
        return None

    return find


def _by_list(found: dict[str, Array]) -> Find:
    """Finds a weight by its name alone."""
    return lambda network, name: found.get(name)


def _epsilon(graph: onnx.GraphProto) -> float | None:
    """What the normalisations of a graph add to a variance."""
    for node in graph.node:
        if node.op_type == "LayerNormalization":
            return next((float(one.f) for one in node.attribute if one.name == "epsilon"), 1e-5)
    return None


def _open(path: Path) -> onnx.ModelProto:
    """A graph without what lies in files beside it."""
    try:
        return onnx.load(path, load_external_data=False)
    except (OSError, DecodeError) as error:
        raise ModelError(f"The graph {path} cannot be read: {error}.", "Restore the bundle.") from error


def restore_graph(path: Path, entry: dict[str, Any] | None = None) -> Network:
    """The network of a graph, in single precision.

    Args:
        path: the graph; weights kept in a file beside it are read too.
        entry: configuration of the encoder, as `encoder_entry` gives it; read from the shapes of
            the weights when there is none.

    Raises:
        ModelError: the graph cannot be read, or is not one that this program exported.
    """
    model = _open(path)
    if any(one.key == PARAMETERS for one in model.metadata_props):
        listed = weights(path)
        small = {one.name: one for one in model.graph.initializer if one.name == "encoder/by head"}
        stored = {name: numpy_helper.to_array(one) for name, one in small.items()}
        config = None if entry else _config_by_list(listed, stored, path)
        find = _by_list(listed)
    else:
        graph = Graph(path)
        config = None if entry else _config_by_nodes(graph, path)
        find = _by_nodes(graph)
    if config is None:
        try:
            config = AutoConfig.for_model(**(entry or {}))
        except (ValueError, TypeError) as error:
            raise _unfit(path, f"the configuration of its encoder is unusable ({error})") from error
    else:
        config.layer_norm_eps = _epsilon(model.graph) or 1e-12
    return _filled(_empty(config), find, path)


def _filled(network: Network, find: Find, path: Path) -> Network:
    """A network with all its weights found; `ModelError` names the first that is not there."""
    wanted = network.state_dict()
    for name, place in wanted.items():
        found = find(network, name)
        if found is None:
            raise _unfit(path, f"it has no weight {name}")
        if found.shape != tuple(place.shape):
            raise _unfit(path, f"its weight {name} has the shape {found.shape}, not {tuple(place.shape)}")
        if not np.isfinite(found).all():
            raise _unfit(path, f"its weight {name} holds what is no number")
        wanted[name] = torch.from_numpy(np.array(found, np.float32))
    network.load_state_dict(wanted)
    return network.eval()


def restore(bundle: Bundle) -> Network:
    """The network that a bundle runs, ready to be trained on; see `restore_graph`."""
    return restore_graph(bundle.graph, bundle.settings.get("encoder"))
