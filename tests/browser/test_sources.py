"""The page of sources in a browser: a collection from a played site, files, hostile names."""

from __future__ import annotations

import json
import re
import time
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.browser.test_hostile import harmless
from tests.browser.visitor import PATIENCE, Visitor, served
from tests.dashboard.lakes import hostile, write
from tests.site import Answer, Site
from ugc.dashboard.look.words import words
from ugc.lake import Lake

PER_PAGE, PAGES = 5, 6

BAD = "<img src=x onerror=window.hacked=1>"


def shop(path: str) -> Answer:
    """Six pages of five reviews of a game, a moment apart."""
    time.sleep(1)
    place = int(path.partition("cursor=after")[2].partition("&")[0] or 0)
    rows = [
        {
            "recommendationid": str(100 - PER_PAGE * place - n),
            "author": {"steamid": "76561190000000001"},
            "language": "russian",
            "review": f"Поддержка отвечает грубо и очень долго, письмо {PER_PAGE * place + n}",
            "timestamp_created": 1_770_000_000 - 1000 * (PER_PAGE * place + n),
            "voted_up": False,
        }
        for n in range(PER_PAGE if place < PAGES else 0)
    ]
    return Answer(json.dumps({"success": 1, "reviews": rows, "cursor": f"after{place + 1}"}).encode())


