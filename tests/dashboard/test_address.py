"""A view and its address say the same."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as some

from ugc.dashboard.frame import address
from ugc.insight import Filters

NAMES = some.text(alphabet=some.characters(exclude_categories=("Cs",)), max_size=12)


def of(field: address.Field) -> some.SearchStrategy[Any]:
    """Values that a field may take."""
    if field.kind == "many":
        return some.lists(NAMES, max_size=3, unique=True).map(tuple)
    if field.kind == "day":
        return some.none() | some.dates()
    if field.kind == "whole":
        return some.integers(1, 999_999_999)
    if field.allowed():
        none = some.just(field.default)
        return none | some.sampled_from(field.allowed())
    return some.none() | some.text(min_size=1, max_size=12)


VIEWS = some.fixed_dictionaries({field.name: of(field) for field in address.FIELDS}).map(
    lambda view: view | {"ui": view["ui"] or "ru"}
)


@given(VIEWS)
def test_an_address_gives_its_view_back(view: address.View) -> None:
    assert address.parse(address.write(view)) == view


def test_the_plain_view_has_a_plain_address() -> None:
    view = address.parse({})
    assert view["ui"] == "ru"
    assert address.write(view) == {}
    assert not address.filters(view)


@pytest.mark.parametrize(
    ("parameter", "value"),
    [
        ("since", "yesterday"),
        ("until", "2026-02-31"),
        ("by", "year"),
        ("theme", "<script>"),
        ("page", "-1"),
        ("page", "0"),
        ("page", "²"),
        ("page", ""),
        ("stars", "6"),
        ("order", "random"),
        ("ui", "de"),
        ("unknown", "1"),
    ],
)
def test_what_cannot_be_read_is_passed_over(parameter: str, value: str) -> None:
    assert address.parse({parameter: [value]}) == address.parse({})


def test_filters_of_a_view() -> None:
    view = address.parse({"company": ["Ясень", "A & B"], "city": [""], "since": ["2026-01-02"]})
    assert address.filters(view) == Filters(
        companies=("Ясень", "A & B"), cities=("",), since=date(2026, 1, 2)
    )


def test_a_link_keeps_the_filters_and_leaves_the_page_behind() -> None:
    view = address.parse({"city": ["Казань"], "ui": ["pl"], "page": ["4"], "q": ["x"], "by": ["day"]})
    assert address.link(view) == {"ui": ["pl"], "city": ["Казань"]}
    assert address.link(view, theme="speed", polarity="negative") == {
        "ui": ["pl"],
        "city": ["Казань"],
        "theme": ["speed"],
        "polarity": ["negative"],
    }


def test_the_language_of_the_settings_is_left_out(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("UGC_LANGUAGE", "pl")
    assert address.parse({})["ui"] == "pl"
    assert address.write(address.parse({"ui": ["pl"]})) == {}
    assert address.write(address.parse({"ui": ["ru"]})) == {"ui": ["ru"]}
