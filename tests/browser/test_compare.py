"""The usual periods at one click, a side taken away and put back, and the way to a side's own reasons."""

from __future__ import annotations

from collections.abc import Callable

from playwright.sync_api import expect

from tests.browser.visitor import Visitor
from ugc.dashboard.look.words import words


def test_periods_are_chosen_at_a_click_and_lead_to_their_reasons(visitor: Callable[..., Visitor]) -> None:
    word, guest = words("ru"), visitor()
    page = guest.open("/compare?ui=ru")
    page.get_by_role("radio", name=word("what.period")).click()
    page.get_by_role("radio", name=word("compare.quick_quarter"), exact=True).click()
    guest.comes_to(what="period", sides=["2026-Q3", "2026-Q4"])
    figures = page.locator(".st-key-compare_figures")
    expect(figures.locator("tbody td").first).to_have_text(word("compare.quarter", n=3, year=2026))
    first = word("compare.quarter", n=1, year=2026)
    guest.choose("sides", first, typed=first)
    guest.comes_to(what="period", sides=["2026-Q3", "2026-Q4", "2026-Q1"])
    expect(figures.locator("tbody tr")).to_have_count(3)
    guest.settle()
    figures.get_by_role("link", name=word("compare.go_reasons", name=first)).click()
    guest.comes_to(since="2026-01-01", until="2026-03-31")
    guest.settle()
    assert guest.where()[0] == "/reasons"
