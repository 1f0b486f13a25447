from __future__ import annotations

import gzip
import json
from base64 import b64encode
from collections.abc import Sequence
from datetime import UTC, datetime, time
from typing import Any

import pytest

from scrapers.reddit import Reddit
from scrapers.source import Where
from tests.scrapers.contract import Contract, Told
from tests.site import Answer, Asked
from ugc.errors import SourceChanged

HERE = Where("r/yasen?q=bank", "https://oauth.reddit.com/r/yasen/search?q=bank")
TOKEN = json.dumps({"access_token": "day-pass", "token_type": "bearer", "expires_in": 86400, "scope": "*"})


def post(number: str, text: str, **changes: Any) -> dict[str, Any]:
    """A post as the API gives it."""
    data = {
        "id": number,
        "name": f"t3_{number}",
        "subreddit": "yasen",
        "title": f"Вопрос {number}",
        "selftext": text,
        "author": "maria_yaseneva",
        "author_fullname": "t2_abc",
        "created_utc": 1_770_000_000.0,
        "edited": False,
        "score": 12,
        "num_comments": 3,
        "permalink": f"/r/yasen/comments/{number}/vopros/",
        "is_self": True,
        **changes,
    }
    return {"kind": "t3", "data": data}


def comment(number: str, text: str, *inner: dict[str, Any], **changes: Any) -> dict[str, Any]:
    """A comment as the API gives it, with those below it."""
    data = {
        "id": number,
        "name": f"t1_{number}",
        "link_id": "t3_top",
        "parent_id": "t3_top",
        "body": text,
        "author": "piotr",
        "author_fullname": "t2_def",
        "created_utc": 1_770_000_060.0,
        "edited": False,
        "score": 1,
        "permalink": f"/r/yasen/comments/top/vopros/{number}/",
        "replies": listing(*inner) if inner else "",
        **changes,
    }
    return {"kind": "t1", "data": data}


def more(*children: str, parent: str = "t3_top") -> dict[str, Any]:
    """A mark of comments left out; without children, of a branch that goes on."""
    data = {
        "count": len(children),
        "name": "t1__",
        "id": "_",
        "parent_id": parent,
        "children": list(children),
    }
    return {"kind": "more", "data": data}


def listing(*things: dict[str, Any], after: str | None = None) -> dict[str, Any]:
    """A listing of the API."""
    return {"kind": "Listing", "data": {"after": after, "before": None, "children": list(things)}}


def body(document: Any) -> bytes:
    """An answer of the API."""
    return json.dumps(document).encode()


