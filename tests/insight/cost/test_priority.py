from __future__ import annotations

from dataclasses import replace
from datetime import date

import numpy as np
import pyarrow as pa
import pytest

from tests.insight.truths import Planted, tables
from ugc.errors import InputError
from ugc.insight import Filters, priority
from ugc.insight.cost.priority import POINTS
from ugc.insight.statistics.poisson import two_rates, weighted_sum
from ugc.settings import PrioritySettings


def asks(contact, *themes, polarity="negative", **more):
    text = f"Отзыв про {', '.join(themes) or 'ничего'}"
    mentions = [(text, theme, polarity) for theme in themes]
    return {
        "text": text,
        "sentiment": "negative",
        "contact": contact,
        "repeat": False,
        "mentions": mentions,
        **more,
    }


LAKE = (
    *[asks("complaint", "speed") for _ in range(4)],
    asks("claim", "speed", repeat=True),
    asks("question", "price", polarity="neutral"),
    asks("question", "price", polarity="neutral", repeat=True),
    asks("request", "price", "speed"),
    asks("complaint", "politeness", polarity="positive"),
    asks("praise", "speed", polarity="positive", repeat=True),
    asks("suggestion", "speed"),
    asks("story"),
)


def test_points_and_costs_are_those_planted(plant):
    with plant(*LAKE).snapshot() as snapshot:
        found = priority(snapshot, Filters(), reduction=0.25)
    whole = found.whole
    assert (whole.contacts, whole.questions, whole.requests) == (9, 2, 1)
    assert (whole.complaints, whole.claims, whole.repeats) == (5, 1, 2)
    assert whole.points.value == 5 * 2 + 2 * 1 + 2 * 3
    assert whole.cost.value == 7 * 130 + 2 * 330
    assert found.share == pytest.approx(9 / 12)
    rows = {one.theme: one for one in found.rows}
    assert set(rows) == {"speed", "price", None}
    speed, price, adrift = rows["speed"], rows["price"], rows[None]
    # The request is about two themes: half of it belongs to either.
    assert speed.contacts.points.value == 4 * 2 + 3 + 0.5
    assert speed.contacts.cost.value == 4 * 130 + 330 + 65
    assert price.contacts.points.value == 1 + 3 + 0.5
    assert price.contacts.cost.value == 130 + 330 + 65
    # Praised themes are not what a complaint is about.
    assert (adrift.contacts.contacts, adrift.contacts.points.value, adrift.rank) == (1, 2, None)
    assert speed.saved_by_fix.value == pytest.approx(0.25 * 915)
    assert speed.saved_by_answer.value == 0
    assert price.saved_by_answer.value == pytest.approx(0.25 * 460)
    assert [one.theme for one in found.rows] == ["speed", "price", None]
    assert (speed.rank_points, speed.rank_cost, price.rank_points) == (1, 1, 2)
    assert (speed.impact, speed.rank_impact, price.rank_impact) == (None, 1.5, 1.5)


def test_prices_are_the_users(plant):
    with plant(*LAKE).snapshot() as snapshot:
        free = priority(snapshot, Filters(), prices=PrioritySettings(first_contact=0, repeat_contact=0))
        dear = priority(snapshot, Filters(), prices=PrioritySettings(first_contact=10, repeat_contact=100))
    assert tuple(free.whole.cost) == (0, 0, 0)
    assert dear.whole.cost.value == 7 * 10 + 2 * 100
    assert dear.whole.points == free.whole.points


@pytest.mark.parametrize("reduction", [0, -1, 1.01, float("nan"), float("inf")])
def test_a_reduction_that_is_none(plant, reduction):
    with plant().snapshot() as snapshot, pytest.raises(InputError, match="fall"):
        priority(snapshot, Filters(), reduction=reduction)


def test_an_empty_lake_and_one_review(plant):
    with plant().snapshot() as snapshot:
        found = priority(snapshot, Filters(since=date(2026, 1, 1)))
    assert (found.n_reviews, found.share, found.rows, found.rates) == (0, None, (), None)
    assert found.whole.cost.value == 0
    with plant(asks("question", "price")).snapshot() as snapshot:
        found = priority(snapshot, Filters())
    (one,) = found.rows
    assert (one.theme, one.rank, one.share, found.whole.cost.value) == ("price", 1.0, 1.0, 130)
    assert one.contacts.cost.low < 130 < one.contacts.cost.high


def test_a_chosen_theme_keeps_its_place(plant):
    with plant(*LAKE).snapshot() as snapshot:
        (one,) = priority(snapshot, Filters(themes=("price",))).rows
        every = priority(snapshot, Filters()).rows
    assert one == every[1]
    assert one.rank_cost == 2


