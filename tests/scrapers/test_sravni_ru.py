from __future__ import annotations

import json
from collections.abc import Sequence

import pytest

from scrapers.source import Where
from scrapers.sravni_ru import SravniRu
from tests.scrapers.contract import Contract, Told, told
from tests.site import Answer, Asked
from ugc.errors import SourceChanged
from ugc.ingest.collect import collect
from ugc.settings import Settings, SourceSettings

BANK = "5bb4f768245bc22a520a0001"
LIST = "https://www.sravni.ru/proxy-reviews/reviews/?pageIndex=0&reviewObjectId="
BY_ID = Where(BANK, LIST + BANK)
BY_NAME = Where("yasen", LIST + BANK)


@pytest.fixture
def lake(tmp_path, blank):
    return blank(tmp_path / "lake")


def item(number: int, **changes: object) -> dict[str, object]:
    """One review as the site's list gives it, invented."""
    return {
        "commentsCount": 4,
        "hasCompanyResponse": True,
        "authorName": "Тимур",
        "authorRole": "user",
        "isAuthorDeleted": False,
        "rating": 4,
        "ratingStatus": "rateApproved",
        "problemSolved": False,
        "isBlocked": False,
        "votes": {"positive": 3, "negative": 1},
        "createdToMoscow": "2026-01-26T13:59:48.551017Z",
        "locationData": {"id": 847, "alias": "astrahan", "name": "Астрахань", "latitude": 46.3},
        "userId": 22108056,
        "id": number,
        "date": "2026-01-26T10:59:48.551017Z",
        "title": "Решают вопросы в чате",
        "text": "Ответили за пять минут.",
        "reviewObjectId": BANK,
        "reviewObjectType": "banks",
        "reviewTag": "creditCards",
        "isClient": True,
        "specificProductName": "",
        **changes,
    }


def envelope(*items: dict[str, object], index: int = 0, total: int | None = None, size: int = 50) -> bytes:
    """A page of the list."""
    count = index * size + len(items) if total is None else total
    return json.dumps({"items": items, "pageIndex": index, "pageSize": size, "total": count}).encode()


class TestSravniRu(Contract):
    source = SravniRu()
    target = BANK
    page = 50
    every = 3
    # The site tells that there is an answer, not what it says.
    replies = False

    def play(self, reviews: Sequence[Told], asked: Asked) -> Answer:
        assert asked.path.startswith("/proxy-reviews/reviews/?")
        query = asked.query
        assert (query["orderBy"], query["reviewObjectType"]) == ("byDate", "banks")
        index, size = int(query["pageIndex"]), int(query["pageSize"])
        items = [
            item(
                int(one.id),
                date=f"{one.day}T10:00:00.5Z",
                text=one.text,
                rating=one.stars,
                authorName=one.author,
                reviewObjectId=query["reviewObjectId"],
            )
            for one in reviews[index * size : (index + 1) * size]
        ]
        return Answer(envelope(*items, index=index, total=len(reviews), size=size))


def collected(lake, site, target):
    """One run on the played site."""
    mirror = SourceSettings(base_url=site.url, pause=0)
    settings = Settings(contact="cx@example.com", salt="salt", sources={"sravni_ru": mirror})
    return collect(lake, SravniRu(), target, settings=settings)


def organisations(site, rows):
    """Lets the site list these organisations, 400 at a time, and hold three reviews of any."""

    def route(path: str) -> Answer:
        asked = site.requests[-1]
        if path.startswith("/proxy-organizations/organizations/?"):
            skip, limit = int(asked.query["skip"]), int(asked.query["limit"])
            return Answer(json.dumps({"items": rows[skip : skip + limit], "total": len(rows)}).encode())
        return TestSravniRu().play(told(3), asked)

    site.route = route


