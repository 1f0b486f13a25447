"""Invented exports of every kind, and what the lake holds once they are imported."""

from __future__ import annotations

import csv
import io
from datetime import UTC, datetime

from ugc import settings
from ugc.text.privacy import pseudonym

BOOKKEEPING = {"id", "text_hash", "content_hash", "run_id", "first_seen", "updated_at", "masked"}


def at(moment):
    return datetime.fromisoformat(moment).replace(tzinfo=UTC)


def millis(moment):
    return str(int(at(moment).timestamp() * 1000))


def who(name, source):
    return pseudonym(name, source, settings.pseudonym_salt(settings.load()))


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
