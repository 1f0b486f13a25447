"""VK: the comments under the posts of a community's wall, or the posts, through the site's API."""

from __future__ import annotations

import contextlib
import re
from collections import defaultdict
from collections.abc import AsyncGenerator, Awaitable, Callable, Iterable
from datetime import UTC, datetime, timedelta
from typing import Any

from scrapers.fetch import Answer, Client
from scrapers.source import Cursor, Page, Record, Source, Where, read_json, records, require, wrong_target
from scrapers.walk import moment, newest_first
from ugc.errors import SourceBlocked, SourceError

__all__ = ["Vk"]

_VERSION = "5.131"
_COUNT = 100
_THREAD = 10  # answers that come with a comment; longer threads are asked for by themselves

_WALL = re.compile(
    r"(?:(?:club|public|-)?(?P<id>\d{1,15})|(?P<name>[A-Za-z][\w.]{1,63}))(?::(?P<what>wall|comments))?",
    re.ASCII,
)
_POST = re.compile(r"(?:wall)?(-\d{1,15})_(\d{1,15})", re.ASCII)
_NO_COMMUNITIES = re.compile(r"id\d+|feed|im|groups|search|login|video|clips|market")
_MENTION = re.compile(r"\[(?:id|club|public)\d+(?::[^|\]]*)?\|([^\]]*)\]")
_ADDRESSED = re.compile(rf"^\s*{_MENTION.pattern}\s*[,:]?\s*")

_BUSY, _CLOSED = 6, 212
_ERRORS = {
    5: "the key is not valid",
    _BUSY: "too many requests in a second",
    14: "it asks for a captcha",
    15: "access is denied: the community is closed, or shows this only to its members",
    29: "the day's limit of requests is used up",
    _CLOSED: "the comments of this post are closed",
}
"""Codes of the API's errors, by its documentation; for others its own message is shown."""

_REFUSALS = {5, 14, 15, 18, 30, 203, _CLOSED}


class _Closed(SourceBlocked):
    """The comments of a post are closed."""


def _moment(seconds: Any) -> str | None:
    """Seconds since 1970 as an ISO time, `None` for zero or nothing."""
    return datetime.fromtimestamp(int(seconds), UTC).isoformat() if seconds else None


def _said(row: dict[str, Any]) -> str:
    """The words of a post or comment: whom it addresses goes, other mentions become their names."""
    return _MENTION.sub(r"\1", _ADDRESSED.sub("", row.get("text") or ""))


