"""A process that tags a lake slowly, one review a commit: `worker.py ADDRESS PAUSE`."""

from __future__ import annotations

import sys
import time
from collections.abc import Sequence

from ugc.lake import Lake
from ugc.review import Mention, Tags
from ugc.tagging import tag_lake


class Slow:
    """Two mentions in each text, after a pause."""

    version = "slow@1"

    def __init__(self, pause: float) -> None:
        self._pause = pause

    def tag(self, texts: Sequence[str], languages: Sequence[str | None] | None = None) -> list[Tags]:
        time.sleep(self._pause)
        return [
            Tags(
                sentiment="neutral",
                mentions=tuple(Mention(n, n + 1, text[n], "speed", "neutral", "none", 0.5) for n in range(2)),
            )
            for text in texts
        ]


def say(done: int, total: int) -> None:
    """Tells the test how far it is."""
    sys.stdout.write(f"{done} {total}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    tag_lake(Lake.open(sys.argv[1], create=False), Slow(float(sys.argv[2])), batch_size=2, progress=say)
