"""What may leave the house: addresses that are safe to follow, text that is safe to print."""

from __future__ import annotations

import re
from urllib.parse import urlsplit

__all__ = ["printable", "web_address"]

_CONTROL = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u200e\u200f\u202a-\u202e\u2066-\u2069\ufff9-\ufffb]")
_BREAK = re.compile(r"[\t\n\v\f\r\x85\u2028\u2029]+")


def printable(text: str) -> str:
    """Text on one line without anything that steers a terminal.

    Line breaks and tabs become one space; other control characters (ESC and the C1 range among
    them) and marks that turn the direction of writing become U+FFFD.
    """
    return _CONTROL.sub("\ufffd", _BREAK.sub(" ", text))


def web_address(url: str | None) -> str | None:
    """The address when it is http or https with a host and without blanks or controls, else `None`."""
    if not url or _CONTROL.search(url) or any(mark.isspace() or mark in '<>"`\\' for mark in url):
        return None
    try:
        parts = urlsplit(url)
    except ValueError:
        return None
    return url if parts.scheme.lower() in ("http", "https") and parts.hostname else None
