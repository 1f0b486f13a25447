"""A lake of its own for each test, and rows to fill it with."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pyarrow as pa
import pytest

from ugc.lake import Lake
from ugc.review import review_id, text_hash
from ugc.schema import MENTIONS, REVIEWS, TAGS

DAY = datetime(2025, 1, 1, tzinfo=UTC)


class Rows:
    """Makes batches; a review is known by a short name."""

    @staticmethod
    def id(name: object) -> str:
        return review_id("shop", str(name))

    def review(self, name: object, text: str | None = None, **more: object) -> dict[str, object]:
        text = f"Отзыв {name}: долго ждал курьера" if text is None else text
        row = {
            "id": self.id(name),
            "source": "shop",
            "source_id": str(name),
            "text": text,
            "text_hash": text_hash(text),
            "content_hash": text_hash(f"{text}{sorted(more.items())}"),
            "date": DAY + timedelta(days=name if isinstance(name, int) else 0),
            "language": "ru",
        }
        return row | more

    def reviews(self, *rows: dict[str, object]) -> pa.Table:
        return pa.Table.from_pylist(list(rows), schema=REVIEWS)

    def some(self, *names: object, **more: object) -> pa.Table:
        return self.reviews(*(self.review(name, **more) for name in names))

    def tags(
        self, untagged: pa.Table, batch: str, model: str = "m@1", quote: str = "долго ждал", **more: object
    ) -> tuple[pa.Table, pa.Table]:
        """Tags for untagged reviews; those that hold the quote mention the speed."""
        tags, mentions = [], []
        for row in untagged.to_pylist():
            tag = {
                "review_id": row["id"],
                "model": model,
                "text_hash": row["text_hash"],
                "batch": batch,
                "tagged_at": DAY,
                "sentiment": "negative",
                "emotions": ["anger"],
                "contact": "complaint",
            }
            tags.append(tag | more)
            start = row["text"].find(quote)
            if start >= 0:
                mentions.append(self.mention(row["id"], batch, start, quote))
        return pa.Table.from_pylist(tags, schema=TAGS), pa.Table.from_pylist(mentions, schema=MENTIONS)

    def mention(self, review: str, batch: str, start: int, quote: str, **more: object) -> dict[str, object]:
        row = {
            "review_id": review,
            "batch": batch,
            "n": 0,
            "start": start,
            "end": start + len(quote),
            "quote": quote,
            "theme": "speed",
            "polarity": "negative",
            "touchpoint": "delivery",
            "confidence": 0.75,
        }
        return row | more


@pytest.fixture
def rows() -> Rows:
    return Rows()


@pytest.fixture
def lake(tmp_path, blank) -> Lake:
    return blank(tmp_path / "lake")


@pytest.fixture
def tagged(lake, rows) -> Lake:
    """A lake of four reviews, each with tags and one mention."""
    lake.upsert_reviews(rows.some(1, 2, 3, 4))
    assert lake.write_tags(*rows.tags(lake.untagged("m@1"), "b1")) == 4
    return lake


@pytest.fixture
def ask():
    """The rows that a query gives on a lake as it is now."""

    def answer(lake: Lake, query: str, params: object = ()) -> list[dict[str, object]]:
        with lake.snapshot() as snapshot:
            return snapshot.sql(query, params).to_pylist()

    return answer
