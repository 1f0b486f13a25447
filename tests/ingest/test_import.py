from __future__ import annotations

import json
import os
from datetime import UTC, datetime

import pytest

from ugc.errors import InputError
from ugc.ingest import import_files

PLAY_CONSOLE = (
    "Package Name",
    "App Version Code",
    "App Version Name",
    "Reviewer Language",
    "Device",
    "Review Submit Date and Time",
    "Review Submit Millis Since Epoch",
    "Review Last Update Date and Time",
    "Review Last Update Millis Since Epoch",
    "Star Rating",
    "Review Title",
    "Review Text",
    "Developer Reply Date and Time",
    "Developer Reply Millis Since Epoch",
    "Developer Reply Text",
    "Review Link",
)
NOW = datetime(2025, 10, 29, 12, tzinfo=UTC)


def at(day):
    return datetime.fromisoformat(day).replace(tzinfo=UTC)


def test_a_russian_export(write, take, rows):
    path = write(
        "Отзывы май.csv",
        "Дата публикации;Автор;Текст отзыва;Балл;Город\n"
        '31.05.2025 14:52;Ольга;"Ждала, звонила +7 916 123-45-67";4,5/5;Казань\n'
        "15 июня;Покупатель;Отлично;5;\n"
        "когда-то;Иван;Нормально;;Москва\n"
        ";;Спасибо;👍;\n",
    )
    summary = take(path, company="Ясень", mapping={"rating": "Балл"}, collected=NOW, now=NOW)
    found = rows()
    assert [row["text"] for row in found[:2]] == ["Ждала, звонила ‹phone›", "Отлично"]
    assert [row["date"] for row in found[:2]] == [at("2025-05-31T14:52"), at("2025-06-15")]
    assert {row["text"]: row["stars"] for row in found} == {
        "Ждала, звонила ‹phone›": 4.5, "Отлично": 5, "Нормально": None, "Спасибо": 5,
    }  # fmt: skip
    assert {row["company"] for row in found} == {"Ясень"}
    assert {row["source"] for row in found} == {"отзывы_май"}
    assert found[0]["city"] == "Казань"
    assert found[0]["masked"] == ["phone"]
    assert len(found[0]["author"]) == 16
    assert found[1]["author"] is None
    assert (summary.new, summary.unread_dates, summary.undated, summary.masked["phone"]) == (4, 1, 1, 1)
    assert summary.examples["date"] == "когда-то"
    assert {row["run_id"] for row in found} == set(summary.runs)


def test_the_same_file_twice_adds_nothing_whenever_and_wherever_it_lies(write, take, rows, tmp_path):
    path = write(
        "a.csv",
        'Дата,Автор,Отзыв,Оценка\n"Вчера, 18:58",Ольга,хорошо,5\n15 июня,Иван,плохо,1\n'
        ",,ок,4\n2 часа назад,Яна,ну такое,3\n",
    )
    first = take(path)
    before = rows()
    os.utime(path, (1_700_000_000, 1_700_000_000))
    second = take(path, source="a")
    assert (first.new, second.new, second.changed, second.unchanged) == (4, 0, 0, 4)
    assert rows() == before


def test_a_changed_review_updates(write, take, rows):
    take(write("a.csv", "id,text,rating,reply\n1,хорошо,5,\n2,плохо,1,\n"))
    first = {row["source_id"]: row for row in rows()}
    summary = take(write("a.csv", "id,text,rating,reply\n1,хорошо,4,\n2,плохо,1,Простите\n3,новый,5,\n"))
    assert (summary.new, summary.changed, summary.unchanged) == (1, 2, 0)
    found = {row["source_id"]: row for row in rows()}
    assert (found["1"]["rating"], found["2"]["reply_text"]) == (4, "Простите")
    assert found["1"]["first_seen"] == first["1"]["first_seen"]
    assert len(found) == 3


def test_without_an_id_equal_rows_are_one_and_others_are_not(write, take):
    path = write(
        "a.csv",
        "date,bank,review,rating\n2025-04-21,A,good,5\n2025-04-21,A,good,5\n2025-04-21,B,good,5\n2025-04-21,A,good,4\n"
        "2025-04-22,A,good,5\n",
    )
    summary = take(path)
    assert (summary.rows, summary.new, summary.repeated) == (5, 4, 1)
    assert take(path).unchanged == 4


def test_of_rows_with_one_id_the_latest_edit_counts(write, take, rows):
    path = write(
        "a.csv",
        "id,text,updated at\n1,второй вариант,2025-05-02\n1,первый вариант,2025-05-01\n2,раньше,\n2,позже,\n",
    )
    summary = take(path)
    assert (summary.new, summary.repeated) == (2, 2)
    assert sorted(row["text"] for row in rows()) == ["второй вариант", "позже"]
    again = take(path)
    assert (again.new, again.changed, again.unchanged, again.repeated) == (0, 0, 2, 2)


