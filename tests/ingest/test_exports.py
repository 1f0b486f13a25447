"""Exports that companies already have, through the real import into a real lake."""

from __future__ import annotations

import json
from datetime import datetime

import openpyxl
import pytest

from tests.ingest.exported import (
    ANSWERED,
    APPFOLLOW,
    APPFOLLOW_TOLD,
    BARE,
    BOOKKEEPING,
    CONNECT,
    CONNECT_TOLD,
    CONVERSATIONS,
    CONVERSATIONS_TOLD,
    FIRST,
    GOOGLE,
    GOOGLE_TOLD,
    PAGES,
    PLAY,
    PLAY_ID,
    PLAY_LINK,
    SECOND,
    STORE_ID,
    TAKEOUT,
    TICKETS,
    TICKETS_TOLD,
    TRUSTPILOT,
    TRUSTPILOT_ROWS,
    TRUSTPILOT_TOLD,
    at,
    flat,
    otherwise,
    play_file,
    response,
    table,
    who,
    with_authors,
)
from ugc.errors import InputError, MappingError
from ugc.ingest.columns import FIELDS, normal_name
from ugc.ingest.exports import EXPORTS
from ugc.ingest.job import look_at
from ugc.ingest.records import Intake
from ugc.review import review_id
from ugc.schema import REVIEWS


@pytest.fixture
def told(rows):
    """Every field of the common record of each review by its id, blank ones left out."""

    def read():
        found = {}
        for row in rows():
            assert set(row) == set(REVIEWS.names)
            assert row["id"] == review_id(row["source"], row["source_id"])
            found[row["source_id"]] = {
                name: value for name, value in row.items() if name not in BOOKKEEPING and value is not None
            }
        return found

    return read


def test_google_play_console(write, take, told):
    path = play_file(write, "202507", SECOND, BARE)
    assert path.read_bytes().startswith(b"\xff\xfe")
    summary = take(path)
    found = told()
    assert found.pop(PLAY_ID) == {
        "source": "google_play",
        "source_id": PLAY_ID,
        "text": "Починили\nТеперь отпечаток принимает",
        "title": "Починили",
        "url": PLAY_LINK,
        "date": at("2025-06-03T10:15:00"),
        "rating": 4.0,
        "rating_scale": 5.0,
        "stars": 4.0,
        "product": "com.yasen.bank",
        "language": "ru",
        "reply_text": "Спасибо, что пишете нам!",
        "reply_date": at("2025-07-21T09:30:00"),
        "app_version": "4.8.1",
    }
    ((name, bare),) = found.items()
    assert bare == {
        "source": "google_play",
        "source_id": name,
        "text": "",
        "date": at("2025-06-05T12:00:00"),
        "rating": 1.0,
        "rating_scale": 5.0,
        "stars": 1.0,
        "product": "com.yasen.bank",
        "app_version": "4.8.1",
    }
    assert (summary.new, summary.without_text, summary.unread_ratings) == (2, 1, 0)
    assert "Google Play Console export" in summary.notes[0]
    assert "google_play" in summary.notes[0]


def test_each_column_is_shown_with_its_field(write):
    (plan,) = look_at([play_file(write, "202507", SECOND, BARE)])
    shown = {choice.column: (choice.field, choice.why) for choice in plan.mapping.choices}
    assert shown["Review Text"] == ("text", "export")
    assert shown["Review Link"] == ("url", "export")
    assert shown["Review Submit Date and Time"] == ("date", "export, in reserve")
    assert shown["App Version Code"] == (None, "")


def test_the_edit_of_a_later_month_counts_whatever_the_order(write, take, told):
    june, july = play_file(write, "202506", FIRST, BARE), play_file(write, "202507", SECOND)
    summary = take(july, june)
    assert told()[PLAY_ID]["rating"] == 4
    assert (summary.new, summary.repeated) == (2, 1)
    again = take(june, july)
    assert (again.new, again.changed, again.unchanged, again.repeated) == (0, 0, 2, 1)


def test_an_older_month_imported_later_brings_nothing_back(write, take, told, rows):
    june, july = play_file(write, "202506", FIRST, BARE), play_file(write, "202507", SECOND)
    take(july)
    dry = take(june, dry_run=True)
    late = take(june)
    assert told()[PLAY_ID]["rating"] == 4
    for summary in (dry, late):
        assert (summary.new, summary.changed, summary.unchanged) == (1, 0, 1)
        assert any("1 reviews" in note and "newer export" in note for note in summary.notes)
    before = rows()
    assert take(june).new == take(july).new == take(july).changed == 0
    assert rows() == before


