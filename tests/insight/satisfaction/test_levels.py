"""Levels and their roll-up: definitions, truths, intervals, and that the parts make the whole."""

from __future__ import annotations

from math import isclose

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.insight.truths import Planted, tables
from ugc.errors import InputError
from ugc.insight import Filters, level_rows, read_weights, roll_up, scores
from ugc.insight.satisfaction.levels import LEVELS, LevelRow, _rows, _Sums

HOSTILE = "<script>alert(1)</script> =cmd|' /C calc'!A0"


def shop(n: int, stars: float, **more: object) -> dict[str, object]:
    return {
        "text": f"Отзыв {n}",
        "stars": stars,
        "sentiment": "negative" if stars < 3 else "positive",
        **more,
    }


@pytest.fixture
def lake(plant):
    """A coffee house: the hall pleases, the delivery does not."""
    hall = [shop(n, 5 if n % 4 else 3, company="Зерно", place="Зал", city="Казань") for n in range(40)]
    sent = [shop(n + 40, 1 if n % 4 else 3, company="Зерно", place="Доставка") for n in range(10)]
    told = {
        "text": "Курьер был груб, но приехал быстро. Оплата понятная",
        "sentiment": "mixed",
        "place": HOSTILE,
        "mentions": [
            ("Курьер был груб", "politeness", "negative", "delivery"),
            ("приехал быстро", "speed", "positive", "delivery"),
            ("Оплата понятная", "ease", "positive", "checkout"),
        ],
    }
    return plant(*hall, *sent, told)


def test_a_place_is_the_mean_of_its_ratings(lake):
    with lake.snapshot() as snapshot:
        rows = {row.value: row for row in level_rows(snapshot, Filters(), "place")}
        alone = scores(snapshot, Filters(places=("Зал",)))
    hall = rows["Зал"]
    assert hall.csi.value == pytest.approx(25 * ((5 * 30 + 3 * 10) / 40 - 1))
    assert (hall.csi.value, hall.csi.low, hall.csi.high) == pytest.approx(
        (alone.csi, alone.csi_low, alone.csi_high)
    )
    assert (hall.n, hall.missing, hall.representative) == (40, 260, False)
    assert hall.negative_share.value == 0
    assert (rows["Доставка"].negative, rows["Доставка"].tagged) == (7, 10)
    assert (rows[HOSTILE].n, rows[HOSTILE].csi) == (0, None)
    assert rows["Зал"].shrunk_csi < rows["Зал"].csi.value


def test_mentions_count_whether_they_praise_or_blame(lake):
    with lake.snapshot() as snapshot:
        themes = {row.value: row for row in level_rows(snapshot, Filters(), "theme")}
        touchpoints = {row.value: row for row in level_rows(snapshot, Filters(), "touchpoint")}
        stages = {row.value: row for row in level_rows(snapshot, Filters(), "stage")}
    assert {name: row.csi.value for name, row in themes.items()} == {
        "politeness": 0,
        "speed": 100,
        "ease": 100,
    }
    assert (touchpoints["delivery"].csi.value, touchpoints["delivery"].negative) == (50, 1)
    assert sum(row.reviews for row in stages.values()) == len(stages)


def test_every_level_answers_for_an_empty_lake_and_one_review(plant):
    with plant().snapshot() as snapshot:
        for level in LEVELS:
            assert level_rows(snapshot, Filters(), level) == ()
            assert roll_up((), level).csi is None
        with pytest.raises(InputError, match="no level 'floor'"):
            level_rows(snapshot, Filters(), "floor")
    with plant(shop(0, 4, company="Зерно")).snapshot() as snapshot:
        (row,) = level_rows(snapshot, Filters(), "company")
        assert (row.csi.value, row.missing) == (75, 299)
        assert 0 <= row.csi.low < 75 < row.csi.high <= 100


def weighed(tmp_path, *lines: str, head: str = "level;value;weight"):
    path = tmp_path / "weights.csv"
    path.write_text("\n".join((head, *lines)) + "\n", encoding="utf-8-sig")
    return path


def test_hall_seventy_and_delivery_thirty(lake, tmp_path):
    own = read_weights(weighed(tmp_path, "place;зал;70", "place;Доставка;30,0 %"))
    with lake.snapshot() as snapshot:
        rows = level_rows(snapshot, Filters(), "place")
    found = roll_up(rows, "place", own)
    by_name = {row.value: row for row in rows}
    hall, sent = by_name["Зал"].csi, by_name["Доставка"].csi
    assert found.weights == pytest.approx({"Зал": 0.7, "Доставка": 0.3})
    assert found.csi.value == pytest.approx(0.7 * hall.value + 0.3 * sent.value)
    assert found.csi.low < found.csi.value < found.csi.high
    assert found.negative_share.value == pytest.approx(0.3 * 0.7)
    assert (found.own, found.unweighted, found.without) == (True, (HOSTILE,), ())


