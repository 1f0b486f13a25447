"""Every page opens in every language and with every kind of lake."""

from __future__ import annotations

import json
from collections.abc import Callable

import pytest
from streamlit.testing.v1 import AppTest

from ugc.dashboard.look.markup import plain
from ugc.dashboard.look.words import words
from ugc.dashboard.views import LAKELESS, PLACES

PAGES = tuple(place.name for place in PLACES[1:]) + tuple(name for name, *_ in LAKELESS)
"""Every page by its name."""
LANGUAGES = ("ru", "en", "pl")

Visit = Callable[..., AppTest]


def everything(app: AppTest) -> str:
    """All that a page shows, as one text."""
    shown = [*app.markdown, *app.caption, *app.code, *app.title, *app.header, *app.html]
    return "\n".join(str(one.value if hasattr(one, "value") else one) for one in shown)


def reviews(app: AppTest) -> list[str]:
    """The cards of reviews on a page."""
    return [str(one.value) for one in app.html if "<article" in str(one.value)]


def rows(app: AppTest, key: str) -> list[dict[str, object]]:
    """Rows that one list of bars was given."""
    for one in app.get("bidi_component"):
        if key in one.proto.id:
            return list(json.loads(one.proto.json)["rows"])
    raise AssertionError(f"There is no list {key}.")


def chips(app: AppTest) -> list[tuple[str, str]]:
    """The chips of the cards that can be corrected: tone and text."""
    drawn = [one for one in app.get("bidi_component") if "chips_" in one.proto.id]
    found = [chip for one in drawn for chip in json.loads(one.proto.json)["chips"]]
    return [(chip["tone"], chip["text"]) for chip in found]


@pytest.mark.parametrize("page", PAGES)
@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("lake", ["absent", "empty", "single", "unread", "usual", "hostile", "broken"])
def test_opens(visit: Visit, lake: str, page: str, language: str) -> None:
    app = visit(lake, page, ui=language)
    assert not app.exception
    assert [one.value for one in app.title] == [words(language)(f"{page}.title")]


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("lake", ["absent", "empty"])
def test_an_empty_lake_says_how_to_fill_it(visit: Visit, lake: str, language: str) -> None:
    app = visit(lake, ui=language)
    assert "ugc import --sample\nugc tag" in [one.value for one in app.code]
    assert words(language)("state.empty") in everything(app)


def test_a_broken_lake_says_what_is_wrong_and_what_mends_it(visit: Visit) -> None:
    app = visit("broken", ui="en")
    said = everything(app)
    assert words("en")("state.unreadable") in said
    assert "ugc doctor" in said
    assert not app.multiselect


def test_untagged_reviews_are_counted_with_the_command_that_reads_them(visit: Visit) -> None:
    app = visit("unread", "reasons", ui="en")
    assert "The model has read none of the reviews yet; there are 7" in everything(app)
    assert "ugc tag" in [one.value for one in app.code]


def test_nothing_found_offers_a_way_back(visit: Visit) -> None:
    app = visit("usual", ui="en", city="Nowhere")
    assert words("en")("state.nothing") in everything(app)
    app.button(key="reset_from_nothing").click().run()
    assert not app.exception
    assert "90 reviews" in everything(app)


def test_a_value_the_lake_does_not_know_stays_in_its_filter(visit: Visit) -> None:
    app = visit("usual", ui="en", city="Nowhere")
    assert app.multiselect(key="city_en").value == ["Nowhere"]


def test_figures_come_with_interval_n_and_the_mark_of_small_numbers(visit: Visit) -> None:
    said = everything(visit("usual", ui="en"))
    assert "90 ratings" in said
    assert "95%: " in said
    assert "not representative: 90 of 300 ratings" in said


def test_sentences_say_what_is_going_on(visit: Visit) -> None:
    said = everything(visit("usual", ui="en"))
    assert "They complain most about" in said
    assert "They thank most for" in said


def test_filters_narrow_every_figure(visit: Visit) -> None:
    app = visit("usual", ui="en", city=["Казань", "Москва"])
    assert "60 reviews" in everything(app)
    assert {row["label"] for row in rows(app, "by_city")} == {"Казань", "Москва"}


def test_reviews_without_a_city_can_be_chosen(visit: Visit) -> None:
    app = visit("usual", ui="en", place=[""])
    assert "23 reviews" in everything(app)
    assert app.multiselect(key="place_en").value == [""]


def test_reasons_are_ranked_on_one_scale(visit: Visit) -> None:
    app = visit("usual", "reasons", ui="en")
    complaints = rows(app, "reasons_negative")
    assert [row["key"] for row in complaints] == ["environment", "speed"]
    assert complaints[0]["label"] == "Environment"
    assert [row["key"] for row in rows(app, "reasons_positive")] == ["speed", "politeness"]


