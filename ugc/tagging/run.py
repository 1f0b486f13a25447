"""One run of the model over the lake: whatever has no tags by this model for its text.

Each batch is written as it is finished, so a run that is killed loses the work on one batch and
nothing else; one that is stopped or fails loses nothing. The next run goes on from there.
"""

from __future__ import annotations

import secrets
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Protocol

import pyarrow as pa

from ugc.errors import LakeError
from ugc.lake import Lake
from ugc.review import Tags
from ugc.tagging.arrow import to_arrow
from ugc.tagging.vectors import VectorReader, Vectors, to_vectors

__all__ = ["Progress", "Reader", "TagSummary", "tag_lake"]

Progress = Callable[[int, int], None]
"""Called with the reviews read so far and those to read in all."""

BATCHES_AT_ONCE = 16
"""Batches whose texts are fetched from the lake together."""

STEP = 64
"""Texts that are read between two signs of progress."""


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
        languages: tagged reviews by language ("und" where it could not be told), the most first.
        left: reviews that still have no tags by this model.
        seconds: how long it took.
    """

    model: str
    run: str | None
    tagged: int
    mentions: int
    untaggable: dict[str, int]
    languages: dict[str, int]
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
        progress: called after every few reviews.

    Raises:
        LakeError: the lake cannot be read or written.
        ModelError: the model gives what cannot be right.
    """
    began = time.monotonic()
    due = lake.count_untagged(tagger.version)
    total = due if limit is None else min(due, limit)
    if total == 0:
        return TagSummary(tagger.version, None, 0, 0, {}, {}, due, time.monotonic() - began)
    run = lake.start_run("tag", None, tagger.version)
    done = _Done()

    def tell(read: int) -> None:
        if progress:
            progress(read, max(total, read))

    try:
        for batch in _batches(lake, tagger.version, batch_size, limit):
            _read(lake, tagger, batch, done, tell)
        left = lake.count_untagged(tagger.version)
    except BaseException as error:
        stopped = isinstance(error, KeyboardInterrupt)
        reason = "stopped by the user" if stopped else f"{type(error).__name__}: {error}"
        lake.finish_run(run, "partial" if stopped else "failed", reason, done.numbers())
        raise
    lake.finish_run(run, "partial" if left else "complete", None, done.numbers())
    seconds = time.monotonic() - began
    return TagSummary(
        model=tagger.version,
        run=run,
        tagged=done.tagged,
        mentions=done.mentions,
        untaggable=dict(done.untaggable),
        languages=dict(done.languages.most_common()),
        left=left,
        seconds=seconds,
    )


@dataclass(slots=True)
class _Done:
    """What a run has done so far; `read` counts reviews whether or not their tags are written."""

    read: int = 0
    tagged: int = 0
    mentions: int = 0
    untaggable: Counter[str] = field(default_factory=Counter)
    languages: Counter[str] = field(default_factory=Counter)

    def numbers(self) -> dict[str, int]:
        """The counts as the run keeps them."""
        reasons = {f"untaggable: {reason}": number for reason, number in self.untaggable.items()}
        return {"tagged": self.tagged, "mentions": self.mentions, **reasons}


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


def _read(lake: Lake, tagger: Reader, batch: pa.Table, done: _Done, tell: Callable[[int], None]) -> None:
    """Reads one batch and writes its tags; tells how many the run has read, after every few.

    When it is ended halfway, by the user or an error, what was read until then is written.
    """
    answers: list[Tags] = []
    vectors: list[Vectors] = []
    try:
        for start in range(0, batch.num_rows, STEP):
            some = batch.slice(start, STEP)
            texts, languages = some["text"].to_pylist(), some["language"].to_pylist()
            if isinstance(tagger, VectorReader):
                both = tagger.tag_with_vectors(texts, languages)
                answers += [tags for tags, _ in both]
                vectors += [own for _, own in both]
            else:
                answers += tagger.tag(texts, languages)
            tell(done.read + len(answers))
    finally:
        if answers:
            _write(lake, batch.slice(0, len(answers)), answers, vectors, tagger.version, done)


def _write(
    lake: Lake, batch: pa.Table, answers: list[Tags], vectors: list[Vectors], model: str, done: _Done
) -> None:
    """Writes the tags of a batch, with the vectors of its mentions if there are any, and counts them."""
    tags, mentions = to_arrow(
        batch, answers, model=model, batch=secrets.token_hex(8), tagged_at=datetime.now(UTC)
    )
    spans = [[(one.start, one.end) for one in answer.mentions] for answer in answers]
    meant = to_vectors(batch, spans, vectors, model) if vectors else None
    done.tagged += lake.write_tags(tags, mentions, meant)
    done.read += batch.num_rows
    done.mentions += mentions.num_rows
    done.languages.update(language or "und" for language in batch["language"].to_pylist())
    done.untaggable.update(one.untaggable for one in answers if one.untaggable)
