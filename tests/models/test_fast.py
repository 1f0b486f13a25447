"""The profile "fast": a shorter network in the same bundle, with a version of its own."""

from __future__ import annotations

import pickle
from dataclasses import replace
from pathlib import Path

import pytest
import torch

from models.bundle import open_bundle
from models.tagger import Tagger
from models.training.fast import FAST, shorten
from models.training.fit import Plan
from models.training.material import gather
from models.training.network import Network, load_encoder
from models.training.recipe import make_bundle
from ugc.errors import ModelError

PLAN = Plan(
    head_epochs=30, head_rate=3e-3, epochs=1, fast_layers=1, fast_epochs=2, review_texts=8, bf16=False
)


@pytest.fixture(scope="module")
def both(world: Path, tiny_bundle: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A bundle with two profiles, taught by the tiny bundle."""
    out = tmp_path_factory.mktemp("both") / "bundle"
    material = gather(world / "labels.jsonl", world / "data", PLAN)
    make_bundle(
        material,
        str(world / "tiny"),
        out,
        PLAN,
        name="tiny",
        version="2",
        say=print,
        teacher=open_bundle(tiny_bundle),
    )
    return out


def test_both_profiles_answer_and_say_who_they_are(both: Path) -> None:
    bundle = open_bundle(both)
    bundle.check_files()
    assert bundle.profiles == ("default", FAST)
    assert {"fast.onnx", "model.onnx", "embeddings.bin"} <= set(bundle.manifest["files"])
    whole, fast = Tagger.load(both), Tagger.load(both, profile=FAST)
    assert whole.version != fast.version
    assert f"-{FAST}@" in fast.version
    texts = ["вежливый персонал но долгая доставка", "грязный номер 5"]
    answers = [tagger.tag(texts) for tagger in (whole, fast)]
    assert [one.sentiment for one in answers[0]] == [one.sentiment for one in answers[1]]
    assert answers[0] != answers[1]
    again = pickle.loads(pickle.dumps(fast))
    assert again.version == fast.version
    assert again.tag(texts) == answers[1]
    figures = bundle.manifest["measured"]["held_out"]["peers"]
    assert figures["profile fast"]["all"]["sentiment accuracy"] > 0.9


def test_an_unknown_profile_is_named(both: Path, tiny_bundle: Path) -> None:
    with pytest.raises(ModelError, match="no profile 'slow'") as caught:
        Tagger.load(both, profile="slow")
    assert "default, fast" in caught.value.mend
    with pytest.raises(ModelError, match="no profile 'fast'"):
        Tagger.load(tiny_bundle, profile=FAST)


def test_a_damaged_graph_of_a_profile_is_found(both: Path, tmp_path: Path) -> None:
    copy = tmp_path / "copy"
    copy.mkdir()
    for path in both.iterdir():
        (copy / path.name).write_bytes(path.read_bytes())
    (copy / "fast.onnx").write_bytes(b"something else")
    with pytest.raises(ModelError, match=r"fast\.onnx"):
        open_bundle(copy).check_files()
    (copy / "fast.onnx").unlink()
    with pytest.raises(ModelError, match=r"lacks fast\.onnx"):
        Tagger.load(copy)


def test_every_second_layer_is_kept(world: Path) -> None:
    network = Network(load_encoder(world / "tiny"))
    short = shorten(network, 1)
    kept = short.encoder.get_submodule("encoder.layer.0").state_dict()
    last = network.encoder.get_submodule("encoder.layer.1").state_dict()
    assert all(torch.equal(kept[name], last[name]) for name in last)
    assert len(list(network.encoder.get_submodule("encoder.layer").children())) == 2
    with pytest.raises(ModelError, match="cannot be cut to 2"):
        shorten(network, 2)


def test_a_plan_counts_its_public_texts() -> None:
    assert replace(PLAN, emotion_texts=3, contact_texts=2).sizes == (8, 3, 2)
