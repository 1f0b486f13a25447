"""What a page is that refuses to be read: a challenge, a captcha, a check for robots, a login.

A captcha is a page of its own, with hardly a word on it. The word alone says nothing: login forms
of ordinary pages have captchas too, and anybody can write it into a review.
"""

from __future__ import annotations

import re

__all__ = ["REFUSALS", "refusal"]

REFUSALS = frozenset({401, 402, 403, 407, 451, 507, 520, 521, 525, 526})
"""Statuses by which a site says no; 507 and 52x are those of captchas and shields."""

_LONGEST = 100_000
"""Bytes; a longer page is no challenge."""

_TITLES = {
    "Just a moment": r"just a moment|attention required|проверка браузера",
    "a captcha": r"captcha|капча",
    "a check for robots": r"access denied|are you (?:a )?(?:human|robot)|не робот|ddos-guard",
}
_TITLED, _BARE = 1500, 400
"""Visible characters that a challenge has at most: with a title that says so, and without."""

_TITLE = re.compile(r"<title[^<>]*>([^<]*)")
_FIELD = re.compile(r"<(?:form|input|iframe|div|img)\b[^<>]*captcha")
_HTML = re.compile(r"<(?:!doctype html|html|head|title|form|body)\b")
_FEED = re.compile(r"<(?:rss|feed|rdf:rdf)\b")
_LOGIN = re.compile(r"log ?in|sign ?in|authoriz|войдите|авториз")


def refusal(status: int, body: bytes) -> str | None:
    """What refuses, in words for the user; `None` for a page that may be read."""
    page = body[:_LONGEST].decode("utf-8", "replace").lower()
    seen = _visible(page)
    named = _challenge(page, seen) if len(body) <= _LONGEST else None
    if status == 200 or named is not None:
        return named
    for name, mark in (("a captcha", "captcha"), ("Just a moment", "just a moment")):
        if mark in (page if status in REFUSALS else seen):
            return name
    if status in REFUSALS:
        return "a login" if _LOGIN.search(page) else f"status {status}"
    return None


def _challenge(page: str, seen: str) -> str | None:
    """The kind of a page that holds nothing but a challenge."""
    start = page[:1000]
    if not start.lstrip("\ufeff \t\r\n").startswith("<") or not _HTML.search(start) or _FEED.search(start):
        return None
    title = _TITLE.search(page)
    if title is not None and len(seen) < _TITLED:
        for name, mark in _TITLES.items():
            if re.search(mark, title[1]):
                return name
    return "a captcha" if len(seen) < _BARE and _FIELD.search(page) else None


def _visible(page: str) -> str:
    """The words of a page, without scripts and tags; in a time that its length bounds."""
    kept, at = [], 0
    while (start := page.find("<script", at)) >= 0:
        kept.append(page[at:start])
        end = page.find("</script", start)
        if end < 0:
            return _words(kept)
        at = end
    return _words([*kept, page[at:]])


def _words(parts: list[str]) -> str:
    """Text between tags, with single spaces."""
    return " ".join(re.sub(r"<[^<>]*>", " ", " ".join(parts)).split())