def test_a_name_in_the_address_is_looked_up(lake, site):
    rows = [{"_id": f"{n:024x}", "oldId": n, "alias": f"bank-{n}", "name": f"Банк {n}"} for n in range(450)]
    organisations(site, rows)
    run = collected(lake, site, "bank-430")
    assert (run.state, run.summary.new) == ("complete", 3)
    assert [one.query.get("skip") for one in site.requests] == ["0", "400", None]
    assert site.requests[-1].query["reviewObjectId"] == f"{430:024x}"
    with lake.snapshot() as snapshot:
        urls = [row["url"] for row in snapshot.sql("SELECT url FROM reviews").to_pylist()]
    assert "https://www.sravni.ru/bank/bank-430/otzyvy/1003/" in urls


def test_an_insurer_goes_by_its_number(lake, site):
    organisations(site, [{"_id": "5bb4f768245bc22a520a0002", "id": 126810, "alias": "yasen-polis"}])
    site_route = site.route

    def route(path: str) -> Answer:
        asked = site.requests[-1]
        assert asked.query.get("organizationType", "insuranceCompany") == "insuranceCompany"
        if "reviewObjectId" not in asked.query:
            return site_route(path)
        assert asked.query["reviewObjectType"] == "insuranceCompany"
        return Answer(envelope(item(1, reviewObjectId=asked.query["reviewObjectId"])))

    site.route = route
    run = collected(lake, site, "insurance:yasen-polis")
    assert (run.state, run.summary.new) == ("complete", 1)
    assert site.requests[-1].query["reviewObjectId"] == "126810"


def test_a_name_that_the_site_does_not_list_is_named(lake, site):
    organisations(site, [{"_id": BANK, "alias": "bereza"}])
    run = collected(lake, site, "yasen")
    assert run.state == "failed"
    assert "'yasen'" in run.reason


def test_reviews_of_other_organisations_are_never_taken(lake, site):
    """For an organisation that it does not know the site shows the reviews of all."""
    site.route = lambda path: Answer(envelope(item(1), item(2, reviewObjectId="5bb4f768245bc22a520a0009")))
    run = collected(lake, site, BANK)
    assert (run.state, run.summary.new) == ("failed", 0)
    assert "another organisation" in run.reason


def test_a_site_that_gives_less_than_asked_is_read_to_the_end(lake, site):
    """Its own numbers then do not add up before the end, and are not trusted."""
    reviews = told(35, every=1)

    def route(path: str) -> Answer:
        index = int(site.requests[-1].query["pageIndex"])
        items = [item(int(one.id), date=f"{one.day}T10:00:00Z", text=one.text) for one in reviews]
        return Answer(envelope(*items[index * 10 : index * 10 + 10], index=index, total=35))

    site.route = route
    run = collected(lake, site, BANK)
    assert (run.state, run.summary.new) == ("complete", 35)


def test_all_fields_of_a_review():
    (record,) = SravniRu().parse(envelope(item(7, specificProductName="Карта с лесом")), BY_NAME).records
    assert record == {
        "source_id": "7",
        "url": "https://www.sravni.ru/bank/yasen/otzyvy/7/",
        "author": "Тимур",
        "author_id": "22108056",
        "date": "2026-01-26T10:59:48.551017Z",
        "title": "Решают вопросы в чате",
        "text": "Ответили за пять минут.",
        "rating": 4,
        "rating_scale": 5,
        "product": "Карта с лесом",
        "city": "Астрахань",
        "helpful_votes": 3,
        "verified": True,
    }


def test_what_a_review_lacks_is_absent():
    bare = item(
        7,
        rating=0,
        ratingStatus=None,
        locationData=None,
        votes=None,
        reviewTag="other",
        userId=None,
        title="",
    )
    (record,) = SravniRu().parse(envelope(bare), BY_ID).records
    assert record == {
        "source_id": "7",
        "author": "Тимур",
        "date": "2026-01-26T10:59:48.551017Z",
        "text": "Ответили за пять минут.",
    }


