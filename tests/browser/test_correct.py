""" "Correct" in a real browser: what a person says shows at once, and is what the trainer reads."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Locator, expect

from models.corrected import Claim, Corrected
from tests.browser.visitor import PATIENCE, Visitor
from ugc.dashboard.look.words import words
from ugc.lake import Lake
from ugc.review import Mention
from ugc.tagging.corrected import read_corrected

PLACE = "/reviews?ui={ui}&company=Lumbi&city=Казань&theme=speed&polarity=negative&order=helpful"


def learnt(lake: Lake) -> list[Corrected]:
    """What the trainer reads."""
    with lake.snapshot() as snapshot:
        return read_corrected(snapshot)


def first_of(lake: Lake, quote: str) -> tuple[str, Mention]:
    """The review and the mention of speed with this quote."""
    with lake.snapshot() as snapshot:
        (row,) = snapshot.sql(
            "SELECT * EXCLUDE (batch, n) FROM mentions WHERE theme = 'speed' AND quote = ?", [quote]
        ).to_pylist()
    return row.pop("review_id"), Mention(**row)


def opened(guest: Visitor, ui: str, number: int = 0) -> tuple[Locator, Locator]:
    """One review of the page and its control, opened by a click."""
    review = guest.page.locator("[class*='st-key-review_']").nth(number)
    review.locator("summary").filter(has_text=words(ui)("correct.show")).click()
    desk = review.locator("[class*='st-key-desk_']")
    expect(desk.locator(".note")).to_be_visible(timeout=PATIENCE)
    guest.settle()
    return review, desk


@pytest.mark.parametrize("ui", ["ru", "pl"])
def test_a_polarity_and_a_sentiment_are_corrected(come: Callable[..., Visitor], lake: Lake, ui: str) -> None:
    word, guest = words(ui), come()
    page = guest.open(PLACE.format(ui=ui))
    before = guest.where()
    review, desk = opened(guest, ui)
    name = desk.get_by_label(word("correct.author"))
    name.fill("Anna")
    name.press("Enter")
    guest.settle()
    speed = desk.locator("[class*='st-key-fix_'][class*='_mention_']").filter(
        has=page.locator("[class*='_speed_polarity']")
    )
    quote = speed.first.locator(".quote").inner_text()
    identity, mention = first_of(lake, quote)

    neutral = word.name("polarities", "neutral")
    speed.first.get_by_role("radio", name=neutral, exact=True).click()
    said = word("correct.tag", name=word.name("themes", "speed"), value=neutral.lower())
    expect(page.get_by_test_id("stToast")).to_contain_text(word("correct.saved", what=said), timeout=PATIENCE)
    chip = review.locator(".chip.raised").filter(has_text=word.name("themes", "speed"))
    expect(chip.locator(".by-hand")).to_be_visible(timeout=PATIENCE)
    hint = chip.locator(".by-hand").get_attribute("data-tip") or ""
    assert hint.startswith(word("correct.by_named", author="Anna", day=""))
    expect(review.locator("mark.raised").filter(has_text=quote[:12]).first).to_be_visible()

    mixed = word.name("sentiments", "mixed")
    desk.get_by_role("radio", name=mixed, exact=True).click()
    expect(review.locator(".verdict .chip.both")).to_have_text(mixed, timeout=PATIENCE)
    expect(review.locator(".verdict .by-hand")).to_be_visible()
    guest.settle()
    assert guest.where() == before

    (found,) = learnt(lake)
    claim = Claim(mention.start, mention.end, "speed", True, "neutral")
    assert (found.id, found.sentiment, found.contact, found.claims) == (identity, "mixed", None, (claim,))
    assert found.text[claim.start : claim.end] == quote
    assert found.corrections == 2

    desk.get_by_role("button", name=word("correct.back")).first.click()
    expect(review.locator(".verdict .by-hand")).to_have_count(0, timeout=PATIENCE)
    guest.settle()
    (found,) = learnt(lake)
    assert (found.sentiment, found.claims) == (None, (claim,))


def test_a_review_stays_until_the_page_is_asked_again(come: Callable[..., Visitor], lake: Lake) -> None:
    """After the correction the filter would not find it, and nobody could take it back."""
    guest = come()
    page = guest.open("/reviews?ui=en&company=Lumbi&sentiment=mixed&order=helpful")
    review, desk = opened(guest, "en")
    key = review.get_attribute("class")
    desk.get_by_role("radio", name="Neutral", exact=True).click()
    expect(review.locator(".verdict .chip.raised")).to_have_text("Neutral", timeout=PATIENCE)
    guest.settle()
    assert review.get_attribute("class") == key
    page.reload()
    guest.settle()
    assert page.locator("[class*='st-key-review_']").first.get_attribute("class") != key
    assert [one.sentiment for one in learnt(lake)] == ["neutral"]


def test_the_keyboard_corrects_and_stays_where_it_was(come: Callable[..., Visitor], lake: Lake) -> None:
    guest = come()
    page = guest.open(PLACE.format(ui="en"))
    review, desk = opened(guest, "en")
    desk.get_by_role("radio", name="Displeased", exact=True).focus()
    page.keyboard.press("ArrowRight")
    page.keyboard.press("Space")
    expect(review.locator(".verdict .by-hand")).to_be_visible(timeout=PATIENCE)
    guest.settle()
    expect(desk.get_by_role("radio", name="Mixed", exact=True)).to_be_focused()
    assert [one.sentiment for one in learnt(lake)] == ["mixed"]


def test_two_people_do_not_overrule_each_other_unseen(come: Callable[..., Visitor], lake: Lake) -> None:
    one, other = come(), come()
    desks = []
    for guest in (one, other):
        guest.open(PLACE.format(ui="pl"))
        desks.append(opened(guest, "pl")[1])
    desks[0].get_by_role("radio", name="Mieszane", exact=True).click()
    expect(desks[0].get_by_role("button", name="Cofnij poprawkę")).to_be_visible(timeout=PATIENCE)
    desks[1].get_by_role("radio", name="Neutralnie", exact=True).click()
    expect(desks[1].locator(".trouble")).to_contain_text(words("pl")("correct.changed"), timeout=PATIENCE)
    expect(desks[1].get_by_role("radio", name="Mieszane", exact=True)).to_be_checked()
    assert [one.sentiment for one in learnt(lake)] == ["mixed"]


@pytest.mark.parametrize("mode", ["light", "dark"])
def test_on_a_phone_nothing_runs_out(visitor: Callable[..., Visitor], mode: str) -> None:
    guest = visitor(width=390, height=844, color_scheme=mode)
    page = guest.open(PLACE.format(ui="ru"))
    opened(guest, "ru")
    wide = page.evaluate(
        """() => [...document.querySelectorAll('[class*=st-key-under_] *')].filter(one => {
            const box = one.getBoundingClientRect();
            return box.width > 1 && box.right > innerWidth + 1;
        }).map(one => one.className || one.tagName)"""
    )
    assert wide == []


def test_why_and_correct_stand_side_by_side_until_opened(visitor: Callable[..., Visitor]) -> None:
    guest = visitor()
    page = guest.open(PLACE.format(ui="en"))
    under = page.locator("[class*='st-key-under_']").nth(1)
    why, correct = (
        under.locator("summary").nth(0).bounding_box(),
        under.locator("summary").nth(1).bounding_box(),
    )
    assert why is not None
    assert correct is not None
    assert why["y"] == correct["y"]
    assert why["x"] + why["width"] <= correct["x"]
