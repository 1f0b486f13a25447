"""What a review site is to the rest of the program: a name, a pure parser and a way to page."""

from __future__ import annotations

import json
from collections.abc import AsyncGenerator, Callable, Iterable
from dataclasses import dataclass, field
from typing import Any, Protocol, runtime_checkable

from scrapers.fetch import Client
from ugc.errors import SourceChanged

__all__ = ["Cursor", "Page", "Record", "Source", "read_json", "records", "require"]

Record = dict[str, Any]
"""One review as the site tells it; keys are those of the common record (`ugc.review.Review`
before cleaning): source_id, text, title, pros, cons, author, date, rating, rating_scale,
company, product, place, city, url, language, reply_text, reply_date, app_version …
A key that the site lacks is absent."""

Cursor = dict[str, Any]
"""How far a source has been read, as JSON; what it means is the source's own business."""


@dataclass(frozen=True, slots=True)
class Page:
    """What one page held: its records, and whether the site says that more follow."""

    records: tuple[Record, ...]
    more: bool
    following: str | None = field(default=None)
    """The site's own token of the following page, where it has one."""


@runtime_checkable
class Source(Protocol):
    """One review site. A new one is a module with such an object and a line in the registry."""

    name: str
    """Its key, as in `ugc collect NAME`."""
    title: str
    """Its name as people know it."""
    needs: str
    """What a user must have: "nothing", a key, a saved page."""
    target: str
    """What TARGET is, in a few words."""
    example: str
    """A whole command that works."""
    limits: str
    """What the site does not give."""
    base_url: str
    """Scheme and host of the site."""
    pause: float
    """Seconds between two requests."""

    def parse(self, body: bytes) -> Page:
        """A page's bytes as records; `SourceChanged` when the shape is not the known one."""
        ...

    def fetch(self, target: str, cursor: Cursor, client: Client) -> AsyncGenerator[tuple[Page, Cursor], None]:
        """Pages from the newest on, each with the cursor to keep once its records are stored."""
        ...


def read_json(name: str, body: bytes) -> Any:
    """A body as JSON; `SourceChanged` naming the source when it is something else."""
    try:
        return json.loads(body.decode("utf-8", "replace"), strict=False)
    except ValueError as error:
        start = body[:60].decode("utf-8", "replace")
        raise SourceChanged(
            f"{name} sent something that is not JSON ({error}); it begins with {start!r}.",
            "Try again later; if it stays so, the site has changed and the parser needs an update.",
        ) from error


def require(name: str, place: str, holds: bool) -> None:
    """`SourceChanged` naming source and place unless the page holds what the parser relies on."""
    if not holds:
        raise SourceChanged(
            f"The page of {name} has another shape than known: {place}.",
            "The site has changed; the parser needs an update. Nothing of this page was taken.",
        )


def records(name: str, rows: Iterable[Any], convert: Callable[[Any], Record]) -> tuple[Record, ...]:
    """Each row of a page converted, without the fields it lacks.

    A row that is not shaped as `convert` expects is a `SourceChanged` that names its place: a
    page is taken whole or not at all.
    """
    found = []
    for number, row in enumerate(rows, 1):
        try:
            record = convert(row)
        except (AttributeError, KeyError, OverflowError, TypeError, ValueError) as error:
            require(name, f"review {number} of the page: {type(error).__name__} {error}", holds=False)
            raise AssertionError from error
        found.append({key: value for key, value in record.items() if value is not None})
    return tuple(found)
