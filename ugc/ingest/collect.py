"""Collections: the pages of review sites, side by side, through the cleaning into the lake."""

from __future__ import annotations

import asyncio
import contextlib
import json
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Literal

from scrapers.archive import Archive
from scrapers.fetch import Access, Client
from scrapers.hosts import Hosts
from scrapers.source import Cursor, Page, Record, Source
from ugc.errors import InputError, LakeError, SettingsError, SourceError
from ugc.ingest.alone import alone
from ugc.ingest.records import Intake, lake_texts
from ugc.ingest.summary import ImportSummary
from ugc.lake import Lake
from ugc.lake.runs import State
from ugc.settings import Settings, SourceSettings

__all__ = ["Collection", "Job", "collect", "collect_all"]

_BATCH = 2000
"""Reviews that are written together."""

_LATEST = 10.0
"""Seconds after which what was read is written, however little it is."""

_SIDE_BY_SIDE = 8
"""Collections that run at the same time at most."""


@dataclass(frozen=True, slots=True)
class Job:
    """What is to be collected.

    Attributes:
        source: the site.
        target: what to read there.
        company: name of the company where the site has none.
        since: the day, UTC, down to which is read.
        limit: reviews at most.
    """

    source: Source
    target: str
    company: str | None = None
    since: date | None = None
    limit: int | None = None


@dataclass
class Collection:
    """What a collection came to, and how far it is while it runs.

    `partial` means that the site broke off, or the limit was reached, and what came before is
    kept; `failed` that nothing came. `reason` says why a run is not complete.
    """

    job: Job
    summary: ImportSummary = field(default_factory=ImportSummary)
    cursor: Cursor = field(default_factory=dict)
    state: Literal["running"] | State = "running"
    reason: str = ""
    pages: int = 0
    read: int = 0
    """Reviews read; those not yet written included."""
    total: int | None = None
    """How many reviews the site itself counts, where it says so."""
    waiting: str = ""
    """Why the client waits at this moment."""
    seconds: float = 0.0

    @property
    def source(self) -> str:
        """The source's name."""
        return self.job.source.name

    @property
    def target(self) -> str:
        """What is read there."""
        return self.job.target

    @property
    def rate(self) -> float:
        """Reviews a second."""
        return self.read / self.seconds if self.seconds else 0.0


Progress = Callable[[Collection], None]


class _Writer:
    """Gathers the reviews of one run and writes them together with the cursor that they reach."""

    def __init__(self, intake: Intake, so_far: Collection, turn: asyncio.Lock) -> None:
        self._intake, self._so_far, self._turn = intake, so_far, turn
        self._waiting: list[Record] = []
        self._mark: Cursor | None = None
        self._last = time.monotonic()

    async def take(self, records: Sequence[Record], mark: Cursor | None) -> None:
        """Keeps the records of a page; `mark` is the cursor once they are written, if it moves."""
        self._waiting += records
        self._mark = self._mark if mark is None else mark
        if len(self._waiting) >= _BATCH or time.monotonic() - self._last > _LATEST:
            await self.flush()

    async def flush(self) -> None:
        """Writes what was gathered. Cleaning takes its time, so it runs beside the reading."""
        waiting, self._waiting = self._waiting, []
        cursor = None if self._mark is None else json.dumps(self._mark)
        async with self._turn:
            if waiting:
                await asyncio.to_thread(self._intake.add, waiting, cursor=cursor)
        if self._mark is not None:
            self._so_far.cursor = self._mark
        self._last = time.monotonic()


async def _read(so_far: Collection, client: Client, writer: _Writer, progress: Progress) -> None:
    """Reads page after page until the source ends or the limit is reached."""
    job = so_far.job
    started = time.monotonic()
    pages = job.source.fetch(job.target, so_far.cursor, client)
    async with client, contextlib.aclosing(pages):
        async for page, mark in pages:
            found = _within(page, job.limit, so_far.read)
            whole = len(found) == len(page.records)
            so_far.pages += 1
            so_far.read += len(found)
            so_far.total = so_far.total if page.total is None else page.total
            so_far.seconds = time.monotonic() - started
            await writer.take(found, mark if whole else None)
            progress(so_far)
            if job.limit is not None and so_far.read >= job.limit:
                so_far.state, so_far.reason = "partial", f"Stopped at the limit of {job.limit} reviews."
                return


def _within(page: Page, limit: int | None, read: int) -> tuple[Record, ...]:
    """The records of a page that the limit leaves."""
    return page.records if limit is None else page.records[: max(0, limit - read)]


