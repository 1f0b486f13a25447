"""What a review site is to the rest of the program: a name, a pure parser and a way to page."""

from __future__ import annotations

import json
from collections.abc import AsyncGenerator, Callable, Iterable
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Any, Protocol, runtime_checkable

from ugc.errors import InputError, SourceChanged

if TYPE_CHECKING:
    from scrapers.fetch import Client

__all__ = [
    "WHOLE",
    "Cursor",
    "Page",
    "Record",
    "Saved",
    "Source",
    "Where",
    "count",
    "limits_of",
    "read_json",
    "records",
    "require",
    "wrong_target",
]

Record = dict[str, Any]
"""One review as the site tells it; keys are those of the common record, which
`ugc.ingest.normalise` lists: source_id, text, title, pros, cons, author, author_id, date, rating,
rating_scale, company, product, place, place_id, city, url, language, reply_text, reply_date …
A key that the site lacks is absent. Texts may be HTML and dates may be in any form; a date in ISO
form with its zone lets the site be read incrementally."""

Cursor = dict[str, Any]
"""How far a source has been read, as JSON; what it means is the source's own business."""


WHOLE = timedelta(days=36_500)
"""The window of a source that is read whole every time."""


@dataclass(frozen=True, slots=True)
class Where:
    """Where a page comes from, so that it can be parsed again without the network.

    `target` is what the user named, `url` the address that was asked, without secrets.
    """

    target: str
    url: str


@dataclass(frozen=True, slots=True)
class Page:
    """What one page held."""

    records: tuple[Record, ...]
    more: bool = False
    """Whether the site says, or the page suggests, that more follow."""
    following: str | None = None
    """The site's own token or address of the following page, where it has one."""
    total: int | None = None
    """How many reviews the site itself counts for the target, where it says so."""


@runtime_checkable
class Source(Protocol):
    """One review site that can be read. A new one is a module with a class derived from this.

    Where a class sets nothing, the values given here hold.
    """

    name: str
    """Its key, as in `ugc collect NAME`; lower-case letters, digits and underscores."""
    title: str
    """Its name as people know it."""
    target: str
    """What TARGET is, in a few words with an example."""
    example: str
    """A whole command that works."""
    limits: str
    """What the site does not give."""
    base_url: str
    """Scheme and host of the site; empty where the target itself is an address."""
    pause: float
    """Seconds between two requests to a host."""
    needs: str = "nothing"
    """What a user must have: "nothing", or which key and where it is had."""
    key: bool = False
    """Whether a key is needed: `UGC_SOURCES__NAME__KEY`."""
    hosts: tuple[str, ...] = ()
    """Further hosts of the site that `fetch` asks; `*.example.com` stands for all below it."""
    cookies: bool = False
    """Whether cookies are sent back within a run; they are never kept."""
    window: timedelta = timedelta(0)
    """How long after a review its answers and edits still come; so far back a run reads again.
    `WHOLE` where nothing tells what is new, so that every run reads all."""
    may_break: bool = False
    """Whether the site has no contract for what is read here."""

    def recognise(self, url: str) -> str | None:
        """The target that an address of the site names; `None` for other addresses."""
        ...

    def parse(self, body: bytes, where: Where) -> Page:
        """A page's bytes as records; `SourceChanged` when the shape is not the known one.

        Pure: the same bytes from the same place give the same page.
        """
        ...

    def fetch(self, target: str, cursor: Cursor, client: Client) -> AsyncGenerator[tuple[Page, Cursor], None]:
        """Pages from the newest on, each with the cursor to keep once its records are stored.

        `InputError` for a target that cannot be one.
        """
        ...


@runtime_checkable
class Saved(Protocol):
    """A site whose pages are read only where a person saved them in a browser."""

    name: str
    """Its key, and the `source` of its reviews."""
    title: str
    """Its name as people know it."""
    how: str
    """Which page to save, in a sentence."""
    why: str
    """Why it is not collected, in a sentence."""

    def recognise(self, body: bytes) -> bool:
        """Whether a saved page is one of this site, by what it holds."""
        ...

    def parse(self, body: bytes, where: Where) -> Page:
        """The page's reviews; `SourceChanged` when the shape is not the known one."""
        ...


def read_json(name: str, body: bytes) -> Any:
    """A body as JSON; `SourceChanged` naming the source when it is something else."""
    try:
        return json.loads(body.decode("utf-8", "replace"), strict=False)
    except (ValueError, RecursionError) as error:
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
        except (
            AttributeError,
            IndexError,
            KeyError,
            OSError,
            OverflowError,
            TypeError,
            ValueError,
        ) as error:
            require(name, f"review {number} of the page: {type(error).__name__} {error}", holds=False)
            raise AssertionError from error
        found.append({key: value for key, value in record.items() if value is not None})
    return tuple(found)


def count(value: Any) -> int | None:
    """A number of reviews that a site names, `None` for anything else than a whole number from 0."""
    return value if isinstance(value, int) and not isinstance(value, bool) and value >= 0 else None


def limits_of(source: Source) -> str:
    """What a source does not give, how far back it is read again, and whether it may break."""
    notes = [source.limits]
    if source.window >= WHOLE:
        notes.append("every run reads all of it, whatever --since says, for nothing tells what is new")
    elif source.window:
        notes.append(f"the last {source.window.days} days are read again for answers and edits")
    if source.may_break:
        notes.append("the site has no contract for this and may change")
    return "; ".join(notes)


def wrong_target(source: Source, target: str) -> InputError:
    """The error for a target that the site cannot have."""
    return InputError(
        f"{target!r} is no target of {source.title}: it takes {source.target}.",
        f"For instance: {source.example}",
    )
