from __future__ import annotations

from datetime import date, timedelta

import numpy as np
import pytest

from ugc.insight import Filters
from ugc.insight.satisfaction.change_points import change_points, find
from ugc.insight.satisfaction.series import Series

STARTS = tuple(date(2025, 1, 6) + timedelta(days=7 * week) for week in range(40))
AT = 24


def courses(seed, jump=0.0):
    """Uneven, slowly growing volume, the share of negatives and four themes, by week."""
    dice = np.random.default_rng(seed)
    n = dice.poisson(100 * np.exp(0.01 * np.arange(40)) * dice.gamma(20, 1 / 20, 40)).astype(float)
    share = np.where(np.arange(40) >= AT, 0.2 + jump, 0.2)
    made = [Series("volume", None, None, STARTS, n, np.ones(40))]
    made.append(Series("negative", None, None, STARTS, dice.binomial(n.astype(int), share) * 1.0, n))
    for rate in (0.01, 0.03, 0.08, 0.15):
        counts = dice.binomial(n.astype(int), rate) * 1.0
        made.append(Series("theme", f"t{rate}", "negative", STARTS, counts, n))
    return made


def test_noise_is_no_change():
    assert sum(bool(find(courses(seed))) for seed in range(100)) <= 5


def test_a_planted_change_is_found_with_its_date_and_size():
    dated = sized = 0
    for seed in range(100):
        one = next((x for x in find(courses(seed, 0.1)) if x.kind == "negative"), None)
        dated += one is not None and one.earliest <= STARTS[AT] <= one.latest
        sized += one is not None and one.size.low <= 0.1 <= one.size.high
    assert min(dated, sized) >= 95


def said(day, count, blamed, city):
    for n in range(count):
        bad = n < blamed
        yield {
            "text": "Посылку везли целых две недели" if bad else "Всё хорошо",
            "date": day.isoformat(),
            "city": city,
            "stars": 1.0 if bad else 5.0,
            "sentiment": "negative" if bad else "positive",
            "mentions": [("Посылку везли целых две недели", "speed", "negative")] if bad else [],
        }


def test_the_reviews_that_made_it(plant):
    rows = []
    for week, start in enumerate(STARTS[:20]):
        rows += said(start, 10, 1, "Москва")
        rows += said(start + timedelta(days=6), 10, 7 if week >= 12 else 1, "Казань")
    with plant(*rows).snapshot() as snapshot:
        found = change_points(snapshot, Filters())
        assert {one.kind for one in found} == {"negative", "stars", "theme"}
        for one in found:
            assert one.earliest <= STARTS[12] == one.at <= one.latest
            city = next(part for part in one.contributions if part.dimension == "city")
            assert (city.value, city.gained) == ("Казань", pytest.approx(one.size.value))
            assert one.quotes[0].text == "Посылку везли целых две недели"
        negative = next(one for one in found if one.kind == "negative")
        assert (negative.before, negative.after) == (pytest.approx(0.1), pytest.approx(0.4))
        assert (negative.n_before, negative.n_after) == (240, 160)


def test_nothing_to_look_at(plant):
    with plant().snapshot() as snapshot:
        assert change_points(snapshot, Filters()) == ()


def test_one_review(plant):
    with plant(*said(STARTS[0], 1, 1, "Казань")).snapshot() as snapshot:
        assert change_points(snapshot, Filters(), "day") == ()
