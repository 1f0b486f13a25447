"""One writer at a time in a lake that lies in a folder.

Delta's commits alone keep the tables right; the turn spares writers in the same folder the
repeating of lost commits, and tells the removal of stray files that no write is under way. It is
a lock of the operating system, so it ends with its process, however that ends.
"""

from __future__ import annotations

import random
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from ugc.errors import LakeBusy, LakeReadOnly

if sys.platform != "win32":  # no such lock there: commits alone must do
    import fcntl

__all__ = ["WAIT", "take"]

WAIT = 300.0
"""Seconds to wait for the other writers before giving up."""

_CHANCE = random.SystemRandom()

NAME = ".lock"
"""File in the folder of the lake that carries the lock; it stays empty."""


@contextmanager
def take(folder: Path | None, *, wait: float = WAIT) -> Iterator[None]:
    """Holds the turn to write in `folder` while the block runs; `None` (object store) holds nothing.

    Raises:
        LakeBusy: the turn did not come within `wait` seconds.
        LakeReadOnly: the folder cannot be written.
    """
    if folder is None or sys.platform == "win32":
        yield
        return
    try:
        file = (folder / NAME).open("ab")
    except OSError as error:
        raise LakeReadOnly(
            f"The lake {folder} cannot be written: {error.strerror}.",
            "Give yourself the right to write there, or name another lake with --lake.",
        ) from error
    with file:
        _wait_for(file.fileno(), folder, wait)
        yield


def _wait_for(descriptor: int, folder: Path, wait: float) -> None:
    """Takes the lock, asking again every few milliseconds; it is released with the descriptor."""
    deadline = time.monotonic() + wait
    while True:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            if time.monotonic() > deadline:
                raise LakeBusy(
                    f"The lake {folder} has been busy for {wait:.0f} seconds.",
                    "Another ugc command writes to it: wait for it or stop it, then do this again.",
                ) from None
            time.sleep(_CHANCE.uniform(0.001, 0.008))
        else:
            return
