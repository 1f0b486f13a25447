"""Telegram: the public preview of a channel, t.me/s/CHANNEL, about twenty posts a page."""

from __future__ import annotations

import re
from collections.abc import AsyncGenerator
from datetime import timedelta
from typing import Any

from bs4 import BeautifulSoup, Tag

from scrapers.fetch import Client
from scrapers.source import Cursor, Page, Record, Source, Where, records, require, wrong_target
from scrapers.walk import newest_first
from ugc.errors import SourceError

__all__ = ["Telegram"]

_NAME = re.compile(r"[A-Za-z]\w{2,63}", re.ASCII)
_ADDRESS = re.compile(
    r"(?:https?:)?(?://)?(?:www\.)?(?:t|telegram)\.me/(?:s/)?([A-Za-z]\w{2,63})(?=[/?#]|$)", re.ASCII
)
_NO_CHANNELS = frozenset(
    {"addstickers", "addemoji", "addtheme", "contact", "iv", "joinchat", "login", "proxy", "share", "socks"}
)
"""First parts of addresses of t.me that are no channels."""

_QUOTED = ".tgme_widget_message_reply, .tgme_widget_message_link_preview"
"""Parts of a post that hold the words of another one."""


def _words(post: Tag) -> str:
    """What the post says, with its line breaks; a poll says its question, a notice of Telegram nothing."""
    if "service_message" in post.get_attribute_list("class"):
        return ""
    found = post.select_one(".tgme_widget_message_text") or post.select_one(
        ".tgme_widget_message_poll_question"
    )
    return found.get_text().strip() if found is not None else ""


def _name(post: Tag, selector: str) -> str | None:
    """A name in the post on one line, `None` where it has none."""
    found = post.select_one(selector)
    return (" ".join(found.get_text().split()) or None) if found is not None else None


class Telegram(Source):
    """Posts of one public channel, the newest first.

    A post without words (a photo, a sticker, "Channel created") is a record with an empty text, so
    that it is counted where the reviews are taken in.
    """

    name = "telegram"
    title = "Telegram"
    target = "the channel's name, e.g. yasen_otzyvy"
    example = "ugc collect telegram yasen_otzyvy --since 2026-01-01"
    limits = "posts of public channels only: comments, groups and closed channels are not shown; no ratings"
    base_url = "https://t.me"
    pause = 1.5
    window = timedelta(days=7)

    def recognise(self, url: str) -> str | None:
        """The channel of an address such as https://t.me/s/yasen_otzyvy or t.me/yasen_otzyvy/17."""
        found = _ADDRESS.match(url.strip())
        return found[1] if found and found[1].casefold() not in _NO_CHANNELS else None

    def parse(self, body: bytes, where: Where) -> Page:
        """One page of the preview; the site shows the oldest post first, here the newest is."""
        tree = BeautifulSoup(body.decode("utf-8", "replace"), "lxml")
        posts = [post for post in tree.select(".tgme_widget_message") if "data-post" in post.attrs]
        shown = bool(posts) or tree.select_one(".tgme_channel_history") is not None
        require(self.name, "no history of a channel; it may have been closed", shown)
        for quoted in tree.select(_QUOTED):
            quoted.decompose()
        for line in tree.find_all("br"):
            line.replace_with("\n")
        found = records(self.name, reversed(posts), self._record)
        following = self._following(tree)
        return Page(found, more=following is not None, following=following)

    def _following(self, tree: BeautifulSoup) -> str | None:
        """Where older posts begin, as `before=NUMBER`; `None` on the last page."""
        for link in tree.select(".tme_messages_more[data-before]"):
            number = str(link["data-before"])
            require(self.name, f"data-before is {number[:40]!r}", number.isascii() and number.isdigit())
            return f"before={number}"
        return None

    def _record(self, post: Any) -> Record:
        """One post; a forwarded one has its first author, another the signature if it has one."""
        number = str(post["data-post"])
        moment = post.select_one(".tgme_widget_message_date time[datetime]")
        if not re.fullmatch(r"\w+/\d+", number):
            raise ValueError(f"data-post is {number[:60]!r}")
        return {
            "source_id": number,
            "url": f"https://t.me/{number}",
            "date": str(moment["datetime"]) if moment is not None else None,
            "text": _words(post),
            "author": _name(post, ".tgme_widget_message_forwarded_from_name")
            or _name(post, ".tgme_widget_message_from_author"),
            "photos_count": len(post.select(".tgme_widget_message_photo_wrap")) or None,
        }

    async def fetch(
        self, target: str, cursor: Cursor, client: Client
    ) -> AsyncGenerator[tuple[Page, Cursor], None]:
        """Pages from the newest on; `SourceError` for a channel that shows no posts to everybody.

        Telegram answers for such a channel with its address without /s/: a card with the name and
        a button. That is no empty channel.
        """
        channel = target.strip().removeprefix("@")
        channel = self.recognise(channel) or channel
        if not _NAME.fullmatch(channel):
            raise wrong_target(self, target)

        async def read(position: str | None) -> Page:
            query = {"before": position.removeprefix("before=")} if position else None
            answer = await client.get(f"/s/{channel}", query)
            if b"tgme_page" in answer.body and b"tgme_channel_history" not in answer.body:
                raise SourceError(
                    f"Telegram shows no posts of {channel} to the public: there is no such channel, it is "
                    "closed or a group, or its preview is turned off.",
                    f"Look at https://t.me/s/{channel} in a browser.",
                )
            if b"</html>" not in answer.body:
                # The newest posts stand last, so a page that was cut off would lose them silently.
                raise SourceError(
                    f"The page of {channel} was cut off on its way.", "Run the same command again."
                )
            return self.parse(answer.body, answer.where)

        async for page, mark in newest_first(read, cursor, window=self.window, since=client.since):
            yield page, mark
