"""An action is noted, seen with its state, and removed; what is typed outlives filters and languages."""

from __future__ import annotations

from collections.abc import Callable

from playwright.sync_api import expect

from tests.browser.visitor import Visitor
from ugc.dashboard.look.words import words
from ugc.insight import actions
from ugc.lake import Lake


def test_an_action_is_noted_seen_and_removed(come: Callable[..., Visitor], lake: Lake) -> None:
    word, guest = words("ru"), come()
    page = guest.open("/actions?ui=ru&theme=speed")
    form = page.locator(".st-key-actions_note")
    form.locator("summary").click()
    form.get_by_label(word("actions.what")).fill("Новый партнёр по доставке")
    guest.choose("city", "Казань")
    guest.settle()
    # what was typed and not yet sent is still there, and the filter has come into the form
    expect(form.get_by_label(word("actions.what"))).to_have_value("Новый партнёр по доставке")
    expect(form.locator("[class*='st-key-note_city']")).to_contain_text("Казань")
    expect(form.locator("[class*='st-key-note_theme'] input").first).to_have_value("Скорость")
    form.get_by_label(word("actions.author")).fill("Анна")
    form.locator("[class*='st-key-note_day']").get_by_role("spinbutton").first.click()
    page.keyboard.type("08062026")
    form.get_by_role("button", name=word("actions.save")).click()
    expect(page.get_by_test_id("stToast")).to_contain_text(word("actions.noted"))

    card = page.locator("[class*='st-key-action_']").filter(has_text="Новый партнёр по доставке")
    expect(card.locator(".house-verdict")).to_be_visible()
    expect(card.locator(".house-facts").first).to_contain_text("8\u00a0июня 2026")
    expect(card.locator(".house-facts").first).to_contain_text("Казань")
    expect(card.locator("svg.marks")).to_be_visible()
    guest.settle()
    with lake.snapshot() as snapshot:
        (one,) = actions(snapshot)
    assert (str(one.day), one.theme, one.author) == ("2026-06-08", "speed", "Анна")
    assert guest.where()[1]["action"] == [one.id]

    card.get_by_role("button", name=word("actions.remove"), exact=True).click()
    expect(card).to_contain_text(word("actions.sure"))
    card.get_by_role("button", name=word("actions.remove_yes")).click()
    expect(page.get_by_text(word("actions.none"))).to_be_visible()
    guest.settle()
    assert "action" not in guest.where()[1]
    with lake.snapshot() as snapshot:
        assert actions(snapshot) == ()
