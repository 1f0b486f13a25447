"""Visits to pages that a user named: each asked for on condition that it has changed.

The order of reviews on anybody's page is unknown, so every page is asked for in each run; only a
chain that was seen to run from the newest review down is left where the last run began. The cursor
has an entry for each page under a digest of its address:

- `etag`, `modified`: the validators; `next`: the page that follows;
- `held`, `told`: reviews on the page, and how many it says that there are in all;
- `newest`: of the first page of such a chain, the date of its newest review;
- `lacking`: of the first page of any chain, how many reviews its pages hold of how many, when it was
  last read whole and held less than it says.
"""

from __future__ import annotations

import hashlib
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from itertools import pairwise
from typing import Any
from urllib.parse import urldefrag, urlsplit

import httpx

from scrapers import sitemap
from scrapers.fetch import Answer, Client
from scrapers.source import Cursor, Page, Record, Source
from scrapers.structured import Document, NoMarkup, told
from scrapers.walk import moment
from ugc.errors import SourceBlocked, SourceError

__all__ = ["ADDRESSES", "Visits", "is_address"]

ADDRESSES = 5000
"""Addresses that one target may list."""

_PAGES = 200
"""Pages of one chain that a run reads."""

_SITEMAPS = 50
"""Sitemaps that one target may lead to."""

_NAMED = 3
"""Examples that a message gives."""

_Entry = dict[str, Any]


def is_address(url: str) -> bool:
    """Whether a text is a web address without a password."""
    try:
        parts = urlsplit(url)
        httpx.URL(url)
    except (ValueError, httpx.InvalidURL):
        return False
    return parts.scheme in {"http", "https"} and bool(parts.hostname) and "@" not in parts.netloc


def _key(url: str) -> str:
    """An address in the cursor."""
    return hashlib.sha1(url.encode("utf-8", "surrogatepass")).hexdigest()[:12]


class _Order:
    """Whether the reviews of a chain fall from the newest down, and when its end is reached."""

    def __init__(self, known: Any, source: Source, client: Client) -> None:
        self._since = client.since and datetime(*client.since.timetuple()[:3], tzinfo=UTC)
        self._known = datetime.fromisoformat(known) - source.window if isinstance(known, str) else None
        self._last: datetime | None = None
        self.newest: datetime | None = None
        self.falls = True
        self.back = False
        """Whether the end is where the last run began, and not the day that the user named."""

    def reached(self, records: tuple[Record, ...]) -> bool:
        """Takes a page into account; whether all that follows is known or older than wanted."""
        dates = [moment(record) for record in records]
        told = [date for date in dates if date is not None]
        line = told if self._last is None else [self._last, *told]
        self.falls = self.falls and len(told) == len(dates) and all(a >= b for a, b in pairwise(line))
        if not told:
            return False
        self._last, self.newest = told[-1], self.newest or told[0]
        if not self.falls:
            return False
        self.back = self._known is not None and told[0] < self._known
        return self.back or (self._since is not None and told[0] < self._since)


