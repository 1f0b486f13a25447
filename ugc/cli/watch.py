"""Shows training while it goes on: a bar in a terminal, a line now and then elsewhere."""

from __future__ import annotations

import sys
import time
from types import TracebackType
from typing import TYPE_CHECKING

import typer

if TYPE_CHECKING:
    from rich.progress import Progress

    from models.training.progress import Moment

__all__ = ["Watch"]

_STAGES = {
    "read": "Reading texts",
    "heads": "Training the heads",
    "all": "Training all",
}

EVERY = 30.0
"""Seconds between two plain lines."""


def _span(seconds: float) -> str:
    """A length of time in words."""
    minutes, rest = divmod(round(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    if hours:
        return f"{hours} h {minutes} min"
    return f"{minutes} min {rest} s" if minutes else f"{rest} s"


class Watch:
    """What `ugc train` prints: `say` for what is done, `tell` for how far it has come.

    A context manager. Lines of `say` go to standard output, the bar to standard error.
    """

    def __init__(self, *, every: float = EVERY) -> None:
        """Takes the seconds between two plain lines, for where no bar can be drawn."""
        self._began = time.monotonic()
        self._every = every
        self._bar: Progress | None = None
        self._stage = ""
        self._first = (0.0, 0)
        self._last = 0.0

    def __enter__(self) -> Watch:
        """Draws the bar where somebody sees it."""
        if sys.stderr.isatty():
            from rich.console import Console
            from rich.progress import (
                BarColumn,
                MofNCompleteColumn,
                Progress,
                TextColumn,
                TimeRemainingColumn,
            )

            self._bar = Progress(
                TextColumn("{task.description}"),
                BarColumn(),
                MofNCompleteColumn(),
                TextColumn("{task.fields[loss]}"),
                TimeRemainingColumn(),
                console=Console(stderr=True),
            )
            self._bar.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Takes the bar away."""
        if self._bar is not None:
            self._bar.stop()
            self._bar = None

    def say(self, line: str) -> None:
        """Prints what has been done, with the seconds since the beginning."""
        told = f"[{time.monotonic() - self._began:6.0f} s] {line}"
        if self._bar is not None and sys.stdout.isatty():
            self._bar.console.print(told, markup=False, highlight=False)
        else:
            typer.echo(told)

    def tell(self, moment: Moment) -> None:
        """Shows how far training has come."""
        now = time.monotonic()
        fresh = moment.stage != self._stage
        if fresh:
            self._stage, self._first, self._last = moment.stage, (now, moment.done), now
        loss = "" if moment.loss is None else f"loss {moment.loss:.3f}"
        if self._bar is not None:
            if fresh:
                for task in self._bar.task_ids:
                    self._bar.remove_task(task)
                self._bar.add_task(_STAGES[moment.stage], loss=loss)
            task = self._bar.task_ids[-1]
            self._bar.update(task, completed=moment.done, total=moment.total, loss=loss)
        elif now - self._last >= self._every:
            self._last = now
            self.say(self._line(moment, loss, now))

    def _line(self, moment: Moment, loss: str, now: float) -> str:
        """One plain line: stage, steps, loss, time left."""
        began, before = self._first
        speed = (moment.done - before) / max(now - began, 1e-9)
        left = f"about {_span((moment.total - moment.done) / speed)} left" if speed else ""
        unit = "texts" if moment.stage == "read" else "steps"
        parts = [f"{_STAGES[moment.stage]}: {moment.done} of {moment.total} {unit}", loss, left]
        return ", ".join(part for part in parts if part)
