"""App Store: the public RSS feed of customer reviews, country by country, 500 of each at most."""

from __future__ import annotations

import re
from collections.abc import AsyncGenerator
from typing import Any

from scrapers.fetch import Client
from scrapers.source import Cursor, Page, Record, Source, Where, read_json, records, require, wrong_target
from scrapers.streams import Walk, heard
from scrapers.walk import moment, newest_first
from ugc.errors import SourceError

__all__ = ["AppStore"]

_PAGES = 10
"""The feed has ten pages of fifty."""

_TARGET = re.compile(r"(\d{1,15})(?::([a-z]{2}(?:,[a-z]{2})*))?")
_PAGE = re.compile(r"/([a-z]{2})/rss/customerreviews/page=(\d+)/")
_COUNTRIES = ("ru", "kz", "by", "pl", "us")
"""Countries that are read when none is named."""

_LANGUAGES = {
    **dict.fromkeys(("ru", "by", "kz"), "ru"),
    **dict.fromkeys(("us", "gb", "ie", "au", "nz"), "en"),
    **dict.fromkeys(("de", "at"), "de"),
    "pl": "pl",
    "fr": "fr",
    "es": "es",
    "it": "it",
}
"""In which language most reviews of a country are; the feed does not tell it."""


def _label(entry: dict[str, Any], *path: str) -> Any:
    """The `label` at the end of a path of keys, or `None`."""
    for key in path:
        entry = entry.get(key) or {}
    return entry.get("label")


def _is_review(entry: Any) -> bool:
    """False for the entry that older feeds put first, which is the app itself."""
    return not isinstance(entry, dict) or "im:rating" in entry


def _last_page(feed: dict[str, Any]) -> int:
    """The number of the feed's last page as its links tell it, 0 where they do not."""
    links = feed.get("link")
    for link in links if isinstance(links, list) else ():
        told = link.get("attributes") if isinstance(link, dict) else None
        if isinstance(told, dict) and told.get("rel") == "last":
            found = re.search(r"/page=(\d{1,3})/", str(told.get("href")))
            return int(found[1]) if found else 0
    return 0


class AppStore(Source):
    """Reviews of one app in any countries, newest first, 50 a page."""

    name = "app_store"
    title = "App Store"
    target = "the app's number, with countries after a colon: 310633997:ru,kz,pl"
    example = "ugc collect app_store 310633997:ru,pl"
    limits = "the newest 500 of each country; developers' answers are not in the feed"
    base_url = "https://itunes.apple.com"
    pause = 2.0

    def recognise(self, url: str) -> str | None:
        """The app, and the country, of https://apps.apple.com/ru/app/name/id310633997."""
        found = re.search(
            r"//(?:apps|itunes)\.apple\.com/(?:([a-z]{2})/)?app/(?:[^/?#]+/)?id(\d{1,15})(?!\d)", url
        )
        if found is None:
            return None
        return f"{found[2]}:{found[1]}" if found[1] else found[2]

    def parse(self, body: bytes, where: Where) -> Page:
        """One page of the feed; `more` says that its links name a later page."""
        if body.startswith(b"CustomerReviews RSS page depth"):
            return Page(())
        answer = read_json(self.name, body)
        require(self.name, "no `feed`", isinstance(answer, dict) and isinstance(answer.get("feed"), dict))
        feed = answer["feed"]
        entries = feed.get("entry", [])
        entries = [entries] if isinstance(entries, dict) else entries
        require(self.name, "`entry` is not a list", isinstance(entries, list))
        asked = _PAGE.search(where.url)
        country, number = (asked[1], int(asked[2])) if asked else ("", 1)

        def convert(entry: Any) -> Record:
            return self._record(entry, country)

        found = records(self.name, [entry for entry in entries if _is_review(entry)], convert)
        return Page(found, more=number < _last_page(feed))

    def _record(self, entry: Any, country: str) -> Record:
        """One entry of the feed; those of 2021 tell no date."""
        account = re.search(r"id(\d+)", str(_label(entry, "author", "uri") or ""))
        return {
            "source_id": str(entry["id"]["label"]),
            "url": ((entry.get("link") or {}).get("attributes") or {}).get("href"),
            "author": _label(entry, "author", "name"),
            "author_id": account[1] if account else None,
            "date": _label(entry, "updated"),
            "rating": _label(entry, "im:rating"),
            "rating_scale": 5,
            "title": _label(entry, "title"),
            "text": _label(entry, "content") or "",
            "language": _LANGUAGES.get(country),
            "app_version": _label(entry, "im:version"),
            "helpful_votes": _label(entry, "im:voteSum"),
        }

    async def fetch(
        self, target: str, cursor: Cursor, client: Client
    ) -> AsyncGenerator[tuple[Page, Cursor], None]:
        """Pages of each country, down to what the last run saw.

        `SourceError` at the end when a country could not be read or fell silent, when none gave a
        review, or when more were written since the last run than the feed shows.
        """
        named = _TARGET.fullmatch(target.replace(" ", "").casefold())
        if named is None:
            raise wrong_target(self, target)
        countries = tuple(dict.fromkeys(named[2].split(","))) if named[2] else _COUNTRIES

        async def country(code: str, mark: Cursor) -> Walk:
            async for page, new in self._country(client, named[1], code, mark):
                yield page, new

        async for page, new in heard(self, countries, cursor, country):
            yield page, new

    async def _country(self, client: Client, app: str, country: str, mark: Cursor) -> Walk:
        """The pages of one country."""
        promised = 0

        async def read(position: str | None) -> Page:
            nonlocal promised
            number = int(position or 1)
            answer = await client.get(
                f"/{country}/rss/customerreviews/page={number}/id={app}/sortby=mostrecent/json"
            )
            page = self.parse(answer.body, answer.where)
            if not page.records and number == promised:
                raise SourceError(
                    f"Page {number} is empty although the one before it announced it.",
                    "Run the same command again later.",
                )
            promised = number + 1 if page.more else 0
            following = str(number + 1) if page.records and number < _PAGES else None
            return Page(page.records, page.more, following)

        count, oldest = 0, None
        async for page, new in newest_first(read, mark, since=client.since):
            count += 1
            oldest = min((found for found in map(moment, page.records) if found), default=oldest)
            yield page, new
        before = moment({"date": mark.get("newest")})
        if count >= _PAGES and before and oldest and oldest > before:
            raise SourceError(
                f"More than 500 reviews came since {before:%Y-%m-%d}; those before {oldest:%Y-%m-%d} "
                "are no longer shown.",
                "Collect more often.",
            )
