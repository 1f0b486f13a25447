from __future__ import annotations

import pytest

from ugc.insight import Filters, Located, on_map


def said(count, sentiment="positive", **more):
    return [{"text": "Были здесь", "sentiment": sentiment, **more} for _ in range(count)]


@pytest.fixture
def snapshot(plant):
    lake = plant(
        *said(30, "negative", city="Казань", place="На Лесной"),
        *said(10, city="г. Казань"),
        *said(40, city="Warszawa"),
        *said(10, "negative", city="Варшава"),
        *said(7, city="Где-то"),
        *said(2, place="На Лесной"),
        *said(5),
        {"text": "Не прочитано", "city": "Казань"},
    )
    with lake.snapshot() as found:
        yield found


def test_cities_are_known_in_three_languages(snapshot):
    found = on_map(snapshot, Filters())
    warsaw, kazan = found.dots
    assert (warsaw.name, warsaw.values, warsaw.n, warsaw.negative) == (
        "Warszawa",
        ("Warszawa", "Варшава"),
        50,
        10,
    )
    assert (kazan.name, kazan.n, kazan.kind, kazan.share.value) == ("Казань", 40, "city", 0.75)
    assert (kazan.latitude, kazan.longitude) == (55.79, 49.12)
    assert kazan.significant
    assert kazan.share.low < kazan.shrunk < kazan.share.high


def test_what_is_not_on_the_map_is_counted(snapshot):
    found = on_map(snapshot, Filters())
    assert (found.n, found.located, found.unnamed, found.lost) == (104, 90, 5, 9)
    assert found.unknown == (("Где-то", 7), ("На Лесной", 2))
    assert found.located + found.unnamed + found.lost == found.n
    assert found.whole.value == pytest.approx(40 / 104)


def test_coordinates_of_ones_own_come_first(snapshot):
    own = (
        Located(2, "на лесной", None, 55.0, 49.0),
        Located(3, None, "Где-то", 10.0, -20.5),
        Located(4, None, "warszawa", 52.0, 21.0),
    )
    found = {one.name: one for one in on_map(snapshot, Filters(), own).dots}
    assert (found["На Лесной"].kind, found["На Лесной"].n) == ("place", 32)
    assert found["г. Казань"].n == 10
    assert (found["Где-то"].latitude, found["Где-то"].longitude) == (10.0, -20.5)
    assert (found["Warszawa"].n, found["Варшава"].n) == (40, 10)


def test_a_place_of_one_city_is_not_that_of_another(snapshot):
    elsewhere = (Located(2, "На Лесной", "Москва", 55.7, 37.6),)
    assert on_map(snapshot, Filters(), elsewhere).dots == on_map(snapshot, Filters()).dots
    here = (Located(2, "На Лесной", "казань", 55.7, 37.6),)
    assert {one.name for one in on_map(snapshot, Filters(), here).dots} >= {"На Лесной", "г. Казань"}


def test_filters_and_nothing(snapshot, plant):
    (only,) = on_map(snapshot, Filters(cities=("Казань",))).dots
    assert (only.n, only.q_value) == (30, None)
    nothing = on_map(snapshot, Filters(cities=("Нет",)))
    assert (nothing.n, nothing.whole, nothing.dots, nothing.unknown) == (0, None, (), ())
