"""Pages of banki.ru with reviews of an insurer or a broker.

A page tells its reviews twice: as `article` elements with number, text, time, rating and the
company's answers, and as schema.org data in a script, which alone names the authors. The two are
in the same order and are put together day by day. Where a page has no articles the script is read
on its own.
"""

from __future__ import annotations

import hashlib
import html
import json
import re
from collections.abc import Iterator
from datetime import datetime, timedelta, timezone
from itertools import zip_longest
from typing import Any

from bs4 import BeautifulSoup, Tag

from scrapers.markup import tree
from scrapers.source import Page, Record, records, require

__all__ = ["FOLDERS", "moscow", "read_page"]

FOLDERS = {
    "insurance": "/insurance/responses/company/",
    "broker": "/investment/responses/company/broker/",
}
"""Where the pages of a company of each kind lie, without its code."""

_SITE = "https://www.banki.ru"
_MOSCOW = timezone(timedelta(hours=3))
_DAY = re.compile(r"(\d{2})\.(\d{2})\.(\d{4})(?:\s+(\d{1,2}:\d{2}))?")
_PAGES = '[data-test="folkrating-responses-list-comments-pagination"], .ui-pagination'
_VERIFIED = {"": True, "проблема решена": True, "не засчитана": False}
"""What the status beside a rating says about it; a counted rating has none. Unchecked: absent."""


def moscow(value: Any) -> str | None:
    """A time as the site writes it, in ISO form; one without a zone is Moscow's.

    Knows ISO and `04.01.2023 16:49`; a mere day stays a day, and what it does not know stays as it
    is. `None` for nothing.
    """
    if not value:
        return None
    text = " ".join(str(value).split())
    day = _DAY.fullmatch(text)
    if day:
        text = f"{day[3]}-{day[2]}-{day[1]}" + (f"T{day[4]:0>5}" if day[4] else "")
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        return text
    if len(text) <= len("2023-01-04"):
        return text
    return (found if found.tzinfo else found.replace(tzinfo=_MOSCOW)).isoformat()


def read_page(name: str, kind: str, body: bytes) -> Page:
    """The reviews of a page.

    Args:
        name: of the source, for errors.
        kind: a key of `FOLDERS`; marks the reviews, which are numbered for each kind anew.
        body: the page.

    Raises:
        SourceChanged: it is not a page with a company's reviews.
    """
    soup = tree(body)
    product, broken = _product(soup)
    articles = soup.select("article[data-id]")
    holds = product is not None or bool(articles) or soup.select_one("[data-responses-list]") is not None
    require(name, "neither reviews nor their list", holds)
    require(name, "its schema.org data is no JSON, and it has no articles", not broken or bool(articles))
    told = (product or {}).get("review") or []
    told = told if isinstance(told, list) else [told]
    company = _company(soup, product)
    if articles:
        same = told if len(told) == len(articles) else []
        pairs = list(zip_longest(articles, same))
        found = records(name, pairs, lambda pair: _article(kind, company, *pair))
    else:
        found = records(name, told, lambda row: _told(kind, company, row))
    return Page(found, more=bool(found) and _continues(soup))


def _product(soup: BeautifulSoup) -> tuple[dict[str, Any] | None, bool]:
    """The company with its reviews, as the page's scripts tell it; they hold raw line breaks.

    The second value says that none could be found but one with reviews is no JSON.
    """
    broken = False
    for script in soup.select('script[type*="ld+json"]'):
        text = script.get_text()
        try:
            told = json.loads(text, strict=False)
        except (ValueError, RecursionError):
            broken = broken or '"review"' in text
            continue
        for one in told if isinstance(told, list) else [told]:
            if isinstance(one, dict) and ("review" in one or "aggregateRating" in one):
                return one, False
    return None, broken


def _company(soup: BeautifulSoup, product: dict[str, Any] | None) -> str | None:
    """The company's name."""
    named = (product or {}).get("name")
    shown = soup.select_one('[data-test="company-header-name"]')
    return (_plain(named) if isinstance(named, str) else "") or _text(shown) or None


def _continues(soup: BeautifulSoup) -> bool:
    """Whether another page follows; a page without page numbers does not say, so it is asked."""
    pages = soup.select(_PAGES)
    return not pages or any(one.select_one(".ui-pagination__next") for one in pages)


def _article(kind: str, company: str | None, article: Tag, told: Any) -> Record:
    """A review as the page shows it; `told` is the script's account of it, if there is one."""
    link = article.select_one('a[data-test="responses-header"]')
    path = str(link.get("href", "")) if link else ""
    body = article.select_one("[data-full]") or article.select_one('[data-test="responses-message"]')
    if body is None:
        raise ValueError("it has no text")
    date = moscow(_text(article.select_one('[data-test="responses-datetime"]')))
    rating = _number(_text(article.select_one('[data-test="responses-rating-grade"]')))
    status = article.select_one('[data-test="responses-status"]')
    day = (date or "")[:10]
    known = isinstance(told, dict) and day and (moscow(told.get("datePublished")) or "")[:10] == day
    answers = list(_answers(article))
    return {
        "source_id": f"{kind}:{article['data-id']}",
        "url": _SITE + path if path.startswith("/") else None,
        "author": _author(told) if known else None,
        "date": date,
        "title": _text(link) or None,
        "text": body.decode_contents().strip(),
        "rating": rating,
        "rating_scale": 5 if rating is not None else None,
        "company": company,
        "verified": _VERIFIED.get(_text(status).lower()) if rating is not None and status else None,
        "reply_text": "<br>".join(text for text, _ in answers) or None,
        "reply_date": next((when for _, when in reversed(answers) if when), None),
    }


def _answers(article: Tag) -> Iterator[tuple[str, str | None]]:
    """The company's answers to a review, with their times."""
    for item in article.select(".response-thread-item--company-type"):
        text, when = item.select_one(".thread-item__text"), item.select_one("time")
        if text is not None:
            yield text.decode_contents().strip(), moscow(when.get("datetime") if when else None)


def _told(kind: str, company: str | None, row: Any) -> Record:
    """A review that only the script tells. It has no number, so one is made of what does not change."""
    author, title = _author(row), row.get("name") or row.get("headline")
    date = moscow(row.get("datePublished"))
    rating = _number(str((row.get("reviewRating") or {}).get("ratingValue", "")))
    mark = hashlib.sha256(f"{author}\n{date}\n{title}".encode("utf-8", "replace")).hexdigest()
    return {
        "source_id": f"{kind}:{mark[:20]}",
        "author": author,
        "date": date,
        "title": title,
        "text": row.get("reviewBody") or row.get("description") or "",
        "rating": rating,
        "rating_scale": 5 if rating is not None else None,
        "company": company,
    }


def _author(told: Any) -> str | None:
    """The author's name, plain or in a `Person`."""
    author = told.get("author")
    author = author.get("name") if isinstance(author, dict) else author
    return (_plain(author) or None) if isinstance(author, str) else None


def _plain(text: str) -> str:
    """Text whose signs were written as entities, twice at times, on one line."""
    return " ".join(html.unescape(html.unescape(text)).split())


def _text(element: Tag | None) -> str:
    """An element's text on one line, "" for none."""
    return " ".join(element.get_text().split()) if element is not None else ""


def _number(text: str) -> float | None:
    """A rating of 1 to 5; `None` for words such as «Без оценки»."""
    found = re.fullmatch(r"\s*([1-5](?:[.,]\d+)?)\s*", text)
    return float(found[1].replace(",", ".")) if found else None
