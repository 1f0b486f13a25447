"""What labels mean: names in any spelling, stars, numbers refused, probabilities gathered."""

from __future__ import annotations

import tomllib
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import models.hub.labels
from models.hub.labels import CLASSES, NONE, LabelMap, label_map, meaning, simple
from ugc.errors import ModelError

TABLE = tomllib.loads(Path(models.hub.labels.__file__).with_name("labels.toml").read_text(encoding="utf-8"))
SENTIMENT = [(name, key) for key, names in TABLE["sentiment"].items() for name in names]
EMOTION = [(name, key) for key, names in TABLE["emotion"].items() for name in names]

GO_EMOTIONS = [
    "admiration",
    "amusement",
    "anger",
    "annoyance",
    "approval",
    "caring",
    "confusion",
    "curiosity",
    "desire",
    "disappointment",
    "disapproval",
    "disgust",
    "embarrassment",
    "excitement",
    "fear",
    "gratitude",
    "grief",
    "joy",
    "love",
    "nervousness",
    "optimism",
    "pride",
    "realization",
    "relief",
    "remorse",
    "sadness",
    "surprise",
    "neutral",
]
CEDR = ["no_emotion", "joy", "sadness", "surprise", "fear", "anger"]
EKMAN = ["anger", "disgust", "fear", "joy", "neutral", "sadness", "surprise"]


def test_the_table_names_our_classes_and_each_spelling_once():
    assert tuple(TABLE["sentiment"]) == CLASSES["sentiment"]
    assert tuple(TABLE["emotion"]) == (*CLASSES["emotion"], NONE)
    for pairs in (SENTIMENT, EMOTION):
        spellings = [simple(name) for name, _ in pairs]
        assert sorted(spellings) == sorted(set(spellings))


@pytest.mark.parametrize(
    ("label", "expected"),
    [
        ("POSITIVE", "positive"),
        ("Neg", "negative"),
        ("NEU", "neutral"),
        ("Mixed", "mixed"),
        ("Very Negative", "negative"),
        ("very_positive", "positive"),
        ("Позитивный", "positive"),
        ("НЕЙТРАЛЬНО", "neutral"),
        ("Pozytywna", "positive"),
        ("obojetny", "neutral"),
        ("__label__meta_minus_m", "negative"),
        ("__label__meta_amb", "mixed"),
        ("positive 😀", "positive"),
        ("1 star", "negative"),
        ("2 stars", "negative"),
        ("3 stars", "mixed"),
        ("4_stars", "positive"),
        ("5 звёзд", "positive"),
        ("1 gwiazdka", "negative"),
        ("star-5", "positive"),
        ("★★★", "mixed"),
        ("⭐⭐", "negative"),
        ("6 stars", None),
        ("0 stars", None),
        ("★★★★★★", None),
        ("LABEL_1", None),
        ("toxic", None),
        ("", None),
    ],
)
def test_sentiments_in_any_spelling(label, expected):
    assert meaning("sentiment", label) == expected


@pytest.mark.parametrize(
    ("label", "expected"),
    [
        ("annoyance", "anger"),
        ("Disgust", "anger"),
        ("nervousness", "anxiety"),
        ("FEAR", "anxiety"),
        ("grief", "sadness"),
        ("love", "joy"),
        ("admiration", "joy"),
        ("amusement", "joy"),
        ("no_emotion", NONE),
        ("neutral", NONE),
        ("Злость", "anger"),
        ("wdziecznosc", "gratitude"),
        ("curiosity", None),
        ("1 star", None),
    ],
)
def test_emotions_in_any_spelling(label, expected):
    assert meaning("emotion", label) == expected


@pytest.mark.parametrize("names", [GO_EMOTIONS, CEDR, EKMAN], ids=["GoEmotions", "CEDR", "Ekman"])
def test_every_label_of_the_common_sets_was_weighed(names):
    left_out = {simple(name) for name in TABLE["without_counterpart"]["emotion"]}
    for name in names:
        assert (meaning("emotion", name) is None) == (simple(name) in left_out), name


