"""Which texts of the public sets are held out, and the scores on them, on sets made for the test."""

from __future__ import annotations

import gzip
import hashlib
import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from models.evaluation.answers import Answers
from models.evaluation.lexicon import Lexicon
from models.evaluation.public import FIFTHS, PUBLISHED, SETS, held_out_of_public, read_set
from models.evaluation.public_scores import ON_SET, measure_public
from models.labelled import fingerprint, normalised, read_labelled, residue
from models.tagger import Tagger
from ugc.errors import InputError
from ugc.review import Sentiment, Tags

KNOWN = ["joy", "sadness", "surprise", "anxiety", "anger"]


def emotion(name: str, text: str, *shown: str) -> dict[str, Any]:
    """A row of a set of emotions."""
    return {"set": name, "lang": "ru", "unit": "sentence", "text": text, "emotions": list(shown)} | {
        "emotions_known": KNOWN
    }


def sentiment(name: str, text: str, said: str) -> dict[str, Any]:
    """A row of a set of sentiments."""
    return {"set": name, "lang": "ru", "unit": "sentence", "text": text, "sentiment": said}


def write(folder: Path, file: str, rows: list[dict[str, Any]]) -> None:
    """Writes gzipped JSON lines."""
    folder.mkdir(exist_ok=True)
    with gzip.open(folder / file, "wt", encoding="utf-8") as opened:
        opened.writelines(json.dumps(row, ensure_ascii=False) + "\n" for row in rows)


@pytest.fixture
def sets(tmp_path: Path) -> Path:
    """CEDR and esg of four hundred texts each, in which one word tells the label."""
    folder = tmp_path / "public"
    feelings = [("радость", ("joy",)), ("гнев", ("anger",)), ("печаль", ("sadness",)), ("стол", ())]
    moods = [("хорошо", "positive"), ("плохо", "negative"), ("обычно", "neutral")]
    write(
        folder,
        "emotion.jsonl.gz",
        [emotion("cedr", f"{feelings[i % 4][0]} дня {i}", *feelings[i % 4][1]) for i in range(400)]
        + [emotion("brighter", "радость", "joy")],
    )
    write(
        folder,
        "sentiment.jsonl.gz",
        [sentiment("esg", f"{moods[i % 3][0]} дня {i}", moods[i % 3][1]) for i in range(400)],
    )
    return folder


class Sure:
    """A reader that knows the words of the test's sets, and is as sure as it is told."""

    def __init__(self, sure: float) -> None:
        self.sure = sure

    def answer(self, texts: list[str], languages: list[str]) -> Answers:
        """Emotions shown from a half; sentiment mostly «mixed», which the set does not have."""
        tags = []
        for text in texts:
            p = {"joy": "радость" in text, "anger": "гнев" in text, "sadness": "печаль" in text}
            mood: Sentiment = "positive" if "хорошо" in text else "negative" if "плохо" in text else "neutral"
            odds = {"positive": 0.1, "negative": 0.1, "neutral": 0.1, "mixed": 0.6} | {mood: 0.2}
            tags.append(
                Tags(
                    sentiment="mixed",
                    sentiment_probabilities=odds,
                    emotions=tuple(name for name, there in p.items() if there and self.sure >= 0.5),
                    emotion_probabilities={name: self.sure * there for name, there in p.items()},
                )
            )
        return Answers(tags)


def test_a_fifth_of_some_sets_is_held_out_and_a_tenth_of_the_others() -> None:
    texts = [f"предложение {i}" for i in range(3000)]
    for name in [*FIFTHS, "goemotions", "wildberries"]:
        held = {text for text in texts if held_out_of_public(name, text)}
        part = 5 if name in FIFTHS else 10
        assert len(held) == pytest.approx(3000 / part, rel=0.15)
        assert held >= {text for text in texts if residue(text) == 0}
        for text in texts[:50]:
            number = int(hashlib.sha1(text.encode()).hexdigest()[:8], 16)
            assert (text in held) == (number % part == 0)


def test_any_string_has_a_place() -> None:
    assert held_out_of_public("cedr", "\ud800") in (True, False)


