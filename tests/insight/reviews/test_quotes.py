from __future__ import annotations

import pytest

from ugc.insight import Filters, reasons, typical_quotes
from ugc.insight.reviews.quotes import _together

SLOW = [
    "Посылку везли целых две недели вместо трёх дней",
    "посылка ехала две недели, это очень долго",
    "Доставка шла почти две недели, очень медленно",
    "Курьера с посылкой ждали две недели",
    "ждём посылку вторую неделю, доставка очень долгая",
]


def said(quote, *, before="", after="", theme="speed", confidence=0.9, **more):
    return {
        "text": f"{before}{quote}{after}",
        "sentiment": "negative",
        "date": "2026-06-10",
        "mentions": [(quote, theme, "negative", "delivery", confidence)],
        **more,
    }


def quotes(lake, count=3, **filters):
    with lake.snapshot() as snapshot:
        found = typical_quotes(
            snapshot, Filters(**filters), themes=["speed", "price"], polarity="negative", count=count
        )
        texts = {row["id"]: row["text"] for row in snapshot.sql("SELECT id, text FROM reviews").to_pylist()}
    for rows in found.values():
        for one in rows:
            assert texts[one.review_id][one.start : one.end] == one.text
        assert len({one.review_id for one in rows}) == len(rows)
    return found


def test_a_quote_is_its_span_with_all_that_is_known_of_it(plant):
    lake = plant(
        said(
            SLOW[0], before="😀 Ужас!\n", after=" Больше не закажу.", source="banki_ru", city="Казань",
            company="Lumbi", product="Посуда", place="ПВЗ", language="ru", stars=1.0,
            url="https://banki-ru.example/1",
        )
    )  # fmt: skip
    (found,) = quotes(lake)["speed"]
    assert found.text == SLOW[0]
    assert found.start == len("😀 Ужас!\n")
    assert (found.source, found.city, found.company, found.product) == (
        "banki_ru",
        "Казань",
        "Lumbi",
        "Посуда",
    )
    assert (found.product, found.place, found.language) == ("Посуда", "ПВЗ", "ru")
    assert (found.stars, found.touchpoint) == (1.0, "delivery")
    assert found.url == "https://banki-ru.example/1"
    assert found.confidence == pytest.approx(0.9)


@pytest.mark.parametrize("url", ["javascript:alert(1)", "ftp://x.example", None])
def test_other_addresses_are_no_links(plant, url):
    assert quotes(plant(said(SLOW[0], url=url)))["speed"][0].url is None


def test_typical_quotes_come_before_odd_ones(plant):
    odd = "Зелёный носорог насвистывал марш под моим балконом"
    found = quotes(plant(said(odd, confidence=0.99), *[said(one) for one in SLOW]))["speed"]
    assert len(found) == 3
    assert odd not in {one.text for one in found}


def test_doubtful_quotes_come_last(plant):
    lake = plant(said(SLOW[1], confidence=0.2), *[said(one, confidence=0.9) for one in SLOW[2:]])
    assert SLOW[1] not in {one.text for one in quotes(lake)["speed"]}


def test_short_and_long_quotes_only_fill_up(plant):
    lake = plant(said("Долго"), said("Очень долго везли посылку, " * 12), said(SLOW[0], confidence=0.5))
    assert quotes(lake, 1)["speed"][0].text == SLOW[0]
    assert len(quotes(lake)["speed"]) == 3


def test_no_near_duplicates_no_author_twice_no_sentence_twice(plant):
    lake = plant(
        said(SLOW[0], author="a"),
        said(SLOW[0] + "!", author="b"),
        said(SLOW[1], author="a"),
        said(SLOW[2], author="c", duplicate_of="x"),
        said(SLOW[3], author="d"),
        said(SLOW[4], author="e"),
    )
    found = quotes(lake)["speed"]
    assert len(found) == 3
    texts = {one.text for one in found}
    assert SLOW[2] not in texts
    assert len(texts & {SLOW[0], SLOW[0] + "!"}) <= 1
    assert len(texts & {SLOW[0], SLOW[1]}) <= 1


def test_two_clauses_of_a_review_are_one_quote(plant):
    both = said(f"{SLOW[0]}. {SLOW[3]}")
    both["mentions"] = [(SLOW[0], "speed", "negative"), (SLOW[3], "speed", "negative")]
    assert len(quotes(plant(both))["speed"]) == 1


def test_one_author_is_quoted_again_rather_than_nobody(plant):
    found = quotes(plant(said(SLOW[0], author="a"), said(SLOW[3], author="a")))["speed"]
    assert len(found) == 2


def test_a_quote_belongs_to_its_theme_and_filters(plant):
    lake = plant(said(SLOW[0], city="Казань"), said("Цены подняли вдвое", theme="price", city="Тула"))
    assert {theme: len(found) for theme, found in quotes(lake).items()} == {"speed": 1, "price": 1}
    assert list(quotes(lake, cities=("Тула",))) == ["price"]
    assert quotes(lake, 0) == {}


def test_the_same_lake_gives_the_same_quotes(plant):
    lake = plant(*[said(one) for one in SLOW])
    assert quotes(lake) == quotes(lake)


@pytest.mark.parametrize(
    "text",
    [
        "<script>alert(1)</script> и ещё немного слов",
        '=HYPERLINK("http://evil.example") нажмите сюда',
        "\x1b[31mкрасный\x1b[0m текст в терминале, друзья",
        "\u202eсправа налево написано вот здесь",
        "{chosen} {0} %s $f_city ' OR 1=1 -- и так далее",
        "🤬" * 40,
        "!",
    ],
)
def test_hostile_text_is_quoted_as_it_is(plant, text):
    with plant(said(text)).snapshot() as snapshot:
        found = reasons(snapshot, Filters(), polarity="negative")
    assert found.rows[0].quotes[0].text == text


def test_in_a_large_lake_quotes_come_from_neighbours(plant, monkeypatch):
    """Every theme keeps its quotes, a rare one too, and each is a clause of its review as before."""
    monkeypatch.setattr("ugc.insight.reviews.quotes._MANY", 1)
    rare = "Цену подняли без предупреждения второй раз"
    lake = plant(said(rare, theme="price"), *[said(f"{one} {n}") for n in range(30) for one in SLOW])
    found = quotes(lake)
    assert [one.text for one in found["price"]] == [rare]
    assert len(found["speed"]) == 3


def test_a_rare_theme_does_not_call_for_every_neighbourhood():
    rows = [{"key": n << 14, "theme": "price"} for n in range(40)]
    rows += [{"key": (3 << 14) + n, "theme": "speed"} for n in range(200)]
    kept = _together(rows)
    assert len({row["key"] >> 14 for row in kept}) == 12
    assert sum(row["theme"] == "speed" for row in kept) == 200
    assert sum(row["theme"] == "price" for row in kept) == 12
