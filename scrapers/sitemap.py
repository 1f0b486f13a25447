"""Sitemaps (sitemaps.org 0.9): lists of addresses as XML, packed with gzip or not."""

from __future__ import annotations

import re
import zlib
from dataclasses import dataclass
from xml.etree.ElementTree import ParseError

from defusedxml import DefusedXmlException
from defusedxml.ElementTree import fromstring

from ugc.errors import SourceChanged

__all__ = ["LARGEST", "Sitemap", "is_sitemap", "read", "unpacked"]

LARGEST = 16 * 1024 * 1024
"""Bytes of a sitemap after unpacking at most."""

_ROOT = re.compile(rb"<(?:[\w-]{1,20}:)?(?:urlset|sitemapindex)[\s>]")


@dataclass(frozen=True, slots=True)
class Sitemap:
    """What a sitemap lists: addresses of pages, or of further sitemaps."""

    addresses: tuple[str, ...]
    index: bool
    """Whether the addresses are those of sitemaps."""


def unpacked(body: bytes, name: str) -> bytes:
    """A body without its gzip; `SourceChanged` naming the source when it is broken or too long."""
    if not body.startswith(b"\x1f\x8b"):
        return body
    reader = zlib.decompressobj(wbits=31)
    try:
        plain = reader.decompress(body, LARGEST + 1)
    except zlib.error as error:
        raise _broken(name, f"its gzip is damaged ({error})") from error
    if len(plain) > LARGEST or not reader.eof:
        raise _broken(name, f"it is cut off, or longer than {LARGEST // 1024 // 1024} MB unpacked")
    return plain


def is_sitemap(body: bytes) -> bool:
    """Whether a page is a sitemap, by its first element."""
    return _ROOT.search(body[:3000]) is not None and b"<html" not in body[:3000].lower()


def read(body: bytes, name: str) -> Sitemap:
    """The addresses of a sitemap; `SourceChanged` naming the source when it is no whole XML."""
    try:
        root = fromstring(body)
    except (ParseError, DefusedXmlException, LookupError, ValueError) as error:
        raise _broken(name, str(error)) from error
    found = (
        (element.text or "").strip()
        for item in root
        for element in item
        if isinstance(element.tag, str) and element.tag.rpartition("}")[2] == "loc"
    )
    return Sitemap(
        tuple(dict.fromkeys(one for one in found if one)), str(root.tag).rpartition("}")[2] == "sitemapindex"
    )


def _broken(name: str, why: str) -> SourceChanged:
    """The error for a sitemap that cannot be read."""
    return SourceChanged(
        f"The sitemap that {name} was given cannot be read: {why}.",
        "Open it in a browser and check, or name the pages in a file: @FILE.",
    )
