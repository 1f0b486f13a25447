"""The main path in each language: overview, reasons, a theme, a quote, the review it stands in."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import pytest
from playwright.sync_api import expect

from ugc.dashboard.look.formats import formats
from ugc.dashboard.look.words import words

LANGUAGES = ("ru", "en", "pl")


@pytest.mark.parametrize("language", LANGUAGES)
def test_from_the_overview_to_the_words_of_a_customer(visitor: Callable, language: str) -> None:
    word, guest = words(language), visitor()
    page = guest.open(f"/?ui={language}")
    expect(page.locator("h1")).to_have_text(word("overview.title"))
    assert "670" in guest.facts()
    expect(page.locator(".house-story li")).not_to_have_count(0)
    expect(page.locator(".house-tile")).to_have_count(5)

    page.get_by_role("link", name=word("reasons.title"), exact=True).click()
    expect(page.locator("h1")).to_have_text(word("reasons.title"))
    guest.settle()

    guest.bar(word.name("themes", "speed")).click()
    expect(page.get_by_role("heading", name=word("reasons.quotes"))).to_be_visible()
    guest.settle()
    assert guest.where()[1]["theme"] == ["speed"]

    quote = page.locator(".house-quote blockquote").first.inner_text()
    page.get_by_role("link", name=word("reasons.open")).first.click()
    card = page.locator(".house-review")
    expect(card).to_have_count(1)
    expect(card.locator("mark.blame").filter(has_text=quote[:20]).first).to_be_visible()
    guest.settle()
    path, parameters = guest.where()
    assert path == "/reviews"
    assert set(parameters) == {"review"} | ({"ui"} if language != "ru" else set())
    link = card.get_by_role("link", name=word("card.source"))
    assert (link.get_attribute("href") or "").startswith("https://")
    assert link.get_attribute("target") == "_blank"
    tip = card.locator("mark.blame").first.get_attribute("data-tip") or ""
    assert word.name("polarities", "negative").lower() in tip


def test_which_city_and_since_which_week(visitor: Callable) -> None:
    """Someone who has never seen the product finds it in five clicks."""
    word, guest = words("ru"), visitor()
    page = guest.open("/")
    guest.choose("company", "Lumbi")  # two clicks
    guest.comes_to(company="Lumbi")
    page.get_by_role("link", name=word("reasons.title"), exact=True).click()  # three
    expect(page.locator("h1")).to_have_text(word("reasons.title"))
    guest.settle()
    guest.bar(word.name("themes", "speed")).click()  # four
    line = page.locator(".house-story li").first
    expect(line).to_contain_text("Казань")
    assert formats("ru").day(date(2026, 6, 8)) in line.inner_text()
    guest.settle()
    first = guest.page.locator(".house-bars button").first
    expect(first).to_contain_text("Казань")
    expect(first.locator(".badge")).to_have_text(word("row.above"))
    first.click()  # five
    guest.comes_to(company="Lumbi", city="Казань", theme="speed", polarity="negative")
    guest.finds(fewer_than=235)
    assert "Казань" in guest.facts()


def test_a_switch_redraws_its_part_and_the_address_follows(visitor: Callable) -> None:
    guest = visitor()
    page = guest.open("/?ui=en")
    page.get_by_role("radio", name="Weeks").or_(page.get_by_role("button", name="Weeks")).click()
    guest.comes_to(ui="en", by="week")
    page.get_by_role("radio", name="CSI").or_(page.get_by_role("button", name="CSI")).click()
    guest.comes_to(ui="en", by="week", measure="csi")
    guest.settle()
    expect(page.locator("[data-testid=stVegaLiteChart]")).to_be_visible()


def test_reviews_are_searched_filtered_and_turned(visitor: Callable) -> None:
    guest = visitor()
    page = guest.open("/reviews?ui=en")
    expect(page.locator(".house-review")).to_have_count(10)
    page.get_by_role("button", name="Page 2").click()
    guest.comes_to(ui="en", page="2")
    guest.settle()
    page.locator("[class*='st-key-q_'] input").fill("delivery")
    page.keyboard.press("Enter")
    guest.comes_to(ui="en", q="delivery")
    found = guest.finds(fewer_than=670)
    guest.settle()
    guest.choose("stars", "★ 1")
    guest.comes_to(ui="en", q="delivery", stars="1")
    guest.finds(fewer_than=found)
    guest.settle()
    for card in page.locator(".house-review").all():
        assert "delivery" in card.inner_text().lower()
        assert card.locator(".stars").get_attribute("aria-label") == "1 of 5 stars"


def test_what_if_complaints_fell(visitor: Callable) -> None:
    guest = visitor()
    page = guest.open("/moments?ui=en")
    expect(page.locator("[data-testid=stVegaLiteChart]")).to_have_count(2)
    gains = page.locator(".house-story li")
    before = gains.first.inner_text()
    page.get_by_role("slider").press("End")
    guest.comes_to(ui="en", fall="100")
    guest.settle()
    expect(gains.first).not_to_have_text(before)
    page.get_by_role("link", name="Read:").first.click()
    expect(page.locator("h1")).to_have_text("Reasons")
    guest.settle()
    assert {"theme", "polarity"} <= set(guest.where()[1])