def test_a_theme_is_weighed_by_its_key_or_its_name(lake, tmp_path):
    own = read_weights(weighed(tmp_path, "theme,Скорость,3", "theme,politeness,1", head="level,value,weight"))
    with lake.snapshot() as snapshot:
        found = roll_up(level_rows(snapshot, Filters(), "theme"), "theme", own)
    assert found.weights == pytest.approx({"speed": 0.75, "politeness": 0.25})
    assert found.csi.value == pytest.approx(75)
    assert found.unweighted == ("ease",)


def test_what_has_no_rating_falls_out_and_is_named(lake, tmp_path):
    own = read_weights(weighed(tmp_path, "place;Зал;50", f'place;"{HOSTILE}";50'))
    with lake.snapshot() as snapshot:
        found = roll_up(level_rows(snapshot, Filters(), "place"), "place", own)
    assert (found.weights, found.without) == ({"Зал": 1.0}, (HOSTILE,))


@pytest.mark.parametrize(
    ("lines", "said"),
    [
        (("place;Зал",), "Line 2 of the weights leaves a column empty"),
        (("floor;Зал;3",), "Line 2 of the weights has the level 'floor'"),
        (("place;Зал;0",), "has the weight '0'"),
        (("place;Зал;много",), "has the weight 'много'"),
        (("place;Зал;1", "place;ЗАЛ;2"), "Lines 2 and 3 of the weights both weigh"),
        ((), "has no line with a weight"),
    ],
)
def test_a_wrong_file_is_told_by_its_line(tmp_path, lines, said):
    with pytest.raises(InputError, match=said):
        read_weights(weighed(tmp_path, *lines))


def test_other_files_are_refused(tmp_path):
    with pytest.raises(InputError, match="cannot be read"):
        read_weights(tmp_path / "nothing.csv")
    with pytest.raises(InputError, match="needs the columns"):
        read_weights(weighed(tmp_path, "1;2", head="who;what"))
    (tmp_path / "noise.csv").write_bytes(b"\xff\xfe\x00level")
    with pytest.raises(InputError, match="UTF-8"):
        read_weights(tmp_path / "noise.csv")


def test_an_unknown_value_comes_with_the_nearest(lake, tmp_path):
    own = read_weights(weighed(tmp_path, "place;Доставки;30"))
    with lake.snapshot() as snapshot:
        rows = level_rows(snapshot, Filters(), "place")
    with pytest.raises(InputError, match="Nearest: Доставка"):
        roll_up(rows, "place", own)


ratings = st.lists(st.integers(1, 5), min_size=0, max_size=30)


def row(name: str, stars: list[int]) -> LevelRow:
    points = [25.0 * (one - 1) for one in stars]
    sums = _Sums(name, len(stars), len(stars), sum(points), sum(one**2 for one in points), len(stars), 0)
    return _rows([sums])[0]


@given(st.lists(ratings, min_size=1, max_size=6))
def test_by_number_of_ratings_the_roll_up_is_the_plain_mean(groups):
    rows = [row(str(place), stars) for place, stars in enumerate(groups)]
    found = roll_up(rows, "place")
    every = [25.0 * (star - 1) for stars in groups for star in stars]
    if not every:
        assert found.csi is None
        return
    assert found.csi.value == pytest.approx(np.mean(every))
    assert isclose(sum(found.weights.values()), 1)
    assert found.csi.low <= found.csi.value <= found.csi.high
    turned = roll_up(rows[::-1], "place")
    assert turned.csi == pytest.approx(found.csi)


def test_the_parts_add_up_to_the_whole():
    lake = tables(400, [Planted("speed", 0.2, 0.1)], seed=3, unrated=0.2)
    with_all = scores(lake, Filters())
    for level in ("company", "city", "source"):
        rows = level_rows(lake, Filters(), level)
        assert sum(row.n for row in rows) == with_all.ratings
        assert sum(row.tagged for row in rows) == with_all.tagged
        one = rows[0]
        chosen = {"company": "companies", "city": "cities", "source": "sources"}[level]
        alone = scores(lake, Filters(**{chosen: (one.value,)}))
        assert (one.n, one.csi.value) == (alone.ratings, pytest.approx(alone.csi))


def test_the_weighted_mean_lies_in_its_interval_in_ninety_five_of_a_hundred_draws():
    dice = np.random.default_rng(8)
    chances = {"hall": [0.05, 0.05, 0.1, 0.3, 0.5], "sent": [0.4, 0.2, 0.2, 0.1, 0.1]}
    truth = sum(
        weight * 25 * (np.dot(chances[name], [1, 2, 3, 4, 5]) - 1)
        for name, weight in (("hall", 0.7), ("sent", 0.3))
    )
    from ugc.insight.satisfaction.weights import Weight

    own = [Weight(2, "place", "hall", 70), Weight(3, "place", "sent", 30)]
    held = 0
    for _ in range(100):
        drawn = {
            "hall": dice.choice(5, 60, p=chances["hall"]) + 1,
            "sent": dice.choice(5, 25, p=chances["sent"]) + 1,
        }
        csi = roll_up([row(name, stars.tolist()) for name, stars in drawn.items()], "place", own).csi
        held += csi.low <= truth <= csi.high
    assert held >= 95
