"""What it looks like: light and dark, wide and narrow, in our own font, with nothing left over."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from ugc.dashboard import views

PLACES = (
    *(f"/{place.path}" for place in views.PLACES if place.path != "overview"),
    "/settings",
    "/reasons?theme=speed&polarity=negative",
)


def color(page: Page, selector: str, name: str) -> str:
    return str(page.locator(selector).first.evaluate(f"one => getComputedStyle(one)['{name}']"))


@pytest.mark.parametrize("place", PLACES)
def test_nothing_runs_out_of_a_phone(visitor: Callable, place: str) -> None:
    guest = visitor(width=390, height=844)
    page = guest.open(place)
    for selector in ("document.documentElement", "document.querySelector('[data-testid=stMain]')"):
        assert page.evaluate(f"{selector}.scrollWidth <= {selector}.clientWidth"), selector
    # What scrolls by itself and what a picture cuts off may be wider.
    wide = page.evaluate(
        """() => {
            const held = one => one && one.dataset?.testid !== 'stMain' && (
                one.tagName === 'svg' || ['auto', 'scroll'].includes(getComputedStyle(one).overflowX)
                || held(one.parentElement));
            return [...document.querySelectorAll('[data-testid=stMain] *')].filter(one => {
                const box = one.getBoundingClientRect();
                return box.width > 0 && box.right > innerWidth + 1 && !held(one.parentElement);
            }).map(one => one.className || one.tagName);
        }"""
    )
    assert wide == []


def test_dark_follows_the_browser(visitor: Callable) -> None:
    dark, light = visitor(color_scheme="dark"), visitor(color_scheme="light")
    grounds, papers, inks = [], [], []
    for guest in (light, dark):
        page = guest.open("/reviews?theme=speed")
        grounds.append(color(page, "[data-testid=stApp]", "backgroundColor"))
        papers.append(color(page, ".house-review", "backgroundColor"))
        inks.append(color(page, ".house-review .text", "color"))
    assert grounds == papers == ["rgb(255, 255, 255)", "rgb(20, 23, 28)"]
    assert inks == ["rgb(29, 36, 48)", "rgb(230, 232, 236)"]


def test_the_menu_changes_the_mode_and_the_charts_follow(visitor: Callable) -> None:
    guest = visitor(color_scheme="light")
    page = guest.open("/?ui=en")
    page.locator("[data-testid=stMainMenu] button").click()
    page.get_by_test_id("stMainMenuItem-theme-Dark").click()
    page.keyboard.press("Escape")
    expect(page.locator(".house-tile").first).to_have_css("background-color", "rgb(20, 23, 28)")
    guest.settle()
    line = page.locator("[data-testid=stVegaLiteChart] .mark-line path").first
    expect(line).to_have_css("stroke", "rgb(242, 147, 92)")
    label = page.locator("[data-testid=stVegaLiteChart] .mark-text text").first
    expect(label).to_have_css("fill", "rgb(169, 176, 187)")


@pytest.mark.parametrize("place", ["/", "/reviews"])
def test_the_house_font_is_the_one_in_use(visitor: Callable, place: str) -> None:
    guest = visitor()
    page = guest.open(place)
    assert page.evaluate("document.fonts.check('600 20px \"Golos Text\"', 'Обзор')")
    loaded = "[...document.fonts].filter(one => one.status === 'loaded').map(one => one.family)"
    assert "Golos Text" in [one.strip('"') for one in page.evaluate(loaded)]
    assert color(page, "h1", "fontFamily").replace('"', "").startswith("Golos Text")


def test_nothing_of_the_default_look_is_left(visitor: Callable) -> None:
    guest = visitor()
    page = guest.open("/")
    expect(page).to_have_title("ugc")
    assert page.locator("[data-testid=stAppDeployButton]").count() == 0
    page.locator("[data-testid=stMainMenu] button").click()
    menu = page.locator("[data-testid=stMainMenuPopover]").or_(page.get_by_role("menu")).first
    expect(menu).to_be_visible()
    said = menu.inner_text()
    for unwanted in ("Rerun", "Clear cache", "Deploy", "Report a bug", "Get help"):
        assert unwanted not in said


def test_everything_is_reached_by_the_keyboard(visitor: Callable) -> None:
    guest = visitor()
    page = guest.open("/reasons?ui=en")
    row = guest.bar("Speed")
    row.focus()
    page.keyboard.press("Enter")
    guest.comes_to(ui="en", theme="speed", polarity="negative")
    guest.settle()
    text = guest.open("/reviews?ui=en").locator(".house-review .text").first
    text.focus()
    expect(text).to_be_focused()


def test_nothing_is_asked_of_other_machines(visitor: Callable) -> None:
    guest = visitor()
    asked: list[str] = []
    guest.page.on("request", lambda request: asked.append(request.url))
    for place in PLACES:
        guest.open(place)
    assert asked
    others = [one for one in asked if not one.startswith((guest.address, "data:", "blob:"))]
    assert others == []