@pytest.mark.parametrize(
    ("target", "folder"),
    [
        ("insurance:yasen", "strakhovaja-kompanija/yasen"),
        ("mfo:yasen", "zaimy/yasen"),
        ("yasen", "bank/yasen"),
    ],
)
def test_the_address_of_a_review_is_that_of_its_kind(target, folder):
    (record,) = SravniRu().parse(envelope(item(7)), Where(target, LIST + BANK)).records
    assert record["url"] == f"https://www.sravni.ru/{folder}/otzyvy/7/"


def test_pages_follow_until_the_total():
    assert SravniRu().parse(envelope(item(7), total=51), BY_ID).more
    assert not SravniRu().parse(envelope(item(7), index=1, total=51), BY_ID).more
    assert not SravniRu().parse(envelope(), BY_ID).more


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"<html>Just a page</html>",
        b"[]",
        b'{"items": null}',
        b'{"items": [1]}',
        b'{"items": [{}]}',
        b'{"items": [{"id": 1, "votes": 3, "reviewObjectId": "x"}]}',
        b'{"items": [{"id": 1}]}',
        b"\xff\xfe{",
        b"[" * 100_000,
    ],
)
def test_another_shape_is_named(body):
    with pytest.raises(SourceChanged, match="sravni_ru"):
        SravniRu().parse(body, BY_ID)


@pytest.mark.parametrize(
    "value",
    [None, True, 10**400, float("nan"), "", "\ud800", "31.02.2026", [], {}, [1], {"name": {}}],
    ids=repr,
)
def test_a_field_of_another_kind_is_read_or_named(value):
    """Each field in turn; only `SourceChanged` may come of it."""
    named = []
    for field in item(7):
        try:
            found = SravniRu().parse(envelope(item(7, **{field: value})), BY_NAME)
        except SourceChanged as error:
            named.append(error.what)
        else:
            assert len(found.records) == 1
    assert all("sravni_ru" in what for what in named)


@pytest.mark.parametrize(
    ("url", "target"),
    [
        ("https://www.sravni.ru/bank/yasen/otzyvy/", "yasen"),
        ("https://sravni.ru/bank/Yasen-Bank?utm=1", "yasen-bank"),
        ("https://www.sravni.ru/strakhovaja-kompanija/yasen/otzyvy/1086541/", "insurance:yasen"),
        ("https://www.sravni.ru/zaimy/yasen/otzyvy/", "mfo:yasen"),
        ("https://www.sravni.ru/zaimy/mfo/", None),
        ("https://www.sravni.ru/banki/otzyvy/", None),
        ("https://www.sravni.ru/", None),
        ("https://example.com/?to=https://www.sravni.ru/bank/yasen/", None),
    ],
)
def test_its_addresses_are_known(url, target):
    assert SravniRu().recognise(url) == target


@pytest.mark.parametrize("target", ["", "two words", "bank:yasen", "../x", "mfo:"])
def test_a_wrong_target_is_named(target, lake, site):
    run = collected(lake, site, target)
    assert (run.state, site.asked) == ("failed", [])
    assert "no target of sravni.ru" in run.reason


@pytest.mark.shared
@pytest.mark.parametrize(
    ("file", "target", "number", "total_tags"),
    [
        ("bank_reviews.json", "gazprombank", "5bb4f768245bc22a520a6115", 5),
        ("insurance_reviews.json", "insurance:126810", "126810", 10),
    ],
)
def test_recorded_pages(shared, file, target, number, total_tags):
    body = (shared / "sources/fixtures/sravni_ru" / file).read_bytes()
    found = SravniRu().parse(body, Where(target, LIST + number))
    assert (len(found.records), found.more) == (10, True)
    named = ("author", "author_id", "date", "title", "text", "city", "rating")
    assert all(record[field] for record in found.records for field in named)
    assert all(record["verified"] and record["helpful_votes"] == 0 for record in found.records)
    assert sum("product" in record for record in found.records) == total_tags
    dates = [record["date"] for record in found.records]
    assert dates == sorted(dates, reverse=True)
    with pytest.raises(SourceChanged, match="another organisation"):
        SravniRu().parse(body, Where(target, LIST + "1"))