def test_after_a_killed_import_the_mark_of_the_next_one_counts(write, take, lake, told):
    july = play_file(write, "202507", SECOND)
    (run,) = take(july).runs
    lake.finish_run(run, "partial", "It was broken off.", {}, None)
    assert take(july).unchanged == 1
    take(play_file(write, "202506", FIRST))
    assert told()[PLAY_ID]["rating"] == 4


def test_a_newer_month_and_a_newer_download_of_a_month_do_change(write, take, told):
    take(play_file(write, "202506", FIRST))
    assert take(play_file(write, "202507", SECOND | {"Developer Reply Text": ""})).changed == 1
    answered = take(play_file(write, "202507", SECOND))
    assert (answered.changed, told()[PLAY_ID]["reply_text"]) == (1, "Спасибо, что пишете нам!")


def test_a_rating_without_text_keeps_its_id_when_the_stars_change(write, take, told):
    take(play_file(write, "202506", BARE))
    (name,) = told()
    assert take(play_file(write, "202506", BARE | {"Star Rating": "3"})).changed == 1
    assert told()[name]["stars"] == 3


@pytest.mark.parametrize(
    ("link", "review"),
    [
        ("https://play.google.com/x/review-details?corpus=P&reviewId=gp%3AAOqpTOE_x-1", "gp:AOqpTOE_x-1"),
        (
            "https://play.google.com/apps/publish?account=7#ReviewDetailsPlace:p=com.a&reviewid=gp:AO-2",
            "gp:AO-2",
        ),
    ],
)
def test_links_of_every_age_give_the_id(write, take, told, link, review):
    take(play_file(write, "201906", FIRST | {"Review Link": link}))
    assert list(told()) == [review]


def test_a_month_without_reviews_is_no_error(write, take):
    summary = take(play_file(write, "202505"), play_file(write, "202506", FIRST))
    assert (summary.rows, summary.new) == (1, 1)
    assert any("202505.csv holds no reviews" in note for note in summary.notes)


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("reviews.json", json.dumps(CONNECT)),
        ("reviews.json", json.dumps(CONNECT, indent=2, ensure_ascii=False)),
        ("pages.json", json.dumps(PAGES)),
        ("pages.jsonl", "\n".join(map(json.dumps, PAGES))),
    ],
)
def test_app_store_connect(write, take, told, name, content):
    path = write(name, content)
    summary = take(path)
    assert told() == with_authors(CONNECT_TOLD)
    assert not any("left out" in note for note in summary.notes)
    again = take(path)
    assert (again.new, again.changed, again.unchanged) == (0, 0, 2)


@pytest.mark.parametrize("spelled", [str, otherwise])
def test_trustpilot_csv(write, take, told, spelled):
    records = [{spelled(name): cell for name, cell in row.items()} for row in TRUSTPILOT_ROWS]
    path = write("export.csv", table([spelled(name) for name in TRUSTPILOT], *records), "utf-8-sig")
    take(path, zone=datetime.strptime("+0300", "%z").tzinfo)
    assert told() == with_authors(TRUSTPILOT_TOLD)


def test_trustpilot_workbook(tmp_path, take, told):
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.append(TRUSTPILOT)
    for row in TRUSTPILOT_ROWS:
        cells = dict(row)
        for name in ("Review Created (UTC)", "Company Reply Date (UTC)"):
            cells[name] = datetime.fromisoformat(cells[name]) if name in cells else None
        cells["Review Stars"] = int(cells["Review Stars"])
        sheet.append([cells.get(name) for name in TRUSTPILOT])
    path = tmp_path / "export.xlsx"
    book.save(path)
    take(path, zone=datetime.strptime("+0300", "%z").tzinfo)
    assert told() == with_authors(TRUSTPILOT_TOLD)
    again = take(path)
    assert (again.new, again.changed) == (0, 0)


@pytest.mark.parametrize("kind", ["csv", "json"])
def test_appfollow(write, take, told, kind):
    content = {
        "csv": table([*APPFOLLOW[0], "thumbs_up_cnt"], *APPFOLLOW),
        "json": json.dumps({"reviews": {"list": APPFOLLOW, "total": 3}}, ensure_ascii=False),
    }[kind]
    path = write(f"export.{kind}", content)
    take(path)
    assert told() == with_authors(APPFOLLOW_TOLD)
    assert take(path).unchanged == 3


@pytest.mark.parametrize(
    "document",
    [
        {"reviews": GOOGLE, "averageRating": 2.5, "totalReviewCount": 2},
        {"reviews": TAKEOUT},
        [{"reviews": [one], "totalReviewCount": 2, "nextPageToken": "x"} for one in GOOGLE],
        {"locationReviews": [{"name": "accounts/1/locations/2", "review": one} for one in GOOGLE]},
    ],
)
def test_google_business_profile(write, take, told, document):
    path = write("reviews.json", json.dumps(document, ensure_ascii=False))
    take(path)
    assert told() == with_authors(GOOGLE_TOLD)
    assert take(path).unchanged == 2


