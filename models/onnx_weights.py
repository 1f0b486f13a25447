"""How the weights of the network lie in a bundle's graph, and how to read them back.

The graph carries every parameter and buffer of `models.training.network.Network` under the dotted
name that torch knows it by. What is large is in eight bits:

- `NAME.int8` (signed) times `NAME.scale` gives NAME. The scale is the largest absolute value of a
  row or column over 127, so that quantising the product again gives the same integers.
- Linear layers of the encoder lie transposed, (inputs, outputs), a scale for each output; query, key
  and value stand side by side in one matrix, `…attention.self.qkv.weight`, as do their biases. Where
  the graph divides the inputs of such a layer by powers of two, `….quiet` holds the factors (one an
  input) and the weights are multiplied by their inverse; so it takes both to get the weights back.
- Matrices of the heads and embeddings lie as torch holds them, a scale for each row.
- The embeddings of words are in a file beside the graph, EMBEDDINGS, that several graphs of one
  folder share.
- The embedding of token type 0 is added to the positions; the other types, which no text here has,
  are dropped.
- Everything else (biases, normalisations, standardisations) is in single precision.

The graph's metadata hold, under PARAMETERS, a JSON object: for each name of a parameter where its
values lie (`values`, `scale`, `quiet`), whether they are `transposed`, which `columns` are its own,
or its shape under `zeros` if all is zero. Under DIGEST they hold the SHA-256 of the file of embeddings.
"""

from __future__ import annotations

import json
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from ugc.errors import MissingExtra, ModelError

__all__ = ["DIGEST", "EMBEDDINGS", "PARAMETERS", "weights"]

Array = npt.NDArray[np.float32]

EMBEDDINGS = "embeddings.bin"
"""Name of the file that holds the embeddings of words, in the folder of the graph."""

PARAMETERS = "ugc.parameters"
"""Key of the graph's metadata under which the places of all parameters are written."""

DIGEST = "ugc.embeddings"
"""Key of the graph's metadata under which the hash of its file of embeddings is written."""


def _parameter(entry: dict[str, Any], stored: dict[str, npt.NDArray[Any]]) -> Array:
    """One parameter as torch holds it."""
    if "zeros" in entry:
        return np.zeros(entry["zeros"], np.float32)
    values = stored[entry["values"]].astype(np.float32)
    if "scale" in entry:
        values = values * stored[entry["scale"]]
    if "quiet" in entry:
        values = values * stored[entry["quiet"]][:, None]
    if "columns" in entry:
        start, end = entry["columns"]
        values = values[..., start:end]
    return np.ascontiguousarray(values.T if entry.get("transposed") else values, np.float32)


def weights(path: Path) -> dict[str, Array]:
    """Parameters and buffers of a graph by their names in `Network`, multiplied out, in single precision.

    `Network.load_state_dict` takes them (as tensors) for a network of the same shape.

    Args:
        path: the graph, with its file of embeddings beside it.

    Raises:
        MissingExtra: the package onnx is not installed.
        ModelError: the graph cannot be read, or does not say where its parameters lie.
    """
    if find_spec("onnx") is None:
        raise MissingExtra("onnx", "train")
    import onnx
    from google.protobuf.message import DecodeError
    from onnx import numpy_helper

    again = "Restore the bundle, or name another that this version of the program made."
    try:
        model = onnx.load(path)
        stored = {one.name: numpy_helper.to_array(one) for one in model.graph.initializer}
        places = json.loads({entry.key: entry.value for entry in model.metadata_props}[PARAMETERS])
        return {name: _parameter(entry, stored) for name, entry in places.items()}
    except KeyError as error:
        raise ModelError(f"The graph {path} does not say where {error} lies.", again) from error
    except (OSError, ValueError, DecodeError, onnx.checker.ValidationError) as error:
        raise ModelError(f"The graph {path} cannot be read: {str(error)[:200]}", again) from error
