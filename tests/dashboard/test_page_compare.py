"""Compare: sides that stand apart, sides that there are not, and all that can be chosen."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from types import SimpleNamespace

import pytest
from streamlit.testing.v1 import AppTest

from tests.dashboard.test_pages import LANGUAGES, everything
from ugc.dashboard.answers import sides
from ugc.dashboard.look.markup import plain
from ugc.dashboard.look.words import words
from ugc.insight.choice.periods import span_of

Visit = Callable[..., AppTest]
KINDS = ("company", "place", "product", "city", "source", "period")


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("what", KINDS)
def test_every_kind_opens_with_sides_or_says_that_there_are_none(
    visit: Visit, what: str, language: str
) -> None:
    app = visit("usual", "compare", ui=language, what=what)
    assert not app.exception
    said = everything(app)
    heads = [one.value for one in app.header]
    if words(language)("compare.none").split()[0] in said:
        assert not heads
    else:
        assert words(language)("compare.apart") in heads


def test_two_cities_differ_and_the_way_leads_to_each(visit: Visit) -> None:
    said = everything(visit("usual", "compare", ui="en", what="city", sides=["Казань", "Москва"]))
    assert "<bdi>Казань</bdi>" in said
    assert "<bdi>Москва</bdi>" in said
    assert "They complain about “<b>Environment</b>” most at <b>Москва</b>" in said
    assert "<b>Москва</b>: CSI" in said
    assert "60 reviews" in said


def test_a_side_that_the_lake_does_not_know_is_named_and_passed_over(visit: Visit) -> None:
    app = visit("usual", "compare", ui="en", what="city", sides=["Nowhere", "Казань", "Москва"])
    assert not app.exception
    assert "not compared: Nowhere." in everything(app).replace("\\", "")
    assert "60 reviews" in everything(app)


def test_one_side_alone_asks_for_another(visit: Visit) -> None:
    app = visit("usual", "compare", ui="pl", what="city", sides=["Казань"])
    assert plain(words("pl")("compare.lone")) in everything(app)
    assert not app.header


def test_the_first_sight_are_the_two_largest_and_another_kind_has_its_own(visit: Visit) -> None:
    app = visit("usual", "compare", ui="en")
    assert app.multiselect(key="sides_en").value == ["Lumbi", "Ясень"]
    app.segmented_control(key="what_en").set_value("city").run()
    assert not app.exception
    assert len(app.multiselect(key="sides_en").value) == 2
    assert set(app.multiselect(key="sides_en").value) < {"Казань", "Москва", "Gdańsk"}
    app.multiselect(key="sides_en").set_value(["Gdańsk", "Казань", "Москва"]).run()
    assert app.segmented_control(key="against_en").value == "first"
    assert "90 reviews" in everything(app)
    app.segmented_control(key="against_en").set_value("rest").run()
    assert not app.exception
    assert "against all other sides together" in everything(app)


def test_a_lake_of_one_company_compares_its_last_periods(visit: Visit) -> None:
    app = visit("unread", "compare", ui="en", company=["Lumbi"])
    assert app.segmented_control(key="what_en").value == "company"
    app = visit("single", "compare", ui="en")
    assert not app.exception
    assert app.segmented_control(key="what_en").value == "period"


def test_the_usual_periods_stand_in_the_order_of_time(visit: Visit) -> None:
    app = visit("usual", "compare", ui="en", what="period")
    pills = app.get("button_group")
    assert any(words("en")("compare.quick_days90") in str(one.proto) for one in pills)
    before, last = app.multiselect(key="sides_en").value
    assert before < last
    head = '<td class="text"><bdi>'
    assert everything(app).index(f"{head}{sides.called('period', before, 'en')}") < everything(app).index(
        f"{head}{sides.called('period', last, 'en')}"
    )


def test_a_period_without_reviews_is_said(visit: Visit) -> None:
    app = visit("usual", "compare", ui="en", what="period", sides=["2025", "2026"])
    assert "Not one review stands here: 2025" in everything(app).replace("\\", "")


def test_periods_that_share_days_are_refused_in_words(visit: Visit) -> None:
    app = visit("usual", "compare", ui="pl", what="period", sides=["2026", "2026-04"])
    assert not app.exception
    assert words("pl")("compare.cannot").split()[0] in everything(app)
    assert any("share days" in one.value for one in app.code)


def test_the_filter_of_the_same_kind_does_not_leave_sides_out(visit: Visit) -> None:
    app = visit("usual", "compare", ui="en", what="city", city=["Казань"], sides=["Казань", "Москва"])
    assert not app.exception
    assert "<bdi>Москва</bdi>" in everything(app)


def test_unread_reviews_are_compared_by_their_ratings_alone(visit: Visit) -> None:
    app = visit("unread", "compare", ui="en", what="period")
    assert not app.exception


def test_concrete_reasons_are_looked_for_when_asked(visit: Visit) -> None:
    app = visit("usual", "compare", ui="en", what="city", sides=["Казань", "Москва"])
    app.toggle(key="compare_concrete_ask").set_value(True).run()
    assert not app.exception
    assert "ugc group" in everything(app).replace("\\", "")


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_period_offered_is_one_and_has_a_name(language: str) -> None:
    context = SimpleNamespace(has=SimpleNamespace(first=date(2024, 2, 29), last=date(2026, 11, 15)))
    offered = sides.choices(context, "period")
    assert offered[:2] == ["2026-10-17..2026-11-15", "2026-09-17..2026-10-16"]
    assert len(set(offered)) == len(offered) > 20
    for one in offered:
        assert span_of(one.partition("..")[0])
        assert sides.called("period", one, language) not in ("", one) or one.isdigit()
    only = sides.narrowed("period", "2026-Q3")
    assert only == {"since": date(2026, 7, 1), "until": date(2026, 9, 30)}


def test_the_last_period_and_the_one_before_it_as_far_back_as_there_are_reviews() -> None:
    has = SimpleNamespace(first=date(2026, 6, 20), last=date(2026, 11, 15))
    assert sides.pairs(has) == {
        "days30": ("2026-09-17..2026-10-16", "2026-10-17..2026-11-15"),
        "days90": ("2026-05-20..2026-08-17", "2026-08-18..2026-11-15"),
        "month": ("2026-10", "2026-11"),
        "quarter": ("2026-Q3", "2026-Q4"),
    }
    assert sides.spelled((date(2026, 1, 1), date(2026, 1, 31))) == "2026-01-01..2026-01-31"
    assert sides.spelled((date(2026, 1, 1),)) is None


def test_a_lake_without_dates_offers_no_periods() -> None:
    assert sides.choices(SimpleNamespace(has=SimpleNamespace(first=None, last=None)), "period") == []


@pytest.mark.parametrize("what", ["company", "period"])
@pytest.mark.parametrize("lake", ["empty", "single", "hostile", "broken"])
def test_odd_lakes_open(visit: Visit, lake: str, what: str) -> None:
    app = visit(lake, "compare", ui="ru", what=what)
    assert not app.exception
    assert "<script>" not in "".join(str(one.value) for one in app.html)
