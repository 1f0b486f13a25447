from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ugc.insight import DIMENSIONS, Filters, options, scores
from ugc.insight.choice.filters import day_start
from ugc.review import review_id

HOSTILE = "x'; DROP TABLE reviews; --"


def many():
    """Reviews that differ in everything; every third lacks a city, every fifth a date."""
    for n in range(60):
        yield {
            "text": f"Отзыв номер {n}",
            "source": ("otzovik", "banki_ru")[n % 2],
            "company": ("Lumbi", "Ясень Банк", HOSTILE)[n % 3],
            "product": (None, "Вклад")[n % 2],
            "place": ("", "Садовая", None)[n % 3],
            "city": (None, "Казань", "Москва")[n % 3],
            "language": ("ru", "pl", "en", None)[n % 4],
            "stars": float(n % 5 + 1),
            "date": None if n % 5 == 0 else datetime(2026, 1, 1, 12, tzinfo=UTC) + timedelta(days=n),
            "sentiment": ("positive", "negative")[n % 2],
            "mentions": [("Отзыв", ("speed", "price", "safety")[n % 3], "negative")],
        }


@pytest.fixture
def snapshot(plant):
    with plant(*many()).snapshot() as found:
        yield found


def count(snapshot, filters: Filters) -> int:
    where, params = filters.where("r")
    return snapshot.sql(f"SELECT count(*) AS n FROM reviews r WHERE {where}", params).to_pylist()[0]["n"]


def test_no_filter_chooses_all(snapshot):
    assert Filters().where() == ("true", {})
    assert not Filters()
    assert count(snapshot, Filters()) == 60


def test_values_are_alternatives_and_fields_narrow(snapshot):
    assert count(snapshot, Filters(cities=("Казань",))) == 20
    assert count(snapshot, Filters(cities=("Казань", "Москва"))) == 40
    assert count(snapshot, Filters(cities=("Казань",), sources=("otzovik",))) == 10
    assert count(snapshot, Filters(cities=("Самара",))) == 0


@pytest.mark.parametrize("nothing", [None, ""])
def test_reviews_without_a_value_can_be_chosen(snapshot, nothing):
    assert count(snapshot, Filters(cities=(nothing,))) == 20
    assert count(snapshot, Filters(cities=(nothing, "Казань"))) == 40
    assert count(snapshot, Filters(places=(nothing,))) == 40


def test_dates_are_days_in_utc_and_both_count(plant):
    lake = plant(
        {"text": "а", "date": "2026-03-01T23:59:59.999999"},
        {"text": "б", "date": "2026-03-02T00:00:00"},
        {"text": "в", "date": "2026-03-02T23:59:59.999999"},
        {"text": "г", "date": "2026-03-03T00:00:00"},
        {"text": "д"},
    )
    day = date(2026, 3, 2)
    with lake.snapshot() as snapshot:
        assert count(snapshot, Filters(since=day, until=day)) == 2
        assert count(snapshot, Filters(since=day)) == 3
        assert count(snapshot, Filters(until=day)) == 3


def test_the_day_does_not_follow_the_clock_of_the_machine(plant, monkeypatch):
    monkeypatch.setenv("TZ", "Asia/Tokyo")
    test_dates_are_days_in_utc_and_both_count(plant)


def test_themes_choose_reviews_that_mention_one(snapshot):
    assert count(snapshot, Filters(themes=("speed",))) == 20
    assert count(snapshot, Filters(themes=("speed", "price"))) == 40
    assert count(snapshot, Filters(themes=("speed",)).without_themes()) == 60


def test_reviews_can_be_left_out_by_id(snapshot):
    known = snapshot.sql("SELECT id FROM reviews ORDER BY id LIMIT 3")["id"].to_pylist()
    chosen = Filters(cities=("Казань", "Москва", None), left_out=(*known, "unknown", HOSTILE))
    assert chosen
    assert HOSTILE not in chosen.where()[0]
    assert count(snapshot, chosen) == 57
    assert chosen.without_themes().left_out == chosen.left_out


def test_a_value_is_never_part_of_the_statement(snapshot):
    where, params = Filters(companies=(HOSTILE,), themes=(HOSTILE,)).where()
    assert HOSTILE not in where
    assert params["f_company"] == [HOSTILE]
    assert count(snapshot, Filters(companies=(HOSTILE,))) == 20
    assert scores(snapshot, Filters(companies=(HOSTILE,))).reviews == 20


def test_day_start():
    assert day_start(date(1970, 1, 2)) == 86_400_000_000
    assert day_start(date(1969, 12, 31)) == -86_400_000_000


choices = st.fixed_dictionaries(
    {},
    optional={
        "cities": st.sampled_from([(), ("Казань",), (None,), ("Казань", None)]),
        "companies": st.sampled_from([(), ("Lumbi",), ("Lumbi", HOSTILE)]),
        "languages": st.sampled_from([("ru",), ("pl", "en"), (None,)]),
        "since": st.dates(date(2025, 12, 25), date(2026, 3, 5)),
        "until": st.dates(date(2025, 12, 25), date(2026, 3, 5)),
        "themes": st.sampled_from([("speed",), ("price", "safety")]),
        "left_out": st.sampled_from([(review_id("otzovik", "0"),), (review_id("banki_ru", "7"), "none")]),
    },
)


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(choices, choices)
def test_filters_commute_and_narrow(snapshot, one, other):
    """Choosing by A and then by B is choosing by both: the ids are those that both give."""

    def ids(filters: Filters) -> set[str]:
        where, params = filters.where("r")
        found = snapshot.sql(f"SELECT r.id FROM reviews r WHERE {where}", params)
        return set(found["id"].to_pylist())

    shared = {name: value for name, value in one.items() if name not in other}
    assert ids(Filters(**shared, **other)) == ids(Filters(**other)) & ids(Filters(**shared))
    assert ids(Filters(**one)) <= ids(Filters())


def test_counts_of_all_values_add_up_to_all(snapshot):
    found = options(snapshot)
    for name in DIMENSIONS:
        assert sum(one.reviews for one in getattr(found, name)) == 60
        for one in getattr(found, name):
            assert count(snapshot, Filters(**{name: (one.value,)})) == one.reviews
