"""zoon.ru, from saved pages of a place."""

from __future__ import annotations

import re

from bs4.element import Tag

from scrapers.saved.page import SavedPage, digest, inner, said
from scrapers.source import Record, records, require
from scrapers.structured import Document
from scrapers.structured.document import attribute, shown
from scrapers.structured.record import lasting

__all__ = ["Zoon"]

_FULL = re.compile(r"width:\s*(\d+(?:\.\d+)?)%")


class Zoon(SavedPage):
    """As many reviews as were opened before the page was saved."""

    name = "zoon"
    title = "zoon.ru"
    how = "Save the page of a place with as many reviews opened as you need."
    why = "The site has no public list of reviews and checks for robots."
    host = r"(?:[\w-]+\.)?zoon\.(?:ru|com\.ua)"
    marks = r"\bjs-comment-(?:short-text|content)\b"

    def reviews(self, page: Document) -> tuple[Record, ...]:
        """The reviews in view; answers of the place stand inside the review that they answer."""
        items = [
            one
            for one in page.soup.select("li[data-author]")
            if one.find_parent(class_="subcomments") is None
        ]
        place = page.soup.select_one("[data-owner-id], .js-comments, .comments-section")
        require(self.name, "neither reviews nor a place", bool(items) or place is not None)
        company = said(inner(page.soup, "h1 [itemprop=name]", "[itemprop=name]", "h1"))
        address = inner(page.soup, "[itemprop=streetAddress]", "address")
        city = said(inner(page.soup, "[itemprop=addressLocality]"))
        common: Record = {
            "company": company,
            "place": said(address),
            "city": city,
            "url": page.address or None,
        }
        return records(self.name, items, lambda item: {**_record(item), **common})


def _record(item: Tag) -> Record:
    """One review."""
    author = attribute(item, "data-author") or None
    date = said(inner(item, "[itemprop=datePublished]", "span.gray", ".comment-date"))
    text = said(inner(item, ".js-comment-content", ".js-comment-short-text"))
    rating = said(inner(item, "[itemprop=ratingValue]")) or _stars(item)
    if text is None and rating is None:
        raise ValueError("neither text nor rating")
    answer = inner(item, "ul.subcomments > li")
    return {
        "source_id": attribute(item, "data-id") or digest(author, lasting(date), text),
        "author": author if author != "0" else None,
        "date": date,
        "rating": rating,
        "rating_scale": 5 if rating is not None else None,
        "text": text,
        "reply_text": shown(inner(answer, ".js-comment-content", ".js-comment-short-text") or answer) or None
        if answer is not None
        else None,
    }


def _stars(item: Tag) -> float | None:
    """The lit stars by the width of their filling; `None` where none is lit."""
    widths = [_FULL.search(attribute(star, "style")) for star in item.select("span.star-item > span")]
    return sum(min(float(width[1]), 100.0) for width in widths if width is not None) / 100 or None
