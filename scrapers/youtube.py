"""YouTube: the comments of a video or of all videos of a channel, through the Data API."""

from __future__ import annotations

import re
from collections.abc import AsyncGenerator
from datetime import timedelta
from typing import Any
from urllib.parse import parse_qs

from scrapers.fetch import Answer, Client
from scrapers.source import Cursor, Page, Record, Source, Where, read_json, records, require, wrong_target
from scrapers.walk import newest_first
from ugc.errors import SourceBlocked

__all__ = ["YouTube"]

_VIDEO = re.compile(r"[\w-]{11}", re.ASCII)
_CHANNEL = re.compile(r"UC[\w-]{22}", re.ASCII)
_ADDRESS = re.compile(r"https?://(?:(?:www|m|music)\.)?(youtube\.com|youtu\.be)/([^?#\s]*)\??([^#\s]*)")
_REPLIES = ":replies"
"""What a target ends with where answers of people are wanted too."""


def _snippet(comment: dict[str, Any]) -> dict[str, Any]:
    """What a comment or a thread tells; nothing where that has another shape."""
    found = comment.get("snippet")
    return found if isinstance(found, dict) else {}


def _is_owners(comment: dict[str, Any], owner: Any) -> bool:
    """Whether a comment is written by the channel that the video is of."""
    writer = _snippet(comment).get("authorChannelId")
    return isinstance(writer, dict) and owner is not None and writer.get("value") == owner


def _said(comment: dict[str, Any]) -> str:
    """The words of a comment as they were written; `textOriginal` is not always given."""
    snippet = comment["snippet"]
    return str(snippet.get("textOriginal") or snippet.get("textDisplay") or "")


