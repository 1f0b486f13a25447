"""Exports that companies already have, through the real import into a real lake."""

from __future__ import annotations

import csv
import io
import json
from datetime import UTC, datetime

import openpyxl
import pytest

from ugc import settings
from ugc.errors import InputError, MappingError
from ugc.ingest.columns import FIELDS, normal_name
from ugc.ingest.exports import EXPORTS
from ugc.ingest.job import look_at
from ugc.ingest.records import Intake
from ugc.review import review_id
from ugc.schema import REVIEWS
from ugc.text.privacy import pseudonym

BOOKKEEPING = {"id", "text_hash", "content_hash", "run_id", "first_seen", "updated_at", "masked"}


def at(moment):
    return datetime.fromisoformat(moment).replace(tzinfo=UTC)


def millis(moment):
    return str(int(at(moment).timestamp() * 1000))


def who(name, source):
    return pseudonym(name, source, settings.pseudonym_salt(settings.load()))


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


def table(header, *records, delimiter=","):
    """A CSV text of records, each a dictionary; cells that are not given are blank."""
    text = io.StringIO()
    writer = csv.DictWriter(text, header, delimiter=delimiter, lineterminator="\r\n")
    writer.writeheader()
    writer.writerows(records)
    return text.getvalue()


# Google Play Console

PLAY = (
    *("Package Name", "App Version Code", "App Version Name", "Reviewer Language", "Device"),
    *("Review Submit Date and Time", "Review Submit Millis Since Epoch"),
    *("Review Last Update Date and Time", "Review Last Update Millis Since Epoch"),
    *("Star Rating", "Review Title", "Review Text"),
    *("Developer Reply Date and Time", "Developer Reply Millis Since Epoch", "Developer Reply Text"),
    "Review Link",
)
PLAY_ID = "5f1c2a90-0b7e-4c1d-9a35-6f2b7c8d9e01"
PLAY_LINK = (
    "http://play.google.com/console/developers/101/app/202/user-feedback/review-details"
    f"?reviewId={PLAY_ID}&corpus=PUBLIC_REVIEWS"
)


def play_row(written, edited=None, reply=None, **cells):
    row = {
        "Package Name": "com.yasen.bank",
        "App Version Code": "481",
        "App Version Name": "4.8.1",
        "Reviewer Language": "ru",
        "Device": "a52q",
        "Review Submit Date and Time": f"{written}Z",
        "Review Submit Millis Since Epoch": millis(written),
        "Review Last Update Date and Time": f"{edited or written}Z",
        "Review Last Update Millis Since Epoch": millis(edited or written),
        "Star Rating": "5",
    }
    if reply:
        row |= {
            "Developer Reply Date and Time": f"{reply}Z",
            "Developer Reply Millis Since Epoch": millis(reply),
            "Developer Reply Text": "Спасибо, что пишете нам!",
        }
    return row | cells


def play_file(write, month, *records):
    return write(f"reviews_com.yasen.bank_{month}.csv", table(PLAY, *records), "utf-16")


FIRST = play_row(
    "2025-06-03T10:15:00",
    **{"Star Rating": "2", "Review Text": "Вход по отпечатку, не работает", "Review Link": PLAY_LINK},
)
SECOND = play_row(
    "2025-06-03T10:15:00",
    "2025-07-20T08:00:00",
    "2025-07-21T09:30:00",
    **{
        "Star Rating": "4",
        "Review Title": "Починили",
        "Review Text": "Теперь отпечаток принимает",
        "Review Link": PLAY_LINK,
    },
)
BARE = play_row("2025-06-05T12:00:00", **{"Star Rating": "1", "Reviewer Language": "pl", "Device": "redfin"})


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


# App Store Connect

CONNECT_ID, STORE_ID = "00000028-b08c-1403-2a05-f20000000000", "13589934592"


def connect(number, rating, title, body, name, created, **more):
    attributes = {
        "rating": rating, "title": title, "body": body, "reviewerNickname": name,
        "createdDate": created, "territory": "POL",
    }  # fmt: skip
    links = {"links": {"related": f"https://api.example/v1/customerReviews/{number}/response"}}
    return {
        "type": "customerReviews",
        "id": number,
        "attributes": attributes,
        "relationships": {"response": links | more},
    }


def response(number, body, changed, **more):
    attributes = {"responseBody": body, "lastModifiedDate": changed, "state": "PUBLISHED"}
    return {"type": "customerReviewResponses", "id": number, "attributes": attributes, **more}


