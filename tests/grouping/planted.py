"""A lake of mentions of three reasons, with vectors around three directions."""

from __future__ import annotations

import numpy as np
import pyarrow as pa

from tests.grouping.test_assign import clouds
from ugc.review import review_id, text_hash
from ugc.schema import VECTORS

TEXTS = ("не дозвониться до оператора", "курьер нагрубил у двери", "очередь на два часа")


def filled(plant, first: int = 0, count: int = 60, texts: tuple[str, ...] = TEXTS, language: str = "ru"):
    """Review number n gives reason n mod 3 of `texts`; more may be put into the same lake later."""
    reviews = [
        {"text": f"{texts[i % 3]} {i}", "language": language, "sentiment": "negative", "stars": 1.0}
        | {"source_id": str(i), "mentions": [(texts[i % 3], "speed", "negative")]}
        for i in range(first, first + count)
    ]
    lake = plant(*reviews)
    dice = np.random.default_rng(4)
    centres, _ = clouds(2, count=3, size=1, spread=0)
    rows = []
    for i in range(first + count):
        near = centres[i % 3] + 0.1 * dice.normal(size=24)
        if i >= first:
            vector = np.round(near / np.abs(near).max() * 127).astype(np.int8).tobytes()
            text = f"{texts[i % 3]} {i}"
            row = {"review_id": review_id("otzovik", str(i)), "text_hash": text_hash(text), "model": "hand@1"}
            rows.append(row | {"start": 0, "end": len(texts[i % 3]), "vector": vector})
    lake.write_vectors(pa.Table.from_pylist(rows, schema=VECTORS))
    return lake


def assigned(lake) -> dict[str, str | None]:
    """The reason that each review gives, as the lake shows it."""
    with lake.snapshot() as snapshot:
        rows = snapshot.sql("SELECT review_id, reason FROM reasoned WHERE looked_at").to_pylist()
    return {row["review_id"]: row["reason"] for row in rows}
