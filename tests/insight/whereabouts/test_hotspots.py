"""Hot spots of a real lake: their figures are those of the same filters, their names those of the lake."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import numpy as np
import pytest

from ugc.errors import InputError
from ugc.insight import Filters, hotspots, scores
from ugc.insight.causes.reasons import theme_counts
from ugc.insight.whereabouts import hotspots as module
from ugc.insight.whereabouts.hotspots import narrowed
from ugc.insight.whereabouts.hotspots_cells import KEYS, Condition

HOSTILE = "Каз'ань\"; DROP TABLE reviews; -- {where} $f_city \x1b[31m<b>"


def written(place, dice, *, city, version, slow, praised):
    """One review: slow or not, praised or not."""
    said = f"Приложение грузится целую вечность, попытка {place}"
    kind = f"Вежливые сотрудники, номер {place}"
    mentions = [(said, "speed", "negative")] * slow + [(kind, "politeness", "positive")] * praised
    return {
        "text": f"{said if slow else 'Обычный день'}. {kind if praised else 'Обычно'}. {place}",
        "date": str(date(2026, 1, 1) + timedelta(days=int(dice.integers(0, 200)))),
        "stars": 1.0 if slow else 4.0,
        "city": city,
        "place": f"{city}, {dice.integers(1, 3)}" if city else None,
        "source": "google_play" if version else "otzovik",
        "app_version": version,
        "company": "Lumbi",
        "product": str(dice.choice(["Карта", "Вклад"])),
        "language": str(dice.choice(["ru", "en"])),
        "sentiment": "negative" if slow else "positive",
        "mentions": mentions,
    }


def reviews(n=1600, *, bad=HOSTILE, seed=4):
    """Slow in one city with one version: 45 % there, 7 % elsewhere."""
    dice = np.random.default_rng(seed)
    found = []
    for place in range(n):
        city = [bad, "Москва", "Gdańsk", None][dice.integers(0, 4)]
        version = ["4.1", "4.2", None][dice.integers(0, 3)]
        share = 0.45 if city == bad and version == "4.2" else 0.07
        found.append(
            written(
                place,
                dice,
                city=city,
                version=version,
                slow=bool(dice.random() < share),
                praised=bool(dice.random() < 0.2),
            )
        )
    return found


@pytest.fixture
def snapshot(plant):
    with plant(*reviews()).snapshot() as opened:
        yield opened


def test_the_group_is_named_as_it_is(snapshot):
    found = hotspots(snapshot, Filters(), quotes=3)
    assert (found.tagged, found.searched, found.size, found.floor) == (1600, 1600, 50, 0.03)
    assert found.tested > 500
    truth = (Condition("city", HOSTILE), Condition("version", "4.2"))
    assert {one.theme for one in found.rows} == {None, "speed"}
    for one in found.rows:
        assert (one.conditions, one.direction, one.polarity) == (truth, "worse", "negative")
        assert one.share.low <= 0.45 <= one.share.high
        assert one.rest_share.low <= 0.07 <= one.rest_share.high
        assert one.difference.low <= 0.38 <= one.difference.high
        assert one.excess == pytest.approx(one.reviews - one.n * one.rest_share.value)
        assert one.q_value < 1e-6
        assert one.about == "speed"
        assert len(one.quotes) == 3
        assert {quote.city for quote in one.quotes} == {HOSTILE}
        assert all("целую вечность" in quote.text for quote in one.quotes)


@pytest.mark.parametrize("most", [10_000, 900])
def test_figures_are_those_of_the_same_filters(snapshot, monkeypatch, most):
    """Also where only every second review is searched."""
    monkeypatch.setattr(module, "_SEARCHED", most)
    chosen = Filters(since=date(2026, 1, 5), languages=("ru", "en"))
    found = hotspots(snapshot, chosen)
    assert found.rows
    assert (found.searched < found.tagged) == (most == 900)
    whole = scores(snapshot, chosen)
    for one in found.rows:
        own = narrowed(chosen, one.conditions)
        figures = scores(snapshot, own)
        assert one.n == figures.tagged
        assert one.rest_n == whole.tagged - one.n
        if one.theme is None:
            assert tuple(one.share) == (figures.negative_share, figures.negative_low, figures.negative_high)
        else:
            assert one.reviews == theme_counts(snapshot, own, one.polarity)[one.theme].reviews


VALUES = {
    "company": "Lumbi",
    "city": HOSTILE,
    "product": "Карта",
    "place": "Москва, 1",
    "source": "otzovik",
    "version": "4.1",
    "language": "en",
    "weekday": "7",
}


def test_narrowed_filters_choose_the_group(snapshot):
    """By each dimension, alone and since a day."""
    given = [
        one | {"version": one["app_version"], "weekday": str(date.fromisoformat(one["date"]).isoweekday())}
        for one in reviews()
    ]
    assert set(VALUES) == set(KEYS)
    for dimension, value in VALUES.items():
        group = (Condition(dimension, value),)
        own = [one for one in given if one[dimension] == value]
        assert 0 < scores(snapshot, narrowed(Filters(), group)).reviews == len(own)
        later = narrowed(Filters(since=date(2026, 3, 1)), group).without_themes()
        assert scores(snapshot, later).reviews == len([one for one in own if one["date"] >= "2026-03-01"])


def test_praise_that_is_missing_is_worse(plant):
    given = reviews(bad="Казань")
    for one in given:
        if one["city"] == "Москва":
            one["mentions"] = [each for each in one["mentions"] if each[1] != "politeness"]
    with plant(*given).snapshot() as snapshot:
        found = hotspots(snapshot, Filters(themes=("politeness",)), polarity="positive")
        assert [one.conditions for one in found.rows] == [(Condition("city", "Москва"),)]
        (one,) = found.rows
        assert (one.theme, one.polarity, one.direction, one.reviews) == (
            "politeness",
            "positive",
            "worse",
            0,
        )
        assert one.difference.high < 0
        assert one.excess < 0
        assert one.quotes == ()
        assert hotspots(snapshot, Filters(themes=("politeness",)), direction="better").rows == ()


def test_filters_and_targets_narrow_the_search(snapshot):
    assert hotspots(snapshot, Filters(cities=("Москва", "Gdańsk"))).rows == ()
    only = hotspots(snapshot, Filters(), target="negative")
    assert [one.theme for one in only.rows] == [None]
    themes = hotspots(snapshot, Filters(), target="themes", top=1)
    assert [one.theme for one in themes.rows] == ["speed"]
    assert hotspots(snapshot, Filters(), polarity="positive").rows == ()
    assert hotspots(snapshot, Filters(), size=300).rows != only.rows
    assert hotspots(snapshot, Filters(), floor=0.9).rows == ()
    assert hotspots(snapshot, Filters(), top=0).rows == ()
    assert hotspots(snapshot, Filters(themes=("price",))).rows == ()
    bare = hotspots(snapshot, Filters(), quotes=0)
    assert all(one.quotes == () for one in bare.rows)


def test_the_same_question_has_the_same_answer(snapshot):
    assert hotspots(snapshot, Filters()) == hotspots(snapshot, Filters())
    left_out = tuple(snapshot.sql("SELECT id FROM reviews ORDER BY id LIMIT 100")["id"].to_pylist())
    assert hotspots(snapshot, replace(Filters(), left_out=left_out)).tagged == 1500


@pytest.mark.parametrize("count", [0, 1, 99])
def test_too_few_reviews_say_nothing(plant, count):
    with plant(*reviews(count)).snapshot() as snapshot:
        found = hotspots(snapshot, Filters())
        assert (found.tagged, found.tested, found.rows) == (count, 0, ())


def test_reviews_without_any_value(plant):
    bare = [{"text": f"Ужасно {n}", "source": "otzovik", "sentiment": "negative"} for n in range(200)]
    with plant(*bare).snapshot() as snapshot:
        assert hotspots(snapshot, Filters()).rows == ()


@pytest.mark.parametrize(
    "wrong", [{"target": "x"}, {"polarity": "neutral"}, {"direction": "up"}, {"size": 0}, {"floor": 1.0}]
)
def test_what_cannot_be_searched(plant, wrong):
    with plant().snapshot() as snapshot, pytest.raises(InputError):
        hotspots(snapshot, Filters(), **wrong)
