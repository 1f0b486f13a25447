from __future__ import annotations

import numpy as np
import pyarrow as pa
import pytest

from tests.grouping.test_assign import clouds
from ugc.grouping import group_lake
from ugc.grouping import run as running
from ugc.insight import Filters, concrete, eleven
from ugc.review import review_id, text_hash
from ugc.schema import VECTORS

TEXTS = ("не дозвониться до оператора", "курьер нагрубил у двери", "очередь на два часа")


def filled(plant, first: int = 0, count: int = 60):
    """A lake of mentions of three reasons, with vectors around three directions."""
    reviews = [
        {
            "text": f"{TEXTS[i % 3]} {i}",
            "language": "ru",
            "sentiment": "negative",
            "stars": 1.0,
            "source_id": str(i),
        }
        | {"mentions": [(TEXTS[i % 3], "speed", "negative")]}
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
            text = f"{TEXTS[i % 3]} {i}"
            row = {"review_id": review_id("otzovik", str(i)), "text_hash": text_hash(text), "model": "hand@1"}
            rows.append(row | {"start": 0, "end": len(TEXTS[i % 3]), "vector": vector})
    lake.write_vectors(pa.Table.from_pylist(rows, schema=VECTORS))
    return lake


def assigned(lake) -> dict[str, str | None]:
    with lake.snapshot() as snapshot:
        rows = snapshot.sql("SELECT review_id, reason FROM reasoned WHERE looked_at").to_pylist()
    return {row["review_id"]: row["reason"] for row in rows}


def test_planted_reasons_are_found_named_and_read(plant):
    lake = filled(plant)
    done = group_lake(lake)
    assert (done.looked_at, done.reasons, done.unassigned) == (60, 3, 0)
    found = assigned(lake)
    for kind in range(3):
        assert len({found[review_id("otzovik", str(i))] for i in range(kind, 60, 3)}) == 1
    with lake.snapshot() as snapshot:
        below = concrete(snapshot, Filters(), themes=["speed"], polarity="negative", language="ru")["speed"]
        ranked = eleven(snapshot, Filters(), language="pl")
    assert {one.reviews for one in below.rows} == {20}
    assert (below.share_unassigned, below.n_reviews, below.waiting) == (0.0, 60, 0)
    assert any("дозвониться" in (one.name or "") for one in below.rows)
    assert all(one.low < one.share < one.high and one.quotes for one in below.rows)
    assert (len(ranked.rows), {one.reviews for one in ranked.rows}) == (11, {0})


def test_more_reviews_move_no_old_mention(plant):
    lake = filled(plant)
    group_lake(lake)
    before = assigned(lake)
    filled(plant, 60, 6)
    done = group_lake(lake)
    after = assigned(lake)
    assert (done.looked_at, done.opened, len(after)) == (6, 0, 66)
    assert {key: after[key] for key in before} == before


def test_a_second_run_and_one_anew_keep_the_ids(plant):
    lake = filled(plant)
    group_lake(lake)
    before = assigned(lake)
    assert group_lake(lake).looked_at == 0
    again = group_lake(lake, again=True)
    assert (again.looked_at, again.reasons) == (60, 3)
    assert assigned(lake) == before


def test_a_run_that_is_broken_off_goes_on(plant, monkeypatch):
    lake = filled(plant)
    write, calls = lake.write_grouping, []

    def failing(reasons, grouped):
        calls.append(grouped.num_rows)
        if len(calls) == 3:
            raise KeyboardInterrupt
        return write(reasons, grouped)

    monkeypatch.setattr(lake, "write_grouping", failing)
    with pytest.raises(KeyboardInterrupt):
        group_lake(lake, chunk=20)
    assert len(assigned(lake)) == 20
    monkeypatch.setattr(lake, "write_grouping", write)
    done = group_lake(lake)
    assert (done.looked_at, done.reasons, done.unassigned) == (40, 3, 0)
    assert running.CHUNK > 20


def test_an_empty_lake_and_one_review(plant):
    lake = plant()
    assert group_lake(lake).share_unassigned is None
    one = filled(plant, 0, 1)
    done = group_lake(one)
    assert (done.looked_at, done.reasons, done.unassigned) == (1, 0, 1)
