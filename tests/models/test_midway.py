"""How far a trained network goes from its old weights, as the development split says."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from tokenizers import Tokenizer

from models.bundle import open_bundle
from models.calibration import Calibration
from models.labelled import read_labelled
from models.tagger import Tagger
from models.training.data import labelled_items
from models.training.fit import Plan, encode_all, fit_heads
from models.training.midway import WAYS, choose_way, cost, go
from models.training.restore import restore
from tests.tiny import TAGS, invented, write_lines

THEMES = [theme for theme in TAGS if theme]
TURNED = {"positive": "negative", "negative": "positive"}
NEXT = dict(zip(THEMES, THEMES[1:] + THEMES[:1], strict=True))


def turned(row: dict[str, Any]) -> dict[str, Any]:
    """A review whose labels say the opposite in all that the invented reviews differ in."""
    mentions = [
        mention | {"polarity": TURNED[mention["polarity"]], "theme": NEXT[mention["theme"]]}
        for mention in row["mentions"]
    ]
    glad = row["sentiment"] == "negative"
    return row | {
        "sentiment": TURNED[row["sentiment"]],
        "emotions": [] if glad else ["anger"],
        "contact": "praise" if glad else "complaint",
        "mentions": mentions,
    }


def test_both_ends_and_the_middle(tiny_bundle: Path) -> None:
    network = restore(open_bundle(tiny_bundle))
    before = {name: one.clone() for name, one in network.state_dict().items()}
    after = {name: one + 1 for name, one in before.items()}
    for way in (0.0, 0.5, 1.0):
        go(network, before, after, way)
        for name, one in network.state_dict().items():
            np.testing.assert_allclose(one, before[name] + way, atol=1e-6)


@pytest.mark.parametrize("agreeing", [True, False], ids=["of one mind", "at odds"])
def test_the_development_split_decides(tiny_bundle: Path, tmp_path: Path, agreeing: bool) -> None:
    """The network learns that all is the other way round; those who choose say so too, or do not."""
    tokenizer = Tokenizer.from_file(str(tiny_bundle / "tokenizer.json"))
    padding = tokenizer.token_to_id("<pad>")
    network = restore(open_bundle(tiny_bundle))
    before = {name: one.clone() for name, one in network.state_dict().items()}
    rows = invented(120)
    learnt = read_labelled(write_lines(tmp_path / "learnt.jsonl", [turned(row) for row in rows[:80]]))
    others = [turned(row) if agreeing else row for row in rows[80:]]
    chosen = read_labelled(write_lines(tmp_path / "chosen.jsonl", others))
    items = labelled_items(tokenizer, learnt)
    torch.manual_seed(0)
    plan = Plan(head_epochs=20, head_rate=3e-3)
    hidden = encode_all(network, items, padding, bf16=False)
    fit_heads(network, items, hidden, plan, padding, lambda line: None, standardise=False)
    tagger = Tagger.load(tiny_bundle)
    seen = [one for one in tagger.look([r.text for r in chosen], ["ru"] * len(chosen)) if one]
    calibration = Calibration.from_manifest(tagger.bundle.manifest["calibration"])
    given = (labelled_items(tokenizer, chosen), seen, calibration, padding)
    after = {name: one.clone() for name, one in network.state_dict().items()}
    way = choose_way(network, before, *given)
    assert way == (WAYS[-1] if agreeing else WAYS[0])
    own = cost(network, *given)
    for other in WAYS:
        go(network, before, after, other)
        assert own <= cost(network, *given) + 1e-6
