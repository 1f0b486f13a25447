from __future__ import annotations

import json

import pytest

from scrapers.steam import Steam
from ugc.errors import SourceChanged


def review(number: int, **changes: object) -> dict[str, object]:
    """One review as the site gives it, invented."""
    return {
        "recommendationid": str(number),
        "author": {"steamid": "76561190000000001", "playtime_forever": 120},
        "language": "russian",
        "review": f"Затянуло на всю ночь {number}",
        "timestamp_created": 1_770_000_000 + number,
        "voted_up": True,
        "votes_up": 4,
        "steam_purchase": True,
        **changes,
    }


def page(*reviews: dict[str, object], cursor: str = "next") -> bytes:
    """A page of reviews."""
    return json.dumps({"success": 1, "reviews": list(reviews), "cursor": cursor}).encode()


def test_reads_the_fields_of_a_review():
    found = Steam().parse(
        page(review(5, developer_response="Спасибо!", timestamp_dev_responded=1_770_000_100))
    )
    assert found.following == "next"
    assert found.records == (
        {
            "source_id": "5",
            "url": "https://steamcommunity.com/profiles/76561190000000001/recommended/",
            "author": "76561190000000001",
            "date": "2026-02-02T02:40:05+00:00",
            "rating": True,
            "text": "Затянуло на всю ночь 5",
            "language": "ru",
            "helpful_votes": 4,
            "verified": True,
            "reply_text": "Спасибо!",
            "reply_date": "2026-02-02T02:41:40+00:00",
        },
    )


@pytest.mark.parametrize(
    "body",
    [b"", b"null", b'{"success": 2}', b'{"success": 1, "reviews": {}}', b'{"success": 1, "reviews": [{}]}'],
)
def test_another_shape_is_named(body):
    with pytest.raises(SourceChanged, match="steam"):
        Steam().parse(body)


@pytest.mark.shared
def test_reads_recorded_pages(shared):
    folder = shared / "sources/fixtures/steam"
    assert len(Steam().parse((folder / "page1.json").read_bytes()).records) == 100
    assert Steam().parse((folder / "page3_empty.json").read_bytes()).records == ()
