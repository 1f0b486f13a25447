"""Paging from the newest review down, so that a later run reads only what is new.

The cursor of a walk is a JSON object:

- `newest`: date of the newest review of the last run that came to its end; all that is older has
  been read. `head` are the ids of that run's first page, for sites that tell no dates.
- `gap`: of a run that did not come to its end, the dates between which it read (`newest`,
  `oldest`) and the position that follows (`at`). The next run reads what is new, then goes on from
  there instead of reading the same pages again.

Positions are what a site pages by: the number of a page ("3") or a token, which is anything else,
so an offset or an id must be told with a word before it ("before=3"). A number moves on when
reviews were added before it, so it is reckoned from where the old first page lies now, one page
early, and stepped back until the page found begins among what is known: reviews are read twice
rather than passed over.

What decides is the last review of a page, never its oldest: one that is pinned to the top, however
old, must not end a run. Where days are told without hours, a page that ends on the known day does
not end it either, for others of that day may follow. Dates that lie in the future are none.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import AsyncGenerator, Awaitable, Callable, Iterable
from datetime import UTC, date, datetime, timedelta
from typing import Any

from scrapers.source import Cursor, Page, Record
from ugc.errors import SourceBlocked, SourceError

__all__ = ["each", "moment", "newest_first"]

_HEAD = 20
"""Ids of the first page that are kept."""

_SILENT = 5
"""Pages without a review that are passed in a row, where the site says that more follow."""

_SLACK = timedelta(days=1)
"""How far the clock of a site may be ahead."""

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


def _dates(page: Page) -> list[datetime]:
    """When the reviews of a page were written, in their order."""
    latest = datetime.now(UTC) + _SLACK
    return [found for found in map(moment, page.records) if found is not None and found <= latest]


def _ids(page: Page) -> list[str]:
    """What tells the reviews of a page apart: their ids, or what they hold where the site has none."""
    return [str(record.get("source_id") or "") or _digest(record) for record in page.records]


def _digest(record: Record) -> str:
    """A short name for what a record holds."""
    whole = json.dumps(record, sort_keys=True, default=str)
    return hashlib.blake2b(whole.encode("utf-8", "replace"), digest_size=12).hexdigest()


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
                not self.window and dates[-1] < self.known and bool(self.head & set(ids))
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

    def position(self, found: int, number: int) -> str | None:
        """Where to go on after page `number` of this run; `None` for the following page.

        `found` is the page that reached the first one of the interrupted run.
        """
        if self.at is None or self.newest is None or self.oldest is None:
            return None
        if not self.at.isdigit():
            return str(self.at)
        moved = int(self.at) + found - 2
        return str(moved) if moved > number + 1 else None


async def newest_first(
    read: Callable[[str | None], Awaitable[Page]],
    cursor: Cursor,
    *,
    window: timedelta = timedelta(0),
    since: date | None = None,
) -> Walk:
    """Pages from the newest on, each with the cursor to keep once it is stored.

    Ends at a page that lies before the window of the last run, that came before in this run, that
    is empty without `more`, or that has no `following`.

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
    seen: set[int] = set()
    asked: set[str] = set()
    number, silent, reached = 0, 0, None
    while True:
        page = await read(at)
        number += 1
        ids, dates = _ids(page), _dates(page)
        head = head or ids[:_HEAD]
        newest = max([*dates, *([newest] if newest else [])], default=None)
        oldest = dates[-1] if dates else oldest
        silent = 0 if ids else silent + 1
        repeats = bool(ids) and hash(tuple(ids)) in seen
        dry = silent > (_SILENT if page.more else 0)
        if repeats:
            page = Page(())
        follows = page.following is not None and page.following not in asked
        if repeats or dry or not follows or bounds.reached(dates, ids):
            yield page, _done(newest, head)
            return
        yield page, {**kept, "gap": {"newest": _iso(newest), "oldest": _iso(oldest), "at": page.following}}
        if bounds.before(dates):
            return
        at = str(page.following)
        seen.add(hash(tuple(ids)))
        asked.add(at)
        if gap.newest is None or not dates:
            continue
        if reached is None and dates[-1] < gap.newest:
            reached = number
        if reached is not None and dates[-1] < gap.newest - window:
            further = gap.oldest is not None and gap.oldest < dates[-1]
            jump, found = gap.position(reached, number) if further else None, None
            if jump is not None:
                at, found = await _leap(read, jump, gap, at, number)
                seen.clear()
                asked.clear()
            gap = _Gap({})
            if found is not None:
                read = _once(found, at, read)


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
    step = 1
    while True:
        try:
            page = await read(jump)
        except SourceBlocked:
            raise
        except SourceError:
            return at, None
        dates = _dates(page)
        if dates and gap.oldest is not None and dates[0] > gap.oldest:
            return jump, page
        if not jump.isdigit():
            return (jump, page) if dates else (at, None)
        if int(jump) - step <= number + 1:
            return at, None
        jump, step = str(int(jump) - step), step * 2


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