def test_an_older_dump_brings_nothing_back(write, take, told):
    fresh = [{**GOOGLE[0], "starRating": "FIVE", "updateTime": "2026-06-01T10:00:00Z"}, GOOGLE[1]]
    take(write("june.json", json.dumps({"reviews": fresh})))
    take(write("may.json", json.dumps({"reviews": GOOGLE})))
    assert told()["AbFv1"]["stars"] == 5


@pytest.mark.parametrize("kind", ["json", "jsonl", "csv"])
def test_zendesk_tickets(write, take, told, kind):
    content = {
        "json": json.dumps({"tickets": TICKETS, "users": [{"id": 9001}], "next_page": None, "count": 2}),
        "jsonl": "\n".join(map(json.dumps, TICKETS)),
        "csv": table(list(flat(TICKETS[0])), *map(flat, TICKETS), delimiter=";"),
    }[kind]
    path = write(f"tickets.{kind}", content)
    summary = take(path)
    assert told() == with_authors(TICKETS_TOLD)
    assert summary.unread_ratings == 0
    assert take(path).unchanged == 2


def test_zendesk_grades(write, take, told):
    grades = [
        {"id": 1, "ticket_id": 501, "score": "good_with_comment", "comment": "Pomogli i bardzo dziękuję",
         "requester_id": 9001, "assignee_id": 4, "created_at": "2026-01-12T00:00:00Z",
         "url": "https://yasen.zendesk.com/api/v2/satisfaction_ratings/1.json"},
        {"id": 2, "ticket_id": 502, "score": "bad", "comment": None, "requester_id": 9002, "assignee_id": 4,
         "created_at": "2026-01-13T00:00:00Z"},
        {"id": 3, "ticket_id": 503, "score": "offered", "requester_id": 9003, "assignee_id": 4,
         "created_at": "2026-01-14T00:00:00Z"},
    ]  # fmt: skip
    summary = take(write("grades.json", json.dumps({"satisfaction_ratings": grades, "count": 3})))
    assert told() == with_authors(
        {
            "501": {
                "source": "zendesk",
                "source_id": "501",
                "text": "Pomogli i bardzo dziękuję",
                "url": "https://yasen.zendesk.com/agent/tickets/501",
                "author": ("9001", "zendesk"),
                "date": at("2026-01-12"),
                "rating": 1.0,
                "rating_scale": 1.0,
                "stars": 5.0,
                "language": "pl",
            },
            "502": {
                "source": "zendesk",
                "source_id": "502",
                "text": "",
                "author": ("9002", "zendesk"),
                "date": at("2026-01-13"),
                "rating": 0.0,
                "rating_scale": 1.0,
                "stars": 1.0,
            },
        }
    )
    assert (summary.rejected, summary.unread_ratings) == (1, 0)


def test_zendesk_table_of_tickets(write, take, told):
    header = ["Summation column", "Id", "Requester", "Requester id", "Requester email", "Subject"]
    header += ["Via", "Created at", "Updated at", "Satisfaction Score"]
    row = dict(zip(header, ["1", "77", "Piotr", "5", "p@example.com", "Nie działa logowanie", "Mail",
                            "2026-01-10 10:00", "2026-01-11 11:00", "Good"], strict=True))  # fmt: skip
    summary = take(
        write("tickets.csv", table(header, row, row | {"Id": "78", "Satisfaction Score": "Offered"}))
    )
    assert {name: fields.get("stars") for name, fields in told().items()} == {"77": 5.0, "78": None}
    assert told()["77"]["author"] == who("Piotr", "zendesk")
    assert any("no column description" in note for note in summary.notes)


@pytest.mark.parametrize("kind", ["json", "jsonl"])
def test_intercom(write, take, told, kind):
    content = {
        "json": json.dumps({"type": "conversation.list", "pages": {}, "conversations": CONVERSATIONS}),
        "jsonl": "\n".join(map(json.dumps, CONVERSATIONS)),
    }[kind]
    path = write(f"conversations.{kind}", content)
    summary = take(path)
    assert told() == with_authors(CONVERSATIONS_TOLD)
    assert summary.rejected == 1
    assert take(path).unchanged == 2


# What holds for all of them


@pytest.mark.parametrize(
    ("source", "review", "name", "content"),
    [
        ("google_play", PLAY_ID, "play.csv", table(PLAY, FIRST).encode("utf-16")),
        ("app_store", STORE_ID, "connect.json", json.dumps(CONNECT).encode()),
        ("trustpilot", "64f1c0ffee1234567890abcd", "t.csv", table(TRUSTPILOT, *TRUSTPILOT_ROWS).encode()),
        ("app_store", "13570001112", "appfollow.json", json.dumps(APPFOLLOW).encode()),
    ],
)
def test_an_export_meets_what_was_collected(write, take, lake, told, source, review, name, content):
    run = lake.start_run("collect", source, "x")
    record = {"source_id": review, "text": "Как собрано с площадки", "rating": 3, "rating_scale": 5}
    Intake(lake, run_id=run, source=source).add([record])
    summary = take(write(name, content))
    assert summary.changed == 1
    assert told()[review]["text"] != record["text"]


