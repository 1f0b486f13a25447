"""sravni.ru: the JSON behind the lists of reviews of banks, insurers and microloan companies."""

from __future__ import annotations

import re
from collections.abc import AsyncGenerator
from dataclasses import replace
from datetime import timedelta
from typing import Any
from urllib.parse import parse_qs, urlsplit

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
from ugc.errors import InputError

__all__ = ["SravniRu"]

_SITE = "https://www.sravni.ru"
_TARGET = re.compile(r"(?:(insurance|mfo):)?([a-z0-9][a-z0-9_-]{0,99})", re.IGNORECASE | re.ASCII)
_ID = re.compile(r"[0-9a-f]{24}|\d{1,12}", re.IGNORECASE | re.ASCII)
_ADDRESS = re.compile(
    r"https?://(?:www\.)?sravni\.ru/(bank|strakhovaja-kompanija|zaimy(?=/[^/]+/otzyvy))/([a-z0-9_-]+)(?:$|[/?#])",
    re.IGNORECASE | re.ASCII,
)
_KINDS = {
    "bank": ("banks", "bank", "bank"),
    "insurance": ("insuranceCompany", "insuranceCompany", "strakhovaja-kompanija"),
    "mfo": ("mfo", "mfo", "zaimy"),
}
"""Of each kind: the type of its reviews, the type of the organisation, the folder of its pages."""

_NO_PRODUCTS = {"", "other", "serviceLevel"}
"""Sections of the site that name no product."""

_PER_PAGE = 50
_ORGANISATIONS = 400


class SravniRu(Source):
    """Reviews of one organisation, newest first."""

    name = "sravni_ru"
    title = "sravni.ru"
    target = (
        "the organisation's id or its name in the address, e.g. 5bb4f768245bc22a520a6115 or gazprombank; "
        "insurers and microloan companies are insurance:ID and mfo:ID"
    )
    example = "ugc collect sravni_ru gazprombank --company Газпромбанк"
    limits = (
        "that a company has answered is told, but not what; the company's name is not in the list: "
        "name it with --company"
    )
    base_url = _SITE
    pause = 1.5
    window = timedelta(days=30)

    def recognise(self, url: str) -> str | None:
        """The organisation of an address such as https://www.sravni.ru/bank/yasen/otzyvy/."""
        found = _ADDRESS.match(url.strip())
        if not found:
            return None
        kind = next(kind for kind, told in _KINDS.items() if told[2] == found[1].lower())
        alias = found[2].lower()
        return alias if kind == "bank" else f"{kind}:{alias}"

    def parse(self, body: bytes, where: Where) -> Page:
        """One page; all its reviews must be of the organisation that `where.url` asks for."""
        answer = read_json(self.name, body)
        require(
            self.name, "no list `items`", isinstance(answer, dict) and isinstance(answer.get("items"), list)
        )
        kind, name = _split(where.target)
        folder = None if _ID.fullmatch(name) else f"{_SITE}/{_KINDS[kind][2]}/{name}/otzyvy/"
        found = records(self.name, answer["items"], lambda row: _record(row, folder))
        # For an organisation that it does not know the site shows the reviews of all of them.
        asked = parse_qs(urlsplit(where.url).query).get("reviewObjectId", [""])[0].lower()
        others = {str(row.get("reviewObjectId")).lower() for row in answer["items"]} - {asked}
        require(self.name, f"reviews of another organisation than {asked!r}", not asked or not others)
        more = bool(found) and not _last(answer, len(found))
        return Page(found, more, total=count(answer.get("total")))

    async def fetch(
        self, target: str, cursor: Cursor, client: Client
    ) -> AsyncGenerator[tuple[Page, Cursor], None]:
        """Pages from the newest on; a name is looked up first."""
        if not _TARGET.fullmatch(target):
            raise wrong_target(self, target)
        kind, name = _split(target)
        number = name.lower() if _ID.fullmatch(name) else await self._look_up(kind, name.lower(), client)

        async def read(position: str | None) -> Page:
            at = int(position or 1)
            params: dict[str, str | int] = {
                "filterBy": "all",
                "orderBy": "byDate",
                "pageIndex": at - 1,
                "pageSize": _PER_PAGE,
                "reviewObjectId": number,
                "reviewObjectType": _KINDS[kind][0],
                "tag": "",
                "newIds": "true",
                "withVotes": "true",
            }
            answer = await client.get("/proxy-reviews/reviews/", params)
            page = self.parse(answer.body, answer.where)
            return replace(page, following=str(at + 1) if page.more else None)

        async for page, mark in newest_first(read, cursor, window=self.window, since=client.since):
            yield page, mark

    async def _look_up(self, kind: str, alias: str, client: Client) -> str:
        """The id of an organisation by its name in the address; `InputError` when there is none."""
        for skip in range(0, 10 * _ORGANISATIONS, _ORGANISATIONS):
            params: dict[str, str | int] = {
                "active": "true",
                "limit": _ORGANISATIONS,
                "organizationType": _KINDS[kind][1],
                "skip": skip,
            }
            path = "/proxy-organizations/organizations/"
            answer = read_json(self.name, (await client.get(path, params, reviews=False)).body)
            listed = answer.get("items") if isinstance(answer, dict) else None
            rows = [row for row in listed if isinstance(row, dict)] if isinstance(listed, list) else None
            require(self.name, "no list `items` of organisations", rows is not None)
            for row in rows or []:
                if str(row.get("alias", "")).lower() == alias:
                    # Banks go by `_id`, insurers by the number that other lists call `id`.
                    named = ("_id", "id") if kind == "bank" else ("id", "_id")
                    number = next((str(row[key]) for key in named if row.get(key)), "")
                    require(self.name, f"no id of the organisation {alias!r}", bool(_ID.fullmatch(number)))
                    return number.lower()
            if len(rows or []) < _ORGANISATIONS:
                break
        raise InputError(
            f"{self.title} lists no organisation called {alias!r} ({kind}).",
            "Open its page of reviews on the site and copy the address from there, or give its id.",
        )


def _split(target: str) -> tuple[str, str]:
    """Kind and id or name of a target."""
    kind, _, name = target.rpartition(":")
    return (kind.lower() if kind.lower() in _KINDS else "bank"), name


def _last(answer: dict[str, Any], count: int) -> bool:
    """Whether the numbers around a page of `count` reviews say that it is the last.

    Only where they add up: a site that gives less than was asked for counts its pages otherwise.
    """
    index, size, total = (answer.get(key) for key in ("pageIndex", "pageSize", "total"))
    if not (isinstance(index, int) and isinstance(size, int) and isinstance(total, int)):
        return False
    return index * size + count == total


def _record(row: Any, folder: str | None) -> Record:
    """A review; `folder` is the address that the organisation's reviews lie under, where known."""
    rating = row.get("rating") or None
    tag = row.get("reviewTag")
    return {
        "source_id": str(row["id"]),
        "url": f"{folder}{row['id']}/" if folder else None,
        "author": row.get("authorName") or None,
        "author_id": str(row["userId"]) if row.get("userId") else None,
        "date": row.get("date"),
        "title": row.get("title") or None,
        "text": row.get("text") or "",
        "rating": rating,
        "rating_scale": 5 if rating is not None else None,
        "product": row.get("specificProductName") or (None if tag in _NO_PRODUCTS else tag),
        "city": (row.get("locationData") or {}).get("name"),
        "helpful_votes": (row.get("votes") or {}).get("positive"),
        "verified": True if row.get("ratingStatus") == "rateApproved" else None,
    }
