"""JSON-LD: the blocks of a page, mended where pages usually break them.

Raw line breaks in texts, comments and CDATA around a block, commas before a closing bracket, several
documents in one block and a block written with HTML entities are read. A block that still is no JSON
is passed over when it names no review (a broken list of links concerns nobody); where it names one,
the whole page is refused, however fine its other blocks are: what is lost could not be told.
"""

from __future__ import annotations

import html
import json
import re
from typing import Any

from bs4 import BeautifulSoup
from bs4.element import Tag

from scrapers.source import require
from scrapers.structured.document import attribute
from scrapers.structured.thing import Thing

__all__ = ["things"]

_OPENING = re.compile(r"(?://|/\*)? {0,4}<!(?:--|\[CDATA\[) {0,4}(?:\*/)?")
_CLOSING = re.compile(r"(?://|/\*)? {0,4}(?:--|\]\])> {0,4}(?:\*/)?\Z")
_COMMA = re.compile(r'("(?:[^"\\]|\\.)*")|,(?=\s*[}\]])', re.DOTALL)
_REVIEW = re.compile(r"(?:\"|&quot;|:|/)(?:reviews?|reviewBody|(?:User|Critic|Employer)?Review)(?:\"|&quot;)")
_DECODER = json.JSONDecoder(strict=False)


def things(soup: BeautifulSoup, name: str) -> list[Thing]:
    """The documents of all blocks of a page, in order.

    `SourceChanged` naming the block when one that holds reviews cannot be read.
    """
    found: list[Thing] = []
    blocks = [
        tag
        for tag in soup.find_all("script")
        if "ld+json" in attribute(tag, "type").casefold().replace(" ", "")
    ]
    for number, tag in enumerate(blocks, 1):
        text = _inside(tag)
        try:
            documents = _read(text)
        except (ValueError, RecursionError) as error:
            why = f"block {number} of JSON-LD is no JSON: {type(error).__name__} {error}"
            require(name, why, holds=_REVIEW.search(text) is None)
            continue
        for document in documents:
            found += [one for one in (document if isinstance(document, list) else [document]) if one]
    return [one for one in found if isinstance(one, dict)]


def _inside(tag: Tag) -> str:
    """The text of a block without what wraps it."""
    text = (tag.string or tag.get_text()).strip().lstrip("\ufeff")
    opening = _OPENING.match(text)
    text = text[opening.end() :] if opening else text
    end = text[-20:]
    return (text[: len(text) - len(end)] + _CLOSING.sub("", end)).strip().rstrip(";").rstrip()


def _read(text: str) -> list[Any]:
    """The documents of a block; `ValueError` or `RecursionError` when it is none."""
    if not text:
        return []
    tries = [text, _COMMA.sub(lambda match: match[1] or "", text)]
    if "&quot;" in text[:40]:
        tries.append(html.unescape(text))
    for number, attempt in enumerate(tries, 1):
        try:
            return _documents(attempt)
        except ValueError:
            if number == len(tries):
                raise
    return []


def _documents(text: str) -> list[Any]:
    """One JSON document after another, however they are parted."""
    found: list[Any] = []
    at = 0
    while at < len(text):
        document, at = _DECODER.raw_decode(text, at)
        found.append(document)
        while at < len(text) and text[at] in " \t\r\n;,":
            at += 1
    return found
