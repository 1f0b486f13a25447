"""Reviews of a few ids are those that a query finds, wherever they lie in the files."""

from __future__ import annotations

import random

import pytest

from ugc.errors import LakeError

COLUMNS = ("text", "url", "stars", "city")
FILES, EACH = 4, 40


@pytest.fixture
def lake(plant):
    """Reviews in four files; the second half of them was written anew by the fourth."""
    for last in (EACH, 2 * EACH, 3 * EACH, 4 * EACH):
        held = plant(
            *(
                {
                    "source_id": str(n),
                    "text": f"Отзыв {n} из {last}" if n > EACH else f"Отзыв {n}",
                    "url": f"https://reviews.example/{n}",
                    "city": "Казань" if n % 2 else None,
                }
                for n in range(last)
            )
        )
    return held


@pytest.mark.parametrize("count", [0, 1, 7, FILES * EACH])
def test_the_same_as_by_a_query(lake, count):
    with lake.snapshot() as snapshot:
        every = snapshot.sql("SELECT id, text, url, stars, city FROM reviews ORDER BY id").to_pylist()
        wanted = random.Random(count).sample(every, count)
        found = snapshot.reviews_of([one["id"] for one in wanted], COLUMNS).to_pylist()
    assert sorted(found, key=lambda one: one["id"]) == sorted(wanted, key=lambda one: one["id"])
    assert len(every) == FILES * EACH


def test_unknown_ids_are_left_out_and_narrow_columns_need_no_file(lake):
    with lake.snapshot() as snapshot:
        known = snapshot.sql("SELECT id FROM reviews LIMIT 1").to_pylist()[0]["id"]
        assert snapshot.reviews_of([known, "nobody"], ["stars"]).column_names == ["id", "stars"]
        assert snapshot.reviews_of([known, "nobody"], COLUMNS).num_rows == 1


def test_files_that_are_gone_are_told(lake, tmp_path):
    with lake.snapshot() as snapshot:
        ids = snapshot.sql("SELECT id FROM reviews").column(0).to_pylist()
        for file in (tmp_path / "planted" / "reviews").glob("*.parquet"):
            file.unlink()
        with pytest.raises(LakeError):
            snapshot.reviews_of(ids, COLUMNS)
