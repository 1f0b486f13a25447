"""What the Polish review sites have in common: whole pages of markup, its words, and Warsaw's clock."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

from bs4 import BeautifulSoup, Tag

from scrapers.markup import tree
from scrapers.source import require

__all__ = ["line", "lines", "markup", "warsaw"]

_WARSAW = ZoneInfo("Europe/Warsaw")


def markup(name: str, body: bytes) -> BeautifulSoup:
    """A page as a tree; `SourceChanged` naming the source for one whose end is missing.

    The link to the next page stands at the end: without it a list would seem to have ended.
    """
    require(name, "its end is missing", b"</html" in body or b"</HTML" in body)
    return tree(body)


def warsaw(value: str, form: str | None = None) -> str:
    """A time of Warsaw, in ISO form or in that of `strptime`, as ISO with its zone.

    A value in another form is given back as it is.
    """
    try:
        if form is not None:
            return datetime.strptime(value, form).replace(tzinfo=_WARSAW).isoformat()
        found = datetime.fromisoformat(value)
        return (found if found.tzinfo else found.replace(tzinfo=_WARSAW)).isoformat()
    except (ValueError, OverflowError):
        return value


def line(place: Tag, selector: str) -> str | None:
    """The words of the first element that fits, on one line; `None` where there are none."""
    found = place.select_one(selector)
    return (" ".join(found.get_text(" ").split()) or None) if found is not None else None


def lines(place: Tag, selector: str) -> str:
    """The words of the first element that fits, with its line breaks; "" where there are none."""
    found = place.select_one(selector)
    if found is None:
        return ""
    for mark in found.find_all("br"):
        mark.replace_with("\n")
    return "\n".join(" ".join(one.split()) for one in found.get_text().strip().split("\n"))
