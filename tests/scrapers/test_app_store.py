from __future__ import annotations

import json

import pytest

from scrapers.app_store import AppStore
from ugc.errors import SourceChanged


def entry(number: int, **changes: object) -> dict[str, object]:
    """One entry of the feed, invented."""
    return {
        "id": {"label": str(number)},
        "author": {"name": {"label": "kot_na_kryshe"}, "uri": {"label": "https://example.com/id9"}},
        "im:rating": {"label": "2"},
        "im:version": {"label": "5.2.0"},
        "im:voteSum": {"label": "3"},
        "title": {"label": "Не входит"},
        "content": {"label": f"После обновления {number} не пускает"},
        "updated": {"label": "2026-02-17T09:25:47-07:00"},
        "link": {"attributes": {"rel": "related", "href": "https://apps.example/1"}},
        **changes,
    }


def feed(*entries: dict[str, object]) -> bytes:
    """A page of the feed."""
    return json.dumps({"feed": {"entry": list(entries)}} if entries else {"feed": {}}).encode()


def test_reads_the_fields_of_a_review():
    (record,) = AppStore().parse(feed(entry(1))).records
    assert record == {
        "source_id": "1",
        "url": "https://apps.example/1",
        "author": "kot_na_kryshe",
        "date": "2026-02-17T09:25:47-07:00",
        "rating": "2",
        "rating_scale": 5,
        "title": "Не входит",
        "text": "После обновления 1 не пускает",
        "app_version": "5.2.0",
        "helpful_votes": "3",
    }


def test_the_app_itself_is_no_review():
    app = {"id": {"label": "app"}, "title": {"label": "The app"}}
    assert [record["source_id"] for record in AppStore().parse(feed(app, entry(2))).records] == ["2"]


def test_a_single_entry_may_stand_without_a_list():
    body = json.dumps({"feed": {"entry": entry(3)}}).encode()
    assert len(AppStore().parse(body).records) == 1


def test_the_end_of_the_feed_is_plain_text():
    end = AppStore().parse(b"CustomerReviews RSS page depth is limited to 10")
    assert end.records == ()
    assert not end.more


@pytest.mark.parametrize("body", [b"", b"oops", b"{}", b'{"feed": []}', b'{"feed": {"entry": 4}}'])
def test_another_shape_is_named(body):
    with pytest.raises(SourceChanged, match="app_store"):
        AppStore().parse(body)


@pytest.mark.shared
@pytest.mark.parametrize(
    ("name", "count"),
    [
        ("page_fr_1", 50),
        ("page_cn_10", 50),
        ("page_gb_2_short", 0),
        ("empty", 0),
        ("page_us_11_plain_text", 0),
    ],
)
def test_reads_recorded_pages(shared, name, count):
    body = (shared / f"sources/fixtures/app_store/{name}.json").read_bytes()
    assert len(AppStore().parse(body).records) == count