ANSWERED = connect(
    CONNECT_ID, 2, "Przelewy", "Przelew trwa dwa dni", "kasia_k", "2026-03-04T08:10:55-08:00",
    data={"type": "customerReviewResponses", "id": "r1"},
)  # fmt: skip
PLAIN = connect("other-9", 5, "Super", "Wszystko działa bez zarzutu", "adam", "2026-03-05T00:00:00Z")
FORWARD = response("r1", "Już naprawione", "2026-03-06T10:00:00-08:00")
BACKWARD = response(
    "r9", "Dziękujemy", "2026-03-07T00:00:00Z",
    relationships={"review": {"data": {"type": "customerReviews", "id": "other-9"}}},
)  # fmt: skip
CONNECT = {
    "data": [ANSWERED, PLAIN],
    "included": [FORWARD, BACKWARD],
    "links": {"self": "https://api.example/v1/apps/1/customerReviews"},
    "meta": {"paging": {"total": 2, "limit": 200}},
}
CONNECT_TOLD = {
    STORE_ID: {
        "source": "app_store",
        "source_id": STORE_ID,
        "text": "Przelewy\nPrzelew trwa dwa dni",
        "title": "Przelewy",
        "author": ("kasia_k", "app_store"),
        "date": at("2026-03-04T16:10:55"),
        "rating": 2.0,
        "rating_scale": 5.0,
        "stars": 2.0,
        "language": "pl",
        "reply_text": "Już naprawione",
        "reply_date": at("2026-03-06T18:00:00"),
    },
    "other-9": {
        "source": "app_store",
        "source_id": "other-9",
        "text": "Super\nWszystko działa bez zarzutu",
        "title": "Super",
        "author": ("adam", "app_store"),
        "date": at("2026-03-05"),
        "rating": 5.0,
        "rating_scale": 5.0,
        "stars": 5.0,
        "language": "pl",
        "reply_text": "Dziękujemy",
        "reply_date": at("2026-03-07"),
    },
}


def with_authors(expected):
    """What is expected, with the authors' names as pseudonyms."""
    return {
        name: fields | ({"author": who(*fields["author"])} if "author" in fields else {})
        for name, fields in expected.items()
    }


PAGES = [{**CONNECT, "data": [one]} for one in CONNECT["data"]]


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


# Trustpilot Business

TRUSTPILOT = (
    *("Review Id", "Review Created (UTC)", "Review Consumer User Id", "Review Username"),
    *("Review User Email", "Review Title", "Review Content", "Review Stars", "Source Of Review"),
    *("Review Language", "Domain Url", "Webshop Name", "Business Unit Id", "Tags"),
    *("Company Reply Date (UTC)", "Location Name", "Location Id"),
)
TRUSTPILOT_ROWS = (
    {
        "Review Id": "64f1c0ffee1234567890abcd",
        "Review Created (UTC)": "2026-02-11 18:40:05",
        "Review Consumer User Id": "5aa1",
        "Review Username": "Ewa Nowak",
        "Review User Email": "ewa.nowak@example.com",
        "Review Title": "Szybka wysyłka",
        "Review Content": "Paczka przyszła następnego dnia, dzwonili z +48 601 234 567",
        "Review Stars": "5",
        "Source Of Review": "Organic",
        "Review Language": "pl",
        "Domain Url": "sklep.example",
        "Webshop Name": "Sklep Jesion",
        "Business Unit Id": "77b",
        "Tags": "vip",
        "Company Reply Date (UTC)": "2026-02-12 09:00:00",
        "Location Name": "Kraków Rynek",
        "Location Id": "3",
    },
    {
        "Review Id": "64f1c0ffee1234567890abce",
        "Review Created (UTC)": "2026-02-13 00:10:00",
        "Review Username": "Ian",
        "Review Stars": "1",
        "Domain Url": "sklep.example",
        "Webshop Name": "Sklep Jesion",
    },
)
TRUSTPILOT_TOLD = {
    "64f1c0ffee1234567890abcd": {
        "source": "trustpilot",
        "source_id": "64f1c0ffee1234567890abcd",
        "text": "Szybka wysyłka\nPaczka przyszła następnego dnia, dzwonili z ‹phone›",
        "title": "Szybka wysyłka",
        "url": "https://www.trustpilot.com/reviews/64f1c0ffee1234567890abcd",
        "author": ("Ewa Nowak", "trustpilot"),
        "date": at("2026-02-11T18:40:05"),
        "rating": 5.0,
        "rating_scale": 5.0,
        "stars": 5.0,
        "company": "Sklep Jesion",
        "place": "Kraków Rynek",
        "language": "pl",
        "reply_date": at("2026-02-12T09:00:00"),
    },
    "64f1c0ffee1234567890abce": {
        "source": "trustpilot",
        "source_id": "64f1c0ffee1234567890abce",
        "text": "",
        "url": "https://www.trustpilot.com/reviews/64f1c0ffee1234567890abce",
        "author": ("Ian", "trustpilot"),
        "date": at("2026-02-13T00:10:00"),
        "rating": 1.0,
        "rating_scale": 5.0,
        "stars": 1.0,
        "company": "Sklep Jesion",
    },
}


