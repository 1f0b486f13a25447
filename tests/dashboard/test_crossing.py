"""The heat map and the map of places: what is drawn is what was found, and where the links lead."""

from __future__ import annotations

from datetime import date
from itertools import combinations
from math import hypot
from typing import Any

import pytest

from ugc.dashboard.answers import crossing, place_map
from ugc.dashboard.look.chart_style import Spec
from ugc.dashboard.look.files import as_svg
from ugc.insight import Cross, CrossCell, CrossLine, Dot, OnMap
from ugc.insight.statistics.intervals import Interval, wilson


def line(value: str | None, kind: Any = "value", values: int = 1) -> CrossLine:
    return CrossLine(kind, value, values, 100, Interval(0.3, 0.2, 0.4))


def cell(down: int, across: int, n: int, share: float, *, significant: bool = False) -> CrossCell:
    found = wilson(round(n * share), n)
    assert found is not None
    beyond = n * (share - 0.3)
    return CrossCell(down, across, n, round(n * share), found, share, beyond, 0.01, significant, n < 30)


FOUND = Cross(
    figure="negative",
    reviews=330,
    n=320,
    whole=Interval(0.3, 0.25, 0.35),
    downs=(line("Казань"), line("не указано"), line(None, "rest", 5), line(None, "none", 0)),
    acrosses=(line(None, "rest", 1), line("2026-02"), line("2026-06")),
    cells=(
        cell(0, 0, 90, 0.3),
        cell(0, 1, 100, 0.6, significant=True),
        cell(1, 2, 10, 0.1),
        cell(2, 1, 80, 0.55, significant=True),
        cell(3, 2, 40, 0.05, significant=True),
    ),
)


def data(chart: Spec) -> list[dict[str, Any]]:
    (rows,) = chart["datasets"].values()
    return rows


def test_cells_are_told_apart_by_colour_depth_and_figure() -> None:
    rows = data(crossing.heat(FOUND, "city", "month", None, "ru"))
    assert [row["written"] for row in rows] == [
        "30\u00a0%",
        "60\u00a0%",
        "10\u00a0%",
        "55\u00a0%",
        "5\u00a0%",
    ]
    assert [row["tone"] for row in rows] == [
        f"var(--house-{tone})" for tone in ("raised", "blame", "praise", "blame", "praise")
    ]
    assert rows[1]["depth"] == pytest.approx(0.5)
    assert rows[2]["depth"] < rows[4]["depth"]
    assert [row["few"] for row in rows] == [False, False, True, False, False]


def test_two_lines_never_share_a_name() -> None:
    rows = data(crossing.heat(FOUND, "city", "month", None, "ru"))
    assert rows[2]["down"] == "не указано"
    assert rows[4]["down"] == "не указано (2)"
    assert rows[3]["down"] == "ещё 5 значений"
    assert rows[0]["across"] == "ещё 1 месяц раньше"


def test_praise_and_csi_turn_the_colours_round() -> None:
    praise = crossing.worse(Cross(**{**vars(FOUND), "figure": "theme"}), "positive")
    csi = crossing.worse(Cross(**{**vars(FOUND), "figure": "csi"}), None)
    assert (praise, csi, crossing.worse(FOUND, None)) == (-1, -1, 1)


def test_the_strongest_are_named_cells_beyond_chance() -> None:
    strong = crossing.strongest(FOUND)
    assert [(one.down, one.across) for one in strong] == [(0, 1), (3, 2)]
    told = crossing.told(FOUND, strong[0], "city", "month", "en")
    assert told == {
        "where": "Казань, Feb 2026",
        "share": "60%",
        "bounds": "50–69%",
        "whole": "30%",
        "n": "100",
    }


def test_ways_choose_the_cell_within_what_is_chosen() -> None:
    strong = crossing.strongest(FOUND)
    assert crossing.way_to(FOUND, strong[0], "city", "month", None, None) == {
        "city": ("Казань",),
        "since": date(2026, 2, 1),
        "until": date(2026, 2, 28),
    }
    narrower = crossing.way_to(FOUND, strong[1], "city", "month", date(2026, 6, 10), date(2026, 6, 20))
    assert narrower == {"city": ("",), "since": date(2026, 6, 10), "until": date(2026, 6, 20)}
    assert crossing.way_to(FOUND, strong[0], "city", "weekday", None, None) is None


def dot(name: str, latitude: float, longitude: float, n: int, share: float) -> Dot:
    found = wilson(round(n * share), n)
    assert found is not None
    return Dot(name, "city", (name,), latitude, longitude, n, round(n * share), found, share, 0.5, False)


DOTS = (
    dot("Москва", 55.76, 37.62, 400, 0.6),
    dot("Подольск", 55.43, 37.55, 90, 0.3),
    dot("Казань", 55.79, 49.12, 80, 0.3),
    dot("Лиссабон", 38.72, -9.14, 20, 0.1),
)
ON_MAP = OnMap(600, Interval(0.4, 0.36, 0.44), DOTS, 590, 4, (("<b>", 3), ("y", 2), ("z", 1)))


@pytest.mark.parametrize("width", [320.0, 900.0])
def test_names_on_the_map_do_not_run_into_each_other(width: float) -> None:
    frame = place_map.framed(DOTS)
    chosen = place_map.labelled(DOTS, frame, width)
    assert {0, 2} <= chosen
    assert 1 not in chosen
    assert frame.scale(width) * frame.wide <= width + 1e-9
    for one, other in combinations(sorted(chosen), 2):
        apart = hypot(DOTS[one].longitude - DOTS[other].longitude, DOTS[one].latitude - DOTS[other].latitude)
        assert apart * frame.scale(width) > 16


def test_circles_show_size_and_side() -> None:
    rows = {row["name"]: row for row in data(place_map.chart(ON_MAP, "en"))}
    assert rows["Москва"]["radius"] > rows["Казань"]["radius"] > rows["Лиссабон"]["radius"]
    assert rows["Москва"]["tone"] == "var(--house-blame)"
    assert rows["Лиссабон"]["tone"] == "var(--house-praise)"
    assert rows["Москва"]["n"] == "400"


@pytest.mark.parametrize("language", ["ru", "en", "pl"])
def test_what_is_not_on_the_map_is_said(language: str) -> None:
    said = " ".join(place_map.left_out(ON_MAP, language))
    assert "590" in said
    assert "<b>, y, z" in said
    assert len(place_map.left_out(OnMap(2, None, DOTS[:2], 2, 0, ()), language)) == 1


def test_points_at_one_place_and_at_the_ends_of_the_earth_are_drawn() -> None:
    twins = (dot("A", 10.0, 20.0, 5, 0.5), dot("B", 10.0, 20.0, 3, 0.5))
    ends = (dot("N", 89.0, 180.0, 5, 0.5), dot("S", -89.0, -180.0, 3, 0.5))
    for dots in (twins, ends):
        shown = OnMap(8, Interval(0.5, 0.2, 0.8), dots, 8, 0, ())
        assert b"<svg" in as_svg(place_map.chart(shown, "en"), "map", [])


def test_both_charts_are_drawn_as_files() -> None:
    drawn = as_svg(place_map.chart(ON_MAP, "pl"), "map", []).decode()
    assert drawn.count("Москва") >= 1
    assert "60%" in as_svg(crossing.heat(FOUND, "city", "month", None, "pl"), "heat", []).decode()
    table = place_map.table(ON_MAP, "map", "en")
    assert table.rows[0][:4] == ("Москва", 55.76, 37.62, 0.6)
    assert len(crossing.table(FOUND, "city", "month", "heat", "en").rows) == 5
