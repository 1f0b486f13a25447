"""Themes: what each means in three languages, how often it is raised, and in whose words."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest
from streamlit.testing.v1.element_tree import TextArea, TextInput

from tests.dashboard.test_pages import LANGUAGES, everything, rows
from ugc import taxonomy
from ugc.dashboard.answers import theme_shown
from ugc.dashboard.look.words import words
from ugc.lake import Lake
from ugc.theming import Draft, save

Visit = Callable[..., AppTest]


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_theme_is_told_in_three_languages_with_quotes(visit: Visit, language: str) -> None:
    app = visit("usual", "taxonomy", ui=language, label="speed")
    assert not app.exception
    said = everything(app)
    for code in taxonomy.LANGUAGES:
        assert taxonomy.label("themes", "speed").covers[code] in said
    assert "Ждал две недели" in said
    listed = rows(app, "themes")
    assert [one["chosen"] for one in listed].count(True) == 1
    assert listed[0]["label"] in (words(language).name("themes", key) for key in ("speed", "environment"))
    assert len(listed) == len(taxonomy.keys("themes"))


def test_every_theme_has_a_meaning_in_every_language() -> None:
    for theme in taxonomy.keys("themes"):
        assert all(theme_shown.covers(theme, language) for language in LANGUAGES)


def test_a_label_that_the_taxonomy_does_not_know_is_text(visit: Visit) -> None:
    assert "&lt;i&gt;" in str(theme_shown.named("<i>", "en"))
    app = visit("usual", "taxonomy", ui="en", label="nothing of ours")
    assert not app.exception


def test_filters_of_other_pages_do_not_concern_it(visit: Visit) -> None:
    app = visit("usual", "taxonomy", ui="en", city="Nowhere")
    assert rows(app, "themes")[0]["figure"] != "–"
    assert not app.multiselect


def test_unread_reviews_are_told(visit: Visit) -> None:
    assert "ugc tag" in [one.value for one in visit("unread", "taxonomy", ui="en").code]


@pytest.fixture
def own(lakes: dict[str, Path], tmp_path: Path) -> Iterator[Lake]:
    """A copy of the usual lake that may be written, with one theme renamed."""
    shutil.copytree(lakes["usual"], tmp_path / "own")
    lakes["own"] = tmp_path / "own"
    lake = Lake.open(tmp_path / "own")
    speed = replace(Draft.of("speed"), names=("Быстрота", "Pace", "Tempo"))
    save(lake, speed, author="Анна")
    yield lake
    lakes.pop("own")


@pytest.mark.parametrize(("language", "name"), [("ru", "Быстрота"), ("en", "Pace"), ("pl", "Tempo")])
def test_a_new_name_holds_on_every_page(own: Lake, visit: Visit, language: str, name: str) -> None:
    app = visit("own", "taxonomy", ui=language, label="speed")
    row = next(one for one in rows(app, "themes") if one["key"] == "speed")
    assert (row["label"], row["badge"]) == (name, words(language)("theming.edited"))
    assert "Анна" in everything(app)
    assert name in [one["label"] for one in rows(visit("own", "reasons", ui=language), "negative")]
    assert taxonomy.label("themes", "price").names == next(
        one.names for one in taxonomy.shipped("themes") if one.key == "price"
    )


def field(app: AppTest, name: str) -> TextInput | TextArea:
    """The field of the form whose key begins so."""
    return next(one for one in [*app.text_input, *app.text_area] if (one.key or "").startswith(name))


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_theme_is_edited_and_given_its_own_words_back(own: Lake, visit: Visit, language: str) -> None:
    app = visit("own", "taxonomy", ui=language, label="speed", edit="yes")
    assert not app.exception
    assert field(app, "theming_name_en_speed").value == "Pace"
    field(app, "theming_name_en_speed").set_value("<b>Haste</b> =1+1")
    field(app, "theming_examples_pl_speed").set_value("czekam trzeci dzień\n\nczekam trzeci dzień").run()
    app.button(key="theming_save").click().run()
    assert not app.exception
    with own.snapshot() as snapshot:
        edit = snapshot.edits()["speed"]
    assert edit.names == ("Быстрота", "<b>Haste</b> =1+1", "Tempo")
    assert edit.examples[2] == ("czekam trzeci dzień",)
    assert edit.drawing is None
    assert "edit" not in app.query_params
    assert "<b>Haste" not in str(theme_shown.named("speed", language))
    app = visit("own", "taxonomy", ui=language, label="speed", edit="yes")
    app.button(key="theming_undo_yes").click().run()
    assert not app.exception
    with own.snapshot() as snapshot:
        assert snapshot.edits() == {}
    assert words(language).name("themes", "speed") in everything(app)


def test_what_cannot_be_saved_stays_typed_and_says_why(own: Lake, visit: Visit) -> None:
    app = visit("own", "taxonomy", ui="en", label="speed", edit="yes")
    field(app, "theming_name_en_speed").set_value("Price").run()
    app.button(key="theming_save").click().run()
    assert not app.exception
    assert words("en")("theming.why_taken", name="Price") in everything(app)
    assert field(app, "theming_name_en_speed").value == "Price"
    with own.snapshot() as snapshot:
        assert snapshot.edits()["speed"].names[1] == "Pace"


def test_a_lake_read_by_another_model_says_so(own: Lake, visit: Visit) -> None:
    app = visit("own", "taxonomy", ui="en", edit="new")
    assert app.button(key="theming_save").disabled
    field(app, "theming_name_en_new").set_value("Parking")
    field(app, "theming_examples_en_new").set_value("nowhere to park").run()
    app.button(key="theming_find").click().run()
    assert not app.exception
    assert "ugc tag" in everything(app)
    assert app.button(key="theming_save").disabled
    assert field(app, "theming_name_en_new").value == "Parking"
