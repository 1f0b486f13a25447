"""vbr.ru: the pages of reviews of a bank, and the list of the newest reviews of all banks.

The markup is that which public collectors of 2025 describe; no page of the site was recorded. A
bank's page does not say how it is ordered, so every run reads all of it; the list of all banks is
asked for by date.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import AsyncGenerator
from dataclasses import replace
from datetime import datetime, timedelta, timezone
from urllib.parse import parse_qs, urlsplit

from bs4 import BeautifulSoup, Tag

from scrapers.fetch import Client
from scrapers.markup import tree
from scrapers.source import WHOLE, Cursor, Page, Record, Source, Where, records, require, wrong_target
from scrapers.walk import newest_first

__all__ = ["Vbr"]

_SITE = "https://www.vbr.ru"
_CODE = re.compile(r"[a-z0-9][a-z0-9_-]{0,99}", re.IGNORECASE | re.ASCII)
_ADDRESS = re.compile(
    r"https?://(?:[a-z-]+\.)?vbr\.ru/banki/(?:([a-z0-9_-]+)/)?otzivy(?:$|[/?#])", re.IGNORECASE | re.ASCII
)
_ALL = "all"
_PER_PAGE = 20
_MOSCOW = timezone(timedelta(hours=3))
_AGAIN = timedelta(days=30)
"""How far back the list of all banks is read again."""

_MONTHS = dict(
    zip(
        ("янв", "фев", "мар", "апр", "мая", "июн", "июл", "авг", "сен", "окт", "ноя", "дек"),
        range(1, 13),
        strict=True,
    )
)
_DATE = re.compile(r"(\d{1,2})(?:\.(\d{2})\.| ([а-я]+) )(\d{4})(?: ?г\.?)?,?(?: (?:в )?(\d{1,2}):(\d{2}))?")


class Vbr(Source):
    """Reviews of one bank, or of all."""

    name = "vbr"
    title = "vbr.ru"
    target = "the bank's name in its address, e.g. gazprombank, or all for the reviews of all banks"
    example = "ugc collect vbr gazprombank --company Газпромбанк"
    limits = (
        "answers of banks are not read; reviews have no number of their own, so an edited one counts as new"
    )
    base_url = _SITE
    pause = 2.0
    window = WHOLE
    may_break = True

    def recognise(self, url: str) -> str | None:
        """The bank of https://www.vbr.ru/banki/yasen/otzivy/; `all` for …/banki/otzivy/."""
        found = _ADDRESS.match(url.strip())
        return (found[1] or _ALL).lower() if found else None

    def parse(self, body: bytes, where: Where) -> Page:
        """One page of cards; the list of all banks is no whole page and ends with an empty one."""
        soup = tree(body)
        cards = soup.select(".reviews-card")
        query = parse_qs(urlsplit(where.url).query)
        further = query.get("page", ["1"])[0] not in {"0", "1"}
        known = bool(cards) or soup.select_one(".reviews-list") is not None
        fragment = where.target == _ALL and further and soup.select_one("title") is None
        require(self.name, "neither cards of reviews nor their list", known or fragment)
        found = records(self.name, cards, lambda card: _record(card, where.target))
        return Page(found, more=bool(found) and _continues(soup))

    async def fetch(
        self, target: str, cursor: Cursor, client: Client
    ) -> AsyncGenerator[tuple[Page, Cursor], None]:
        """All pages of a bank, or the newest reviews of all banks."""
        if not _CODE.fullmatch(target):
            raise wrong_target(self, target)
        everywhere = target == _ALL

        async def read(position: str | None) -> Page:
            number = int(position or 1)
            path, params = _request(target, number)
            answer = await client.get(path, params)
            page = self.parse(answer.body, answer.where)
            return replace(page, following=str(number + 1) if page.more else None)

        window, since = (_AGAIN, client.since) if everywhere else (self.window, None)
        async for page, mark in newest_first(read, cursor, window=window, since=since):
            yield page, mark


