from __future__ import annotations

import json
import re
from collections.abc import Sequence
from typing import Any

import pytest

from scrapers.app_store import AppStore
from scrapers.source import Where
from tests.scrapers.contract import Contract, Told, told
from tests.site import Answer, Asked
from ugc.errors import SourceChanged

ROOT = "https://itunes.apple.com"
END = b"CustomerReviews RSS page depth is limited to 10"


def here(country: str = "ru", number: int = 1) -> Where:
    """Where a page of the feed comes from."""
    address = f"{ROOT}/{country}/rss/customerreviews/page={number}/id=310633997/sortby=mostrecent/json"
    return Where("310633997", address)


def entry(number: int, **changes: object) -> dict[str, object]:
    """One entry of the feed, invented."""
    return {
        "author": {
            "uri": {"label": f"{ROOT}/ru/reviews/id904455"},
            "name": {"label": "kot_na_kryshe"},
            "label": "",
        },
        "updated": {"label": "2026-02-17T09:25:47-07:00"},
        "im:rating": {"label": "2"},
        "im:version": {"label": "5.2.0"},
        "id": {"label": str(number)},
        "title": {"label": "Не входит"},
        "content": {
            "label": f"После обновления {number} не пускает",
            "attributes": {"type": "text"},
        },
        "link": {"attributes": {"rel": "related", "href": f"{ROOT}/ru/review?id=310633997"}},
        "im:voteSum": {"label": "3"},
        "im:contentType": {"attributes": {"term": "Application", "label": "Application"}},
        "im:voteCount": {"label": "4"},
        **changes,
    }


def feed(*entries: object, last: int | None = None) -> bytes:
    """A page of the feed; without entries it has none of the key either."""
    found: dict[str, Any] = {
        "author": {"name": {"label": "iTunes Store"}, "uri": {"label": "http://www.apple.com/uk/itunes/"}},
        "title": {"label": "iTunes Store: Customer Reviews"},
    }
    if entries:
        found["entry"] = list(entries)
    if last is not None:
        address = f"{ROOT}/ru/rss/customerreviews/page={last}/id=310633997/sortby=mostrecent/xml?l=en"
        found["link"] = [
            {"attributes": {"rel": "alternate", "type": "text/html", "href": "https://apps.apple.com/"}},
            {"attributes": {"rel": "last", "href": address}},
        ]
    return json.dumps({"feed": found}, ensure_ascii=False).encode()


