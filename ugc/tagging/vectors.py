"""Vectors of mentions as rows for the lake, and those of mentions that have none yet."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Protocol, runtime_checkable

import pyarrow as pa

from ugc.lake import Lake
from ugc.review import Tags
from ugc.schema import VECTORS

__all__ = ["VectorReader", "add_vectors", "to_vectors"]

Vectors = list[bytes | None]
"""One vector a mention or span, `None` where there is none."""

AT_ONCE = 256
"""Reviews whose missing vectors are read and written together."""


@runtime_checkable
class VectorReader(Protocol):
    """A reader of texts that gives vectors as well, as `models.tagger.Tagger` does."""

    @property
    def version(self) -> str:
        """Name of the model with its hash."""

    def tag_with_vectors(
        self, texts: Sequence[str], languages: Sequence[str | None] | None = None
    ) -> list[tuple[Tags, Vectors]]:
        """Tags of each text with one vector a mention."""

    def vectors(
        self,
        texts: Sequence[str],
        languages: Sequence[str | None] | None,
        spans: Sequence[Sequence[tuple[int, int]]],
    ) -> list[Vectors]:
        """Vectors of spans of each text."""


def to_vectors(
    reviews: pa.Table,
    spans: Iterable[Sequence[tuple[int, int]]],
    vectors: Iterable[Vectors],
    model: str,
) -> pa.Table:
    """Rows of the schema VECTORS, one a span that has a vector, whatever mentions share it.

    Args:
        reviews: with id and text_hash.
        spans: spans of each review.
        vectors: their vectors, in the same order.
        model: version of the model that read them.
    """
    rows = []
    for review, own, found in zip(
        reviews.select(["id", "text_hash"]).to_pylist(), spans, vectors, strict=True
    ):
        for (start, end), vector in dict(zip(own, found, strict=True)).items():
            if vector is not None:
                row = {"review_id": review["id"], "text_hash": review["text_hash"], "model": model}
                rows.append(row | {"start": start, "end": end, "vector": vector})
    return pa.Table.from_pylist(rows, schema=VECTORS)


def add_vectors(lake: Lake, tagger: VectorReader, limit: int | None = None) -> int:
    """Reads and writes the vectors that mentions of tags by this model lack; gives how many there were.

    Mentions lack them that a person corrected or added, and those tagged before vectors were kept.

    Args:
        lake: where they are read and written.
        tagger: the model that made the tags; reviews tagged by another are left as they are.
        limit: at most so many reviews; all when `None`.

    Raises:
        LakeError: the lake cannot be read or written.
        ModelError: the model's network is of a kind whose vectors are not found.
    """
    due = lake.unvectored(tagger.version, limit)
    written = 0
    for at in range(0, due.num_rows, AT_ONCE):
        some = due.slice(at, AT_ONCE)
        spans = [[(one["start"], one["end"]) for one in own] for own in some["spans"].to_pylist()]
        found = tagger.vectors(some["text"].to_pylist(), some["language"].to_pylist(), spans)
        written += lake.write_vectors(to_vectors(some, spans, found, tagger.version))
    return written
