"""otzyvru.com: the pages of reviews of a company or product.

The markup is that of the site's engine as public collectors describe it between 2019 and 2025; no
page of the site was recorded. The site does not say how it orders its list, so every run reads all
pages.
"""

from __future__ import annotations

import re
from collections.abc import AsyncGenerator
from dataclasses import replace
from typing import Any
from urllib.parse import parse_qs, urlsplit

from bs4 import BeautifulSoup, Tag

from scrapers.fetch import Client
from scrapers.markup import tree
from scrapers.source import WHOLE, Cursor, Page, Record, Source, Where, records, require, wrong_target
from scrapers.walk import newest_first

__all__ = ["Otzyvru"]

_SITE = "https://www.otzyvru.com"
_SLUG = re.compile(r"[a-z0-9][a-z0-9_.-]{0,149}", re.IGNORECASE | re.ASCII)
_ADDRESS = re.compile(
    r"https?://(?:www\.)?otzyvru\.com/([a-z0-9][a-z0-9_.-]*)(?:/review-\d+)?/?(?:$|[?#])",
    re.IGNORECASE | re.ASCII,
)
_NO_COMPANIES = {"ajax", "search", "login", "register", "add", "categories", "companies", "robots.txt"}
_STAR = 13
"""Width of a star on the page, in pixels."""


class Otzyvru(Source):
    """Reviews of one company or product."""

    name = "otzyvru"
    title = "otzyvru.com"
    target = "the name in the page's address, e.g. skillbox of https://www.otzyvru.com/skillbox"
    example = "ugc collect otzyvru skillbox"
    limits = (
        "answers of companies are not on the page; a long review may be cut where the page shows only "
        "its beginning"
    )
    base_url = _SITE
    pause = 2.0
    window = WHOLE
    may_break = True

    def recognise(self, url: str) -> str | None:
        """The company of https://www.otzyvru.com/yasen or of one of its reviews, …/yasen/review-17."""
        found = _ADDRESS.match(url.strip())
        return found[1] if found and found[1].lower() not in _NO_COMPANIES else None

    def parse(self, body: bytes, where: Where) -> Page:
        """One page of reviews."""
        soup = tree(body)
        boxes = soup.select(".commentbox")
        known = bool(boxes) or soup.select_one("#comments_container, h1.element_name") is not None
        require(self.name, "neither reviews nor their list", known)
        name = _text(soup.select_one("h1.element_name [itemprop=name]") or soup.select_one("h1.element_name"))
        company = re.sub(r"\s*[-—–]?\s*отзывы\b.*", "", name, flags=re.IGNORECASE) or None
        found = records(self.name, boxes, lambda box: _record(box, company))
        total = _total(soup)
        return Page(found, bool(found) and _continues(soup, where.url, len(found), total), total=total)

    async def fetch(
        self, target: str, cursor: Cursor, client: Client
    ) -> AsyncGenerator[tuple[Page, Cursor], None]:
        """All pages, as the site orders them."""
        if not _SLUG.fullmatch(target):
            raise wrong_target(self, target)

        async def read(position: str | None) -> Page:
            number = int(position or 1)
            answer = await client.get(f"/{target}", {"page": number} if number > 1 else None)
            page = self.parse(answer.body, answer.where)
            return replace(page, following=str(number + 1) if page.more else None)

        async for page, mark in newest_first(read, cursor, window=self.window):
            yield page, mark


def _record(box: Tag, company: str | None) -> Record:
    """A review in its box."""
    link = box.select_one("h2 a[href]")
    path = urlsplit(str(link["href"])).path if link else ""
    number = re.search(r"/review-(\d+)", path) or re.search(r"(\d+)$", str(box.get("id") or ""))
    if number is None:
        raise ValueError("it has no number")
    body = next(
        (
            part
            for part in (
                box.select_one(".review-full-text"),
                box.select_one("[itemprop=reviewBody], span.comment"),
                box.select_one(".review-snippet"),
            )
            if part is not None and _text(part)
        ),
        None,
    )
    for link_on in body.select("a") if body is not None else ():
        if _text(link_on).lower().startswith("читать"):
            link_on.decompose()
    dates = (str(one["title"]).strip() for one in box.select(".dtreviewed [title], span[title]"))
    rating = _rating(box)
    return {
        "source_id": number[1],
        "url": _SITE + path if "/review-" in path else None,
        "author": _text(box.select_one(".reviewer") or box.select_one(".author_name ins")) or None,
        "date": next((one for one in dates if re.fullmatch(r"\d{4}-\d{2}-\d{2}", one)), None),
        "title": _text(box.select_one("h2 [itemprop=name]") or box.select_one("h2")) or None,
        "text": body.decode_contents().strip() if body is not None else "",
        "pros": _points(box, ".advantages"),
        "cons": _points(box, ".disadvantages"),
        "rating": rating,
        "rating_scale": 5 if rating is not None else None,
        "company": company,
    }


def _rating(box: Tag) -> float | None:
    """Stars by the width of their picture, else as the box tells them; `None` for no stars.

    `ValueError` when the stars are there and cannot be counted.
    """
    stars = box.select_one(".star_ring span")
    told = box.select_one(".comment_stats .value-title[title]")
    width = re.search(r"width:\s*(\d{1,3}(?:\.\d{1,4})?)px", str(stars.get("style", ""))) if stars else None
    if width:
        rating = float(width[1]) / _STAR
    elif told is not None:
        rating = float(str(told["title"])[:20].replace(",", "."))
    elif stars is not None:
        raise ValueError("the stars have no width")
    else:
        return None
    if not 0 <= rating <= 5.05:
        raise ValueError(f"{rating:g} stars of five")
    return round(rating, 1) or None


def _points(box: Tag, place: str) -> str | None:
    """Pros or cons, listed; `None` for none."""
    points = [text for text in map(_text, box.select(f"{place} li")) if text]
    return "; ".join(points) or None


def _total(soup: BeautifulSoup) -> int | None:
    """How many reviews the page counts."""
    digits = re.sub(r"[^0-9]", "", _text(soup.select_one("span.count")))[:9]
    return int(digits) if digits else None


def _continues(soup: BeautifulSoup, url: str, found: int, total: int | None) -> bool:
    """Whether another page follows: by the links to pages, else by the number of reviews told."""
    here = parse_qs(urlsplit(url).query).get("page", ["1"])[0]
    number = int(here) if here.isdecimal() else 1
    links: Any = soup.select('a[href*="page="]')
    pages = [int(page[1]) for a in links if (page := re.search(r"[?&]page=(\d{1,6})\b", str(a["href"])))]
    if pages:
        return max(pages) > number
    return total is None or found * number < total


def _text(element: Tag | None) -> str:
    """An element's text on one line, "" for none."""
    return " ".join(element.get_text(" ").split()) if element is not None else ""
