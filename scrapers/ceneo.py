"""ceneo.pl: the reviews of a product, from the pages that everybody sees."""

from __future__ import annotations

import re
from collections.abc import AsyncGenerator
from typing import Any

from bs4 import Tag

from scrapers.fetch import Client
from scrapers.polish import line, lines, markup, warsaw
from scrapers.source import WHOLE, Cursor, Page, Record, Source, Where, records, require, wrong_target
from scrapers.walk import newest_first

__all__ = ["Ceneo"]

_CARD = ".js_product-review[data-entry-id]"
_KNOWN = f"{_CARD}, .js_product-reviews, .product-top__product-info__name"
"""What every page of a product has, the last also one without reviews."""

_PAGES = 50
"""After its fiftieth page the list begins again."""

_NUMBER = re.compile(r"\d{1,12}")


def _times(card: Tag) -> list[str]:
    """When it was published and, where the site knows it, when the product was bought."""
    found = card.select(".user-post__published time[datetime]")
    return [warsaw(str(one["datetime"]).strip()) for one in found]


def _points(card: Tag, kind: str) -> list[str] | None:
    """Pros (`positive`) or cons (`negative`) as short phrases; two layouts are known."""
    title = f".review-feature__title--{kind}s ~ .review-feature__item"
    found = card.select(f".review-feature__item--{kind}, {title}")
    return [" ".join(one.get_text().split()) for one in found] or None


def _votes(card: Tag, number: str) -> str | None:
    """How many found it helpful."""
    button = card.select_one(".vote-yes[data-total-vote]")
    if button is not None:
        return str(button["data-total-vote"])
    span = card.find(id=f"votes-yes-{number}")
    return span.get_text().strip() if span is not None else None


class Ceneo(Source):
    """Reviews of one product, ten a page.

    The list is in the site's own order, not by date, so every run reads it whole: the window is
    longer than the site is old.
    """

    name = "ceneo"
    title = "ceneo.pl"
    target = "the product's number in its address, e.g. 91714422"
    example = "ugc collect ceneo 91714422"
    limits = "at most 500 reviews of a product; answers of shops are not read"
    base_url = "https://www.ceneo.pl"
    pause = 3.0
    window = WHOLE
    may_break = True

    def recognise(self, url: str) -> str | None:
        """The product of https://www.ceneo.pl/91714422#tab=reviews or …/91714422/opinie-2."""
        found = re.search(r"//(?:www\.)?ceneo\.pl/(\d{1,12})(?=$|[/?#;])", url)
        return found[1] if found else None

    def parse(self, body: bytes, where: Where) -> Page:
        """One page; `following` is the number of the next one, by the page's own link."""
        tree = markup(self.name, body)
        require(self.name, "no product and no reviews", tree.select_one(_KNOWN) is not None)
        product = line(tree, "h1.product-top__product-info__name")
        target = where.target.strip()

        def convert(card: Any) -> Record:
            return self._record(card, target, product)

        found = records(self.name, tree.select(_CARD), convert)
        link = tree.select_one("a.pagination__next[href]")
        number = re.search(r"/opinie-(\d{1,4})(?!\d)", str(link["href"])) if link is not None else None
        require(self.name, "the link to the next page leads elsewhere", link is None or number is not None)
        following = number[1] if number and found else None
        return Page(found, more=following is not None, following=following)

    def _record(self, card: Any, target: str, product: str | None) -> Record:
        """One review; times are Warsaw's."""
        number = str(card["data-entry-id"]).strip()
        published, *bought = [*_times(card), None, None]
        rating = line(card, ".user-post__score-count")
        pictures = card.select_one(".review-pictures")
        if not number or (rating is None and card.select_one(".user-post__text") is None):
            raise ValueError("neither a rating nor a text")
        return {
            "source_id": number,
            "url": f"https://www.ceneo.pl/{target}#tab=reviews",
            "author": line(card, ".user-post__author-name"),
            "date": published,
            "bought_at": bought[0],
            "rating": rating,
            "rating_scale": 5,
            "recommended": line(card, ".user-post__author-recomendation em"),
            "text": lines(card, ".user-post__text"),
            "pros": _points(card, "positive"),
            "cons": _points(card, "negative"),
            "product": product,
            "language": "pl",
            "helpful_votes": _votes(card, number),
            "verified": card.select_one(".review-pz") is not None,
            "photos_count": len(pictures.select("img")) if pictures is not None else None,
        }

    async def fetch(
        self, target: str, cursor: Cursor, client: Client
    ) -> AsyncGenerator[tuple[Page, Cursor], None]:
        """All pages of the list."""
        product = target.strip()
        if not _NUMBER.fullmatch(product):
            raise wrong_target(self, target)

        async def read(position: str | None) -> Page:
            answer = await client.get(f"/{product}/opinie-{position}" if position else f"/{product}")
            page = self.parse(answer.body, answer.where)
            last = int(position or 1) >= _PAGES
            return Page(page.records, page.more, None if last else page.following)

        async for page, mark in newest_first(read, cursor, window=self.window):
            yield page, mark
