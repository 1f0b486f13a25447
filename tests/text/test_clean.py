from __future__ import annotations

import time
import unicodedata

import ftfy
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ugc.text.clean import _CONFIG, _is_plain, clean, clean_line
from ugc.text.privacy import mask


@pytest.mark.parametrize(
    ("raw", "text"),
    [
        ("Плохо.<br/>Очень&nbsp;плохо &laquo;всё&raquo;", "Плохо.\nОчень плохо «всё»"),
        ("<p>Первое</p><p>Второе <b>жирное</b></p>", "Первое\nВторое жирное"),
        ("&lt;p&gt;дважды&lt;/p&gt;", "дважды"),
        ("a<script>alert('x')</script>b", "a b"),
        ("<style>p{color:red}</style>текст<!-- заметка -->", "текст"),
        ("люблю <3 и 5 < 7 > 2", "люблю <3 и 5 < 7 > 2"),
        ("<спасибо> за всё", "<спасибо> за всё"),
        ("AT&T и Q&A; R&D", "AT&T и Q&A; R&D"),
        ("\u0420\u045f\u0421\u0402\u0420\u0451\u0420\u0406\u0420\u00b5\u0421\u201a", "Привет"),
        ("ZaÅ¼Ã³Å‚Ä‡", "Zażółć"),
        ("и\u0306огурт", "йогурт"),
        ("сло\u00adво\u200b и\u2060 ещё\ufeff", "слово и ещё"),
        ("\u202eяанъл\u202c", "яанъл"),
        ("семья 👨\u200d👩\u200d👧 рада ❤️", "семья 👨\u200d👩\u200d👧 рада ❤️"),
        ("Светит， а потолок заиграл", "Светит, а потолок заиграл"),
        ("ки\ud83dд", "ки\ufffdд"),
        ("пара \ud83d\ude00 тут", "пара 😀 тут"),
        ("одна\r\nдве\rтри\u2028четыре", "одна\nдве\nтри\nчетыре"),
        ("а\n\n\n\n\nб", "а\n\nб"),
        ("  много \t  пробелов  \n  тут ", "много пробелов\nтут"),
        ("a\x00b\x07c\x1b[31mкрасный", "abcкрасный"),
        ("«ёлочки» и “лапки” — тире…", "«ёлочки» и “лапки” — тире…"),
        ("Świetny sklep, żółw", "Świetny sklep, żółw"),
        ("z\u0300\u0301\u0302\u0303\u0304algo", "z\u0300\u0301algo"),
        ("", ""),
    ],
)
def test_clean(raw, text):
    assert clean(raw) == text


@settings(max_examples=200, deadline=None)
@given(st.text(alphabet=st.characters(codec="utf-8", exclude_categories=["Cs"]), max_size=60))
def test_nothing_invisible_or_broken_is_left(raw):
    text = clean(raw)
    text.encode("utf-8")
    assert not any(sign in text for sign in "\x00\u200b\u202e\ufeff\u2028\r\t")
    assert text == text.strip()
    assert "\n\n\n" not in text


def test_a_long_text_stays_whole():
    raw = "Долгая история про банк. " * 40_000
    assert clean(raw) == raw.strip()


def test_clean_line_is_one_line():
    assert clean_line("Отделение\n на  Садовой<br>12") == "Отделение на Садовой 12"


@pytest.mark.parametrize(
    "unit", ["<!--", "<script>", "<", "&amp;", "<a ", "(((", "http://", "8 (", "тел 1", "1 "]
)
def test_hostile_repetition_takes_no_longer_than_its_length_allows(unit):
    text = unit * (200_000 // len(unit))
    started = time.process_time()
    mask(clean(text))
    assert time.process_time() - started < 5


@given(
    st.text(
        alphabet=[
            *map(chr, range(32, 127)),
            *map(chr, range(0x410, 0x450)),
            *"Ёё«»—–№ĄąĆćĘęŁłŃńÓóŚśŹźŻż\nРСРСГВ",
        ],
        max_size=40,
    )
)
@settings(max_examples=2000, deadline=None)
def test_ordinary_writing_needs_no_mending(text: str) -> None:
    """What is passed over for speed is what ftfy would leave alone."""
    if _is_plain(text):
        assert ftfy.fix_text(text, _CONFIG) == text
        assert unicodedata.normalize("NFC", text) == text
