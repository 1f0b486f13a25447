"""Trustpilot through its official Business Units API, with the user's key."""

from __future__ import annotations

import re
from collections.abc import AsyncGenerator
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import parse_qs, urlsplit

from scrapers.fetch import Client
from scrapers.source import Cursor, Page, Record, Source, Where, read_json, records, require, wrong_target
from scrapers.walk import newest_first

__all__ = ["TrustpilotApi"]

_PAGE = 100
_DOMAIN = re.compile(r"(?=.{3,253}$)(?:[a-z0-9](?:[a-z0-9-]*[a-z0-9])?\.)+[a-z0-9-]{2,}", re.IGNORECASE)
_UNIT = re.compile(r"[0-9A-Za-z]{8,40}")


class TrustpilotApi(Source):
    """Reviews of one company, newest first, 100 a page."""

    name = "trustpilot"
    title = "Trustpilot"
    target = "the company's domain as Trustpilot lists it, e.g. yasen.example"
    example = "ugc collect trustpilot yasen.example --since 2026-01-01"
    limits = "what Trustpilot publishes; addresses of customers and numbers of orders are not read"
    base_url = "https://api.trustpilot.com"
    pause = 0.5
    key = True
    needs = "a key of yours from Trustpilot Business (Integrations, Developers, APIs)"
    window = timedelta(days=45)

    def recognise(self, url: str) -> str | None:
        """The company of an address such as https://www.trustpilot.com/review/yasen.example."""
        found = re.search(r"//(?:[a-z-]+\.)?trustpilot\.com/review/([^/?#\s]+)", url)
        return found[1] if found and _DOMAIN.fullmatch(found[1]) else None

    def parse(self, body: bytes, where: Where) -> Page:
        """One page of `reviews`; a full one suggests that another follows."""
        answer = read_json(self.name, body)
        require(
            self.name,
            "no list `reviews`",
            isinstance(answer, dict) and isinstance(answer.get("reviews"), list),
        )
        found = records(self.name, answer["reviews"], self._record)
        if len(found) < _PAGE:
            return Page(found)
        number = parse_qs(urlsplit(where.url).query).get("page", ["1"])[0]
        return Page(found, True, str(int(number) + 1) if re.fullmatch(r"[0-9]{1,9}", number) else None)

    def _record(self, row: Any) -> Record:
        """One entry of `reviews`; times are UTC."""
        consumer, unit = row.get("consumer") or {}, row.get("businessUnit") or {}
        reply, place = row.get("companyReply") or {}, row.get("location") or {}
        level = row.get("reviewVerificationLevel")
        record: Record = {
            "source_id": row["id"] if isinstance(row["id"], str) else str(row["id"]),
            "url": f"https://www.trustpilot.com/reviews/{row['id']}",
            "title": row.get("title"),
            "text": row["text"] or "",
            "rating": row["stars"],
            "rating_scale": 5,
            "date": _time(row["createdAt"]),
            "edited_at": _time(row.get("updatedAt")),
            "bought_at": _time(row.get("experiencedAt")),
            "author": consumer.get("displayName"),
            "author_id": consumer.get("id"),
            "company": unit.get("displayName"),
            "place": place.get("name"),
            "language": row.get("language"),
            "helpful_votes": row.get("numberOfLikes"),
            "verified": row.get("isVerified", None if level is None else level == "verified"),
            "reply_text": reply.get("text"),
            "reply_date": _time(reply.get("createdAt")),
        }
        return record

    async def fetch(
        self, target: str, cursor: Cursor, client: Client
    ) -> AsyncGenerator[tuple[Page, Cursor], None]:
        """Pages from the newest on, down to 45 days before what the last run saw."""
        if not _DOMAIN.fullmatch(target):
            raise wrong_target(self, target)
        signed = {"apikey": client.key}
        found = await client.get(
            "/v1/business-units/find", {"name": target.lower()}, headers=signed, reviews=False
        )
        told = read_json(self.name, found.body)
        unit = told.get("id") if isinstance(told, dict) else None
        require(self.name, "no `id` of the company", isinstance(unit, str) and bool(_UNIT.fullmatch(unit)))

        async def read(position: str | None) -> Page:
            asked: dict[str, str | int] = {"page": position or "1", "perPage": _PAGE}
            answer = await client.get(
                f"/v1/business-units/{unit}/reviews", {**asked, "orderBy": "createdat.desc"}, headers=signed
            )
            return self.parse(answer.body, answer.where)

        async for page, mark in newest_first(read, cursor, window=self.window, since=client.since):
            yield page, mark


def _time(value: Any) -> str | None:
    """A time of the API in ISO form with its zone, which the API may leave out."""
    if value is None:
        return None
    found = datetime.fromisoformat(value)
    return (found if found.tzinfo else found.replace(tzinfo=UTC)).isoformat()