def _request(target: str, number: int) -> tuple[str, dict[str, str | int]]:
    """Path and query of a page, from 1 on."""
    if target != _ALL:
        return f"/banki/{target}/otzivy/" + (f"{number}/" if number > 1 else ""), {}
    return "/api/reviews/", {
        "sorttype": "date",
        "companytype": "bank",
        "reviewtype": 0,
        "iscompanyrecommended": "false",
        "sortdirection": "desc",
        "pagesize": _PER_PAGE,
        "page": number,
        "append": "false",
    }


def _record(card: Tag, target: str) -> Record:
    """A review on its card."""
    text, rating = _wording(card), _rating(card)
    if not text and rating is None:
        raise ValueError("neither a rating nor a text")
    author, date = _author(card), _date(_text(card.select_one(".avatar-title-date, .created")))
    number = card.get("data-id") or card.get("data-review-id")
    day = date[:10] if date and date[:4].isdecimal() else ""
    mark = hashlib.sha256("\n".join((author, day, text)).encode("utf-8", "replace")).hexdigest()
    bank = card.select_one('a[href*="/banki/"]') if target == _ALL else None
    return {
        "source_id": str(number) if number else mark[:20],
        "url": None if target == _ALL else f"{_SITE}/banki/{target}/otzivy/",
        "author": author or None,
        "date": date,
        "title": _text(card.select_one(".avatar-title-text")) or None,
        "text": text,
        "rating": rating,
        "rating_scale": 5 if rating is not None else None,
        "company": _text(bank) or None,
    }


def _author(card: Tag) -> str:
    """The author's name, without the date and the heading that may lie within; "" for none."""
    named = card.select_one(".avatar-title")
    return _text(named, without=".avatar-title-date, .avatar-title-text, .created")


def _wording(card: Tag) -> str:
    """The whole text: its beginning is shown, the whole or the rest of it is folded away."""
    body = card.select_one(".reviews-text")
    shown = _text(card.select_one(".reviews-text .teaser")) or _text(body, without=".full")
    folded = _text(card.select_one(".reviews-text .full, .full.hidden"))
    start = re.sub(r"\s*(?:…|\.{3})$", "", shown)
    if not folded or folded.startswith(start):
        return folded or shown
    return f"{start} {folded}"


def _rating(card: Tag) -> float | None:
    """Stars of five as a number; `None` for none, `ValueError` for what is no such number."""
    text = _text(card.select_one(".rating-star-simple"))[:20]
    if not text:
        return None
    rating = float(text.replace(",", "."))
    if not 0 <= rating <= 5:
        raise ValueError(f"{text} stars of five")
    return rating or None


def _date(text: str) -> str | None:
    """«12.03.2026» and «12 марта 2026, 10:05» in ISO form; other forms as they are."""
    found = _DATE.fullmatch(text.lower())
    if not found:
        return text or None
    day, month, named, year, hour, minute = found.groups()
    number = int(month) if month else _MONTHS.get(named[:3])
    if number is None:
        return text
    moment = datetime(int(year), number, int(day), int(hour or 0), int(minute or 0), tzinfo=_MOSCOW)
    return moment.isoformat() if hour else moment.date().isoformat()


def _continues(soup: BeautifulSoup) -> bool:
    """Whether another page follows; a page without page numbers does not say, so it is asked."""
    pages = soup.select_one('[class*="pager-item"]')
    return pages is None or soup.select_one(".pager-item-next:not(.disabled)") is not None


def _text(element: Tag | None, *, without: str | None = None) -> str:
    """An element's text on one line, `without` the parts of that selector; "" for no element."""
    if element is None:
        return ""
    parts = {id(part) for part in element.select(without)} if without else set()
    if not parts:
        return " ".join(element.get_text(" ").split())
    own = (one for one in element.strings if not any(id(parent) in parts for parent in one.parents))
    return " ".join(" ".join(own).split())
