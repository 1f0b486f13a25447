from __future__ import annotations

import re

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ugc.grouping.names import CHARACTERS, Background, clause, name, phrases
from ugc.grouping.refresh import medoid

PHONE = [
    "Не могу дозвониться до оператора",
    "невозможно дозвониться до оператора",
    "Операторы не берут трубку, не дозвонилась до оператора",
]
REST = ["Приложение зависает каждый день", "Карту блокируют без причины", "Деньги не пришли вовремя"] * 3


def named(own: list[str], rest: list[str], language: str, taken: tuple[str, ...] = ()) -> str | None:
    cell = Background()
    cell.add(phrases(one, language) for one in [*own, *rest])
    return name([phrases(one, language) for one in own], cell, language, taken)


def test_a_name_holds_what_sets_the_reason_apart_in_the_words_of_customers():
    found = named(PHONE, REST, "ru")
    assert found is not None
    assert "дозвониться до оператора" in found
    assert "приложение" not in found


def test_english_and_polish_names():
    assert "operator" in (
        named(["no operator answers", "the operator never answers"] * 2, ["too slow"], "en") or ""
    )
    assert "infolini" in (
        named(["nie odbiera infolinia", "na infolinię trudno"] * 2, ["za wolno"], "pl") or ""
    )


def test_forms_of_a_word_count_as_one():
    said = ["звонил операторам банка", "звоню оператору банка", "звоню оператору банка с утра"]
    assert named(said, REST, "ru") == "звоню оператору банка"


def test_words_of_one_mention_make_no_name():
    assert named(["совсем другое", "ничего общего тут"], REST, "ru") is None


def test_a_name_that_another_reason_bears_is_passed_over():
    said = ["оператор молчит"] * 6 + ["оператор молчит, играет музыка"] * 4
    first = named(said, REST * 2, "ru")
    assert first == "оператор молчит"
    assert named(said, REST * 2, "ru", (first,)) == "играет музыка"
    assert named(said, REST * 2, "ru", ("операторы всё молчат",)) == "играет музыка"


@pytest.mark.parametrize(
    ("said", "language"),
    [
        ("всё очень хорошее", "ru"),
        ("просто отлично", "ru"),
        ("really good thanks", "en"),
        ("bardzo dobrze", "pl"),
    ],
)
def test_what_tells_only_how_somebody_liked_it_is_no_name(said, language):
    assert named([said] * 5, [], language) is None


def test_no_name_goes_across_a_comma_or_ends_in_the_air():
    assert named(["карта, банк"] * 5, REST, "ru") is None
    assert named(["горячую линию"] * 5, REST, "ru") is None
    assert named(["выпуск новой"] * 5, REST, "ru") is None


def test_a_clause_stands_for_a_reason_whose_mentions_share_no_words():
    assert (
        clause("Но до сих пор деньги на карту не вернули!", "ru") == "до сих пор деньги на карту не вернули"
    )
    assert clause("and so NFC fails", "en") == "NFC fails"
    long = clause("ждали " * 40, "ru")
    assert long is not None
    assert len(long) <= CHARACTERS
    assert long.endswith("ждали…")
    assert clause("😀 !!!", "ru") is None


HOSTILE = [
    "<script>alert(1)</script> плохо",
    '=HYPERLINK("http://x") плохо',
    "\x1b[31mплохо\u202e",
    "😀" * 50,
    "\U00017000 плохо",
]


@settings(max_examples=40)
@given(st.lists(st.text(max_size=40) | st.sampled_from(HOSTILE), min_size=1, max_size=8))
def test_a_name_is_words_and_nothing_else(quotes):
    found = named(quotes * 2, [], "ru")
    assert found is None or (len(found) <= CHARACTERS and re.fullmatch(r"[\w'’ -]+", found))


@settings(max_examples=100)
@given(st.text(max_size=200) | st.sampled_from(HOSTILE), st.sampled_from(["ru", "en", "pl"]))
def test_a_clause_is_words_on_one_line(quote, language):
    found = clause(quote, language)
    assert found is None or (len(found) <= CHARACTERS and re.fullmatch(r"[\w%][\w ,'’%…-]*", found))


def test_the_quote_is_short_sure_and_near_the_middle():
    quotes = ["x" * 300, "никто не берёт трубку", "да", "трубку там не берут совсем"]
    near = np.asarray([0.99, 0.7, 0.95, 0.8], np.float32)
    assert medoid(quotes, [0.9, 0.9, 0.9, 0.9], near) == 3
    assert medoid(quotes, [0.9, 0.9, 0.9, 0.2], near) == 1
    assert medoid(["a"], [0.1], near[:1]) == 0