def test_a_theme_shows_where_it_stands_out_and_its_quotes(visit: Visit) -> None:
    app = visit("usual", "reasons", ui="en", theme="speed", polarity="negative")
    said = everything(app)
    assert "Strongest: <b>Казань</b> (<b>city</b>), <b>from 6\u00a0April 2026 on</b>" in said
    assert "Ждал две недели" in said
    parts = {row["label"]: row for row in rows(app, "parts_city")}
    assert parts["Казань"]["badge"] == "more often"


def test_a_link_may_name_the_theme_alone(visit: Visit) -> None:
    app = visit("usual", "reasons", ui="en", theme="environment")
    assert not app.exception
    assert app.button_group(key="side_negative_en").value == "negative"


def test_a_theme_nobody_mentions_says_so(visit: Visit) -> None:
    app = visit("usual", "reasons", ui="en", theme="safety", polarity="positive")
    assert words("en")("reasons.silent") in everything(app)


def test_back_leads_from_a_theme_to_the_ranking(visit: Visit) -> None:
    app = visit("usual", "reasons", ui="en", theme="speed", polarity="negative")
    app.button(key="back").click().run()
    assert rows(app, "reasons_negative")


def test_reviews_show_clauses_tags_reply_and_source(visit: Visit) -> None:
    app = visit("usual", "reviews", ui="en", q="№89")
    said = everything(app)
    assert '<mark class="praise" data-tip="Speed: praise, 87%" tabindex="0">быстро привезли</mark>' in said
    assert ("praise", "Speed") in chips(app)
    assert 'href="https://reviews.example/89"' in said
    assert "version 5.6.1" not in said
    assert "The company&#39;s reply" in everything(visit("usual", "reviews", ui="en", q="№85"))


def test_every_filter_of_reviews_is_in_force(visit: Visit) -> None:
    app = visit(
        "usual",
        "reviews",
        ui="en",
        sentiment="negative",
        theme="speed",
        polarity="negative",
        emotion="anger",
        contact="complaint",
        stars="1",
        order="oldest",
    )
    assert "14 reviews" in everything(app)
    assert "№48" in reviews(app)[0]


def test_pages_of_reviews_are_turned_and_fall_back_when_a_filter_moves(visit: Visit) -> None:
    app = visit("usual", "reviews", ui="en", page="9")
    cards = reviews(app)
    assert len(cards) == 10
    assert "№0" in cards[-1]
    app.selectbox(key="stars_en").set_value("1").run()
    assert app.query_params == {"ui": "en", "stars": "1"}


def test_a_page_past_the_end_shows_the_last(visit: Visit) -> None:
    app = visit("usual", "reviews", ui="en", page="77")
    assert not app.exception
    assert reviews(app)


def test_one_review_has_a_place_of_its_own(visit: Visit, usual_id: str) -> None:
    app = visit("usual", "reviews", ui="en", review=usual_id)
    cards = reviews(app)
    assert len(cards) == 1
    assert "whole" in cards[0]
    app.button(key="back").click().run()
    assert len(reviews(app)) == 10


def test_a_review_that_is_gone_says_so(visit: Visit) -> None:
    assert words("pl")("reviews.gone") in everything(visit("usual", "reviews", ui="pl", review="x"))


def test_the_language_changes_words_and_keeps_filters(visit: Visit) -> None:
    app = visit("usual", ui="en", language=["ru"])
    app.button_group(key="ui").set_value("pl").run()
    assert not app.exception
    assert app.title[0].value == "Przegląd"
    assert app.multiselect(key="language_pl").value == ["ru"]


def test_the_language_of_the_settings_is_the_first(visit: Visit, monkeypatch: pytest.MonkeyPatch) -> None:
    assert visit("usual").title[0].value == "Обзор"
    monkeypatch.setenv("UGC_LANGUAGE", "pl")
    assert visit("usual").title[0].value == "Przegląd"


@pytest.mark.parametrize("language", LANGUAGES)
def test_few_ratings_are_said_and_the_map_is_drawn_all_the_same(visit: Visit, language: str) -> None:
    word = words(language)
    app = visit("usual", "moments", ui=language)
    said = everything(app)
    assert plain(word("moments.lack", n=90, count="90")) in said
    assert plain(word("moments.lacking_ratings", n=90, count="90")) in said
    assert [one.value for one in app.header] == [
        word(f"moments.{name}") for name in ("map", "told", "drivers")
    ]


def test_a_wrong_fall_in_the_address_is_the_usual_one(visit: Visit) -> None:
    assert not visit("usual", "moments", ui="en", fall="37").exception
