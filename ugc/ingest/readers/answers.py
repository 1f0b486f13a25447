"""Answers of an API: pages of items, and what an answer keeps beside its items."""

from __future__ import annotations

from typing import Any

__all__ = ["Included", "items"]

_PAGES: dict[str, frozenset[str]] = {
    "data": frozenset({"included", "links", "meta"}),
    "reviews": frozenset({"averageRating", "totalReviewCount", "nextPageToken"}),
    "locationReviews": frozenset({"nextPageToken"}),
    "conversations": frozenset({"pages", "total_count"}),
    "tickets": frozenset({"next_page", "previous_page", "count", "meta", "links", "end_of_stream"}),
    "satisfaction_ratings": frozenset({"next_page", "previous_page", "count", "meta", "links"}),
}
"""Names of the items of a page, with names of which one at least stands beside them on a page."""


class Included:
    """Things that JSON:API keeps apart in `included`: they are joined to the items they belong to.

    An item names what belongs to it in `relationships.NAME.data`, or the thing names its item so.
    """

    def __init__(self, things: Any = None) -> None:
        self._things: dict[tuple[Any, Any], dict[str, Any]] = {}
        self._of_owner: dict[tuple[Any, Any], list[tuple[str, dict[str, Any]]]] = {}
        for thing in things if isinstance(things, list) else ():
            self.see(thing)

    def __bool__(self) -> bool:
        return bool(self._things)

    def see(self, thing: Any) -> None:
        """Takes a thing in, if it can belong to an item at all."""
        if not isinstance(thing, dict) or not isinstance(thing.get("attributes"), dict):
            return
        key = _key(thing)
        if key is None:
            return
        self._things[key] = thing["attributes"]
        for owner in _named(thing):
            self._of_owner.setdefault(owner, []).append((key[0], thing["attributes"]))

    def joined(self, item: Any) -> Any:
        """An item with the attributes of what belongs to it, as `included.TYPE`."""
        if not self._things or not isinstance(item, dict):
            return item
        found = dict(self._of_owner.get(_key(item) or ("", ""), []))
        for key in _named(item):
            if key in self._things:
                found[key[0]] = self._things[key]
        return {**item, "included": found} if found else item


def _key(thing: Any) -> tuple[str, str] | None:
    """Type and id of a thing; `None` where it has none."""
    if not isinstance(thing, dict):
        return None
    kind, name = thing.get("type"), thing.get("id")
    return (kind, str(name)) if isinstance(kind, str) and isinstance(name, (str, int)) else None


def _named(thing: dict[str, Any]) -> list[tuple[str, str]]:
    """Types and ids of the things that one names as its own or as its owner."""
    relations = thing.get("relationships")
    if not isinstance(relations, dict):
        return []
    keys = (_key(one.get("data")) for one in relations.values() if isinstance(one, dict))
    return [key for key in keys if key is not None]


def items(element: Any) -> list[Any] | None:
    """The items of a whole page that stands where an item is expected; `None` for a mere item."""
    if not isinstance(element, dict):
        return None
    for name, beside in _PAGES.items():
        found = element.get(name)
        if isinstance(found, list) and (len(element) == 1 or beside & element.keys()):
            included = Included(element.get("included"))
            return [included.joined(one) for one in found]
    return None
