"""Correcting in a real browser: what a person says shows at once, and is what the trainer reads.

One dashboard over one lake serves the whole file: every test corrects reviews of its own.
"""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import pytest
from playwright.sync_api import Locator, Page, expect

from models.corrected import Claim, Corrected
from tests.browser.visitor import PATIENCE, Visitor, served
from ugc.dashboard.look.words import words
from ugc.lake import Lake
from ugc.review import Mention
from ugc.tagging.corrected import read_corrected

# Blame of speed beside another theme or two, each in its own words; some themes are left to move to.
_FOUND = """
SELECT review_id FROM mentions GROUP BY review_id
HAVING count(*) BETWEEN 2 AND 3 AND count(*) = count(DISTINCT start) AND count(*) = count(DISTINCT theme)
AND count(*) FILTER (WHERE theme = 'speed' AND polarity = 'negative' AND touchpoint <> 'order') = 1
AND bool_and(theme NOT IN ('price', 'promises', 'safety'))
ORDER BY review_id
"""

_DEEP = """
    let one = document.activeElement;
    while (one?.shadowRoot?.activeElement) one = one.shadowRoot.activeElement;
"""


@dataclass(frozen=True)
class Review:
    """A review of the sample with what is said of speed in it, and of another theme."""

    id: str
    speed: Mention
    other: Mention


@pytest.fixture(scope="module")
def lake(sample_lake: Path, tmp_path_factory: pytest.TempPathFactory) -> Lake:
    """A lake of the sample that may be written."""
    folder = tmp_path_factory.mktemp("corrected") / "lake"
    shutil.copytree(sample_lake, folder)
    return Lake.open(folder)


@pytest.fixture(scope="module")
def place(lake: Lake) -> Iterator[str]:
    """Address of a dashboard over that lake."""
    folder = Path(lake.address).parent
    with served(Path(lake.address), folder) as address:
        yield address
    assert "Traceback" not in (folder / "errors").read_text(encoding="utf-8")


@pytest.fixture
def come(place: str, visitor: Callable[..., Visitor]) -> Callable[..., Visitor]:
    """Opens a window on it."""
    return partial(visitor, address=place)


@pytest.fixture(scope="module")
def reviews(lake: Lake) -> Iterator[Review]:
    """Reviews that no other test corrects."""
    found = []
    with lake.snapshot() as snapshot:
        for key in snapshot.sql(_FOUND)["review_id"].to_pylist():
            rows = snapshot.sql(
                "SELECT * EXCLUDE (review_id, batch, n) FROM mentions WHERE review_id = ? ORDER BY n", [key]
            )
            said = {row["theme"]: Mention(**row) for row in rows.to_pylist()}
            found.append(Review(key, said.pop("speed"), next(iter(said.values()))))
    assert len(found) > 8
    return iter(found)


def learnt(lake: Lake, review: str) -> Corrected | None:
    """What the trainer reads of a review."""
    with lake.snapshot() as snapshot:
        return next((one for one in read_corrected(snapshot) if one.id == review), None)


def claims(lake: Lake, one: Review) -> set[Claim]:
    """What the trainer reads of its mentions."""
    found = learnt(lake, one.id)
    return set(found.claims) if found else set()


def desk_of(guest: Visitor, review: Locator, ui: str) -> Locator:
    """The control of a review, opened by a click."""
    review.locator("summary").filter(has_text=words(ui)("correct.show")).click()
    desk = review.locator("[class*='st-key-desk_']")
    expect(desk.locator(".note")).to_be_visible(timeout=PATIENCE)
    guest.settle()
    return desk


def alone(guest: Visitor, ui: str, one: Review) -> Locator:
    """One review on a page of its own."""
    guest.open(f"/reviews?ui={ui}&review={one.id}")
    return guest.page.locator(f".st-key-review_{one.id}")


