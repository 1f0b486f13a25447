"""Microdata: items by `itemscope`, each property to the nearest item around it.

As pages write it rather than as it is defined: `content` counts on any element, a property that is
said in words (a name, a text) is what a reader sees even on a link, and an element that is a
`review` with properties inside but without `itemscope` is an item all the same.
"""

from __future__ import annotations

from collections.abc import Iterator

from bs4 import BeautifulSoup
from bs4.element import Tag

from scrapers.structured.document import attribute, shown
from scrapers.structured.thing import Thing, local

__all__ = ["REVIEWS", "put", "things", "value"]

REVIEWS = frozenset({"review", "reviews", "reviewers"})
"""Properties that hold reviews."""

_LINKS = "url image photo sameAs discussionUrl logo thumbnailUrl contentUrl mainEntityOfPage @id"
_ADDRESSES = frozenset(_LINKS.split())
"""Properties whose value is where an element leads, not what it shows."""


def value(tag: Tag, name: str) -> str:
    """The value of a property that is no item."""
    if "content" in tag.attrs:
        return attribute(tag, "content")
    for other in ("datetime", "value"):
        if attribute(tag, other):
            return attribute(tag, other)
    leads = attribute(tag, "href") or attribute(tag, "src")
    if name in _ADDRESSES and leads:
        return leads
    return shown(tag) or leads


def put(thing: Thing, name: str, one: object) -> None:
    """Adds a value to a property; several make a list."""
    if name not in thing:
        thing[name] = one
    elif isinstance(thing[name], list):
        thing[name].append(one)
    else:
        thing[name] = [thing[name], one]


def _names(tag: Tag) -> list[str]:
    """The properties that an element is."""
    return [local(name) for name in attribute(tag, "itemprop").split()]


def _is_scope(tag: Tag) -> bool:
    """Whether an element is an item."""
    if "itemscope" in tag.attrs:
        return True
    return bool(REVIEWS.intersection(_names(tag))) and tag.find(itemprop=True) is not None


def _marked(soup: BeautifulSoup) -> Iterator[Tag]:
    """All elements with microdata, in order."""
    for tag in soup.find_all(True):
        if isinstance(tag, Tag) and ("itemprop" in tag.attrs or "itemscope" in tag.attrs):
            yield tag


def things(soup: BeautifulSoup) -> list[Thing]:
    """The outermost items of a page, in order."""
    marked = list(_marked(soup))
    scopes: dict[int, Thing] = {}
    lent: dict[int, Thing] = {}
    named: dict[str, Tag] = {}
    if soup.find(itemref=True) is not None:
        for tag in soup.find_all(id=True):
            named.setdefault(attribute(tag, "id"), tag)
    for tag in marked:
        if _is_scope(tag):
            thing: Thing = {"@type": attribute(tag, "itemtype").split()}
            scopes[id(tag)] = thing
            if attribute(tag, "itemid"):
                thing["@id"] = attribute(tag, "itemid")
            for reference in attribute(tag, "itemref").split():
                element = named.get(reference)
                if element is not None and element is not tag:
                    lent[id(element)] = thing
    top: list[Thing] = []
    around: dict[int, Thing | None] = {}
    for tag in marked:
        thing_of = scopes.get(id(tag))
        owner = _owner(tag, scopes, lent, around)
        names = _names(tag)
        if owner is None or owner is thing_of or not names:
            _keep_top(top, tag, thing_of, names)
            continue
        for name in names:
            put(owner, name, value(tag, name) if thing_of is None else thing_of)
    return top + _circling(top, list(scopes.values()))


def _circling(top: list[Thing], items: list[Thing]) -> list[Thing]:
    """Items that belong to nothing but each other, of each circle one."""
    reached: set[int] = set()
    for item in top:
        _reach(item, reached)
    found: list[Thing] = []
    for item in items:
        if id(item) not in reached:
            found.append(item)
            _reach(item, reached)
    return found


def _reach(item: Thing, reached: set[int]) -> None:
    """Adds an item and all inside it to what is reached."""
    waiting: list[object] = [item]
    while waiting:
        one = waiting.pop()
        if isinstance(one, list):
            waiting += one
        elif isinstance(one, dict) and id(one) not in reached:
            reached.add(id(one))
            waiting += one.values()


def _owner(
    tag: Tag, scopes: dict[int, Thing], lent: dict[int, Thing], around: dict[int, Thing | None]
) -> Thing | None:
    """The item that a property belongs to: the nearest around it, or the one that refers to it.

    `around` keeps what was found for the elements between, so that no way is gone twice.
    """
    if id(tag) in lent:
        return lent[id(tag)]
    between: list[int] = []
    found: Thing | None = None
    for parent in tag.parents:
        key = id(parent)
        found = scopes.get(key) or lent.get(key) or around.get(key)
        if found is not None or key in around:
            break
        between.append(key)
    around.update(dict.fromkeys(between, found))
    return found


def _keep_top(top: list[Thing], tag: Tag, thing: Thing | None, names: list[str]) -> None:
    """Keeps an outermost item; a review that belongs to nothing is still a review."""
    review = bool(REVIEWS.intersection(names))
    if thing is not None:
        if review and not thing["@type"]:
            thing["@type"] = ["Review"]
        top.append(thing)
    elif review and not attribute(tag, "href") and (said := value(tag, "review")):
        top.append({"@type": ["Review"], "reviewBody": said})
