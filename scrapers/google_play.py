"""Google Play: the request by which the shop's own page loads reviews, language by language."""

from __future__ import annotations

import json
import re
from collections.abc import AsyncGenerator
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import parse_qs, urlsplit

from scrapers.fetch import Client
from scrapers.source import Cursor, Page, Record, Source, Where, records, require, wrong_target
from scrapers.streams import Walk, heard
from scrapers.walk import newest_first

__all__ = ["GooglePlay"]

_RPC = "oCPfdb"
"""The name of the request for reviews."""

_NEWEST = 2
"""The order of the list: 1 relevance, 2 newest, 3 rating."""

_COUNT = 100
"""Reviews that are asked for at once."""

_PACKAGE = r"[A-Za-z]\w*(?:\.\w+)+"
_TARGET = re.compile(rf"({_PACKAGE})(?::([a-z]{{2}}-[a-z]{{2}}(?:,[a-z]{{2}}-[a-z]{{2}})*))?")
_LISTS = ("ru-ru", "pl-pl", "en-us")
"""Languages with countries that are read when none is named."""


def _at(row: Any, *path: int) -> Any:
    """What lies at the end of a path of places in nested lists, `None` where the path ends early."""
    for place in path:
        if not isinstance(row, list) or len(row) <= place:
            return None
        row = row[place]
    return row


def _moment(seconds: Any) -> str | None:
    """Seconds since 1970 as an ISO time, `None` for nothing."""
    return datetime.fromtimestamp(int(seconds), UTC).isoformat() if seconds else None


def _question(package: str, token: str | None) -> str:
    """The form's `f.req` that asks for a page."""
    paging = [_COUNT] if token is None else [_COUNT, None, token]
    asked = [None, [2, _NEWEST, paging, None, [None] * 9], [package, 7]]
    inner = json.dumps(asked, separators=(",", ":"))
    return json.dumps([[[_RPC, inner, None, "generic"]]], separators=(",", ":"))


class GooglePlay(Source):
    """Reviews of one app in any languages, newest first."""

    name = "google_play"
    title = "Google Play"
    target = "the app's package, with language-country after a colon: org.telegram.messenger:ru-ru,pl-pl"
    example = "ugc collect google_play org.telegram.messenger:ru-ru,pl-pl --limit 1000"
    limits = "no account ids, devices or titles; answers later than two weeks after a review are not seen"
    base_url = "https://play.google.com"
    pause = 2.0
    window = timedelta(days=14)
    may_break = True

    def recognise(self, url: str) -> str | None:
        """The app, and language and country, of https://play.google.com/store/apps/details?id=…."""
        parts = urlsplit(url)
        if parts.netloc != "play.google.com" or parts.path.rstrip("/") != "/store/apps/details":
            return None
        told = {name: values[-1] for name, values in parse_qs(parts.query).items()}
        package = told.get("id", "")
        if not re.fullmatch(_PACKAGE, package):
            return None
        listed = f"{told.get('hl', '')[:2]}-{told.get('gl', '')}".casefold()
        return f"{package}:{listed}" if re.fullmatch(r"[a-z]{2}-[a-z]{2}", listed) else package

    def parse(self, body: bytes, where: Where) -> Page:
        """One page; `following` is the site's token of the next.

        The answer is a guard line, a length, and a list of answers; the reviews are JSON text within.
        """
        payload = self._payload(body.decode("utf-8", "replace"))
        rows = payload[0] if payload else []
        require(self.name, "no list of reviews", rows is None or isinstance(rows, list))
        asked = parse_qs(urlsplit(where.url).query).get("hl")
        package, language = where.target.partition(":")[0].strip(), asked[-1] if asked else None

        def convert(row: Any) -> Record:
            return self._record(row, package, language)

        found = records(self.name, rows or [], convert)
        # The token is the text that ends the part after the reviews; a list there means the end.
        ends = (part[-1] for part in payload[1:] if isinstance(part, list) and part)
        token = next((end for end in ends if isinstance(end, str) and end), None)
        return Page(found, bool(found and token), token if found else None)

    def _payload(self, text: str) -> list[Any]:
        """The answer to our one question."""
        start = text.find('[["wrb.fr"')
        require(self.name, "no `wrb.fr`", start >= 0)
        try:
            answers, _ = json.JSONDecoder(strict=False).raw_decode(text, start)
            own = [row for row in answers if isinstance(row, list) and row[:2] == ["wrb.fr", _RPC]]
            require(self.name, f"no answer to `{_RPC}`", bool(own) and isinstance(_at(own[0], 2), str))
            payload = json.loads(own[0][2], strict=False)
        except (ValueError, RecursionError) as error:
            require(self.name, f"the answer is not JSON ({type(error).__name__})", holds=False)
            raise AssertionError from error
        require(self.name, "the answer is not a list", isinstance(payload, list))
        return list(payload)

    def _record(self, row: Any, package: str, language: str | None) -> Record:
        """One review; its date is that of the last change."""
        found, rating = row[0], row[2]
        if not isinstance(found, str) or not isinstance(rating, int):
            raise TypeError("no id or no rating")
        return {
            "source_id": found,
            "url": f"https://play.google.com/store/apps/details?id={package}&reviewId={found}",
            "author": _at(row, 1, 0),
            "date": _moment(_at(row, 5, 0)),
            "rating": rating,
            "rating_scale": 5,
            "text": _at(row, 4) or "",
            "language": language,
            "helpful_votes": _at(row, 6),
            "reply_text": _at(row, 7, 1),
            "reply_date": _moment(_at(row, 7, 2, 0)),
            "app_version": _at(row, 10),
        }

    async def fetch(
        self, target: str, cursor: Cursor, client: Client
    ) -> AsyncGenerator[tuple[Page, Cursor], None]:
        """Pages of each language and country, down to two weeks before what the last run saw.

        `SourceError` at the end when one could not be read or fell silent, or when none gave a
        review: the site answers an unknown app with an empty list.
        """
        package, _, listed = target.replace(" ", "").partition(":")
        named = _TARGET.fullmatch(f"{package}:{listed.casefold()}" if listed else package)
        if named is None:
            raise wrong_target(self, target)
        lists = tuple(dict.fromkeys(named[2].split(","))) if named[2] else _LISTS

        async def walk(name: str, mark: Cursor) -> Walk:
            language, country = name.split("-")

            async def read(position: str | None) -> Page:
                answer = await client.post(
                    "/_/PlayStoreUi/data/batchexecute",
                    form={"f.req": _question(package, position)},
                    params={"hl": language, "gl": country},
                )
                return self.parse(answer.body, answer.where)

            async for page, new in newest_first(read, mark, window=self.window, since=client.since):
                yield page, new

        async for page, new in heard(self, lists, cursor, walk):
            yield page, new
