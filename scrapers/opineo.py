"""opineo.pl: the reviews of a shop, from the pages that everybody sees."""

from __future__ import annotations

import re
from collections.abc import AsyncGenerator
from typing import Any

from bs4 import Tag

from scrapers.fetch import Client
from scrapers.polish import line, lines, markup, warsaw
from scrapers.source import Cursor, Page, Record, Source, Where, records, require, wrong_target
from scrapers.walk import newest_first

__all__ = ["Opineo"]

_CARD = ".revz_container"
_KNOWN = f"{_CARD}, .sh_name, #page_tabs"
"""What every page of a shop has, the last two also one without reviews."""

_SHOP = re.compile(r"[\w.-]{1,120}", re.ASCII)


def _meta(card: Tag, name: str) -> str | None:
    """What a `meta` of the microdata says."""
    found = card.select_one(f"meta[itemprop={name}][content]")
    return str(found["content"]).strip() if found is not None else None


def _number(card: Tag) -> str | None:
    """The number of a review, from the link to it."""
    link = card.select_one("a[href*='/opinia/']")
    found = re.search(r"/opinia/(\d+)", str(link["href"])) if link is not None else None
    return found[1] if found else None


class Opineo(Source):
    """Reviews of one shop, newest first, 15 a page."""

    name = "opineo"
    title = "opineo.pl"
    target = "the shop's name in its address, e.g. inexus-pl"
    example = "ugc collect opineo inexus-pl"
    limits = "ratings are 0 to 10; answers of shops are not read"
    base_url = "https://www.opineo.pl"
    pause = 3.0
    may_break = True

    def recognise(self, url: str) -> str | None:
        """The shop of https://www.opineo.pl/opinie/inexus-pl/2#opinie."""
        found = re.search(r"//(?:www\.)?opineo\.pl/opinie/([\w.-]+)", url, re.ASCII)
        return found[1] if found else None

    def parse(self, body: bytes, where: Where) -> Page:
        """One page; `following` is the number of the next one, by the page's own link."""
        tree = markup(self.name, body)
        require(self.name, "no shop and no reviews", tree.select_one(_KNOWN) is not None)
        shop = line(tree, ".sh_name [itemprop=name]") or line(tree, ".sh_name")

        def convert(card: Any) -> Record:
            return self._record(card, shop)

        found = records(self.name, tree.select(_CARD), convert)
        link = tree.select_one("a[rel~=next][href]")
        number = re.search(r"/(\d{1,6})(?:[#?]|$)", str(link["href"])) if link is not None else None
        require(self.name, "the link to the next page leads elsewhere", link is None or number is not None)
        following = number[1] if number and found else None
        return Page(found, more=following is not None, following=following)

    def _record(self, card: Any, shop: str | None) -> Record:
        """One review; times are Warsaw's, written as 04-01-15 16:33."""
        number, told, rating = _number(card), _meta(card, "datePublished"), _meta(card, "ratingValue")
        text = lines(card, "[itemprop=description]")
        if not text and rating is None:
            raise ValueError("neither a rating nor a text")
        return {
            "source_id": number,
            "url": f"https://www.opineo.pl/opinia/{number}" if number else None,
            "author": line(card, ".revz_nick"),
            "date": warsaw(told, "%d-%m-%y %H:%M") if told else None,
            "rating": rating,
            "rating_scale": _meta(card, "bestRating") or "10",
            "text": text,
            "company": shop,
            "language": "pl",
            "verified": card.select_one(".revz_wo_badge") is not None,
        }

    async def fetch(
        self, target: str, cursor: Cursor, client: Client
    ) -> AsyncGenerator[tuple[Page, Cursor], None]:
        """Pages from the newest on, down to what the last run saw."""
        shop = target.strip()
        if not _SHOP.fullmatch(shop) or shop.strip(".") == "":
            raise wrong_target(self, target)

        async def read(position: str | None) -> Page:
            answer = await client.get(f"/opinie/{shop}/{position}" if position else f"/opinie/{shop}")
            return self.parse(answer.body, answer.where)

        async for page, mark in newest_first(read, cursor, since=client.since):
            yield page, mark