def test_google_play_console_in_utf16(write, take, rows):
    link = "https://play.google.com/console/developers/app/user-feedback/review-details?reviewId=abc&corpus=PUBLIC"
    first = (
        "com.bank,10,4.8.0,ru,phone,2025-05-31T14:52:00Z,1748703120000,,,5,,Удобно,2025-06-01,1748789520000"
    )
    lines = [
        ",".join(PLAY_CONSOLE),
        f"{first},Спасибо!,{link}",
        "com.bank,10,4.8.0,pl,phone,2025-05-30T14:52:00Z,1748616720000,,,2,,,,,,",
    ]
    summary = take(write("reviews_com.bank_202505.csv", "\r\n".join(lines), "utf-16"), source="google_play")
    found = rows()
    assert summary.without_text == 1
    assert [row["date"] for row in found] == [at("2025-05-30T14:52"), at("2025-05-31T14:52")]
    assert (found[0]["text"], found[0]["stars"], found[0]["language"]) == ("", 2, None)
    assert found[1]["reply_text"] == "Спасибо!"
    assert found[1]["reply_date"] == at("2025-06-01T14:52")
    assert found[1]["url"] == link
    assert found[1]["app_version"] == "4.8.0"
    assert found[1]["product"] == "com.bank"


@pytest.mark.parametrize(
    ("values", "stars", "unread"),
    [
        (["0", "7", "10"], [1, 3.8, 5], 0),
        (["100", "50", "0"], [5, 3, 1], 0),
        (["5", "0", "3"], [5, None, 3], 0),
        (["True", "False", ""], [5, 1, None], 0),
        (["FIVE", "ONE", "STAR_RATING_UNSPECIFIED"], [5, 1, None], 0),
        (["5", "-3", "хм"], [5, None, None], 2),
        (["9/5", "4/5", "4"], [None, 4, 4], 1),
    ],
)
def test_ratings_of_a_column(write, take, rows, values, stars, unread):
    lines = [f"{number},отзыв номер {number},{value}" for number, value in enumerate(values)]
    summary = take(write("a.csv", "\n".join(["id,text,rating", *lines])))
    found = {row["source_id"]: row["stars"] for row in rows()}
    assert [found[str(number)] for number in range(3)] == [
        one if one is None else pytest.approx(one) for one in stars
    ]
    assert summary.unread_ratings == unread


def test_one_rating_out_of_its_scale_is_counted_and_left_out(write, take, rows):
    lines = [f"{n},отзыв {n},{n % 5 + 1}" for n in range(99)] + ["99,опечатка,55"]
    summary = take(write("a.csv", "\n".join(["id,text,rating", *lines])))
    assert summary.unread_ratings == 1
    assert summary.examples["rating"] == "55"
    assert sum(row["rating"] is None for row in rows()) == 1


def test_recommended_stands_in_for_a_missing_rating(write, take, rows):
    take(write("a.csv", "id,text,rating,recommended\n1,a,,Polecam\n2,b,2,Polecam\n3,c,,Nie polecam\n"))
    assert {row["source_id"]: row["stars"] for row in rows()} == {"1": 5, "2": 2, "3": 1}


def test_nobody_reviews_before_the_purchase(write, take, rows):
    take(
        write(
            "a.csv",
            "id,text,date,purchase_date\n1,a,2020-01-20 22:45:34,2020-02-24 00:30:20\n"
            "2,b,,2019-07-24 13:31:10\n3,c,2023-07-13 16:06:36,2023-06-23 15:15:21\n",
        )
    )
    assert {row["source_id"]: str(row["date"])[:10] for row in rows()} == {
        "1": "2020-02-24", "2": "2019-07-24", "3": "2023-07-13",
    }  # fmt: skip


def test_relative_dates_count_from_the_column_of_collection(write, take, rows):
    summary = take(
        write("a.csv", "id,text,date,collected_at\n1,a,вчера,2024-03-01\n2,b,15 июня,2024-03-01T10:00:00\n")
    )
    assert [str(row["date"])[:10] for row in rows()] == ["2023-06-15", "2024-02-29"]
    assert not summary.notes


def test_relative_dates_count_from_the_time_of_the_file_and_that_is_said(write, take, rows):
    path = write("a.csv", "id,text,date\n1,a,вчера\n")
    os.utime(path, (at("2024-03-01T10:00").timestamp(),) * 2)
    summary = take(path)
    assert str(rows()[0]["date"])[:10] == "2024-02-29"
    assert "01 March 2024" in summary.notes[0]


def test_american_dates_are_told_by_their_neighbours(write, take, rows):
    take(write("a.csv", "id,text,date\n1,a,05/04/2025\n2,b,05/31/2025\n3,c,04/30/2025\n"))
    assert [str(row["date"])[:10] for row in rows()] == ["2025-04-30", "2025-05-04", "2025-05-31"]