def otherwise(name):
    """A header of Trustpilot as other accounts write it."""
    name = name.replace("Id", "ID").replace("Url", "URL").replace("Company Reply", "Business Reply")
    return name.replace("Review Content", "review content")


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


# AppFollow

APPFOLLOW = [
    {
        "review_id": "13570001112", "store": "as", "ext_id": 987654321, "app_name": "Ясень Банк",
        "date": "2026-04-01", "time": "07:08:09", "rating": 3, "title": "Нормально",
        "content": "Кэшбэк начислили, но поздно", "author": "Юлия77", "user_id": 5150,
        "country": "ru", "app_version": "5.0", "locale": "ru",
        "answer_date": "2026-04-02", "answer_text": "Проверим сроки",
    },
    {
        "review_id": "gp:AOq-77", "store": "gp", "ext_id": "com.yasen.bank", "app_name": "Ясень Банк",
        "date": "2026-04-03", "time": "01:00:00", "rating": 1, "title": "", "content": "",
        "author": "A Google user", "app_version": "4.9", "locale": "en_US", "thumbs_up_cnt": 4,
    },
    {
        "review_id": "77", "store": "ms", "ext_id": "9NBL", "date": "2026-04-04", "rating": 5,
        "content": "Works well on my tablet", "author": "Sam",
    },
]  # fmt: skip
APPFOLLOW_TOLD = {
    "13570001112": {
        "source": "app_store",
        "source_id": "13570001112",
        "text": "Нормально\nКэшбэк начислили, но поздно",
        "title": "Нормально",
        "author": ("Юлия77", "app_store"),
        "date": at("2026-04-01T07:08:09"),
        "rating": 3.0,
        "rating_scale": 5.0,
        "stars": 3.0,
        "product": "Ясень Банк",
        "language": "ru",
        "reply_text": "Проверим сроки",
        "reply_date": at("2026-04-02"),
        "app_version": "5.0",
    },
    "gp:AOq-77": {
        "source": "google_play",
        "source_id": "gp:AOq-77",
        "text": "",
        "date": at("2026-04-03T01:00:00"),
        "rating": 1.0,
        "rating_scale": 5.0,
        "stars": 1.0,
        "product": "Ясень Банк",
        "helpful_votes": 4,
        "app_version": "4.9",
    },
    "77": {
        "source": "appfollow",
        "source_id": "77",
        "text": "Works well on my tablet",
        "author": ("Sam", "appfollow"),
        "date": at("2026-04-04"),
        "rating": 5.0,
        "rating_scale": 5.0,
        "stars": 5.0,
        "product": "9NBL",
        "language": "en",
    },
}


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


# Google Business Profile

GOOGLE = [
    {
        "reviewId": "AbFv1", "name": "accounts/1/locations/2/reviews/AbFv1",
        "reviewer": {"displayName": "Irena", "profilePhotoUrl": "https://photos.example/1"},
        "starRating": "FOUR",
        "comment": "(Translated by Google) Nice staff, long queue\n\n(Original)\nMiła obsługa, długa kolejka",
        "createTime": "2026-05-01T10:00:00.123Z", "updateTime": "2026-05-02T10:00:00Z",
        "reviewReply": {
            "comment": "Dziękujemy za opinię\n\n(Translated by Google)\nThank you for the review",
            "updateTime": "2026-05-03T08:00:00Z",
        },
    },
    {
        "reviewId": "AbFv2", "name": "accounts/1/locations/2/reviews/AbFv2",
        "reviewer": {"displayName": "A Google user", "isAnonymous": True},
        "starRating": "ONE", "createTime": "2026-05-04T10:00:00Z", "updateTime": "2026-05-04T10:00:00Z",
    },
]  # fmt: skip
GOOGLE_TOLD = {
    "AbFv1": {
        "source": "google_business",
        "source_id": "AbFv1",
        "text": "Miła obsługa, długa kolejka",
        "author": ("Irena", "google_business"),
        "date": datetime(2026, 5, 1, 10, 0, 0, 123000, tzinfo=UTC),
        "rating": 4.0,
        "rating_scale": 5.0,
        "stars": 4.0,
        "language": "pl",
        "reply_text": "Dziękujemy za opinię",
        "reply_date": at("2026-05-03T08:00:00"),
    },
    "AbFv2": {
        "source": "google_business",
        "source_id": "AbFv2",
        "text": "",
        "date": at("2026-05-04T10:00:00"),
        "rating": 1.0,
        "rating_scale": 5.0,
        "stars": 1.0,
    },
}
TAKEOUT = [{name: cell for name, cell in one.items() if name != "reviewId"} for one in GOOGLE]


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


# Zendesk

