"""Loading and running models: refusals in plain words, padding that changes nothing, fingerprints."""

from __future__ import annotations

import json
import os
import pickle
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
import torch

from models.hub.network import load
from models.hub.windows import Framer
from tests.models.hub.tiny import OPINIONS, POSITIONS, make
from ugc.errors import ModelError

TEXTS = ["банк", "очень вежливый персонал", "a hotel " * 14, "to miła obsługa", "всё сломалось"]


def change(source: Path, to: Path, **config: object) -> Path:
    """A copy of a model with other entries in its config."""
    shutil.copytree(source, to)
    entries = json.loads((to / "config.json").read_text(encoding="utf-8"))
    (to / "config.json").write_text(json.dumps({**entries, **config}), encoding="utf-8")
    return to


def test_labels_in_the_order_of_the_answers(opinions, felt):
    assert load(str(opinions)).labels == ("positive", "negative", "neutral")
    assert (load(str(opinions)).multi_label, load(str(felt)).multi_label) == (False, True)


@pytest.mark.parametrize("family", ["bert", "roberta", "gpt2"])
def test_answers_are_those_of_the_model_alone(tmp_path, family):
    name = make(tmp_path / family, OPINIONS, family=family, model_max_length=None)
    network = load(str(name))
    assert network.positions == (POSITIONS - 2 if family == "roberta" else POSITIONS)
    windows = [one for (one,) in Framer("m", network.tokenizer, network.positions).windows(TEXTS, ["ru"] * 5)]
    together = network.logits(windows)
    with torch.inference_mode():
        alone = [
            network._model(input_ids=torch.tensor([network.tokenizer(text)["input_ids"]])).logits[0].numpy()
            for text in TEXTS
        ]
    assert together == pytest.approx(np.stack(alone), abs=1e-4)
    assert network.logits(windows[::-1] * 20)[:5] == pytest.approx(together[::-1], abs=1e-4)
    assert network.logits(windows, threads=1) == pytest.approx(together, abs=1e-4)


def test_threads_are_given_back(opinions):
    network = load(str(opinions))
    windows = Framer("m", network.tokenizer, network.positions).windows(["банк"], ["ru"])[0]
    before = torch.get_num_threads()
    network.logits(windows, threads=before + 1)
    assert torch.get_num_threads() == before


def test_no_windows(opinions):
    assert load(str(opinions)).logits([]).shape == (0, 3)


def test_answers_that_are_no_numbers(opinions):
    network = load(str(opinions))
    with torch.no_grad():
        network._model.classifier.bias.fill_(float("nan"))
    windows = Framer("m", network.tokenizer, network.positions).windows(["банк"], ["ru"])[0]
    with pytest.raises(ModelError, match="no numbers"):
        network.logits(windows)


def test_half_precision_is_read_in_single(opinions, tmp_path):
    from transformers import AutoModelForSequenceClassification

    shutil.copytree(opinions, tmp_path / "half")
    AutoModelForSequenceClassification.from_pretrained(opinions).bfloat16().save_pretrained(tmp_path / "half")
    network = load(str(tmp_path / "half"))
    assert {one.dtype for one in network._model.parameters()} == {torch.float32}


def without_head(folder: Path) -> None:
    from transformers import AutoModel

    AutoModel.from_pretrained(folder).save_pretrained(folder)


def head_not_named(folder: Path) -> None:
    without_head(folder)
    entries = json.loads((folder / "config.json").read_text(encoding="utf-8"))
    del entries["architectures"]
    (folder / "config.json").write_text(json.dumps(entries), encoding="utf-8")


def for_masked_words(folder: Path) -> None:
    from transformers import AutoModelForMaskedLM

    AutoModelForMaskedLM.from_pretrained(folder).save_pretrained(folder)


def one_number(folder: Path) -> None:
    from transformers import AutoModelForSequenceClassification

    AutoModelForSequenceClassification.from_pretrained(
        folder, num_labels=1, ignore_mismatched_sizes=True
    ).save_pretrained(folder)


@pytest.mark.parametrize(
    ("spoil", "why"),
    [
        (without_head, "another task .BertModel."),
        (head_not_named, "lacks trained weights .classifier"),
        (for_masked_words, "another task .BertForMaskedLM."),
        (one_number, "a number, not classes"),
    ],
)
def test_a_model_of_another_task_is_refused(opinions, tmp_path, spoil, why):
    folder = shutil.copytree(opinions, tmp_path / "other")
    spoil(folder)
    with pytest.raises(ModelError, match=f"cannot classify texts: it .*{why}") as caught:
        load(str(folder))
    assert "text-classification" in caught.value.mend


def remove(name: str) -> Callable[[Path], object]:
    return lambda folder: (folder / name).unlink()


def write(name: str, content: bytes) -> Callable[[Path], object]:
    return lambda folder: (folder / name).write_bytes(content)