def chip(review: Locator, ui: str, theme: str, tone: str = "") -> Locator:
    """The chip of a theme of a review."""
    kind = f".house-chips .chip.theme{tone}"
    return review.locator(kind).filter(has_text=words(ui).name("themes", theme))


def option(review: Locator, ui: str, kind: str, key: str) -> Locator:
    """An option of the chip that is open."""
    return review.locator(".sheet:popover-open").get_by_role(
        "radio", name=words(ui).name(kind, key), exact=True
    )


def name_oneself(guest: Visitor, desk: Locator, ui: str) -> None:
    """Says at the desk who corrects."""
    name = desk.get_by_label(words(ui)("correct.author"))
    name.fill("Anna")
    name.press("Enter")
    guest.settle()


def test_a_polarity_and_a_sentiment_are_corrected(
    come: Callable[..., Visitor], lake: Lake, reviews: Iterator[Review]
) -> None:
    ui, one = "ru", next(reviews)
    word, guest = words(ui), come()
    review, page = alone(guest, ui, one), guest.page
    before = guest.where()
    desk = desk_of(guest, review, ui)
    name_oneself(guest, desk, ui)
    speed = desk.locator("[class*='st-key-fix_'][class*='_mention_']").filter(
        has=page.locator("[class*='_speed_polarity']")
    )
    assert speed.locator(".quote").inner_text() == one.speed.quote

    neutral = word.name("polarities", "neutral")
    speed.get_by_role("radio", name=neutral, exact=True).click()
    said = word("correct.tag", name=word.name("themes", "speed"), value=neutral.lower())
    expect(page.get_by_test_id("stToast")).to_contain_text(word("correct.saved", what=said), timeout=PATIENCE)
    hand = chip(review, ui, "speed", ".raised").locator(".by-hand")
    expect(hand).to_be_visible(timeout=PATIENCE)
    hint = hand.get_attribute("data-tip") or ""
    assert hint.startswith(word("correct.by_named", author="Anna", day=""))
    expect(review.locator("mark.raised").filter(has_text=one.speed.quote[:12]).first).to_be_visible()

    mixed = word.name("sentiments", "mixed")
    desk.get_by_role("radio", name=mixed, exact=True).click()
    expect(review.locator(".verdict .chip.both")).to_have_text(mixed, timeout=PATIENCE)
    expect(review.locator(".verdict .by-hand")).to_be_visible()
    guest.settle()
    assert guest.where() == before

    found = learnt(lake, one.id)
    assert found is not None
    claim = Claim(one.speed.start, one.speed.end, "speed", True, "neutral")
    assert (found.sentiment, found.contact, found.claims) == ("mixed", None, (claim,))
    assert found.text[claim.start : claim.end] == one.speed.quote
    assert found.corrections == 2

    desk.get_by_role("button", name=word("correct.back")).first.click()
    expect(review.locator(".verdict .by-hand")).to_have_count(0, timeout=PATIENCE)
    guest.settle()
    found = learnt(lake, one.id)
    assert found is not None
    assert (found.sentiment, found.claims) == (None, (claim,))


def presses(page: Page) -> int:
    """How often the mouse was pressed since this was asked last."""
    return int(
        page.evaluate(
            """() => {
                const pressed = () => { window.presses += 1; };
                window.pressed ??= (addEventListener('pointerdown', pressed, true), pressed);
                const before = window.presses ?? 0;
                window.presses = 0;
                return before;
            }"""
        )
    )


