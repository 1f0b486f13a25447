from __future__ import annotations

from datetime import UTC, datetime

from ugc.ingest import ingest_records

NOW = datetime(2025, 10, 29, 12, tzinfo=UTC)
FIRST = {
    "source_id": "1",
    "text": "<p>Звоните 8 916 123-45-67</p>",
    "title": "Ужас",
    "date": "2025-05-31T14:52:00+03:00",
    "rating": 2,
    "rating_scale": 5,
    "company": "Ясень",
    "author": "Иван",
    "reply_text": "Простите&nbsp;нас",
    "url": "https://www.banki.ru/services/responses/bank/response/1/",
    "verified": True,
    "helpful_votes": 3,
}


def test_one_record_is_cleaned_and_masked(lake, rows):
    ingest_records(lake, [FIRST], run_id=lake.start_run("collect", "banki_ru", "bank"), source="banki_ru")
    (row,) = rows()
    assert row["text"] == "Ужас\nЗвоните ‹phone›"
    assert row["title"] == "Ужас"
    assert row["reply_text"] == "Простите нас"
    assert row["date"] == datetime(2025, 5, 31, 11, 52, tzinfo=UTC)
    assert (row["stars"], row["verified"], row["helpful_votes"], row["company"]) == (2, True, 3, "Ясень")
    assert row["masked"] == ["phone"]
    assert len(row["author"]) == 16


def test_records_of_a_collector_become_reviews(lake, rows):
    run = lake.start_run("collect", "banki_ru", "bank")
    summary = ingest_records(
        lake,
        [
            FIRST,
            {"source_id": "2", "text": "", "rating": True},
            {"source_id": "3", "text": "вчерашний", "date": "вчера"},
            {"source_id": "4"},
            {"source_id": "1", "text": "правка", "rating": 2, "rating_scale": 5},
        ],
        run_id=run, source="banki_ru", company="Запасная", cursor="page 2", now=NOW,
    )  # fmt: skip
    assert (summary.rows, summary.new, summary.rejected, summary.repeated) == (5, 3, 1, 1)
    assert summary.cursor == "page 2"
    assert summary.without_text == 1
    found = {row["source_id"]: row for row in rows()}
    assert found["1"]["text"] == "правка"
    assert found["1"]["company"] == "Запасная"
    assert (found["2"]["stars"], found["2"]["text"]) == (5, "")
    assert str(found["3"]["date"])[:10] == "2025-10-28"
    assert {row["run_id"] for row in found.values()} == {run}


def test_pages_of_one_run_are_compared_and_add_up(lake, rows):
    run = lake.start_run("collect", "steam", "570")
    long = (
        "Отличная игра на вечер с друзьями, но серверы падают каждую пятницу и это очень раздражает всех нас"
    )
    first = ingest_records(lake, [{"source_id": "1", "text": long}], run_id=run, source="steam", now=NOW)
    second = ingest_records(
        lake, [{"source_id": "2", "text": long + "!"}, {"source_id": "1", "text": long}],
        run_id=run, source="steam", now=NOW,
    )  # fmt: skip
    assert (first.new, second.new, second.near_duplicates, second.repeated) == (1, 1, 1, 1)
    later = ingest_records(
        lake, [{"source_id": "1", "text": long}, {"source_id": "3", "text": long}],
        run_id=lake.start_run("collect", "steam", "570"), source="steam", now=NOW,
    )  # fmt: skip
    assert (later.new, later.unchanged, later.near_duplicates) == (1, 1, 1)
    found = {row["source_id"]: row for row in rows()}
    assert found["2"]["duplicate_of"] == found["3"]["duplicate_of"] == found["1"]["id"]
    assert found["1"]["duplicate_of"] is None


def test_the_same_records_from_a_file_and_from_a_collector_are_the_same_reviews(lake, write, take, rows):
    take(write("a.csv", "source,source_id,text,rating,rating_scale\nbanki.ru,1,хорошо,5,5\n"))
    run = lake.start_run("collect", "banki_ru", "bank")
    record = {"source_id": "1", "text": "хорошо", "rating": 5, "rating_scale": 5}
    summary = ingest_records(lake, [record], run_id=run, source="banki_ru")
    assert (summary.new, summary.unchanged) == (0, 1)
    assert len(rows()) == 1
