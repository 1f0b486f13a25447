"""A process that groups a lake a few mentions a commit, and tells how far it is: `worker.py ADDRESS`."""

from __future__ import annotations

import sys

from ugc.grouping import group_lake
from ugc.lake import Lake


def say(done: int, total: int) -> None:
    """Tells the test how far it is."""
    sys.stdout.write(f"{done} {total}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    group_lake(Lake.open(sys.argv[1], create=False), progress=say, chunk=5)