def test_the_user_has_the_last_word(write, take, told):
    path = play_file(write, "202506", FIRST)
    take(
        path,
        source="Play of the bank",
        mapping={"title": "Device", "product": "", "source_id": "App Version Code"},
    )
    (row,) = told().values()
    assert (row["source"], row["source_id"], row["title"]) == ("play_of_the_bank", "481", "a52q")
    assert "product" not in row


def test_other_tables_are_no_exports(write, take, told):
    summary = take(write("own.csv", "id,rating,title,comment,store\n1,5,t,good one,Main street\n"))
    assert [row["source"] for row in told().values()] == ["own"]
    assert summary.notes == []


def test_half_an_export_is_named(write, take):
    header = ["Package Name", "Review Submit Millis Since Epoch", "Device"]
    with pytest.raises(MappingError, match=r"half of a Google Play Console export.*Review Text, Star Rating"):
        take(write("half.csv", table(header, {"Package Name": "a"})))


def test_what_an_export_lacks_is_told(write, take, told):
    header = [name for name in PLAY if name not in {"Review Link", "Review Text"}]
    row = {name: cell for name, cell in FIRST.items() if name in header}
    summary = take(write("part.csv", table(header, row)))
    assert (summary.new, summary.without_text) == (1, 1)
    assert any("no column Review Link" in note and "double" in note for note in summary.notes)
    assert any("no column Review Text" in note for note in summary.notes)


def test_a_cut_table_loses_only_what_is_cut(write, take, told):
    whole = table(PLAY, BARE, SECOND).encode("utf-16")
    cut = whole[: whole.index("отпечаток".encode("utf-16-le")) + 5]
    summary = take(write("cut.csv", cut))
    assert summary.rows >= 1
    assert any(row["product"] == "com.yasen.bank" and row["text"] == "" for row in told().values())
    torn = table(PLAY, BARE, FIRST).encode("utf-16")
    torn = torn[: torn.index("отпечатку".encode("utf-16-le")) + 5]
    assert take(write("torn.csv", torn)).reasons["a quotation mark is opened and never closed"] == 1


@pytest.mark.parametrize("share", [0.3, 0.6, 0.95])
@pytest.mark.parametrize(
    "document", [CONNECT, {"reviews": GOOGLE}, {"tickets": TICKETS}], ids=["a", "g", "z"]
)
def test_a_cut_document_is_refused_whole(write, take, lake, document, share):
    whole = json.dumps(document)
    version = lake.version()
    with pytest.raises(InputError, match=r"no whole JSON.*Nothing was imported"):
        take(write("cut.json", whole[: int(len(whole) * share)]))
    assert lake.version() == version


def test_two_documents_in_one_file_are_refused(write, take):
    with pytest.raises(InputError, match="more than one JSON document"):
        take(write("two.json", json.dumps(CONNECT, indent=1) + "\n" + json.dumps(CONNECT, indent=1)))


@pytest.mark.parametrize("document", [{"data": [], "links": {}}, {"reviews": [], "totalReviewCount": 0}])
def test_an_answer_without_reviews_says_so(write, take, document):
    with pytest.raises(InputError, match="holds no reviews"):
        take(write("none.json", json.dumps(document)))


def test_things_of_other_shapes_are_passed_over(write, take, told):
    odd = [7, None, {"type": 1, "id": []}, {"type": "x", "id": "1", "attributes": "no"}]
    odd += [response("r1", "Już naprawione", "wczoraj raczej")]
    item = {**ANSWERED, "relationships": {"response": {"data": [1]}, "other": 3, "a": {"data": {"id": {}}}}}
    take(write("odd.json", json.dumps({"data": [item, ANSWERED | {"id": "2"}], "included": odd})))
    assert "reply_text" not in told()[STORE_ID]
    assert told()["2"]["reply_text"] == "Już naprawione"


def test_the_table_of_exports_is_sound():
    names = [export.title for export in EXPORTS]
    assert len(set(names)) == len(names)
    for export in EXPORTS:
        assert set(export.fields) <= set(FIELDS)
        assert {"text", "rating", "date", "source_id"} <= set(export.fields)
        for signs in export.signs:
            others = [
                other.title
                for other in EXPORTS
                for theirs in other.signs
                if {normal_name(one) for one in theirs} <= {normal_name(one) for one in signs}
            ]
            assert set(others) == {export.title}
