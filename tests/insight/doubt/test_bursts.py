from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import numpy as np
import pytest

from ugc.insight.doubt.bursts import bursts

FIRST = date(2026, 1, 1)


def came(counts, *, stars=5.0, source="otzovik", **more):
    """So many reviews a day from FIRST on."""
    for day, count in enumerate(counts):
        when = datetime(2026, 1, 1, 10, tzinfo=UTC) + timedelta(days=day)
        for _ in range(int(count)):
            yield {"text": "а", "source": source, "company": "Lumbi", "stars": stars, "date": when, **more}


def found(plant, *reviews):
    numbered = [one | {"source_id": str(n)} for n, one in enumerate(reviews)]
    with plant(*numbered).snapshot() as snapshot:
        return bursts(snapshot)


def even(mean, days=120, seed=5):
    return np.random.default_rng(seed).poisson(mean, days)


def test_a_full_day_is_found_with_what_was_expected(plant):
    counts = even(1.0)
    counts[70] += 20
    (one,) = found(plant, *came(counts), *came(even(1.0, seed=6), stars=1.0))
    assert (one.source, one.company, one.side, one.whole) == ("otzovik", "Lumbi", "glowing", True)
    assert one.first == one.last == FIRST + timedelta(days=70)
    assert one.reviews == counts[70]
    assert 0.5 < one.expected < 2
    assert one.q_value < 0.001


def test_a_full_week_is_one_burst_without_the_days_around(plant):
    counts = even(0.5)
    counts[60:65] += 6
    (one,) = found(plant, *came(counts, stars=1.0))
    assert one.side == "furious"
    assert one.first == FIRST + timedelta(days=60)
    assert one.last == FIRST + timedelta(days=64)


def test_a_place_of_its_own_is_seen_within_a_large_company(plant):
    small = even(0.2, seed=8)
    small[80] += 7
    (one,) = found(plant, *came(even(6.0), place="Садовая"), *came(small, place="Заводская"))
    assert (one.place, one.whole, one.reviews) == ("Заводская", False, small[80])


def test_without_stars_the_text_tells_the_side(plant):
    counts = even(1.0)
    counts[50] += 20
    (one,) = found(plant, *came(counts, stars=None, sentiment="negative"))
    assert one.side == "furious"


@pytest.mark.parametrize(
    "counts",
    [
        even(1.0),
        even(1.0) * (np.arange(120) < 60) + even(5.0, seed=9) * (np.arange(120) >= 60),
        even(np.tile([5, 5, 4, 4, 3, 1, 1], 18)[:120]),
        np.where(np.arange(400) % 30 == 0, 20, 0),
        np.r_[[30, 20, 10], even(1.0)],
        np.r_[np.ones(3), np.zeros(120), [9]],
        np.r_[even(2.0), np.zeros(60)],
    ],
    ids=["even", "doubled for good", "week days", "rough dates", "a launch", "no history", "silence"],
)
def test_what_only_looks_like_a_burst_is_none(plant, counts):
    assert found(plant, *came(counts)) == ()


def test_undated_and_far_dates_do_no_harm(plant):
    odd = [{"text": "а", "stars": 5.0, "date": datetime(year, 1, 1, tzinfo=UTC)} for year in (1, 9999)] * 30
    assert found(plant, *odd, *({"text": "а", "stars": 5.0} for _ in range(30))) == ()
    assert found(plant) == ()