def test_two_clicks_correct_a_clause(
    come: Callable[..., Visitor], lake: Lake, reviews: Iterator[Review]
) -> None:
    ui, one = "pl", next(reviews)
    word, guest = words(ui), come()
    review, page = alone(guest, ui, one), guest.page
    desk = desk_of(guest, review, ui)
    name_oneself(guest, desk, ui)
    start, end = one.speed.start, one.speed.end
    presses(page)

    chip(review, ui, "speed").click()
    option(review, ui, "polarities", "neutral").click()
    expect(chip(review, ui, "speed", ".raised").locator(".by-hand")).to_be_visible()
    assert presses(page) == 2
    expect(review.locator(".sheet:popover-open")).to_have_count(0)
    assert claims(lake, one) == {Claim(start, end, "speed", True, "neutral")}

    chip(review, ui, "speed").click()
    option(review, ui, "touchpoints", "order").click()
    toast = page.get_by_test_id("stToast").filter(has_text=word.name("touchpoints", "order").lower())
    expect(toast).to_be_visible()
    assert presses(page) == 2
    assert claims(lake, one) == {Claim(start, end, "speed", True, "neutral", "order")}

    chip(review, ui, "speed").click()
    option(review, ui, "themes", "promises").click()
    expect(chip(review, ui, "promises", ".raised").locator(".by-hand")).to_be_visible()
    assert presses(page) == 2
    guest.settle()
    assert page.evaluate(f"() => {{ {_DEEP} return one.innerText }}") == word.name("themes", "promises")

    page.reload()
    guest.settle()
    hand = chip(review, ui, "promises", ".raised").locator(".by-hand")
    hint = hand.get_attribute("data-tip") or ""
    assert hint.startswith(word("correct.by_named", author="Anna", day=""))
    chip(review, ui, "promises").click()
    expect(option(review, ui, "touchpoints", "order")).to_be_checked()
    assert claims(lake, one) == {
        Claim(start, end, "speed", False),
        Claim(start, end, "promises", True, "neutral", "order"),
    }
    review.locator(".sheet:popover-open").get_by_role("button", name=word("correct.back")).click()
    expect(chip(review, ui, "speed", ".blame")).to_be_visible()
    expect(review.locator(".house-chips .by-hand")).to_have_count(0)
    guest.settle()
    assert claims(lake, one) == set()


def test_the_keyboard_opens_a_chip_and_chooses(
    come: Callable[..., Visitor], lake: Lake, reviews: Iterator[Review]
) -> None:
    ui, one, guest = "en", next(reviews), come()
    review, page = alone(guest, ui, one), guest.page
    chip(review, ui, "speed").focus()
    page.keyboard.press("Enter")
    expect(option(review, ui, "polarities", "negative")).to_be_focused()
    page.keyboard.press("Escape")
    expect(review.locator(".sheet:popover-open")).to_have_count(0)
    expect(chip(review, ui, "speed")).to_be_focused()
    for key in ("Enter", "Tab", "ArrowLeft"):
        page.keyboard.press(key)
    expect(option(review, ui, "themes", "safety")).to_be_focused()
    page.keyboard.press("Enter")
    expect(chip(review, ui, "safety").locator(".by-hand")).to_be_visible()
    expect(chip(review, ui, "safety")).to_be_focused()
    guest.settle()
    place = one.speed.start, one.speed.end
    assert claims(lake, one) == {Claim(*place, "speed", False), Claim(*place, "safety", True)}


def test_who_is_quicker_than_the_page_loses_no_click(
    come: Callable[..., Visitor], lake: Lake, reviews: Iterator[Review]
) -> None:
    """The second click is made before the first one is saved, and what is open then stays open."""
    ui, one, guest = "en", next(reviews), come()
    review = alone(guest, ui, one)
    for theme, to in (("speed", "price"), (one.other.theme, "promises")):
        chip(review, ui, theme).click()
        option(review, ui, "themes", to).click()
    chip(review, ui, one.other.theme).click()
    expect(chip(review, ui, "price").locator(".by-hand")).to_be_visible()
    expect(option(review, ui, "themes", one.other.theme)).to_be_visible()
    expect(chip(review, ui, "promises").locator(".by-hand")).to_be_visible()
    guest.settle()
    assert {claim.theme for claim in claims(lake, one) if claim.present} == {"price", "promises"}
    assert not review.locator(".trouble").count()


