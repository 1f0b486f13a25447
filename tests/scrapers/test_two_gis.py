"""2GIS, against a played API: pages by its own link or by offset, with a key that stays secret."""

from __future__ import annotations

import gzip
import json
from datetime import date
from urllib.parse import urlencode

import pytest

from scrapers.source import Where
from scrapers.two_gis import TwoGis
from tests.scrapers.contract import Contract, Told
from tests.site import Answer
from ugc.errors import SourceChanged
from ugc.ingest.collect import collect
from ugc.settings import Settings, SourceSettings

KEY = "0000aaaa-11bb-22cc-33dd-444444eeeeee"
FIRM = "70000001000000001"
HERE = Where(FIRM, f"https://public-api.reviews.2gis.com/2.0/branches/{FIRM}/reviews?limit=50")


def row(one: Told, **changes: object) -> dict[str, object]:
    """One review as the API gives it."""
    answer = {"id": "1", "org_name": "Ясень", "text": one.reply, "date_created": "2026-11-21T09:00:00+03:00"}
    return {
        "id": one.id,
        "region_id": 59,
        "text": one.text,
        "rating": one.stars,
        "provider": "2gis",
        "source": "2gis",
        "is_hidden": False,
        "is_rated": True,
        "is_verified": False,
        "hiding_reason": None,
        "likes_count": 3,
        "comments_count": 0,
        "date_created": f"{one.day}T12:00:00.123456+05:00",
        "date_edited": None,
        "object": {"id": FIRM, "type": "branch"},
        "user": {"id": "u", "public_id": "public1", "name": one.author, "reviews_count": 4},
        "official_answer": answer if one.reply else None,
        "photos": [{"id": "p"}],
        **changes,
    }


def page(*rows: object, link: str | None = None, total: int = 0) -> bytes:
    """An answer of the API."""
    meta = {"code": 200, "total_count": total, "branch_rating": 4.4, "providers": []}
    return json.dumps({"meta": {**meta, "next_link": link}, "reviews": list(rows)}).encode()


def play_offset(reviews, asked, *, links=True):
    """The API that pages by offset, with its stray port and the key in its link."""
    at = int(asked.query.get("offset", "0"))
    shown = reviews[at : at + 50]
    link = None
    if links and at + 50 < len(reviews):
        query = urlencode({**asked.query, "offset": at + 50})
        link = f"https://public-api.reviews.2gis.com:8080{asked.path.partition('?')[0]}?{query}"
    return Answer(page(*map(row, shown), link=link, total=len(reviews)))


class TestTwoGis(Contract):
    source = TwoGis()
    target = FIRM
    page = 50
    key = KEY
    every = 3

    def play(self, reviews, asked):
        if asked.query.get("key") != self.key:
            return Answer(b'{"meta": {"code": 403}}', 403)
        return play_offset(reviews, asked)

    def test_an_unknown_branch_is_named(self, lake, site):
        site.route = lambda path: Answer(b'{"meta": {"code": 400, "error": {"message": "no branch"}}}', 400)
        run = self.run(lake, site)
        assert run.state == "failed"
        assert "answered 400" in run.reason
        assert "Check the target" in run.reason

    def test_a_wrong_key_is_named(self, lake, site):
        self.serve(site, self.reviews())
        mirror = SourceSettings(base_url=site.url, pause=0, key="another-key-than-that")
        chosen = Settings(contact="cx@example.com", salt="salt", sources={"two_gis": mirror})
        run = collect(lake, self.source, self.target, settings=chosen)
        assert run.state == "failed"
        assert "UGC_SOURCES__TWO_GIS__KEY" in run.reason

    def test_all_branches_of_a_company_are_read(self, lake, site):
        reviews = self.reviews()
        self.serve(site, reviews)
        mirror = SourceSettings(base_url=site.url, pause=0, key=self.key)
        chosen = Settings(contact="cx@example.com", salt="salt", sources={"two_gis": mirror})
        run = collect(lake, self.source, f"org:{FIRM}", settings=chosen)
        assert (run.state, run.summary.new) == ("complete", len(reviews))
        assert all(path.startswith(f"/3.0/orgs/{FIRM}/reviews?") for path in site.asked)

    @pytest.mark.parametrize(
        "target", ["", "yasen", "123", "org:", "../1234567", "1234567?key=a", "１２３４５６７"]
    )
    def test_what_is_no_target_is_never_asked(self, lake, site, target):
        mirror = SourceSettings(base_url=site.url, pause=0, key=self.key)
        chosen = Settings(contact="cx@example.com", salt="salt", sources={"two_gis": mirror})
        run = collect(lake, self.source, target, settings=chosen)
        assert run.state == "failed"
        assert "is no target of 2GIS" in run.reason
        assert site.agents == []

    def test_the_key_is_in_no_archive_and_no_cursor(self, lake, site, tmp_path):
        self.serve(site, self.reviews())
        mirror = SourceSettings(base_url=site.url, pause=0, key=self.key)
        chosen = Settings(
            contact="cx@example.com", salt="salt", sources={"two_gis": mirror}, archive=tmp_path / "kept"
        )
        run = collect(lake, self.source, self.target, settings=chosen, replay=True)
        (archive,) = (tmp_path / "kept" / "two_gis").iterdir()
        kept = gzip.decompress(archive.read_bytes()).decode()
        assert "next_link" in kept
        assert KEY not in kept
        assert KEY not in json.dumps(run.cursor)

    def test_pages_without_links_are_read_by_offset(self, lake, site):
        reviews = self.reviews()
        site.route = lambda path: play_offset(reviews, site.requests[-1], links=False)
        run = self.run(lake, site)
        assert (run.state, run.summary.new, len(site.asked)) == ("complete", len(reviews), 3)

    def test_pages_by_date_are_read(self, lake, site):
        """Some answers page by the date of the last review instead of an offset."""
        reviews = self.reviews()

        def route(path):
            asked = site.requests[-1].query
            below = asked.get("offset_date", "9999")
            rows = [one for one in map(row, reviews) if str(one["date_created"]) < below]
            link = None
            if len(rows) > 50:
                query = urlencode({**asked, "offset_date": rows[49]["date_created"]})
                link = f"https://public-api.reviews.2gis.com:8080/2.0/branches/{FIRM}/reviews?{query}"
            return Answer(page(*rows[:50], link=link))

        site.route = route
        run = self.run(lake, site)
        assert (run.state, run.summary.new, len(site.asked)) == ("complete", len(reviews), 3)

    def test_hidden_reviews_are_left_out_and_end_nothing(self, lake, site):
        reviews = self.reviews()

        def route(path):
            found = json.loads(play_offset(reviews, site.requests[-1]).body)
            if "offset=50" in path:
                for one in found["reviews"]:
                    one["hiding_reason"] = "spam"
            return Answer(json.dumps(found).encode())

        site.route = route
        run = self.run(lake, site)
        assert (run.state, run.summary.new) == ("complete", len(reviews) - 50)


