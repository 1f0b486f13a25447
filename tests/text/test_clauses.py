"""Sentences and clauses: where they end, and that no string makes the splitter fail."""

from __future__ import annotations

import time

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from ugc.text.clauses import MAX_WORDS, sentences, split


def pieces(text: str, language: str) -> list[str]:
    return [text[c.start : c.end] for c in split(text, language)]


@pytest.mark.parametrize(
    ("language", "text", "expected"),
    [
        (
            "ru",
            "Персонал очень вежливый, но номер был грязный.",
            ["Персонал очень вежливый", "но номер был грязный"],
        ),
        (
            "ru",
            "Доставили быстро за день а коробка вся мятая",
            ["Доставили быстро за день а коробка вся мятая"],
        ),
        (
            "ru",
            "Ужасное обслуживание!Сотрудники ничего не знают",
            ["Ужасное обслуживание!", "Сотрудники ничего не знают"],
        ),
        ("ru", "Быстро, вежливо, чисто", ["Быстро, вежливо, чисто"]),
        ("ru", "Сказали мне, что перезвонят завтра", ["Сказали мне, что перезвонят завтра"]),
        (
            "en",
            "The room was clean but the staff were rude to us.",
            ["The room was clean", "but the staff were rude to us"],
        ),
        (
            "en",
            "- lovely staff all round\n- breakfast was really poor",
            ["lovely staff all round", "breakfast was really poor"],
        ),
        (
            "pl",
            "Obsługa bardzo miła, ale długo czekaliśmy na jedzenie.",
            ["Obsługa bardzo miła", "ale długo czekaliśmy na jedzenie"],
        ),
    ],
)
def test_clauses_end_at_commas_and_adversatives(language: str, text: str, expected: list[str]) -> None:
    assert pieces(text, language) == expected


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("ru", "Живу в г. Москва на ул. Ленина уже год"),
        ("ru", "Заплатил 500 руб. за доставку курьером"),
        ("ru", "Сняли деньги, т.е. списали дважды за месяц"),
        ("pl", "Mieszkam przy ul. Długiej od roku"),
        ("pl", "Można zapłacić np. kartą albo telefonem"),
        ("en", "Some items, e.g. cables and chargers, were missing"),
        ("en", "Spoke to Mr. Brown about my account"),
    ],
)
def test_abbreviations_do_not_end_sentences(language: str, text: str) -> None:
    assert [text[c.start : c.end] for c in sentences(text, language)] == [text]


@pytest.mark.parametrize(
    ("language", "text", "count"),
    [
        ("ru", "Вернули 500 руб. Больше не приду.", 2),
        ("ru", "Звонил дважды! Толку нет... Жду ответа?", 3),
        ("en", "It broke. I called them. Nothing.", 3),
        ("pl", "Polecam!\nBędę wracać.", 2),
    ],
)
def test_sentences_end_at_stops_and_lines(language: str, text: str, count: int) -> None:
    assert len(sentences(text, language)) == count


def test_a_rant_without_stops_is_cut_at_a_conjunction() -> None:
    text = "я позвонил в банк и мне ответили через час " * 10
    found = pieces(text, "ru")
    assert len(found) >= 3
    assert all(len(piece.split()) <= MAX_WORDS for piece in found)
    assert found[1].startswith("и ")


def check(text: str, language: str | None) -> None:
    for spans in (split(text, language), sentences(text, language)):
        end = 0
        for span in spans:
            assert end <= span.start < span.end <= len(text)
            piece = text[span.start : span.end]
            assert piece == piece.strip()
            end = span.end


@settings(max_examples=150, deadline=None)
@given(st.text(), st.sampled_from(["ru", "en", "pl", "de", None]))
@example("\ud83d broken \udc00 pair", "en")
@example("😀😀😀 ‼️ 👍🏽", "ru")
@example("...", "ru")
@example("\u0000\u200b\ufeff", "pl")
@example("а\u0301б\u0301в", "ru")
def test_spans_are_trimmed_ordered_and_apart(text: str, language: str | None) -> None:
    check(text, language)


@settings(max_examples=100, deadline=None)
@given(st.text(alphabet="аб вг.,!?…-—\n()аты но ", max_size=200))
def test_no_letter_is_lost(text: str) -> None:
    kept = "".join(text[c.start : c.end] for c in split(text, "ru"))
    letters = [c for c in text if c.isalpha()]
    assert [c for c in kept if c.isalpha()] == letters


@pytest.mark.parametrize(
    "text", ["!" * 100_000, "a" * 100_000, "очень плохо, " * 8_000, "a.b" * 30_000, "\n" * 100_000]
)
def test_a_hundred_kilobytes_take_no_more_than_seconds(text: str) -> None:
    began = time.process_time()
    check(text, "ru")
    assert time.process_time() - began < 15


@pytest.mark.shared
def test_clauses_cover_the_quotes_of_people(shared) -> None:
    import json

    hit = total = 0
    near = 0.0
    with (shared / "labels" / "train.jsonl").open(encoding="utf-8") as file:
        for line in list(file)[::10]:
            row = json.loads(line)
            found = split(row["text"], row["lang"])
            for mention in row["mentions"]:
                total += 1
                shares = [
                    (min(c.end, mention["end"]) - max(c.start, mention["start"]))
                    / (max(c.end, mention["end"]) - min(c.start, mention["start"]))
                    for c in found
                ]
                near += max(shares, default=0.0)
                hit += any(
                    2 * (min(c.end, mention["end"]) - max(c.start, mention["start"]))
                    >= min(c.end - c.start, mention["end"] - mention["start"])
                    for c in found
                )
    assert hit / total > 0.99
    assert near / total > 0.65
