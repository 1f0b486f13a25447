"""banki.ru, people's rating of banks, microloans, insurers and brokers.

Banks and microloans are read from the JSON behind their lists; insurers and brokers from their
pages, which `scrapers.banki_pages` parses.
"""

from __future__ import annotations

import re
from collections.abc import AsyncGenerator
from dataclasses import replace
from datetime import timedelta
from typing import Any

from scrapers.banki_pages import FOLDERS, moscow, read_page
from scrapers.fetch import Client
from scrapers.source import (
    Cursor,
    Page,
    Record,
    Source,
    Where,
    count,
    read_json,
    records,
    require,
    wrong_target,
)
from scrapers.walk import newest_first

__all__ = ["BankiRu"]

_SITE = "https://www.banki.ru"
_TARGET = re.compile(r"(?:(mfo|insurance|broker):)?([\w.-]{1,100})", re.ASCII)
_ADDRESSES = (
    ("", re.compile(r"services/responses/bank/(?!response/)([\w.-]+)", re.ASCII)),
    ("mfo:", re.compile(r"microloans/(?:responses/)?companies/([\w.-]+)", re.ASCII)),
    ("insurance:", re.compile(r"insurance/responses/company/(?!response/)([\w.-]+)", re.ASCII)),
    ("broker:", re.compile(r"investment/responses/company/broker/([\w.-]+)", re.ASCII)),
)
_AJAX = {"Accept": "application/json, text/plain, */*", "X-Requested-With": "XMLHttpRequest"}
"""Tells the site that a list is wanted as JSON."""

_PER_PAGE = 200
"""Reviews of a page of microloans that are asked for; the site may give fewer."""


class BankiRu(Source):
    """Reviews of one company, newest first, 25 a page."""

    name = "banki_ru"
    title = "banki.ru"
    target = (
        "the bank's code in its address, e.g. gazprombank; other companies are mfo:CODE, "
        "insurance:CODE and broker:CODE"
    )
    example = "ugc collect banki_ru gazprombank --since 2026-01-01"
    limits = (
        "banks and microloans: authors' names are not in the list; banks: the answers come without "
        "their date; a review counts as verified when the site counted its rating"
    )
    base_url = _SITE
    pause = 1.5
    cookies = True
    window = timedelta(days=45)

    def recognise(self, url: str) -> str | None:
        """The company of an address such as https://www.banki.ru/services/responses/bank/yasen/."""
        found = re.match(r"https?://(?:www\.)?banki\.ru/(.*)", url, re.IGNORECASE)
        for prefix, address in _ADDRESSES if found else ():
            code = address.match(found[1]) if found else None
            if code:
                return prefix + code[1]
        return None

    def parse(self, body: bytes, where: Where) -> Page:
        """One page of the list that `where.target` names; `rating` is absent where none was given."""
        kind = where.target.partition(":")[0] if ":" in where.target else "bank"
        if kind in FOLDERS:
            return read_page(self.name, kind, body)
        answer = read_json(self.name, body)
        if kind == "mfo":
            answer = answer.get("responses") if isinstance(answer, dict) else None
        require(
            self.name, "no list `data`", isinstance(answer, dict) and isinstance(answer.get("data"), list)
        )
        rows = answer["data"]
        found = records(self.name, rows, self._loan if kind == "mfo" else self._bank)
        # A filter that the site does not know is one it may pass over, and then all companies come.
        codes = {str(row["company"].get("code")) for row in rows if isinstance(row.get("company"), dict)}
        require(self.name, f"reviews of {len(codes)} companies on a page of one", len(codes) < 2)
        if kind == "mfo":
            more = bool(found) and answer.get("total") != len(found)
            return Page(found, more, total=count(answer.get("total")))
        return Page(found, more=bool(found) and answer.get("hasMorePages") is not False)

    def _bank(self, row: Any) -> Record:
        """A review of a bank; `row` is one entry of `data`, its time is Moscow's."""
        grade = row.get("grade")
        return {
            "source_id": str(row["id"]),
            "url": f"{_SITE}/services/responses/bank/response/{row['id']}/",
            "date": moscow(row.get("dateCreate")),
            "title": row.get("title"),
            "text": row["text"] or "",
            "rating": grade,
            "rating_scale": 5 if grade is not None else None,
            "company": (row.get("company") or {}).get("name"),
            "verified": row.get("isCountable"),
            "reply_text": row.get("agentAnswerText"),
        }

    def _loan(self, row: Any) -> Record:
        """A review of a microloan company. Its number may be a bank review's too, so it is marked."""
        grade = row.get("grade")
        answer = row.get("companyResponseText")
        return {
            "source_id": f"mfo:{row['id']}",
            "url": f"{_SITE}/microloans/responses/response/{row['id']}/",
            "author_id": str(row["createdBy"]) if row.get("createdBy") else None,
            "date": moscow(row.get("createdAt")),
            "title": row.get("title"),
            "text": row["text"] or "",
            "rating": grade,
            "rating_scale": 5 if grade is not None else None,
            "company": (row.get("company") or {}).get("name"),
            "reply_text": answer,
            "reply_date": moscow(row.get("companyResponseDate")) if answer else None,
        }

    async def fetch(
        self, target: str, cursor: Cursor, client: Client
    ) -> AsyncGenerator[tuple[Page, Cursor], None]:
        """Pages from the newest on, down to 45 days before what the last run saw."""
        named = _TARGET.fullmatch(target)
        if not named:
            raise wrong_target(self, target)
        kind, code = named[1] or "bank", named[2]

        async def read(position: str | None) -> Page:
            number = int(position or 1)
            path, params = _request(kind, code, number)
            answer = await client.get(path, params, headers=None if kind in FOLDERS else _AJAX)
            page = self.parse(answer.body, answer.where)
            return replace(page, following=str(number + 1) if page.more else None)

        async for page, mark in newest_first(read, cursor, window=self.window, since=client.since):
            yield page, mark


def _request(kind: str, code: str, number: int) -> tuple[str, dict[str, str | int]]:
    """Path and query of a page of a company's list, from 1 on."""
    if kind == "mfo":
        return "/microloans/responses/ajax/responses/", {
            "perPage": _PER_PAGE,
            "page": number,
            "grade": "all",
            "status": "all",
            "companyCodes": code,
        }
    if kind in FOLDERS:
        later: dict[str, str | int] = {"page": number, "isMobile": 0, "ajax": 0}
        return f"{FOLDERS[kind]}{code}/", later if number > 1 else {}
    # Asking for `is_countable=on` would leave out what the site has not checked or has rejected.
    return "/services/responses/list/ajax/", {"page": number, "type": "all", "bank": code}
