"""One collection of a target at a time on a machine, however the one before ended."""

from __future__ import annotations

import hashlib
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

if sys.platform != "win32":  # no such lock there: two collections at once do double work only
    import fcntl

__all__ = ["alone"]


def _folder() -> Path:
    """Where the locks lie: the user's own folder for the state of programs."""
    home = os.environ.get("XDG_STATE_HOME") or str(Path.home() / ".local" / "state")
    return Path(home) / "ugc" / "collecting"


@contextmanager
def alone(*names: str) -> Iterator[bool]:
    """Holds the lock of what `names` name while the block runs; gives whether it was free.

    It is a lock of the operating system, so it ends with its process.
    """
    if sys.platform == "win32":
        yield True
        return
    folder = _folder()
    folder.mkdir(parents=True, exist_ok=True)
    key = hashlib.sha1("\x1f".join(names).encode("utf-8", "surrogatepass")).hexdigest()
    with (folder / key).open("ab") as file:
        try:
            fcntl.flock(file.fileno(), fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            yield False
        else:
            yield True
