"""Reads the weights of a module out of an ONNX graph: in single, half or eight-bit precision.

A weight is looked for under its own name first, then at the node that uses it: the exporter gives
a multiplied matrix a name of its own, and weights that are equal to the last bit one name for all.
Nodes carry the path of their module, as in `/network/encoder/encoder/layer.0/output/dense/MatMul`.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import onnx
from google.protobuf.message import DecodeError
from onnx import numpy_helper

from ugc.errors import ModelError

__all__ = ["Array", "Graph", "scope"]

Array = npt.NDArray[np.float32]

_EIGHT_BIT = ("int8", "uint8")
_MATRICES = ("MatMul", "MatMulInteger")
_PASSED = ("Identity", "Cast")


def scope(path: str) -> tuple[str, ...]:
    """Parts of a path of modules, without immediate repetitions.

    A module inside a list is `a/a.0` in the name of a node and `a.0` in the module's own name.
    """
    parts = [part for part in path.replace("/", ".").split(".") if part]
    return tuple(part for i, part in enumerate(parts) if i == 0 or part != parts[i - 1])


class Graph:
    """The constants of a graph and the nodes of each module."""

    def __init__(self, path: Path) -> None:
        """Reads a graph with the files beside it that hold its larger weights.

        Raises:
            ModelError: it cannot be read.
        """
        try:
            graph = onnx.load(path).graph
            self._stored = {one.name: numpy_helper.to_array(one) for one in graph.initializer}
        except (OSError, DecodeError, ValueError, onnx.checker.ValidationError) as error:
            raise ModelError(f"The graph {path} cannot be read: {error}.", "Restore the bundle.") from error
        self._made_by = {name: node for node in graph.node for name in node.output}
        self._nodes: dict[tuple[str, ...], list[Any]] = {}
        for node in graph.node:
            self._nodes.setdefault(scope(node.name.rpartition("/")[0]), []).append(node)

    def scopes(self) -> list[tuple[str, ...]]:
        """Paths of all modules that nodes belong to."""
        return list(self._nodes)

    def nodes(self, where: Sequence[str], *kinds: str) -> Iterator[Any]:
        """Nodes of some kinds in a module itself."""
        return (node for node in self._nodes.get(tuple(where), ()) if node.op_type in kinds)

    def constant(self, name: str) -> Array | None:
        """Values of a constant in single precision, or `None` when the name is computed at run time."""
        stored = self._stored.get(name)
        if stored is not None:
            return self._wide(name, stored)
        if f"{name}_quantized" in self._stored:
            return self.constant(f"{name}_quantized")
        node = self._made_by.get(name)
        if node is None:
            return None
        if node.op_type == "Constant":
            values = [numpy_helper.to_array(one.t) for one in node.attribute if one.name == "value"]
            return np.asarray(values[0], np.float32) if values else None
        if node.op_type in _PASSED:
            return self.constant(node.input[0])
        if node.op_type == "Transpose":
            found = self.constant(node.input[0])
            return None if found is None else found.T
        if node.op_type == "DequantizeLinear":
            return self._dequantised(node)
        return None

    def _wide(self, name: str, stored: npt.NDArray[np.generic]) -> Array:
        """A stored constant in single precision; eight-bit weights are scaled as their names tell."""
        if stored.dtype.name not in _EIGHT_BIT or not name.endswith("_quantized"):
            return np.asarray(stored, np.float32)
        own = name.removesuffix("_quantized")
        scale, zero = self._stored.get(f"{own}_scale"), self._stored.get(f"{own}_zero_point")
        if scale is None:
            return np.asarray(stored, np.float32)
        return _scaled(stored, scale, zero)

    def _dequantised(self, node: Any) -> Array | None:
        """What a node DequantizeLinear gives, when all it takes is constant."""
        stored, scale, zero = (self._stored.get(name) for name in (*node.input, "", "")[:3])
        if stored is None or scale is None:
            return None
        axis = next((int(one.i) for one in node.attribute if one.name == "axis"), 1)
        return _scaled(stored, scale, zero, axis)

    def matrix(self, where: Sequence[str]) -> Array | None:
        """Weights (outputs, inputs) of a linear layer, or `None` when the module multiplies nothing."""
        for node in self.nodes(where, *_MATRICES):
            found = self.constant(node.input[1])
            if found is not None and found.ndim == 2:
                return found.T
        for node in self.nodes(where, "Gemm"):
            found = self.constant(node.input[1])
            turned = any(one.name == "transB" and one.i for one in node.attribute)
            if found is not None:
                return found if turned else found.T
        return None

    def table(self, where: Sequence[str]) -> Array | None:
        """Rows of an embedding, or `None` when the module looks nothing up."""
        for node in self.nodes(where, "Gather"):
            found = self.constant(node.input[0])
            if found is None or found.ndim != 2:
                continue
            # A table that is stored in eight bits under another name is scaled after the look-up.
            raw = self._stored.get(node.input[0])
            if raw is not None and raw.dtype.name in _EIGHT_BIT:
                for after in self.nodes(where, "DequantizeLinear"):
                    scale = self._stored.get(after.input[1])
                    zero = self._stored.get(after.input[2]) if len(after.input) > 2 else None
                    if after.input[0] == node.output[0] and scale is not None:
                        return _scaled(raw, scale, zero)
            return found
        return None

    def operand(self, where: Sequence[str], kind: str, place: int | None = None) -> Array | None:
        """The constant that a module's node of a kind takes, at one place or wherever it stands."""
        for node in self.nodes(where, kind):
            names = node.input if place is None else node.input[place : place + 1]
            for name in names:
                found = self.constant(name)
                if found is not None:
                    return found
        return None


def _scaled(
    stored: npt.NDArray[np.generic],
    scale: npt.NDArray[np.generic],
    zero: npt.NDArray[np.generic] | None,
    axis: int | None = None,
) -> Array:
    """Eight-bit weights times their scale: one for all, or one for each row or column."""
    factor = np.asarray(scale, np.float32)
    shift = np.zeros_like(factor) if zero is None else np.asarray(zero, np.float32)
    if factor.ndim == 1 and factor.size > 1:
        if axis is None or stored.shape[axis] != factor.size:
            axis = stored.ndim - 1 if stored.shape[-1] == factor.size else 0
        shape = [1] * stored.ndim
        shape[axis] = factor.size
        factor, shift = factor.reshape(shape), shift.reshape(shape)
    return np.asarray((np.asarray(stored, np.float32) - shift) * factor, np.float32)
