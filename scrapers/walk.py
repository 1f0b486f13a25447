"""Paging from the newest review down, so that a later run reads only what is new.

The cursor of a walk is a JSON object:

- `newest`: date of the newest review of the last run that came to its end; all that is older has
  been read. `head` are the ids of that run's first page, for sites that tell no dates.
- `gap`: of a run that did not come to its end, the dates between which it read (`newest`,
  `oldest`) and the position that follows (`at`). The next run reads what is new, then goes on from
  there instead of reading the same pages again.

Positions are what a site pages by: a number ("3") or a token. A number moves on when reviews were
added before it, so it is reckoned from where the old first page lies now, one page early, and
stepped back as long as the page found is older than what is known: reviews are read twice rather
than passed over.
"""

from __future__ import annotations

from collections.abc import AsyncGenerator, Awaitable, Callable, Iterable
from datetime import UTC, date, datetime, timedelta
from typing import Any

from scrapers.source import Cursor, Page, Record
from ugc.errors import SourceBlocked, SourceError

__all__ = ["each", "moment", "newest_first"]

_HEAD = 20
"""Ids of the first page that are kept."""

Walk = AsyncGenerator[tuple[Page, Cursor], None]


def moment(record: Record) -> datetime | None:
    """When a record says that it was written, if it says so in ISO form; UTC where no zone is told."""
    value = record.get("date")
    if not isinstance(value, str):
        return None
    try:
        found = datetime.fromisoformat(value)
    except ValueError:
        return None
    return found if found.tzinfo else found.replace(tzinfo=UTC)


class _Bounds:
    """How far down a run must read."""

    def __init__(self, cursor: Cursor, window: timedelta, since: date | None) -> None:
        self.window = window
        self.known = _parse(cursor.get("newest"))
        self.head = frozenset(cursor.get("head") or ())
        self.since = datetime(since.year, since.month, since.day, tzinfo=UTC) if since else None

    def reached(self, dates: list[datetime], ids: list[str]) -> bool:
        """Whether a page lies wholly before the window of the last run, or begins to repeat it."""
        if dates and self.known is not None:
            return max(dates) < self.known - self.window or (
                not self.window and min(dates) <= self.known and bool(self.head & set(ids))
            )
        return not dates and not self.window and bool(self.head & set(ids))

    def before(self, dates: list[datetime]) -> bool:
        """Whether a page lies wholly before the day that the user named."""
        return bool(dates) and self.since is not None and max(dates) < self.since


class _Gap:
    """What an interrupted run left."""

    def __init__(self, cursor: Cursor) -> None:
        told: dict[str, Any] = cursor.get("gap") or {}
        self.newest, self.oldest = _parse(told.get("newest")), _parse(told.get("oldest"))
        self.at = told.get("at")

    def position(self, number: int) -> str | None:
        """Where to go on when page `number` of this run reached the old first page; `None` at once."""
        if self.at is None or self.newest is None or self.oldest is None:
            return None
        if not self.at.isdigit():
            return str(self.at)
        moved = int(self.at) + number - 2
        return str(moved) if moved > number + 1 else None


async def newest_first(
    read: Callable[[str | None], Awaitable[Page]],
    cursor: Cursor,
    *,
    window: timedelta = timedelta(0),
    since: date | None = None,
) -> Walk:
    """Pages from the newest on, each with the cursor to keep once it is stored.

    Ends at a page that lies before the window of the last run, that repeats the one before, that is
    empty, or that has no `following`.

    Args:
        read: gives the page at a position; `None` is the first. `Page.following` is the next.
        cursor: of the last run; empty for the first.
        window: how far before the newest known review pages are read again.
        since: the day down to which the user wants to read.
    """
    bounds, gap = _Bounds(cursor, window, since), _Gap(cursor)
    kept: Cursor = {key: cursor[key] for key in ("newest", "head") if key in cursor}
    newest, oldest, head = bounds.known, None, list[str]()
    at: str | None = None
    before: list[str] = []
    number = 0
    while True:
        page = await read(at)
        number += 1
        ids = [str(record.get("source_id", "")) for record in page.records]
        dates = [found for found in map(moment, page.records) if found is not None]
        head = head or ids[:_HEAD]
        newest = max([*dates, *([newest] if newest else [])], default=None)
        oldest = min([*dates, *([oldest] if oldest else [])], default=None)
        repeats = bool(ids) and ids == before
        if repeats:
            page = Page(())
        if repeats or not page.records or page.following is None or bounds.reached(dates, ids):
            yield page, _done(newest, head)
            return
        here = {"newest": _iso(newest), "oldest": _iso(oldest), "at": page.following}
        yield page, {**kept, "gap": here}
        if bounds.before(dates):
            return
        before, at = ids, page.following
        if gap.newest is not None and dates and min(dates) <= gap.newest - window:
            jump, found = gap.position(number), None
            if jump is not None:
                at, found = await _leap(read, jump, gap, at, number)
            gap = _Gap({})
            if found is not None:
                read, at = _once(found, at, read), at


def _once(
    found: Page, at: str | None, read: Callable[[str | None], Awaitable[Page]]
) -> Callable[[str | None], Awaitable[Page]]:
    """A reader that has one page in its hand already."""
    hand = {at: found}

    async def known(position: str | None) -> Page:
        return hand.pop(position) if position in hand else await read(position)

    return known


async def _leap(
    read: Callable[[str | None], Awaitable[Page]], jump: str, gap: _Gap, at: str, number: int
) -> tuple[str, Page | None]:
    """Where an interrupted reading goes on, with the page there; `at` when that cannot be found."""
    while True:
        try:
            page = await read(jump)
        except SourceBlocked:
            raise
        except SourceError:
            return at, None
        dates = [found for found in map(moment, page.records) if found is not None]
        if dates and gap.oldest is not None and max(dates) >= gap.oldest:
            return jump, page
        if not jump.isdigit():
            return (jump, page) if dates else (at, None)
        if int(jump) - 1 <= number + 1:
            return at, None
        jump = str(int(jump) - 1)


async def each(streams: Iterable[str], cursor: Cursor, walk: Callable[[str, Cursor], Walk]) -> Walk:
    """The walks of several lists one after the other, each with its own part of the cursor."""
    state: dict[str, Cursor] = dict(cursor.get("streams") or {})
    for name in streams:
        async for page, mark in walk(name, state.get(name, {})):
            state[name] = mark
            yield page, {"streams": dict(state)}


def _done(newest: datetime | None, head: list[str]) -> Cursor:
    """The cursor of a run that came to its end."""
    return {"newest": _iso(newest), "head": head} if newest or head else {}


def _iso(value: datetime | None) -> str | None:
    """A moment as text."""
    return value.isoformat() if value else None


def _parse(value: Any) -> datetime | None:
    """A moment that a cursor tells."""
    return datetime.fromisoformat(value) if isinstance(value, str) else None