class Vk(Source):
    """What people write on one wall, the newest first.

    Words of the community itself are no reviews: under a comment they are its answer.
    """

    name = "vk"
    title = "VK"
    target = "a community, club12345 or its short name, with :wall for its posts; or a post, wall-12345_678"
    example = "ugc collect vk club12345 --since 2026-01-01"
    limits = "no ratings; comments that come to a post after 45 days are not read; closed communities neither"
    base_url = "https://api.vk.com"
    pause = 0.5
    needs = "a service key of an app of yours from dev.vk.com"
    key = True
    window = timedelta(days=45)

    def recognise(self, url: str) -> str | None:
        """The community or post of an address such as https://vk.com/club12345 or …/wall-12345_678."""
        found = re.match(r"https?://(?:www\.|m\.)?vk\.(?:com|ru)/([^#\s]+)", url.strip())
        path = found[1] if found else ""
        post = re.search(r"wall(-\d+_\d+)", path)
        name = path.partition("?")[0].strip("/")
        if post or ":" in name or not _WALL.fullmatch(name) or _NO_COMMUNITIES.fullmatch(name):
            return post[1] if post else None
        return name

    def parse(self, body: bytes, where: Where) -> Page:
        """A page of posts or of comments; which one, its address says.

        `following` is the number of the next page of a hundred.
        """
        return self._below(body, where) if "wall.getComments" in where.url else self._posts(body, where)

    def _posts(self, body: bytes, where: Where) -> Page:
        """A page of posts."""
        response = self._response(body)
        names = _names(response)
        found = records(self.name, response["items"], lambda row: self._either(row, names))
        return self._page(found, where, response, response["count"])

    def _below(self, body: bytes, where: Where) -> Page:
        """A page of comments."""
        response = self._response(body)
        head = re.search(r"[?&]comment_id=(\d+)", where.url)
        found = self._comments(response["items"], _names(response), head[1] if head else "")
        return self._page(found, where, response, response.get("current_level_count", response["count"]))

    def _page(self, found: tuple[Record, ...], where: Where, response: dict[str, Any], total: Any) -> Page:
        """A page, with the number of the one after it as long as there is more."""
        require(self.name, "a count is no number", isinstance(total, int))
        offset = re.search(r"[?&]offset=(\d{1,9})(?:&|$)", where.url)
        start = int(offset[1]) if offset else 0
        more = bool(response["items"]) and start + _COUNT < total
        return Page(found, more, str(start // _COUNT + 2) if more else None, response["count"])

    def _response(self, body: bytes) -> dict[str, Any]:
        """The `response` of the API with its list; `SourceChanged` when there is none."""
        answer = read_json(self.name, body)
        response = answer.get("response") if isinstance(answer, dict) else None
        require(self.name, "no `response`", isinstance(response, dict))
        assert isinstance(response, dict)
        known = isinstance(response.get("items"), list) and isinstance(response.get("count"), int)
        require(self.name, "no list `items`, or no `count` of it", known)
        for row in response["items"]:
            thread = row.get("thread", {}) if isinstance(row, dict) else None
            inner = thread.get("items", []) if isinstance(thread, dict) else [None]
            known = isinstance(inner, list) and all(isinstance(one, dict) for one in inner)
            require(self.name, "an entry or its thread has another shape", known)
        return response

    def _comments(self, rows: list[Any], names: dict[int, str], of: str) -> tuple[Record, ...]:
        """The comments of people with the community's answers; `of` is the head of the thread, if one.

        Of a thread that did not come whole, which is read by itself, only the answers are taken.
        """
        answers: defaultdict[str, list[Any]] = defaultdict(list)
        people: list[Any] = []
        long = _long_threads(rows)
        for head in rows:
            for row in (head, *head.get("thread", {}).get("items", [])):
                if row.get("deleted"):
                    continue
                require(self.name, "a comment tells no `from_id`", isinstance(row.get("from_id"), int))
                if row["from_id"] == row.get("owner_id"):
                    answers[str(row.get("reply_to_comment"))].append(row)
                elif row is head or head.get("id") not in long:
                    people.append(row)

        def convert(row: Any) -> Record:
            said = answers[str(row["id"])]
            thread = f"&thread={(row.get('parents_stack') or [of])[0]}".removesuffix("&thread=")
            return {
                **self._either(row, names),
                "url": f"https://vk.com/wall{row['owner_id']}_{row['post_id']}?reply={row['id']}{thread}",
                "reply_text": "\n".join(_said(one) for one in said) or None,
                "reply_date": _moment(said[0]["date"]) if said else None,
            }

        return records(self.name, people, convert)

    def _either(self, row: Any, names: dict[int, str]) -> Record:
        """What posts and comments have in common; a signed post is of who signed it."""
        number = f"{int(row['owner_id'])}_{int(row['id'])}"
        writer = row.get("signer_id") or row["from_id"]
        attached = row.get("attachments") or ()
        return {
            "source_id": number,
            "url": f"https://vk.com/wall{number}",
            "author": names.get(writer),
            "author_id": str(writer),
            "date": _moment(row["date"]),
            "edited_at": _moment(row.get("edited")),
            "text": _said(row),
            "helpful_votes": (row.get("likes") or {}).get("count"),
            "photos_count": sum(one["type"] == "photo" for one in attached) or None,
        }

    async def fetch(
        self, target: str, cursor: Cursor, client: Client
    ) -> AsyncGenerator[tuple[Page, Cursor], None]:
        """Posts from the newest on, or the comments under each of them, post by post.

        With comments the walk goes over the posts, and its cursor moves once all comments of a page
        of posts are stored; posts of the last 45 days are looked through again.
        """
        wanted = self.recognise(target) or target.strip()
        post, wall = _POST.fullmatch(wanted), _WALL.fullmatch(wanted)
        if post:
            read = self._comment_pages(client, int(post[1]), int(post[2]))
            walk = newest_first(read, cursor, window=self.window, since=client.since)
        elif wall:
            number, short = wall["id"], wall["name"]
            whose: dict[str, str | int] = {"owner_id": -int(number)} if number else {"domain": short}
            walk = self._walk(client, whose, cursor, comments=wall["what"] != "wall")
        else:
            raise wrong_target(self, target)
        async for page, mark in walk:
            yield page, mark

    async def _walk(
        self, client: Client, whose: dict[str, str | int], cursor: Cursor, *, comments: bool
    ) -> AsyncGenerator[tuple[Page, Cursor], None]:
        """The posts of a wall, or the comments under them."""

        async def read(position: str | None) -> Page:
            offset = (int(position or 1) - 1) * _COUNT
            answer = await self._ask(client, "wall.get", {**whose, "offset": offset}, reviews=not comments)
            return (self._posts if comments else self.parse)(answer.body, answer.where)

        since = client.since - self.window if client.since and comments else client.since
        known, reached = moment({"date": cursor.get("newest")}), cursor
        old = known - self.window if known else None
        async for page, mark in newest_first(read, cursor, window=self.window, since=since):
            if not comments:
                yield page, mark
                continue
            for post in page.records:
                written = moment(post)
                if old is not None and written is not None and written < old:
                    continue
                with contextlib.suppress(_Closed):
                    pages = self._comment_pages(client, *map(int, post["source_id"].split("_")))
                    async for found, _ in newest_first(pages, {}):
                        yield found, reached
            yield Page((), page.more), mark
            reached = mark

    def _comment_pages(
        self, client: Client, owner: int, post: int
    ) -> Callable[[str | None], Awaitable[Page]]:
        """A reader of pages of comments of one post, long threads with them."""
        query: dict[str, str | int] = {"owner_id": owner, "post_id": post, "need_likes": 1}

        async def ask(position: str, **more: str | int) -> Answer:
            offset = (int(position) - 1) * _COUNT
            return await self._ask(client, "wall.getComments", {**query, **more, "offset": offset})

        async def read(position: str | None) -> Page:
            answer = await ask(position or "1", sort="desc", thread_items_count=_THREAD)
            page = self.parse(answer.body, answer.where)
            found = list(page.records)
            for head in _long_threads(self._response(answer.body)["items"]):
                at: str | None = "1"
                while at is not None:
                    answer = await ask(at, sort="asc", comment_id=head)
                    inner = self.parse(answer.body, answer.where)
                    found += inner.records
                    at = inner.following
            return Page(tuple(found), page.more, page.following)

        return read

    async def _ask(
        self, client: Client, method: str, query: dict[str, str | int], *, reviews: bool = True
    ) -> Answer:
        """An answer of the API that is no error; "too many requests" is asked again, at the usual pace."""
        told = {**query, "count": _COUNT, "extended": 1, "v": _VERSION}
        code, said = 0, ""
        for _ in range(3):
            secret = {"access_token": client.key}
            answer = await client.get(f"/method/{method}", told, secret=secret, reviews=reviews)
            document = read_json(self.name, answer.body)
            error = document.get("error") if isinstance(document, dict) else None
            if not isinstance(error, dict) or not isinstance(error.get("error_code"), int):
                return answer
            code, said = error["error_code"], str(error.get("error_msg"))[:200]
            if code != _BUSY:
                break
        what = f"VK refuses {method} with error {code}: {_ERRORS.get(code, said)}."
        if code in _REFUSALS:
            kind = _Closed if code == _CLOSED else SourceBlocked
            raise kind(what, "It is left alone. Check the target, and the rights of your key.")
        raise SourceError(what, "Check the target, or run the same command again later.")


def _names(response: dict[str, Any]) -> dict[int, str]:
    """The names of people and, under negative numbers, of communities."""
    found: dict[int, str] = {}
    for kind, sign in (("profiles", 1), ("groups", -1)):
        listed = response.get(kind)
        for one in listed if isinstance(listed, list) else ():
            if isinstance(one, dict) and isinstance(one.get("id"), int):
                parts = (one.get(part) for part in ("first_name", "last_name", "name"))
                found[sign * one["id"]] = " ".join(str(part) for part in parts if part)
    return found


def _long_threads(rows: Iterable[dict[str, Any]]) -> list[int]:
    """The comments whose threads did not come whole."""
    threads = ((row.get("id"), row.get("thread", {})) for row in rows)
    return [
        head
        for head, told in threads
        if isinstance(head, int)
        and isinstance(told.get("count"), int)
        and told["count"] > len(told.get("items", ()))
    ]
