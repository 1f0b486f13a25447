"""A page of HTML, read once for all syntaxes: its tree, its own address, the page that follows it."""

from __future__ import annotations

import re
from functools import cached_property
from urllib.parse import parse_qsl, urldefrag, urlencode, urljoin, urlsplit, urlunsplit

from bs4 import BeautifulSoup
from bs4.element import NavigableString, Tag

__all__ = ["Document", "attribute", "host_of", "shown"]

_BLOCK_TAGS = (
    "address article aside blockquote dd div dl dt figure footer h1 h2 h3 h4 h5 h6 header hr li main "
    "nav ol p pre section table td th tr ul"
)
_BLOCKS = frozenset(_BLOCK_TAGS.split())
_UTF16 = (b"\xff\xfe", b"\xfe\xff")
_SPACES = re.compile(r"\s+")
_PAGE = re.compile(r"(?i)page|paged|p|pg|pagen_\d+|strona|stranica")
_XML = re.compile(rb"(?i)<\?xml")
_DECLARED = re.compile(rb"""(?i)<\?xml[^<>]{0,80}encoding\s{0,9}=\s{0,9}["']([a-z0-9_-]{1,30})["']""")
_CHARSET = re.compile(rb"(?i)charset\s{0,9}=")
_LOOKED = 200_000
"""Bytes by which the encoding is judged."""

_SAVED_FROM = re.compile(
    rb"(?i)<!--[^>]{0,80}?(?:saved from url=\(\d+\)|url:)\s{0,9}(https?://[^\s>]{1,2000})"
)


def attribute(tag: Tag, name: str) -> str:
    """An attribute as a text; "" where it is absent."""
    value = tag.attrs.get(name, "")
    return " ".join(value) if isinstance(value, list) else str(value)


def host_of(url: str) -> str:
    """The host of an address without `www.`; "" for what is no address."""
    try:
        host = urlsplit(url).hostname or ""
    except ValueError:
        return ""
    return host.removeprefix("www.")


def shown(tag: Tag) -> str:
    """What a reader sees of an element: blocks and `br` break lines, scripts and comments are left out."""
    parts: list[str] = []
    for node in tag.descendants:
        if type(node) is NavigableString:
            after = node.previous_sibling
            if isinstance(after, Tag) and after.name in _BLOCKS:
                parts.append("\n")
            parts.append(_SPACES.sub(" ", node))
            if node.next_sibling is None and node.parent is not None and node.parent.name in _BLOCKS:
                parts.append("\n")
        elif isinstance(node, Tag) and (node.name == "br" or node.name in _BLOCKS):
            parts.append("\n")
    lines = (" ".join(line.split()) for line in "".join(parts).split("\n"))
    return "\n".join(line for line in lines if line)


def _encoding(body: bytes) -> str | None:
    """The encoding of a page that does not name it: UTF-8, or Windows-1251 where that gives Russian.

    `None` leaves it to the parser, as where the page names its own.
    """
    if body.startswith((*_UTF16, b"\xef\xbb\xbf")):
        return None
    declared = _DECLARED.match(body[:300].lstrip())
    if declared or _CHARSET.search(body[:4096]):
        return declared[1].decode("ascii") if declared else None
    foreign = sum(1 for byte in body[:_LOOKED] if byte > 127)
    broken = body[:_LOOKED].decode("utf-8", "replace").count("\ufffd")
    if broken * 20 <= foreign:
        return "utf-8"
    letters = [
        sign for sign in body[:_LOOKED].decode("cp1251", "replace") if sign > "\x7f" and sign.isalpha()
    ]
    russian = sum("а" <= sign <= "я" for sign in letters)
    return "cp1251" if russian * 2 > len(letters) else None


class Document:
    """A page and where it lies."""

    def __init__(self, body: bytes, url: str) -> None:
        """`url` is where the page was read; "" for a file, whose own words are asked then."""
        self._start = body[:4000]
        if not body.startswith(_UTF16):
            body = body.replace(b"\x00", b"")  # at which the parser would stop
        encoding = _encoding(body)
        # What is no markup at all, or says to be XML, makes the parser warn instead of read.
        body = _XML.sub(b"<?x", body) if b"<" in body else b"<html></html>"
        self.soup = BeautifulSoup(body, "lxml", from_encoding=encoding)
        self.url = url or self._told()

    @cached_property
    def base(self) -> str:
        """What relative addresses count from."""
        tag = self.soup.find("base", href=True)
        return self._joined(self.url, attribute(tag, "href")) if isinstance(tag, Tag) else self.url

    @cached_property
    def address(self) -> str:
        """The address of what the page is about: the canonical one of the same host, without page numbers."""
        told = self._told()
        url = told if told and host_of(told) == host_of(self.url) else self.url
        try:
            parts = urlsplit(url)
        except ValueError:
            return ""
        kept = [
            (name, value)
            for name, value in parse_qsl(parts.query, keep_blank_values=True)
            if not (_PAGE.fullmatch(name) and value.isdigit())
        ]
        path = re.sub(r"/page/\d+/?$", "/", parts.path)
        return urlunsplit((parts.scheme, parts.netloc, path, urlencode(kept), ""))

    @cached_property
    def language(self) -> str | None:
        """The language that the page says it is in."""
        tag = self.soup.find("html")
        told = (attribute(tag, "lang") or attribute(tag, "xml:lang")) if isinstance(tag, Tag) else ""
        return told or None

    @cached_property
    def following(self) -> str | None:
        """The next page by `rel=next`, on the same host; `None` at the last."""
        for tag in self.soup.find_all(["link", "a"], rel="next", href=True):
            href = attribute(tag, "href").strip()
            there = urldefrag(self.absolute(href)).url
            if href and not href.startswith("#") and there and there != urldefrag(self.url).url:
                parts, here = urlsplit(there), urlsplit(self.url)
                if parts.scheme in {"http", "https"} and parts.netloc == here.netloc:
                    return there
        return None

    def absolute(self, href: str) -> str:
        """A whole address; "" for what cannot be one."""
        return self._joined(self.base, href)

    @staticmethod
    def _joined(base: str, href: str) -> str:
        try:
            joined = urljoin(base, href.strip())
            urlsplit(joined)
        except ValueError:
            return ""
        return joined

    def _told(self) -> str:
        """Where the page says that it lies: canonical link, og:url, the note of a browser that saved it."""
        links = (
            (self.soup.find("link", rel="canonical"), "href"),
            (self.soup.find("meta", property="og:url"), "content"),
        )
        for tag, name in links:
            told = attribute(tag, name).strip() if isinstance(tag, Tag) else ""
            if told.startswith(("http://", "https://")) and host_of(told):
                return told
        found = _SAVED_FROM.search(self._start)
        return found[1].decode("utf-8", "replace") if found else ""