REVIEWS = 800


def drawn(seed, n=REVIEWS):
    """A lake where speed takes a star from a tenth of the reviews, price comes often and takes none."""
    lake = tables(n, [Planted("speed", 0.1, 0.0, penalty=1.0), Planted("price", 0.3, 0.0)], seed)
    dice = np.random.default_rng(seed + 1000)
    chosen = dice.choice([*POINTS, "story"], n, p=[0.1, 0.1, 0.2, 0.1, 0.5])
    for name, values in (("contact", chosen), ("repeat", dice.random(n) < 0.1)):
        place = lake.tags.schema.get_field_index(name)
        lake.tags = lake.tags.set_column(place, lake.tags.schema.field(place), pa.array(values.tolist()))
    return lake


TRUE_COST = {
    # Half of all are contacts, a tenth of them repeated; a review with both themes is shared evenly.
    "speed": REVIEWS * 0.5 * (0.9 * 130 + 0.1 * 330) * 0.1 * (0.7 + 0.3 / 2),
    "price": REVIEWS * 0.5 * (0.9 * 130 + 0.1 * 330) * 0.3 * (0.9 + 0.1 / 2),
}


def test_a_hundred_draws_hold_the_truth():
    """Impact and cost lie within their intervals, and noise is not called an impact."""
    held, noise, first = {"impact": 0, "speed": 0, "price": 0}, 0, 0
    for seed in range(100):
        found = priority(drawn(seed), Filters())
        assert sum(one.contacts.points.value for one in found.rows) == pytest.approx(found.whole.points.value)
        assert sum(one.contacts.cost.value for one in found.rows) == pytest.approx(found.whole.cost.value)
        rows = {one.theme: one for one in found.rows}
        # Share 0.1, a star less: the mean loses a tenth of a star.
        held["impact"] += rows["speed"].impact.low < -0.1 < rows["speed"].impact.high
        for theme, cost in TRUE_COST.items():
            bounds = rows[theme].contacts.cost
            held[theme] += bounds.low < cost < bounds.high
        noise += rows["price"].impact.significant
        first += (rows["speed"].rank_impact, rows["price"].rank_impact) == (1, 2)
        assert (rows["speed"].rank_cost, rows["price"].rank_cost) == (2, 1)
    assert min(held.values()) >= 95, held
    assert noise <= 5
    assert first >= 95


def test_filters_commute():
    lake = drawn(2)
    kazan, lumbi = Filters(cities=("Казань",)), Filters(companies=("Lumbi",))
    both = priority(lake, replace(kazan, companies=("Lumbi",)))
    assert both == priority(lake, replace(lumbi, cities=("Казань",)))
    parts = [priority(lake, Filters(cities=(city,))).whole for city in ("Казань", "Москва")]
    whole = priority(lake, Filters()).whole
    assert sum(one.contacts for one in parts) == whole.contacts
    assert sum(one.cost.value for one in parts) == pytest.approx(whole.cost.value)


def test_the_interval_of_a_sum_holds_the_truth():
    dice = np.random.default_rng(5)
    for rate in (0.5, 3, 20, 200):
        held = 0
        for _ in range(400):
            weights = dice.choice([130.0, 330.0], dice.poisson(rate), p=[0.8, 0.2])
            bounds = weighted_sum(weights.sum(), (weights**2).sum(), 330.0)
            assert bounds.low <= bounds.value <= bounds.high
            held += bounds.low <= rate * (0.8 * 130 + 0.2 * 330) <= bounds.high
        assert held >= 0.95 * 400 - 8


def test_weights_of_one_give_the_limits_of_a_count():
    """Garwood's table: 0 gives 0…3.69, 5 gives 1.62…11.67."""
    assert weighted_sum(0, 0, 1)[1:] == pytest.approx((0, 3.689), abs=1e-3)
    assert weighted_sum(5, 5, 1)[1:] == pytest.approx((1.623, 11.668), abs=1e-3)


def test_rates_that_are_the_same_are_seldom_called_different():
    dice = np.random.default_rng(8)
    same = [two_rates(*(int(dice.poisson(12)), 3000, int(dice.poisson(40)), 10_000)) for _ in range(400)]
    assert sum(p < 0.05 for p in same) <= 0.05 * 400 + 8
    assert two_rates(40, 10_000, 10, 10_000) < 0.001
    assert two_rates(0, 10, 0, 10) == 1.0
    assert two_rates(3, 0, 4, 10) is None
    # Sizes as large as a file may tell are no matter.
    assert two_rates(3, 10**15, 900, 10**15) < 1e-9
