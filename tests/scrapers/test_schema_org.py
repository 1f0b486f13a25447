from __future__ import annotations

import gzip
import json
from collections.abc import Sequence
from datetime import date, timedelta

import pytest
import stamina

from scrapers.schema_org import SchemaOrg
from scrapers.source import Where
from tests.scrapers.contract import TODAY, Contract, Told, told
from tests.site import Answer, Asked
from ugc.errors import SourceChanged
from ugc.ingest.collect import collect
from ugc.lake import Lake
from ugc.settings import Settings, SourceSettings

SHOP = "https://www.shop.example"


def row(one: Told) -> dict[str, object]:
    """A review as the page tells it."""
    told_so: dict[str, object] = {
        "@type": "Review",
        "url": f"/reviews/{one.id}",
        "author": {"@type": "Person", "name": one.author},
        "datePublished": f"{one.day}T12:30:00+03:00",
        "reviewRating": {"@type": "Rating", "ratingValue": str(one.stars), "bestRating": "5"},
        "reviewBody": one.text,
    }
    if one.reply:
        author = {"@type": "Organization", "name": "Ясень"}
        told_so["comment"] = {"@type": "Comment", "text": one.reply, "author": author}
    return told_so


def page(reviews: Sequence[Told], *, following: str = "", count: int | None = None) -> bytes:
    """A page of a product."""
    product: dict[str, object] = {
        "@type": "Product",
        "name": "Чайник",
        "review": [row(one) for one in reviews],
    }
    if count is not None:
        product["aggregateRating"] = {"@type": "AggregateRating", "ratingValue": "4", "reviewCount": count}
    link = f'<link rel="next" href="{following}">' if following else ""
    return (
        f'<!DOCTYPE html><html lang="ru"><head>{link}<script type="application/ld+json">'
        f"{json.dumps(product, ensure_ascii=False)}</script></head><body></body></html>"
    ).encode()


def sitemap(*urls: str, index: bool = False) -> bytes:
    """A sitemap, or an index of sitemaps."""
    outer, inner = ("sitemapindex", "sitemap") if index else ("urlset", "url")
    rows = "".join(f"<{inner}><loc>{url}</loc></{inner}>" for url in urls)
    space = 'xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"'
    return f'<?xml version="1.0" encoding="UTF-8"?><{outer} {space}>{rows}</{outer}>'.encode()


