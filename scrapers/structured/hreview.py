"""hReview 0.3 and h-review of microformats2: reviews by the names of classes."""

from __future__ import annotations

from bs4 import BeautifulSoup
from bs4.element import Tag

from scrapers.structured.document import attribute, shown
from scrapers.structured.thing import Thing

__all__ = ["things"]


def things(soup: BeautifulSoup) -> list[Thing]:
    """Every review of a page as a thing of type Review, in order."""
    found = [_old(tag) for tag in soup.find_all(class_="hreview") if isinstance(tag, Tag)]
    return found + [_new(tag) for tag in soup.find_all(class_="h-review") if isinstance(tag, Tag)]


def _inner(tag: Tag | None, *classes: str) -> Tag | None:
    """The first element inside with one of these classes, the preferred first."""
    for name in classes:
        found = tag.find(class_=name) if tag is not None else None
        if isinstance(found, Tag):
            return found
    return None


def _said(tag: Tag | None) -> str | None:
    """What an element tells a machine: its value-title, title, time or value, else its text."""
    if tag is None:
        return None
    told = _inner(tag, "value-title")
    if told is not None and attribute(told, "title"):
        return attribute(told, "title")
    names = ("datetime", "value", *(("title",) if tag.name == "abbr" else ()))
    machine = next((attribute(tag, name) for name in names if attribute(tag, name)), "")
    return machine or shown(tag) or attribute(tag, "alt") or None


def _link(tag: Tag | None) -> str | None:
    """Where a link leads."""
    return (attribute(tag, "href") or None) if tag is not None else None


def _told(thing: Thing) -> Thing:
    """A thing without the properties that are absent."""
    return {name: value for name, value in thing.items() if value}


def _old(tag: Tag) -> Thing:
    """One hReview."""
    item, reviewer, rating = _inner(tag, "item"), _inner(tag, "reviewer"), _inner(tag, "rating")
    own = tag.find("a", rel=["bookmark", "self"])
    return _told(
        {
            "@type": ["Review"],
            "itemReviewed": _told({"name": _said(_inner(item, "fn") or item)}),
            "author": _said(_inner(reviewer, "fn", "nickname") or reviewer),
            "datePublished": _said(_inner(tag, "dtreviewed")),
            "name": _said(_inner(tag, "summary")),
            "reviewBody": _text(_inner(tag, "description")),
            "reviewRating": _told(
                {
                    "ratingValue": _said(_inner(rating, "value", "average") or rating),
                    "bestRating": _said(_inner(rating, "best") or _inner(tag, "best")),
                }
            ),
            "url": _link(own if isinstance(own, Tag) else _inner(tag, "permalink")),
        }
    )


def _new(tag: Tag) -> Thing:
    """One h-review."""
    item, author = _inner(tag, "p-item"), _inner(tag, "p-author", "p-reviewer")
    return _told(
        {
            "@type": ["Review"],
            "itemReviewed": _told({"name": _said(_inner(item, "p-name") or item)}),
            "author": _said(_inner(author, "p-name") or author),
            "datePublished": _said(_inner(tag, "dt-published", "dt-reviewed")),
            "name": _said(next((one for one in tag.find_all(class_="p-name") if _of(one, tag)), None)),
            "reviewBody": _text(_inner(tag, "e-content", "e-description", "p-description")),
            "reviewRating": _told(
                {"ratingValue": _said(_inner(tag, "p-rating")), "bestRating": _said(_inner(tag, "p-best"))}
            ),
            "url": _link(next((one for one in tag.find_all(class_="u-url") if _of(one, tag)), None)),
        }
    )


def _of(tag: Tag, review: Tag) -> bool:
    """Whether an element belongs to the review itself and not to its item or author."""
    for parent in tag.parents:
        if parent is review:
            return True
        if {"p-item", "p-author", "p-reviewer"} & set(attribute(parent, "class").split()):
            return False
    return False


def _text(tag: Tag | None) -> str | None:
    """The text of an element."""
    return shown(tag) if tag is not None else None
