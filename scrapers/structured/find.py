"""The reviews among the things of a page, and what each of them is about."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from scrapers.structured.microdata import REVIEWS
from scrapers.structured.thing import Thing, first, kinds, local, plain, values

__all__ = ["Found", "announced", "find", "known"]

_KINDS = frozenset(
    {"Review", "UserReview", "CriticReview", "EmployerReview", "MediaReview", "Recommendation"}
)
_NO_REVIEW = frozenset(
    {"AggregateRating", "Rating", "ClaimReview", "Comment", "ItemList", "Collection", "ListItem"}
)
_FRAMING = (
    "WebPage WebSite ItemPage AboutPage CollectionPage ProfilePage FAQPage BreadcrumbList ImageObject "
    "Person SearchAction ReadAction Comment Blog VideoObject SiteNavigationElement WPHeader WPFooter "
    "WPSideBar PostalAddress Offer AggregateOffer Rating AggregateRating ListItem ItemList Collection"
)
_FRAME = frozenset(_FRAMING.split())
"""Types that frame a page or a thing and are not what customers write about."""


_PUBLISHING = frozenset(
    {"Organization", "Corporation", "NewsMediaOrganization", "Article", "BlogPosting", "NewsArticle"}
)
"""Types of a site's publisher and of what it writes."""


@dataclass(slots=True)
class Found:
    """A review and what it is about, where the page says it."""

    review: Thing
    about: Thing | None = None


def _inner(thing: Thing) -> Iterator[tuple[str, Any]]:
    """All values inside a thing with the names of their properties; lists are opened."""
    for name, value in thing.items():
        for one in value if isinstance(value, list) else (value,):
            if isinstance(one, list):
                yield from ((local(name), inner) for inner in one)
            else:
                yield local(name), one


def _everything(things: list[Thing]) -> Iterator[tuple[Thing, str, Thing | None, Thing | None]]:
    """Every thing of a page in order, with where it stands.

    That is the property that holds it, the owner of the property, and the nearest thing around it
    that can be reviewed.
    """
    waiting: list[tuple[Thing, str, Thing | None, Thing | None]] = [
        (thing, "", None, None) for thing in reversed(things)
    ]
    seen: set[int] = set()
    while waiting:
        thing, name, owner, around = waiting.pop()
        yield thing, name, owner, around
        if id(thing) in seen:
            continue
        seen.add(id(thing))
        near = thing if _reviewable(thing) else around
        inner = [(one, key, thing, near) for key, one in _inner(thing) if isinstance(one, dict)]
        waiting += reversed(inner)


def _reviewable(thing: Thing) -> bool:
    """Whether customers may write about such a thing."""
    types = kinds(thing)
    return bool(types) and not types & (_KINDS | _FRAME) and first(thing, "name", "url") is not None


def known(things: list[Thing]) -> bool:
    """Whether a review, a count of reviews, or a thing that customers may review is told.

    The name of the site and of who publishes it stand on every page and say nothing of reviews.
    """
    for thing, name, _, _ in _everything(things):
        types = kinds(thing)
        if name == "aggregateRating" or types & (_KINDS | {"AggregateRating"}):
            return True
        if _reviewable(thing) and not types <= _PUBLISHING:
            return True
    return False


def announced(things: list[Thing]) -> int:
    """How many reviews the page says that there are of one thing; 0 where it does not say."""
    most = 0
    for thing, name, _, _ in _everything(things):
        if name == "aggregateRating" or "AggregateRating" in kinds(thing):
            told = (plain(first(thing, "reviewCount")) or "").replace(" ", "").replace("\u00a0", "")
            most = max(most, int(told)) if told.isdecimal() and len(told) < 10 else most
    return most


def find(things: list[Thing]) -> list[Found]:
    """Every review of a page once, in order.

    A review is what is said to be one by its type, or by the property `review`; things that only
    refer to one by its `@id` are looked up. A review that stands alone is about the only
    thing of the page that can be reviewed, if there is just one.
    """
    index: dict[str, Thing] = {}
    for thing, *_ in _everything(things):
        key = thing.get("@id")
        if isinstance(key, str) and len(thing) > 1:
            index.setdefault(key, thing)

    def looked_up(thing: Any) -> Any:
        key = thing.get("@id") if isinstance(thing, dict) and len(thing) == 1 else None
        return index.get(key, thing) if isinstance(key, str) else thing

    found: dict[int, Found] = {}
    subjects: dict[int, Thing] = {}
    for thing, name, owner, around in _everything(things):
        said = name in REVIEWS
        review = looked_up(thing)
        if _is_review(review, said=said):
            one = found.setdefault(id(review), Found(review))
            one.about = one.about or looked_up(next(_subjects(review), around if said or owner else None))
        if _reviewable(thing) and name in {"", "@graph", "mainEntity", "item", "about", "itemReviewed"}:
            subjects.setdefault(id(thing), thing)
        for text in values(thing, *REVIEWS):
            if isinstance(text, str) and " " in text.strip() and "://" not in text[:12]:
                found.setdefault(id(text), Found({"@type": "Review", "reviewBody": text}, around or thing))
    rated = [one for one in subjects.values() if first(one, "aggregateRating") is not None]
    only = rated if len(rated) == 1 else list(subjects.values())
    for one in found.values():
        if one.about is None and len(only) == 1:
            one.about = only[0]
    return list(found.values())


def _subjects(review: Thing) -> Iterator[Thing]:
    """What a review itself says that it is about; a bare name is a thing with a name."""
    for value in values(review, "itemReviewed", "itemreviewed"):
        if isinstance(value, dict) and value:
            yield value
        elif (name := plain(value)) is not None:
            yield {"name": name}


def _is_review(thing: Thing, *, said: bool) -> bool:
    """Whether a thing is a review: by its type, or by the property it stands in, `said`."""
    types = kinds(thing)
    if types & _KINDS:
        return len(thing) > 1
    return said and not types & _NO_REVIEW and set(thing) - {"@type", "@id"} != set()
