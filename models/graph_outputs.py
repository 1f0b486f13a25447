"""Further outputs for a graph that was exported without them, and a look at its nodes.

A graph is a protocol buffer (ONNX, onnx.proto3). In that encoding an embedded message that occurs
twice is merged, and what repeats within it is appended; so the bytes of a model that holds nothing
but a graph with one more output, put behind the bytes of a model, give it that output. Nothing that
is there is written anew, and the package onnx is not needed.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

__all__ = ["Node", "nodes", "outputs", "with_outputs"]

_GRAPH, _NODE, _OUTPUT = 7, 1, 12
"""Numbers of the fields: the graph of a model, the nodes and the outputs of a graph."""

_FLOAT = bytes((0x12, 0x04, 0x0A, 0x02, 0x08, 0x01))
"""The type of an output: field 2, a tensor (1) whose element type (1) is single precision (1)."""


@dataclass(frozen=True, slots=True)
class Node:
    """One node: what it does, and the names of what goes in and comes out."""

    kind: str
    inputs: tuple[str, ...]
    outputs: tuple[str, ...]


def _number(content: memoryview, at: int) -> tuple[int, int]:
    """A number of variable length and where the next thing begins."""
    value = shift = 0
    while True:
        if at >= len(content) or shift > 63:
            raise ValueError("the graph is cut off")
        byte = content[at]
        value |= (byte & 0x7F) << shift
        at += 1
        if byte < 0x80:
            return value, at
        shift += 7


def _fields(content: memoryview) -> Iterator[tuple[int, memoryview]]:
    """Fields that hold bytes, with their numbers; others are passed over."""
    at = 0
    while at < len(content):
        key, at = _number(content, at)
        kind = key & 7
        if kind == 0:
            _, at = _number(content, at)
        elif kind in (1, 5):
            at += 8 if kind == 1 else 4
        elif kind == 2:
            size, at = _number(content, at)
            if at + size > len(content):
                raise ValueError("the graph is cut off")
            yield key >> 3, content[at : at + size]
            at += size
        else:
            raise ValueError("the file is no graph")


def nodes(model: bytes) -> list[Node]:
    """The nodes of a serialised model in their order; `ValueError` when it is none."""
    found = []
    for field, graph in _fields(memoryview(model)):
        for inner, one in _fields(graph) if field == _GRAPH else ():
            if inner != _NODE:
                continue
            parts: dict[int, list[str]] = {1: [], 2: [], 4: []}
            for number, value in _fields(one):
                if number in parts:
                    parts[number].append(bytes(value).decode())
            found.append(Node("".join(parts[4]), tuple(parts[1]), tuple(parts[2])))
    return found


def outputs(model: bytes) -> list[str]:
    """Names of the outputs of a serialised model; `ValueError` when it is none."""
    return [
        bytes(value).decode()
        for field, graph in _fields(memoryview(model))
        if field == _GRAPH
        for inner, one in _fields(graph)
        if inner == _OUTPUT
        for number, value in _fields(one)
        if number == 1
    ]


def with_outputs(model: bytes, names: list[str]) -> bytes:
    """The serialised model with further outputs of single precision; each names what some node gives."""
    told = b"".join(_held(_OUTPUT, _held(1, name.encode()) + _FLOAT) for name in names)
    return model + _held(_GRAPH, told)


def _held(field: int, content: bytes) -> bytes:
    """A field with a length before its content."""
    return _written(field << 3 | 2) + _written(len(content)) + content


def _written(value: int) -> bytes:
    """A number in seven bits a byte."""
    out = bytearray()
    while value > 0x7F:
        out.append(value & 0x7F | 0x80)
        value >>= 7
    return bytes((*out, value))
