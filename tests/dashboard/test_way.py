"""The map of the way and the quadrant: what is drawn is what was found."""

from __future__ import annotations

from typing import Any

import pytest

from tests.insight.truths import Planted, tables
from ugc.dashboard.answers import way
from ugc.dashboard.look.chart_style import Spec
from ugc.dashboard.look.words import words
from ugc.insight import Filters, drivers, moments

PLANTED = (
    Planted("reliability", 0.14, 0.16, penalty=1.2, touchpoint="support"),
    Planted("politeness", 0.14, 0.16, reward=0.9, touchpoint="order"),
    Planted("speed", 0.14, 0.16, penalty=0.6, reward=0.6, touchpoint="delivery"),
)


@pytest.fixture(scope="module")
def lake() -> Any:
    return tables(1500, PLANTED, 8)


def data(chart: Spec) -> list[dict[str, Any]]:
    """Rows of the data of a chart, which all its layers share."""
    (rows,) = chart["datasets"].values()
    return rows


@pytest.mark.parametrize("language", ["ru", "en", "pl"])
def test_the_map_has_every_cell_with_its_figures(lake: Any, language: str) -> None:
    found, word = moments(lake, Filters()), words(language)
    rows = {row["theme"]: row for row in data(way.way_map(found, language))}
    assert len(rows) == len(PLANTED)
    row = rows[word.name("themes", "reliability")]
    cell = next(one for one in found.cells if one.theme == "reliability")
    assert row["place"] == word.name("touchpoints", "support")
    assert (row["share"], row["moment"]) == (cell.about.share, cell.moment)
    assert word("moments.impact") in row
    assert 0.4 <= row["strength"] <= 1


def test_blame_and_praise_have_their_colours(lake: Any) -> None:
    assert way._tone(10)["tone"] == "var(--house-blame)"
    assert way._tone(90)["tone"] == "var(--house-praise)"
    assert way._tone(50) == {"tone": "var(--house-raised)", "strength": 0.4}


@pytest.mark.parametrize("language", ["ru", "en", "pl"])
def test_the_quadrant_places_themes_by_their_effects(lake: Any, language: str) -> None:
    found, word = drivers(lake, Filters()), words(language)
    rows = {row["theme"]: row for row in data(way.quadrant(found.rows, language))}
    must, delighter = (rows[word.name("themes", key)] for key in ("reliability", "politeness"))
    assert must["penalty"] > 0.9 > must["reward"]
    assert delighter["reward"] > 0.6 > delighter["penalty"]
    assert must[word("moments.kind")] == word("moments.must_be")
    assert delighter[word("moments.kind")] == word("moments.delighter")


def test_nothing_found_draws_nothing(plant: Any) -> None:
    with plant().snapshot() as snapshot:
        assert data(way.way_map(moments(snapshot, Filters()), "en")) == []
        assert data(way.quadrant(drivers(snapshot, Filters()).rows, "en")) == []
