"""A lake full of hostile texts: nothing runs, nothing breaks, everything shows as it was written."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Page, expect

from tests.browser.visitor import Visitor, served
from tests.dashboard.lakes import HOSTILE, hostile, hostile_themes, write
from ugc.dashboard import views
from ugc.lake import Lake


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Address of a dashboard over the hostile lake."""
    folder = tmp_path_factory.mktemp("hostile")
    write(folder / "lake", hostile(), state="partial")
    for edit in hostile_themes():
        Lake.open(folder / "lake").add_label(edit)
    with served(folder / "lake", folder) as place:
        yield place
    assert "Traceback" not in (folder / "errors").read_text(encoding="utf-8")


def harmless(page: Page) -> None:
    """Nothing of the data has run or become an element."""
    assert page.evaluate("window.hacked") is None
    assert page.evaluate("getComputedStyle(document.querySelector('h1')).display") != "none"
    inside = "[data-testid=stMain], [data-testid=stSidebar]"
    for forbidden in ("script", "img[src=x]", "[onerror]", "[onmouseover]", "a[href^=javascript]", ".katex"):
        assert page.locator(inside).locator(forbidden).count() == 0, forbidden


PLACES = [
    *(f"/{place.path}" for place in views.PLACES if place.path != "overview"),
    *(f"/{name}" for name, *_ in views.LAKELESS),
    "/reasons?theme=speed&polarity=negative",
    "/compare?what=period",
    "/shelf?finer=place",
    "/taxonomy?label=speed",
    "/taxonomy?label=speed&edit=yes",
    "/taxonomy?label=harm&edit=yes",
    "/reviews?theme=speed",
]
LANGUAGES = ("ru", "en", "pl")


@pytest.mark.parametrize(
    ("place", "language"), [(place, LANGUAGES[n % len(LANGUAGES)]) for n, place in enumerate(PLACES)]
)
def test_every_page_opens_unharmed(
    visitor: Callable[..., Visitor], address: str, place: str, language: str
) -> None:
    """In one language each; every page in every language is opened without a browser."""
    guest = visitor(address=address)
    page = guest.open(f"{place}{'&' if '?' in place else '?'}ui={language}")
    harmless(page)
    expect(page.locator("[data-testid=stException]")).to_have_count(0)
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_texts_show_as_they_were_written(visitor: Callable[..., Visitor], address: str) -> None:
    guest = visitor(address=address)
    page = guest.open("/reviews?ui=en")
    shown = page.locator(".house-review .text").all_text_contents()
    for text in HOSTILE:
        # HTML knows no NUL; everything else is there, letter by letter.
        assert text.replace("\u0000", "") in shown, text[:60]
    links = [one.get_attribute("href") or "" for one in page.locator(".house-review a[target]").all()]
    assert links
    assert all(one.startswith("https://") for one in links)


def test_names_are_options_as_they_were_written(visitor: Callable[..., Visitor], address: str) -> None:
    guest = visitor(address=address)
    page = guest.open("/?ui=en")
    page.locator("[class*='st-key-company_'] input").click()
    expect(page.get_by_role("option").first).to_be_visible()
    options = " ".join(page.get_by_role("option").all_text_contents())
    for mark in ("<script>", "**bold**", ":smile:", "$$"):
        assert mark in options
    page.get_by_role("option").filter(has_text="<script>").first.click()
    page.keyboard.press("Escape")
    guest.settle()
    assert "<script>" in guest.facts()
    harmless(page)


def test_themes_are_called_as_people_called_them(visitor: Callable[..., Visitor], address: str) -> None:
    guest = visitor(address=address)
    page = guest.open("/taxonomy?ui=ru")
    expect(guest.bar("<script>window.hacked=1</script>")).to_be_visible()
    page.get_by_role("button").filter(has_text="<script>").first.click()
    guest.settle()
    harmless(page)
    guest.open("/reviews?ui=ru&theme=speed")
    assert "<script>window.hacked=1</script>" in page.locator("[data-testid=stMain]").inner_text()
    harmless(page)
