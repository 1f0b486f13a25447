"""What goes wrong with a theme is said in the reader's language, and nothing that was typed is lost."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from tests.dashboard.test_page_taxonomy import field
from tests.dashboard.test_pages import LANGUAGES, everything
from tests.theming.parked import Exact, parked
from ugc.dashboard.look.words import words
from ugc.dashboard.theming import falls_in, keeping
from ugc.errors import ModelError
from ugc.lake import Lake, turn

Visit = Callable[..., AppTest]

ROOT = Path(__file__).parents[2]


@pytest.fixture
def parking(
    lakes: dict[str, Path], plant: Callable[..., Lake], monkeypatch: pytest.MonkeyPatch
) -> Iterator[Lake]:
    """A lake whose clauses the reader of the page reads exactly."""
    lake = parked(plant)
    lakes["parking"] = Path(lake.address)
    monkeypatch.setattr(falls_in, "reader", Exact)
    monkeypatch.setattr(keeping, "WAIT", 0.05)
    yield lake
    lakes.pop("parking")


def kept(lake: Lake) -> dict[str, tuple[str, ...]]:
    """Names of the themes that were edited or added."""
    with lake.snapshot() as snapshot:
        return {key: edit.names for key, edit in snapshot.edits().items()}


def press(app: AppTest, key: str) -> AppTest:
    app.button(key=key).click().run()
    assert not app.exception
    return app


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_lake_that_cannot_be_written_is_told(visit: Visit, parking: Lake, language: str) -> None:
    word = words(language)
    app = visit("parking", "taxonomy", ui=language, label="speed", edit="yes")
    field(app, "theming_name_en_speed").set_value("Pace").run()
    with turn.take(Path(parking.address)):
        press(app, "theming_save")
    assert word("theming.busy") in everything(app)
    lock = Path(parking.address) / ".lock"
    lock.unlink()
    lock.mkdir()
    press(app, "theming_save")
    assert word("theming.denied") in everything(app)
    assert field(app, "theming_name_en_speed").value == "Pace"
    lock.rmdir()
    press(app, "theming_save")
    assert kept(parking)["speed"][1] == "Pace"


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_cannot_be_looked_for_or_kept_is_told(
    visit: Visit, parking: Lake, language: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    word = words(language)
    app = visit("parking", "taxonomy", ui=language, edit="new")
    field(app, "theming_name_en_new").set_value(words("en").name("themes", "price"))
    field(app, "theming_examples_en_new").set_value("park 0").run()

    def gone() -> Exact:
        raise ModelError("There is no model.", "Get it.")

    monkeypatch.setattr(falls_in, "reader", gone)
    said = everything(press(app, "theming_find"))
    assert word("theming.no_model") in said
    assert "There is no model." in said
    monkeypatch.setattr(falls_in, "reader", lambda: Exact("other@1"))
    said = everything(press(app, "theming_find"))
    assert word("theming.why_other_model", model="hand@1") in said
    assert app.button(key="theming_save").disabled
    monkeypatch.setattr(falls_in, "reader", Exact)
    press(press(app, "theming_find"), "theming_save")
    assert word("theming.why_taken", name=words("en").name("themes", "price")) in everything(app)
    assert field(app, "theming_examples_en_new").value == "park 0"
    assert kept(parking) == {}


def test_nobody_saves_what_they_did_not_see(visit: Visit, parking: Lake) -> None:
    word = words("en")
    app = visit("parking", "taxonomy", ui="en", edit="new")
    field(app, "theming_name_en_new").set_value("Parking")
    field(app, "theming_examples_en_new").set_value("park 0").run()
    press(app, "theming_find")
    assert not app.button(key="theming_save").disabled
    # The last example and the press may come together.
    field(app, "theming_examples_en_new").set_value("park 0\nqueue 0")
    press(app, "theming_save")
    assert app.button(key="theming_save").disabled
    assert kept(parking) == {}
    assert app.button(key="theming_find").label == word("theming.find_again")
    press(press(app, "theming_find"), "theming_save")
    assert kept(parking) == {"parking": ("Parking",) * 3}


def test_every_refusal_has_its_sentence() -> None:
    sources = [*(ROOT / "ugc" / "theming").glob("*.py"), ROOT / "ugc" / "lake" / "labels.py"]
    said = "\n".join(path.read_text(encoding="utf-8") for path in sources)
    whys = {*re.findall(r'why="(\w+)"', said), "long_name", "long_meaning", "long_example"}
    assert len(whys) > 10
    about = {"name": "n", "model": "m", "count": "2", "most": "1"}
    for language in LANGUAGES:
        for why in whys:
            assert words(language)(f"theming.why_{why}", **about)
