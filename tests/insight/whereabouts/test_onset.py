"""Where and since when: a planted run is found, and chance is not taken for one."""

from __future__ import annotations

from datetime import date, timedelta

import numpy as np
import pytest

from ugc.insight import Filters
from ugc.insight.whereabouts.onset import onset, scan


def test_a_planted_run_is_found_with_its_row_and_weeks() -> None:
    tagged = np.full((3, 40), 5)
    raised = np.zeros((3, 40), dtype=np.int64)
    raised[:, ::9] = 1
    raised[1, 24:36] = 3
    found = scan(raised, tagged)
    assert found is not None
    assert found[:3] == (1, 24, 36)
    assert found[3] == pytest.approx(0.01)


def test_a_run_does_not_begin_in_a_week_without_reviews() -> None:
    tagged = np.full((1, 30), 4)
    tagged[0, 14:18] = 0
    raised = np.zeros((1, 30), dtype=np.int64)
    raised[0, 18:26] = 3
    found = scan(raised, tagged)
    assert found is not None
    assert found[1:3] == (18, 26)


def test_chance_is_seldom_taken_for_a_run() -> None:
    random = np.random.default_rng(3)
    tagged = random.integers(0, 6, (4, 52))
    runs = [scan(random.binomial(tagged, 0.15), tagged) for _ in range(40)]
    assert sum(one is not None for one in runs) <= 5


@pytest.mark.parametrize("share", [0.0, 1.0])
def test_a_theme_in_none_or_all_reviews_has_no_run(share: float) -> None:
    tagged = np.full((2, 12), 3)
    assert scan((tagged * share).astype(np.int64), tagged) is None


def test_too_few_mentions_are_no_run() -> None:
    raised = np.zeros((1, 20), dtype=np.int64)
    raised[0, 10] = 3
    assert scan(raised, np.full((1, 20), 3)) is None


def weekly(city: str, week: int, slow: bool) -> dict[str, object]:
    """One review of a week of 2026, slow delivery or fine."""
    day = date(2026, 1, 5) + timedelta(weeks=week)
    text = f"Доставка шла долго, неделя {week}, {city}" if slow else f"Всё хорошо, неделя {week}, {city}"
    mentions = [("Доставка шла долго", "speed", "negative")] if slow else []
    return {"text": text, "date": str(day), "city": city, "sentiment": "negative", "mentions": mentions}


def test_a_rise_that_lasts_has_no_last_day(plant) -> None:
    reviews = [weekly(city, week, False) for city in ("Москва", "Казань") for week in range(26)]
    reviews += [weekly("Казань", week, True) for week in range(13, 26)]
    with plant(*reviews).snapshot() as snapshot:
        found = onset(snapshot, Filters(), "speed", "negative", "city")
        assert found is not None
        assert (found.value, found.start, found.last) == ("Казань", date(2026, 4, 6), None)
        assert (found.share, found.rest_share) == (0.5, 0)
        alone = onset(snapshot, Filters(cities=("Казань",)), "speed", "negative")
        assert alone is not None
        assert (alone.value, alone.start) == (None, date(2026, 4, 6))
        assert onset(snapshot, Filters(), "safety", "negative", "city") is None


def test_an_empty_lake_has_none(plant) -> None:
    with plant().snapshot() as snapshot:
        assert onset(snapshot, Filters(), "speed", "negative", "city") is None
        assert onset(snapshot, Filters(), "speed", "negative") is None
