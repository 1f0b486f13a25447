"""Yandex Maps, from the saved tab of reviews of a place."""

from __future__ import annotations

import re

from bs4.element import Tag

from scrapers.saved.page import SavedPage, digest, inner, opened, said
from scrapers.source import Record, records, require
from scrapers.structured import Document
from scrapers.structured.document import attribute, shown
from scrapers.structured.record import lasting

__all__ = ["YandexMaps"]

_MORE = re.compile(r"\s*(?:…|\.\.\.)?\s*(?:Ещё|Еще|Читать ещё|More)\s*$")


class YandexMaps(SavedPage):
    """As many reviews as were scrolled into view before the page was saved."""

    name = "yandex_maps"
    title = "Yandex Maps"
    how = "Save the tab of reviews of a place, scrolled as far as you need, with the answers opened."
    why = "The site signs its requests and its terms forbid automatic reading."
    host = r"(?:maps\.)?yandex\.(?:ru|com|by|kz|uz|com\.tr)"
    marks = r"class=[\"'][^\"'<>]{0,80}\bbusiness-review-view\b"

    def recognise(self, body: bytes) -> bool:
        """Whether a saved page is one of a place; other pages of Yandex are not."""
        return (
            super().recognise(body)
            and re.search(rb"business-review-view|orgpage-header-view", opened(body)[0]) is not None
        )

    def reviews(self, page: Document) -> tuple[Record, ...]:
        """The reviews in view; an id follows from author and date, since the page gives none."""
        items = page.soup.select("div.business-review-view")
        place = page.soup.select_one(
            ".business-reviews-card-view, .business-reviews-card-view__reviews-container"
        )
        require(
            self.name,
            "no reviews in view: open the tab of reviews and save it",
            bool(items) or place is not None,
        )
        company = said(inner(page.soup, "h1.orgpage-header-view__header", "h1[itemprop=name]", "h1"))
        address = said(
            inner(page.soup, ".business-contacts-view__address-link", ".orgpage-header-view__address")
        )
        url = page.address or None
        return records(self.name, items, lambda item: _record(item, company, address, url))


def _record(item: Tag, company: str | None, address: str | None, url: str | None) -> Record:
    """One review."""
    author = said(inner(item, "[itemprop=author] [itemprop=name]", "[itemprop=name]"))
    account = inner(item, 'a[href*="/user/"]')
    date = said(inner(item, "[itemprop=datePublished]", ".business-review-view__date"))
    body = inner(item, "[itemprop=reviewBody]", ".business-review-view__body-text")
    text = _MORE.sub("", shown(body)) if body is not None else None
    rating = said(inner(item, "[itemprop=ratingValue]")) or _stars(item)
    if text is None and rating is None:
        raise ValueError("neither text nor rating")
    exact = date is not None and ":" in date
    return {
        "source_id": digest(author, date) if exact and author else digest(author, lasting(date), text),
        "url": url,
        "author": author,
        "author_id": attribute(account, "href").rpartition("/user/")[2].split("?")[0] or None
        if account
        else None,
        "date": date,
        "rating": rating,
        "rating_scale": 5,
        "text": text or None,
        "company": company,
        "place": address,
        "reply_text": said(inner(item, ".business-review-comment-content__bubble")),
        "photos_count": len(item.select(".business-review-media__item, .business-review-photos__item"))
        or None,
    }


def _stars(item: Tag) -> float | None:
    """The lit stars, half ones as half; `None` where there are none."""
    stars = [
        set(attribute(star, "class").split())
        for star in item.select(".business-rating-badge-view__stars .business-rating-badge-view__star")
    ]
    lit = sum(0.5 if "_half" in star else 0.0 if "_empty" in star else 1.0 for star in stars)
    return lit or None
