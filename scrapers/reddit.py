"""Reddit: the posts of a community or of a search in it, or one thread with its comments."""

from __future__ import annotations

import re
from base64 import b64encode
from collections.abc import AsyncGenerator
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import parse_qs

from scrapers.fetch import Answer, Client
from scrapers.source import Cursor, Page, Record, Source, Where, read_json, records, require, wrong_target
from scrapers.walk import newest_first
from ugc.errors import SettingsError, SourceBlocked, SourceError

__all__ = ["Reddit"]

_LIST = re.compile(r"/?r/(\w{2,50})/?(?:\?q=(.{1,500}))?", re.ASCII | re.DOTALL)
_THREAD = re.compile(r"(?:comments/|t3_)([a-z0-9]{1,13})")
_ADDRESS = re.compile(r"https?://(?:(?:www|old|new|np)\.)?(reddit\.com|redd\.it)/([^?#\s]*)\??([^#\s]*)")
_ID = re.compile(r"[a-z0-9]{1,13}")

_LOGIN = "https://www.reddit.com/api/v1/access_token"
_GONE = frozenset({"[removed]", "[deleted]"})
_BATCH = 100
_LONGEST = 20
"""Requests for further comments of one thread."""


def _moment(seconds: Any) -> str | None:
    """Seconds since 1970 as an ISO time; Reddit says `false` where there is none."""
    return datetime.fromtimestamp(int(seconds), UTC).isoformat() if seconds else None


def _words(data: dict[str, Any], name: str) -> str:
    """A text, none where it was taken back."""
    found = data.get(name) or ""
    return "" if found in _GONE else str(found)


def _left(things: list[dict[str, Any]]) -> tuple[list[str], list[str]]:
    """The comments that did not come: those named one by one, and those below which branches go on."""
    named, below = [], []
    for data in (thing["data"] for thing in things if thing.get("kind") == "more"):
        listed = data.get("children")
        children = [one for one in listed if isinstance(one, str)] if isinstance(listed, list) else []
        named += [one for one in children if _ID.fullmatch(one)]
        parent = str(data.get("parent_id", "")).removeprefix("t1_")
        if not children and _ID.fullmatch(parent):
            below.append(parent)
    return named, below


