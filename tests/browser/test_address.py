"""A view is a link: it opens the same for whoever gets it, in both directions, and back again."""

from __future__ import annotations

from collections.abc import Callable

from playwright.sync_api import expect

from ugc.dashboard.look.words import words

VIEW = {"company": "Lumbi", "city": ["Казань", "Москва"], "language": "ru", "since": "2026-01-01"}


def test_a_link_opens_its_view(visitor: Callable) -> None:
    guest = visitor()
    page = guest.open("/reasons?company=Lumbi&city=Казань&city=Москва&language=ru&since=2026-01-01")
    guest.comes_to(**VIEW)
    for value in ("Lumbi", "Казань", "Москва", words("ru")("language.ru")):
        expect(page.locator("[data-testid=stSidebar] [data-tag]").filter(has_text=value)).to_be_visible()
    assert "1 января – 13 ноября 2026 · Lumbi" in guest.facts()
    assert "Казань, Москва" in guest.facts()


def test_filters_stay_from_page_to_page_and_in_new_windows(visitor: Callable) -> None:
    guest = visitor()
    page = guest.open("/?ui=en")
    guest.choose("company", "Lumbi")
    guest.comes_to(ui="en", company="Lumbi")
    guest.settle()
    guest.choose("language", "Polish")
    guest.comes_to(ui="en", company="Lumbi", language="pl")
    guest.settle()
    facts = guest.facts()
    for name, path in (("reasons", "/reasons"), ("reviews", "/reviews"), ("overview", "/overview")):
        link = page.get_by_role("link", name=words("en")(f"{name}.title"), exact=True)
        address = link.evaluate("link => link.href")
        link.click()
        expect(page.locator("h1")).to_have_text(words("en")(f"{name}.title"))
        guest.settle()
        assert guest.where() == (path, {"ui": ["en"], "company": ["Lumbi"], "language": ["pl"]})
        assert guest.facts().startswith(facts)
        other = visitor()
        other.open(address.removeprefix(other.address))
        assert other.where() == guest.where()
        assert other.facts() == guest.facts()


def test_back_and_forward_undo_and_redo(visitor: Callable) -> None:
    guest = visitor()
    page = guest.open("/reasons?ui=en&company=Lumbi")
    guest.bar("Speed").click()
    guest.comes_to(ui="en", company="Lumbi", theme="speed", polarity="negative")
    guest.settle()
    guest.bar("Казань").click()
    theme = {"ui": "en", "company": "Lumbi", "theme": "speed", "polarity": "negative"}
    guest.comes_to(**theme, city="Казань")
    guest.settle()
    page.get_by_role("link", name="Open the review").first.click()
    expect(page.locator(".house-review")).to_have_count(1)
    guest.settle()
    page.go_back()
    expect(page.locator("h1")).to_have_text("Reasons")
    guest.comes_to(**theme, city="Казань")
    guest.settle()
    page.go_back()
    guest.comes_to(**theme)
    guest.settle()
    assert "Казань" not in guest.facts()
    page.go_back()
    guest.comes_to(ui="en", company="Lumbi")
    expect(page.get_by_role("heading", name="What they thank for")).to_be_visible()
    guest.settle()
    page.go_forward()
    guest.comes_to(**theme)
    expect(page.get_by_role("heading", name="Where exactly")).to_be_visible()


def test_the_language_changes_and_everything_chosen_stays(visitor: Callable) -> None:
    guest = visitor()
    page = guest.open("/reviews?company=Lumbi&language=pl&theme=speed&order=oldest")
    texts = page.locator(".house-review .text").all_inner_texts()
    chosen = {"company": "Lumbi", "language": "pl", "theme": "speed", "order": "oldest"}
    for language, name in (("pl", "Polski"), ("en", "English"), ("ru", "Русский")):
        page.locator(".st-key-ui").get_by_text(name).click()
        expect(page.locator("h1")).to_have_text(words(language)("reviews.title"))
        guest.settle()
        guest.comes_to(**chosen, **({} if language == "ru" else {"ui": language}))
        assert page.locator(".house-review .text").all_inner_texts() == texts
        tag = page.locator("[data-testid=stSidebar] [data-tag]")
        expect(tag.filter(has_text=words(language)("language.pl"))).to_be_visible()
    # Another filter after the change: nothing is lost with it.
    guest.choose("stars", "★ 5")
    guest.comes_to(**chosen, stars="5")


def test_two_quick_choices_both_hold(visitor: Callable) -> None:
    guest = visitor()
    guest.open("/?ui=en")
    guest.choose("company", "Lumbi")
    guest.choose("language", "Polish")
    guest.comes_to(ui="en", company="Lumbi", language="pl")
    guest.settle()
    guest.comes_to(ui="en", company="Lumbi", language="pl")


def test_filters_are_cleared_at_once(visitor: Callable) -> None:
    guest = visitor()
    page = guest.open("/reviews?ui=en&company=Lumbi&since=2026-01-01&theme=speed")
    page.get_by_role("button", name="Clear filters").click()
    guest.comes_to(ui="en", theme="speed")
    guest.settle()


def test_a_company_the_lake_does_not_know_is_said_not_dropped(visitor: Callable) -> None:
    guest = visitor()
    page = guest.open("/?ui=en&company=Nobody")
    expect(page.get_by_role("heading", name="Nothing found")).to_be_visible()
    expect(page.locator("[data-tag]").filter(has_text="Nobody")).to_be_visible()
    guest.comes_to(ui="en", company="Nobody")
    page.get_by_role("main").or_(page.locator("[data-testid=stMain]")).first.get_by_role(
        "button", name="Clear filters"
    ).click()
    expect(page.locator(".house-tile")).to_have_count(5)
    guest.comes_to(ui="en")
