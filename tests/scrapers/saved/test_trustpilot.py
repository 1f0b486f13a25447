from __future__ import annotations

import json
from typing import Any

import pytest

from scrapers.saved.trustpilot import Trustpilot
from scrapers.source import Where
from ugc.errors import SourceChanged

HERE = Where("saved.html", "")


def row(**changes: Any) -> dict[str, Any]:
    """A review as the page's state has it."""
    return {
        "id": "65aaaaaaaaaaaaaaaaaaaaaa",
        "filtered": False,
        "text": "Helped at once",
        "rating": 4,
        "title": "Good",
        "likes": 2,
        "labels": {"verification": {"isVerified": True, "verificationLevel": "invited"}},
        "dates": {
            "experiencedDate": "2026-01-01T00:00:00.000Z",
            "publishedDate": "2026-01-02T10:00:00.000Z",
            "updatedDate": None,
        },
        "consumer": {"id": "c1", "displayName": "Alice Birch", "countryCode": "GB"},
        "reply": {"message": "Thank you", "publishedDate": "2026-01-03T10:00:00.000Z"},
        "language": "en",
        "location": None,
        **changes,
    }


def page(state: Any) -> bytes:
    """A page with its state."""
    return (
        f'<!DOCTYPE html><html><head></head><body><script id="__NEXT_DATA__" type="application/json">'
        f"{json.dumps(state)}</script></body></html>"
    ).encode()


def state(*rows: Any) -> dict[str, Any]:
    """The state of a page."""
    unit = {"displayName": "Ash Bank", "identifyingName": "ash.example"}
    return {"props": {"pageProps": {"businessUnit": unit, "reviews": list(rows)}}}


def test_every_field():
    (record,) = Trustpilot().parse(page(state(row())), HERE).records
    assert record == {
        "source": "trustpilot",
        "source_id": "65aaaaaaaaaaaaaaaaaaaaaa",
        "url": "https://www.trustpilot.com/reviews/65aaaaaaaaaaaaaaaaaaaaaa",
        "author": "Alice Birch",
        "author_id": "c1",
        "date": "2026-01-02T10:00:00.000Z",
        "bought_at": "2026-01-01T00:00:00.000Z",
        "rating": 4,
        "rating_scale": 5,
        "title": "Good",
        "text": "Helped at once",
        "language": "en",
        "verified": True,
        "helpful_votes": 2,
        "company": "Ash Bank",
        "reply_text": "Thank you",
        "reply_date": "2026-01-03T10:00:00.000Z",
    }


def test_the_markup_stands_in_for_the_state_with_the_same_ids():
    told = {
        "@graph": [
            {"@type": "LocalBusiness", "@id": "https://www.trustpilot.com/#/schema/Organization/ash.example",
             "name": "Ash Bank"},
            {"@type": "Review",
             "@id": "https://www.trustpilot.com/#/schema/Review/ash.example/65aaaaaaaaaaaaaaaaaaaaaa",
             "itemReviewed": {"@id": "https://www.trustpilot.com/#/schema/Organization/ash.example"},
             "author": {"@type": "Person", "name": "Alice Birch"},
             "datePublished": "2026-01-02T10:00:00.000Z",
             "headline": "Good", "reviewBody": "Helped at once", "reviewRating": {"ratingValue": "4"}},
        ]
    }  # fmt: skip
    head = '<link rel="canonical" href="https://www.trustpilot.com/review/ash.example">'
    script = f'<script type="application/ld+json">{json.dumps(told)}</script>'
    body = f"<html><head>{head}{script}</head></html>".encode()
    assert Trustpilot().recognise(body)
    (record,) = Trustpilot().parse(body, HERE).records
    assert (record["source_id"], record["source"]) == ("65aaaaaaaaaaaaaaaaaaaaaa", "trustpilot")
    assert (record["company"], record["title"], record["text"]) == ("Ash Bank", "Good", "Helped at once")


@pytest.mark.parametrize(
    "body",
    [
        page({}),
        page([]),
        page({"props": {"pageProps": {"reviews": None}}}),
        page(state(None)),
        page(state(row(dates=None))),
        page(state(row(id=5))),
        page(state({"id": "x"})),
        page(state(row()))[:-300],
        b"<html><body>Just a moment</body></html>",
    ],
)
def test_another_shape_is_named(body):
    with pytest.raises(SourceChanged, match="trustpilot"):
        Trustpilot().parse(body, HERE)


def test_it_recognises_its_pages():
    assert Trustpilot().recognise(page(state(row())))
    assert Trustpilot().recognise(
        b'<meta property="og:url" content="https://pl.trustpilot.com/review/ash.example">'
    )
    assert not Trustpilot().recognise(page({"props": {}}))


@pytest.mark.shared
@pytest.mark.parametrize(
    ("name", "company", "replies"),
    [("company_page_1.html", "B&H Photo-Video", 0), ("company_page_3_with_replies.html", "Flashbay", 19)],
)
def test_recorded_pages(shared, name, company, replies):
    body = (shared / "sources/fixtures/trustpilot" / name).read_bytes()
    assert Trustpilot().recognise(body)
    records = Trustpilot().parse(body, HERE).records
    assert len(records) == len({one["source_id"] for one in records}) == 20
    assert {one["company"] for one in records} == {company}
    assert sum("reply_text" in one for one in records) == replies
    assert sum("reply_date" in one for one in records) == replies
    names = ("author", "author_id", "date", "rating", "title", "text", "language", "url")
    assert all(one.get(name) for one in records for name in names)
