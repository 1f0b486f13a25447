"""RDFa: items by `typeof`, each `property` to the nearest item around it.

Names of schema.org and of the older data-vocabulary.org ("v:") are read, with a prefix or without;
those of other vocabularies (og:, dc:, foaf:, sioc:) are left alone.
"""

from __future__ import annotations

import re
from itertools import islice

from bs4 import BeautifulSoup
from bs4.element import Tag

from scrapers.structured.document import attribute
from scrapers.structured.microdata import put, value
from scrapers.structured.thing import Thing, local

__all__ = ["things"]

_DEPTH = 500
"""Elements around a property among which its item is looked for."""

_OURS = re.compile(r"(?:schema:|v:|https?://schema\.org/|https?://rdf\.data-vocabulary\.org/#)?[A-Za-z]\w*")


def _names(told: str) -> list[str]:
    """The names of an attribute that are of a vocabulary known here."""
    return [local(name) for name in told.split() if _OURS.fullmatch(name)]


def things(soup: BeautifulSoup) -> list[Thing]:
    """The outermost items of a page, in order."""
    scopes: dict[int, Thing] = {}
    marked: list[Tag] = []
    for tag in soup.find_all(True):
        if not isinstance(tag, Tag) or not ("typeof" in tag.attrs or "property" in tag.attrs):
            continue
        marked.append(tag)
        if "typeof" in tag.attrs:
            thing: Thing = {"@type": _names(attribute(tag, "typeof"))}
            scopes[id(tag)] = thing
            subject = attribute(tag, "resource") or attribute(tag, "about")
            if subject:
                thing["@id"] = subject
    top: list[Thing] = []
    for tag in marked:
        thing_of = scopes.get(id(tag))
        owner, related = _owner(tag, scopes)
        names = _names(attribute(tag, "property"))
        if thing_of is not None and not names:
            names = [
                name for name in _names(attribute(tag, "rel")) if ":" in attribute(tag, "rel")
            ] or related
        if owner is None or not names:
            if thing_of is not None and thing_of["@type"]:
                top.append(thing_of)
            continue
        for name in names:
            put(owner, name, value(tag, name) if thing_of is None else thing_of)
    return top


def _owner(tag: Tag, scopes: dict[int, Thing]) -> tuple[Thing | None, list[str]]:
    """The item that a property belongs to, and how an element between says that they relate."""
    related: list[str] = []
    for parent in islice(tag.parents, _DEPTH):
        found = scopes.get(id(parent))
        if not related and ":" in attribute(parent, "rel"):
            related = _names(attribute(parent, "rel"))
        if found is not None:
            return found, related
    return None, []
