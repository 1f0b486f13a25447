"""The whole recipe on a tiny encoder made here: it runs, learns, seals a bundle that answers."""

from __future__ import annotations

import os
from pathlib import Path

import numpy as np
import pytest
from tokenizers import Tokenizer
from typer.testing import CliRunner

from models.bundle import open_bundle
from models.labelled import LabelledMention, normalised, read_labelled, residue
from models.labels import EMOTIONS, POLARITIES, SENTIMENTS, THEMES, TOUCHPOINTS
from models.tagger import Tagger
from models.training.calibrate import fit_mix
from models.training.data import clause_targets, labelled_items, partial_items, split_labels, unseen
from models.training.public_sets import Partial, read_contact, read_emotion, read_sentiment
from tests.tiny import invented, write_lines
from ugc.cli.train import app
from ugc.errors import InputError, MissingExtra, ModelError
from ugc.text.clauses import Clause


@pytest.fixture(autouse=True)
def _tiny_in_use(tiny_bundle: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What is made here is compared with a bundle of its own size."""
    monkeypatch.setenv("UGC_MODEL", str(tiny_bundle))


def run(world: Path, out: Path, *more: str) -> None:
    arguments = [
        "--labels",
        str(world / "labels.jsonl"),
        "--data",
        str(world / "data"),
        "--base",
        str(world / "tiny"),
    ]
    result = CliRunner().invoke(app, [*arguments, "--out", str(out), "--epochs", "1", *more])
    if result.exception is not None and not isinstance(result.exception, SystemExit):
        raise result.exception
    assert result.exit_code == 0, result.output
    assert "TF-IDF + LR" in result.output


def test_the_recipe_makes_a_bundle_that_answers(world: Path, tmp_path: Path) -> None:
    out = tmp_path / "bundle"
    out.mkdir()
    (out / "manifest.json").write_text("an older bundle")
    (out / "old").write_text("part of it")
    run(world, out, "--name", "tiny", "--bundle-version", "7")
    assert not (out / "old").exists()
    assert not out.with_name("bundle.making").exists()
    assert not out.with_name("bundle.before").exists()
    bundle = open_bundle(out)
    bundle.check_files()
    assert bundle.version.startswith("tiny-7@")
    training = bundle.manifest["training"]
    assert "airline" not in training["sets"]
    assert training["sets"]["esg"] > 0
    tagger = Tagger.load(out)
    rows = read_labelled(world / "labels.jsonl")
    held_out = [review for review in rows if residue(review.text) == 0]
    tags = tagger.tag([review.text for review in held_out])
    right = sum(one.sentiment == review.sentiment for one, review in zip(tags, held_out, strict=True))
    # The rule of the tiny world can be learnt from single words.
    assert right / len(held_out) > 0.9
    measured = bundle.manifest["measured"]["held_out"]["model"]["all"]
    assert measured["sentiment accuracy"] == pytest.approx(right / len(held_out))
    assert measured["theme micro-F1"] > 0.7
    assert "tiny" in (out / "README.md").read_text(encoding="utf-8")


def test_the_same_seed_gives_the_same_answers(world: Path, tmp_path: Path) -> None:
    texts = ["вежливый персонал но долгая доставка", "грязный номер 5"]
    answers = []
    for name in ("one", "two"):
        run(world, tmp_path / name, "--seed", "3", "--threads", "1")
        answers.append(Tagger.load(tmp_path / name).tag(texts))
    assert answers[0] == answers[1]


def test_too_few_labels_are_refused(world: Path, tmp_path: Path) -> None:
    few = write_lines(tmp_path / "few.jsonl", invented(5))
    with pytest.raises(InputError, match=r"few\.jsonl leaves"):
        run(world, tmp_path / "out", "--labels", str(few))
    assert not (tmp_path / "out").exists()


def test_an_absent_encoder_is_named(world: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HF_HUB_OFFLINE", "1")
    with pytest.raises(ModelError, match="no encoder"):
        run(world, tmp_path / "out", "--base", str(tmp_path / "nothing" / "here" / "at" / "all"))
    assert "TOKENIZERS_PARALLELISM" not in os.environ or os.environ["TOKENIZERS_PARALLELISM"] == "false"


def test_splits_are_apart_and_the_measured_set_is_not_trained_on(world: Path) -> None:
    splits = split_labels(read_labelled(world / "labels.jsonl"))
    parts = [
        {normalised(r.text) for r in part} for part in (splits.train, splits.development, splits.held_out)
    ]
    assert all(parts)
    assert not parts[0] & parts[1]
    assert not parts[0] & parts[2]
    assert not parts[1] & parts[2]
    assert all(review.set != "airline" for review in [*splits.train, *splits.development])
    assert all(residue(review.text) == 0 for review in splits.held_out)


def test_public_texts_known_from_the_labels_are_dropped(world: Path) -> None:
    reviews = read_labelled(world / "labels.jsonl")
    public = unseen(world / "data", reviews)
    texts = [row.text for rows in public.values() for row in rows]
    known = {normalised(review.text) for review in reviews}
    assert texts
    assert not {normalised(text) for text in texts} & known
    assert "never trained on" not in texts
    assert len(texts) == len({normalised(text) for text in texts})


def test_clause_targets_by_hand() -> None:
    # "aaaa bbbb cccc": the quote covers the first clause and six characters of the second, of ten
    clauses = [Clause(0, 9), Clause(10, 30), Clause(31, 40)]
    quote = LabelledMention(0, 16, "speed", "negative", "delivery")
    theme, polarity, touchpoint = clause_targets(clauses, [quote])
    speed = THEMES.index("speed")
    assert theme[0, speed] == 1
    assert np.isnan(theme[1, speed])
    assert theme[2, speed] == 0
    assert np.nansum(theme) == 1
    assert polarity[0, speed] == POLARITIES.index("negative")
    assert (polarity >= 0).sum() == 1
    assert touchpoint[0, TOUCHPOINTS.index("delivery")] == 1
    assert np.isnan(touchpoint[1:]).all()


def test_what_a_set_does_not_say_is_not_trained(world: Path) -> None:
    tokenizer = Tokenizer.from_file(str(world / "tiny" / "tokenizer.json"))
    (item,) = partial_items(
        tokenizer, [Partial("очень плохо", "ru", "x", emotions={"joy": False, "anger": True})]
    )
    assert item.emotions[EMOTIONS.index("anger")] == 1
    assert item.emotions[EMOTIONS.index("joy")] == 0
    assert np.isnan(item.emotions[EMOTIONS.index("sadness")])
    for unknown in (
        item.sentiment,
        item.contact,
        item.loyalty,
        item.effort,
        item.flags,
        item.theme,
    ):
        assert np.isnan(unknown).all()
    (labelled,) = labelled_items(tokenizer, read_labelled(world / "labels.jsonl")[:1])
    for known in (labelled.sentiment, labelled.emotions, labelled.contact, labelled.loyalty, labelled.flags):
        assert not np.isnan(known).any()


def test_public_sets_are_mapped(world: Path) -> None:
    sentiment = read_sentiment(world / "data" / "sentiment.jsonl.gz")
    for row in sentiment:
        assert sum(row.sentiment) == pytest.approx(1)
    four_stars = next(row for row in sentiment if row.text == "куртка тёплая")
    assert max(zip(four_stars.sentiment, SENTIMENTS, strict=True))[1] == "mixed"
    assert read_emotion(world / "data" / "emotion.jsonl.gz")[0].emotions == {"joy": True, "anger": False}
    assert {row.contact for row in read_contact(world / "data" / "contact.jsonl.gz")} == {"question"}
    with pytest.raises(InputError, match="no file"):
        read_sentiment(world / "absent.gz")
    (world / "broken.gz").write_bytes(b"not gzip")
    with pytest.raises(InputError, match=r"broken\.gz"):
        read_sentiment(world / "broken.gz")


def test_the_mix_trusts_the_better_evidence() -> None:
    dice = np.random.default_rng(2)
    truth = dice.integers(0, 2, (400, 1)).astype(np.float32)
    good = (truth * 4 - 2 + dice.normal(0, 1, truth.shape)).astype(np.float32)
    noise = dice.normal(0, 2, truth.shape).astype(np.float32)
    mix = fit_mix(good, noise, truth, exclusive=False)
    assert mix.dense > 5 * mix.sparse
    alone = fit_mix(noise, good, truth, exclusive=False, only_sparse=True)
    assert alone.dense == 0
    assert alone.sparse > 0.5
    three = np.eye(3, dtype=np.float32)[dice.integers(0, 3, 300)]
    sharp = fit_mix(three * 8, np.zeros_like(three), three * 0.8 + 0.2 / 3, exclusive=True)
    # Logits of 8 say 99.9 %, the truth is 87 %: they are flattened.
    assert sharp.dense < 0.6


def test_without_torch_the_extra_is_named(
    world: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    import importlib.util

    find = importlib.util.find_spec
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: None if name == "torch" else find(name))
    with pytest.raises(MissingExtra, match=r"ugc\[train\]"):
        run(world, tmp_path / "out")