def test_a_set_is_read_once_a_text(tmp_path: Path) -> None:
    rows = [emotion("cedr", "Ура", "joy"), emotion("cedr", " ура! ", "joy"), emotion("cedr", " ", "joy")]
    write(tmp_path, "emotion.jsonl.gz", rows)
    (row,) = read_set(tmp_path, "cedr")
    assert (row.text, row.emotions, row.known) == (
        "Ура",
        {"joy"},
        ("joy", "surprise", "anger", "anxiety", "sadness"),
    )
    assert read_set(tmp_path, "goemotions") == []
    assert read_set(tmp_path, "esg") == []


def test_a_broken_file_is_explained(tmp_path: Path) -> None:
    (tmp_path / "emotion.jsonl.gz").write_bytes(b"not gzip")
    with pytest.raises(InputError, match="cannot be read"):
        read_set(tmp_path, "cedr")
    with pytest.raises(InputError, match="none of the sets"):
        measure_public(tmp_path / "absent", {})


def test_scores_on_held_out_texts(sets: Path) -> None:
    found = measure_public(sets, {"sure": Sure(0.9), "shy": Sure(0.4), "lexicon": Lexicon()})
    assert list(found) == ["cedr", "esg"]
    cedr, esg = found["cedr"], found["esg"]
    rows = read_set(sets, "cedr")
    assert cedr["n"] == sum(held_out_of_public("cedr", row.text) for row in rows)
    assert (cedr["unit"], cedr["left_out"]) == ("sentence", 0)
    # three of five emotions occur; as it is the shy one shows none, with the set's thresholds all
    assert cedr["readers"]["sure"]["macro-F1"] == 1
    assert cedr["readers"]["shy"]["macro-F1"] == 0
    assert cedr["readers"]["shy"]["macro-F1, thresholds of the set"] == 1
    assert 0 < cedr["readers"]["shy"]["macro-F1 with none"] < 0.3
    assert cedr["readers"][ON_SET]["macro-F1"] > 0.9
    # «mixed» is no class of the set: as it is all is wrong, among its classes all is right
    assert esg["readers"]["sure"]["accuracy"] == 0
    assert esg["readers"]["sure"]["accuracy, its classes only"] == 1
    assert esg["readers"][ON_SET]["macro-F1"] > 0.9
    assert list(esg["readers"]["lexicon"]) == ["macro-F1", "accuracy"]
    assert esg["readers"]["lexicon"]["accuracy"] > 0.5
    assert {one["value"] for one in cedr["published"]} == {0.73, 0.74}
    assert esg["published"] == []


def test_texts_that_were_trained_on_are_left_out(sets: Path) -> None:
    held = [row.text for row in read_set(sets, "cedr") if held_out_of_public("cedr", row.text)]
    known = np.asarray([fingerprint(text) for text in held[:7]], np.uint64)
    found = measure_public(sets, {"sure": Sure(0.9)}, [known], sets=["cedr"])
    assert (found["cedr"]["n"], found["cedr"]["left_out"]) == (len(held) - 7, 7)
    every = np.asarray([fingerprint(text) for text in held], np.uint64)
    found = measure_public(sets, {"sure": Sure(0.9)}, [known, every], sets=["cedr"])
    assert (found["cedr"]["n"], found["cedr"]["readers"]) == (0, {})


def test_published_figures_name_their_source() -> None:
    for one in PUBLISHED:
        assert one.set in SETS
        assert 0 < one.value < 1
        assert "/" in one.source
        assert one.note.endswith(".")


@pytest.mark.shared
def test_the_sets_are_there_in_the_shared_data(shared: Path) -> None:
    rows = read_set(shared / "data", "cedr")
    held = [row for row in rows if held_out_of_public("cedr", row.text)]
    assert len(rows) > 7000
    assert len(held) == pytest.approx(len(rows) / 5, rel=0.1)
    assert set(rows[0].known) == set(KNOWN)


@pytest.mark.shared
@pytest.mark.parametrize("name", sorted(FIFTHS))
def test_the_shipped_bundle_was_not_trained_on_held_out_texts(
    tagger: Tagger, shared: Path, name: str
) -> None:
    labels = {normalised(review.text) for review in read_labelled(shared / "labels" / "train.jsonl")}
    held = [row.text for row in read_set(shared / "data", name) if held_out_of_public(name, row.text)]
    # a labelled review may stand in a public set too; it goes by the split of the labels
    own = [text for text in held if normalised(text) not in labels]
    assert len(own) > 0.9 * len(held)
    prints = np.asarray([fingerprint(text) for text in own], np.uint64)
    assert not np.isin(prints, tagger.bundle.training_texts()).any()
