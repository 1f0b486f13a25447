"""Trustpilot's own API, played: the company is looked up by its domain, then read page by page."""

from __future__ import annotations

import json

import pytest

from scrapers.source import Where
from scrapers.trustpilot_api import TrustpilotApi
from tests.scrapers.contract import Contract, Told
from tests.site import Answer
from ugc.errors import SourceChanged
from ugc.ingest.collect import collect
from ugc.settings import Settings, SourceSettings

KEY = "not-a-key-of-anybody-0123"
UNIT = "0123456789abcdef01234567"
HERE = Where(
    "yasen.example", f"https://api.trustpilot.com/v1/business-units/{UNIT}/reviews?page=1&perPage=100"
)


def row(one: Told, **changes: object) -> dict[str, object]:
    """One review as the API gives it."""
    reply = {"text": one.reply, "createdAt": "2026-11-21T09:00:00Z", "updatedAt": None}
    return {
        "links": [],
        "id": one.id,
        "consumer": {
            "links": [],
            "id": "consumer1",
            "displayName": one.author,
            "displayLocation": "Poznań, PL",
            "numberOfReviews": 2,
        },
        "businessUnit": {
            "links": [],
            "id": UNIT,
            "identifyingName": "yasen.example",
            "displayName": "Ясень",
        },
        "location": None,
        "stars": one.stars,
        "title": "Коротко",
        "text": one.text,
        "language": "ru",
        "createdAt": f"{one.day}T12:00:00Z",
        "experiencedAt": None,
        "updatedAt": None,
        "companyReply": reply if one.reply else None,
        "isVerified": False,
        "numberOfLikes": 2,
        "status": "active",
        **changes,
    }


class TestTrustpilotApi(Contract):
    source = TrustpilotApi()
    target = "yasen.example"
    page = 100
    key = KEY
    every = 2

    def play(self, reviews, asked):
        path = asked.path.partition("?")[0]
        if asked.headers.get("apikey") != self.key:
            return Answer(b'{"fault": {"faultstring": "Invalid ApiKey"}}', 401)
        if path == "/v1/business-units/find":
            if asked.query["name"] != "yasen.example":
                return Answer(b'{"message": "not found"}', 404)
            found = {"id": UNIT, "displayName": "Ясень", "numberOfReviews": {"total": len(reviews)}}
            return Answer(json.dumps(found).encode())
        assert path == f"/v1/business-units/{UNIT}/reviews"
        assert asked.query["orderBy"] == "createdat.desc"
        size, number = int(asked.query["perPage"]), int(asked.query["page"])
        shown = reviews[(number - 1) * size : number * size]
        return Answer(json.dumps({"links": [], "reviews": [row(one) for one in shown]}).encode())

    def collected(self, lake, site, target, key=KEY):
        mirror = SourceSettings(base_url=site.url, pause=0, key=key)
        chosen = Settings(contact="cx@example.com", salt="salt", sources={"trustpilot": mirror})
        return collect(lake, self.source, target, settings=chosen)

    def test_an_unknown_company_is_named(self, lake, site):
        self.serve(site, self.reviews())
        run = self.collected(lake, site, "olcha.example")
        assert run.state == "failed"
        assert "answered 404" in run.reason
        assert len(site.asked) == 1

    def test_a_wrong_key_is_named(self, lake, site):
        self.serve(site, self.reviews())
        run = self.collected(lake, site, "yasen.example", "another-key-than-that")
        assert run.state == "failed"
        assert "UGC_SOURCES__TRUSTPILOT__KEY" in run.reason

    @pytest.mark.parametrize("unit", [None, 5, "", "../../x", "a/b"])
    def test_a_company_without_a_usable_id_is_a_change(self, lake, site, unit):
        site.route = lambda path: Answer(json.dumps({"id": unit}).encode())
        run = self.run(lake, site)
        assert run.state == "failed"
        assert "another shape" in run.reason
        assert len(site.asked) == 1

    @pytest.mark.parametrize(
        "target", ["", "yasen", "https://yasen.example", "a b.example", "-.example", "x/../y.z"]
    )
    def test_what_is_no_target_is_never_asked(self, lake, site, target):
        run = self.collected(lake, site, target)
        assert run.state == "failed"
        assert "is no target of Trustpilot" in run.reason
        assert site.agents == []


def parsed(*rows: object):
    return TrustpilotApi().parse(json.dumps({"reviews": list(rows)}).encode(), HERE)


def test_reads_the_fields_of_a_review(today):
    one = Told("r42", today, "Szybko i miło", 4, "Dziękujemy!", "Anna Olcha")
    whole = row(
        one,
        language="pl",
        isVerified=True,
        location={"id": "l", "name": "Oddział w Poznaniu"},
        createdAt="2026-11-02T10:00:00",
        updatedAt="2026-11-03T10:00:00Z",
        experiencedAt="2026-10-30T00:00:00Z",
    )
    assert parsed(whole).records == (
        {
            "source_id": "r42",
            "url": "https://www.trustpilot.com/reviews/r42",
            "title": "Коротко",
            "text": "Szybko i miło",
            "rating": 4,
            "rating_scale": 5,
            "date": "2026-11-02T10:00:00+00:00",
            "edited_at": "2026-11-03T10:00:00+00:00",
            "bought_at": "2026-10-30T00:00:00+00:00",
            "author": "Anna Olcha",
            "author_id": "consumer1",
            "company": "Ясень",
            "place": "Oddział w Poznaniu",
            "language": "pl",
            "helpful_votes": 2,
            "verified": True,
            "reply_text": "Dziękujemy!",
            "reply_date": "2026-11-21T09:00:00+00:00",
        },
    )


@pytest.fixture
def today():
    from tests.scrapers.contract import TODAY

    return TODAY


@pytest.mark.parametrize(
    ("told", "verified"),
    [
        ({"isVerified": False}, False),
        ({"reviewVerificationLevel": "verified"}, True),
        ({"reviewVerificationLevel": "not-verified"}, False),
        ({}, None),
    ],
)
def test_whether_a_review_is_verified(today, told, verified):
    whole = {key: value for key, value in row(Told("1", today, "Да")).items() if key != "isVerified"}
    (record,) = parsed({**whole, **told}).records
    assert record.get("verified") is verified


def test_a_full_page_suggests_another(today):
    rows = [row(Told(str(number), today, "Да")) for number in range(100)]
    assert (parsed(*rows).more, parsed(*rows).following) == (True, "2")
    assert (parsed(*rows[:99]).more, parsed(*rows[:99]).following) == (False, None)


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"[]",
        b"{}",
        b'{"reviews": 1}',
        b'{"reviews": [1]}',
        b'{"reviews": [{"id": "1"}]}',
        b"\xff{",
        b'{"reviews": [{"id": "1", "text": "t", "stars": 1, "createdAt": "yesterday"}]}',
        b"[" * 9000,
    ],
)
def test_another_shape_is_named(body):
    with pytest.raises(SourceChanged, match="trustpilot"):
        TrustpilotApi().parse(body, HERE)


@pytest.mark.parametrize(
    ("url", "target"),
    [
        ("https://www.trustpilot.com/review/yasen.example", "yasen.example"),
        ("https://pl.trustpilot.com/review/www.yasen.example?languages=all&page=2", "www.yasen.example"),
        ("https://www.trustpilot.com/users/1", None),
        ("https://www.trustpilot.com/review/", None),
        ("https://nottrustpilot.com/review/yasen.example", None),
    ],
)
def test_recognises_its_addresses(url, target):
    assert TrustpilotApi().recognise(url) == target
