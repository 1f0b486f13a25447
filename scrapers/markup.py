"""Bytes of a page as a tree, whatever they say of their own encoding."""

from __future__ import annotations

import codecs
import re

from bs4 import BeautifulSoup

__all__ = ["decoded", "tree"]

_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_NAMED = re.compile(rb"<meta[^>]{0,200}?charset\s*=\s*[\"']?([a-z0-9_-]{3,20})", re.IGNORECASE)
_KNOWN = {
    "windows-1251": "cp1251",
    "cp1251": "cp1251",
    "koi8-r": "koi8-r",
    "windows-1250": "cp1250",
    "iso-8859-2": "iso8859-2",
    "windows-1252": "cp1252",
    "iso-8859-1": "cp1252",
}
"""Encodings that pages of our languages are written in, besides UTF-8."""


def decoded(body: bytes) -> str:
    """A page as text: by its mark, as UTF-8 where it is, else as it says, and never with NUL.

    What cannot be decoded becomes a replacement sign.
    """
    for mark, name in _MARKS:
        if body.startswith(mark):
            return body[len(mark) :].decode(name, "replace").replace("\0", "")
    try:
        text = body.decode("utf-8")
    except UnicodeDecodeError:
        named = _NAMED.search(body[:4096])
        encoding = _KNOWN.get(named[1].decode("ascii").lower(), "utf-8") if named else "utf-8"
        text = body.decode(encoding, "replace")
    return text.replace("\0", "")


def tree(body: bytes) -> BeautifulSoup:
    """A page as a tree."""
    return BeautifulSoup(decoded(body), "lxml")
