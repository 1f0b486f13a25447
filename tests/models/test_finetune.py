"""A bundle trained further: what it learns, what it keeps, and what corrections teach."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch
from tokenizers import Tokenizer

from models.bundle import open_bundle
from models.calibration import Calibration, Mix
from models.corrected import Claim, Corrected, agreed
from models.decode import Thresholds
from models.labelled import Labelled, read_labelled, residue
from models.labels import CONTACT, POLARITIES, SENTIMENTS, THEMES, TOUCHPOINTS
from models.onnx_weights import weights
from models.tagger import Seen, Tagger
from models.training.corrected import claim_targets, corrected_items, stand_in
from models.training.finetune import (
    HEADS_UNDER,
    gather_own,
    key_of,
    part_for,
    plan_for,
    tune_bundle,
)
from models.training.recalibrate import AT_LEAST, recalibrate, share_of
from models.training.restore import restore
from tests.tiny import invented, write_lines
from ugc.errors import InputError
from ugc.review import Mention, Tags
from ugc.text.clauses import Clause

pytestmark = pytest.mark.usefixtures("quick_card")

GOOD = ["душевный персонал", "сияющий номер", "мгновенная доставка", "шикарное качество", "милый сервис"]
BAD = ["гадкий персонал", "вонючий номер", "вечная доставка", "убогое качество", "мерзкий сервис"]


def corrected(text: str, **said: object) -> Corrected:
    whole = {"sentiment": None, "contact": None, "claims": (), "corrections": 1} | said
    return Corrected("r", text, "ru", **whole)


@pytest.fixture(autouse=True)
def _one_thread() -> Iterator[None]:
    before = torch.get_num_threads()
    torch.set_num_threads(1)
    yield
    torch.set_num_threads(before)


def test_what_there_is_to_learn_from_is_split(tmp_path: Path) -> None:
    rows = invented(60)
    labels = write_lines(tmp_path / "my.jsonl", rows)
    known = corrected(rows[0]["text"].upper(), sentiment="mixed")
    fresh = [corrected(f"Совсем другой отзыв {i}", sentiment="mixed") for i in range(30)]
    own = gather_own(labels, [known, *fresh, corrected("  ", sentiment="mixed")])
    assert own.file == "my.jsonl"
    # What is labelled in full is not learnt from its correction too, and an empty text not at all.
    assert len(own.corrected) + len(own.corrected_held_out) == len(fresh)
    assert all(residue(one.text) == 0 for one in own.corrected_held_out)
    assert own.corrected_held_out
    assert {one.text for one in own.splits.held_out}.isdisjoint(own.trained_on())
    assert own.corrections == len(own.corrected)


def test_too_little_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="At least 8"):
        gather_own(None, [corrected("Отзыв", sentiment="mixed")])
    with pytest.raises(InputError, match="At least 8"):
        gather_own(write_lines(tmp_path / "few.jsonl", invented(5)), [])


def test_the_encoder_is_left_alone_on_little_data(tmp_path: Path) -> None:
    own = gather_own(write_lines(tmp_path / "my.jsonl", invented(60)), [])
    assert part_for(own) == "heads"
    many = [corrected(f"Отзыв {i}", sentiment="mixed") for i in range(round(HEADS_UNDER * 1.2))]
    assert part_for(gather_own(None, many)) == "all"
    heads, everything = plan_for("heads", None, 1), plan_for("all", 5, 1)
    assert (heads.epochs, everything.head_epochs, everything.epochs) == (0, 0, 5)


def test_a_run_is_known_by_all_that_shapes_it(tiny_bundle: Path, tmp_path: Path) -> None:
    start = open_bundle(tiny_bundle)
    own = gather_own(write_lines(tmp_path / "a.jsonl", invented(60)), [])
    other = gather_own(write_lines(tmp_path / "b.jsonl", invented(60, seed=6)), [])
    plan = plan_for("heads", None, 1)
    key = key_of(start, own, "heads", plan)
    assert key == key_of(start, own, "heads", plan)
    assert key != key_of(start, other, "heads", plan)
    assert key != key_of(start, own, "heads", plan_for("heads", None, 2))
    assert key != key_of(start, own, "all", plan)


def test_heads_learn_new_words_and_the_encoder_stays(tiny_bundle: Path, tmp_path: Path) -> None:
    rows = invented(300, seed=7, good=GOOD, bad=BAD)
    labels = write_lines(tmp_path / "my.jsonl", rows)
    own = gather_own(labels, [])
    start = open_bundle(tiny_bundle)
    told: list[str] = []
    manifest = tune_bundle(
        start,
        own,
        tmp_path / "new",
        replace(plan_for("heads", 20, 3), head_rate=3e-3),
        part="heads",
        name="own",
        version="1",
        say=told.append,
    )
    bundle = open_bundle(tmp_path / "new")
    bundle.check_files()
    before, after = weights(start.graph), weights(bundle.graph)
    for name in before:
        if name.startswith("encoder."):
            np.testing.assert_allclose(before[name], after[name], atol=1e-5)
    assert np.abs(before["clause_head.4.weight"] - after["clause_head.4.weight"]).max() > 1e-3
    assert (tmp_path / "new" / "evidence.npz").read_bytes() == (tiny_bundle / "evidence.npz").read_bytes()
    figures = manifest["measured"]["held_out"]
    assert figures["model"]["all"]["n"] == len(own.splits.held_out)
    assert figures["model"]["all"]["sentiment accuracy"] > figures["start"]["all"]["sentiment accuracy"]
    training = manifest["training"]
    assert training["started_from"] == start.version
    assert (training["part"], training["labelled"]) == ("heads", len(own.splits.train))
    # The old weights say nothing of these words.
    assert training["way"] > 0.5
    assert manifest["encoder"]["num_hidden_layers"] == 2
    prints = set(bundle.training_texts().tolist())
    assert set(start.training_texts().tolist()) < prints
    assert any("calibrated on" in line for line in told)
    card = (tmp_path / "new" / "README.md").read_text(encoding="utf-8")
    for said in (start.version, manifest["hash"], manifest["licence"], "my.jsonl", "It started from"):
        assert said in card
    assert json.loads((tmp_path / "new" / "manifest.json").read_text(encoding="utf-8")) == manifest


def test_everything_moves_when_asked(tiny_bundle: Path, tmp_path: Path) -> None:
    own = gather_own(write_lines(tmp_path / "my.jsonl", invented(60, good=GOOD, bad=BAD)), [])
    start = open_bundle(tiny_bundle)
    plan = plan_for("all", 1, 3)
    manifest = tune_bundle(start, own, tmp_path / "new", plan, part="all", name="own", version="1")
    # Too few reviews are there to choose how far to go.
    assert manifest["training"]["way"] == 0.5
    before, after = weights(start.graph), weights(tmp_path / "new" / "model.onnx")
    moved = {name for name in before if np.abs(before[name] - after[name]).max() > 1e-6}
    assert "encoder.encoder.layer.0.output.dense.weight" in moved
    assert "clause_head.4.weight" in moved
    words = "encoder.embeddings.word_embeddings.weight"
    np.testing.assert_allclose(before[words], after[words], atol=1e-5)


def test_corrections_are_learnt_and_the_rest_is_kept(tiny_bundle: Path, world: Path, tmp_path: Path) -> None:
    start, old = open_bundle(tiny_bundle), Tagger.load(tiny_bundle)
    rows = [row for row in invented(200, seed=7, good=GOOD, bad=BAD) if residue(row["text"]) > 1]
    tags = old.tag([row["text"] for row in rows])
    # What a person corrects is what the model got wrong.
    said = [
        corrected(row["text"], sentiment=row["sentiment"])
        for row, one in zip(rows, tags, strict=True)
        if one.sentiment != row["sentiment"]
    ]
    own = gather_own(None, said)
    out = tmp_path / "new"
    plan = replace(plan_for("heads", 40, 3), head_rate=3e-3)
    manifest = tune_bundle(start, own, out, plan, part="heads", name="own", version="1")
    assert (manifest["training"]["corrections"], manifest["training"]["labelled"]) == (len(said), 0)
    assert manifest["training"]["way"] == 1.0
    assert "measured" not in manifest
    card = (out / "README.md").read_text(encoding="utf-8")
    assert f"{len(said)} corrections of {len(said)} reviews" in card
    # Nothing was there to choose a calibration on.
    assert manifest["calibration"] == start.manifest["calibration"]
    new = Tagger.load(out)
    texts = [one.text for one in said]
    assert agreed(said, old.tag(texts))[0] == 0
    assert agreed(said, new.tag(texts))[0] > 0.25 * len(said)
    known = [review.text for review in read_labelled(world / "labels.jsonl")[:60]]
    same = [
        a.sentiment == b.sentiment and {m.theme for m in a.mentions} == {m.theme for m in b.mentions}
        for a, b in zip(old.tag(known), new.tag(known), strict=True)
    ]
    assert sum(same) / len(same) > 0.8


def test_claims_by_hand() -> None:
    clauses = [Clause(0, 9), Clause(10, 30), Clause(31, 40)]
    theme, polarity, touchpoint = claim_targets(
        clauses,
        [
            Claim(0, 9, "speed", False),
            Claim(12, 28, "price", True, "negative", "order"),
            Claim(26, 40, "safety", True),
            Claim(31, 40, "safety", False),
        ],
    )
    known = {
        (int(i), THEMES[int(t)]): theme[i, t] for i, t in zip(*np.nonzero(~np.isnan(theme)), strict=True)
    }
    assert known == {(0, "speed"): 0, (1, "price"): 1, (2, "safety"): 1}
    assert polarity[1, THEMES.index("price")].tolist() == [one == "negative" for one in POLARITIES]
    assert (~np.isnan(polarity)).any(axis=-1).sum() == 1
    assert touchpoint[1, TOUCHPOINTS.index("order")] == 1
    assert np.isnan(touchpoint[[0, 2]]).all()


def test_only_what_was_corrected_is_known_and_the_network_stands_in(tiny_bundle: Path) -> None:
    tokenizer = Tokenizer.from_file(str(tiny_bundle / "tokenizer.json"))
    text = "Вежливый персонал, но долгая доставка. Грязный номер."
    row = corrected(text, sentiment="mixed", claims=(Claim(0, 17, "politeness", True, "positive"),))
    (item,) = corrected_items(tokenizer, [row])
    assert item.sentiment[SENTIMENTS.index("mixed")] == 1
    for unknown in (item.contact, item.emotions, item.loyalty, item.effort, item.flags, item.touchpoint):
        assert np.isnan(unknown).all()
    assert np.nansum(item.theme) == 1
    network = restore(open_bundle(tiny_bundle))
    (filled,) = stand_in(network, [item], tokenizer.token_to_id("<pad>"))
    assert (filled.sentiment == item.sentiment).all()
    np.testing.assert_array_equal(filled.polarity, item.polarity)
    known = ~np.isnan(item.theme)
    assert (filled.theme[known] == item.theme[known]).all()
    for name in ("theme", "touchpoint", "emotions", "contact", "loyalty", "effort", "flags"):
        values = getattr(filled, name)
        assert ((values >= 0) & (values <= 1)).all(), name
    assert filled.contact.sum() == pytest.approx(1, abs=1e-5)
    assert len(filled.contact) == len(CONTACT)


def test_agreement_is_counted_thing_by_thing() -> None:
    text = "Долго ждали, дорого"
    mention = Mention(0, 11, text[:11], "speed", "negative", "venue", 0.9)
    tags = Tags(sentiment="negative", contact="story", mentions=(mention,))
    claims = (
        Claim(0, 11, "speed", True, "negative"),
        Claim(0, 11, "speed", True, None, "support"),
        Claim(0, 11, "price", False),
        Claim(13, 19, "price", True, "negative"),
        Claim(0, 5, "speed", False),
    )
    row = corrected(text, sentiment="negative", contact="complaint", claims=claims)
    # Right: the sentiment, speed with its polarity, no price in the first clause.
    assert agreed([row], [tags]) == (3, 7)
    assert agreed([], []) == (0, 0)


def seen_of(reviews: list[Labelled], tagger: Tagger) -> list[Seen]:
    found = tagger.look([one.text for one in reviews], [one.language for one in reviews])
    return [one for one in found if one is not None]


def test_calibration_moves_with_the_number_of_reviews(tiny_bundle: Path, world: Path) -> None:
    tagger = Tagger.load(tiny_bundle)
    reviews = read_labelled(world / "labels.jsonl")
    manifest = tagger.bundle.manifest
    calibration = Calibration.from_manifest(manifest["calibration"])
    thresholds = Thresholds.from_manifest(manifest["thresholds"])
    far = Calibration({head: Mix(9.0, 9.0, mix.bias) for head, mix in calibration.mixes.items()})
    few = reviews[: AT_LEAST - 1]
    assert recalibrate(few, seen_of(few, tagger), far, thresholds) == (far, thresholds)
    steps = []
    for n in (30, 120):
        own = reviews[:n]
        moved, chosen = recalibrate(own, seen_of(own, tagger), far, thresholds)
        steps.append(9.0 - moved.mixes["sentiment"].dense)
        # The fitted weights lie within 0…4, so the way from 9 is known.
        assert 5 * share_of(n) <= steps[-1] <= 9 * share_of(n)
        never = [name for name in THEMES if not any(m.theme == name for r in own for m in r.mentions)]
        for name in never:
            assert chosen.theme[THEMES.index(name)] == thresholds.theme[THEMES.index(name)]
    assert steps[0] < steps[1]
