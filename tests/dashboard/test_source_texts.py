"""Every source tells in every language what it takes, needs and leaves out."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from markupsafe import escape
from streamlit.testing.v1 import AppTest

from scrapers import registry
from tests.dashboard.shop import everything
from ugc.dashboard.collecting import about

OTHERS = ("ru", "pl")

Visit = Callable[..., AppTest]


def wanted() -> dict[str, dict[str, str]]:
    """All that sources say in English, as the translations are arranged."""
    found = {one.name: {"target": one.target, "limits": one.limits} for one in registry.sources().values()}
    for one in registry.sources().values():
        if one.key:
            found[one.name]["needs"] = one.needs
    found["saved"] = {one.name: one.how for one in registry.SAVED}
    found["left_out"] = dict(registry.LEFT_OUT)
    return found


@pytest.mark.parametrize("language", OTHERS)
def test_nothing_is_missing_and_nothing_is_left_over(language: str) -> None:
    own = about.translated(language)
    assert {part: set(texts) for part, texts in own.items()} == {
        part: set(texts) for part, texts in wanted().items()
    }
    assert all(text.strip() for texts in own.values() for text in texts.values())


@pytest.mark.parametrize("language", OTHERS)
def test_figures_and_examples_are_the_same(language: str) -> None:
    """Numbers, codes and addresses are no words: a translation has those of the English text."""
    telling = re.compile(r"\d{2,}|[a-z]+_[a-z_]+|https?://\S+|r/\S+[^,.\s]")
    for part, texts in wanted().items():
        for key, english in texts.items():
            said = about.translated(language)[part][key]
            lacks = {one for one in telling.findall(english) if one not in said}
            assert not lacks, (part, key, lacks)


@pytest.mark.parametrize("language", OTHERS)
def test_the_page_speaks_the_language_of_the_reader(visit: Visit, language: str) -> None:
    app = visit("absent", "sources", ui=language)
    app.selectbox(key=f"collect_source_{language}").set_value("two_gis").run()
    said = everything(app)
    own = about.translated(language)
    for text in (*own["two_gis"].values(), own["left_out"]["Ozon"], own["saved"]["zoon"]):
        assert str(escape(text)) in said
    assert 'lang="en"' not in said


def test_a_source_of_another_package_is_told_in_english() -> None:
    class Added(type(registry.get("steam"))):
        name = "added"
        target = "<b>a name</b>"

    assert about.told(Added(), "target", "ru") == '<bdi lang="en">&lt;b&gt;a name&lt;/b&gt;</bdi>'
    assert about.told(Added(), "target", "en") == "<bdi>&lt;b&gt;a name&lt;/b&gt;</bdi>"
