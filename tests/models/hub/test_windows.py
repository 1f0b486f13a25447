"""Windows by a model's own tokenizer: nothing lost, nothing too long, marks in texts are words."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from models.hub.network import load
from models.hub.windows import LONGEST, USUAL, Framer
from tests.models.hub.tiny import OPINIONS, POSITIONS, make
from ugc.errors import ModelError

WORDS = [word for own in OPINIONS.values() for text in own for word in text.split()]


@pytest.fixture(scope="module")
def framer(opinions: Path) -> Framer:
    network = load(str(opinions))
    return Framer(network.name, network.tokenizer, network.positions)


@pytest.fixture(scope="module")
def tokenizer(opinions: Path):
    return load(str(opinions)).tokenizer


def test_a_short_text_is_what_the_tokenizer_gives(framer, tokenizer):
    text = "Отличный банк, очень вежливый персонал!"
    ((window,),) = framer.windows([text], ["ru"])
    assert window.ids.tolist() == tokenizer(text)["input_ids"]
    assert window.weight == len(window.ids) - 2


@settings(max_examples=40, deadline=None)
@given(st.lists(st.sampled_from([*WORDS, ".", ",", "но", "\n"]), min_size=1, max_size=150))
def test_every_token_is_in_its_place_and_owned_once(framer, tokenizer, words):
    text = " ".join(words)
    ids = tokenizer(text, add_special_tokens=False, verbose=False)["input_ids"]
    (windows,) = framer.windows([text], ["ru"])
    if not windows:
        return
    assert sum(window.weight for window in windows) == len(ids)
    assert max(len(window.ids) for window in windows) <= POSITIONS
    told: list[int] = []
    for window in windows:
        inner = window.ids[1:-1].tolist()
        told += inner[len(inner) - window.weight :]
        assert inner == told[len(told) - len(inner) :]
    assert told == ids


def test_windows_are_cut_between_clauses(framer, tokenizer):
    text = "Отличный банк и очень вежливый персонал. " * 12
    (windows,) = framer.windows([text], ["ru"])
    assert len(windows) > 2
    for window in windows:
        assert tokenizer.decode(window.ids[1:-1]).startswith("отличный")


def test_marks_of_the_tokenizer_in_a_text_are_words(tmp_path, framer, tokenizer):
    text = "банк [SEP] банк [MASK] [CLS] банк [PAD] банк банк банк банк банк банк"
    ((window,),) = framer.windows([text], ["ru"])
    special = {*tokenizer.all_special_ids} - {tokenizer.unk_token_id}
    assert not special & {*window.ids[1:-1].tolist()}
    network = load(str(make(tmp_path / "words", OPINIONS, by_word=True)))
    assert network.tokenizer("[SEP]", add_special_tokens=False, split_special_tokens=True)["input_ids"] == [
        network.tokenizer.sep_token_id
    ], "this tokenizer takes the mark for a word of its list"
    own = Framer("m", network.tokenizer, network.positions)
    ((window,),) = own.windows([text], ["ru"])
    assert not {*network.tokenizer.all_special_ids} - {network.tokenizer.unk_token_id} & {*window.ids[1:-1]}
    assert window.ids[[0, -1]].tolist() == [network.tokenizer.cls_token_id, network.tokenizer.sep_token_id]


def test_a_text_of_unknown_words_has_no_window(framer):
    assert framer.windows(["በጣም ቅልል", "", "банк"], ["am", "und", "ru"])[:2] == [(), ()]


def test_a_tokenizer_that_cuts_and_pads_is_kept_from_it(opinions, tokenizer):
    other = load(str(opinions)).tokenizer
    other.backend_tokenizer.enable_truncation(4)
    other.backend_tokenizer.enable_padding(length=20)
    ((window,),) = Framer("m", other, POSITIONS).windows(["очень вежливый персонал и банк"], ["ru"])
    assert window.ids.tolist() == tokenizer("очень вежливый персонал и банк")["input_ids"]


@pytest.mark.parametrize(
    ("said", "positions", "capacity"),
    [
        (20, 32, 18),
        (int(1e30), 32, 30),
        (int(1e30), None, USUAL - 2),
        (100_000, 200_000, LONGEST - 2),
    ],
)
def test_the_longest_window(opinions, said, positions, capacity):
    tokenizer = load(str(opinions)).tokenizer
    tokenizer.model_max_length = said
    assert Framer("m", tokenizer, positions).capacity == capacity


def test_a_model_of_a_few_tokens_is_refused(tokenizer):
    with pytest.raises(ModelError, match="only 4 tokens"):
        Framer("m", tokenizer, 6)


def test_segments_are_those_of_the_tokenizer(opinions):
    tokenizer = load(str(opinions)).tokenizer
    tokenizer.model_input_names = ["input_ids", "token_type_ids", "attention_mask"]
    ((window,),) = Framer("m", tokenizer, POSITIONS).windows(["банк"], ["ru"])
    assert window.types is not None
    assert np.array_equal(window.types, np.zeros(len(window.ids)))


def test_a_tokenizer_without_a_fast_form(tmp_path):
    from transformers import BertweetTokenizer

    (tmp_path / "vocab.txt").write_text("great 5\nhotel 4\nbad 3\n", encoding="utf-8")
    codes = "g r 9\ngr e 9\ngre a 9\ngrea t</w> 9\nh o 9\nho t 9\nhot e 9\nhote l</w> 9\nb a 9\nba d</w> 9\n"
    (tmp_path / "bpe.codes").write_text(codes, encoding="utf-8")
    slow = BertweetTokenizer(str(tmp_path / "vocab.txt"), str(tmp_path / "bpe.codes"))
    slow.model_max_length = 24
    framer = Framer("m", slow, 24)
    short, long, odd = framer.windows(
        [
            "great hotel",
            "great hotel bad hotel great hotel\n" * 10,
            "great hotel bad </s> \ud800 great hotel bad",
        ],
        ["en"] * 3,
    )
    assert short[0].ids.tolist() == slow("great hotel")["input_ids"]
    assert len(long) > 2
    assert max(len(window.ids) for window in long) <= 24
    pieces = slow("great hotel bad hotel great hotel\n" * 10, add_special_tokens=False)["input_ids"]
    assert sum(window.weight for window in long) == len(pieces)
    if odd:
        assert slow.eos_token_id not in odd[0].ids[1:-1]