class TestSchemaOrg(Contract):
    source = SchemaOrg()
    target = f"{SHOP}/kettle"
    page = 10

    def play(self, reviews: Sequence[Told], asked: Asked) -> Answer:
        number = int(asked.query.get("page", "1"))
        shown = reviews[(number - 1) * self.page : number * self.page]
        more = f"/kettle?page={number + 1}" if number * self.page < len(reviews) else ""
        return Answer(page(shown, following=more, count=len(reviews)))

    def test_a_first_run_reads_to_the_end(self, lake, site):
        # The contract wants the source's name; here it is the host, which the reviews come from.
        reviews = self.reviews()
        self.serve(site, reviews)
        run = self.run(lake, site)
        assert (run.state, run.reason, run.summary.new) == ("complete", "", len(reviews))
        with lake.snapshot() as snapshot:
            rows = snapshot.sql("SELECT * FROM reviews").to_pylist()
        assert {row["source"] for row in rows} == {"shop_example"}
        assert {row["source_id"] for row in rows} == {f"shop.example/reviews/{one.id}" for one in reviews}
        assert {row["product"] for row in rows} == {"Чайник"}
        assert all("Ясенева" not in str(row["author"]) for row in rows)
        assert {row["date"].date() for row in rows} == {one.day for one in reviews}
        assert sorted(row["text"] for row in rows) == sorted(one.text for one in reviews)

    @pytest.mark.parametrize(
        "target",
        ["", "kettle", "ftp://shop.example/x", "https://", "https://me:pw@shop.example/", "http://["],
    )
    def test_another_target_is_refused(self, lake, site, target):
        self.target = target
        run = self.run(lake, site)
        assert (run.state, site.asked) == ("failed", [])
        assert "no target" in run.reason

    def test_a_chain_from_the_newest_down_is_left_where_the_last_run_began(self, lake, site):
        reviews = told(60, every=20)
        self.serve(site, reviews)
        assert self.run(lake, site).pages == 6
        fresh = Told("9001", TODAY, "Новый отзыв: ручка отвалилась", stars=1)
        self.serve(site, [fresh, *reviews])
        run = self.run(lake, site)
        # Days 0…180 lie on the first page, 180…380 on the second, which is older than 45 days.
        assert (run.state, run.pages, run.summary.new) == ("complete", 2, 1)

    def test_a_chain_in_another_order_is_read_whole(self, lake, site):
        reviews = sorted(told(30, every=20), key=lambda one: one.stars)
        self.serve(site, reviews)
        assert self.run(lake, site).pages == 3
        fresh = Told("9001", TODAY, "Новый отзыв: ручка отвалилась", stars=5)
        self.serve(site, [*reviews, fresh])
        run = self.run(lake, site)
        assert (run.state, run.pages, run.summary.new) == ("complete", 4, 1)

    def test_since_ends_a_chain_early(self, lake, site):
        self.serve(site, told(60, every=20))
        run = self.run(lake, site, since=TODAY - timedelta(days=100))
        assert (run.state, run.pages) == ("complete", 2)
        # What lies before that day has not been read, so a run without a day reads it all.
        assert self.run(lake, site).pages == 6

    def test_a_page_as_it_was_is_not_sent_again_and_its_chain_goes_on(self, lake, site):
        reviews = sorted(self.reviews(), key=lambda one: one.stars)

        def route(path: str) -> Answer:
            good = self.play(reviews, site.requests[-1])
            mark = f'"{hash(good.body)}"'
            if site.requests[-1].headers.get("if-none-match") == mark:
                return Answer(b"", 304)
            return Answer(good.body, headers={"ETag": mark})

        site.route = route
        assert self.run(lake, site).summary.new == len(reviews)
        again = self.run(lake, site)
        assert (again.state, again.read, len(site.asked)) == ("complete", 0, 3)
        reviews[-1] = Told(reviews[-1].id, reviews[-1].day, "Передумал", stars=2)
        assert (self.run(lake, site).summary.changed, len(self.texts(lake))) == (1, len(reviews))

    def test_reviews_that_are_counted_and_not_carried_make_a_run_partial_each_time(self, lake, site):
        site.route = lambda path: Answer(page(told(10), count=500))
        for _ in range(2):
            run = self.run(lake, site)
            assert run.state == "partial"
            assert "says 500, its pages hold 10" in run.reason

    def test_a_page_that_only_counts_reviews_says_so(self, lake, site):
        site.route = lambda path: Answer(page([], count=7))
        run = self.run(lake, site)
        assert run.state == "failed"
        assert "says 7, its pages hold 0" in run.reason

    def test_a_chain_that_never_ends_is_bounded(self, lake, site):
        def route(path: str) -> Answer:
            number = int(site.requests[-1].query.get("page", "1"))
            one = Told(str(5000 + number), date(2026, 1, 1), f"Отзыв номер {number}")
            return Answer(page([one], following=f"?page={number + 1}"))

        site.route = route
        run = self.run(lake, site)
        assert (run.state, len(site.asked)) == ("partial", 200)
        assert "beyond the first 200" in run.reason

    def test_a_next_page_elsewhere_is_not_followed(self, lake, site):
        site.route = lambda path: Answer(page(told(3), following="https://other.example/kettle?page=2"))
        run = self.run(lake, site)
        assert (run.state, len(site.asked)) == ("complete", 1)


@pytest.fixture(autouse=True)
def _quick_retries():
    stamina.set_testing(True, attempts=2, cap=True)
    yield
    stamina.set_testing(False)


