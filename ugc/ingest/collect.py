"""A collection: pages of a review site through the same door as files, into the lake."""

from __future__ import annotations

import asyncio
import contextlib
import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Literal

from scrapers.fetch import Client
from scrapers.source import Cursor, Source
from ugc.errors import SourceError
from ugc.ingest.records import Intake
from ugc.ingest.summary import ImportSummary
from ugc.lake import Lake
from ugc.settings import Settings, SourceSettings

__all__ = ["Collection", "collect"]


@dataclass
class Collection:
    """What a collection came to.

    `partial` means that the site broke off, or the limit was reached, and what came before is
    kept; `failed` that nothing came. `reason` says why a run is not complete.
    """

    source: str
    target: str
    cursor: Cursor
    summary: ImportSummary
    state: Literal["running", "complete", "partial", "failed"] = "running"
    reason: str = ""
    pages: int = 0


def _last_cursor(lake: Lake, source: str, target: str) -> Cursor:
    """The cursor of the newest run that has one for this target; empty for the first run."""
    with lake.snapshot() as snapshot:
        found = snapshot.sql(
            "SELECT cursor FROM runs WHERE kind = 'collect' AND source = ? AND target = ?"
            " AND cursor IS NOT NULL ORDER BY started_at DESC LIMIT 1",
            [source, target],
        ).to_pylist()
    return dict(json.loads(found[0]["cursor"])) if found else {}


async def _read(
    source: Source,
    so_far: Collection,
    client: Client,
    intake: Intake,
    *,
    since: date | None,
    limit: int | None,
    progress: Callable[[Collection], None],
) -> None:
    """Reads page after page; each page is stored before the next is asked for."""
    async with client, contextlib.aclosing(source.fetch(so_far.target, so_far.cursor, client)) as pages:
        async for page, cursor in pages:
            room = None if limit is None else limit - so_far.summary.rows
            stored = intake.add(page.records[:room])
            so_far.pages += 1
            progress(so_far)
            if limit is not None and so_far.summary.rows >= limit:
                so_far.state, so_far.reason = "partial", f"Stopped at the limit of {limit} reviews."
                return
            if since is not None and stored.last is not None and stored.last.date() < since:
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
    run = lake.start_run("collect", source.name, target)
    intake = Intake(lake, run_id=run, source=source.name, company=company)
    so_far = Collection(source.name, target, _last_cursor(lake, source.name, target), intake.summary)
    try:
        asyncio.run(_read(source, so_far, client, intake, since=since, limit=limit, progress=progress))
        if so_far.state == "running":
            so_far.state = "complete"
    except SourceError as error:
        so_far.state = "partial" if so_far.summary.rows else "failed"
        so_far.reason = str(error)
    cursor = json.dumps(so_far.cursor) if so_far.cursor else None
    lake.finish_run(run, so_far.state, so_far.reason, so_far.summary.counts(), cursor)
    return so_far
