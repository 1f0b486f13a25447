from __future__ import annotations

from ugc.insight import Filters
from ugc.insight.whereabouts.weak_spot import weak_spot


def said(n, bad, **where):
    return [
        {"text": f"Отзыв {i}", "sentiment": "negative" if i < bad else "positive", **where} for i in range(n)
    ]


def found(plant, *groups):
    rows = [{**row, "source_id": str(n)} for n, row in enumerate(row for group in groups for row in group)]
    with plant(*rows).snapshot() as snapshot:
        return weak_spot(snapshot, Filters(), ("city", "place"))


def test_the_weakest_city_is_found(plant):
    dimension, group = found(
        plant, said(60, 40, city="Казань"), said(60, 20, city="Москва"), said(60, 15, city="Gdańsk")
    )
    assert (dimension, group.value) == ("city", "Казань")


def test_three_displeased_of_three_are_no_weak_spot(plant):
    crowd = [row for n in range(40) for row in said(10, 4, city=f"город {n}")]
    assert found(plant, crowd, said(3, 3, city="Казань")) is None


def test_the_next_dimension_is_asked_where_the_first_has_none(plant):
    groups = said(60, 45, city="Казань", place="ПВЗ 1"), said(60, 10, city="Казань", place="ПВЗ 2")
    dimension, group = found(plant, *groups)
    assert (dimension, group.value) == ("place", "ПВЗ 1")


def test_reviews_without_a_city_are_no_spot(plant):
    assert found(plant, said(40, 35), said(40, 5, city="Казань")) is None