class TestAppStore(Contract):
    source = AppStore()
    target = "310633997:ru,pl"
    page = 50
    # Developers' answers are not in the feed.
    replies = False
    # The feed is known to fall silent, so an empty one says nothing.
    empty = "failed"

    def play(self, reviews: Sequence[Told], asked: Asked) -> Answer:
        found = re.fullmatch(
            r"/([a-z]{2})/rss/customerreviews/page=(\d+)/id=310633997/sortby=mostrecent/json(\?.*)?",
            asked.path,
        )
        assert found is not None
        number = int(found[2])
        if number > 10:
            return Answer(END)
        shown = [] if found[1] == "pl" else reviews[(number - 1) * self.page : number * self.page]
        rows = [
            entry(
                int(one.id),
                updated={"label": f"{one.day}T09:25:47-07:00"},
                content={"label": one.text, "attributes": {"type": "text"}},
                author={"uri": {"label": ""}, "name": {"label": one.author}, "label": ""},
                **{"im:rating": {"label": str(one.stars)}},
            )
            for one in shown
        ]
        return Answer(feed(*rows, last=max(1, -(-len(reviews) // self.page))))

    def test_a_country_that_fails_does_not_stop_the_others(self, lake, site):
        reviews = told(3)

        def route(path):
            return Answer(status=404) if path.startswith("/ru/") else self.play(reviews, site.requests[-1])

        site.route = lambda path: route(path.replace("/pl/", "/kz/"))
        self.target = "310633997:ru,kz"
        run = self.run(lake, site)
        assert run.state == "partial"
        assert run.summary.new == 3
        assert "App Store, ru:" in run.reason

    def test_a_country_that_falls_silent_is_named_and_keeps_its_place(self, lake, site):
        reviews = told(3)
        self.target = "310633997:ru,kz"
        self.serve(site, reviews)
        self.run(lake, site)
        site.route = lambda path: (
            Answer(feed()) if path.startswith("/ru/") else self.play(reviews, site.requests[-1])
        )
        run = self.run(lake, site)
        assert run.state == "partial"
        assert "no review for ru, where it had some before" in run.reason
        self.serve(site, reviews)
        run = self.run(lake, site)
        assert (run.state, run.summary.new) == ("complete", 0)
        assert len(site.asked) == 2

    def test_a_feed_without_an_announced_page_is_not_complete(self, lake, site):
        reviews = self.reviews()
        site.route = lambda path: (
            Answer(feed(last=3)) if "page=2/" in path else self.play(reviews, site.requests[-1])
        )
        run = self.run(lake, site)
        assert (run.state, run.summary.new) == ("partial", 50)
        assert "Page 2 is empty" in run.reason
        self.serve(site, reviews)
        run = self.run(lake, site)
        assert (run.state, run.summary.new) == ("complete", 75)

    def test_more_than_the_feed_shows_since_the_last_run(self, lake, site):
        self.page = 3
        self.target = "310633997:ru"
        reviews = told(50, every=1)
        self.serve(site, reviews[44:])
        assert self.run(lake, site).state == "complete"
        self.serve(site, reviews)
        run = self.run(lake, site)
        assert (run.state, run.summary.new) == ("partial", 30)
        assert "More than 500 reviews came since 2026-10-07" in run.reason
        assert "those before 2026-10-22" in run.reason

    def test_the_usual_countries_are_read_when_none_is_named(self, lake, site):
        self.target = "310633997"
        self.serve(site, told(2))
        self.run(lake, site)
        assert {path.split("/")[1] for path in site.asked} == {"ru", "kz", "by", "pl", "us"}

    @pytest.mark.parametrize("target", ["", "whatsapp", "310633997:russia", "310633997:ru;kz", "1:ru,,pl"])
    def test_another_target_is_refused(self, lake, site, target):
        self.target = target
        run = self.run(lake, site)
        assert (run.state, site.asked) == ("failed", [])
        assert "is no target of App Store" in run.reason


def test_reads_the_fields_of_a_review():
    (record,) = AppStore().parse(feed(entry(1)), here()).records
    assert record == {
        "source_id": "1",
        "url": "https://itunes.apple.com/ru/review?id=310633997",
        "author": "kot_na_kryshe",
        "author_id": "904455",
        "date": "2026-02-17T09:25:47-07:00",
        "rating": "2",
        "rating_scale": 5,
        "title": "Не входит",
        "text": "После обновления 1 не пускает",
        "language": "ru",
        "app_version": "5.2.0",
        "helpful_votes": "3",
    }


@pytest.mark.parametrize(("country", "language"), [("by", "ru"), ("pl", "pl"), ("us", "en"), ("ua", None)])
def test_the_language_is_that_of_the_country_where_one_prevails(country, language):
    (record,) = AppStore().parse(feed(entry(1)), here(country)).records
    assert record.get("language") == language


def test_the_app_itself_is_no_review():
    app = {"id": {"label": "app"}, "title": {"label": "The app"}}
    found = AppStore().parse(feed(app, entry(2)), here()).records
    assert [record["source_id"] for record in found] == ["2"]


def test_a_single_entry_may_stand_without_a_list():
    body = json.dumps({"feed": {"entry": entry(3)}}).encode()
    assert len(AppStore().parse(body, here()).records) == 1


def test_links_tell_whether_more_pages_follow():
    assert AppStore().parse(feed(entry(1), last=2), here()).more
    assert not AppStore().parse(feed(entry(1), last=2), here(number=2)).more


def test_the_end_of_the_feed_is_plain_text():
    end = AppStore().parse(END, here(number=11))
    assert end.records == ()
    assert not end.more


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"oops",
        b"{}",
        b'{"feed": []}',
        b'{"feed": {"entry": 4}}',
        b'{"feed": {"entry": [4]}}',
        feed(entry(1, id="5")),
        feed(entry(1, author=7)),
    ],
)
def test_another_shape_is_named(body):
    with pytest.raises(SourceChanged, match="app_store"):
        AppStore().parse(body, here())


@pytest.mark.parametrize(
    ("url", "target"),
    [
        ("https://apps.apple.com/ru/app/yasen-bank/id310633997?l=en", "310633997:ru"),
        ("https://apps.apple.com/pl/app/id310633997", "310633997:pl"),
        ("https://itunes.apple.com/app/id310633997", "310633997"),
        ("https://apps.apple.com/ru/developer/yasen/id310633997", None),
        ("https://play.google.com/store/apps/details?id=ru.yasen", None),
    ],
)
def test_recognises_addresses(url, target):
    assert AppStore().recognise(url) == target


@pytest.mark.shared
@pytest.mark.parametrize(
    ("name", "country", "number", "count", "more"),
    [
        ("page_fr_1", "fr", 1, 50, True),
        ("page_cn_10", "cn", 10, 50, False),
        ("page_gb_2_short", "gb", 2, 0, False),
        ("empty", "cn", 1, 0, False),
        ("page_us_11_plain_text", "us", 11, 0, False),
        ("invalid_author", "gb", 1, 2, False),
    ],
)
def test_reads_recorded_pages(shared, name, country, number, count, more):
    body = (shared / f"sources/fixtures/app_store/{name}.json").read_bytes()
    found = AppStore().parse(body, here(country, number))
    assert (len(found.records), found.more) == (count, more)
    for record in found.records:
        assert record["source_id"].isdigit()
        assert record["url"].startswith(f"https://itunes.apple.com/{country}/review?id=")
        assert record["rating"] in {"1", "2", "3", "4", "5"}
        assert record["rating_scale"] == 5
        assert {"author", "title", "text", "app_version", "helpful_votes"} <= record.keys()
        # The pages were recorded in 2021, when the feed told no dates.
        assert "date" not in record
    if count == 50:
        assert all(record["author_id"].isdigit() for record in found.records)
        assert len({record["source_id"] for record in found.records}) == 50


@pytest.mark.shared
def test_records_of_2026_come_back_as_they_were(shared):
    known = json.loads((shared / "sources/fixtures/app_store/parsed_records_2026.json").read_bytes())
    rows = [
        entry(
            int(one["reviewId"]),
            author={"uri": {"label": one["userUrl"]}, "name": {"label": one["userName"]}, "label": ""},
            updated={"label": one["updated"]},
            title={"label": one["title"]},
            content={"label": one["content"]},
            link={"attributes": {"href": one["url"]}},
            **{
                "im:rating": {"label": str(one["score"])},
                "im:version": {"label": one["version"]},
                "im:voteSum": {"label": str(one["voteSum"])},
            },
        )
        for one in known
    ]
    found = AppStore().parse(feed(*rows), here("us")).records
    assert [
        (record["source_id"], record["author_id"], record["date"], int(record["rating"]), record["text"])
        for record in found
    ] == [
        (one["reviewId"], one["userUrl"].rpartition("id")[2], one["updated"], one["score"], one["content"])
        for one in known
    ]
