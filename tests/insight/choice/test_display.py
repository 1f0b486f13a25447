from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ugc.insight.choice.display import printable, web_address


@given(st.text())
def test_nothing_printed_steers_a_terminal(text: str) -> None:
    shown = printable(text)
    assert not any(ord(mark) < 32 or 127 <= ord(mark) < 160 or mark in "\u202e\u2028\u2029" for mark in shown)


def test_words_stay() -> None:
    assert printable("Ёж, łóżko \U0001f600 — 199 ₽") == "Ёж, łóżko \U0001f600 — 199 ₽"
    assert printable("два\r\n\tслова") == "два слова"
    assert printable("\x1b]0;owned\x07\x1b[31mred") == "\ufffd]0;owned\ufffd\ufffd[31mred"


@pytest.mark.parametrize(
    "url", ["https://otzovik.example/review/1?a=b#c", "http://127.0.0.1:8000/x", "https://отзывы.example/я"]
)
def test_web_addresses_pass(url: str) -> None:
    assert web_address(url) == url


@pytest.mark.parametrize(
    "url",
    [
        None,
        "",
        "javascript:alert(1)",
        "JaVaScRiPt://x/%0aalert(1)",
        "data:text/html,<script>",
        "file:///etc/passwd",
        "https:",
        "https://",
        "//evil.example",
        "https://a b.example",
        "https://a.example/\x1b[2J",
        'https://a.example/"onclick=x',
        "https://[broken",
        "\u202ehttps://a.example",
    ],
)
def test_everything_else_does_not(url: str | None) -> None:
    assert web_address(url) is None
