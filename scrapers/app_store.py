"""App Store: the public RSS feed of customer reviews, country by country, 500 of each at most."""

from __future__ import annotations

from collections.abc import AsyncGenerator
from typing import Any

from scrapers.fetch import Client
from scrapers.source import Cursor, Page, Record, read_json, records, require
from ugc.errors import SourceError

__all__ = ["AppStore"]

_PAGES = 10
"""The feed has ten pages of fifty."""


def _label(entry: dict[str, Any], *path: str) -> Any:
    """The `label` at the end of a path of keys, or `None`."""
    for key in path:
        entry = entry.get(key) or {}
    return entry.get("label")


def _is_review(entry: Any) -> bool:
    """False for the entry that older feeds put first, which is the app itself."""
    return not isinstance(entry, dict) or "im:rating" in entry


class AppStore:
    """Reviews of one app, newest first."""

    name = "app_store"
    title = "App Store"
    needs = "nothing"
    target = "the app's number, with countries after a colon: 310633997:ru,kz,pl"
    example = "ugc collect app_store 310633997:ru,pl"
    limits = "the newest 500 of each country; developers' answers are not in the feed"
    base_url = "https://itunes.apple.com"
    pause = 2.0

    def parse(self, body: bytes) -> Page:
        """One page of the feed; an entry without a rating is the app itself and is passed over."""
        if body.startswith(b"CustomerReviews RSS page depth"):
            return Page((), more=False)
        answer = read_json(self.name, body)
        require(self.name, "no `feed`", isinstance(answer, dict) and isinstance(answer.get("feed"), dict))
        entries = answer["feed"].get("entry", [])
        entries = [entries] if isinstance(entries, dict) else entries
        require(self.name, "`entry` is not a list", isinstance(entries, list))
        found = records(self.name, [entry for entry in entries if _is_review(entry)], self._record)
        return Page(found, more=bool(found))

    def _record(self, entry: dict[str, Any]) -> Record:
        """One entry of the feed."""
        return {
            "source_id": str(entry["id"]["label"]),
            "url": ((entry.get("link") or {}).get("attributes") or {}).get("href"),
            "author": _label(entry, "author", "name"),
            "date": _label(entry, "updated"),
            "rating": _label(entry, "im:rating"),
            "rating_scale": 5,
            "title": _label(entry, "title"),
            "text": _label(entry, "content") or "",
            "app_version": _label(entry, "im:version"),
            "helpful_votes": _label(entry, "im:voteSum"),
        }

    async def fetch(
        self, target: str, cursor: Cursor, client: Client
    ) -> AsyncGenerator[tuple[Page, Cursor], None]:
        """Pages of each country until one holds nothing but what the last run saw first.

        `SourceError` when no country gave a single review: the feed is known to fall silent, and
        silence is not the absence of reviews.
        """
        app, _, listed = target.partition(":")
        countries = [code.strip() for code in (listed or "ru").split(",") if code.strip()]
        heads: dict[str, str] = dict(cursor.get("heads", {}))
        known = dict(heads)
        found = 0
        for country in countries:
            for number in range(1, _PAGES + 1):
                path = f"/{country}/rss/customerreviews/page={number}/id={app}/sortby=mostrecent/json"
                page = self.parse(await client.get(path))
                if not page.records:
                    break
                found += len(page.records)
                ids = [record["source_id"] for record in page.records]
                if number == 1:
                    heads[country] = ids[0]
                last = number == _PAGES or known.get(country) in ids
                yield page, {"heads": {**known, **heads} if last else known}
                if last:
                    break
        if not found:
            raise SourceError(
                f"The App Store feed of {app} is empty for {', '.join(countries)}.",
                "That may be the feed's silence rather than no reviews: check the number and try later.",
            )
