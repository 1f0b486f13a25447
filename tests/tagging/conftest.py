"""A lake of a few reviews, and a reader by keyword where the answer does not matter."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

import pyarrow as pa
import pytest

from ugc.lake import Lake
from ugc.review import Mention, Tags, review_id, text_hash
from ugc.schema import REVIEWS


class Keywords:
    """Finds one word; a stand-in with the face of the tagger."""

    def __init__(self, version: str = "keywords@1") -> None:
        self.version = version
        self.read: list[str] = []
        self.languages: list[str | None] = []

    def tag(self, texts: Sequence[str], languages: Sequence[str | None] | None = None) -> list[Tags]:
        self.read += texts
        self.languages += languages or [None] * len(texts)
        return [self.one(text) for text in texts]

    def one(self, text: str) -> Tags:
        if not text.strip():
            return Tags(untaggable="empty")
        start = text.find("долго")
        found = (Mention(start, start + 5, "долго", "speed", "negative", "none", 0.9),) if start >= 0 else ()
        return Tags(
            sentiment="negative" if found else "positive",
            sentiment_probabilities={"positive": 0.1, "negative": 0.7, "mixed": 0.15, "neutral": 0.05},
            emotions=("anger", "sadness") if found else (),
            contact="complaint",
            contact_confidence=0.8,
            loyalty=("leave",) if found else (),
            effort="high",
            repeat=bool(found),
            specific=False,
            mentions=found,
        )


def batch_of(*texts: str, **more: object) -> pa.Table:
    """Reviews with these texts, the first the oldest."""
    rows = [
        {
            "id": review_id("shop", f"{n} {text}"),
            "source": "shop",
            "source_id": str(n),
            "text": text,
            "text_hash": text_hash(text),
            "content_hash": text_hash(text),
            "date": datetime(2025, 1, 1, tzinfo=UTC) + timedelta(days=n),
            "language": "ru",
        }
        | more
        for n, text in enumerate(texts)
    ]
    return pa.Table.from_pylist(rows, schema=REVIEWS)


@pytest.fixture
def keywords() -> Keywords:
    return Keywords()


@pytest.fixture
def reviews():
    return batch_of


@pytest.fixture
def lake(tmp_path, blank) -> Lake:
    lake = blank(tmp_path / "lake")
    lake.upsert_reviews(
        batch_of("Ждал долго", "Всё быстро", "", "Очень долго", "Спасибо", " \n", "долго, долго")
    )
    return lake


@pytest.fixture
def rows_by():
    """The rows that a query gives on a lake as it is now."""

    def answer(lake: Lake, query: str) -> list[dict[str, object]]:
        with lake.snapshot() as snapshot:
            return snapshot.sql(query).to_pylist()

    return answer
