"""otzovik.com, from saved pages: the list of reviews of a thing, and one review whole."""

from __future__ import annotations

import re

from bs4.element import Tag

from scrapers.saved.page import SavedPage, inner, said
from scrapers.source import Record, records, require
from scrapers.structured import Document
from scrapers.structured.document import attribute, shown

__all__ = ["Otzovik"]

_ID = re.compile(r"review_(\d+)")
_LABEL = re.compile(r"^(?:Достоинства|Недостатки)\s*:?\s*")


class Otzovik(SavedPage):
    """Reviews in a list are cut by the site; those of a page of their own are whole."""

    name = "otzovik"
    title = "otzovik.com"
    how = "Save the page of a review, or a list of reviews, in which texts are cut."
    why = "The site answers programs with a captcha."
    host = r"(?:[\w-]+\.)?otzovik\.com"
    marks = r"class=[\"'][^\"'<>]{0,80}\breview-postdate\b"

    def reviews(self, page: Document) -> tuple[Record, ...]:
        """The reviews of a list, or the one of a page."""
        marked = page.soup.select("div.item[itemprop=review], div.review-wrap")
        items = [one for one in marked if one.find_parent(class_="review-wrap") is None]
        about = page.soup.select_one('[itemtype$="/Product"], .product-header, .product-name, .review-list-2')
        require(self.name, "neither a list of reviews nor a review", bool(items) or about is not None)
        product = said(
            inner(
                page.soup,
                ".product-name [itemprop=name]",
                "[itemprop=itemReviewed] [itemprop=name]",
                "a.product-name",
                ".product-name",
            )
        )
        return records(self.name, items, lambda item: self._record(item, page, product))

    def _record(self, item: Tag, page: Document, product: str | None) -> Record:
        """One review."""
        whole = "review-wrap" in attribute(item, "class").split()
        link = inner(item, 'link[itemprop=url][href*="review_"]', "a.review-title", 'a[href*="review_"]')
        url = page.absolute(attribute(link, "href")) if link is not None and not whole else page.address
        found = _ID.search(url) or (_ID.search(attribute(link, "href")) if link is not None else None)
        if found is None:
            raise ValueError("no number of the review")
        author = inner(item, "[itemprop=author]") or item
        profile = inner(author, 'a[href*="/profile/"]', 'link[href*="/profile/"]')
        table = _table(item)
        where = [part.strip() for part in (_origin(item) or "").split(",")]
        return {
            "source_id": found[1],
            "url": f"https://otzovik.com/review_{found[1]}.html",
            "author": said(inner(author, "[itemprop=name]", "a.user-login")),
            "author_id": attribute(profile, "href").rpartition("/profile/")[2] or None if profile else None,
            "date": said(inner(item, "[itemprop=datePublished]", ".review-postdate")),
            "rating": said(inner(item, "[itemprop=ratingValue]", ".rating-score span")),
            "rating_scale": 5,
            "title": said(inner(item, "a.review-title", "h1") or (inner(page.soup, "h1") if whole else None)),
            "text": said(inner(item, ".review-body", "[itemprop=description]", ".review-teaser")),
            "pros": _points(inner(item, ".review-plus")),
            "cons": _points(inner(item, ".review-minus")),
            "product": product,
            "city": table.get("город") or (where[-1] if len(where) > 1 else None),
            "recommended": table.get("рекомендую друзьям"),
            "helpful_votes": said(inner(item, "a.review-yes span", ".review-yes span")),
        }


def _points(tag: Tag | None) -> str | None:
    """Pros or cons without the label before them."""
    return _LABEL.sub("", shown(tag)).strip() or None if tag is not None else None


def _origin(item: Tag) -> str | None:
    """Where the author says to be from: the last line under the name."""
    lines = item.select(".user-info > div")
    plain = [one for one in lines if not {"login-line", "karma-line"} & set(attribute(one, "class").split())]
    return said(plain[-1]) if plain else None


def _table(item: Tag) -> dict[str, str]:
    """The properties that the author filled in, by their names in small letters without a colon."""
    cells = (row.select("td, th") for row in item.select("table.product-props tr"))
    return {shown(row[0]).rstrip(":").casefold(): shown(row[1]) for row in cells if len(row) == 2}
