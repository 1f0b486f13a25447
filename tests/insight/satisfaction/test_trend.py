from __future__ import annotations

from datetime import date

import pytest

from ugc.errors import InputError
from ugc.insight import Filters, theme_trend, trend
from ugc.insight.satisfaction.theme_course import theme_course


def said(day, sentiment="positive", **more):
    return {"text": "Ждал долго", "date": day, "sentiment": sentiment, **more}


SLOW = {"mentions": [("Ждал долго", "speed", "negative")], "sentiment": "negative"}


def test_no_review_no_trend(plant):
    with plant({"text": "без даты", "sentiment": "neutral"}).snapshot() as snapshot:
        assert trend(snapshot, Filters()) == ()
        assert theme_trend(snapshot, Filters(), "speed", "negative") == ()


def test_weeks_begin_on_monday_across_the_year(plant):
    # 2025-12-29 is a Monday, in ISO week 1 of 2026.
    lake = plant(said("2025-12-28T23:59:59"), said("2025-12-29T00:00:00"), said("2026-01-04T23:00:00"))
    with lake.snapshot() as snapshot:
        found = trend(snapshot, Filters(), "week")
    assert [(one.start, one.reviews) for one in found] == [(date(2025, 12, 22), 1), (date(2025, 12, 29), 2)]
    assert all(one.start.isocalendar().weekday == 1 for one in found)


def test_gaps_are_zero_volume_without_shares(plant):
    with plant(said("2026-01-15", stars=2.0), said("2026-04-02", "negative")).snapshot() as snapshot:
        found = trend(snapshot, Filters(), "month")
    assert [one.start.month for one in found] == [1, 2, 3, 4]
    assert [one.reviews for one in found] == [1, 0, 0, 1]
    gap = found[1]
    assert (gap.mean_stars, gap.csi, gap.negative_share, gap.low, gap.high, gap.net) == (None,) * 6
    assert (found[0].mean_stars, found[0].csi, found[3].mean_stars) == (2.0, 25.0, None)
    assert (found[0].negative_share, found[3].negative_share) == (0.0, 1.0)


def test_days_and_partial_periods(plant):
    lake = plant(said("2026-03-03"), said("2026-03-05"), said("2026-03-31"), said("2026-05-02"))
    with lake.snapshot() as snapshot:
        days = trend(snapshot, Filters(since=date(2026, 3, 3), until=date(2026, 3, 6)), "day")
        months = trend(snapshot, Filters(), "month")
    assert [(one.start.day, one.reviews, one.partial) for one in days] == [
        (3, 1, False),
        (4, 0, False),
        (5, 1, False),
        (6, 0, False),
    ]
    assert [one.partial for one in months] == [True, False, True]


def test_the_trend_ends_where_the_lake_ends(plant):
    with plant(said("2026-03-03"), said("2026-03-20")).snapshot() as snapshot:
        wide = trend(snapshot, Filters(since=date(2020, 1, 1), until=date(2030, 1, 1)), "week")
        assert [one.start.day for one in wide] == [2, 9, 16]
        # A choice that has nothing at the ends is still shown over the whole span of the lake.
        none = trend(snapshot, Filters(cities=("Тула",)), "week")
        assert [one.reviews for one in none] == [0, 0, 0]
        assert trend(snapshot, Filters(since=date(2027, 1, 1))) == ()


def test_a_theme_by_week(plant):
    lake = plant(
        *[said("2026-06-02", city="Казань") for _ in range(8)],
        *[said("2026-06-09", city="Казань", **SLOW) for _ in range(6)],
        *[said("2026-06-10", city="Казань") for _ in range(2)],
        *[said("2026-06-10", city="Москва") for _ in range(9)],
        {"text": "не прочитано", "date": "2026-06-11", "city": "Казань"},
    )
    with lake.snapshot() as snapshot:
        found = theme_trend(snapshot, Filters(cities=("Казань",)), "speed", "negative")
        # A chosen theme does not change what the share is a share of.
        assert found == theme_trend(
            snapshot, Filters(cities=("Казань",), themes=("speed",)), "speed", "negative"
        )
        assert theme_trend(snapshot, Filters(), "speed", "positive")[1].share == 0.0
    assert [(one.reviews, one.tagged, one.share) for one in found] == [(0, 8, 0.0), (6, 8, 0.75)]
    assert found[0].high < found[1].low


def test_a_theme_counts_once_a_review(plant):
    lake = plant(
        {
            "text": "Ждал долго. Ждал долго опять",
            "date": "2026-06-02",
            "sentiment": "negative",
            "mentions": [("Ждал долго.", "speed", "negative"), ("Ждал долго опять", "speed", "negative")],
        }
    )
    with lake.snapshot() as snapshot:
        assert theme_trend(snapshot, Filters(), "speed", "negative")[0].reviews == 1


def test_an_unknown_period_is_refused(plant):
    with plant(said("2026-06-02")).snapshot() as snapshot, pytest.raises(InputError, match="trend"):
        trend(snapshot, Filters(), "year")


def test_a_theme_has_volume_share_and_score(plant):
    fast = {"mentions": [("Ждал долго", "speed", "positive")]}
    both = {"mentions": [("Ждал", "speed", "positive"), ("долго", "speed", "negative")]}
    lake = plant(
        said("2026-01-05", **SLOW), said("2026-01-06", **fast), said("2026-01-07", **fast),
        said("2026-01-08", **both), said("2026-01-09"), said("2026-03-09"),
    )  # fmt: skip
    with lake.snapshot() as snapshot:
        first, gap, last = theme_course(snapshot, Filters(), "speed", "month")
        listed = theme_course(snapshot, Filters(themes=("price",)), "speed", "month")
        with pytest.raises(InputError, match="no trend by"):
            theme_course(snapshot, Filters(), "speed", "year")
    assert (first.tagged, first.reviews, first.share.value, first.score.value) == (5, 4, 0.8, 62.5)
    assert 0 <= first.score.low < 62.5 < first.score.high <= 100
    assert (gap.tagged, gap.reviews, gap.share, gap.score) == (0, 0, None, None)
    assert (last.reviews, last.share.value, last.score) == (0, 0, None)
    assert listed[0] == first


def test_an_empty_lake_has_no_course(plant):
    with plant().snapshot() as snapshot:
        assert theme_course(snapshot, Filters(), "speed") == ()
