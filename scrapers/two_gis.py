"""2GIS, the city directory: reviews of a branch or of all branches of a company, with the user's key."""

from __future__ import annotations

import re
from collections.abc import AsyncGenerator
from datetime import timedelta
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit

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

__all__ = ["TwoGis"]

_PAGE = 50
_TARGET = re.compile(r"(?:(?P<org>org):)?(?P<id>[0-9]{5,20})")
_FIRM = re.compile(
    r"//(?:[\w-]+\.)*2gis\.[a-z.]{2,6}/(?:[\w/-]*/)?(?P<kind>firm|branches)/(?P<id>[0-9]{5,20})"
)
_FIELDS = (
    "meta.providers,meta.branch_rating,meta.branch_reviews_count,meta.total_count,"
    "reviews.hiding_reason,reviews.is_verified"
)
_ASKED = {
    "limit": str(_PAGE),
    "sort_by": "date_created",
    "rated": "true",
    "is_advertiser": "false",
    "without_my_first_review": "false",
    "fields": _FIELDS,
    "locale": "ru_RU",
}


class TwoGis(Source):
    """Reviews of one branch, or of a whole company, newest first, 50 a page."""

    name = "two_gis"
    title = "2GIS"
    target = "the number of a branch in its address, e.g. 70000001000000001, or org:NUMBER for a company"
    example = "ugc collect two_gis 70000001000000001 --since 2026-01-01"
    limits = (
        "reviews that 2GIS hides are left out; the key may not allow keeping texts for long: see its terms"
    )
    base_url = "https://public-api.reviews.2gis.com"
    pause = 1.5
    key = True
    needs = "a key of yours from 2GIS for its reviews"
    window = timedelta(days=45)
    may_break = True

    def recognise(self, url: str) -> str | None:
        """The branch of an address such as https://2gis.ru/perm/firm/70000001000000001."""
        found = _FIRM.search(url)
        if found is None:
            return None
        return found["id"] if found["kind"] == "firm" else f"org:{found['id']}"

    def parse(self, body: bytes, where: Where) -> Page:
        """One page; `following` is a page's number, or the query that the site gives for it."""
        answer = read_json(self.name, body)
        require(
            self.name,
            "no list `reviews`",
            isinstance(answer, dict) and isinstance(answer.get("reviews"), list),
        )
        rows, meta = answer["reviews"], answer.get("meta")
        require(self.name, "no `meta`", isinstance(meta, dict))
        code = meta.get("code")
        require(self.name, f"`meta.code` is {code!r}", code is None or code == 200)
        shown = [row for row in rows if not (isinstance(row, dict) and row.get("hiding_reason"))]
        following = self._following(meta.get("next_link"), len(rows), where) if rows else None
        found = records(self.name, shown, self._record)
        return Page(found, following is not None, following, count(meta.get("total_count")))

    def _following(self, link: Any, size: int, where: Where) -> str | None:
        """Where the next page is; the site's own link holds the key, of which nothing is kept."""
        if isinstance(link, str) and link:
            try:
                told = dict(parse_qsl(urlsplit(link).query))
            except ValueError:
                told = {}
            told.pop("key", None)
            require(self.name, "`meta.next_link` leads nowhere", bool(told))
            offset = told.get("offset", "")
            if re.fullmatch(r"[0-9]{1,9}", offset) and int(offset) % _PAGE == 0 and "offset_date" not in told:
                return str(int(offset) // _PAGE + 1)
            return urlencode({name: value for name, value in told.items() if _ASKED.get(name) != value})
        asked = dict(parse_qsl(urlsplit(where.url).query))
        if size < _PAGE or "offset_date" in asked:
            return None
        start = asked.get("offset", "0")
        return str((int(start) if re.fullmatch(r"[0-9]{1,9}", start) else 0) // _PAGE + 2)

    def _record(self, row: Any) -> Record:
        """One entry of `reviews`, of 2GIS itself or of Flamp."""
        user, place, answer = row.get("user") or {}, row.get("object") or {}, row.get("official_answer") or {}
        firm = place.get("id")
        record: Record = {
            "source_id": str(row["id"]),
            "text": row["text"] or "",
            "date": row["date_created"],
            "author": user.get("name"),
            "author_id": user.get("public_id"),
            "place": place.get("name") or place.get("address"),
            "place_id": firm,
            "helpful_votes": row.get("likes_count"),
            "verified": row.get("is_verified"),
            "photos_count": len(row["photos"]) if row.get("photos") is not None else None,
            "reply_text": answer.get("text"),
            "reply_date": answer.get("date_created"),
        }
        if firm:
            record["url"] = f"https://2gis.ru/firm/{firm}/tab/reviews/review/{row['id']}"
        if row.get("rating"):
            record |= {"rating": row["rating"], "rating_scale": 5}
        if row.get("date_edited") and row["date_edited"] != row["date_created"]:
            record["edited_at"] = row["date_edited"]
        return record

    async def fetch(
        self, target: str, cursor: Cursor, client: Client
    ) -> AsyncGenerator[tuple[Page, Cursor], None]:
        """Pages from the newest on, down to 45 days before what the last run saw."""
        found = _TARGET.fullmatch(target)
        if found is None:
            raise wrong_target(self, target)
        path = f"/3.0/orgs/{found['id']}/reviews" if found["org"] else f"/2.0/branches/{found['id']}/reviews"

        async def read(position: str | None) -> Page:
            asked = dict(_ASKED)
            if position is not None and position.isdecimal():
                asked["offset"] = str((int(position) - 1) * _PAGE)
            elif position is not None:
                asked |= dict(parse_qsl(position))
            answer = await client.get(path, asked, secret={"key": client.key})
            return self.parse(answer.body, answer.where)

        async for page, mark in newest_first(read, cursor, window=self.window, since=client.since):
            yield page, mark