class TestReddit(Contract):
    source = Reddit()
    target = "r/yasen?q=bank"
    key = "app-of-the-tests:secret-of-the-tests"
    page = 100
    every = 5
    # Who runs a community is no company, and a post has no one answer.
    replies = False

    def play(self, reviews: Sequence[Told], asked: Asked) -> Answer:
        # A POST that was redirected arrives as a GET; the tests of the contract let it pass.
        if asked.path == "/api/v1/access_token":
            basic = b64encode(b"app-of-the-tests:secret-of-the-tests").decode()
            assert asked.headers["authorization"] == f"Basic {basic}"
            return Answer(TOKEN.encode())
        assert asked.headers["authorization"] == "Bearer day-pass"
        assert asked.query["q"] == "bank"
        ids = [f"t3_{one.id}" for one in reviews]
        start = ids.index(asked.query["after"]) + 1 if "after" in asked.query else 0
        shown = reviews[start : start + self.page]
        posts = []
        for one in shown:
            moment = datetime.combine(one.day, time(10), UTC).timestamp()
            posts.append(post(one.id, one.text, created_utc=moment, author=one.author))
        last = start + self.page >= len(reviews)
        return Answer(body(listing(*posts, after=None if last else f"t3_{shown[-1].id}")))

    def test_neither_key_nor_token_are_kept(self, lake, site, tmp_path, monkeypatch):
        monkeypatch.chdir(tmp_path)
        self.serve(site, self.reviews()[:1])
        run = self.run(lake, site, replay=True)
        assert run.state == "complete"
        (archive,) = tmp_path.rglob("*.warc.gz")
        kept = gzip.decompress(archive.read_bytes())
        assert b"oauth.reddit.com/r/yasen/search" in kept
        assert not any(word in kept for word in (b"day-pass", b"secret-of-the-tests", b"Basic "))
        assert all("secret" not in path and "day-pass" not in path for path in site.asked)
        assert "day-pass" not in json.dumps(run.cursor)

    def test_a_key_that_is_not_known_is_named(self, lake, site):
        site.route = lambda path: Answer(b'{"message": "Unauthorized", "error": 401}', 401)
        run = self.run(lake, site)
        assert (run.state, len(site.asked)) == ("failed", 1)
        assert "ID:SECRET" in run.reason
        assert "secret-of-the-tests" not in run.reason

    @pytest.mark.parametrize("key", ["no-colon", "space in:it", "a:b\nc"])
    def test_a_key_of_another_form_is_named(self, lake, site, key):
        self.key = key
        run = self.run(lake, site)
        assert (run.state, site.asked) == ("failed", [])
        assert "another form than ID:SECRET" in run.reason

    def test_no_token_is_named(self, lake, site):
        site.route = lambda path: Answer(b'{"error": "unsupported_grant_type"}')
        assert "gave no token" in self.run(lake, site).reason

    def test_a_community_without_a_search(self, lake, site):
        self.target = "https://www.reddit.com/r/yasen/"

        def route(path):
            if path == "/api/v1/access_token":
                return Answer(TOKEN.encode())
            return Answer(body(listing(post("a1", "Карту привезли за день"))))

        site.route = route
        run = self.run(lake, site)
        assert (run.state, run.summary.new) == ("complete", 1)
        assert site.asked[1].startswith("/r/yasen/new?")

    def thread(self, site, *, endless: bool = False):
        """Lets the site hold one thread whose comments come in parts."""

        def route(path):
            asked = site.requests[-1]
            if path == "/api/v1/access_token":
                return Answer(TOKEN.encode())
            if path.startswith("/api/morechildren"):
                names = asked.query["children"].split(",")
                assert asked.query["link_id"] == "t3_top"
                things = [comment(name, f"Комментарий под номером {name}") for name in names]
                if endless:
                    things.append(more(f"z{len(site.asked)}"))
                return Answer(body({"json": {"errors": [], "data": {"things": things}}}))
            if "comment" in asked.query:
                deep = comment("c2", "Второй ответ в ветке", comment("d1", "Самый глубокий ответ"))
                return Answer(body([listing(post("top", "Что с картой?")), listing(deep)]))
            below = comment("c2", "Второй ответ в ветке", more(parent="t1_c2"))
            tree = comment("c1", "Первый ответ", below)
            left = more(*(f"m{n}" for n in range(130)))
            return Answer(body([listing(post("top", "Что с картой?")), listing(tree, left)]))

        site.route = route
        self.target = "https://www.reddit.com/r/yasen/comments/top/vopros/"

    def test_a_thread_is_read_with_the_comments_that_it_leaves_out(self, lake, site):
        self.thread(site)
        run = self.run(lake, site)
        assert (run.state, run.reason, run.summary.new) == ("complete", "", 1 + 2 + 130 + 1)
        assert len(site.asked) == 1 + 1 + 2 + 1
        again = self.run(lake, site)
        assert (again.state, again.summary.new, again.summary.changed) == ("complete", 0, 0)

    def test_a_thread_without_end_is_partial(self, lake, site):
        self.thread(site, endless=True)
        run = self.run(lake, site)
        assert run.state == "partial"
        assert "comments more than are read in one run" in run.reason
        assert len(site.asked) == 1 + 1 + 20

    @pytest.mark.parametrize("target", ["", "poland", "r/", "r/a b", "u/somebody", "comments/"])
    def test_a_target_that_is_none_is_refused(self, lake, site, target):
        self.target = target
        run = self.run(lake, site)
        assert (run.state, site.asked) == ("failed", [])
        assert "no target of Reddit" in run.reason


def test_reads_the_fields_of_posts():
    page = Reddit().parse(
        body(
            listing(
                post("a1", "Карту <привезли> за день", edited=1_770_000_100.0),
                post("a2", "[removed]", author="[deleted]", author_fullname=None, score=-3),
                after="t3_a2",
            )
        ),
        HERE,
    )
    assert (page.more, page.following) == (True, "t3_a2")
    assert list(page.records) == [
        {
            "source_id": "t3_a1",
            "url": "https://www.reddit.com/r/yasen/comments/a1/vopros/",
            "author": "maria_yaseneva",
            "author_id": "t2_abc",
            "date": "2026-02-02T02:40:00+00:00",
            "edited_at": "2026-02-02T02:41:40+00:00",
            "title": "Вопрос a1",
            "text": "Карту <привезли> за день",
            "helpful_votes": 12,
        },
        {
            "source_id": "t3_a2",
            "url": "https://www.reddit.com/r/yasen/comments/a2/vopros/",
            "date": "2026-02-02T02:40:00+00:00",
            "title": "Вопрос a2",
            "text": "",
            "helpful_votes": -3,
        },
    ]


