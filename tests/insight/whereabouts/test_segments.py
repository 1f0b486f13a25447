from __future__ import annotations

import pytest

from ugc.errors import InputError
from ugc.insight import Filters, segments


def said(slow, count, **more):
    mention = {"mentions": [("Ждал", "speed", "negative", "delivery")]} if slow else {}
    return [{"text": "Ждал и дождался", "sentiment": "negative", **mention, **more} for _ in range(count)]


def speed(snapshot, by, filters=None):
    return segments(snapshot, filters or Filters(), theme="speed", polarity="negative", by=by)


@pytest.fixture
def snapshot(plant):
    lake = plant(
        *said(True, 12, city="Казань", date="2026-06-10", app_version="5.2.0"),
        *said(False, 4, city="Казань", date="2026-05-10"),
        *said(True, 3, city="Москва", date="2026-05-11"),
        *said(False, 37, city="Москва", date="2026-06-30"),
        *said(False, 1, city="Тула", date="2026-04-01"),
        *said(True, 1),
        {"text": "Не прочитано", "city": "Тула"},
    )
    with lake.snapshot() as found:
        yield found


def test_a_city_that_stands_out_is_found(snapshot):
    kazan, moscow, tula, nowhere = speed(snapshot, "city")
    assert (kazan.value, kazan.reviews, kazan.tagged, kazan.share) == ("Казань", 12, 16, 0.75)
    assert kazan.rest_share == pytest.approx(4 / 42)
    assert kazan.significant
    assert kazan.low > moscow.high
    assert (moscow.value, moscow.significant) == ("Москва", True)
    assert (tula.value, tula.share, tula.tagged, tula.significant) == ("Тула", 0.0, 1, False)
    assert tula.share < tula.shrunk_share < 0.3
    assert (nowhere.value, nowhere.share, nowhere.significant) == (None, 1.0, False)


def test_time_runs_forward(snapshot):
    assert [(one.value, one.reviews) for one in speed(snapshot, "month")] == [
        ("2026-04", 0),
        ("2026-05", 3),
        ("2026-06", 12),
        (None, 1),
    ]
    assert [one.value for one in speed(snapshot, "week")][:2] == ["2026-03-30", "2026-05-04"]


def test_app_versions_and_touchpoints(snapshot):
    assert [(one.value, one.reviews) for one in speed(snapshot, "app_version")] == [("5.2.0", 12), (None, 4)]
    (delivery,) = speed(snapshot, "touchpoint")
    assert (delivery.value, delivery.reviews, delivery.tagged) == ("delivery", 16, 58)
    assert delivery.q_value is None


def test_filters_narrow_but_a_chosen_theme_does_not(snapshot):
    kazan = Filters(cities=("Казань",))
    assert [(one.value, one.tagged) for one in speed(snapshot, "month", kazan)] == [
        ("2026-05", 4),
        ("2026-06", 12),
    ]
    assert speed(snapshot, "city", Filters(themes=("speed",))) == speed(snapshot, "city")


def test_one_value_has_no_rest(snapshot):
    (only,) = speed(snapshot, "city", Filters(cities=("Казань",)))
    assert (only.rest_share, only.q_value, only.significant) == (None, None, False)


def test_nothing(plant):
    with plant().snapshot() as snapshot:
        assert speed(snapshot, "city") == ()
        assert speed(snapshot, "touchpoint") == ()
        with pytest.raises(InputError, match="breakdown"):
            speed(snapshot, "author")