def test_a_review_stays_until_the_page_is_asked_again(come: Callable[..., Visitor], lake: Lake) -> None:
    """After the correction the filter would not find it, and nobody could take it back."""
    guest = come()
    page = guest.open("/reviews?ui=en&company=Lumbi&sentiment=mixed&order=helpful")
    review = page.locator("[class*='st-key-review_']").first
    desk, key = desk_of(guest, review, "en"), review.get_attribute("class")
    desk.get_by_role("radio", name="Neutral", exact=True).click()
    expect(review.locator(".verdict .chip.raised")).to_have_text("Neutral", timeout=PATIENCE)
    guest.settle()
    assert review.get_attribute("class") == key
    page.reload()
    guest.settle()
    assert page.locator("[class*='st-key-review_']").first.get_attribute("class") != key
    (held,) = [part for part in (key or "").split() if part.startswith("st-key-review_")]
    found = learnt(lake, held.removeprefix("st-key-review_"))
    assert found is not None
    assert found.sentiment == "neutral"


def test_the_keyboard_corrects_and_stays_where_it_was(
    come: Callable[..., Visitor], lake: Lake, reviews: Iterator[Review]
) -> None:
    one, guest = next(reviews), come()
    review = alone(guest, "en", one)
    desk = desk_of(guest, review, "en")
    now = desk.get_by_role("radiogroup").first.locator("[aria-checked=true]")
    now.focus()
    guest.page.keyboard.press("ArrowRight")
    guest.page.keyboard.press("Space")
    expect(review.locator(".verdict .by-hand")).to_be_visible(timeout=PATIENCE)
    guest.settle()
    expect(now).to_be_focused()
    found = learnt(lake, one.id)
    assert found is not None
    assert found.sentiment is not None


def test_two_people_do_not_overrule_each_other_unseen(
    come: Callable[..., Visitor], lake: Lake, reviews: Iterator[Review]
) -> None:
    review = next(reviews)
    desks = [desk_of(guest, alone(guest, "pl", review), "pl") for guest in (come(), come())]
    desks[0].get_by_role("radio", name="Mieszane", exact=True).click()
    expect(desks[0].get_by_role("button", name="Cofnij poprawkę")).to_be_visible(timeout=PATIENCE)
    desks[1].get_by_role("radio", name="Neutralnie", exact=True).click()
    expect(desks[1].locator(".trouble")).to_contain_text(words("pl")("correct.changed"), timeout=PATIENCE)
    expect(desks[1].get_by_role("radio", name="Mieszane", exact=True)).to_be_checked()
    found = learnt(lake, review.id)
    assert found is not None
    assert found.sentiment == "mixed"


def test_on_a_phone_nothing_runs_out(come: Callable[..., Visitor], reviews: Iterator[Review]) -> None:
    guest, one = come(width=390, height=844, color_scheme="dark"), next(reviews)
    review = alone(guest, "ru", one)
    why, correct = (review.locator("summary").nth(number).bounding_box() for number in (0, 1))
    assert why is not None
    assert correct is not None
    assert why["y"] == correct["y"]
    assert why["x"] + why["width"] <= correct["x"]
    desk_of(guest, review, "ru")
    wide = guest.page.evaluate(
        """() => [...document.querySelectorAll('[class*=st-key-under_] *')].filter(one => {
            const box = one.getBoundingClientRect();
            return box.width > 1 && box.right > innerWidth + 1;
        }).map(one => one.className || one.tagName)"""
    )
    assert wide == []
    chip(review, "ru", "speed").click()
    sheet = review.locator(".sheet.settled:popover-open")
    expect(sheet).to_be_visible()
    box = sheet.bounding_box()
    assert box is not None
    assert box["x"] >= 0
    assert box["y"] >= 0
    assert box["x"] + box["width"] <= 390
    assert box["y"] + box["height"] <= 844
    assert box["height"] <= 0.6 * 844 + 1
    assert sheet.evaluate("one => one.scrollWidth <= one.clientWidth")
