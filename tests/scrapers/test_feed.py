from __future__ import annotations

import hashlib
import re
from collections.abc import Sequence
from datetime import UTC, datetime, time
from email.utils import format_datetime
from pathlib import Path
from xml.sax.saxutils import escape

import pytest

from scrapers.feed import Feed
from scrapers.source import Where
from tests.scrapers.contract import TODAY, Contract, Told, told
from tests.site import Answer, Asked
from ugc.errors import SourceChanged

TARGET = "https://feeds.example.com/yasen/reviews.rss"
HERE = Where(TARGET, TARGET)
FIXTURES = Path(__file__).parent / "fixtures" / "feed"


def item(one: Told) -> str:
    """An entry of RSS."""
    day = format_datetime(datetime.combine(one.day, time(10), UTC))
    return (
        f"<item><guid>https://feeds.example.com/r/{one.id}</guid><title>Отзыв</title>"
        f"<author>{one.author}</author><pubDate>{day}</pubDate>"
        f"<description>{escape('<p>' + one.text + '</p>')}</description></item>"
    )


_ASKED = Asked("GET", "/yasen/reviews.rss", {}, b"")


def replace_next(answer: Answer) -> Answer:
    """The same page of a feed that names no older one."""
    return Answer(re.sub(rb"<a:link[^>]*>", b"", answer.body))


class TestFeed(Contract):
    source = Feed()
    target = TARGET
    page = 20
    # A feed has no place for the company's answers.
    replies = False

    def play(self, reviews: Sequence[Told], asked: Asked) -> Answer:
        number = int(asked.query.get("page", 1))
        shown = reviews[(number - 1) * self.page : number * self.page]
        older = ""
        if number * self.page < len(reviews):
            older = f'<a:link rel="next" href="?page={number + 1}"/>'
        text = (
            '<?xml version="1.0" encoding="UTF-8"?><rss version="2.0" xmlns:a="http://www.w3.org/2005/Atom">'
            f"<channel><title>Отзывы</title><link>https://feeds.example.com/</link>{older}"
            f"{''.join(map(item, shown))}</channel></rss>"
        )
        mark = '"' + hashlib.sha256(text.encode()).hexdigest()[:16] + '"'
        if asked.headers.get("if-none-match") == mark:
            return Answer(status=304, headers={"ETag": mark})
        return Answer(text.encode(), headers={"ETag": mark, "Content-Type": "application/rss+xml"})

    def test_a_first_run_reads_to_the_end(self, lake, site):
        """As in the contract, but the source of the reviews is the host of the feed."""
        reviews = self.reviews()
        self.serve(site, reviews)
        run = self.run(lake, site)
        assert (run.state, run.reason, run.summary.new) == ("complete", "", len(reviews))
        with lake.snapshot() as snapshot:
            rows = snapshot.sql("SELECT source, source_id, author, date, text FROM reviews").to_pylist()
        assert {row["source"] for row in rows} == {"feeds_example_com"}
        assert {row["source_id"] for row in rows} == {
            f"https://feeds.example.com/r/{one.id}" for one in reviews
        }
        assert all("Ясенева" not in str(row["author"]) and row["author"] for row in rows)
        assert {row["date"].date() for row in rows} == {one.day for one in reviews}
        kept = [row["text"] for row in rows]
        assert all(any(text.endswith("\n" + one.text) for text in kept) for one in reviews)

    def test_a_feed_that_has_not_changed_is_not_sent_again(self, lake, site):
        self.serve(site, self.reviews())
        first = self.run(lake, site)
        assert set(first.cursor["validators"]) == {"etag"}
        again = self.run(lake, site)
        assert (again.state, again.summary.rows, len(site.asked)) == ("complete", 0, 1)
        assert again.cursor == first.cursor
        assert site.requests[-1].headers["if-none-match"] == first.cursor["validators"]["etag"]

    def test_a_run_that_broke_off_asks_for_the_whole_feed(self, lake, site):
        reviews = self.reviews()
        self._after(site, reviews, 1, Answer(status=503))
        assert self.run(lake, site).state == "partial"
        self.serve(site, reviews)
        run = self.run(lake, site)
        assert (run.state, len(self.texts(lake))) == ("complete", len(reviews))
        assert "if-none-match" not in site.requests[-1].headers

    def test_a_feed_that_no_longer_reaches_back_is_partial(self, lake, site):
        reviews = told(60, every=1)
        short = replace_next(self.play(reviews[40:], _ASKED))
        site.route = lambda path: short
        assert self.run(lake, site).state == "complete"
        later = replace_next(self.play(reviews[:20], _ASKED))
        site.route = lambda path: later
        run = self.run(lake, site)
        assert (run.state, run.summary.new) == ("partial", 20)
        assert "may have been missed" in run.reason
        # What is lost is lost: the run after it has nothing to complain of.
        assert self.run(lake, site).state == "complete"

    def test_older_pages_that_lead_in_a_circle_end(self, lake, site):
        def route(path):
            number = int(site.requests[-1].query.get("page", 1))
            there = {1: 2, 2: 3, 3: 2}[number]
            one = Told(str(number), TODAY, f"Отзыв страницы номер {number}")
            return Answer(
                '<rss xmlns:a="http://www.w3.org/2005/Atom"><channel>'
                f'<a:link rel="next" href="?page={there}"/>{item(one)}</channel></rss>'.encode()
            )

        site.route = route
        run = self.run(lake, site)
        assert (run.state, run.summary.new, len(site.asked)) == ("complete", 3, 3)

    @pytest.mark.parametrize(
        "target",
        ["", "reviews.rss", "ftp://example.com/a.rss", "https://", "https://a:b@c.example/", "http://[/"],
    )
    def test_a_target_that_is_no_address_is_refused(self, lake, site, target):
        self.target = target
        run = self.run(lake, site)
        assert (run.state, site.asked) == ("failed", [])
        assert "no target of RSS and Atom feeds" in run.reason


