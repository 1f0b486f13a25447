"""Long work in the background: collections, files that are taken, and the model's reading after them.

Each piece of work is one thread of the server. All sessions see the same list, so that it survives
a page that is drawn anew, another page, and a browser that is closed.
"""

from __future__ import annotations

import asyncio
import contextlib
import secrets
import threading
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory

from ugc.errors import LakeError, UgcError
from ugc.ingest.collect import Collection, Job, collect_all
from ugc.ingest.job import Progress, carry_out
from ugc.ingest.plan import Plan
from ugc.ingest.summary import ImportSummary
from ugc.lake import Lake
from ugc.settings import Settings
from ugc.tagging import TagSummary, tag_lake
from ugc.theming import draw

__all__ = [
    "Collecting",
    "Importing",
    "Tagging",
    "Work",
    "collecting",
    "dismiss",
    "part",
    "read",
    "start",
    "works",
]

_KEPT = 12
"""Ended pieces of work that are remembered."""

_LOCK = threading.Condition()
_WORKS: list[Work] = []


class Work:
    """One piece of work. Its attributes are set by its thread and read by the pages.

    Attributes:
        id: tells it apart.
        lake: address of the lake that it writes to.
        begun: when it was asked for, UTC.
        ended: whether nothing more will come.
        stopping: whether somebody asked it to stop.
        trouble: what broke it off, as the error says it; "" while nothing did.
        broken: whether it ended by a fault of the program, which the server's log tells.
    """

    def __init__(self, lake: str, settings: Settings) -> None:
        self.id = secrets.token_hex(6)
        self.lake = lake
        self.settings = settings
        self.begun = datetime.now(UTC)
        self.ended = False
        self.stopping = False
        self.trouble = ""
        self.broken = False

    def work(self) -> None:
        """Does it, from beginning to end."""
        raise NotImplementedError

    def stop(self) -> None:
        """Asks it to stop as soon as what it has read is safe."""
        with _LOCK:
            self.stopping = True
            _LOCK.notify_all()

    def release(self) -> None:
        """Lets go of what it holds; also where it never begins."""

    def run(self) -> None:
        """Does it and notes how it ended; a fault of the program goes on to the log."""
        well = False
        try:
            self.work()
            well = True
        except UgcError as error:
            self.trouble, well = str(error), True
        finally:
            with _LOCK:
                self.broken, self.ended = not well, True
                _LOCK.notify_all()


class Collecting(Work):
    """Collections that were asked for together; they run side by side.

    Attributes:
        jobs: what is collected.
        queued: whether it waits until another piece of work leaves one of its sites: the pause
            between two requests to a host holds within one piece of work only.
    """

    def __init__(self, lake: str, settings: Settings, jobs: Sequence[Job]) -> None:
        super().__init__(lake, settings)
        self.jobs = tuple(jobs)
        self.queued = True
        self._found: dict[int, tuple[Collection, asyncio.Task[None] | None]] = {}
        self._loop: asyncio.AbstractEventLoop | None = None

    def so_far(self, job: Job) -> Collection | None:
        """How far a job is; `None` before its first sign."""
        return self._found.get(id(job), (None, None))[0]

    def work(self) -> None:
        """Collects, once no other piece of work reads one of its sites; then the model reads."""
        sites = {job.source.name for job in self.jobs}
        with _LOCK:
            while not self.stopping and any(sites & other for other in self._busy()):
                _LOCK.wait()
            self.queued = False
        if self.stopping:
            return
        try:
            collect_all(Lake.open(self.lake), self.jobs, settings=self.settings, progress=self._tell)
        finally:
            if any(one.summary.new or one.summary.changed for one, _ in self._found.values()):
                read(self.lake, self.settings)

    def _busy(self) -> list[set[str]]:
        """The sites that other pieces of work read at this moment."""
        return [
            {job.source.name for job in other.jobs}
            for other in _WORKS
            if isinstance(other, Collecting) and other is not self and not (other.ended or other.queued)
        ]

    def _tell(self, so_far: Collection) -> None:
        """Notes how far a job is; one that is to stop ends here, where what it read is in hand."""
        self._loop = asyncio.get_running_loop()
        self._found[id(so_far.job)] = so_far, asyncio.current_task()
        if self.stopping and so_far.state == "running":
            raise asyncio.CancelledError

    def stop(self) -> None:
        """Stops each job after the page at hand, and at once where it only waits for its site."""
        super().stop()
        if self._loop is not None:
            with contextlib.suppress(RuntimeError):  # the loop is closed: all of it has ended
                self._loop.call_soon_threadsafe(self._leave)

    def _leave(self) -> None:
        for so_far, task in self._found.values():
            if task is not None and so_far.waiting and so_far.state == "running":
                task.cancel()