class Reddit(Source):
    """Posts, the newest first; a thread is read whole at every run, as it has no order by date."""

    name = "reddit"
    title = "Reddit"
    target = "a community with or without a search, r/poland?q=bank, or a thread's address"
    example = "ugc collect reddit 'r/poland?q=bank'"
    limits = (
        "no ratings; a list ends after about a thousand posts, a search earlier; comments only of threads"
    )
    base_url = "https://oauth.reddit.com"
    hosts = ("www.reddit.com",)
    pause = 1.0
    needs = "a key of yours, ID:SECRET of a script app from reddit.com/prefs/apps"
    key = True
    window = timedelta(days=7)

    def recognise(self, url: str) -> str | None:
        """The list or thread of an address such as https://www.reddit.com/r/poland/search/?q=bank."""
        found = _ADDRESS.match(url.strip())
        if found is None:
            return None
        path = [part for part in found[2].split("/") if part]
        if found[1] == "redd.it":
            return f"comments/{path[0]}" if len(path) == 1 and _ID.fullmatch(path[0]) else None
        if "comments" in path[:-1]:
            number = path[path.index("comments") + 1]
            return f"comments/{number}" if _ID.fullmatch(number) else None
        if len(path) < 2 or path[0] != "r" or not re.fullmatch(r"\w{2,50}", path[1], re.ASCII):
            return None
        asked = parse_qs(found[3]).get("q", [""])[0] if path[2:] == ["search"] else ""
        return f"r/{path[1]}" + (f"?q={asked}" if asked else "")

    def parse(self, body: bytes, where: Where) -> Page:
        """A list of posts, a thread with its comments, or further comments of one."""
        answer = read_json(self.name, body)
        things = self._things(answer)
        found = records(self.name, [one for one in things if one.get("kind") in ("t1", "t3")], self._record)
        listing = answer.get("data") if isinstance(answer, dict) else None
        following = listing.get("after") if isinstance(listing, dict) else None
        require(self.name, "`after` is no text", following is None or isinstance(following, str))
        return Page(found, more=bool(following), following=following or None)

    def _things(self, answer: Any) -> list[dict[str, Any]]:
        """Posts, comments and marks of comments left out, in the order in which they stand."""
        if isinstance(answer, dict) and isinstance(answer.get("json"), dict):
            data = answer["json"].get("data")
            waiting = self._listed(data.get("things") if isinstance(data, dict) else None)
        else:
            listings = answer if isinstance(answer, list) else [answer]
            require(self.name, "no listing", bool(listings))
            waiting = [one for listing in listings for one in self._children(listing)]
        waiting.reverse()
        found: list[dict[str, Any]] = []
        while waiting:
            thing = waiting.pop()
            found.append(thing)
            if thing["data"].get("replies"):
                waiting += reversed(self._children(thing["data"]["replies"]))
        return found

    def _children(self, listing: Any) -> list[dict[str, Any]]:
        """What a listing holds."""
        data = listing.get("data") if isinstance(listing, dict) else None
        return self._listed(data.get("children") if isinstance(data, dict) else None)

    def _listed(self, things: Any) -> list[dict[str, Any]]:
        """A list of things, each with its `data`."""
        known = isinstance(things, list) and all(
            isinstance(one, dict) and isinstance(one.get("data"), dict) for one in things
        )
        require(self.name, "no list of things", known)
        return list(things)

    def _record(self, thing: Any) -> Record:
        """One post or comment."""
        data = thing["data"]
        post = thing["kind"] == "t3"
        number = str(data["id"])
        thread = "" if post else str(data["link_id"]).removeprefix("t3_")
        path = data.get("permalink") or (
            f"/comments/{number}/" if post else f"/comments/{thread}/_/{number}/"
        )
        return {
            "source_id": f"{thing['kind']}_{number}",
            "url": f"https://www.reddit.com{path}",
            "author": _words(data, "author") or None,
            "author_id": data.get("author_fullname"),
            "date": _moment(data["created_utc"]),
            "edited_at": _moment(data.get("edited")),
            "title": data.get("title") if post else None,
            "text": _words(data, "selftext" if post else "body"),
            "helpful_votes": data.get("score"),
        }

    async def fetch(
        self, target: str, cursor: Cursor, client: Client
    ) -> AsyncGenerator[tuple[Page, Cursor], None]:
        """Pages of a hundred posts from the newest on, or one thread."""
        wanted = self.recognise(target) or target.strip()
        thread, listed = _THREAD.fullmatch(wanted), _LIST.fullmatch(wanted)
        if not thread and not listed:
            raise wrong_target(self, target)
        token = await self._token(client)
        if thread:
            async for page in self._thread(client, token, thread[1]):
                yield page, {}
            return
        assert listed is not None
        community, words = listed[1], listed[2]

        async def read(position: str | None) -> Page:
            query: dict[str, str | int] = {"limit": _BATCH, **({"after": position} if position else {})}
            path = f"/r/{community}/new"
            if words:
                query |= {"q": words, "restrict_sr": 1, "sort": "new", "t": "all", "type": "link"}
                path = f"/r/{community}/search"
            answer = await self._ask(client, token, path, query)
            return self.parse(answer.body, answer.where)

        async for page, mark in newest_first(read, cursor, window=self.window, since=client.since):
            yield page, mark

    async def _thread(self, client: Client, token: str, number: str) -> AsyncGenerator[Page, None]:
        """A thread, then the comments that it leaves out, as far as is reasonable.

        `SourceError` when more are left than are read in one run.
        """
        answer = await self._ask(client, token, f"/comments/{number}", {"limit": 500, "sort": "new"})
        page = self.parse(answer.body, answer.where)
        named, below = _left(self._things(read_json(self.name, answer.body)))
        yield Page(page.records, more=bool(named or below))
        asked: set[str] = set()
        for _ in range(_LONGEST):
            if named:
                part, named = named[:_BATCH], named[_BATCH:]
                query: dict[str, str | int] = {"api_type": "json", "link_id": f"t3_{number}", "sort": "new"}
                answer = await self._ask(
                    client, token, "/api/morechildren", {**query, "children": ",".join(part)}
                )
            elif below:
                part = [below.pop()]
                answer = await self._ask(
                    client, token, f"/comments/{number}", {"comment": part[0], "limit": 500}
                )
            else:
                return
            asked.update(part)
            page = self.parse(answer.body, answer.where)
            more = _left(self._things(read_json(self.name, answer.body)))
            named += [one for one in more[0] if one not in asked]
            below += [one for one in more[1] if one not in asked]
            yield Page(page.records, more=bool(named or below))
        if named or below:
            raise SourceError(
                f"The thread has about {len(named) + len(below)} comments more than are read in one run.",
                "What was read is kept.",
            )

    async def _ask(self, client: Client, token: str, path: str, query: dict[str, str | int]) -> Answer:
        """An answer of the API, its texts without HTML escapes."""
        return await client.get(path, {**query, "raw_json": 1}, headers={"Authorization": f"Bearer {token}"})

    async def _token(self, client: Client) -> str:
        """What the key of the app gives for a day.

        `SettingsError` for a key of another form, `SourceBlocked` for one that Reddit does not know.
        """
        mend = f"Put ID:SECRET of your app into UGC_SOURCES__{self.name.upper()}__KEY."
        if not re.fullmatch(r"[!-9;-~]+:[!-~]+", client.key):
            raise SettingsError("The key of Reddit has another form than ID:SECRET.", mend)
        basic = b64encode(client.key.encode()).decode()
        try:
            answer = await client.post(
                _LOGIN,
                form={"grant_type": "client_credentials"},
                headers={"Authorization": f"Basic {basic}"},
                reviews=False,
            )
        except SourceBlocked as error:
            raise SourceBlocked(
                error.what,
                f"{mend} Where robots.txt says no, the terms of your app decide; see docs/sources/reddit.md.",
            ) from error
        told = read_json(self.name, answer.body)
        token = told.get("access_token") if isinstance(told, dict) else None
        if not isinstance(token, str) or not re.fullmatch(r"[!-~]+", token):
            raise SourceError("Reddit gave no token for your key.", mend)
        return token