@pytest.fixture
def gather(tmp_path, site):
    """Collects a target from a site whose paths are given, with everything else not found."""
    lake = Lake.open(tmp_path / "lake")
    chosen = Settings(
        contact="cx@example.com",
        salt="salt",
        sources={"schema_org": SourceSettings(base_url=site.url, pause=0)},
    )

    def run(target: str, pages: dict[str, Answer | bytes]):
        def route(path: str) -> Answer:
            found = pages.get(path, Answer(b"not here", 404))
            return found if isinstance(found, Answer) else Answer(found)

        site.asked.clear()
        site.route = route
        found = collect(lake, SchemaOrg(), target, settings=chosen)
        with lake.snapshot() as snapshot:
            return found, sorted(
                row["source_id"] for row in snapshot.sql("SELECT * FROM reviews").to_pylist()
            )

    return run


def one(number: int) -> bytes:
    """A page with one review."""
    return page([Told(str(number), date(2026, 1, 1), f"Отзыв номер {number}")])


def ids(*numbers: int) -> list[str]:
    """The ids of reviews."""
    return [f"shop.example/reviews/{number}" for number in numbers]


PLAIN = b"<!DOCTYPE html><html><body>About us</body></html>"


def test_a_sitemap_with_parts_packed_or_not(gather, site):
    pages = {
        "/sitemap.xml": sitemap(f"{SHOP}/a.xml", f"{SHOP}/b.xml.gz", index=True),
        "/a.xml": sitemap(f"{SHOP}/1", f"{SHOP}/about", f"{SHOP}/2#top"),
        "/b.xml.gz": gzip.compress(sitemap(f"{SHOP}/2", f"{SHOP}/3")),
        "/1": one(1001),
        "/2": one(1002),
        "/3": one(1003),
        "/about": PLAIN,
    }
    run, found = gather(f"{SHOP}/sitemap.xml", pages)
    assert (run.state, run.reason, found) == ("complete", "", ids(1001, 1002, 1003))
    assert sorted(site.asked) == sorted(pages)


def test_pages_of_a_sitemap_that_fail_are_named_and_the_others_read(gather):
    pages = {
        "/sitemap.xml": sitemap(
            f"{SHOP}/1", f"{SHOP}/gone", "https://other.example/x", "nonsense", f"{SHOP}/3"
        ),
        "/1": one(1001),
        "/3": one(1003),
    }
    run, found = gather(f"{SHOP}/sitemap.xml", pages)
    assert (run.state, found) == ("partial", ids(1001, 1003))
    assert f"{SHOP}/gone" in run.reason
    assert "of another host in the sitemap: https://other.example/x, nonsense" in run.reason


def test_pages_never_read_come_first(gather, site):
    pages = {"/sitemap.xml": sitemap(f"{SHOP}/1"), "/1": one(1001)}
    gather(f"{SHOP}/sitemap.xml", pages)
    pages |= {"/sitemap.xml": sitemap(f"{SHOP}/1", f"{SHOP}/2"), "/2": one(1002)}
    run, found = gather(f"{SHOP}/sitemap.xml", pages)
    assert (run.state, found, site.asked) == ("complete", ids(1001, 1002), ["/sitemap.xml", "/2", "/1"])


def test_a_sitemap_of_pages_without_reviews_says_so(gather):
    run, _ = gather(f"{SHOP}/sitemap.xml", {"/sitemap.xml": sitemap(f"{SHOP}/about"), "/about": PLAIN})
    assert run.state == "failed"
    assert "reviews on any of the 1 pages" in run.reason


