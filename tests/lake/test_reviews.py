from __future__ import annotations

import tempfile
from datetime import UTC, datetime

import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ugc.lake import Lake, UpsertCounts
from ugc.schema import REVIEWS


def test_new_changed_and_unchanged(lake, rows, ask):
    assert lake.upsert_reviews(rows.some(1, 2, 3)) == UpsertCounts(new=3)
    changed = rows.review(2, "Другой текст")
    batch = rows.reviews(rows.review(1), changed, rows.review(4))
    assert lake.upsert_reviews(batch) == UpsertCounts(new=1, changed=1, unchanged=1)
    assert ask(lake, "SELECT count(*) AS n FROM reviews") == [{"n": 4}]
    assert ask(lake, "SELECT text FROM reviews WHERE id = ?", [rows.id(2)]) == [{"text": "Другой текст"}]


def test_unchanged_writes_nothing(lake, rows, tmp_path):
    lake.upsert_reviews(rows.some(1, 2, 3))
    version, files = lake.version(), set((tmp_path / "lake").rglob("*"))
    assert lake.upsert_reviews(rows.some(3, 2, 1)) == UpsertCounts(unchanged=3)
    assert lake.version() == version
    assert set((tmp_path / "lake").rglob("*")) == files


def test_an_empty_batch_writes_nothing(lake):
    version = lake.version()
    assert lake.upsert_reviews(REVIEWS.empty_table()) == UpsertCounts()
    assert lake.version() == version


def test_the_last_row_of_a_batch_wins(lake, rows, ask):
    batch = rows.reviews(rows.review(1, "первый"), rows.review(2), rows.review(1, "последний"))
    assert lake.upsert_reviews(batch) == UpsertCounts(new=2)
    assert ask(lake, "SELECT text FROM reviews WHERE id = ?", [rows.id(1)]) == [{"text": "последний"}]


def test_a_changed_review_keeps_when_it_was_first_seen(lake, rows, ask):
    early = datetime(2024, 5, 1, tzinfo=UTC)
    lake.upsert_reviews(rows.some(1, first_seen=early, updated_at=early))
    lake.upsert_reviews(rows.some(1, city="Тверь"))
    found = ask(lake, "SELECT first_seen, updated_at, city FROM reviews")[0]
    assert found["first_seen"] == early
    assert found["updated_at"] > early
    assert found["city"] == "Тверь"


def test_the_run_is_filled_in(lake, rows, ask):
    lake.upsert_reviews(rows.some(1))
    run = lake.start_run("import", "shop", "a.csv")
    lake.upsert_reviews(rows.some(2))
    lake.upsert_reviews(rows.some(3, run_id="other"))
    lake.finish_run(run, "complete")
    lake.upsert_reviews(rows.some(4))
    found = ask(lake, "SELECT run_id FROM reviews ORDER BY date")
    assert [one["run_id"] for one in found] == [None, run, "other", None]


def test_columns_that_may_be_absent_are_null(lake, rows, ask):
    lake.upsert_reviews(rows.some(1).select(REVIEWS.names[:6]))
    found = ask(lake, "SELECT * FROM reviews")[0]
    assert list(found) == REVIEWS.names
    assert found["date"] is None
    assert found["first_seen"] is not None


@pytest.mark.parametrize("name", ["text", "content_hash"])
def test_columns_that_must_be_there(lake, rows, name):
    with pytest.raises(ValueError, match=name):
        lake.upsert_reviews(rows.some(1).drop_columns([name]))
    assert lake.info().rows("reviews") == 0


def test_an_unknown_column_is_refused(lake, rows):
    with pytest.raises(ValueError, match="weather"):
        lake.upsert_reviews(rows.some(1).append_column("weather", pa.array(["sun"])))


def test_known_gives_the_hashes(lake, rows):
    lake.upsert_reviews(rows.some(1, 2))
    assert lake.known([rows.id(2), "nobody"]) == {rows.id(2): rows.review(2)["content_hash"]}
    assert lake.known([]) == {}


def test_texts_come_back_as_they_went_in(lake, rows, ask):
    texts = [
        "",
        "=1+1",
        "😀 e\u0301 ‹phone›",
        "две\nстроки\r\n",
        "'; DROP TABLE reviews; --",
        "\x00 нуль",
        "a" * 70_000,
    ]
    lake.upsert_reviews(rows.reviews(*(rows.review(n, text) for n, text in enumerate(texts))))
    found = ask(lake, "SELECT text FROM reviews ORDER BY date")
    assert [one["text"] for one in found] == texts


NAMES = st.integers(0, 6)
BATCH = st.lists(st.tuples(NAMES, st.sampled_from("абв")), max_size=6)


@settings(max_examples=12, deadline=None)
@given(st.lists(BATCH, min_size=1, max_size=4))
def test_any_sequence_of_upserts_is_a_dictionary(batches):
    model: dict[str, str] = {}
    with tempfile.TemporaryDirectory() as folder:
        lake = Lake.open(folder)
        for batch in batches:
            last = {f"r{name}": text for name, text in batch}
            expected = UpsertCounts(
                new=sum(key not in model for key in last),
                changed=sum(key in model and model[key] != text for key, text in last.items()),
                unchanged=sum(model.get(key) == text for key, text in last.items()),
            )
            given_rows = [
                dict.fromkeys(("source", "source_id"), "s")
                | {"id": f"r{name}", "text": text, "text_hash": text, "content_hash": text}
                for name, text in batch
            ]
            assert lake.upsert_reviews(pa.Table.from_pylist(given_rows, schema=REVIEWS)) == expected
            model |= last
            with lake.snapshot() as snapshot:
                found = snapshot.sql("SELECT id, text FROM reviews").to_pylist()
            assert len(found) == len(model)
            assert {one["id"]: one["text"] for one in found} == model
