"""The exported graph answers as torch does, shares its embeddings, and gives its weights back."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import onnx
import pytest
import torch
from onnx import numpy_helper
from transformers import BertConfig, BertModel, XLMRobertaConfig, XLMRobertaModel

from models.calibration import EXCLUSIVE, sigmoid, softmax
from models.merge import MEANING, Logits
from models.onnx_reader import OUTPUTS, OnnxReader
from models.onnx_weights import EMBEDDINGS, weights
from models.reading import Window
from models.training.export import export
from models.training.network import Network
from ugc.errors import ModelError

SIZES = {
    "vocab_size": 300,
    "hidden_size": 48,
    "num_hidden_layers": 3,
    "num_attention_heads": 4,
    "intermediate_size": 96,
    "max_position_embeddings": 80,
    "pad_token_id": 1,
    "attn_implementation": "eager",
}
APART = 0.02
"""How far the probabilities of eight bits may lie from those of torch in single precision."""

HIDDEN_APART = 0.1
"""How far a pooled number within the network may lie from that of torch, as a share of the largest."""

LOUD_APART = 0.05
"""The same where a few channels are many times as loud as the others."""


def bert(**other: object) -> Network:
    """A network with random weights over a small encoder."""
    torch.manual_seed(3)
    network = Network(BertModel(BertConfig(**SIZES | other), add_pooling_layer=False)).eval()
    with torch.no_grad():
        for name, values in network.named_parameters():
            if values.ndim == 2 and "embeddings" not in name:
                # Random weights as they are started say next to nothing.
                values.mul_(3.0)
    return network


def xlm_roberta(**other: object) -> Network:
    torch.manual_seed(4)
    return Network(XLMRobertaModel(XLMRobertaConfig(**SIZES | other), add_pooling_layer=False)).eval()


def loud() -> Network:
    """A network that has two channels with values many times those of the others."""
    network = bert()
    with torch.no_grad():
        for layer in network.encoder.encoder.layer:
            layer.attention.output.LayerNorm.weight[5] = 12.0
            layer.output.LayerNorm.bias[7] = -12.0
    return network


def windows(count: int = 12) -> list[Window]:
    """Windows of drawn tokens in clauses of equal length."""
    dice = np.random.default_rng(1)
    found = []
    for i in range(count):
        clauses = 1 + i % 4
        tokens = clauses * int(dice.integers(2, 16))
        pool = np.repeat(np.eye(clauses, dtype=np.float32), tokens // clauses, axis=1)
        pool /= pool.sum(axis=1, keepdims=True)
        ids = np.concatenate([[0], dice.integers(4, 300, tokens), [2]]).astype(np.int64)
        rows = tuple(range(clauses))
        found.append(Window(ids, np.pad(pool, ((0, 0), (1, 1))), rows, (tokens // clauses,) * clauses))
    return found


def probabilities(logits: Logits) -> Logits:
    return {head: softmax(x) if head in EXCLUSIVE else sigmoid(x) for head, x in logits.items()}


def by_torch(network: Network, window: Window) -> Logits:
    ids = torch.from_numpy(window.ids[None])
    with torch.no_grad():
        found = network(ids, torch.ones_like(ids), torch.from_numpy(window.pool)[None])
    return {head: found[head][0].numpy() for head in OUTPUTS}


@pytest.mark.parametrize("make", [bert, xlm_roberta, loud])
def test_the_graph_answers_as_torch_does(tmp_path: Path, make: Callable[[], Network]) -> None:
    network = make()
    export(network, tmp_path / "model.onnx")
    read = windows()
    differences = []
    for window, answer in zip(read, OnnxReader(tmp_path / "model.onnx", 2).answer(read), strict=True):
        expected = by_torch(network, window)
        answer.pop(MEANING)
        assert {head: x.shape for head, x in answer.items()} == {h: x.shape for h, x in expected.items()}
        for head, found in probabilities(answer).items():
            differences.append(np.abs(found - probabilities(expected)[head]).max())
    assert 0 < max(differences) < (LOUD_APART if make is loud else APART)
    assert not network.training
    assert not network.encoder.training


@pytest.mark.parametrize("make", [bert, xlm_roberta])
def test_the_graph_gives_what_torch_holds_in_the_middle_and_before_the_last_layer(
    tmp_path: Path, make: Callable[[], Network]
) -> None:
    network = make()
    export(network, tmp_path / "model.onnx")
    reader = OnnxReader(tmp_path / "model.onnx", 1)
    assert reader.gives_vectors
    assert reader.layers == SIZES["num_hidden_layers"]
    read = windows()
    for window, answer in zip(read, reader.answer(read), strict=True):
        ids = torch.from_numpy(window.ids[None])
        with torch.no_grad():
            held = network.encoder(ids, attention_mask=torch.ones_like(ids), output_hidden_states=True)
        layers = [one[0].numpy() for one in held.hidden_states]
        for found, own in zip(answer[MEANING], (layers[1], layers[2]), strict=True):
            expected = window.pool @ own
            assert np.abs(found - expected).max() < HIDDEN_APART * np.abs(expected).max()


def test_answers_of_the_test_networks_are_not_all_alike() -> None:
    found = [probabilities(by_torch(bert(), window))["sentiment"] for window in windows()]
    assert np.ptp(np.stack(found), axis=0).max() > 5 * APART


def integers(path: Path) -> dict[str, np.ndarray]:
    graph = onnx.load(path).graph
    return {one.name: numpy_helper.to_array(one) for one in graph.initializer if one.name.endswith(".int8")}


@pytest.mark.parametrize("make", [bert, loud])
def test_weights_come_back(tmp_path: Path, make: Callable[[], Network]) -> None:
    network = make()
    export(network, tmp_path / "model.onnx")
    found = weights(tmp_path / "model.onnx")
    state = network.state_dict()
    assert found.keys() == state.keys()
    for name, values in found.items():
        assert values.dtype == np.float32
        assert values.shape == tuple(state[name].shape)
        if "type_embeddings" in name or "position_embeddings" in name:
            continue
        largest = float(state[name].abs().max())
        assert np.abs(values - state[name].numpy()).max() <= (0.06 if make is loud else 0.005) * largest
    both = [f"encoder.embeddings.{kind}_embeddings.weight" for kind in ("position", "token_type")]
    added = state[both[0]] + state[both[1]][0]
    assert found[both[0]] + found[both[1]][0] == pytest.approx(added.numpy(), abs=0.002)

    again = make()
    again.load_state_dict({name: torch.from_numpy(values) for name, values in found.items()})
    (tmp_path / "again").mkdir()
    export(again, tmp_path / "again" / "model.onnx")
    before, after = integers(tmp_path / "model.onnx"), integers(tmp_path / "again" / "model.onnx")
    assert before.keys() == after.keys()
    assert all(np.array_equal(before[name], after[name]) for name in before)


def test_loud_channels_are_divided_and_only_they(tmp_path: Path) -> None:
    (tmp_path / "plain").mkdir()
    for network, folder in ((loud(), tmp_path), (bert(), tmp_path / "plain")):
        export(network, folder / "model.onnx")
    graph = onnx.load(tmp_path / "model.onnx").graph
    factors = {
        one.name: numpy_helper.to_array(one) for one in graph.initializer if one.name.endswith(".quiet")
    }
    wide = factors["encoder.encoder.layer.0.intermediate.dense.quiet"]
    assert wide[5] <= 1 / 4
    assert np.median(wide) == 1
    assert factors["encoder.encoder.layer.1.attention.self.qkv.quiet"][7] <= 1 / 2
    assert all(np.array_equal(np.exp2(np.round(np.log2(x))), x) for x in factors.values())


def test_two_graphs_share_their_embeddings(tmp_path: Path) -> None:
    large, small = bert(), bert()
    small.encoder.encoder.layer = small.encoder.encoder.layer[:1]
    export(large, tmp_path / "model.onnx")
    before = (tmp_path / EMBEDDINGS).read_bytes()
    export(small, tmp_path / "fast.onnx")
    assert (tmp_path / EMBEDDINGS).read_bytes() == before
    assert sorted(path.name for path in tmp_path.iterdir()) == [EMBEDDINGS, "fast.onnx", "model.onnx"]
    assert len(before) >= 300 * 48
    (window,) = windows(1)
    for network, name in ((large, "model.onnx"), (small, "fast.onnx")):
        found = probabilities(OnnxReader(tmp_path / name, 1).run(window))["sentiment"]
        assert found == pytest.approx(probabilities(by_torch(network, window))["sentiment"], abs=APART)
    export(large, tmp_path / "model.onnx")


def test_other_embeddings_are_not_written_over_shared_ones(tmp_path: Path) -> None:
    export(bert(), tmp_path / "model.onnx")
    before = {path.name: path.read_bytes() for path in tmp_path.iterdir()}
    with pytest.raises(ModelError, match="other embeddings"):
        export(xlm_roberta(), tmp_path / "fast.onnx")
    assert {path.name: path.read_bytes() for path in tmp_path.iterdir()} == before
    export(xlm_roberta(), tmp_path / "model.onnx")
    assert (tmp_path / EMBEDDINGS).read_bytes() != before[EMBEDDINGS]


def test_another_kind_of_encoder_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ModelError, match="relu"):
        export(bert(hidden_act="relu"), tmp_path / "model.onnx")


@pytest.mark.parametrize("spoilt", ["no file", "no graph", "no embeddings", "short embeddings", "no map"])
def test_a_spoilt_graph_is_explained(tmp_path: Path, spoilt: str) -> None:
    path, embeddings = tmp_path / "model.onnx", tmp_path / EMBEDDINGS
    export(bert(), path)
    if spoilt == "no file":
        path.unlink()
    elif spoilt == "no graph":
        path.write_bytes(b"not a graph")
    elif spoilt == "no embeddings":
        embeddings.unlink()
    elif spoilt == "short embeddings":
        embeddings.write_bytes(embeddings.read_bytes()[:100])
    else:
        model = onnx.load(path, load_external_data=False)
        del model.metadata_props[:]
        path.write_bytes(model.SerializeToString())
    with pytest.raises(ModelError) as caught:
        weights(path)
    assert caught.value.mend
    if spoilt != "no map":
        with pytest.raises(ModelError):
            OnnxReader(path, 1)
