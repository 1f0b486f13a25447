"""A lake of hand-marked clauses and a reader whose vectors are exact, for themes of one's own."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
import pyarrow as pa

from ugc.lake import Lake
from ugc.review import Tags
from ugc.schema import VECTORS

TOPICS = ("park", "queue", "taste", "price", "noise", "light")
"""Words that clauses hold; each is a direction of its own."""

TEXTS = tuple(f"{topic} {number}" for number in range(4) for topic in TOPICS)
"""Six topics, four clauses each."""


class Exact:
    """A reader whose vector of a text is the direction of its topic, bent a little by its number."""

    def __init__(self, version: str = "hand@1") -> None:
        self.version = version
        self.read: list[str] = []

    def vector(self, text: str) -> bytes | None:
        """The vector of a text; `None` for one without a topic."""
        rows = np.zeros(16)
        for place, topic in enumerate(TOPICS):
            rows[place] = 100.0 if topic in text else 0.0
        if not rows.any():
            return None
        number = int(text[-1]) if text[-1:].isdigit() else 0
        rows[len(TOPICS) + number] = 25.0
        return rows.astype(np.int8).tobytes()

    def tag_with_vectors(
        self, texts: Sequence[str], languages: Sequence[str | None] | None = None
    ) -> list[tuple[Tags, list[bytes | None]]]:
        """Not what these tests ask for."""
        raise NotImplementedError

    def vectors(
        self,
        texts: Sequence[str],
        languages: Sequence[str | None] | None,
        spans: Sequence[Sequence[tuple[int, int]]],
    ) -> list[list[bytes | None]]:
        """One vector a span."""
        self.read += texts
        return [
            [self.vector(text[start:end]) for start, end in own]
            for text, own in zip(texts, spans, strict=True)
        ]


def parked(plant: Callable[..., Lake], *more: dict[str, object]) -> Lake:
    """A lake of TEXTS, each a review with one mention of the environment, and `more` reviews."""
    reviews = [
        {
            "text": text,
            "language": "en",
            "sentiment": "negative",
            "mentions": [(text, "environment", "negative")],
        }
        for text in TEXTS
    ]
    lake = plant(*reviews, *more)
    with_vectors(lake, Exact())
    return lake


def with_vectors(lake: Lake, reader: Exact) -> None:
    """Gives every clause of tags by the reader's version its vector."""
    due = lake.unvectored(reader.version)
    rows = []
    for one in due.to_pylist():
        for span in one["spans"]:
            vector = reader.vector(one["text"][span["start"] : span["end"]])
            own = {"review_id": one["id"], "text_hash": one["text_hash"], "model": reader.version}
            rows.append(own | span | {"vector": vector})
    lake.write_vectors(pa.Table.from_pylist(rows, schema=VECTORS))