@pytest.mark.parametrize(
    "spoil",
    [
        remove("config.json"),
        remove("model.safetensors"),
        remove("tokenizer.json"),
        write("config.json", b"{}"),
        write("config.json", b"nonsense"),
        write("model.safetensors", b"version https://git-lfs"),
        write("tokenizer.json", b"{"),
        write("tokenizer.json", b'{"version": "9", "added_tokens": [], "model": {"type": "Newer"}}'),
    ],
)
def test_a_broken_folder_is_explained(opinions, tmp_path, spoil):
    folder = shutil.copytree(opinions, tmp_path / "broken")
    spoil(folder)
    with pytest.raises(ModelError, match="cannot be loaded") as caught:
        load(str(folder))
    assert caught.value.mend


def test_weights_of_another_size_are_refused(opinions, tmp_path):
    with pytest.raises(ModelError, match="cannot be loaded"):
        load(str(change(opinions, tmp_path / "size", hidden_size=32)))


class Malicious:
    """Writes a file when it is unpickled."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def __reduce__(self):
        return (Path.touch, (self.path,))


def test_code_of_a_model_is_never_run(opinions, tmp_path):
    own = change(opinions, tmp_path / "code", model_type="own", auto_map={"AutoConfig": "own.Config"})
    (own / "own.py").write_text(f"open({str(tmp_path / 'ran')!r}, 'w').close()", encoding="utf-8")
    with pytest.raises(ModelError, match="cannot be loaded"):
        load(str(own))
    pickled = shutil.copytree(opinions, tmp_path / "pickled")
    (pickled / "model.safetensors").unlink()
    (pickled / "pytorch_model.bin").write_bytes(pickle.dumps(Malicious(tmp_path / "ran"), protocol=2))
    with pytest.raises(ModelError, match="cannot be loaded"):
        load(str(pickled))
    assert not (tmp_path / "ran").exists()


def test_weights_of_torch_are_read(opinions, tmp_path):
    from safetensors.torch import load_file

    folder = shutil.copytree(opinions, tmp_path / "old")
    torch.save(load_file(folder / "model.safetensors"), folder / "pytorch_model.bin")
    (folder / "model.safetensors").unlink()
    assert load(str(folder)).labels == load(str(opinions)).labels


@pytest.mark.parametrize("name", ["./nowhere", "/nowhere/at/all", "not a name", "a/b/c", "../x"])
def test_what_is_neither_folder_nor_name(name):
    with pytest.raises(ModelError, match="There is no folder"):
        load(name)


def test_a_fingerprint_follows_what_decides_the_answers(opinions, tmp_path):
    first = load(str(opinions)).fingerprint
    copy = shutil.copytree(opinions, tmp_path / "copy")
    (copy / "README.md").write_text("other words", encoding="utf-8")
    (copy / "trainer_state.json").write_text("{}", encoding="utf-8")
    assert load(str(copy)).fingerprint == first
    assert load(str(make(tmp_path / "bias", {**OPINIONS, "negative": ["плохо"]}))).fingerprint != first
    assert (
        load(str(change(opinions, tmp_path / "labels", id2label={0: "a", 1: "b", 2: "c"}))).fingerprint
        != first
    )


WORKER = """
import sys
from models.hub.network import load
from ugc.errors import ModelError
for name in sys.argv[1:]:
    try:
        print(load(name).fingerprint)
    except ModelError as error:
        print(error)
"""


def ask(home: Path, address: str, *names: str) -> list[str]:
    """What a process of its own says of models by name."""
    own = {"HF_HOME": str(home), "HF_ENDPOINT": address, "PYTHONPATH": str(Path(__file__).parents[3])}
    done = subprocess.run(
        [sys.executable, "-c", WORKER, *names],
        env={**os.environ, **own},
        capture_output=True,
        text=True,
        timeout=240,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout.splitlines()


def test_models_are_fetched_from_the_hub_once(opinions, tmp_path, hub):
    from safetensors.torch import load_file

    needed = {path.name: path.read_bytes() for path in opinions.iterdir()}
    never = ("flax_model.msgpack", "pytorch_model.bin", "onnx/model.safetensors", "README.md")
    hub.models["owner/new"] = {**dict.fromkeys(never, b"never fetched"), **needed}
    torch.save(load_file(opinions / "model.safetensors"), tmp_path / "weights")
    hub.models["owner/old"] = {**needed, "pytorch_model.bin": (tmp_path / "weights").read_bytes()}
    del hub.models["owner/old"]["model.safetensors"]

    *known, unknown = ask(tmp_path, hub.url, "owner/new", "owner/old", "owner/none")
    assert known == [hub.COMMIT] * 2
    assert unknown.startswith("The hub has no model owner/none")
    for name in ("owner/new", "owner/old"):
        start = f"/{name}/resolve/{hub.COMMIT}/"
        fetched = {path.removeprefix(start) for path in hub.asked if path.startswith(start)}
        assert fetched == ({*needed} if name == "owner/new" else {*hub.models[name]})

    *known, unknown = ask(tmp_path, "http://127.0.0.1:9", "owner/new", "owner/old", "owner/none")
    assert known == [hub.COMMIT] * 2
    assert unknown.startswith("The model owner/none is not on this machine, and the hub did not give it")
    assert "hf download owner/none" in unknown
