"""A collection: pages of a review site through the same door as files, into the lake."""

from __future__ import annotations

import asyncio
import contextlib
import json
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from typing import Literal

from scrapers.fetch import Client
from scrapers.source import Cursor, Page, Source
from ugc.errors import SourceError
from ugc.ingest.records import ingest_records
from ugc.lake import Lake
from ugc.settings import Settings, SourceSettings

__all__ = ["Collection", "collect"]


@dataclass
class Collection:
    """What a collection came to.

    `partial` means that the site broke off and what came before is kept; `failed` that nothing
    came. `reason` says why a run is not complete. Dates are of the oldest and newest review read.
    """

    source: str
    target: str
    state: Literal["running", "complete", "partial", "failed"] = "running"
    reason: str = ""
    pages: int = 0
    counts: dict[str, int] = field(default_factory=dict)
    oldest: datetime | None = None
    newest: datetime | None = None
    cursor: Cursor = field(default_factory=dict)

    @property
    def reviews(self) -> int:
        """Reviews read from the site."""
        return self.counts.get("read", 0)

    def add(self, counts: dict[str, int]) -> None:
        """Adds the counts of one page."""
        for name, number in counts.items():
            self.counts[name] = self.counts.get(name, 0) + number


def _last_cursor(lake: Lake, source: str, target: str) -> Cursor:
    """The cursor of the newest run that has one for this target; empty for the first run."""
    with lake.snapshot() as snapshot:
        found = snapshot.sql(
            "SELECT cursor FROM runs WHERE kind = 'collect' AND source = ? AND target = ?"
            " AND cursor IS NOT NULL ORDER BY started_at DESC LIMIT 1",
            [source, target],
        ).to_pylist()
    return dict(json.loads(found[0]["cursor"])) if found else {}


def _page_dates(page: Page) -> list[datetime]:
    """When the reviews of a page were written, in UTC."""
    found = [datetime.fromisoformat(str(record["date"])) for record in page.records if "date" in record]
    return [one.astimezone(UTC) if one.tzinfo else one.replace(tzinfo=UTC) for one in found]


async def _read(
    lake: Lake,
    source: Source,
    so_far: Collection,
    client: Client,
    *,
    run: str,
    since: date | None,
    limit: int | None,
    company: str | None,
    progress: Callable[[Collection], None],
) -> None:
    """Reads page after page; each page is stored before the next is asked for."""
    async with client, contextlib.aclosing(source.fetch(so_far.target, so_far.cursor, client)) as pages:
        async for page, cursor in pages:
            room = None if limit is None else limit - so_far.reviews
            records = page.records if room is None else page.records[:room]
            summary = ingest_records(
                lake, [{"source": source.name, **one} for one in records],
                run_id=run, source=source.name, company=company,
            )  # fmt: skip
            so_far.add({"read": len(records), **summary.counts()})
            so_far.pages += 1
            dates = _page_dates(page)
            if dates:
                so_far.oldest = min([*dates, *([so_far.oldest] if so_far.oldest else [])])
                so_far.newest = max([*dates, *([so_far.newest] if so_far.newest else [])])
            progress(so_far)
            if limit is not None and so_far.reviews >= limit:
                so_far.state, so_far.reason = "partial", f"stopped at the limit of {limit} reviews"
                return
            if since is not None and dates and max(dates).date() < since:
                return
            so_far.cursor = cursor


def collect(
    lake: Lake,
    source: Source,
    target: str,
    *,
    settings: Settings,
    since: date | None = None,
    limit: int | None = None,
    company: str | None = None,
    progress: Callable[[Collection], None] = lambda _: None,
) -> Collection:
    """Collects the reviews of one target and records the run in the lake.

    Reads newest first, down to `since` (a day, UTC) or `limit` reviews; a later run reads what is
    new. `SettingsError` when no contact is set; every other trouble with the site ends the run as
    partial or failed with its reason.
    """
    chosen = settings.sources.get(source.name, SourceSettings())
    client = Client(
        chosen.base_url or source.base_url,
        contact=settings.contact,
        pause=source.pause if chosen.pause is None else chosen.pause,
        mirror=chosen.base_url is not None,
    )
    so_far = Collection(source.name, target, cursor=_last_cursor(lake, source.name, target))
    run = lake.start_run("collect", source.name, target)
    try:
        asyncio.run(
            _read(
                lake, source, so_far, client,
                run=run, since=since, limit=limit, company=company, progress=progress,
            )
        )  # fmt: skip
        if so_far.state == "running":
            so_far.state = "complete"
    except SourceError as error:
        so_far.state = "partial" if so_far.reviews else "failed"
        so_far.reason = str(error)
    lake.finish_run(
        run, so_far.state, so_far.reason, so_far.counts, json.dumps(so_far.cursor) if so_far.cursor else None
    )
    return so_far
