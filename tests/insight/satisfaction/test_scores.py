from __future__ import annotations

from dataclasses import asdict
from math import isnan

import pytest

from ugc.errors import InputError
from ugc.insight import Filters, by, scores


def some(count: int, **fields):
    return [{"text": "Текст отзыва", **fields} for _ in range(count)]


def test_an_empty_lake_has_no_figures(plant):
    with plant().snapshot() as snapshot:
        found = scores(snapshot, Filters())
        assert by(snapshot, Filters(), "company") == ()
    figures = asdict(found)
    assert {name for name, value in figures.items() if value is None} == {
        "mean_stars", "mean_stars_low", "mean_stars_high", "csi", "csi_low", "csi_high",
        "positive_share", "positive_low", "positive_high", "negative_share", "negative_low", "negative_high",
        "net_sentiment", "net_low", "net_high", "text_csi", "text_csi_low", "text_csi_high",
    }  # fmt: skip
    assert found.reviews == found.tagged == found.ratings == 0
    assert not found.representative
    assert found.missing_ratings == 300


def test_one_review(plant):
    with plant({"text": "Плохо", "stars": 1.0, "sentiment": "negative"}).snapshot() as snapshot:
        found = scores(snapshot, Filters())
    assert (found.reviews, found.ratings, found.tagged) == (1, 1, 1)
    assert (found.mean_stars, found.csi, found.csi_low, found.csi_high) == (1.0, 0.0, 0.0, 100.0)
    assert (found.negative_share, found.positive_share, found.net_sentiment, found.text_csi) == (1, 0, -1, 0)
    assert found.negative_low == pytest.approx(0.2065, abs=1e-4)
    assert not any(isinstance(value, float) and isnan(value) for value in asdict(found).values())


def test_stars_and_texts_are_kept_apart(plant):
    with plant({"text": "Плохо", "sentiment": "negative"}, {"text": "", "stars": 5.0}).snapshot() as snapshot:
        found = scores(snapshot, Filters())
        rated = scores(snapshot, Filters(sources=("otzovik",)))
    assert found == rated
    assert (found.csi, found.text_csi) == (100.0, 0.0)
    assert (found.ratings, found.tagged, found.compared, found.without_text) == (1, 1, 0, 1)


def test_every_figure_on_a_planted_lake(plant):
    lake = plant(
        *some(6, stars=5.0, sentiment="positive"),
        *some(2, stars=1.0, sentiment="negative"),
        *some(1, stars=4.5, sentiment="negative"),
        *some(1, stars=2.0, sentiment="positive"),
        *some(1, stars=3.0, sentiment="negative"),
        *some(2, sentiment="mixed"),
        *some(1, sentiment="neutral", date="2026-05-01"),
        *some(3, stars=5.0),
        {"text": "…", "untaggable": "no words"},
        {"text": "", "stars": 4.0, "untaggable": "empty"},
        {"text": "", "stars": 4.0},
        {"text": "Почти то же", "duplicate_of": "0", "sentiment": "neutral"},
    )
    with lake.snapshot() as snapshot:
        found = scores(snapshot, Filters())
    assert found.reviews == 21
    assert found.ratings == 16
    assert found.mean_stars == pytest.approx((30 + 2 + 4.5 + 2 + 3 + 15 + 8) / 16)
    assert found.csi == pytest.approx(25 * (found.mean_stars - 1))
    assert found.csi_low < found.csi < found.csi_high
    assert (found.positive, found.negative, found.mixed, found.neutral) == (7, 4, 2, 2)
    assert found.tagged == 15
    assert found.negative_share == pytest.approx(4 / 15)
    assert found.net_sentiment == pytest.approx(3 / 15)
    assert found.text_csi == pytest.approx((7 * 100 + 4 * 50) / 15)
    assert (found.untagged, found.untaggable, found.without_text, found.duplicates) == (3, 1, 2, 1)
    assert (found.compared, found.disagreements) == (11, 2)
    assert found.undated == 20
    assert found.missing_ratings == 284


def test_representative_from_300_ratings_on(plant):
    with plant(*some(300, stars=4.0, sentiment="positive")).snapshot() as snapshot:
        found = scores(snapshot, Filters())
        assert found.representative
        assert found.missing_ratings == 0
        assert found.negative_high - found.negative_low < 0.02


def test_groups_are_sorted_by_volume_and_add_up(plant):
    lake = plant(
        *some(8, city="Казань", stars=2.0, sentiment="negative"),
        *some(12, city="Москва", stars=4.0, sentiment="positive"),
        *some(30, stars=5.0, sentiment="positive"),
        *some(2, city="", stars=5.0),
        *some(1, city="Тула", stars=1.0, sentiment="negative"),
    )
    with lake.snapshot() as snapshot:
        found = by(snapshot, Filters(), "city")
        assert [(one.value, one.scores.reviews) for one in found] == [
            ("Москва", 12),
            ("Казань", 8),
            ("Тула", 1),
            (None, 32),
        ]
        assert sum(one.scores.negative for one in found) == scores(snapshot, Filters()).negative
        # The CSI of the whole is that of its parts, weighted by ratings.
        whole = sum(one.scores.csi * one.scores.ratings for one in found) / 53
        assert whole == pytest.approx(scores(snapshot, Filters()).csi)
    tula = next(one for one in found if one.value == "Тула")
    kazan = next(one for one in found if one.value == "Казань")
    assert tula.scores.negative_share == kazan.scores.negative_share == 1.0
    assert tula.shrunk_negative_share < kazan.shrunk_negative_share < 1.0
    assert tula.shrunk_csi > kazan.shrunk_csi - 25


@pytest.mark.parametrize("dimension", ["text", "id; DROP TABLE reviews", ""])
def test_an_unknown_dimension_is_refused(plant, dimension):
    with plant().snapshot() as snapshot, pytest.raises(InputError, match="grouped"):
        by(snapshot, Filters(), dimension)


def test_a_correction_counts(plant):
    lake = plant({"text": "Ну да, конечно", "sentiment": "positive"})
    with lake.snapshot() as snapshot:
        review = snapshot.sql("SELECT id FROM reviews").to_pylist()[0]["id"]
        assert scores(snapshot, Filters()).positive == 1
    lake.add_correction(review, "sentiment", "negative")
    with lake.snapshot() as snapshot:
        assert (scores(snapshot, Filters()).positive, scores(snapshot, Filters()).negative) == (0, 1)
