from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime

import duckdb
import pytest

from ugc.errors import LakeError
from ugc.schema import MENTIONS, REVIEWS


def test_a_snapshot_does_not_see_what_comes_later(tagged, rows):
    with tagged.snapshot() as snapshot:
        version = snapshot.version
        assert version == tagged.version()
        assert snapshot.sql("SELECT count(*) AS n FROM reviews")["n"][0].as_py() == 4
        tagged.upsert_reviews(rows.reviews(rows.review(1, "Другой текст"), rows.review(9)))
        assert snapshot.sql("SELECT count(*) AS n FROM reviews")["n"][0].as_py() == 4
        assert snapshot.sql("SELECT count(*) AS n FROM mentions")["n"][0].as_py() == 4
        assert "Другой текст" not in snapshot.sql("SELECT text FROM reviews")["text"].to_pylist()
        assert snapshot.version == version
    with tagged.snapshot() as later:
        assert later.version == tagged.version() != version
        assert later.sql("SELECT count(*) AS n FROM mentions")["n"][0].as_py() == 3


@pytest.mark.parametrize(
    "query",
    [
        "SELECT text FROM reviews",
        "SELECT r.text FROM reviews AS r",
        "FROM reviews",
        "SELECT * FROM (SELECT * FROM reviews)",
        "WITH all_of_them AS (FROM reviews) SELECT text FROM all_of_them",
        "SELECT COLUMNS('te.*t') FROM reviews",
    ],
)
def test_texts_are_there_however_they_are_asked_for(tagged, query):
    with tagged.snapshot() as snapshot:
        snapshot.sql("SELECT count(*) FROM reviews")
        texts = snapshot.sql(query)["text"].to_pylist()
    assert len(texts) == 4
    assert all("долго ждал" in text for text in texts)


def test_columns_are_those_of_the_schema(tagged):
    with tagged.snapshot() as snapshot:
        assert snapshot.sql("SELECT * FROM reviews").column_names == REVIEWS.names
        assert snapshot.sql("SELECT * FROM mentions").column_names == MENTIONS.names
        assert snapshot.sql("SELECT * FROM runs").num_rows == 0


def test_an_empty_lake_answers(lake):
    with lake.snapshot() as snapshot:
        for name in ("reviews", "tags", "mentions", "corrections", "runs", "actions"):
            assert snapshot.sql(f"SELECT * FROM {name}").num_rows == 0
        assert snapshot.sql("SELECT avg(stars) AS mean FROM reviews").to_pylist() == [{"mean": None}]


def test_times_are_utc_whatever_the_clock_of_the_machine(tagged, monkeypatch):
    monkeypatch.setenv("TZ", "Asia/Tokyo")
    with tagged.snapshot() as snapshot:
        found = snapshot.sql(
            "SELECT date, date_trunc('day', date) AS day, date::DATE AS d FROM reviews ORDER BY 1"
        )
    assert str(found.schema.field("date").type) == "timestamp[us, tz=UTC]"
    assert found["day"][0].as_py() == datetime(2025, 1, 2, tzinfo=UTC)
    assert str(found["d"][0]) == "2025-01-02"


def test_parameters_in_order_and_by_name(tagged, rows):
    with tagged.snapshot() as snapshot:
        ids = [rows.id(1), rows.id(3), "'; DROP TABLE reviews; --"]
        assert snapshot.sql("SELECT id FROM reviews WHERE id IN ?", [ids]).num_rows == 2
        named = snapshot.sql("SELECT id FROM reviews WHERE id = $id", {"id": rows.id(2)})
        assert named["id"].to_pylist() == [rows.id(2)]


def test_a_query_reads_nothing_but_the_lake(tagged, tmp_path):
    (tmp_path / "secret.csv").write_text("a,b\n1,2\n")
    with tagged.snapshot() as snapshot, pytest.raises(duckdb.Error, match="disabled"):
        snapshot.sql(f"SELECT * FROM read_csv('{tmp_path}/secret.csv')")


def test_a_wrong_query_is_the_programs_own_error(tagged):
    with tagged.snapshot() as snapshot, pytest.raises(duckdb.Error):
        snapshot.sql("SELECT weather FROM reviews")


def test_many_threads_ask_one_snapshot(tagged):
    queries = [
        ("SELECT count(*) AS n FROM reviews", 4),
        ("SELECT count(*) AS n FROM mentions", 4),
        ("SELECT count(text) AS n FROM reviews", 4),
        ("SELECT count(m.quote) AS n FROM mentions m JOIN reviews r ON r.id = m.review_id", 4),
        ("SELECT count(sentiment) AS n FROM tags", 4),
    ]
    with tagged.snapshot() as snapshot, ThreadPoolExecutor(8) as pool:
        asked = [pool.submit(snapshot.sql, query) for query, _ in queries * 6]
        answers = [one.result()["n"][0].as_py() for one in asked]
    assert answers == [expected for _, expected in queries * 6]


def test_results_come_in_batches(tagged, monkeypatch):
    monkeypatch.setattr("ugc.lake.snapshot.BATCH_ROWS", 3)
    with tagged.snapshot() as snapshot:
        batches = list(snapshot.batches("SELECT id, text FROM reviews"))
        assert list(snapshot.batches("SELECT id FROM reviews WHERE false")) == []
    assert batches[0].schema.names == ["id", "text"]
    assert [batch.num_rows for batch in batches] == [3, 1]


def test_a_file_that_went_says_what_to_do(tagged, tmp_path):
    with tagged.snapshot() as snapshot:
        for path in (tmp_path / "lake" / "reviews").glob("*.parquet"):
            path.unlink()
        with pytest.raises(LakeError, match="do this again"):
            snapshot.sql("SELECT text FROM reviews")


def test_a_damaged_file_says_what_to_do(tagged, tmp_path):
    for path in (tmp_path / "lake" / "mentions").glob("*.parquet"):
        path.write_bytes(b"PAR1 nothing PAR1")
    with tagged.snapshot() as snapshot, pytest.raises(LakeError, match="ugc lake check"):
        snapshot.sql("SELECT count(*) FROM mentions")


def test_writing_over_a_damaged_file_says_what_to_do(tagged, rows, tmp_path):
    for path in (tmp_path / "lake" / "reviews").glob("*.parquet"):
        path.write_bytes(b"PAR1 nothing PAR1")
    with pytest.raises(LakeError, match="damaged"):
        tagged.upsert_reviews(rows.some(7))


def test_what_is_held_in_memory_is_packed(plant):
    lake = plant(*({"text": f"Отзыв {n}", "company": "Лумби", "city": "Казань"} for n in range(5000)))
    with lake.snapshot() as snapshot:
        snapshot.sql("SELECT count(city) FROM reviews")
        asked = "SELECT sum(memory_usage_bytes) FROM duckdb_memory()"
        (size,) = snapshot._connection.sql(asked).fetchall()[0]
    assert size < 5000 * 120