def test_nested_json(write, take, rows):
    document = {
        "reviews": [
            {"reviewId": "r1", "reviewer": {"displayName": "Ann"}, "starRating": "FOUR",
             "comment": "Very nice place", "createTime": "2025-05-31T10:00:00Z",
             "reviewReply": {"comment": "Thank you"}},
        ]
    }  # fmt: skip
    take(write("a.json", json.dumps(document)), source="Google Business")
    (row,) = rows()
    assert (row["source"], row["source_id"], row["stars"], row["reply_text"]) == (
        "google_business",
        "r1",
        4,
        "Thank you",
    )


def test_the_source_of_a_row_wins_over_the_option_and_the_option_over_the_name(write, take, rows):
    take(write("my file.csv", "text,source\nхорошо,banki.ru\nплохо,\n"), source="Other Site")
    assert {row["text"]: row["source"] for row in rows()} == {"хорошо": "banki_ru", "плохо": "other_site"}


def test_a_second_download_of_a_file_is_the_same_source(write, take):
    content = "Автор,Отзыв\nОльга,хорошо\n"
    take(write("май.csv", content))
    for name in ("май (1).csv", "май - копия.csv"):
        assert (take(write(name, content)).new, take(write(name, content)).unchanged) == (0, 1)


def test_a_dry_run_writes_nothing_and_tells_the_same(write, take, rows, lake, tmp_path):
    path = write("a.csv", "id,text\n1,хорошо\n2,\n")
    version = lake.version()
    dry = take(path, dry_run=True)
    assert lake.version() == version
    assert not list((tmp_path / "here").iterdir())
    assert (dry.new, dry.rejected) == (1, 1)
    take(path)
    again = take(write("a.csv", "id,text\n1,хорошо!\n3,новый\n"), dry_run=True)
    assert (again.new, again.changed) == (1, 1)
    assert import_files(None, [path], dry_run=True).new == 2
    assert len(rows()) == 1


def test_every_import_is_a_run(write, take, lake):
    take(write("a.csv", "id,text\n1,хорошо\n"), write("b.csv", "id,text\n1,плохо\n2,\n"))
    runs = lake.runs().to_pylist()
    assert {(run["kind"], run["target"], run["state"]) for run in runs} == {
        ("import", "a.csv", "complete"), ("import", "b.csv", "complete"),
    }  # fmt: skip
    counts = {run["target"]: json.loads(run["counts"]) for run in runs}
    assert counts["b.csv"]["rejected"] == 1
    assert counts["b.csv"]["new"] == 1


def test_one_broken_file_among_several_leaves_the_lake_untouched(write, take, lake):
    version = lake.version()
    with pytest.raises(InputError, match=r"b\.csv is empty"):
        take(write("a.csv", "id,text\n1,хорошо\n"), write("b.csv", ""))
    assert lake.version() == version


def test_a_failure_on_the_way_is_noted_in_the_run(write, take, lake, tmp_path):
    path = write("a.csv", "id,text\n1,хорошо\n2,\n")
    with pytest.raises(InputError, match="--rejects"):
        take(path, rejects=tmp_path / "no" / "folder" / "r.csv")
    (run,) = lake.runs().to_pylist()
    assert run["state"] == "failed"
    assert "rejected rows" in run["reason"]


def test_copies_are_marked_and_still_counted_once(write, take, rows):
    long = "Оформляла кредит в отделении на Садовой, всё объяснили, деньги пришли в тот же день, спасибо Анне"
    path = write("a.csv", f'id,text\n1,"{long}"\n2,"{long}!!!"\n3,ок\n')
    assert take(path).near_duplicates == 1
    assert take(path).near_duplicates == 1
    found = {row["source_id"]: row for row in rows()}
    assert found["2"]["duplicate_of"] == found["1"]["id"]
    other = take(write("b.csv", f'id,text\n9,"{long}."\n'))
    assert other.near_duplicates == 1
    assert {row["duplicate_of"] for row in rows() if row["source_id"] in "29"} == {found["1"]["id"]}


def test_progress_is_told_with_its_total(write, take):
    seen = []
    path = write("a.csv", "id,text\n" + "".join(f"{n},отзыв {n}\n" for n in range(1200)))
    take(path, progress=seen.append)
    assert {one.phase for one in seen} == {"reading", "storing"}
    last = seen[-1]
    assert (last.file, last.done, last.total) == ("a.csv", 1200, 1200)
    stored = [one.done for one in seen if one.phase == "storing"]
    assert stored == sorted(stored)


def test_a_text_that_looks_like_a_formula_or_html_is_only_text(write, take, rows):
    take(
        write("a.csv", 'id,text\n1,"=cmd|\'/c calc\'!A1"\n2,"<script>alert(1)</script>хорошо <b>банк</b>"\n')
    )
    assert {row["text"] for row in rows()} == {"=cmd|'/c calc'!A1", "хорошо банк"}
