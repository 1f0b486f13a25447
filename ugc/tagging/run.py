"""One run of the model over the lake: whatever has no tags by this model for its text.

Each batch is written as it is finished, so a run that ends early, by whatever cause, loses one
batch of work and nothing else; the next run goes on from there.
"""

from __future__ import annotations

import secrets
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Protocol

import pyarrow as pa

from ugc.errors import LakeError
from ugc.lake import Lake
from ugc.review import Tags
from ugc.tagging.arrow import to_arrow

__all__ = ["Progress", "Reader", "TagSummary", "tag_lake"]

Progress = Callable[[int, int], None]
"""Called with the reviews read so far and those to read in all."""

BATCHES_AT_ONCE = 16
"""Batches whose texts are fetched from the lake together."""


class Reader(Protocol):
    """What reads texts: `models.tagger.Tagger`, or anything with its face."""

    @property
    def version(self) -> str:
        """Name of the model with its hash."""

    def tag(self, texts: Sequence[str], languages: Sequence[str | None] | None = None) -> list[Tags]:
        """Tags of each text, in order."""


@dataclass(frozen=True, slots=True)
class TagSummary:
    """What a run did.

    Attributes:
        model: version of the model.
        run: id of the run, `None` when there was nothing to do.
        tagged: reviews whose tags were written.
        mentions: mentions in them.
        untaggable: reviews that could not be read, by reason; they are among the tagged.
        left: reviews that still have no tags by this model.
        seconds: how long it took.
    """

    model: str
    run: str | None
    tagged: int
    mentions: int
    untaggable: dict[str, int]
    left: int
    seconds: float


def tag_lake(
    lake: Lake,
    tagger: Reader,
    *,
    batch_size: int = 256,
    limit: int | None = None,
    progress: Progress | None = None,
) -> TagSummary:
    """Tags what is not tagged by this model, the newest reviews first, and writes each batch.

    Args:
        lake: where reviews are read and tags are written.
        tagger: the model.
        batch_size: reviews in one commit.
        limit: at most so many reviews; all when `None`.
        progress: called after each batch.

    Raises:
        LakeError: the lake cannot be read or written.
        ModelError: the model gives what cannot be right.
    """
    began = time.monotonic()
    due = lake.count_untagged(tagger.version)
    total = due if limit is None else min(due, limit)
    if total == 0:
        return TagSummary(tagger.version, None, 0, 0, {}, due, time.monotonic() - began)
    run = lake.start_run("tag", None, tagger.version)
    counts: Counter[str] = Counter()
    untaggable: Counter[str] = Counter()
    try:
        for batch in _batches(lake, tagger.version, batch_size, limit):
            _read(lake, tagger, batch, counts, untaggable)
            if progress:
                progress(counts["read"], max(total, counts["read"]))
        left = lake.count_untagged(tagger.version)
    except BaseException as error:
        stopped = isinstance(error, KeyboardInterrupt)
        reason = "stopped by the user" if stopped else f"{type(error).__name__}: {error}"
        lake.finish_run(run, "partial" if stopped else "failed", reason, _numbers(counts, untaggable))
        raise
    lake.finish_run(run, "partial" if left else "complete", None, _numbers(counts, untaggable))
    seconds = time.monotonic() - began
    return TagSummary(
        tagger.version, run, counts["tagged"], counts["mentions"], dict(untaggable), left, seconds
    )


def _batches(lake: Lake, model: str, size: int, limit: int | None) -> Iterator[pa.Table]:
    """Batches of untagged reviews, fetched some at a time, until none is left or the limit is met.

    A model whose tags do not stick would be asked for ever: the same reviews twice are an error.
    """
    given = 0
    before: list[str] = []
    while limit is None or given < limit:
        wanted = size * BATCHES_AT_ONCE
        chunk = lake.untagged(model, wanted if limit is None else min(wanted, limit - given))
        keys = [*chunk["id"].to_pylist(), *chunk["text_hash"].to_pylist()]
        if not keys:
            return
        if keys == before:
            raise LakeError(
                f"The tags of {chunk.num_rows} reviews were written and are not there.",
                "See ugc lake check.",
            )
        before = keys
        given += chunk.num_rows
        for start in range(0, chunk.num_rows, size):
            yield chunk.slice(start, size)


def _read(
    lake: Lake, tagger: Reader, batch: pa.Table, counts: Counter[str], untaggable: Counter[str]
) -> None:
    """Reads one batch, writes its tags, and counts."""
    answers = tagger.tag(batch["text"].to_pylist(), batch["language"].to_pylist())
    tags, mentions = to_arrow(
        batch, answers, model=tagger.version, batch=secrets.token_hex(8), tagged_at=datetime.now(UTC)
    )
    counts["tagged"] += lake.write_tags(tags, mentions)
    counts["read"] += batch.num_rows
    counts["mentions"] += mentions.num_rows
    untaggable.update(one.untaggable for one in answers if one.untaggable)


def _numbers(counts: Counter[str], untaggable: Counter[str]) -> dict[str, int]:
    """The counts of a run as they are kept."""
    return {
        "tagged": counts["tagged"],
        "mentions": counts["mentions"],
        **{f"untaggable: {reason}": number for reason, number in untaggable.items()},
    }
