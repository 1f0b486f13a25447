"""Shelf: what stands first, against the mean; the texts only when somebody asks for them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest
from streamlit.testing.v1 import AppTest

from tests.dashboard.test_pages import LANGUAGES, everything, reviews
from ugc.dashboard.answers import shelves
from ugc.dashboard.look.markup import plain
from ugc.dashboard.look.words import words
from ugc.insight import Filters, shelf
from ugc.lake import Lake

Visit = Callable[..., AppTest]


@pytest.fixture
def found(plant):
    """The shelf of a company with two furious, a glowing and an answered review."""
    rows = [
        ("Ужасно, больше не приду никогда", 1.0, "2026-11-04", None),
        ("Лучшее место на свете, советую всем", 5.0, "2026-11-03", None),
        ("Снова обман и грубость", 1.0, "2026-11-02", "Простите нас"),
        *((f"Отлично, как всегда, визит {n}", 5.0, "2026-01-01", None) for n in range(30)),
    ]
    lake: Lake = plant(
        *(
            {"text": text, "stars": stars, "date": day, "company": "<b>Lumbi</b>", "reply_text": reply}
            for text, stars, day, reply in rows
        )
    )
    with lake.snapshot() as snapshot:
        return shelf(snapshot, Filters())


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_sentence_says_what_is_seen_against_the_mean(found, language):
    said = str(shelves.sentence(found[0], found[0].newest, language))
    assert "<b>4" in said
    assert "<b>2</b>" in said
    assert words(language)("shelf.clash", ranks="2").partition("(")[0] in said


def test_names_in_tiles_and_heads_are_escaped(found):
    strip = str(shelves.strip(found[0].newest, "en"))
    assert strip.count("<li") == 10
    assert 'title="Place 1: 1 ★, 4\u00a0November 2026"' in strip
    assert strip.count('class="blame"') == 2
    assert "answered" in strip
    assert "<b>Lumbi" in shelves.named(found[0], "en")


def test_the_worst_seen_come_first(found):
    better = replace(found[0], mean_stars=1.0)
    assert shelves.ranked([better, found[0]]) == [found[0], better]


def test_the_table_leaves_out_what_shelves_are_not_told_apart_by(found):
    table = shelves.table(found, "en")
    assert [one.name for one in table.columns][:3] == ["Source", "Company", "Page"]
    assert all(len(row) == len(table.columns) for row in table.rows)
    assert table.rows[0][-1] is None or table.rows[0][-1].year


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("finer", [None, "product", "place"])
def test_shelves_by_company_product_and_place(visit: Visit, finer: str | None, language: str) -> None:
    app = visit("usual", "shelf", ui=language, **({"finer": finer} if finer else {}))
    assert not app.exception
    assert words(language)("shelf.newest") in [one.value for one in app.subheader]
    assert "house-shelf" in everything(app)
    assert not reviews(app)


def test_nothing_found_says_so(visit: Visit) -> None:
    assert words("en")("state.nothing") in everything(visit("usual", "shelf", ui="en", city="Nowhere"))


def test_one_shelf_alone_is_kept_in_the_address(visit: Visit) -> None:
    app = visit("usual", "shelf", ui="en", shelf="banki_ru|Ясень")
    assert [one.value for one in app.header][:-1] == ["Banki\\.ru · Ясень"]
    everywhere = app.selectbox(key="shelf_en")
    assert everywhere.value == "banki_ru|Ясень"
    everywhere.set_value("").run()
    assert not app.exception
    assert len(app.header) == 3


def test_a_shelf_that_there_is_not_is_said(visit: Visit) -> None:
    app = visit("usual", "shelf", ui="pl", shelf="nowhere|Lumbi")
    assert not app.exception
    assert plain(words("pl")("shelf.gone")) in everything(app)
    assert [one.value for one in app.header] == [words("pl")("shelf.all")]


def test_the_first_day_chosen_does_not_make_a_mean_of_all(visit: Visit) -> None:
    assert "90 reviews" in everything(visit("usual", "shelf", ui="en", since="2026-06-01"))


@pytest.mark.parametrize("lake", ["empty", "single", "unread", "hostile", "broken"])
def test_odd_lakes_open(visit: Visit, lake: str) -> None:
    app = visit(lake, "shelf", ui="ru", finer="place")
    assert not app.exception
    assert "<script>" not in "".join(str(one.value) for one in app.html)


def test_the_way_to_a_shelf_holds_its_names(found):
    assert shelves.narrowed(found[0], None) == {
        "source": (found[0].source,),
        "company": ("<b>Lumbi</b>",),
        "since": None,
    }
    assert shelves.narrowed(found[0], "place")["place"] == ("",)
    (key,) = shelves.names(found, "en")
    assert shelves.picked(found, key) == list(found)
    assert shelves.picked(found, "other") == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_reviews_of_a_page_have_a_table_of_their_own(found, language: str) -> None:
    (one,) = found
    for name, page in shelves.pages(one):
        table = shelves.tiles(one, name, page, language)
        assert table.name.startswith(shelves.named(one, language))
        assert [row[0] for row in table.rows] == [each.rank for each in page.reviews]
        assert [row[-1] for row in table.rows] == [each.review_id for each in page.reviews]
        assert len({len(row) for row in table.rows} | {len(table.columns)}) == 1
