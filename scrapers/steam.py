"""Steam: the documented list of reviews of a game, a hundred a page."""

from __future__ import annotations

from collections.abc import AsyncGenerator
from datetime import UTC, datetime
from typing import Any

from scrapers.fetch import Client
from scrapers.source import Cursor, Page, Record, read_json, records, require

__all__ = ["Steam"]

_LANGUAGES = {"russian": "ru", "english": "en", "polish": "pl"}


def _moment(seconds: Any) -> str | None:
    """Seconds since 1970 as an ISO time, `None` for zero or nothing."""
    return datetime.fromtimestamp(int(seconds), UTC).isoformat() if seconds else None


class Steam:
    """Reviews of one game, the latest first."""

    name = "steam"
    title = "Steam"
    needs = "nothing"
    target = "the game's number, e.g. 570"
    example = "ugc collect steam 570 --limit 1000"
    limits = "thumbs up or down instead of stars"
    base_url = "https://store.steampowered.com"
    pause = 2.0

    def parse(self, body: bytes) -> Page:
        """One page; `following` is the site's cursor."""
        answer = read_json(self.name, body)
        known = isinstance(answer, dict) and answer.get("success") == 1
        require(self.name, "no `reviews`", known and isinstance(answer.get("reviews"), list))
        found = records(self.name, answer["reviews"], self._record)
        return Page(found, more=bool(found), following=answer.get("cursor"))

    def _record(self, row: dict[str, Any]) -> Record:
        """One review; a thumb is a rating of 1 or 0 on a scale of 1."""
        author = row.get("author") or {}
        steamid = author.get("steamid")
        return {
            "source_id": str(row["recommendationid"]),
            "url": f"https://steamcommunity.com/profiles/{steamid}/recommended/" if steamid else None,
            "author": steamid,
            "date": _moment(row.get("timestamp_created")),
            "rating": bool(row["voted_up"]),
            "text": row.get("review") or "",
            "language": _LANGUAGES.get(row.get("language", "")),
            "helpful_votes": row.get("votes_up"),
            "verified": row.get("steam_purchase"),
            "reply_text": row.get("developer_response"),
            "reply_date": _moment(row.get("timestamp_dev_responded")),
        }

    async def fetch(
        self, target: str, cursor: Cursor, client: Client
    ) -> AsyncGenerator[tuple[Page, Cursor], None]:
        """Pages until the last run's newest review, an empty page, or a repeated mark of the site.

        The cursor moves with the last page only: a run that ends early is read again from the start.
        """
        known = cursor.get("newest", "")
        newest, mark, used = known, "*", set[str]()
        query: dict[str, str | int] = {
            "json": 1, "filter": "recent", "language": "all", "purchase_type": "all", "num_per_page": 100
        }  # fmt: skip
        while True:
            used.add(mark)
            page = self.parse(await client.get(f"/appreviews/{target}", {**query, "cursor": mark}))
            dates = [record["date"] for record in page.records if "date" in record]
            newest = max([*dates, newest])
            following = page.following or mark
            last = not page.records or following in used or bool(known and dates and max(dates) < known)
            yield page, {"newest": newest} if last else cursor
            if last:
                return
            mark = following
