from __future__ import annotations

from datetime import UTC, datetime

import pytest

from ugc.ingest.cells import flag, label, person, scale, whole
from ugc.ingest.dates import Dates, Moment
from ugc.ingest.identity import content_hash, content_id, date_key, plain_id, slug

NOW = datetime(2025, 10, 29, 20, tzinfo=UTC)


@pytest.mark.parametrize(
    ("name", "key"),
    [
        ("banki.ru", "banki_ru"),
        ("Google Play", "google_play"),
        ("www.ceneo.pl", "ceneo_pl"),
        ("banki_ru", "banki_ru"),
        ("Яндекс Карты", "яндекс_карты"),
        ("", "file"),
        ("!!", "file"),
    ],
)
def test_slug(name, key):
    assert slug(name) == key


@pytest.mark.parametrize(
    ("value", "text"),
    [(7, "7"), (12336496.0, "12336496"), ("77.0", "77"), (" a-1 ", "a-1"), (float("inf"), "inf")],
)
def test_plain_id(value, text):
    assert plain_id(value) == text


def test_the_date_in_an_id_outlives_a_later_export():
    dates = Dates(now=NOW)
    keys = {
        date_key(text, dates.read(text)) for text in ("Сегодня, 14:05", "Вчера, 14:05", "27 октября, 14:05")
    }
    assert keys == {"14:05"}
    assert date_key("27 октября", dates.read("27 октября")) == "27 октября"
    assert date_key("3 дня назад", dates.read("3 дня назад")) == ""
    assert date_key("31.05.2025 14:52", dates.read("31.05.2025 14:52")) == "31.05.2025 14:52"
    assert date_key(NOW, Moment(NOW)) == NOW.isoformat()


def test_content_id_ignores_spaces_and_tells_parts_apart():
    assert content_id(["a", "b  c"]) == content_id(["a ", "b c"])
    assert content_id(["a", "bc"]) != content_id(["ab", "c"])
    assert content_id([None]) == content_id([""])


def test_content_hash_changes_with_any_field():
    assert content_hash({"a": 1, "b": None}) == content_hash({"b": None, "a": 1})
    assert content_hash({"a": 1}) != content_hash({"a": 2})


def test_who_wrote_it():
    assert person({"author": "Ольга", "author_id": 76561197979911480}) == "Ольга"
    assert person({"author": "A Google user", "author_id": 76561197979911480}) == "76561197979911480"
    assert person({"author_mail": "a@b.ru"}) == "a@b.ru"
    assert person({"author": "Покупатель  Wildberries"}) == ""
    assert person({"author": "Użytkownik Ceneo"}) == ""
    assert person({}) == ""


def test_labels():
    assert label("Вклады|Вклады|Вклады") == "Вклады"
    assert label("A|B") == "A|B"
    assert label("  Отделение\nна Садовой ") == "Отделение на Садовой"
    assert label("Иван, +7 916 123-45-67") == "Иван, ‹phone›"
    assert label(55540989) == "55540989"
    assert label("nan") is None
    assert label(["a"]) is None
    assert len(label("x" * 900)) == 300


@pytest.mark.parametrize(
    ("value", "number"),
    [("5", 5), (3.0, 3), ("1 234", 1234), ([1, 2], 2), ("", None), ("нет", None), ("-1", None)],
)
def test_counts(value, number):
    assert whole(value) == number


@pytest.mark.parametrize(
    ("value", "found"),
    [
        ("True", True),
        ("False", False),
        (True, True),
        ("да", True),
        ("Opinia potwierdzona zakupem", True),
        ("nie potwierdzona", False),
        ("Verified purchase", True),
        ("Unverified", False),
        ("", None),
        ("кто знает", None),
    ],
)
def test_flags(value, found):
    assert flag(value) is found


@pytest.mark.parametrize(
    ("value", "best"), [("5", 5), (10, 10), ("1-5", 5), ("", None), ("звёзды", None), ("0", None)]
)
def test_scales(value, best):
    assert scale(value) == best
