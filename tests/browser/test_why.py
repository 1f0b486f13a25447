""" "Why?" in a real browser: it opens where it stands, reads well in light and dark and on a phone."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.visitor import PATIENCE, Visitor, served
from tests.dashboard.lakes import hostile, write
from ugc.dashboard.look.words import words


def opened(page: Page, word: str, place: int = 0) -> Locator:
    """The explanation under one review of the page, opened by a click."""
    page.get_by_text(word, exact=True).nth(place).click()
    panel = page.locator(".house-why").first
    expect(panel).to_be_visible(timeout=PATIENCE)
    return panel


@pytest.mark.parametrize("language", ["ru", "en", "pl"])
def test_a_click_shows_why_and_the_view_stays(visitor: Callable[..., Visitor], language: str) -> None:
    word, guest = words(language), visitor()
    page = guest.open(f"/reviews?ui={language}&company=Lumbi&theme=speed")
    before = guest.where()
    expect(page.locator(".house-why")).to_have_count(0)
    panel = opened(page, word("why.show"), 1)
    guest.settle()
    expect(panel).to_contain_text(word("why.method"))
    expect(panel).to_contain_text(word.name("themes", "speed"))
    expect(page.locator(".house-why")).to_have_count(1)
    assert guest.where() == before
    for shade in panel.locator(".for sup").all():
        assert shade.inner_text().startswith("+")
    for shade in panel.locator(".against sup").all():
        assert shade.inner_text().startswith("\u2212")
    assert panel.locator(".for").count() > 0
    gauge = panel.locator(".gauge").first
    assert gauge.evaluate("one => getComputedStyle(one).getPropertyValue('--sure')").endswith("%")


def test_the_keyboard_opens_and_closes_it(visitor: Callable[..., Visitor]) -> None:
    guest = visitor()
    page = guest.open("/reviews?ui=en&company=Lumbi&theme=speed")
    control = page.locator("summary").filter(has_text="Why?").first
    control.focus()
    page.keyboard.press("Enter")
    expect(page.locator(".house-why").first).to_be_visible(timeout=PATIENCE)
    control.focus()
    page.keyboard.press("Enter")
    expect(page.locator(".house-why")).to_have_count(0)


@pytest.mark.parametrize("mode", ["light", "dark"])
def test_on_a_phone_nothing_runs_out(visitor: Callable[..., Visitor], mode: str) -> None:
    guest = visitor(width=390, height=844, color_scheme=mode)
    page = guest.open("/reviews?ui=ru&company=Lumbi&theme=speed&order=helpful")
    opened(page, words("ru")("why.show"))
    guest.settle()
    wide = page.evaluate(
        """() => [...document.querySelectorAll('.house-why *')].filter(one =>
            one.getBoundingClientRect().right > innerWidth + 1).map(one => one.className)"""
    )
    assert wide == []


@pytest.fixture(scope="module")
def harm(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Address of a dashboard over the hostile lake."""
    folder = tmp_path_factory.mktemp("harm")
    write(folder / "lake", [one for one in hostile() if len(one["text"]) < 1000])
    with served(folder / "lake", folder) as place:
        yield place
    assert "Traceback" not in (folder / "errors").read_text(encoding="utf-8")


def test_hostile_texts_are_explained_unharmed(visitor: Callable[..., Visitor], harm: str) -> None:
    guest = visitor(address=harm)
    page = guest.open("/reviews?ui=en")
    for control in page.locator("summary").filter(has_text="Why?").all():
        control.click()
        guest.settle()
    expect(page.locator(".house-why").first).to_be_visible(timeout=PATIENCE)
    assert page.locator(".house-why").count() >= 6
    assert page.evaluate("window.hacked") is None
    for forbidden in ("script", "img", "a", "[onerror]", "[onmouseover]", ".katex", "style", "strong"):
        assert page.locator(".house-why").locator(forbidden).count() == 0, forbidden
