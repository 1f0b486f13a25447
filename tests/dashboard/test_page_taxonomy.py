"""Themes: what each means in three languages, how often it is raised, and in whose words."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from streamlit.testing.v1 import AppTest

from tests.dashboard.test_pages import LANGUAGES, everything, rows
from ugc import taxonomy
from ugc.dashboard.answers import theme_shown
from ugc.dashboard.look.words import words

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
