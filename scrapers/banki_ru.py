"""banki.ru, people's rating of banks: the JSON behind the list of reviews of a bank."""

from __future__ import annotations

from collections.abc import AsyncGenerator
from datetime import datetime, timedelta, timezone
from typing import Any

from scrapers.fetch import Client
from scrapers.source import Cursor, Page, Record, read_json, records, require

__all__ = ["BankiRu"]

_MOSCOW = timezone(timedelta(hours=3))
_WINDOW = timedelta(days=45)
"""Answers and grades still come this long after a review; it is read again."""


class BankiRu:
    """Reviews of one bank, newest first, 25 a page."""

    name = "banki_ru"
    title = "banki.ru"
    needs = "nothing"
    target = "the bank's code in its address, e.g. gazprombank"
    example = "ugc collect banki_ru gazprombank --since 2026-01-01"
    limits = "author names and dates of the bank's answers are not in the list"
    base_url = "https://www.banki.ru"
    pause = 1.5

    def parse(self, body: bytes) -> Page:
        """One page of the list; `rating` is `None` where the bank was not graded."""
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
        """Pages until one lies wholly before the window of the last run, or repeats the one before.

        The cursor moves with the last page only: a run that ends early is read again from the start.
        """
        known = cursor.get("newest", "")
        until = (datetime.fromisoformat(known) - _WINDOW).isoformat() if known else ""
        newest, seen = known, tuple[str, ...]()
        number = 1
        while True:
            body = await client.get(
                "/services/responses/list/ajax/", {"page": number, "bank": target, "is_countable": "on"}
            )
            page = self.parse(body)
            ids = tuple(record["source_id"] for record in page.records)
            repeats = ids == seen
            dates = [record["date"] for record in page.records if "date" in record]
            newest = max([*dates, newest])
            last = repeats or not page.more or bool(dates and max(dates) < until)
            yield (Page((), more=False) if repeats else page), {"newest": newest} if last else cursor
            if last:
                return
            seen, number = ids, number + 1
