"""Segments on a phone: the map and the heat map are drawn, the page itself does not run out sideways."""

from __future__ import annotations

from collections.abc import Callable
from urllib.parse import urlsplit

from playwright.sync_api import expect

from tests.browser.visitor import Visitor


def test_on_a_phone_the_heat_map_scrolls_and_the_map_fits(visitor: Callable[..., Visitor]) -> None:
    guest, asked = visitor(width=390, height=844), []
    guest.page.on("request", lambda request: asked.append(request.url))
    page = guest.open("/segments?ui=ru&company=Lumbi&down=city&across=month")
    heat = page.locator(".st-key-segments_heat_many")
    expect(heat.locator("svg.marks")).to_be_visible()
    assert heat.evaluate("one => one.scrollWidth > one.clientWidth + 100")
    assert page.evaluate("document.querySelector('[data-testid=stMain]').scrollWidth") <= 390
    place = page.locator("svg.marks", has_text="Казань").last
    expect(place).to_be_visible()
    frame = place.bounding_box()
    assert frame is not None
    circles = place.locator(".mark-symbol path")
    assert circles.count() >= 5
    for circle in circles.all():
        box = circle.bounding_box()
        assert box is not None
        assert frame["x"] <= box["x"]
        assert box["x"] + box["width"] <= frame["x"] + frame["width"]
        assert frame["y"] <= box["y"]
    assert {urlsplit(one).hostname for one in asked if urlsplit(one).scheme.startswith(("http", "ws"))} == {
        "127.0.0.1"
    }
    assert not guest.trouble
