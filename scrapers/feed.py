"""RSS 2.0, RSS 1.0 and Atom feeds at any address: the entries of the feed, and of its older pages."""

from __future__ import annotations

import hashlib
import re
from collections.abc import AsyncGenerator, Iterator
from email.utils import parsedate_to_datetime
from html import escape
from typing import Any
from urllib.parse import SplitResult, urljoin, urlsplit
from xml.etree.ElementTree import Element, ParseError, tostring

from defusedxml.ElementTree import fromstring

from scrapers.fetch import Client
from scrapers.source import Cursor, Page, Record, Source, Where, records, require, wrong_target
from scrapers.walk import moment, newest_first
from ugc.errors import SourceError

__all__ = ["Feed"]

_ATOM = frozenset({"http://www.w3.org/2005/Atom", "http://purl.org/atom/ns#"})
_RSS = frozenset({"", "http://purl.org/rss/1.0/", "http://my.netscape.com/rdf/simple/0.9/"})
_CORE = _ATOM | _RSS
_DC = frozenset({"http://purl.org/dc/elements/1.1/", "http://purl.org/dc/terms/"})
_CONTENT = frozenset({"http://purl.org/rss/1.0/modules/content/"})
_ITUNES = "http://itunes.apple.com/rss"
_RATING = frozenset({"", _ITUNES, "http://schemas.google.com/g/2005", "http://www.purl.org/stuff/rev#"})
"""Where a `rating` is one of the customer's; that of media:rating is an age limit."""

_ABOUT = "{http://www.w3.org/1999/02/22-rdf-syntax-ns#}about"
_ROOTS = frozenset({"rss", "feed", "RDF"})
_PATH = re.compile(r"\.(?:rss|atom|rdf)$|/(?:rss|atom|feed|feeds)(?:\.xml|\.php)?/?$", re.IGNORECASE)


def _split(tag: Any) -> tuple[str, str]:
    """Namespace and name of an element; comments have neither."""
    space, _, name = tag.rpartition("}") if isinstance(tag, str) else ("", "", "")
    return space.removeprefix("{"), name


def _is_core(element: Element) -> bool:
    """Whether an element is one of RSS or Atom itself."""
    return _split(element.tag)[0] in _CORE


def _all(entry: Element, names: str, spaces: frozenset[str] = _CORE) -> Iterator[Element]:
    """The children with one of the names, in the order of the names."""
    for name in names.split():
        for child in entry:
            space, found = _split(child.tag)
            if found == name and space in spaces:
                yield child


def _text(entry: Element, names: str, spaces: frozenset[str] = _CORE) -> str | None:
    """The words of the first such child that has any, on one line."""
    found = (" ".join("".join(child.itertext()).split()) for child in _all(entry, names, spaces))
    return next((words for words in found if words), None)


def _wording(entry: Element) -> str:
    """What the entry says, the whole content before the summary; HTML stays HTML."""
    for child in (*_all(entry, "encoded", _CONTENT), *_all(entry, "content description summary")):
        if len(child):
            # XHTML stands in the feed as elements; without their namespaces they are HTML again.
            for element in child.iter():
                element.tag, element.attrib = _split(element.tag)[1] or "span", {}
            inner = "".join(tostring(one, encoding="unicode", method="html") for one in child)
            return (escape(child.text or "", quote=False) + inner).strip()
        if child.text and child.text.strip():
            return child.text.strip()
    return ""


def _author(entry: Element) -> str | None:
    """Who wrote it: a name, or whatever stands where a name should."""
    for author in _all(entry, "author"):
        found = _text(author, "name email") or _text(entry, "author")
        if found:
            return found
    return _text(entry, "creator", _DC)


def _moment(value: str | None) -> str | None:
    """The date of a mail, which RSS uses, in ISO form; others as they stand."""
    if value is None or not re.match(r"(?:[A-Za-z]{3,9},\s*)?\d{1,2}\s+[A-Za-z]{3}", value):
        return value
    try:
        return parsedate_to_datetime(value).isoformat()
    except ValueError:
        return value


def _link(entry: Element, relation: str, base: str) -> str | None:
    """The address of a link with this relation; in RSS the text of `link` is the entry's own."""
    for child in _all(entry, "link"):
        address = child.get("href") or ("" if child.get("rel") else (child.text or "").strip())
        if address and child.get("rel", "alternate") == relation:
            try:
                return urljoin(base, address)
            except ValueError:
                return None
    return None


def _parts(url: str) -> SplitResult:
    """The parts of an address, none of one that is broken."""
    try:
        return urlsplit(url)
    except ValueError:
        return urlsplit("")


def _hash(said: str) -> str:
    """Hexadecimal digits that stand for a text."""
    return hashlib.sha256(said.encode("utf-8", "replace")).hexdigest()


