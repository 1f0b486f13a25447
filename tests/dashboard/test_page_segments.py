"""Segments: what the average hides, two dimensions at once, the map."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest
from streamlit.testing.v1 import AppTest

from tests.dashboard.lakes import NOW, write
from tests.dashboard.test_pages import everything
from ugc.dashboard.look.markup import plain
from ugc.dashboard.look.words import words

LANGUAGES = ("ru", "en", "pl")

Visit = Callable[..., AppTest]


def slow_in_kazan() -> list[dict[str, Any]]:
    """Of 480 reviews in three cities, half of those of version 4.2 in Kazan complain of slowness."""
    found = []
    for place in range(480):
        city, version = ("Казань", "Москва", "Gdańsk")[place % 3], ("4.1", "4.2")[place // 3 % 2]
        slow = place // 12 % 2 == 0 if (city, version) == ("Казань", "4.2") else place % 25 == 0
        said = "Ждал две недели" if slow else "быстро привезли"
        found.append(
            {
                "text": f"{said}, это всё, что я хочу сказать про доставку. №{place}",
                "source": ("banki_ru", "trustpilot")[place // 6 % 2],
                "date": NOW - timedelta(days=place),
                "stars": 1.0 if slow else 5.0,
                "company": "Ясень",
                "place": f"Пункт {place % 40}",
                "city": city,
                "language": "ru",
                "app_version": version,
                "sentiment": "negative" if slow else "positive",
                "mentions": [(said, "speed", "negative" if slow else "positive")],
            }
        )
    return found


@pytest.fixture(scope="module", autouse=True)
def _planted(lakes: dict[str, Path], tmp_path_factory: pytest.TempPathFactory) -> None:
    """A lake with a planted group, under the name `slow`."""
    lakes["slow"] = tmp_path_factory.mktemp("segments") / "slow"
    write(lakes["slow"], slow_in_kazan())


def specification(app: AppTest, number: int) -> dict[str, Any]:
    """A chart of the page as it goes to the browser."""
    found: dict[str, Any] = json.loads(app.get("vega_lite_chart")[number].proto.spec)
    return found


def data(app: AppTest, number: int) -> list[dict[str, Any]]:
    """The rows that a chart of the page draws: they travel beside it."""
    (held,) = app.get("vega_lite_chart")[number].proto.datasets
    return list(pa.ipc.open_stream(held.data.data).read_all().to_pylist())


def ways(app: AppTest) -> list[tuple[str, str]]:
    """Labels and addresses of the links to other pages."""
    return [
        (one.proto.label.replace("\\", ""), f"{one.proto.page}?{one.proto.query_string}")
        for one in app.get("page_link")
    ]


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(
    "lake", ["absent", "empty", "single", "unread", "usual", "hostile", "broken", "slow"]
)
def test_opens(visit: Visit, lake: str, language: str) -> None:
    app = visit(lake, "segments", ui=language)
    assert not app.exception
    assert [one.value for one in app.title] == [words(language)("segments.title")]


@pytest.mark.parametrize(
    ("language", "sentence"),
    [
        ("ru", "<b>Казань, версия 4.2</b>: на тему «<b>Скорость</b>» жалуются <b>50\u00a0%</b>"),
        ("en", "<b>Казань, version 4.2</b>: <b>50%</b> (<b>39–61%</b>) complain about <b>Speed</b>"),
        ("pl", "<b>Казань, wersja 4.2</b>: na temat „<b>Szybkość</b>” skarży się <b>50%</b>"),
    ],
)
def test_a_hidden_group_is_a_sentence(visit: Visit, language: str, sentence: str) -> None:
    app = visit("slow", "segments", ui=language, target="themes")
    said = everything(app)
    assert sentence in said
    assert "Ждал две недели" in said
    assert 'class="house-quote blame"' in said
    assert plain(words(language)("segments.not_a_filter")) in said


def test_a_group_leads_to_its_reviews_and_to_its_theme(visit: Visit) -> None:
    app = visit("slow", "segments", ui="en", target="themes", source="banki_ru")
    reviews = next(way for label, way in ways(app) if label == "Reviews: Казань")
    reasons = next(way for label, way in ways(app) if label == "Reasons: Speed")
    assert reviews.startswith("reviews?")
    assert reasons.startswith("reasons?")
    for part in ("city=%D0%9A", "theme=speed", "polarity=negative", "source=banki_ru"):
        assert part in reviews
        assert part in reasons


def test_the_displeased_are_told_with_what_they_blame(visit: Visit) -> None:
    said = everything(visit("slow", "segments", ui="en", target="negative"))
    assert "are displeased, in other reviews" in said
    assert plain("What they blame more than usual: Speed.") in said


def test_the_better_side_and_none(visit: Visit) -> None:
    better = everything(visit("slow", "segments", ui="en", target="negative", side="better"))
    assert plain(words("en")("segments.none_better")) in better or "fewer than" in better
    few = everything(visit("usual", "segments", ui="en"))
    assert "at least 100 are needed, 90 have been read" in few.replace("\\", "")


def test_the_heat_map_has_every_cell_with_its_figure(visit: Visit) -> None:
    app = visit("slow", "segments", ui="en", down="city", across="month", figure="negative")
    rows = data(app, 0)
    assert {row["down"] for row in rows} == {"Казань", "Москва", "Gdańsk"}
    assert "4 earlier months" in {row["across"] for row in rows}
    june = next(row for row in rows if (row["down"], row["across"]) == ("Казань", "Jun 2026"))
    assert june["few"]
    assert june["n"] == "10"
    assert june["written"].endswith("%")
    kazan = next(row for row in rows if row["down"] == "Казань" and row["across"] == "4 earlier months")
    assert kazan["tone"] == "var(--house-blame)"
    assert kazan["depth"] > june["depth"]


def test_strong_cells_are_told_with_a_way_where_filters_choose_them(visit: Visit) -> None:
    app = visit("slow", "segments", ui="en", down="city", across="source")
    held = [(name, way) for name, way in ways(app) if "the whole" in name]
    name, way = next(one for one in held if one[0].startswith("Казань"))
    assert "n = 80" in name
    assert "city=" in way
    assert "source=" in way
    by_day = visit("slow", "segments", ui="en", down="city", across="weekday")
    assert not [name for name, _ in ways(by_day) if "the whole" in name]


def test_csi_and_a_theme_are_figures_too(visit: Visit) -> None:
    csi = data(visit("slow", "segments", ui="pl", figure="csi"), 0)
    assert all(row["written"].isdigit() for row in csi)
    app = visit("slow", "segments", ui="en", figure="theme")
    assert not app.exception
    assert app.selectbox(key="theme_en").value == "speed"
    blamed = data(app, 0)
    praise = visit("slow", "segments", ui="en", figure="theme", theme="speed", polarity="positive")
    praised = data(praise, 0)
    tones = [{row["down"]: row["tone"] for row in rows}["Казань"] for rows in (blamed, praised)]
    assert tones == ["var(--house-blame)"] * 2


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_dimension_by_itself_is_refused_gracefully(visit: Visit, language: str) -> None:
    app = visit("usual", "segments", ui=language, down="city", across="city")
    assert not app.exception
    assert plain(words(language)("segments.same")) in everything(app)
    app.selectbox(key=f"across_{language}").set_value("month").run()
    assert plain(words(language)("segments.same")) not in everything(app)


def test_the_map_shows_the_cities_that_are_known(visit: Visit) -> None:
    app = visit("slow", "segments", ui="en")
    chart = specification(app, 1)
    rows = data(app, 1)
    assert {row["name"]: (row["latitude"], row["longitude"]) for row in rows} == {
        "Казань": (55.79, 49.12),
        "Москва": (55.76, 37.62),
        "Gdańsk": (54.35, 18.65),
    }
    assert chart["projection"]["type"] == "mercator"
    text = json.dumps({key: value for key, value in chart.items() if key != "$schema"})
    assert "http" not in text
    assert '"url"' not in text


def test_one_city_is_no_map(visit: Visit) -> None:
    said = everything(visit("slow", "segments", ui="en", city="Казань"))
    assert plain(words("en")("segments.too_few_places")) in said
    assert "city,place,latitude,longitude" in said


def test_coordinates_of_ones_own(visit: Visit, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = tmp_path / "places.csv"
    file.write_text("place,latitude,longitude\nПункт 1,55.1,37.1\nпункт 2,56,38\n", encoding="utf-8")
    monkeypatch.setenv("UGC_PLACES", str(file))
    app = visit("slow", "segments", ui="en")
    assert {"Пункт 1", "Пункт 2"} <= {row["name"] for row in data(app, 1)}
    file.write_text("place,latitude,longitude\nПункт 1,551,37.1\n", encoding="utf-8")
    broken = visit("slow", "segments", ui="en")
    assert not broken.exception
    assert "Line 2 of the places has the latitude '551'" in everything(broken)
    assert len(data(broken, 1)) == 3


def test_the_fields_of_a_breakdown_are_in_the_address(visit: Visit) -> None:
    app = visit("slow", "segments", ui="en")
    app.button_group(key="figure_en").set_value("theme").run()
    app.button_group(key="polarity_en").set_value("positive").run()
    app.selectbox(key="down_en").set_value("month").run()
    assert not app.exception
    assert app.query_params == {
        "ui": "en",
        "theme": "speed",
        "polarity": "positive",
        "down": "month",
        "figure": "theme",
    }
    assert {row["down"] for row in data(app, 0)} >= {"Jun 2026", "May 2026"}
    app.button_group(key="side_en").set_value("better").run()
    assert not app.exception