def test_reads_the_comments_of_a_thread_in_their_order():
    tree = comment("c1", "Первый", comment("c2", "Под первым", more(parent="t1_c2")), comment("c3", "Ещё"))
    late = comment("c4", "[deleted]", permalink=None)
    page = Reddit().parse(body([listing(post("top", "Что?")), listing(tree, late, more("x"))]), HERE)
    assert (page.more, page.following) == (False, None)
    assert [record["source_id"] for record in page.records] == ["t3_top", "t1_c1", "t1_c2", "t1_c3", "t1_c4"]
    assert page.records[1] == {
        "source_id": "t1_c1",
        "url": "https://www.reddit.com/r/yasen/comments/top/vopros/c1/",
        "author": "piotr",
        "author_id": "t2_def",
        "date": "2026-02-02T02:41:00+00:00",
        "text": "Первый",
        "helpful_votes": 1,
    }
    assert page.records[4]["url"] == "https://www.reddit.com/comments/top/_/c4/"
    assert page.records[4]["text"] == ""


def test_a_thread_however_deep_is_read():
    tree = comment("c0", "Дно")
    for number in range(1, 150):
        tree = comment(f"c{number}", "Выше", tree)
    page = Reddit().parse(body([listing(post("top", "Что?")), listing(tree)]), HERE)
    assert len(page.records) == 151


@pytest.mark.parametrize(
    "broken",
    [
        b"",
        b"null",
        b"[]",
        b"<html>",
        b'{"kind": "Listing"}',
        b'{"data": {"children": {}}}',
        b'{"data": {"children": [1]}}',
        b'{"data": {"children": [{"kind": "t3", "data": {}}]}}',
        b'{"data": {"children": [{"kind": "t1", "data": {"id": 1, "replies": 7}}]}}',
        b'{"data": {"children": [], "after": 5}}',
        b'{"json": {"errors": [["USER_REQUIRED"]]}}',
        b'{"message": "Forbidden", "error": 403}',
        b'{"data":' * 9000,
    ],
)
def test_another_shape_is_named(broken):
    with pytest.raises(SourceChanged, match="reddit"):
        Reddit().parse(broken, HERE)


@pytest.mark.parametrize(
    ("url", "target"),
    [
        ("https://www.reddit.com/r/poland/", "r/poland"),
        ("https://old.reddit.com/r/poland/new", "r/poland"),
        ("https://www.reddit.com/r/poland/search/?q=bank+karta&sort=new", "r/poland?q=bank karta"),
        ("https://www.reddit.com/r/poland/comments/57dw9a/slug/", "comments/57dw9a"),
        ("https://redd.it/57dw9a", "comments/57dw9a"),
        ("https://www.reddit.com/user/somebody", None),
        ("https://www.reddit.com/", None),
        ("https://example.com/r/poland", None),
    ],
)
def test_recognises_addresses(url, target):
    assert Reddit().recognise(url) == target


@pytest.mark.shared
def test_reads_a_recorded_search(shared):
    page = Reddit().parse((shared / "sources/fixtures/reddit/search_listing.json").read_bytes(), HERE)
    assert len(page.records) == 6
    assert page.following is None
    assert page.records[0]["source_id"] == "t3_3gpbiu"
    assert page.records[0]["date"] == "2015-08-12T09:08:34+00:00"
    assert page.records[0]["edited_at"].startswith("2015-08-13")
    assert all(record["title"] and record["author"] and record["url"] for record in page.records)


@pytest.mark.shared
def test_reads_a_recorded_thread(shared):
    page = Reddit().parse((shared / "sources/fixtures/reddit/comments_thread.json").read_bytes(), HERE)
    assert len(page.records) == 1 + 145
    assert page.records[0]["source_id"] == "t3_57dw9a"
    assert page.records[1]["source_id"] == "t1_d8r4im1"
    assert all(record["text"] or "author" not in record for record in page.records)
    assert all(record["date"].startswith("201") for record in page.records)
