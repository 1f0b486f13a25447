"""irecommend.ru, from saved pages: one review whole, or the list of reviews of a thing."""

from __future__ import annotations

import re

from bs4.element import Tag

from scrapers.saved.page import SavedPage, inner, said
from scrapers.source import Record, records, require
from scrapers.structured import Document
from scrapers.structured.document import attribute, shown

__all__ = ["Irecommend"]

_SLUG = re.compile(r"/content/([^/?#]+)")


class Irecommend(SavedPage):
    """A list gives the beginnings of texts; the page of a review gives it whole."""

    name = "irecommend"
    title = "irecommend.ru"
    how = "Save the page of a review, or a list of reviews, in which texts are cut."
    why = "The site answers programs with a captcha."
    host = r"irecommend\.ru"
    marks = r"class=[\"'][^\"'<>]{0,80}\b(?:reviewTextSnippet|fivestarWidgetStatic)\b"

    def reviews(self, page: Document) -> tuple[Record, ...]:
        """The one review of a page, or those of a list."""
        product = said(
            inner(
                page.soup,
                "[itemprop=itemReviewed] [itemprop=name]",
                ".mainProductName",
                ".objectName",
                "h1.largeHeader",
            )
        )
        body = page.soup.select_one("[itemprop=reviewBody]")
        if body is not None:
            item = body.find_parent(attrs={"itemprop": "review"}) or body.find_parent(
                attrs={"itemtype": re.compile("/Review$")}
            )
            return records(
                self.name, [item if item is not None else page.soup], lambda one: _whole(one, page, product)
            )
        links = page.soup.select("a.reviewTextSnippet, .reviewTextSnippet a, a.more")
        items = {id(item): item for link in links if (item := _item(link)) is not None}
        require(
            self.name,
            "neither a review nor a list of them",
            bool(items) or (product is not None and page.soup.select_one(".list-comments") is not None),
        )
        return records(self.name, items.values(), lambda one: _snippet(one, page, product))


def _item(link: Tag) -> Tag | None:
    """The entry of a list that a link stands in."""
    found = link.find_parent(class_="ProductTizer") or link.find_parent("li") or link.parent
    return found if isinstance(found, Tag) else None


def _slug(url: str) -> str:
    """The id of a review: the last part of its address."""
    found = _SLUG.search(url)
    if found is None:
        raise ValueError("no address of the review")
    return found[1]


def _whole(item: Tag, page: Document, product: str | None) -> Record:
    """The review of its own page."""
    author = inner(item, "[itemprop=author]")
    slug = _slug(page.address)
    return {
        "source_id": slug,
        "url": f"https://irecommend.ru/content/{slug}",
        "author": said(inner(author, "[itemprop=name]") or author if author is not None else None),
        "date": said(inner(item, "[itemprop=datePublished]")),
        "rating": said(inner(item, "[itemprop=ratingValue]")) or _stars(item),
        "rating_scale": 5,
        "title": said(inner(item, ".reviewTitle", "[itemprop=name].reviewTitle")),
        "text": said(inner(item, "[itemprop=reviewBody]")),
        "pros": _points(inner(item, ".plus")),
        "cons": _points(inner(item, ".minus")),
        "product": product,
        "recommended": _verdict(item),
    }


def _snippet(item: Tag, page: Document, product: str | None) -> Record:
    """One review of a list, its text cut by the site."""
    link = inner(item, ".reviewTitle a", "a.reviewTextSnippet", ".reviewTextSnippet a", "a.more")
    slug = _slug(page.absolute(attribute(link, "href")) if link is not None else "")
    return {
        "source_id": slug,
        "url": f"https://irecommend.ru/content/{slug}",
        "author": said(inner(item, "[itemprop=author]", ".authorName")),
        "date": said(inner(item, "[itemprop=datePublished]", ".created")),
        "rating": said(inner(item, "[itemprop=ratingValue]")) or _stars(item),
        "rating_scale": 5,
        "title": said(inner(item, ".reviewTitle")),
        "text": said(inner(item, ".reviewTeaserText", "a.reviewTextSnippet", ".reviewTextSnippet")),
        "pros": _points(inner(item, ".plus")),
        "cons": _points(inner(item, ".minus")),
        "product": product,
        "recommended": _verdict(item),
    }


def _stars(item: Tag) -> int | None:
    """The lit stars; `None` where none is lit."""
    return len(item.select(".fivestarWidgetStatic div.on")) or None


def _points(tag: Tag | None) -> str | None:
    """Pros or cons, each on its line."""
    return shown(tag) or None if tag is not None else None


def _verdict(item: Tag) -> str | None:
    """Whether the author recommends it, in the words of the page."""
    found = inner(item, ".verdict", ".recommend-to-friends")
    return said(found)