class _Session:
    """Collections that run at the same time in one lake."""

    def __init__(self, lake: Lake, settings: Settings, replay: bool, progress: Progress) -> None:
        self._lake, self._settings, self._replay, self._progress = lake, settings, replay, progress
        self._hosts, self._turn = Hosts(), asyncio.Lock()
        self._room = asyncio.Semaphore(_SIDE_BY_SIDE)
        self._texts = lake_texts(lake)

    def access(self, job: Job, archive: Archive | None, waiting: Callable[[str], None]) -> Access:
        """How the site of a job is read."""
        chosen = self._settings.sources.get(job.source.name, SourceSettings())
        return Access(
            contact=self._settings.contact,
            base_url=chosen.base_url,
            pause=chosen.pause,
            key=chosen.key.get_secret_value() if chosen.key else None,
            robots=chosen.robots,
            since=job.since,
            hosts=self._hosts,
            archive=archive,
            waiting=waiting,
        )

    async def collect(self, so_far: Collection) -> None:
        """One collection from its start to its end, noted in the lake."""
        job = so_far.job
        async with self._room:
            with alone(self._lake.address, job.source.name, job.target) as free:
                if not free:
                    so_far.state, so_far.reason = "failed", "Another collection of this is running."
                    return
                await self._noted(so_far)

    async def _noted(self, so_far: Collection) -> None:
        """A collection as a run of the lake."""
        job, lake = so_far.job, self._lake
        async with self._turn:
            so_far.cursor = json.loads(lake.last_cursor(job.source.name, job.target) or "{}")
            run = lake.start_run("collect", job.source.name, job.target)
        intake = Intake(lake, run_id=run, source=job.source.name, company=job.company, duplicates=self._texts)
        so_far.summary = intake.summary
        writer = _Writer(intake, so_far, self._turn)

        def waiting(reason: str) -> None:
            if reason != so_far.waiting:
                so_far.waiting = reason
                self._progress(so_far)

        kept = Archive(self._settings.archive, job.source.name, run) if self._replay else None
        try:
            with kept or contextlib.nullcontext():
                client = Client(job.source, job.target, self.access(job, kept, waiting))
                await _read(so_far, client, writer, self._progress)
            await writer.flush()
        except (SourceError, InputError, SettingsError) as error:
            so_far.reason = str(error)
            await writer.flush()
        except LakeError as error:
            so_far.state, so_far.reason = "failed", str(error)
            with contextlib.suppress(LakeError):
                self._finish(so_far, run)
            raise
        except BaseException as error:
            so_far.reason = _broken_off(error)
            await writer.flush()
            self._finish(so_far, run)
            raise
        self._finish(so_far, run)

    def _finish(self, so_far: Collection, run: str) -> None:
        """Notes how a run ended."""
        if so_far.state == "running":
            broken: State = "partial" if so_far.summary.rows else "failed"
            so_far.state = broken if so_far.reason else "complete"
        counts = {**so_far.summary.counts(), "pages": so_far.pages}
        if so_far.total is not None:
            counts["total"] = so_far.total
        cursor = json.dumps(so_far.cursor) if so_far.cursor else None
        span = (so_far.summary.first, so_far.summary.last)
        self._lake.finish_run(run, so_far.state, so_far.reason or None, counts, cursor, span)
        self._progress(so_far)


def _broken_off(error: BaseException) -> str:
    """Why a run was broken off, in words."""
    if isinstance(error, asyncio.CancelledError | KeyboardInterrupt):
        return "It was broken off."
    return f"{type(error).__name__}: {error}"[:500]


def collect_all(
    lake: Lake,
    jobs: Sequence[Job],
    *,
    settings: Settings,
    replay: bool = False,
    progress: Progress = lambda _: None,
) -> list[Collection]:
    """Collects several targets side by side, each host at its own pace; gives them in their order.

    Each run is recorded in the lake. Trouble with a site ends its run as partial or failed with its
    reason; the others go on.

    Args:
        lake: where the reviews go.
        jobs: what to collect.
        settings: contact, keys and mirrors.
        replay: whether every page is kept in the archive of the settings.
        progress: is told of every page, pause and end.

    Raises:
        SettingsError: no contact is set, or the only job lacks a key.
        LakeError: the lake cannot be written; what came before is kept.
    """
    _check(jobs, settings)

    async def run() -> list[Collection]:
        session = _Session(lake, settings, replay, progress)
        found = [Collection(job) for job in jobs]
        async with asyncio.TaskGroup() as group:
            for one in found:
                group.create_task(session.collect(one))
        return found

    try:
        return asyncio.run(run())
    except BaseExceptionGroup as group:
        raise group.exceptions[0] from group


def _check(jobs: Sequence[Job], settings: Settings) -> None:
    """`SettingsError` where nothing could be read at all."""
    for job in jobs:
        chosen = settings.sources.get(job.source.name, SourceSettings())
        access = Access(settings.contact, key=chosen.key.get_secret_value() if chosen.key else None)
        access.agent()
        if len(jobs) == 1:
            access.key_for(job.source)


def collect(
    lake: Lake,
    source: Source,
    target: str,
    *,
    settings: Settings,
    since: date | None = None,
    limit: int | None = None,
    company: str | None = None,
    replay: bool = False,
    progress: Progress = lambda _: None,
) -> Collection:
    """Collects the reviews of one target; see `collect_all`.

    Reads newest first, down to `since` (a day, UTC) or `limit` reviews; a later run reads what is
    new and goes on where one broke off.
    """
    job = Job(source, target, company, since, limit)
    return collect_all(lake, [job], settings=settings, replay=replay, progress=progress)[0]
