"""A theme of one's own is added from examples, looked at, found in the history, and taken back."""

from __future__ import annotations

from collections.abc import Callable

from playwright.sync_api import expect

from tests.browser.visitor import Visitor
from ugc import taxonomy
from ugc.dashboard.look.words import words
from ugc.insight import Filters, themes
from ugc.lake import Lake


def test_a_theme_is_added_from_examples_and_found_in_the_history(
    come: Callable[..., Visitor], lake: Lake
) -> None:
    word, guest = words("ru"), come()
    page = guest.open("/taxonomy?ui=ru")
    page.get_by_role("button", name=word("theming.new"), exact=True).click()
    guest.comes_to(edit="new")
    guest.settle()
    save = page.get_by_role("button", name=word("theming.save"), exact=True)
    expect(save).to_be_disabled()
    russian, english = word("interface.ru"), word("interface.en")
    for label, language, text in (
        ("theming.name", russian, "Опоздал курьер"),
        ("theming.examples", russian, "курьер опоздал и не позвонил\nдоставка пришла на другой день"),
        ("theming.examples", english, "the courier was late"),
    ):
        page.get_by_label(word(label, language=language)).fill(text)
        page.keyboard.press("Tab")
        guest.settle()
    page.get_by_role("button", name=word("theming.find"), exact=True).click()
    inside = page.locator(".st-key-theming_inside figure")
    outside = page.locator(".st-key-theming_outside figure")
    expect(inside.first).to_be_visible()
    guest.settle()
    before, still_out = inside.count(), outside.first.inner_text()

    # A lower threshold lets more in: what just stayed out is among what falls in now.
    page.get_by_role("slider").press("ArrowLeft")
    for _ in range(9):
        page.get_by_role("slider").press("ArrowLeft")
    expect(inside).not_to_have_count(before)
    guest.settle()
    assert still_out in [one.inner_text() for one in inside.all()]

    # A customer's clause becomes an example at a click.
    fields = [
        page.get_by_label(word("theming.examples", language=word(f"interface.{one}")))
        for one in taxonomy.LANGUAGES
    ]

    def lines() -> int:
        return sum(len(one.input_value().splitlines()) for one in fields)

    assert lines() == 3
    page.locator(".st-key-theming_outside").get_by_role("button", name=word("theming.take")).first.click()
    guest.settle()
    expect(page.get_by_text(word("theming.changed"))).to_have_count(2)  # where one looks and where one saves
    assert lines() == 4

    # Nobody has seen what falls in with the fourth: it is looked for again before it can be saved.
    expect(save).to_be_disabled()
    page.get_by_role("button", name=word("theming.find_again"), exact=True).click()
    expect(page.get_by_text(word("theming.changed"))).to_have_count(0)
    expect(save).to_be_enabled()
    before = inside.count()
    save.click()
    expect(page.get_by_test_id("stToast")).to_contain_text("Опоздал курьер")
    guest.comes_to(label="opozdal_kurer")
    guest.settle()
    expect(guest.bar("Опоздал курьер")).to_contain_text(word("theming.own"))
    with lake.snapshot() as snapshot:
        used = {one.theme: one.reviews for one in themes(snapshot, Filters())}
        edit = snapshot.edits()["opozdal_kurer"]
    assert used["opozdal_kurer"] >= before
    assert sum(map(len, edit.examples)) == 4

    # It is a theme like any other: a filter of the reviews.
    guest.open("/reviews?ui=ru&theme=opozdal_kurer")
    assert int(guest.facts().split()[0]) == used["opozdal_kurer"]

    page = guest.open("/taxonomy?ui=ru&label=opozdal_kurer&edit=yes")
    page.get_by_role("button", name=word("theming.remove"), exact=True).click()
    page.get_by_role("button", name=word("theming.yes"), exact=True).click()
    expect(page.get_by_test_id("stToast")).to_contain_text("Опоздал курьер")
    guest.settle()
    expect(guest.bar("Опоздал курьер")).to_have_count(0)
    with lake.snapshot() as snapshot:
        assert snapshot.edits() == {}
        assert "opozdal_kurer" not in taxonomy.keys("themes")