@pytest.mark.parametrize(
    "body",
    [
        sitemap(f"{SHOP}/1")[:-20],
        gzip.compress(sitemap(f"{SHOP}/1"))[:40],
        b"\x1f\x8b nonsense",
        b'<?xml version="1.0"?><!DOCTYPE u [<!ENTITY a "aaaa">]><urlset ><url><loc>&a;</loc></url></urlset>',
        gzip.compress(b"<urlset >" + b" " * 20_000_000),
    ],
    ids=["cut", "cut gzip", "no gzip", "entities", "bomb"],
)
def test_a_broken_sitemap_is_named(gather, body):
    run, _ = gather(f"{SHOP}/sitemap.xml", {"/sitemap.xml": body})
    assert run.state == "failed"
    assert "sitemap" in run.reason
    assert "schema_org" in run.reason


def test_a_list_of_addresses(gather, tmp_path, site):
    path = tmp_path / "pages.txt"
    path.write_text(f"# чайники\n{SHOP}/1\n\n  {SHOP}/2  \nhttps://mug.example/3\n{SHOP}/gone\n", "utf-8-sig")
    run, found = gather(f"@{path}", {"/1": one(1001), "/2": one(1002), "/3": one(1003)})
    assert (run.state, found) == ("partial", ["mug.example/reviews/1003", *ids(1001, 1002)])
    assert "/gone" in run.reason
    assert site.asked == ["/1", "/2", "/3", "/gone"]


def test_a_host_that_refuses_is_left_alone_and_the_others_read(gather, tmp_path, site):
    path = tmp_path / "pages.txt"
    path.write_text(f"{SHOP}/1\n{SHOP}/2\nhttps://mug.example/3\n", "utf-8")
    run, found = gather(f"@{path}", {"/1": Answer(b"<title>Just a moment...</title>", 403), "/3": one(1003)})
    assert (run.state, found, site.asked) == ("partial", ["mug.example/reviews/1003"], ["/1", "/3"])
    assert "Just a moment" in run.reason
    assert f"{SHOP}/2" in run.reason


def test_a_page_of_a_list_without_markup_is_told(gather, tmp_path):
    path = tmp_path / "pages.txt"
    path.write_text(f"{SHOP}/1\n{SHOP}/about\n", "utf-8")
    run, found = gather(f"@{path}", {"/1": one(1001), "/about": PLAIN})
    assert (run.state, found) == ("partial", ids(1001))
    assert f"{SHOP}/about" in run.reason


@pytest.mark.parametrize(
    "text", ["", "# nothing\n", "secret of the house\n", "https://shop.example/1\n/etc/x\n"]
)
def test_a_list_that_is_none_is_refused_without_showing_what_it_holds(gather, tmp_path, text, site):
    path = tmp_path / "pages.txt"
    path.write_text(text, "utf-8")
    run, _ = gather(f"@{path}", {})
    assert (run.state, site.asked) == ("failed", [])
    assert "secret" not in run.reason
    assert "/etc/x" not in run.reason


def test_a_list_that_is_not_there(gather, tmp_path):
    run, _ = gather(f"@{tmp_path}/none.txt", {})
    assert run.state == "failed"
    assert "cannot be read" in run.reason


def test_a_page_is_parsed_with_its_host_as_source():
    body = page([Told("1001", date(2026, 1, 2), "Хорошо", reply="Спасибо")])
    (record,) = SchemaOrg().parse(body, Where("t", f"{SHOP}/kettle?page=2")).records
    assert record == {
        "source": "shop.example",
        "source_id": "shop.example/reviews/1001",
        "url": f"{SHOP}/reviews/1001",
        "author": "Мария Ясенева",
        "date": "2026-01-02T12:30:00+03:00",
        "rating": 5.0,
        "rating_scale": 5.0,
        "text": "Хорошо",
        "product": "Чайник",
        "language": "ru",
        "reply_text": "Спасибо",
    }
    assert SchemaOrg().parse(sitemap(f"{SHOP}/1"), Where("t", f"{SHOP}/sitemap.xml")).records == ()
    with pytest.raises(SourceChanged, match="schema_org"):
        SchemaOrg().parse(PLAIN, Where("t", f"{SHOP}/about"))


def test_it_recognises_nothing_since_it_is_asked_last():
    assert SchemaOrg().recognise(f"{SHOP}/kettle") is None
