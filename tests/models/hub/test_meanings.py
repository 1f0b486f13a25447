"""--labels: a line or a file, each entry to the model that it is for, contradictions refused."""

from __future__ import annotations

import json

import pytest

from models.hub.meanings import Meaning, read_meanings, sort_out
from ugc.errors import InputError

NUMBERED = {"sentiment": ["LABEL_0", "LABEL_1", "LABEL_2"]}
BOTH = {"sentiment": ["LABEL_0", "LABEL_1"], "emotion": ["LABEL_0", "LABEL_1"]}


def test_a_line():
    assert read_meanings(" LABEL_0=negative, a=b = positive") == (
        Meaning("LABEL_0", "negative"),
        Meaning("a=b", "positive"),
    )


@pytest.mark.parametrize(
    "line", ["", "LABEL_0", "LABEL_0=", "=positive", "LABEL_0=negative,,LABEL_1=positive"]
)
def test_a_line_that_is_none(line):
    with pytest.raises(InputError, match="--labels"):
        read_meanings(line)


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("labels.json", json.dumps({"LABEL_0": "negative", "emotion": {"LABEL_0": "anger"}})),
        ("labels.toml", 'LABEL_0 = "negative"\n[emotion]\nLABEL_0 = "anger"\n'),
    ],
)
def test_a_file(tmp_path, name, text):
    path = tmp_path / name
    path.write_text(text, encoding="utf-8")
    assert read_meanings(str(path)) == (
        Meaning("LABEL_0", "negative"),
        Meaning("LABEL_0", "anger", "emotion"),
    )


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("labels.json", "{"),
        ("labels.json", "[1]"),
        ("labels.json", '{"LABEL_0": 1}'),
        ("labels.json", '{"other": {"LABEL_0": "negative"}}'),
        ("labels.toml", "LABEL_0 = "),
        ("labels.toml", None),
    ],
)
def test_a_file_that_cannot_be_read(tmp_path, name, text):
    path = tmp_path / name
    if text is not None:
        path.write_text(text, encoding="utf-8")
    with pytest.raises(InputError, match="labels"):
        read_meanings(str(path))


def test_entries_by_name_in_any_spelling_or_by_number():
    found = sort_out(read_meanings("label_0=NEG,1=позитивный,LABEL-2=none"), NUMBERED)
    assert found == {"sentiment": {0: "negative", 1: "positive", 2: "none"}}
    stars = {"sentiment": ["★", "★★"]}
    assert sort_out([Meaning("★★", "positive")], stars) == {"sentiment": {1: "positive"}}


def test_the_class_tells_which_model_an_entry_is_for():
    line = "LABEL_0=negative,LABEL_1=neutral,LABEL_0=anger,LABEL_1=joy"
    assert sort_out(read_meanings(line), BOTH) == {
        "sentiment": {0: "negative", 1: "neutral"},
        "emotion": {0: "anger", 1: "joy"},
    }
    line = "LABEL_0=negative,LABEL_1=positive,LABEL_0=none,LABEL_1=joy"
    assert sort_out(read_meanings(line), BOTH) == {
        "sentiment": {0: "negative", 1: "positive"},
        "emotion": {0: "none", 1: "joy"},
    }


def test_a_table_of_a_kind_tells_it_as_well():
    entries = [Meaning("LABEL_0", "neutral", "emotion"), Meaning("LABEL_0", "neutral", "sentiment")]
    assert sort_out(entries, BOTH) == {"sentiment": {0: "neutral"}, "emotion": {0: "none"}}


@pytest.mark.parametrize(
    ("line", "what"),
    [
        ("LABEL_0=good enough", "no class of ours"),
        ("LABEL_9=positive", "No label of the model is called LABEL_9"),
        ("9=positive", "No label of the model is called 9"),
        ("LABEL_0=joy", "a model of emotion, and none is used"),
        ("LABEL_0=positive,LABEL_0=negative", "two classes"),
    ],
)
def test_entries_that_do_not_fit(line, what):
    with pytest.raises(InputError, match=what) as caught:
        sort_out(read_meanings(line), NUMBERED)
    assert caught.value.mend