@given(
    st.sampled_from(SENTIMENT),
    st.sampled_from([str.upper, str.title, str.casefold]),
    st.sampled_from([" ", "_", "-", "  "]),
    st.sampled_from(["", "!", " 🙂", " ."]),
)
def test_case_spacing_and_marks_do_not_matter(pair, case, space, end):
    name, expected = pair
    assert meaning("sentiment", case(name).replace(" ", space) + end) == expected


def test_a_map_says_what_is_unknown_and_dropped():
    found = label_map("m", "emotion", GO_EMOTIONS, {})
    assert found.unknown == ()
    left_out = "approval caring confusion curiosity desire disapproval embarrassment realization"
    assert set(found.dropped) == set(left_out.split())
    found = label_map("m", "sentiment", ["1 star", "2 stars", "3 stars", "4 stars", "5 stars"], {})
    assert found.targets == ("negative", "negative", "mixed", "positive", "positive")
    assert (found.known, found.unknown) == (("positive", "negative", "mixed"), ("neutral",))


def test_bare_digits_are_stars_when_they_are_one_to_five():
    assert label_map("m", "sentiment", list("12345"), {}).targets[2] == "mixed"
    with pytest.raises(ModelError, match="do not say what they mean"):
        label_map("m", "sentiment", list("01234"), {})


@pytest.mark.parametrize("names", [["LABEL_0", "LABEL_1", "LABEL_2"], ["0", "1"], ["class 0", "positive"]])
def test_numbers_are_refused_with_the_option_to_write(names):
    with pytest.raises(ModelError) as caught:
        label_map("owner/name", "sentiment", names, {})
    assert all(name in caught.value.what for name in names)
    option = caught.value.mend.split('--labels "')[1].split('"')[0]
    assert option == ",".join(f"{name}=…" for name in names if name != "positive")
    assert all(one in caught.value.mend for one in (*CLASSES["sentiment"], NONE))


def test_what_the_user_says_wins():
    found = label_map(
        "m", "sentiment", ["LABEL_0", "LABEL_1", "neutral"], {0: "negative", 1: "positive", 2: "mixed"}
    )
    assert found.targets == ("negative", "positive", "mixed")
    found = label_map("m", "sentiment", ["pos", "neg", "skip", "neutral"], {3: NONE})
    assert (found.targets, found.dropped) == (("positive", "negative", None, None), ("skip",))


@pytest.mark.parametrize(
    ("kind", "names"),
    [
        ("sentiment", ["toxic", "harmless"]),
        ("sentiment", ["joy", "anger", "neutral"]),
        ("emotion", ["positive", "negative", "neutral"]),
        ("sentiment", ["entailment", "neutral", "contradiction"]),
    ],
)
def test_a_model_of_something_else_is_refused(kind, names):
    with pytest.raises(ModelError, match=f"does not read {kind}"):
        label_map("m", kind, names, {})


@given(
    st.lists(st.sampled_from(["positive", "negative", "mixed", "neutral", None]), min_size=1, max_size=8),
    st.integers(0, 2**32 - 1),
)
def test_gathered_probabilities(targets, seed):
    p = np.random.default_rng(seed).dirichlet(np.ones(len(targets)), size=3).astype(np.float32)
    names = tuple(str(i) for i in range(len(targets)))
    own = LabelMap("sentiment", names, tuple(targets), ())
    added, largest = own.gather(p, exclusive=True), own.gather(p, exclusive=False)
    kept = [i for i, target in enumerate(targets) if target]
    assert added.sum(axis=1) == pytest.approx(p[:, kept].sum(axis=1), abs=1e-5)
    for at, name in enumerate(CLASSES["sentiment"]):
        mine = [i for i, target in enumerate(targets) if target == name]
        assert largest[:, at] == pytest.approx(p[:, mine].max(axis=1) if mine else np.zeros(3))
        assert (added[:, at] >= largest[:, at] - 1e-6).all()