def test_reads_the_fields_of_a_review():
    one = Told("42", date(2026, 11, 2), "Быстро и вежливо", 4, "Спасибо!", "Анна Ольхова")
    whole = row(
        one,
        date_edited="2026-11-05T08:00:00+05:00",
        is_verified=True,
        object={"id": FIRM, "type": "branch", "name": "Ясень, отделение"},
    )
    (record,) = TwoGis().parse(page(whole), HERE).records
    assert record == {
        "source_id": "42",
        "url": f"https://2gis.ru/firm/{FIRM}/tab/reviews/review/42",
        "text": "Быстро и вежливо",
        "rating": 4,
        "rating_scale": 5,
        "date": "2026-11-02T12:00:00.123456+05:00",
        "edited_at": "2026-11-05T08:00:00+05:00",
        "author": "Анна Ольхова",
        "author_id": "public1",
        "place": "Ясень, отделение",
        "place_id": FIRM,
        "helpful_votes": 3,
        "verified": True,
        "photos_count": 1,
        "reply_text": "Спасибо!",
        "reply_date": "2026-11-21T09:00:00+03:00",
    }


def test_a_review_of_flamp_without_text_or_rating_is_read():
    bare = {
        "id": 7,
        "text": "",
        "rating": None,
        "date_created": "2026-01-01T00:00:00+03:00",
        "provider": "flamp",
    }
    (record,) = TwoGis().parse(page(bare), HERE).records
    assert record == {"source_id": "7", "text": "", "date": "2026-01-01T00:00:00+03:00"}


def test_the_link_of_the_site_gives_no_key_away():
    rows = [row(Told("1", date(2026, 1, 1), "Да"))]
    link = f"https://public-api.reviews.2gis.com:8080/2.0/branches/{FIRM}/reviews?limit=50&key={KEY}&offset_date=2026"
    assert TwoGis().parse(page(*rows, link=link), HERE).following == "offset_date=2026"
    link = f"https://elsewhere.example/?key={KEY}&offset=100"
    assert TwoGis().parse(page(*rows, link=link), HERE).following == "3"


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"[]",
        b'{"reviews": 1}',
        b'{"reviews": []}',
        b'{"meta": {"code": 500}, "reviews": []}',
        b'{"meta": {}, "reviews": [1]}',
        b'{"meta": {}, "reviews": [{"id": 1}]}',
        b"\xff{",
        b"[" * 9000,
        b'{"meta": {"next_link": "http://[::1"}, "reviews": [{"id": 1, "text": "", "date_created": ""}]}',
    ],
)
def test_another_shape_is_named(body):
    with pytest.raises(SourceChanged, match="two_gis"):
        TwoGis().parse(body, HERE)


@pytest.mark.parametrize(
    ("url", "target"),
    [
        (f"https://2gis.ru/perm/firm/{FIRM}", FIRM),
        (f"https://2gis.ru/perm/firm/{FIRM}/tab/reviews?m=56.2%2C58", FIRM),
        (f"https://2gis.ru/firm/{FIRM}", FIRM),
        (f"https://2gis.com.kz/almaty/firm/{FIRM}", FIRM),
        (f"https://2gis.ru/perm/branches/{FIRM}", f"org:{FIRM}"),
        ("https://2gis.ru/perm/search/bank", None),
        (f"https://not2gis.ru/firm/{FIRM}", None),
        (f"https://example.com/?u=2gis.ru/firm/{FIRM}", None),
    ],
)
def test_recognises_its_addresses(url, target):
    assert TwoGis().recognise(url) == target
