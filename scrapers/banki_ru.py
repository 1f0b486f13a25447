"""banki.ru, people's rating of banks: the JSON behind the list of reviews of a bank."""

from __future__ import annotations

import re
from collections.abc import AsyncGenerator
from datetime import datetime, timedelta, timezone
from typing import Any

from scrapers.fetch import Client
from scrapers.source import Cursor, Page, Record, Source, Where, read_json, records, require, wrong_target
from scrapers.walk import newest_first

__all__ = ["BankiRu"]

_MOSCOW = timezone(timedelta(hours=3))
_CODE = re.compile(r"[\w.-]{1,100}")


class BankiRu(Source):
    """Reviews of one bank, newest first, 25 a page."""

    name = "banki_ru"
    title = "banki.ru"
    target = "the bank's code in its address, e.g. gazprombank"
    example = "ugc collect banki_ru gazprombank --since 2026-01-01"
    limits = "author names and dates of the bank's answers are not in the list"
    base_url = "https://www.banki.ru"
    pause = 1.5
    cookies = True
    window = timedelta(days=45)

    def recognise(self, url: str) -> str | None:
        """The bank of an address such as https://www.banki.ru/services/responses/bank/yasen/."""
        found = re.search(r"//(?:www\.)?banki\.ru/services/responses/bank/([\w.-]+)", url)
        return found[1] if found else None

    def parse(self, body: bytes, where: Where) -> Page:
        """One page of the list; `rating` is absent where the bank was not graded."""
        answer = read_json(self.name, body)
        require(
            self.name, "no list `data`", isinstance(answer, dict) and isinstance(answer.get("data"), list)
        )
        found = records(self.name, answer["data"], self._record)
        return Page(found, more=bool(found) and answer.get("hasMorePages") is not False)

    def _record(self, row: Any) -> Record:
        """One entry of `data`; times are Moscow's."""
        company = row.get("company") or {}
        grade = row.get("grade")
        record: Record = {
            "source_id": str(row["id"]),
            "url": f"https://www.banki.ru/services/responses/bank/response/{row['id']}/",
            "text": row["text"] or "",
            "title": row.get("title"),
            "rating": grade,
            "rating_scale": 5 if grade is not None else None,
            "company": company.get("name"),
            "verified": row.get("isCountable"),
            "reply_text": row.get("agentAnswerText"),
        }
        if row.get("dateCreate"):
            moment = datetime.strptime(row["dateCreate"], "%Y-%m-%d %H:%M:%S").replace(tzinfo=_MOSCOW)
            record["date"] = moment.isoformat()
        return record

    async def fetch(
        self, target: str, cursor: Cursor, client: Client
    ) -> AsyncGenerator[tuple[Page, Cursor], None]:
        """Pages from the newest on, down to 45 days before what the last run saw."""
        if not _CODE.fullmatch(target):
            raise wrong_target(self, target)

        async def read(position: str | None) -> Page:
            number = int(position or 1)
            answer = await client.get(
                "/services/responses/list/ajax/", {"page": number, "bank": target, "is_countable": "on"}
            )
            page = self.parse(answer.body, answer.where)
            return Page(page.records, page.more, str(number + 1) if page.more else None)

        async for page, mark in newest_first(read, cursor, window=self.window, since=client.since):
            yield page, mark