class Feed(Source):
    """Entries of one feed, in its order; where the feed has older pages, these too (RFC 5005)."""

    name = "feed"
    title = "RSS and Atom feeds"
    target = "the address of the feed, e.g. https://example.com/reviews.rss"
    example = "ugc collect feed https://example.com/reviews.rss"
    limits = "what the feed holds, mostly its newest entries only; ratings where the feed has them"
    base_url = ""
    pause = 1.0

    def recognise(self, url: str) -> str | None:
        """The address itself where it looks like a feed's: …/feed/, …/rss, ….atom."""
        found = re.match(r"https?://[^/\s?#]+([^\s?#]*)", url.strip())
        return url.strip() if found and _PATH.search(found[1]) else None

    def parse(self, body: bytes, where: Where) -> Page:
        """One page of the feed; `following` is the address of the older one, if it names one.

        The host of the feed is the source of its reviews, so that two feeds with the same ids
        stay apart.
        """
        root = self._root(body)
        entries = [one for one in root.iter() if _split(one.tag)[1] in {"item", "entry"} and _is_core(one)]
        found = records(self.name, entries, lambda entry: self._record(entry, where))
        heads = (root, *_all(root, "channel"))
        older = next((link for head in heads if (link := _link(head, "next", where.url))), "")
        here, there = _parts(where.url), _parts(older)
        same = bool(older) and (there.scheme, there.netloc) == (here.scheme, here.netloc)
        return Page(found, more=same, following=older if same else None)

    def _root(self, body: bytes) -> Element:
        """The feed as a tree; neither entities nor anything outside of it is read."""
        start = body[:60].decode("utf-8", "replace").lstrip("\ufeff\r\n\t ")
        try:
            root: Element = fromstring(body.lstrip(), forbid_dtd=False, forbid_entities=True)
        except (ParseError, ValueError, LookupError, RecursionError) as error:
            require(self.name, f"it is no XML ({error}) and begins with {start!r}", holds=False)
            raise AssertionError from error
        require(self.name, f"it is no RSS or Atom and begins with {start!r}", _split(root.tag)[1] in _ROOTS)
        return root

    def _record(self, entry: Element, where: Where) -> Record:
        """One entry; a rating of Apple is on a scale of 5, others may tell their best value."""
        rating = next(_all(entry, "rating", _RATING), None)
        value = best = None
        if rating is not None:
            value = rating.get("value") or _text(entry, "rating", _RATING)
            best = rating.get("max") or (5 if _split(rating.tag)[0] == _ITUNES else None)
        link = _link(entry, "alternate", where.url)
        date = _text(entry, "pubDate published issued created") or _text(entry, "date issued created", _DC)
        changed = _text(entry, "updated modified") or _text(entry, "modified", _DC)
        record: Record = {
            "source": _parts(where.url).hostname,
            "url": link,
            "author": _author(entry),
            "date": _moment(date or changed),
            "edited_at": _moment(changed) if date else None,
            "rating": value,
            "rating_scale": best,
            "title": _text(entry, "title"),
            "app_version": _text(entry, "version", frozenset({_ITUNES})),
            "text": self._words(entry),
        }
        told = _text(entry, "guid id") or entry.get(_ABOUT) or link
        if told and ":" not in told:
            # A bare number is unique in its feed only, and a host may have several.
            told = f"{_hash(where.target)[:8]}#{told}"
        said = repr([record[key] for key in ("author", "date", "title", "text")])
        return {**record, "source_id": told or _hash(said)[:24]}

    def _words(self, entry: Element) -> str:
        """The text of an entry; `ValueError` for one that is nested without end."""
        try:
            return _wording(entry)
        except RecursionError as error:
            raise ValueError("its elements are nested too deep") from error

    async def fetch(
        self, target: str, cursor: Cursor, client: Client
    ) -> AsyncGenerator[tuple[Page, Cursor], None]:
        """The feed unless it is as it was, then its older pages down to what the last run saw.

        The cursor keeps `validators`, with which the feed is asked whether it has changed, once
        everything up to them is stored.
        """
        address = target.strip()
        if not re.fullmatch(r"https?://[^/\s?#@]+([/?#]\S*)?", address) or not _parts(address).hostname:
            raise wrong_target(self, target)
        client.allow(address)
        answer, validators = await client.changed(address, cursor.get("validators") or {})
        if answer is None:
            yield Page(()), cursor
            return
        first = self.parse(answer.body, answer.where)

        async def read(position: str | None) -> Page:
            if position is None:
                return first
            older = await client.get(position)
            return self.parse(older.body, older.where)

        kept = {key: value for key, value in cursor.items() if key != "validators"}
        found: list[Record] = []
        async for page, mark in newest_first(read, kept, since=client.since):
            yield page, mark if "gap" in mark else {**mark, "validators": validators}
            found += [{key: record.get(key) for key in ("source_id", "date")} for record in page.records]
        if client.since is None:
            _check_reach(found, cursor)


def _check_reach(found: list[Record], cursor: Cursor) -> None:
    """`SourceError` when entries may have come and gone since the last run: none of it was met."""
    known, head = moment({"date": cursor.get("newest")}), set(cursor.get("head") or ())
    dates = [date for date in map(moment, found) if date is not None]
    if known is None or not dates or min(dates) <= known or head & {record["source_id"] for record in found}:
        return
    raise SourceError(
        f"The feed no longer reaches back to the last run: entries between {known:%Y-%m-%d %H:%M} and "
        f"{min(dates):%Y-%m-%d %H:%M} UTC may have been missed.",
        "Collect it more often.",
    )
