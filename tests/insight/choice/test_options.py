from __future__ import annotations

from datetime import date

import pytest

from ugc.errors import InputError
from ugc.insight import Filters, options, settle


@pytest.fixture
def snapshot(plant):
    quick = {"company": "Lumbi", "sentiment": "positive", "text": "Быстро и вежливо"}
    speed, own = ("Быстро", "speed", "positive"), ("вежливо", "x-own", "positive")
    lake = plant(
        quick | {"city": "Казань", "date": "2026-06-10", "mentions": [speed]},
        quick | {"city": "Москва", "date": "2026-06-12", "mentions": [speed, own]},
        {"text": "Вклад", "company": "Ясень Банк", "city": "Москва", "date": "2026-01-01"},
        {"text": "Где-то", "company": "Lumbi"},
    )
    with lake.snapshot() as found:
        yield found


def values(found):
    return [(one.value, one.reviews) for one in found]


def test_what_the_lake_holds(snapshot):
    found = options(snapshot)
    assert values(found.companies) == [("Lumbi", 3), ("Ясень Банк", 1)]
    assert values(found.cities) == [("Москва", 2), ("Казань", 1), (None, 1)]
    assert values(found.products) == [(None, 4)]
    assert values(found.themes) == [("speed", 2), ("x-own", 1)]
    assert (found.first, found.last, found.reviews) == (date(2026, 1, 1), date(2026, 6, 12), 4)


def test_what_is_left_under_the_other_filters(snapshot):
    found = options(snapshot, Filters(companies=("Ясень Банк",)))
    assert values(found.companies) == [("Lumbi", 3), ("Ясень Банк", 1)]
    assert values(found.cities) == [("Москва", 1)]
    assert found.themes == ()
    assert (found.first, found.last) == (date(2026, 1, 1), date(2026, 1, 1))
    june = options(snapshot, Filters(since=date(2026, 6, 1)))
    assert values(june.companies) == [("Lumbi", 2)]
    assert june.first == date(2026, 1, 1)


def test_an_empty_lake(plant):
    with plant().snapshot() as snapshot:
        found = options(snapshot)
    assert (found.companies, found.themes, found.first, found.last, found.reviews) == ((), (), None, None, 0)


def test_values_are_brought_into_the_lakes_spelling(snapshot):
    asked = Filters(companies=("lumbi", "ЯСЕНЬ БАНК "), cities=("Казань", ""), themes=("Speed", "x-own"))
    assert settle(snapshot, asked) == Filters(
        companies=("Lumbi", "Ясень Банк"), cities=("Казань", None), themes=("speed", "x-own")
    )


@pytest.mark.parametrize(
    ("asked", "nearest"),
    [
        (Filters(companies=("Ясен банк",)), "Ясень Банк"),
        (Filters(companies=("Lumby",)), "Lumbi"),
        (Filters(cities=("Козань",)), "Казань"),
        (Filters(themes=("sped",)), "speed"),
        (Filters(themes=("transparancy",)), "transparency"),
    ],
)
def test_an_unknown_value_names_the_nearest(snapshot, asked, nearest):
    with pytest.raises(InputError) as caught:
        settle(snapshot, asked)
    assert caught.value.mend.startswith(f"Nearest: {nearest}")
    assert caught.value.exit_code == 2


def test_a_value_like_nothing_else_names_what_there_is(snapshot):
    with pytest.raises(InputError, match="There are: Москва, Казань"):
        settle(snapshot, Filters(cities=("Zzzzqqq\x1b[31m",)))
    with pytest.raises(InputError, match="none at all"):
        settle(snapshot, Filters(products=("Вклад",)))


def test_dates_the_wrong_way_round(snapshot):
    with pytest.raises(InputError, match="before they begin"):
        settle(snapshot, Filters(since=date(2026, 6, 2), until=date(2026, 6, 1)))