class YouTube(Source):
    """Comments under videos, the newest first; what the channel's owner answers is the answer."""

    name = "youtube"
    title = "YouTube"
    target = "a video's id or address, or a channel's id (UC…); with :replies the answers of people too"
    example = "ugc collect youtube https://www.youtube.com/watch?v=dQw4w9WgXcQ"
    limits = "no ratings; of long threads the owner's answer is found only if it is among the latest few"
    base_url = "https://www.googleapis.com"
    pause = 0.5
    needs = "a key of yours for the YouTube Data API v3 from console.cloud.google.com"
    key = True
    window = timedelta(days=30)

    def recognise(self, url: str) -> str | None:
        """The video or channel of an address such as https://youtu.be/ID or …/watch?v=ID."""
        found = _ADDRESS.match(url.strip())
        if found is None:
            return None
        host, path = found[1], found[2].strip("/").split("/")
        if host == "youtu.be":
            kind, named = "v", path[0]
        elif path == ["watch"]:
            kind, named = "v", parse_qs(found[3]).get("v", [""])[0]
        else:
            kind, named = path[0], path[1] if len(path) > 1 else ""
        if kind == "channel":
            return named if _CHANNEL.fullmatch(named) else None
        return named if kind in {"v", "shorts", "live", "embed"} and _VIDEO.fullmatch(named) else None

    def parse(self, body: bytes, where: Where) -> Page:
        """A page of threads, or of answers in one thread; `following` is the site's token.

        With `:replies` in the target, answers of people are records of their own; those of threads
        that did not come whole are left to the thread's own page.
        """
        answer = self._answer(body)
        replies = where.target.endswith(_REPLIES)
        people: list[tuple[dict[str, Any], Any, list[dict[str, Any]]]] = []
        for row in answer["items"]:
            told = _snippet(row)
            owner, video, inner = told.get("channelId"), told.get("videoId"), self._inner(row)
            top = told.get("topLevelComment", row)
            require(self.name, "`topLevelComment` is no comment", isinstance(top, dict))
            if not _is_owners(top, owner):
                people.append((top, video, [one for one in inner if _is_owners(one, owner)]))
            if replies and self._is_whole(row):
                people += [(one, video, []) for one in inner if not _is_owners(one, owner)]
        following = answer.get("nextPageToken")
        require(self.name, "`nextPageToken` is no text", following is None or isinstance(following, str))
        found = records(self.name, people, self._record)
        return Page(found, more=bool(following), following=following or None)

    def _answer(self, body: bytes) -> dict[str, Any]:
        """The answer of the API with its list `items`."""
        answer = read_json(self.name, body)
        listed = isinstance(answer, dict) and isinstance(answer.get("items"), list)
        require(
            self.name, "no list `items`", listed and all(isinstance(one, dict) for one in answer["items"])
        )
        assert isinstance(answer, dict)
        return answer

    def _inner(self, row: dict[str, Any]) -> list[dict[str, Any]]:
        """The answers that come with a comment, the oldest first; the API gives a few of them at most."""
        replies = row.get("replies") or {}
        listed = replies.get("comments", []) if isinstance(replies, dict) else None
        known = isinstance(listed, list) and all(isinstance(one, dict) for one in listed)
        require(self.name, "`replies.comments` is no list", known)
        return sorted(listed or [], key=lambda one: str(_snippet(one).get("publishedAt")))

    def _is_whole(self, row: dict[str, Any]) -> bool:
        """Whether all answers to a comment came with it."""
        count = _snippet(row).get("totalReplyCount", 0)
        return not isinstance(count, int) or count <= len(self._inner(row))

    def _record(self, row: tuple[dict[str, Any], Any, list[dict[str, Any]]]) -> Record:
        """A comment under a video, with what the owner of the channel answered."""
        comment, video, answers = row
        told = comment["snippet"]
        video = told.get("videoId") or video
        changed = told.get("updatedAt")
        return {
            "source_id": str(comment["id"]),
            "url": f"https://www.youtube.com/watch?v={video}&lc={comment['id']}" if video else None,
            "author": told.get("authorDisplayName"),
            "author_id": (told.get("authorChannelId") or {}).get("value"),
            "date": told["publishedAt"],
            "edited_at": changed if changed != told["publishedAt"] else None,
            "text": _said(comment),
            "helpful_votes": told.get("likeCount"),
            "reply_text": "\n".join(_said(one) for one in answers) or None,
            "reply_date": answers[0]["snippet"]["publishedAt"] if answers else None,
        }

    async def fetch(
        self, target: str, cursor: Cursor, client: Client
    ) -> AsyncGenerator[tuple[Page, Cursor], None]:
        """Pages of a hundred threads from the newest on; with `:replies` the long threads, too."""
        wanted = target.strip().removesuffix(_REPLIES)
        wanted = self.recognise(wanted) or wanted
        if _CHANNEL.fullmatch(wanted):
            whose = {"allThreadsRelatedToChannelId": wanted}
        elif _VIDEO.fullmatch(wanted):
            whose = {"videoId": wanted}
        else:
            raise wrong_target(self, target)

        async def read(position: str | None) -> Page:
            query = {"part": "snippet,replies", **whose, "order": "time"}
            answer = await self._ask(client, "commentThreads", query, position)
            page = self.parse(answer.body, answer.where)
            found = list(page.records)
            if target.strip().endswith(_REPLIES):
                for row in self._answer(answer.body)["items"]:
                    found += [] if self._is_whole(row) else await self._long(client, str(row.get("id")))
            return Page(tuple(found), page.more, page.following)

        async for page, mark in newest_first(read, cursor, window=self.window, since=client.since):
            yield page, mark

    async def _long(self, client: Client, thread: str) -> list[Record]:
        """The answers of people in one thread, all pages of them."""
        found: list[Record] = []
        used: set[str | None] = set()
        at: str | None = None
        while at not in used:
            used.add(at)
            answer = await self._ask(client, "comments", {"part": "snippet", "parentId": thread}, at)
            page = self.parse(answer.body, answer.where)
            found += page.records
            at = page.following
        return found

    async def _ask(self, client: Client, what: str, query: dict[str, str], position: str | None) -> Answer:
        """An answer of the API; a refusal is told with the reasons that it may have here."""
        asked: dict[str, str | int] = {**query, "maxResults": 100, "textFormat": "plainText"}
        if position is not None:
            asked["pageToken"] = position
        try:
            return await client.get(f"/youtube/v3/{what}", asked, secret={"key": client.key})
        except SourceBlocked as error:
            raise SourceBlocked(
                error.what,
                "YouTube refuses where comments are turned off, where the day's quota of the key is used up, "
                "and where the key is not meant for this API.",
            ) from error