TICKETS = [
    {
        "id": 501, "url": "https://yasen.zendesk.com/api/v2/tickets/501.json",
        "created_at": "2026-01-10T10:00:00Z", "updated_at": "2026-01-12T10:00:00Z",
        "subject": "Карта не пришла", "description": "Жду карту третью неделю",
        "via": {"channel": "email", "source": {"from": {"address": "a@example.com"}}},
        "tags": ["card", "late"], "requester_id": 9001, "submitter_id": 9001, "status": "closed",
        "satisfaction_rating": {"id": 1, "score": "bad", "comment": "Так и не объяснили причину"},
    },
    {
        "id": 502, "url": "https://yasen.zendesk.com/api/v2/tickets/502.json",
        "created_at": "2026-01-11T10:00:00Z", "updated_at": "2026-01-11T12:00:00Z",
        "subject": "Dziękuję", "description": "Sprawa załatwiona w pięć minut",
        "via": {"channel": "web"}, "tags": [], "requester_id": 9002,
        "satisfaction_rating": {"score": "offered"},
    },
]  # fmt: skip
TICKETS_TOLD = {
    "501": {
        "source": "zendesk",
        "source_id": "501",
        "text": "Карта не пришла\nЖду карту третью неделю\nТак и не объяснили причину",
        "title": "Карта не пришла",
        "url": "https://yasen.zendesk.com/agent/tickets/501",
        "author": ("9001", "zendesk"),
        "date": at("2026-01-10T10:00:00"),
        "rating": 0.0,
        "rating_scale": 1.0,
        "stars": 1.0,
        "language": "ru",
    },
    "502": {
        "source": "zendesk",
        "source_id": "502",
        "text": "Dziękuję\nSprawa załatwiona w pięć minut",
        "title": "Dziękuję",
        "url": "https://yasen.zendesk.com/agent/tickets/502",
        "author": ("9002", "zendesk"),
        "date": at("2026-01-11T10:00:00"),
        "language": "pl",
    },
}


def flat(record, prefix=""):
    """A nested object as one level with dotted names, as tools write it to CSV."""
    cells = {}
    for name, value in record.items():
        cells |= flat(value, f"{prefix}{name}.") if isinstance(value, dict) else {prefix + name: value}
    return cells


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


# Intercom

CONVERSATIONS = [
    {
        "type": "conversation", "id": "1295", "created_at": 1767225600, "updated_at": 1767312000,
        "source": {
            "type": "conversation", "delivered_as": "customer_initiated", "subject": "<p>Zwrot</p>",
            "body": "<p>Czekam na zwrot</p><p>od dwóch tygodni</p>", "url": "https://shop.example/?token=s",
            "author": {"type": "user", "id": "u1", "name": "Marta", "email": "m@example.com"},
        },
        "contacts": {"type": "contact.list", "contacts": [{"type": "contact", "id": "u1"}]},
        "conversation_rating": {"rating": 2, "remark": "Nikt nie oddzwonił", "created_at": 1767311000},
        "tags": {"type": "tag.list", "tags": [{"name": "refund"}]},
    },
    {
        "type": "conversation", "id": "1296", "created_at": 1767225700, "updated_at": 1767312100,
        "source": {
            "type": "conversation", "delivered_as": "operator_initiated", "subject": "",
            "body": "<p>Hi, can we help you with anything?</p>",
            "author": {"type": "admin", "id": "a1", "name": "Operator", "email": "o@example.com"},
        },
        "contacts": {"type": "contact.list", "contacts": [{"type": "contact", "id": "u2"}]},
        "conversation_rating": {"rating": 5, "remark": ""},
        "tags": {"type": "tag.list", "tags": []},
    },
    {
        "type": "conversation", "id": "1297", "created_at": 1767225800, "updated_at": 1767312200,
        "source": {"body": "<p>Hi again</p>", "author": {"type": "bot", "id": "b1", "name": "Fin"}},
        "contacts": {"type": "contact.list", "contacts": []},
        "conversation_rating": None,
    },
]  # fmt: skip
CONVERSATIONS_TOLD = {
    "1295": {
        "source": "intercom",
        "source_id": "1295",
        "text": "Zwrot\nCzekam na zwrot\nod dwóch tygodni\n\nNikt nie oddzwonił",
        "title": "Zwrot",
        "author": ("Marta", "intercom"),
        "date": at("2026-01-01T00:00:00"),
        "rating": 2.0,
        "rating_scale": 5.0,
        "stars": 2.0,
        "language": "pl",
    },
    "1296": {
        "source": "intercom",
        "source_id": "1296",
        "text": "",
        "author": ("u2", "intercom"),
        "date": at("2026-01-01T00:01:40"),
        "rating": 5.0,
        "rating_scale": 5.0,
        "stars": 5.0,
    },
}


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