class Visits:
    """The visits of one run."""

    def __init__(self, source: Source, client: Client, cursor: Cursor, *, alone: bool) -> None:
        """`alone` says that the user named a single address, whose trouble ends the run."""
        self._source, self._client, self._alone = source, client, alone
        before = cursor.get("pages")
        self._pages: dict[str, _Entry] = dict(before) if isinstance(before, dict) else {}
        self._barred: set[str] = set()
        self._lacking: dict[str, list[str]] = {}
        self._held = self._told = 0

    def cursor(self) -> Cursor:
        """What to keep once the pages so far are stored."""
        return {"pages": dict(self._pages)}

    def conclude(self) -> None:
        """`SourceError` saying what could not be had, if anything."""
        said = []
        for what, found in self._lacking.items():
            more = f" and {len(found) - _NAMED:,} more" if len(found) > _NAMED else ""
            said.append(f"{what}: {', '.join(found[:_NAMED])}{more}")
        if said:
            raise SourceError(
                f"Not everything could be had; {'; '.join(said)}.", "What was read is in the lake."
            )

    def _lacks(self, what: str, which: str) -> None:
        """Notes something that could not be had."""
        self._lacking.setdefault(what, []).append(which[:300])

    async def of(self, url: str) -> AsyncIterator[Page]:
        """The pages of one address that the user named: its chain, or those that it lists."""
        if self._is_barred(url):
            return
        listed: list[str] | None = None
        try:
            answer, known = await self._ask(url)
            body = b"" if answer is None else sitemap.unpacked(answer.body, self._source.name)
            if sitemap.is_sitemap(body):
                listed = await self._listed(url, body)
        except SourceError as error:
            self._trouble(url, error, alone=self._alone)
            return
        if listed is None:
            async for page in self._kept(url, (answer, known), alone=self._alone):
                yield page
            return
        found = 0
        for address in sorted(listed, key=lambda one: _key(one) in self._pages):
            async for page in self._kept(address, None, listed=True):
                found += self._pages.get(_key(address), {}).get("held", 0)
                yield page
        if not found:
            self._lacks(f"reviews on any of the {len(listed):,} pages of the sitemap", url)

    async def _ask(self, url: str) -> tuple[Answer | None, dict[str, str]]:
        """A page unless it is as it was."""
        return await self._client.changed(url, self._pages.get(_key(url), {}))

    def _trouble(self, url: str, error: SourceError, *, alone: bool) -> None:
        """Notes that a page could not be had; raises it again where it is all that was asked for."""
        if isinstance(error, SourceBlocked):
            self._barred.add(urlsplit(url).netloc)
        if alone:
            raise error
        self._lacks("pages that cannot be read", f"{url} ({error.what.rstrip('.')})")

    def _is_barred(self, url: str) -> bool:
        """Whether the host of a page has refused to be read, which is noted."""
        barred = urlsplit(url).netloc in self._barred
        if barred:
            self._lacks("pages of a host that refuses to be read", url)
        return barred

    async def _kept(
        self,
        url: str,
        hand: tuple[Answer | None, dict[str, str]] | None,
        *,
        alone: bool = False,
        listed: bool = False,
    ) -> AsyncIterator[Page]:
        """A chain whose trouble does not touch the others."""
        if self._is_barred(url):
            return
        try:
            async for page in self._chain(url, hand):
                yield page
        except NoMarkup as error:
            if not listed:
                self._trouble(url, error, alone=alone)
            else:
                self._pages.setdefault(_key(url), {})
        except SourceError as error:
            self._trouble(url, error, alone=alone)

    async def _chain(
        self, url: str, hand: tuple[Answer | None, dict[str, str]] | None
    ) -> AsyncIterator[Page]:
        """A page and those that follow it."""
        order = _Order(self._pages.get(_key(url), {}).get("newest"), self._source, self._client)
        at: str | None = url
        seen: set[str] = set()
        before: list[Any] = []
        while at is not None and at not in seen:
            if len(seen) == _PAGES:
                self._lacks(f"pages beyond the first {_PAGES}", url)
                return
            seen.add(at)
            answer, validators = hand or await self._ask(at)
            hand, entry = None, dict(self._pages.get(_key(at), {}))
            page = Page((), following=entry.get("next"))
            if answer is not None:
                page = self._source.parse(answer.body, answer.where)
                ids = [record["source_id"] for record in page.records]
                page = Page(()) if ids and ids == before else page
                before = ids
                entry = {**validators, **self._figures(answer, page), **_kept_on(entry)}
            self._pages[_key(at)] = entry
            over = order.reached(page.records)
            following = page.following if page.following and is_address(page.following) else None
            if over or following is None:
                self._end(url, order, over=over)
            yield page
            if over:
                return
            at = following

    def _figures(self, answer: Answer, page: Page) -> _Entry:
        """What the cursor keeps of a page."""
        said = told(Document(answer.body, answer.where.url), self._source.name)
        figures = {"next": page.following, "held": len(page.records), "told": said}
        return {name: value for name, value in figures.items() if value}

    def _end(self, url: str, order: _Order, *, over: bool) -> None:
        """Notes in the cursor how a chain ended, and whether it holds what it says.

        `over` says that it was left before its last page.
        """
        entry = self._pages[_key(url)]
        if not order.falls:
            entry.pop("newest", None)
        elif order.newest is not None and entry.get("next") and (order.back or not over):
            known = entry.get("newest")
            newest = max(order.newest, datetime.fromisoformat(known)) if known else order.newest
            entry["newest"] = newest.isoformat()
        if not over:
            entry.pop("lacking", None)
            held, most = self._counted(url)
            if held < most:
                entry["lacking"] = [held, most]
        if "lacking" in entry:
            held, most = entry["lacking"]
            self._lacks(
                "reviews that a page counts and does not carry",
                f"{url} says {most:,}, its pages hold {held:,}",
            )

    def _counted(self, url: str) -> tuple[int, int]:
        """How many reviews the pages of a chain hold, and how many they say that there are."""
        held = most = 0
        at: Any = url
        seen: set[str] = set()
        while isinstance(at, str) and at not in seen:
            seen.add(at)
            here = self._pages.get(_key(at), {})
            held, most, at = held + here.get("held", 0), max(most, here.get("told", 0)), here.get("next")
        return held, most

    async def _listed(self, url: str, body: bytes) -> list[str]:
        """The addresses of a sitemap and of those that it leads to, of its own host."""
        waiting, seen = [body], {url}
        found: dict[str, None] = {}
        while waiting:
            this = sitemap.read(waiting.pop(), self._source.name)
            for address in this.addresses:
                if not is_address(address) or urlsplit(address).netloc != urlsplit(url).netloc:
                    self._lacks("addresses of another host in the sitemap", address)
                elif not this.index:
                    found[urldefrag(address).url] = None
                elif address not in seen and len(seen) > _SITEMAPS:
                    self._lacks(f"sitemaps beyond the first {_SITEMAPS}", address)
                elif address not in seen:
                    seen.add(address)
                    inner = await self._client.get(address, reviews=False)
                    waiting.append(sitemap.unpacked(inner.body, self._source.name))
        if len(found) > ADDRESSES:
            raise SourceError(
                f"The sitemap lists {len(found):,} pages; {ADDRESSES:,} are the most.",
                "Name one of the sitemaps that it consists of, or the pages in a file: @FILE.",
            )
        return list(found)


def _kept_on(entry: _Entry) -> _Entry:
    """What an entry keeps when its page is read again."""
    return {name: entry[name] for name in ("newest", "lacking") if name in entry}