@pytest.fixture
def folder(site: Site, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where the dashboard runs: no lake yet, and the shop is the played site."""
    site.route = shop
    monkeypatch.setenv("UGC_SALT", "salt")
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    monkeypatch.setenv("UGC_CONTACT", "cx@example.com")
    monkeypatch.setenv("UGC_SOURCES__STEAM__BASE_URL", site.url)
    monkeypatch.setenv("UGC_SOURCES__STEAM__PAUSE", "0")
    return tmp_path


@pytest.fixture
def empty(folder: Path) -> Iterator[str]:
    """Address of a dashboard without a lake."""
    with served(folder / "lake", folder) as address:
        yield address
    assert "Traceback" not in (folder / "errors").read_text(encoding="utf-8")


@pytest.fixture
def come(empty: str, visitor: Callable[..., Visitor]) -> Callable[..., Visitor]:
    """Opens a window on it. The windows close before the server stops: they are asked for after it."""
    return partial(visitor, address=empty)


@pytest.fixture
def harmed(folder: Path) -> Iterator[str]:
    """Address of a dashboard over the hostile lake."""
    write(folder / "hostile", hostile(), state="partial")
    with served(folder / "hostile", folder) as address:
        yield address


def fits(page: Page) -> None:
    """Nothing runs out of the window."""
    main = "document.querySelector('[data-testid=stMain]')"
    assert page.evaluate(f"{main}.scrollWidth <= {main}.clientWidth")


def tab(page: Page, name: str) -> None:
    page.get_by_role("tab", name=name).click()


def wait_until_read(lake: Path, reviews: int) -> None:
    """Waits until the model has read so many reviews of a lake."""
    for _ in range(PATIENCE // 500):
        with Lake.open(lake, create=False).snapshot() as snapshot:
            if snapshot.sql("SELECT review_id FROM tags").num_rows == reviews:
                return
        time.sleep(0.5)
    raise AssertionError(f"{reviews} reviews were not read.")


def test_from_nothing_to_the_reviews_of_a_site(come: Callable[..., Visitor], folder: Path) -> None:
    word, guest = words("en"), come()
    page = guest.open("/?ui=en")
    page.get_by_role("link", name=word("sources.go")).click()
    expect(page.locator("h1")).to_have_text(word("sources.title"))
    guest.settle()
    assert guest.where() == ("/sources", {"ui": ["en"]})

    page.get_by_label(word("sources.form.address")).fill("https://store.steampowered.com/app/570/Some/")
    page.keyboard.press("Enter")
    expect(page.get_by_text("This is Steam; to be read: 570")).to_be_visible()
    page.get_by_label(word("sources.form.company")).first.fill("Lumbi")
    page.keyboard.press("Enter")
    guest.settle()
    page.get_by_role("button", name=word("sources.form.start"), exact=True).click()

    card = page.locator(".house-work").filter(has_text="570")
    expect(card.locator(".state")).to_have_text(word("sources.state.running"))
    expect(card).to_contain_text(re.compile("[2-5] pages"), timeout=PATIENCE)
    expect(page.locator("[class*='st-key-sources_tick']")).to_have_count(1)
    # another page and back: the work goes on, and the page finds it again
    page.get_by_role("link", name=word("overview.title"), exact=True).click()
    expect(page.locator("h1")).to_have_text(word("overview.title"))
    page.get_by_role("link", name=word("sources.title"), exact=True).click()
    expect(page.locator("h1")).to_have_text(word("sources.title"))
    expect(card.locator(".state")).to_have_text(word("sources.state.complete"), timeout=PATIENCE)
    expect(card).to_contain_text(f"{PER_PAGE * PAGES} new")

    wait_until_read(folder / "lake", PER_PAGE * PAGES)
    row = page.locator(".house-table tbody tr").filter(has_text="570").first
    expect(row).to_contain_text("complete")
    expect(row).to_contain_text("30")
    # The page is drawn anew when the model has read them; from then on it asks for nothing by itself.
    expect(page.locator("[class*='st-key-sources_tick']")).to_have_count(0)
    guest.settle()
    page.get_by_role("link", name=word("reviews.title"), exact=True).click()
    expect(page.locator("h1")).to_have_text(word("reviews.title"))
    guest.settle()
    assert guest.facts().startswith("30 reviews")
    expect(page.locator(".house-review").first).to_contain_text("Поддержка отвечает грубо")
    expect(page.locator(".house-chips .chip.blame").first).to_be_visible()


def test_a_collection_is_stopped(come: Callable[..., Visitor]) -> None:
    word, guest = words("ru"), come()
    page = guest.open("/sources")
    guest.choose("collect_source", "Steam")
    guest.settle()
    page.get_by_label(word("sources.form.target")).fill("570")
    page.keyboard.press("Enter")
    guest.settle()
    page.get_by_role("button", name=word("sources.form.start"), exact=True).click()
    card = page.locator(".house-work").filter(has_text="570")
    expect(card).to_contain_text(re.compile("[2-4] страницы"), timeout=PATIENCE)
    page.get_by_role("button", name=word("sources.count.stop")).first.click()
    expect(card.locator(".state")).to_have_text(word("sources.state.partial"), timeout=PATIENCE)
    expect(card).to_contain_text(word("sources.reason.broken_off"))


def test_a_file_is_shown_changed_and_taken(come: Callable[..., Visitor], folder: Path) -> None:
    word, guest = words("pl"), come()
    rows = [f"{n},Paczka przyszła po terminie numer {n},notatka wewnętrzna {n},{n % 5 + 1}" for n in range(9)]
    file = folder / "eksport.csv"
    file.write_text("\n".join(["Lp,Opinia,Notatka,Ocena", *rows]) + "\n", encoding="utf-8")
    page = guest.open("/sources?ui=pl")
    tab(page, word("sources.upload"))
    page.locator("input[type=file]").set_input_files(file)
    expect(page.get_by_text("Paczka przyszła po terminie numer 1")).to_be_visible()
    guest.settle()
    assert not (folder / "lake").exists()
    text = page.get_by_role("combobox", name=word("sources.field.text"), exact=True)
    expect(text).to_have_value("Opinia")
    text.click()
    page.get_by_role("option", name="Notatka", exact=True).click()
    expect(page.get_by_text("notatka wewnętrzna 1")).to_be_visible()
    guest.settle()
    fits(page)
    page.get_by_role("button", name=word("sources.files.take", n=1, count="1")).click()
    card = page.locator(".house-work").filter(has_text="eksport.csv")
    expect(card.locator(".state")).to_have_text(word("sources.state.done"), timeout=PATIENCE)
    expect(card).to_contain_text("9 nowych")
    with Lake.open(folder / "lake", create=False).snapshot() as snapshot:
        found = snapshot.sql("SELECT text FROM reviews").to_pylist()
    assert sorted(row["text"] for row in found) == [f"notatka wewnętrzna {n}" for n in range(9)]


def test_hostile_files_stay_text(come: Callable[..., Visitor], folder: Path) -> None:
    guest = come(width=390, height=900)
    file = folder / f"{BAD} **b** $x$ :smile:.csv"
    cell = f"{BAD} [link](javascript:window.hacked=1) **bold** $\\alpha$ :red[red] " + "длинный" * 60
    file.write_text(f'"{BAD}",**text**,=cmd\n5,"{cell}",=1+1\n4,"second {cell}",=2+2\n', encoding="utf-8")
    page = guest.open("/sources?ui=en")
    tab(page, words("en")("sources.upload"))
    page.locator("input[type=file]").set_input_files(file)
    expect(page.locator("[class*='st-key-brought_']")).to_contain_text("**bold**")
    guest.settle()
    harmless(page)
    fits(page)
    page.locator("[data-testid=stExpander] summary").last.click()
    page.wait_for_timeout(800)
    company = page.locator("[class*='st-key-field_'][class*='_company_en'] input")
    company.scroll_into_view_if_needed()
    page.wait_for_timeout(500)  # a list that is open closes when the page is still being scrolled
    company.click()
    expect(page.get_by_role("option").filter(has_text="onerror").first).to_be_visible()
    page.get_by_role("option").filter(has_text="=cmd").first.click()
    guest.settle()
    page.get_by_role("button", name=words("en")("sources.files.take", n=1, count="1")).click()
    expect(page.locator(".house-work .state").first).to_be_visible()
    expect(page.locator(".house-work").filter(has_text="2 new")).to_be_visible(timeout=PATIENCE)
    expect(page.locator(".house-work .state").filter(has_text="running")).to_have_count(0, timeout=PATIENCE)
    guest.settle()
    harmless(page)
    fits(page)


def test_the_page_fits_a_phone(come: Callable[..., Visitor]) -> None:
    """In Polish, whose words are the longest."""
    word, guest = words("pl"), come(width=390, height=844)
    page = guest.open("/sources?ui=pl")
    for name in ("collect", "upload", "history"):
        tab(page, word(f"sources.{name}"))
        fits(page)


@pytest.mark.parametrize("width", [1440, 390])
def test_a_hostile_lake_is_told_as_it_is(harmed: str, visitor: Callable[..., Visitor], width: int) -> None:
    guest = visitor(address=harmed, width=width, height=900)
    page = guest.open("/sources?ui=en")
    expect(page.locator(".house-table").first).to_contain_text("<script>window.hacked=1</script>")
    expect(page.locator(".house-table").first).to_contain_text("<b>stopped</b>")
    harmless(page)
    fits(page)