def test_reads_the_fields_of_rss():
    page = Feed().parse((FIXTURES / "rss.xml").read_bytes(), HERE)
    assert (page.more, page.following) == (True, "https://feeds.example.com/yasen/reviews.rss?page=2")
    assert list(page.records) == [
        {
            "source": "feeds.example.com",
            "source_id": "https://feeds.example.com/r/2",
            "url": "https://feeds.example.com/r/2",
            "author": "Ольга К.",
            "date": "2026-03-05T09:30:00+03:00",
            "rating": "4",
            "rating_scale": "5",
            "title": "Быстро & вежливо",
            "text": "<p>Оформили за <b>час</b>, спасибо</p>",
        },
        {
            "source": "feeds.example.com",
            "source_id": hashlib.sha256(TARGET.encode()).hexdigest()[:8] + "#17",
            "url": "https://feeds.example.com/r/1?a=1&b=2",
            "author": "m@example.com (Мария)",
            "date": "2026-03-01T06:00:00+00:00",
            "title": "Очередь",
            "text": "Ждали &lt;сорок&gt; минут<br>и ушли",
        },
        {
            "source": "feeds.example.com",
            "source_id": "5299a22dbb24cd24ff78703f",
            "date": "вчера",
            "text": "Без номера и без адреса",
        },
    ]


def test_reads_the_fields_of_atom():
    page = Feed().parse((FIXTURES / "atom.xml").read_bytes(), HERE)
    assert (page.more, page.following) == (False, None)
    assert list(page.records) == [
        {
            "source": "feeds.example.com",
            "source_id": "tag:feeds.example.com,2026:r2",
            "url": "https://feeds.example.com/r/2",
            "author": "Ольга К.",
            "date": "2026-03-05T09:30:00+03:00",
            "edited_at": "2026-03-06T08:00:00Z",
            "rating": "2",
            "rating_scale": 5,
            "title": "Не входит",
            "app_version": "5.2.0",
            "text": "<div>После обновления <b>не пускает</b><br>совсем</div>",
        },
        {
            "source": "feeds.example.com",
            "source_id": "tag:feeds.example.com,2026:r1",
            "date": "2026-03-01T00:00:00Z",
            "title": "Кратко",
            "text": "Всё хорошо",
        },
    ]


