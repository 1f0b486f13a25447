"""The overview: what changed and what was done, marked and told; everything can be taken away as a file."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from tests.dashboard.lakes import HOSTILE, usual, write
from tests.dashboard.opened import opened
from tests.dashboard.test_pages import everything
from ugc.dashboard.look.words import words
from ugc.lake import Lake

LANGUAGES = ("ru", "en", "pl")

Visit = Callable[..., AppTest]


@pytest.fixture(scope="module")
def acted(lakes: dict[str, Path], tmp_path_factory: pytest.TempPathFactory) -> str:
    """Name of the usual lake with actions, one of them called by every hostile text at once."""
    lakes["acted"] = tmp_path_factory.mktemp("acted") / "lake"
    write(lakes["acted"], usual())
    lake = Lake.open(lakes["acted"])
    lake.add_action("A second shift", date(2026, 5, 4), concerned={"city": ["Казань"]}, theme="speed")
    lake.add_action(" ".join(HOSTILE[place][:60] for place in (0, 1, 6)), date(2026, 6, 1))
    return "acted"


def charts(app: AppTest) -> list[dict[str, Any]]:
    return [json.loads(one.proto.spec) for one in app.get("vega_lite_chart")]


@pytest.mark.parametrize("language", LANGUAGES)
def test_changes_and_actions_are_marked_and_told(visit: Visit, acted: str, language: str) -> None:
    app, word = visit(acted, ui=language), words(language)
    assert not app.exception
    said = everything(app)
    assert '<span class="number change">1</span>' in said
    assert '<span class="number act">2</span> <b>' in said
    assert word("turn.how_changes") in said
    assert word("turn.how_acts") in said
    for key in ("negative", "stars"):
        assert f"<b>{word(f'turn.{key}')}</b>:" in said
    assert f"<b>{word('turn.theme_negative', theme=word.name('themes', 'speed'))}</b>:" in said
    assert "A second shift" in said
    (chart,) = charts(app)
    kinds = [layer["mark"]["type"] for layer in chart["layer"][-4:]]
    assert kinds == ["rect", "rule", "point", "text"]


def test_what_a_person_typed_stays_text(visit: Visit, acted: str) -> None:
    said = everything(visit(acted, ui="en"))
    assert "<script>window" not in said
    assert "&lt;script&gt;window" in said


def test_the_marks_stay_whatever_is_shown(visit: Visit, acted: str) -> None:
    for fields in ({"measure": "csi"}, {"measure": "net", "by": "week"}, {"by": "day"}):
        app = visit(acted, ui="en", **fields)
        assert not app.exception
        assert '<span class="number act">3</span>' in everything(app)
        assert len(charts(app)[0]["layer"]) == 6


def test_an_action_for_others_is_not_marked(visit: Visit, acted: str) -> None:
    said = everything(visit(acted, ui="en", city=["Gdańsk"]))
    assert "A second shift" not in said


def test_nothing_that_changed_is_said_too(visit: Visit) -> None:
    app = visit("usual", ui="en", since="2026-05-01")
    assert words("en")("turn.none") in everything(app)
    assert len(charts(app)[0]["layer"]) == 2


def test_a_change_opens_to_its_cause_and_the_words_of_customers(
    visit: Visit, acted: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    closed = everything(visit(acted, ui="en"))
    assert closed.count("Ждал две недели") == 0 or "Most was added by" in closed
    monkeypatch.setattr("ugc.dashboard.answers.since.st.expander", opened)
    app = visit(acted, ui="en")
    assert not app.exception
    said = everything(app)
    assert "q = 0.0" in said
    assert "city Казань (+33 pts)" in said
    assert said.count("Ждал две недели") > closed.count("Ждал две недели")
    links = [one.proto.label for one in app.get("page_link")]
    assert any(label.startswith("All about") for label in links)


@pytest.mark.parametrize("lake", ["single", "unread", "usual", "hostile"])
def test_every_list_and_chart_can_be_taken_away(visit: Visit, lake: str) -> None:
    app = visit(lake, ui="en")
    assert not app.exception
    offered = [one.proto.popover.label for one in app.get("popover")]
    assert offered
    assert set(offered) == {words("en")("export.offer")}
