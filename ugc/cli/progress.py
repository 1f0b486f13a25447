"""One line of progress a collection: living lines in a terminal, now and then a line elsewhere."""

from __future__ import annotations

import sys
import time
from types import TracebackType
from typing import TYPE_CHECKING

import typer

from ugc.insight.choice.display import printable

if TYPE_CHECKING:
    from rich.live import Live

    from ugc.ingest.collect import Collection

__all__ = ["Lines", "outcome"]

_EVERY = 5.0
"""Seconds between two lines of a collection where the output is no terminal."""


def outcome(run: Collection) -> str:
    """What a collection came to, in one line."""
    found = run.summary
    words = [f"{run.state}: {_numbers(run)}"]
    if run.total is not None:
        words.append(f"the site counts {run.total:,}")
    if found.without_text:
        words.append(f"{found.without_text:,} ratings without text")
    if found.first and found.last:
        words.append(f"written {found.first:%Y-%m-%d} to {found.last:%Y-%m-%d}")
    return printable(", ".join(words))


def _several(number: int, noun: str) -> str:
    """A number with its noun."""
    return f"{number:,} {noun}" if number == 1 else f"{number:,} {noun}s"


def _numbers(run: Collection) -> str:
    """How far a collection has come."""
    found = run.summary
    return (
        f"{run.source} {run.target}: {_several(run.pages, 'page')}, {_several(run.read, 'review')}, "
        f"{found.new:,} new, {found.changed:,} changed"
    )


def _line(run: Collection) -> str:
    """How far a collection is, how quick, and why it waits."""
    words = [_numbers(run)]
    if run.rate:
        words.append(f"{run.rate:,.1f}/s")
    if run.state != "running":
        words.append(run.state)
    elif run.waiting:
        words.append(f"waiting: {run.waiting}")
    return printable(", ".join(words))


class Lines:
    """The lines of all collections of a command; use as a context manager."""

    def __init__(self) -> None:
        """Shows nothing yet."""
        self._runs: dict[int, Collection] = {}
        self._told: dict[int, tuple[float, str]] = {}
        self._live: Live | None = None

    def __enter__(self) -> Lines:
        if sys.stderr.isatty():
            from rich.console import Console
            from rich.live import Live

            self._live = Live(console=Console(stderr=True), transient=True, refresh_per_second=8)
            self._live.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._live is not None:
            self._live.stop()

    def show(self, run: Collection) -> None:
        """Takes note of how far a collection is; called at every page, pause and end."""
        self._runs[id(run)] = run
        if self._live is not None:
            from rich.text import Text

            self._live.update(Text("\n".join(_line(one) for one in self._runs.values())))
            return
        now = time.monotonic()
        when, state = self._told.get(id(run), (now - _EVERY, ""))
        if now - when >= _EVERY or run.waiting != state:
            self._told[id(run)] = (now, run.waiting)
            typer.echo(_line(run), err=True)
