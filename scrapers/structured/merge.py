"""One review told in several syntaxes of a page is one record."""

from __future__ import annotations

import html
import re
from collections import defaultdict

from scrapers.source import Record

__all__ = ["merge"]

_TAG = re.compile(r"</?[a-zA-Z][^<>]{0,200}>")

_START = 24
"""Letters by which two texts are first compared."""


def _letters(value: object) -> str:
    """A text as its letters and digits without markup, to compare it."""
    text = _TAG.sub(" ", html.unescape(str(value or "")))
    return "".join(re.findall(r"[^\W_]", text.casefold()))


def _said(record: Record) -> str:
    """The words of a review, to compare them; "" where it is only a rating."""
    return _letters(record.get("text") or record.get("title"))


def _key(record: Record) -> tuple[str, ...]:
    """What two tellings of a review surely share."""
    said = _said(record)
    if said:
        return ("said", said[:_START])
    return ("rated", _letters(record.get("author")), _letters(record.get("date"))[:8])


def _same(one: Record, other: Record) -> bool:
    """Whether two records tell the same review: nothing that both say differs, a text may be cut."""
    for name in ("author", "rating"):
        mine, yours = one.get(name), other.get(name)
        if mine is not None and yours is not None and _letters(mine) != _letters(yours):
            return False
    days = [_letters(record.get("date"))[:8] for record in (one, other)]
    if all(day.isdecimal() and len(day) == 8 for day in days) and days[0] != days[1]:
        return False
    first, second = _said(one), _said(other)
    return first.startswith(second) or second.startswith(first) if first and second else first == second


def merge(tellings: list[list[Record]]) -> list[Record]:
    """The records of several syntaxes as one list; each list keeps all that it alone tells.

    Fields that the first telling lacks are taken from the others, and the longer text wins.
    Within one syntax, a review that is told twice with the same words, author and day is one.
    """
    merged: list[Record] = []
    for telling in tellings:
        known: dict[tuple[str, ...], list[Record]] = defaultdict(list)
        for record in merged:
            known[_key(record)].append(record)
        for record in _once(telling):
            places = known[_key(record)]
            match = next((other for other in places if _same(other, record)), None)
            if match is None:
                merged.append(record)
                continue
            places[:] = [other for other in places if other is not match]
            _complete(match, record)
    return merged


def _once(telling: list[Record]) -> list[Record]:
    """The records of one syntax without exact repetitions; bare ratings are never taken for one."""
    seen: set[tuple[str, ...]] = set()
    kept = []
    for record in telling:
        said = tuple(str(record.get(name, "")) for name in ("text", "author", "date", "rating", "title"))
        if record.get("text") and (record.get("author") or record.get("date")):
            if said in seen:
                continue
            seen.add(said)
        kept.append(record)
    return kept


def _complete(record: Record, other: Record) -> None:
    """Adds to a record what another telling of it has besides."""
    if len(_letters(other.get("text"))) > len(_letters(record.get("text"))):
        record["text"] = other["text"]
    for name, value in other.items():
        record.setdefault(name, value)