def test_reads_the_fields_of_rdf():
    page = Feed().parse((FIXTURES / "rdf.xml").read_bytes(), HERE)
    assert list(page.records) == [
        {
            "source": "feeds.example.com",
            "source_id": "https://feeds.example.com/r/3",
            "url": "https://feeds.example.com/r/3",
            "author": "Piotr",
            "date": "2026-03-02T10:00:00+01:00",
            "title": "Kolejka",
            "text": "Czekałem godzinę",
        }
    ]


def test_a_feed_in_another_encoding():
    body = '<?xml version="1.0" encoding="windows-1251"?><rss><channel><item><title>Щука</title></item>'
    page = Feed().parse((body + "</channel></rss>").encode("cp1251"), HERE)
    assert page.records[0]["title"] == "Щука"


def test_an_age_limit_is_no_rating():
    body = b"""<rss xmlns:media="http://search.yahoo.com/mrss/"><channel><item><guid>a:b</guid>
    <media:rating>adult</media:rating><media:title>x</media:title></item></channel></rss>"""
    assert Feed().parse(body, HERE).records == (
        {"source": "feeds.example.com", "source_id": "a:b", "text": ""},
    )


def test_older_pages_of_another_host_are_not_followed():
    body = b"""<rss xmlns:a="http://www.w3.org/2005/Atom"><channel>
    <a:link rel="next" href="http://127.0.0.1/secret"/><item><title>x</title></item></channel></rss>"""
    assert Feed().parse(body, HERE).following is None


def test_a_feed_without_entries_is_empty():
    assert Feed().parse(b"<rss><channel><title>x</title></channel></rss>", HERE).records == ()


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"<html><body>login</body></html>",
        b"<!DOCTYPE html><html><p>a<p>b</html>",
        b"\xff\xfe\x00\x00",
        b"<rss><channel>",
        b'<?xml version="1.0" encoding="nonsense"?><rss/>',
        b'<!DOCTYPE rss [<!ENTITY a "aa"><!ENTITY b "&a;&a;">]><rss><channel><a>&b;</a></channel></rss>',
        b'<!DOCTYPE rss [<!ENTITY x SYSTEM "file:///etc/passwd">]><rss><channel><title>&x;</title></channel></rss>',
        b"<rss><channel><item><description>"
        + b"<b>" * 50_000
        + b"</b>" * 50_000
        + b"</description></item></channel></rss>",
    ],
)
def test_another_shape_is_named(body):
    with pytest.raises(SourceChanged, match="feed"):
        Feed().parse(body, HERE)


@pytest.mark.parametrize(
    ("url", "known"),
    [
        ("https://example.com/reviews.rss", True),
        ("https://example.com/blog/feed/", True),
        ("https://example.com/rss?lang=ru", True),
        ("https://example.com/news/atom.xml", True),
        ("https://example.com/rss.xml", True),
        ("https://example.com/feedback", False),
        ("https://example.com/sitemap.xml", False),
        ("https://example.com/", False),
        ("feed.rss", False),
        ("http://[", False),
    ],
)
def test_recognises_addresses_of_feeds(url, known):
    assert Feed().recognise(url) == (url if known else None)


@pytest.mark.shared
@pytest.mark.parametrize(
    ("name", "record"),
    [
        ("rss_item_description", {"text": "Example description"}),
        ("rss_item_pubDate", {"date": "2004-01-01T19:48:21+00:00", "text": ""}),
        ("atom_entry_author_name", {"author": "Example author", "text": ""}),
        ("atom_entry_content_value", {"text": "Example Atom"}),
        ("rss_rss_version_20", None),
    ],
)
def test_reads_recorded_feeds(shared, name, record):
    body = (shared / f"sources/fixtures/rss/kurtmckee_feedparser__{name}.xml").read_bytes()
    found = [dict(one) for one in Feed().parse(body, HERE).records]
    for one in found:
        assert one.pop("source_id")
        assert one.pop("source") == "feeds.example.com"
    assert found == ([record] if record else [])
