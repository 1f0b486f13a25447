"""Things as schema.org tells them, whatever the syntax: a type, perhaps an id, and properties."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

__all__ = ["Thing", "first", "kinds", "local", "plain", "text_of", "values"]

Thing = dict[str, Any]
"""One item: "@type", "@id", and properties whose values are texts, numbers, things or lists of them.
This is the shape of JSON-LD; the readers of the other syntaxes give the same."""

_SPELLINGS = ("", "schema:", "http://schema.org/", "https://schema.org/")


def local(name: str) -> str:
    """A name without its vocabulary: `http://schema.org/Review` and `schema:Review` are `Review`."""
    return name.strip().rstrip("/#").rsplit("/", 1)[-1].rsplit("#", 1)[-1].rsplit(":", 1)[-1]


def kinds(thing: Thing) -> set[str]:
    """The types of a thing, without their vocabulary."""
    told = thing.get("@type", thing.get("type"))
    return {local(kind) for kind in (told if isinstance(told, list) else [told]) if isinstance(kind, str)}


def values(thing: Thing, *names: str) -> Iterator[Any]:
    """All values of the first of these properties that has any; lists are opened."""
    for name in names:
        found = [
            one
            for spelling in _SPELLINGS
            for one in _opened(thing.get(spelling + name))
            if one is not None and one != ""
        ]
        if found:
            yield from found
            return


def _opened(value: Any) -> list[Any]:
    """A value as a list: `@list` and `@set` are lists too."""
    if isinstance(value, dict) and len(value) == 1:
        value = value.get("@list", value.get("@set", value))
    return value if isinstance(value, list) else [value]


def first(thing: Thing, *names: str) -> Any:
    """The first value of these properties, `None` where there is none."""
    return next(values(thing, *names), None)


def plain(value: Any) -> str | None:
    """A value as a text: of a thing its name; `None` for what says nothing."""
    for _ in range(3):
        if isinstance(value, list):
            value = next((one for one in value if one not in (None, "")), None)
        elif isinstance(value, dict):
            value = value.get("@value", first(value, "name", "alternateName", "headline", "text"))
        else:
            break
    if isinstance(value, bool) or not isinstance(value, (str, int, float)):
        return None
    return str(value).strip() or None


def text_of(thing: Thing, *names: str) -> str | None:
    """The first of these properties that says something, as a text."""
    return next((found for name in names for one in values(thing, name) if (found := plain(one))), None)
