"""The language of a text, short ones above all."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ugc.text.language import detect


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("ок", "ru"),
        ("Очень хорошо", "ru"),
        ("Приложение Сбера на iPhone вылетает", "ru"),
        ("very good", "en"),
        ("Best app ever!!!", "en"),
        ("The delivery was late and nobody answered the phone.", "en"),
        ("polecam", "pl"),
        ("bardzo dobry produkt", "pl"),
        ("Wszystko zgodne z opisem, szybka wysyłka.", "pl"),
        ("Чудовий банк, рекомендую всім", "uk"),
        ("Das Hotel war sehr schön und sauber, das Personal freundlich", "de"),
        ("C’est une honte, je ne recommande pas du tout cette banque", "fr"),
        ("非常好的酒店", "zh"),
        ("とても良いホテルでした", "ja"),
        ("", "und"),
        ("12345 !!!", "und"),
        ("👍👍👍", "und"),
        ("https://example.org/very/good", "und"),
    ],
)
def test_languages(text: str, language: str) -> None:
    assert detect(text) == language


@settings(max_examples=200, deadline=None)
@given(st.text())
def test_any_string_gets_a_code(text: str) -> None:
    code = detect(text)
    assert code == "und" or (len(code) == 2 and code.islower())


def test_broken_surrogates_and_long_texts() -> None:
    assert detect("Плохой банк \ud83d\ud83d") == "ru"
    assert detect("x" * 100_000)
    assert detect("Отличный магазин, беру не первый раз. " * 3_000) == "ru"


@pytest.mark.shared
def test_accuracy_on_labelled_reviews(shared) -> None:
    import json

    with (shared / "labels" / "train.jsonl").open(encoding="utf-8") as file:
        rows = [json.loads(line) for line in list(file)[::5]]
    right = sum(detect(row["text"]) == row["lang"] for row in rows)
    assert right / len(rows) > 0.99
