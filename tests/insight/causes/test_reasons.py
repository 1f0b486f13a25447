from __future__ import annotations

from datetime import date, timedelta

import numpy as np
import pytest

from ugc.errors import TaxonomyError
from ugc.insight import Filters, reasons
from ugc.insight.causes.reasons import compare


def said(text, *mentions, day="2026-06-10", sentiment="negative", **more):
    return {"text": text, "date": day, "sentiment": sentiment, "mentions": list(mentions), **more}


SLOW = "Посылку везли целых две недели, хотя обещали три дня"
RUDE = "Оператор нахамила мне и бросила трубку посреди разговора"


def test_reasons_are_ranked_by_reviews(plant):
    lake = plant(
        *[said(f"{SLOW} {n}", (SLOW, "speed", "negative")) for n in range(5)],
        *[said(f"{RUDE} {n}", (RUDE, "politeness", "negative"), stars=1.0) for n in range(3)],
        said("Быстро довезли, спасибо", ("Быстро довезли", "speed", "positive"), sentiment="positive"),
        said(f"{RUDE}. {RUDE}!", (RUDE, "politeness", "negative"), (f"{RUDE}!", "politeness", "negative")),
        {"text": "Не прочитано", "date": "2026-06-10"},
        {"text": "", "stars": 1.0, "untaggable": "empty"},
    )
    with lake.snapshot() as snapshot:
        complain = reasons(snapshot, Filters(), polarity="negative")
        thank = reasons(snapshot, Filters(), polarity="positive")
    assert [(one.theme, one.reviews) for one in complain.rows] == [("speed", 5), ("politeness", 4)]
    assert complain.n_reviews == 10
    assert complain.untagged == 1
    assert complain.rows[0].share == 0.5
    assert complain.rows[0].low < 0.5 < complain.rows[0].high
    assert complain.rows[1].mentions == 5
    assert (complain.rows[1].mean_stars, complain.rows[0].mean_stars) == (1.0, None)
    assert complain.rows[0].change is None
    assert complain.previous_since is None
    assert [(one.theme, one.reviews) for one in thank.rows] == [("speed", 1)]


def test_a_chosen_theme_is_listed_alone_but_out_of_all_reviews(plant):
    lake = plant(said(SLOW, (SLOW, "speed", "negative")), said(RUDE, (RUDE, "politeness", "negative")))
    with lake.snapshot() as snapshot:
        found = reasons(snapshot, Filters(themes=("politeness",)), polarity="negative")
        assert len(reasons(snapshot, Filters(), polarity="negative", top=1).rows) == 1
    assert [(one.theme, one.share) for one in found.rows] == [("politeness", 0.5)]
    assert found.n_reviews == 2


def test_nothing_to_tell(plant):
    with plant().snapshot() as snapshot:
        found = reasons(snapshot, Filters(since=date(2026, 1, 1)), polarity="negative")
    assert (found.n_reviews, found.rows) == (0, ())
    with plant(said("Так себе")).snapshot() as snapshot:
        found = reasons(snapshot, Filters(), polarity="negative")
        assert (found.n_reviews, found.rows) == (1, ())
        with pytest.raises(TaxonomyError):
            reasons(snapshot, Filters(), polarity="awful")


def period(day: date, slow: int, rude: int, fine: int):
    for n in range(slow):
        yield said(f"{SLOW} {n}", (SLOW, "speed", "negative"), day=day.isoformat())
    for n in range(rude):
        yield said(f"{RUDE} {n}", (RUDE, "politeness", "negative"), day=day.isoformat())
    for n in range(fine):
        yield said(f"Всё хорошо {n}", sentiment="positive", day=day.isoformat())


def test_change_against_the_period_before(plant):
    since, until = date(2026, 6, 8), date(2026, 6, 21)
    before = since - timedelta(days=14)
    lake = plant(
        *period(before - timedelta(days=1), 40, 0, 0),  # outside of both periods
        *period(before, 4, 5, 41),
        *period(until, 24, 6, 30),
    )
    with lake.snapshot() as snapshot:
        found = reasons(snapshot, Filters(since=since, until=until), polarity="negative")
        open_end = reasons(snapshot, Filters(since=since), polarity="negative")
    assert (found.previous_since, found.previous_until) == (before, since - timedelta(days=1))
    speed, politeness = found.rows
    assert (speed.change.previous_reviews, speed.change.previous_tagged) == (4, 50)
    assert speed.change.difference == pytest.approx(0.4 - 0.08)
    assert speed.change.low > 0
    assert speed.change.significant
    assert politeness.change.difference == pytest.approx(0.0)
    assert not politeness.change.significant
    assert politeness.change.low < 0 < politeness.change.high
    assert speed.change.q_value >= speed.change.p_value
    # The newest review of the lake is of `until`.
    assert open_end.rows == found.rows


def test_what_appeared_or_vanished_is_tested_as_well(plant):
    lake = plant(*period(date(2026, 6, 1), 30, 0, 30), *period(date(2026, 6, 12), 0, 20, 40))
    with lake.snapshot() as snapshot:
        found = reasons(
            snapshot, Filters(since=date(2026, 6, 10), until=date(2026, 6, 19)), polarity="negative"
        )
    assert [one.theme for one in found.rows] == ["politeness"]
    assert found.rows[0].change.previous_share == 0.0
    assert found.rows[0].change.significant


def test_no_change_where_nothing_came_before(plant):
    with plant(*period(date(2026, 6, 12), 5, 5, 5)).snapshot() as snapshot:
        for since in (date(2026, 6, 12), date(2026, 6, 10)):
            found = reasons(snapshot, Filters(since=since, until=date(2026, 6, 13)), polarity="negative")
            assert found.previous_since is None
            assert all(one.change is None for one in found.rows)


def test_a_small_change_is_not_called_one(plant):
    lake = plant(*period(date(2026, 6, 1), 2, 0, 18), *period(date(2026, 6, 12), 4, 0, 16))
    with lake.snapshot() as snapshot:
        found = reasons(
            snapshot, Filters(since=date(2026, 6, 8), until=date(2026, 6, 15)), polarity="negative"
        )
    assert found.rows[0].change.difference == pytest.approx(0.1)
    assert not found.rows[0].change.significant


def test_chance_changes_nothing_in_ninety_five_of_a_hundred_draws():
    """Fifteen themes whose shares are the same before and after, tested together: also what is "new"."""
    dice = np.random.default_rng(5)
    false = 0
    for _ in range(3000):
        shares = dice.uniform(0.005, 0.3, 15)
        drawn = {
            n: (int(dice.binomial(400, p)), 400, int(dice.binomial(1300, p)), 1300)
            for n, p in enumerate(shares)
        }
        false += any(one.significant for one in compare(drawn).values())
    assert false <= 165, "five in a hundred, within chance"


def test_a_planted_change_is_found_and_inside_its_interval():
    dice = np.random.default_rng(6)
    found = held = 0
    for _ in range(2000):
        same = {
            n: (int(dice.binomial(400, 0.1)), 400, int(dice.binomial(1300, 0.1)), 1300) for n in range(14)
        }
        changes = compare(
            same | {14: (int(dice.binomial(400, 0.2)), 400, int(dice.binomial(1300, 0.1)), 1300)}
        )
        found += changes[14].significant
        held += changes[14].low <= 0.1 <= changes[14].high
    assert found >= 1900
    assert held >= 1890, "an interval of 95 %, within chance"
