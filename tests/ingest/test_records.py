from __future__ import annotations

from datetime import UTC, datetime

from ugc.ingest import Intake

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
    Intake(lake, run_id=lake.start_run("collect", "banki_ru", "bank"), source="banki_ru").add([FIRST])
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
    summary = Intake(lake, run_id=run, source="banki_ru", company="Запасная", now=NOW).add(
        [
            FIRST,
            {"source_id": "2", "text": "", "rating": True},
            {"source_id": "3", "text": "вчерашний", "date": "вчера"},
            {"source_id": "4"},
            {"source_id": "1", "text": "правка", "rating": 2, "rating_scale": 5},
        ],
    )
    assert (summary.rows, summary.new, summary.rejected, summary.repeated) == (5, 3, 1, 1)
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
    intake = Intake(lake, run_id=run, source="steam", now=NOW)
    first = intake.add([{"source_id": "1", "text": long}])
    second = intake.add([{"source_id": "2", "text": long + "!"}, {"source_id": "1", "text": long}])
    assert (first.new, second.new, second.near_duplicates, second.repeated) == (1, 1, 1, 1)
    assert (intake.summary.rows, intake.summary.new) == (3, 2)
    again = Intake(lake, run_id=lake.start_run("collect", "steam", "570"), source="steam", now=NOW)
    later = again.add([{"source_id": "1", "text": long}, {"source_id": "3", "text": long}])
    assert (later.new, later.unchanged, later.near_duplicates) == (1, 1, 1)
    found = {row["source_id"]: row for row in rows()}
    assert found["2"]["duplicate_of"] == found["3"]["duplicate_of"] == found["1"]["id"]
    assert found["1"]["duplicate_of"] is None


def test_the_same_records_from_a_file_and_from_a_collector_are_the_same_reviews(lake, write, take, rows):
    take(write("a.csv", "source,source_id,text,rating,rating_scale\nbanki.ru,1,хорошо,5,5\n"))
    run = lake.start_run("collect", "banki_ru", "bank")
    record = {"source_id": "1", "text": "хорошо", "rating": 5, "rating_scale": 5}
    summary = Intake(lake, run_id=run, source="banki_ru").add([record])
    assert (summary.new, summary.unchanged) == (0, 1)
    assert len(rows()) == 1