class Importing(Work):
    """Files that were looked at and are taken now; afterwards their folder is removed.

    Attributes:
        names: of the files.
        done: rows of the file at hand that are stored.
        total: rows of the files in all.
        summary: what came of it, at the end.
        rejected: name and content of a CSV file with rejected rows, for each file that has some.
    """

    def __init__(
        self,
        lake: str,
        settings: Settings,
        plans: Sequence[Plan],
        folder: TemporaryDirectory[str],
        company: str | None = None,
    ) -> None:
        super().__init__(lake, settings)
        self.names = tuple(plan.path.name for plan in plans)
        self.total = sum(plan.rows for plan in plans)
        self.done = 0
        self.summary: ImportSummary | None = None
        self.rejected: list[tuple[str, bytes]] = []
        self._plans, self._folder, self._company = tuple(plans), folder, company
        self._before = {plan.path.name: sum(one.rows for one in plans[:n]) for n, plan in enumerate(plans)}

    def work(self) -> None:
        """Takes the files; then the model reads."""
        rejects = Path(self._folder.name) / "rejected.csv"
        try:
            self.summary = carry_out(
                Lake.open(self.lake),
                self._plans,
                company=self._company,
                rejects=rejects,
                progress=self._tell,
            )
            self.rejected = [(Path(name).name, Path(name).read_bytes()) for name in self.summary.rejects]
        finally:
            self.release()
        if self.summary.new or self.summary.changed:
            read(self.lake, self.settings)

    def release(self) -> None:
        """Removes the files."""
        self._plans = ()
        self._folder.cleanup()

    def _tell(self, so_far: Progress) -> None:
        self.done = min(self.total, self._before.get(so_far.file, 0) + so_far.done)


class Tagging(Work):
    """The model's reading of what no tags are there for, one at a time for a lake.

    Attributes:
        done: reviews read.
        total: reviews to read; 0 before that is known.
        summary: what came of it, at the end.
        again: whether new reviews came while it ran.
    """

    def __init__(self, lake: str, settings: Settings) -> None:
        super().__init__(lake, settings)
        self.done = self.total = 0
        self.summary: TagSummary | None = None
        self.again = True

    def work(self) -> None:
        """Reads until nothing is left."""
        from models.tagger import Tagger

        chosen = self.settings
        tagger = Tagger.load(chosen.model, threads=chosen.threads, profile=chosen.profile)
        with contextlib.suppress(KeyboardInterrupt):  # how a run of the model is stopped
            while self._more():
                self.summary = tag_lake(
                    Lake.open(self.lake, create=False), tagger, batch_size=64, progress=self._tell
                )
            draw(Lake.open(self.lake, create=False), tagger)

    def _more(self) -> bool:
        """Whether there is still something to read; ends the work under the lock otherwise."""
        with _LOCK:
            self.ended = not self.again
            self.again = False
            return not self.ended

    def _tell(self, done: int, total: int) -> None:
        self.done, self.total = done, total
        if self.stopping:
            raise KeyboardInterrupt


def part(one: Importing | Tagging) -> float:
    """How much of it is done, 0…1."""
    return min(1.0, one.done / one.total) if one.total else 0.0


def read(lake: str, settings: Settings) -> None:
    """Lets the model read what is new, beside everything else.

    Where models of the hub are chosen nothing is done: they need packages that the dashboard does
    not load, and `ugc tag` runs them.
    """
    if settings.hub.sentiment or settings.hub.emotion:
        return
    with _LOCK:
        for one in _WORKS:
            if isinstance(one, Tagging) and one.lake == lake and not one.ended:
                one.again = True
                return
    start(Tagging(lake, settings))


def start(one: Work) -> None:
    """Begins a piece of work in a thread of its own.

    The lake is made at once, so that no page meets one that is half there.
    """
    with _LOCK:
        ended = [old for old in _WORKS if old.ended]
        for old in ended[: max(0, len(ended) - _KEPT)]:
            _WORKS.remove(old)
        _WORKS.append(one)
    try:
        Lake.open(one.lake)
    except LakeError as error:
        one.release()
        one.trouble, one.ended = str(error), True
        return
    threading.Thread(target=one.run, name=f"ugc {type(one).__name__}", daemon=True).start()


def works(lake: str) -> list[Work]:
    """Work for a lake that runs or has ended, the latest first."""
    with _LOCK:
        return [one for one in reversed(_WORKS) if one.lake == lake]


def collecting(lake: str) -> set[tuple[str, str]]:
    """Source and target of all that is being collected here."""
    running = [one for one in works(lake) if isinstance(one, Collecting) and not one.ended]
    return {(job.source.name, job.target) for one in running for job in one.jobs}


def dismiss(key: str) -> None:
    """Forgets an ended piece of work; one that runs stays."""
    with _LOCK:
        _WORKS[:] = [one for one in _WORKS if one.id != key or not one.ended]
