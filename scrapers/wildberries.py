"""Wildberries: the newest reviews of a merged product card, all in one answer."""

from __future__ import annotations

import re
import zlib
from collections.abc import AsyncGenerator
from typing import Any

from scrapers.fetch import MAX_BYTES, Client
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
from ugc.errors import SourceBlocked, SourceError

__all__ = ["Wildberries"]

_OLD = ("https://feedbacks1.wb.ru/feedbacks/v1/", "https://feedbacks2.wb.ru/feedbacks/v1/")
"""Where reviews lay before the site told the host; one of the two has those of a card."""

_CARD = re.compile(r"\d{1,15}")


class Wildberries(Source):
    """Reviews of one merged card, which may hold several products (colours, sets)."""

    name = "wildberries"
    title = "Wildberries"
    target = "the number of the merged card (imtId in the address of its reviews), e.g. 298362116"
    example = "ugc collect wildberries 298362116"
    limits = "about the newest 1000 reviews of a card; nothing older, no city"
    base_url = "https://feedback-bt.wildberries.ru"
    hosts = ("*.wb.ru", "*.wildberries.ru")
    pause = 2.0
    may_break = True

    def recognise(self, url: str) -> str | None:
        """The card of https://www.wildberries.ru/catalog/1/feedbacks?imtId=298362116."""
        found = re.search(
            r"//(?:www\.)?wildberries\.ru/catalog/\d+/feedbacks/?\?(?:[^#]*&)?imtId=(\d{1,15})(?!\d)", url
        )
        return found[1] if found else None

    def parse(self, body: bytes, where: Where) -> Page:
        """The reviews of a card, by the new and by the old form; `feedbacks` is null where there are none."""
        answer = read_json(self.name, self._unpacked(body))
        require(self.name, "no `feedbacks`", isinstance(answer, dict) and "feedbacks" in answer)
        rows = [] if answer["feedbacks"] is None else answer["feedbacks"]
        require(self.name, "`feedbacks` is no list", isinstance(rows, list))
        card = where.target.strip()

        def convert(row: Any) -> Record:
            return self._record(row, card)

        return Page(records(self.name, rows, convert), total=count(answer.get("feedbackCount")))

    def _unpacked(self, body: bytes) -> bytes:
        """A body without the gzip that some hosts put around it without saying so."""
        if not body.startswith(b"\x1f\x8b"):
            return body
        try:
            return zlib.decompressobj(31).decompress(body, MAX_BYTES)
        except zlib.error as error:
            require(self.name, f"its compression is broken ({error})", holds=False)
            raise AssertionError from error

    def _record(self, row: Any, card: str) -> Record:
        """One review; blank parts are absent."""
        answer, votes = row.get("answer") or {}, row.get("votes") or {}
        product, colour = str(row["nmId"]), str(row.get("color") or "").strip()
        photos = row.get("photos") or row.get("photo")
        return {
            "source_id": str(row["id"]),
            "url": f"https://www.wildberries.ru/catalog/{product}/feedbacks?imtId={card}",
            "author": (row.get("wbUserDetails") or {}).get("name") or None,
            "date": row["createdDate"],
            "edited_at": row.get("updatedDate"),
            "rating": row["productValuation"],
            "rating_scale": 5,
            "text": row.get("text") or "",
            "pros": row.get("pros") or None,
            "cons": row.get("cons") or None,
            "product": f"{product}, {colour}" if colour else product,
            "helpful_votes": votes.get("pluses"),
            "reply_text": answer.get("text") or None,
            "reply_date": answer.get("createDate"),
            "photos_count": len(photos) if isinstance(photos, list) else 0,
        }

    async def fetch(
        self, target: str, cursor: Cursor, client: Client
    ) -> AsyncGenerator[tuple[Page, Cursor], None]:
        """The one page of a card, from the first of its hosts that has reviews."""
        card = target.strip()
        if not _CARD.fullmatch(card):
            raise wrong_target(self, target)
        places = await self._places(client, card)

        async def read(position: str | None) -> Page:
            page = Page(())
            for place in places:
                answer = await client.get(place + card)
                page = self.parse(answer.body, answer.where)
                if page.records:
                    break
            return page

        async for page, mark in newest_first(read, cursor):
            yield page, mark

    async def _places(self, client: Client, card: str) -> list[str]:
        """Where the reviews of a card may lie, by the site's own list; the old hosts where it fails."""
        try:
            answer = await client.get("/feedback/api/v2/host", {"imt": card}, reviews=False)
            hosts = read_json(self.name, answer.body)
        except SourceBlocked:
            raise
        except SourceError:
            return list(_OLD)
        listed = hosts if isinstance(hosts, list) else []
        named = [host.rstrip("/") for host in listed if isinstance(host, str)]
        return [f"{host}/feedbacks/v2/" for host in named] or list(_OLD)
