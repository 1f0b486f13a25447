"""Outputs put behind a graph: they are there, and nothing else has changed."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import onnxruntime
import pytest

from models import DEFAULT_BUNDLE
from models.bundle import open_bundle
from models.graph_outputs import Node, nodes, outputs, with_outputs
from models.onnx_reader import OUTPUTS, SLOWER_FUSED

PROFILES = open_bundle(DEFAULT_BUNDLE).profiles


def graph_of(profile: str) -> bytes:
    return open_bundle(DEFAULT_BUNDLE, profile).graph.read_bytes()


def session(model: bytes) -> onnxruntime.InferenceSession:
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = options.inter_op_num_threads = 1
    options.log_severity_level = 3
    options.add_session_config_entry(
        "session.model_external_initializers_file_folder_path", str(DEFAULT_BUNDLE.resolve())
    )
    providers = ["CPUExecutionProvider"]
    return onnxruntime.InferenceSession(model, options, providers, disabled_optimizers=SLOWER_FUSED)


def small(*fields: tuple[int, bytes]) -> bytes:
    """A message of short fields."""
    return b"".join(bytes((number << 3 | 2, len(content))) + content for number, content in fields)


@pytest.mark.parametrize("profile", PROFILES)
def test_an_appended_output_is_given_and_all_others_are_bit_identical(profile: str) -> None:
    plain = graph_of(profile)
    norms = [one.outputs[0] for one in nodes(plain) if one.kind == "LayerNormalization"]
    wanted = [norms[0], norms[-3]]
    told = with_outputs(plain, wanted)
    assert outputs(told) == [*outputs(plain), *wanted]
    assert nodes(told) == nodes(plain)
    assert told.startswith(plain)
    before, after = session(plain), session(told)
    dice = np.random.default_rng(3)
    for tokens in (3, 17, 200):
        pool = np.full((2, tokens), 1 / tokens, np.float32)
        given = {"ids": dice.integers(4, 10_000, (1, tokens)), "pool": pool}
        expected = before.run(list(OUTPUTS), given)
        found = after.run([*OUTPUTS, *wanted], given)
        for one, other in zip(found, expected, strict=False):
            np.testing.assert_array_equal(one, other)
        for hidden in found[len(OUTPUTS) :]:
            assert hidden.dtype == np.float32
            assert hidden.size % tokens == 0
            assert np.isfinite(hidden).all()
        assert not np.array_equal(found[-1], found[-2])


def test_nodes_come_in_the_order_of_their_work() -> None:
    found = nodes(graph_of("default"))
    assert len(found) > 100
    norms = [one for one in found if one.kind == "LayerNormalization"]
    made: set[str] = set()
    for one in found:
        made.update(one.outputs)
    assert all(one.inputs[0] in made for one in norms)
    assert all(before.outputs != after.outputs for before, after in pairwise(norms))


def test_a_small_graph_written_by_hand() -> None:
    node = small((1, b"x"), (1, b"y"), (2, b"z"), (3, b"a name"), (4, b"Add"))
    # A version (field 1, a number) stands before the graph, a fixed one of either size behind it.
    fixed = b"\x2d\0\0\0\0" + b"\x31" + bytes(8)
    model = b"\x08\x0a" + small((7, small((1, node), (12, small((1, b"z")))))) + fixed
    assert nodes(model) == [Node("Add", ("x", "y"), ("z",))]
    assert outputs(model) == ["z"]
    assert outputs(with_outputs(model, ["x" * 300])) == ["z", "x" * 300]
    assert with_outputs(model, []) == model + small((7, b""))


@pytest.mark.parametrize(
    "content",
    [
        "ничего похожего на сеть".encode(),
        b"\x3a\x7f\x01",
        b"\x3a",
        b"\xff" * 40,
        b'{"format": 1}',
        graph_of("fast")[:5_000],
    ],
)
def test_what_is_no_graph_is_told(content: bytes) -> None:
    for ask in (nodes, outputs):
        with pytest.raises(ValueError, match="graph"):
            ask(content)


def test_nothing_has_no_nodes() -> None:
    assert nodes(b"") == []
    assert outputs(b"") == []
