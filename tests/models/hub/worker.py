"""What a worker of a distributed engine does: opens its tagger once, then reads batch by batch."""

from __future__ import annotations

import pickle
from datetime import UTC, datetime

import pyarrow as pa

from ugc.tagging import Reader, to_arrow

__all__ = ["open_tagger", "read"]

_OPEN: list[Reader] = []


def open_tagger(sent: bytes) -> None:
    """Loads the models, once a process."""
    _OPEN.append(pickle.loads(sent))


def read(reviews: pa.Table) -> tuple[str, pa.Table, pa.Table]:
    """Version of the models, and tags and mentions of a batch."""
    (tagger,) = _OPEN
    answers = tagger.tag(reviews["text"].to_pylist())
    when = datetime(2026, 1, 1, tzinfo=UTC)
    return tagger.version, *to_arrow(reviews, answers, model=tagger.version, batch="b", tagged_at=when)
