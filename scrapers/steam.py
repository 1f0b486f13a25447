"""Steam: the documented list of reviews of a game, a hundred a page."""

from __future__ import annotations

import re
from collections.abc import AsyncGenerator
from datetime import UTC, datetime, timedelta
from typing import Any

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
from scrapers.walk import each, newest_first

__all__ = ["Steam"]

_LANGUAGES = {
    "arabic": "ar",
    "bulgarian": "bg",
    "schinese": "zh",
    "tchinese": "zh",
    "czech": "cs",
    "danish": "da",
    "dutch": "nl",
    "english": "en",
    "finnish": "fi",
    "french": "fr",
    "german": "de",
    "greek": "el",
    "hungarian": "hu",
    "indonesian": "id",
    "italian": "it",
    "japanese": "ja",
    "koreana": "ko",
    "norwegian": "no",
    "polish": "pl",
    "portuguese": "pt",
    "brazilian": "pt",
    "romanian": "ro",
    "russian": "ru",
    "spanish": "es",
    "latam": "es",
    "swedish": "sv",
    "thai": "th",
    "turkish": "tr",
    "ukrainian": "uk",
    "vietnamese": "vi",
}
"""Names of languages as Steam's documentation lists them."""

_TARGET = re.compile(r"(\d{1,10})(?::([a-z]+(?:,[a-z]+)*))?")
_QUERY: dict[str, str | int] = {
    "json": 1,
    "filter": "recent",
    "review_type": "all",
    "purchase_type": "all",
    "num_per_page": 100,
}


def _moment(seconds: Any) -> str | None:
    """Seconds since 1970 as an ISO time, `None` for zero or nothing."""
    return datetime.fromtimestamp(int(seconds), UTC).isoformat() if seconds else None


class Steam(Source):
    """Reviews of one game, the latest first."""

    name = "steam"
    title = "Steam"
    target = "the game's number, with languages after a colon where not all are wanted: 570:russian,polish"
    example = "ugc collect steam 570:russian --limit 1000"
    limits = "thumbs up or down instead of stars; no names; edits and answers after a month are not seen"
    base_url = "https://store.steampowered.com"
    pause = 2.0
    window = timedelta(days=30)

    def recognise(self, url: str) -> str | None:
        """The game of an address such as https://store.steampowered.com/app/570/Dota_2/."""
        found = re.search(
            r"//(?:store\.steampowered|steamcommunity)\.com/(?:agecheck/)?app/(\d{1,10})(?!\d)", url
        )
        return found[1] if found else None

    def parse(self, body: bytes, where: Where) -> Page:
        """One page; `following` is the site's cursor."""
        answer = read_json(self.name, body)
        known = isinstance(answer, dict) and answer.get("success") == 1
        require(self.name, "no `reviews`", known and isinstance(answer.get("reviews"), list))
        game = where.target.partition(":")[0].strip()

        def convert(row: Any) -> Record:
            return self._record(row, game)

        found = records(self.name, answer["reviews"], convert)
        following = answer.get("cursor")
        # Told on the first page, for the language asked; a run over several has no whole.
        summary = answer.get("query_summary")
        known = ":" not in where.target and isinstance(summary, dict)
        return Page(
            found,
            more=bool(found),
            following=following if found and isinstance(following, str) else None,
            total=count(summary.get("total_reviews")) if known else None,
        )

    def _record(self, row: Any, game: str) -> Record:
        """One review; a thumb is a rating of 1 or 0 on a scale of 1."""
        steamid = (row.get("author") or {}).get("steamid")
        home = f"https://steamcommunity.com/profiles/{steamid}/recommended/{game}"
        return {
            "source_id": str(row["recommendationid"]),
            "url": home if steamid else None,
            "author_id": steamid,
            "date": _moment(row.get("timestamp_created")),
            "edited_at": _moment(row.get("timestamp_updated")),
            "rating": int(bool(row["voted_up"])),
            "rating_scale": 1,
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
        """Pages from the newest on, language by language, down to a month before what is known."""
        named = _TARGET.fullmatch(target.replace(" ", "").casefold())
        languages = tuple(dict.fromkeys((named[2] or "all").split(","))) if named else ()
        if named is None or not {*languages} <= {"all", *_LANGUAGES}:
            raise wrong_target(self, target)

        async def walk(language: str, mark: Cursor) -> AsyncGenerator[tuple[Page, Cursor], None]:
            async def read(position: str | None) -> Page:
                answer = await client.get(
                    f"/appreviews/{named[1]}", {**_QUERY, "language": language, "cursor": position or "*"}
                )
                return self.parse(answer.body, answer.where)

            async for page, new in newest_first(read, mark, window=self.window, since=client.since):
                yield page, new

        async for page, new in each(languages, cursor, walk):
            yield page, new
