"""What the parsers of saved pages share: files of any kind as HTML, and where such a page comes from."""

from __future__ import annotations

import hashlib
import re
from abc import abstractmethod
from email import message_from_bytes
from email.errors import MessageError
from typing import ClassVar

from bs4.element import Tag

from scrapers.source import Page, Record, Saved, Where, require
from scrapers.structured import Document
from scrapers.structured.document import attribute, host_of, shown

__all__ = ["SavedPage", "addresses", "digest", "inner", "is_mhtml", "opened", "said"]

_START = 200_000
"""Bytes of a page in which it says where it comes from."""

_TOLD = re.compile(
    rb"""(?i)<link\b(?=[^<>]{0,500}\brel\s*=\s*["']?canonical)[^<>]{0,500}?\bhref\s*=\s*["']?(https?://[^\s"'<>]+)"""
    rb"""|<meta\b(?=[^<>]{0,500}\bproperty\s*=\s*["']?og:url)[^<>]{0,500}?\bcontent\s*=\s*["']?(https?://[^\s"'<>]+)"""
    rb"""|<!--[^>]{0,80}?(?:saved from url=\(\d+\)|url:)\s{0,9}(https?://[^\s<>]+)"""
)


def is_mhtml(body: bytes) -> bool:
    """Whether a file is a page that a browser saved as one MHTML file."""
    head = body[:4000].lower()
    return re.search(rb"(?m)^mime-version:", head) is not None and b"multipart/related" in head


def opened(body: bytes, name: str = "saved page") -> tuple[bytes, str]:
    """The HTML of a saved page and where it comes from, as far as the file says that; "" else.

    The HTML of an MHTML file begins with a note of its address, as browsers put it into HTML files.
    `SourceChanged` for an MHTML file without a page.
    """
    if not is_mhtml(body):
        return body, ""
    try:
        message = message_from_bytes(body)
        parts = [part for part in message.walk() if part.get_content_type() == "text/html"]
        url = str(message.get("Snapshot-Content-Location", "")).strip()
        own = [part for part in parts if str(part.get("Content-Location", "")).strip() == url]
        part = next(iter(own or parts), None)
        content = part.get_payload(decode=True) if part is not None else None
        charset = str(part.get_content_charset() or "utf-8") if part is not None else "utf-8"
        url = url or (str(part.get("Content-Location", "")).strip() if part is not None else "")
    except (MessageError, ValueError, LookupError, AttributeError, RecursionError) as error:
        require(name, f"its MHTML is damaged: {error}", holds=False)
        raise AssertionError from error
    require(name, "its MHTML holds no page", isinstance(content, bytes) and bool(content.strip()))
    assert isinstance(content, bytes)
    try:
        text = content.decode(charset, "replace")
    except LookupError:
        text = content.decode("utf-8", "replace")
    url = url if host_of(url) and re.fullmatch(r"https?://[^\s<>]+", url) else ""
    note = f"\ufeff<!-- saved from url=({len(url):04}){url} -->" if url else "\ufeff"
    return (note + text).encode("utf-8", "replace"), url


def addresses(body: bytes) -> list[str]:
    """Where a page says that it comes from: canonical link, og:url, the note of a browser."""
    html, url = opened(body)
    found = [next(filter(None, match)).decode("utf-8", "replace") for match in _TOLD.findall(html[:_START])]
    return list(dict.fromkeys(one for one in (url, *found) if one))


def inner(tag: Tag, *selectors: str) -> Tag | None:
    """The first element inside that one of these selectors finds, the preferred first."""
    return next((found for one in selectors if (found := tag.select_one(one)) is not None), None)


def said(tag: Tag | None) -> str | None:
    """What a machine or a reader is told by an element; `None` where it is absent or empty."""
    if tag is None:
        return None
    return attribute(tag, "content") or attribute(tag, "datetime") or shown(tag) or None


def digest(*parts: str | None) -> str:
    """An id of a review whose page gives none: 24 signs that follow from what it says."""
    text = "\x1f".join(" ".join((part or "").split()) for part in parts)
    return "s" + hashlib.sha1(text.encode("utf-8", "surrogatepass")).hexdigest()[:23]


class SavedPage(Saved):
    """A site whose saved pages are told by their address or their markup."""

    host: ClassVar[str]
    """Pattern of its hosts, without `www.`."""
    marks: ClassVar[str]
    """Pattern of what only its pages hold."""

    def recognise(self, body: bytes) -> bool:
        """Whether a saved page is one of this site: by its address, else by its markup."""
        told = addresses(body)
        if told:
            return any(re.fullmatch(self.host, host_of(url)) is not None for url in told)
        return re.search(self.marks.encode(), opened(body)[0]) is not None

    def parse(self, body: bytes, where: Where) -> Page:
        """The reviews of a page; `SourceChanged` when its shape is not the known one."""
        html, url = opened(body, self.name)
        found = self.reviews(Document(html, where.url or url))
        for record in found:
            record["source"] = self.name
        return Page(found)

    @abstractmethod
    def reviews(self, page: Document) -> tuple[Record, ...]:
        """The reviews of a page that has been read."""
