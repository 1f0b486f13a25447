"""Words taken out of a text: clauses and punctuation stay where they are."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as some

from models.occlusion import without, words
from ugc.text.clauses import Clause, split

PIECES = some.sampled_from(
    [
        "Курьер",
        "но",
        "ждали",
        "два",
        "часа",
        "Wi-Fi",
        "don't",
        "zł",
        "40",
        "👍",
        "😡😡",
        ",",
        ".",
        "!",
        "\n",
        " ",
        "  ",
        "—",
        "(",
        "_",
        "а\u0301",
        "\ud800",
    ]
)
TEXTS = some.lists(PIECES, max_size=25).map("".join) | some.lists(PIECES, max_size=25).map(" ".join)


def said(text: str, spans: list[Clause]) -> list[str]:
    return [text[one.start : one.end] for one in spans]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Третий раз звоню, 40 минут!", ["Третий", "раз", "звоню", "40", "минут"]),
        ("Wi-Fi don't work: из-за", ["Wi-Fi", "don't", "work", "из-за"]),
        ("ok👍🏻❤️ ok", ["ok", "👍🏻❤️", "ok"]),
        ("за\u0301мок ‹телефон› a_b", ["за\u0301мок", "телефон", "a", "b"]),
        ("--- ... 'x' -y-", ["x", "y"]),
        ("", []),
    ],
)
def test_words(text: str, expected: list[str]) -> None:
    assert said(text, words(text)) == expected


@pytest.mark.parametrize(
    ("text", "word", "left", "clauses"),
    [
        ("Всё хорошо, но долго.", "но", "Всё хорошо, долго.", ["Всё хорошо", "долго"]),
        ("Всё хорошо, но долго.", "долго", "Всё хорошо, но.", ["Всё хорошо", "но"]),
        ("Всё хорошо, но долго.", "Всё", "хорошо, но долго.", ["хорошо", "но долго"]),
        ("Ужас! Больше ни ногой", "Ужас", "! Больше ни ногой", ["", "Больше ни ногой"]),
        ("«Вежливый» курьер", "Вежливый", "«» курьер", ["«» курьер"]),
        ("строка раз\nстрока два", "два", "строка раз\nстрока", ["строка раз", "строка"]),
    ],
)
def test_one_word_out(text: str, word: str, left: str, clauses: list[str]) -> None:
    own = {
        "Всё": [Clause(0, 10), Clause(12, 20)],
        "Ужа": [Clause(0, 4), Clause(6, 21)],
        "«Ве": [Clause(0, 17)],
        "стр": [Clause(0, 10), Clause(11, 21)],
    }[text[:3]]
    place = text.index(word)
    kept, moved = without(text, own, [Clause(place, place + len(word))])
    assert kept == left
    assert [one.strip("!") for one in said(kept, moved)] == clauses


def test_the_text_alone_would_fall_into_other_clauses() -> None:
    text = "Персонал очень вежливый но ждали заказ два часа"
    own = split(text, "ru")
    place = text.index("но")
    kept, moved = without(text, own, [Clause(place, place + 2)])
    assert said(text, own) == ["Персонал очень вежливый", "но ждали заказ два часа"]
    assert said(kept, moved) == ["Персонал очень вежливый", "ждали заказ два часа"]
    assert split(kept, "ru") != moved


@given(TEXTS)
def test_nothing_out_is_the_text(text: str) -> None:
    own = split(text, "ru")
    assert without(text, own, []) == (text, own)


@given(TEXTS, some.data())
def test_only_the_word_and_a_blank_go(text: str, data: some.DataObject) -> None:
    own, listed = split(text, "ru"), words(text)
    if not listed:
        return
    at = sorted(data.draw(some.sets(some.integers(0, len(listed) - 1), min_size=1, max_size=4)))
    out = [listed[i] for i in at]
    kept, moved = without(text, own, out)
    cut = "".join(text[i] for i in range(len(text)) if not any(one.start <= i < one.end for one in out))
    assert kept.replace(" ", "") == cut.replace(" ", "")
    assert 0 <= len(cut) - len(kept) <= len(out)
    assert len(moved) == len(own)
    assert all(0 <= one.start <= one.end <= len(kept) for one in moved)
    assert all(a.end <= b.start for a, b in pairwise(moved))
    for before, after in zip(own, moved, strict=True):
        if not any(before.start < one.end and one.start < before.end for one in out):
            assert text[before.start : before.end] == kept[after.start : after.end]


def test_whole_clauses_may_go() -> None:
    text = "Быстро, дёшево, вежливо."
    own = [Clause(0, 6), Clause(8, 14), Clause(16, 23)]
    assert without(text, own, own[:2]) == (", , вежливо.", [Clause(0, 0), Clause(2, 2), Clause(4, 11)])
    assert without(text, own, own)[0] == ", , ."
