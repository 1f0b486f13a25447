from __future__ import annotations

import numpy as np
import pytest

from tests.insight.truths import tables
from ugc.errors import InputError
from ugc.insight import Filters, by, cross, scores


def said(count, *, slow=False, **more):
    mention = {"mentions": [("Ждал", "speed", "negative", "delivery")]} if slow else {}
    row = {"text": "Ждал и дождался", "sentiment": "negative" if slow else "positive", **mention}
    return [{**row, **more} for _ in range(count)]


@pytest.fixture
def snapshot(plant):
    lake = plant(
        *said(30, slow=True, city="Казань", source="ceneo", stars=1.0, date="2026-06-08"),
        *said(10, city="Казань", source="ceneo", stars=5.0, date="2026-06-09"),
        *said(40, city="Казань", source="otzovik", stars=5.0, date="2026-05-10"),
        *said(50, city="Москва", source="otzovik", stars=4.0, date="2026-05-11"),
        *said(2, slow=True, city="Москва", source="ceneo"),
        *said(3, city="Тула", source="otzovik"),
        *said(4, source="otzovik"),
        {"text": "Не прочитано", "city": "Тула", "source": "otzovik"},
    )
    with lake.snapshot() as found:
        yield found


def named(found):
    """Cells by the names of their lines."""
    return {(found.downs[one.down].value, found.acrosses[one.across].value): one for one in found.cells}


def test_every_pair_has_its_share_with_interval_and_test(snapshot):
    found = cross(snapshot, Filters(), "city", "source")
    assert [(one.kind, one.value, one.n) for one in found.downs] == [
        ("value", "Казань", 80),
        ("value", "Москва", 52),
        ("value", "Тула", 3),
        ("none", None, 4),
    ]
    assert (found.reviews, found.n) == (140, 139)
    cell = named(found)["Казань", "ceneo"]
    assert (cell.n, cell.count, cell.figure.value, cell.few) == (40, 30, 0.75, False)
    assert cell.figure.low < 0.75 < cell.figure.high
    assert cell.significant
    assert cell.beyond == pytest.approx(30 - 40 * 2 / 99)
    odd = named(found)["Москва", "ceneo"]
    assert (odd.figure.value, odd.few) == (1.0, True)
    assert odd.shrunk < 1


def test_lines_are_what_the_other_questions_say(snapshot):
    found = cross(snapshot, Filters(), "city", "language")
    whole = scores(snapshot, Filters())
    assert found.whole.value == whole.negative_share
    for line, group in zip(found.downs, by(snapshot, Filters(), "city"), strict=True):
        assert (line.value, line.n, line.figure.value) == (
            group.value,
            group.scores.tagged,
            group.scores.negative_share,
        )


def test_what_is_beyond_the_largest_stands_in_one_line(snapshot):
    found = cross(snapshot, Filters(), "city", "source", top=1)
    kinds = [(one.kind, one.value, one.values, one.n) for one in found.downs]
    assert kinds == [("value", "Казань", 1, 80), ("rest", None, 2, 55), ("none", None, 0, 4)]
    assert [(one.kind, one.values) for one in found.acrosses] == [("value", 1), ("rest", 1)]
    assert sum(one.n for one in found.cells) == found.n


def test_csi_is_of_ratings_alone(snapshot):
    found = cross(snapshot, Filters(), "city", "source", "csi")
    cells = named(found)
    assert found.n == 130
    assert set(cells) == {("Казань", "ceneo"), ("Казань", "otzovik"), ("Москва", "otzovik")}
    assert cells["Казань", "ceneo"].figure.value == pytest.approx(25)
    assert cells["Казань", "ceneo"].count is None
    assert cells["Казань", "ceneo"].significant
    assert cells["Казань", "ceneo"].beyond < 0 < cells["Казань", "otzovik"].beyond


def test_the_share_of_a_theme_is_one_of_all_tagged_reviews(snapshot):
    asked = ("city", "source", "theme", "speed", "negative")
    found = cross(snapshot, Filters(themes=("price",)), *asked)
    assert found == cross(snapshot, Filters(), *asked)
    assert (found.n, found.whole.value) == (139, pytest.approx(32 / 139))
    assert named(found)["Казань", "ceneo"].count == 30
    assert named(found)["Казань", "otzovik"].figure.value == 0


def test_months_and_weekdays_run_in_time(snapshot):
    found = cross(snapshot, Filters(), "month", "weekday")
    assert [(one.kind, one.value) for one in found.downs] == [
        ("value", "2026-05"),
        ("value", "2026-06"),
        ("none", None),
    ]
    assert [one.value for one in found.acrosses] == ["1", "2", "7", None]
    latest = cross(snapshot, Filters(), "month", "city", top=1)
    assert [(one.kind, one.value) for one in latest.downs] == [
        ("rest", None),
        ("value", "2026-06"),
        ("none", None),
    ]


def test_filters_narrow(snapshot):
    found = cross(snapshot, Filters(cities=("Москва",)), "city", "source")
    assert ([one.value for one in found.downs], found.n) == (["Москва"], 52)


def test_nothing_and_nonsense(plant):
    with plant().snapshot() as snapshot:
        found = cross(snapshot, Filters(), "city", "source")
        assert (found.n, found.whole, found.cells, found.downs) == (0, None, (), ())
        for wrong in (
            ("city", "city"),
            ("author", "city"),
            ("city", "text"),
            ("city", "source", "stars"),
            ("city", "source", "theme", "speed"),
            ("city", "source", "csi", None, None, 0),
        ):
            with pytest.raises(InputError):
                cross(snapshot, Filters(), *wrong)


def test_one_cell_has_nothing_to_be_tested_against(plant):
    with plant(*said(5, city="Тула")).snapshot() as snapshot:
        (cell,) = cross(snapshot, Filters(), "city", "source").cells
        assert (cell.q_value, cell.significant, cell.beyond) == (None, False, 0)


def test_chance_alone_is_seldom_called_a_difference():
    """Two cities × two companies without any effect: of 60 draws, under 5 % with a false call."""
    called = 0
    for seed in range(60):
        drawn = tables(240, (), seed)
        dice = np.random.default_rng(seed)
        column = drawn.tags.schema.get_field_index("sentiment")
        told = dice.choice(["negative", "positive"], 240, p=[0.3, 0.7]).tolist()
        drawn.tags = drawn.tags.set_column(column, drawn.tags.schema.field(column), [told])
        called += any(one.significant for one in cross(drawn, Filters(), "city", "company").cells)
    assert called <= 8
