from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any, ClassVar

import pytest

from scrapers.source import Where
from scrapers.vk import Vk
from tests.scrapers.contract import TODAY, Contract, Told, told
from tests.site import Answer, Asked
from ugc.errors import SourceChanged

OWNER = -4711
HERE = Where(
    "club4711", "https://api.vk.com/method/wall.getComments?owner_id=-4711&post_id=10&count=100&offset=0"
)
WALL = Where("club4711:wall", "https://api.vk.com/method/wall.get?owner_id=-4711&count=100&offset=0")


def epoch(day: date) -> int:
    """Ten in the morning of a day, in seconds since 1970."""
    return int(datetime(day.year, day.month, day.day, 10, tzinfo=UTC).timestamp())


def comment(number: int, text: str, **changes: Any) -> dict[str, Any]:
    """A comment as the API gives it."""
    return {
        "id": number,
        "from_id": 5001,
        "date": 1_770_000_000 + number,
        "text": text,
        "post_id": 10,
        "owner_id": OWNER,
        "parents_stack": [],
        "likes": {"count": 0, "can_like": 0},
        "thread": {"count": 0, "items": [], "can_post": True},
        **changes,
    }


def answered(number: int, to: int, text: str, **changes: Any) -> dict[str, Any]:
    """An answer in the thread of a comment."""
    thread = {"parents_stack": [to], "reply_to_user": 5001, "reply_to_comment": to}
    row = comment(number, text, **{**thread, **changes})
    del row["thread"]
    return row


def body(items: list[dict[str, Any]], total: int | None = None, **more: Any) -> bytes:
    """A response of the API."""
    count = len(items) if total is None else total
    return json.dumps({"response": {"count": count, "items": items, **more}}).encode()


def error(code: int, message: str = "no") -> Answer:
    """An error of the API, which comes with the status 200."""
    return Answer(json.dumps({"error": {"error_code": code, "error_msg": message}}).encode())


PEOPLE = {
    "profiles": [{"id": 5001, "first_name": "Мария", "last_name": "Ясенева"}],
    "groups": [{"id": 4711, "name": "Ясень Банк"}],
}


class Played(Contract):
    """What comments and posts have in common: a hundred a page, by number."""

    source = Vk()
    key = "secret-of-the-tests"
    page = 100
    # With twenty days between them, 250 reviews would begin before there was the site.
    every = 5

    def cut(self, rows: list[dict[str, Any]], asked: Asked) -> bytes:
        """A page of a list."""
        start, count = int(asked.query["offset"]), int(asked.query["count"])
        return body(rows[start : start + count], len(rows), **PEOPLE)

    def test_the_key_is_sent_and_not_kept(self, lake, site):
        self.serve(site, self.reviews()[:1])
        run = self.run(lake, site)
        assert "access_token=secret-of-the-tests" in site.asked[0]
        assert "secret-of-the-tests" not in json.dumps(run.cursor)

    @pytest.mark.parametrize(
        ("code", "word", "requests"),
        [(6, "too many", 3), (15, "access is denied", 1), (5, "key", 1), (77, "odd", 1)],
    )
    def test_an_error_of_the_site_is_named(self, lake, site, code, word, requests):
        site.route = lambda path: error(code, "odd")
        run = self.run(lake, site)
        assert run.state == "failed"
        assert f"error {code}: " in run.reason
        assert word in run.reason
        assert len(site.asked) == requests
        assert "secret-of-the-tests" not in run.reason

    def test_too_many_requests_pass(self, lake, site):
        reviews = self.reviews()
        site.route = lambda path: error(6) if len(site.asked) == 1 else self.play(reviews, site.requests[-1])
        run = self.run(lake, site)
        assert (run.state, run.summary.new) == ("complete", len(reviews))


class TestVkComments(Played):
    target: ClassVar[str] = "club4711"

    def play(self, reviews: Sequence[Told], asked: Asked) -> Answer:
        if asked.path.startswith("/method/wall.get?"):
            post = {"id": 10, "from_id": OWNER, "owner_id": OWNER, "date": epoch(TODAY), "text": "Новости"}
            return Answer(self.cut([post] if reviews else [], asked))
        rows = []
        for one in reviews:
            row = comment(int(one.id), one.text, date=epoch(one.day))
            if one.reply:
                reply = answered(
                    int(one.id) + 50_000,
                    row["id"],
                    f"[id5001|Мария], {one.reply}",
                    from_id=OWNER,
                    date=epoch(TODAY),
                )
                row["thread"] = {"count": 1, "items": [reply]}
            rows.append(row)
        return Answer(self.cut(rows, asked))

    def posts(self, count: int) -> list[dict[str, Any]]:
        """Posts of the wall, newest first, ten days apart."""
        return [
            {
                "id": 500 - n,
                "from_id": OWNER,
                "owner_id": OWNER,
                "date": epoch(TODAY - timedelta(days=10 * n)),
                "text": f"Пост {n}",
            }
            for n in range(count)
        ]

    def test_every_post_of_the_wall_is_read_and_later_only_those_of_the_window(self, lake, site):
        posts = self.posts(9)
        # A pinned post stands first whatever its date is.
        pinned = {**posts.pop(7), "is_pinned": 1}

        def route(path):
            asked = site.requests[-1]
            if "wall.get?" in path:
                return Answer(self.cut([pinned, *posts], asked))
            post = int(asked.query["post_id"])
            return Answer(
                body([comment(post + 9000, f"Под постом {post} всё понятно", post_id=post)], **PEOPLE)
            )

        site.route = route
        assert self.run(lake, site).summary.new == 9
        assert len(site.asked) == 10
        posts.insert(0, {**posts[0], "id": 501, "date": epoch(TODAY + timedelta(days=1))})
        run = self.run(lake, site)
        assert (run.state, run.summary.new, run.summary.changed) == ("complete", 1, 0)

    def test_posts_of_further_pages_are_read_as_far_as_the_window(self, lake, site):
        posts = self.posts(120)

        def route(path):
            asked = site.requests[-1]
            if "wall.get?" in path:
                return Answer(self.cut(posts, asked))
            return Answer(body([]))

        site.route = route
        assert self.run(lake, site).state == "complete"
        assert len(site.asked) == 122
        assert self.run(lake, site).state == "complete"
        assert len(site.asked) == 2 + 5

    def test_an_interrupted_run_goes_on_at_its_posts(self, lake, site):
        posts = self.posts(115)
        stopped: list[str] = []

        def route(path):
            asked = site.requests[-1]
            if "wall.get?" in path:
                return Answer(self.cut(posts, asked))
            post = int(asked.query["post_id"])
            if post < 395 and not stopped:
                stopped.append(path)
                return Answer(status=403)
            return Answer(
                body([comment(post + 9000, f"Под постом {post} всё понятно", post_id=post)], **PEOPLE)
            )

        site.route = route
        assert self.run(lake, site).state == "partial"
        assert self.run(lake, site).state == "complete"
        assert len(self.texts(lake)) == 115

    def test_closed_comments_of_a_post_do_not_end_the_run(self, lake, site):
        def route(path):
            asked = site.requests[-1]
            if "wall.get?" in path:
                return Answer(self.cut(self.posts(2), asked))
            if asked.query["post_id"] == "500":
                return error(212)
            return Answer(body([comment(7, "Здесь можно писать")], **PEOPLE))

        site.route = route
        run = self.run(lake, site)
        assert (run.state, run.summary.new) == ("complete", 1)

    def test_a_single_post_with_closed_comments_is_named(self, lake, site):
        self.target = "wall-4711_10"
        site.route = lambda path: error(212)
        run = self.run(lake, site)
        assert run.state == "failed"
        assert "error 212: the comments of this post are closed" in run.reason

    def test_the_comments_of_a_single_post(self, lake, site):
        self.target = "wall-4711_10"
        reviews = self.reviews()
        self.serve(site, reviews)
        run = self.run(lake, site)
        assert (run.state, run.summary.new) == ("complete", len(reviews))
        assert len(site.asked) == 3
        fresh = Told("9001", TODAY, "Новый отзыв: очередь двигалась медленно")
        self.serve(site, [fresh, replace(reviews[0], reply="Благодарим"), *reviews[1:]])
        run = self.run(lake, site)
        assert (run.state, run.summary.new, run.summary.changed) == ("complete", 1, 1)
        # The second page lies before the 45 days in which answers come.
        assert len(site.asked) == 2

    def test_a_long_thread_is_read_to_its_end(self, lake, site):
        inner = [answered(100 + n, 10, f"Ответ соседа номер {n}: у меня так же") for n in range(130)]
        inner[3] = answered(103, 10, "Разберёмся", from_id=OWNER)
        head = comment(10, "Перевод не дошёл", thread={"count": 130, "items": inner[:10]})

        def route(path):
            asked = site.requests[-1]
            if "wall.get?" in path:
                return Answer(self.cut(self.posts(1), asked))
            return Answer(self.cut(inner if "comment_id" in asked.query else [head], asked))

        site.route = route
        run = self.run(lake, site)
        assert (run.state, run.summary.new) == ("complete", 130)
        with lake.snapshot() as snapshot:
            rows = snapshot.sql(
                "SELECT source_id, reply_text FROM reviews WHERE reply_text IS NOT NULL"
            ).to_pylist()
        assert rows == [{"source_id": "-4711_10", "reply_text": "Разберёмся"}]


class TestVkWall(Played):
    target: ClassVar[str] = "yasen.bank:wall"
    # A post of the wall gets comments; none of them is the answer.
    replies = False

    def play(self, reviews: Sequence[Told], asked: Asked) -> Answer:
        assert asked.query["domain"] == "yasen.bank"
        rows = [
            {
                "id": int(one.id),
                "from_id": 5001,
                "owner_id": OWNER,
                "date": epoch(one.day),
                "text": one.text,
                "likes": {"count": 3},
            }
            for one in reviews
        ]
        return Answer(self.cut(rows, asked))

    def test_a_pinned_post_is_read_and_stops_nothing(self, lake, site):
        reviews = self.reviews()
        old = replace(reviews[-1], id="1", day=reviews[-1].day - timedelta(days=100), text="Правила группы")
        self.serve(site, [old, *reviews])
        assert self.run(lake, site).summary.new == len(reviews) + 1
        fresh = [replace(one, id=f"9{one.id}", day=TODAY) for one in told(120)]
        self.serve(site, [old, *fresh, *reviews])
        assert self.run(lake, site).summary.new == len(fresh)


def test_reads_the_fields_of_a_comment_and_its_thread():
    head = comment(
        20,
        "[club4711|Ясень Банк], спасибо [id77|Олегу] из поддержки!",
        edited=1_770_000_900,
        likes={"count": 4},
        attachments=[{"type": "photo", "photo": {}}, {"type": "sticker", "sticker": {}}],
        thread={
            "count": 4,
            "items": [
                answered(21, 20, "[id5001|Мария], рады помочь", from_id=OWNER),
                answered(22, 20, "А мне не ответили", from_id=5002),
                answered(23, 20, "Передали коллегам", from_id=OWNER, reply_to_comment=22),
                answered(24, 20, "Приходите ещё", from_id=OWNER),
            ],
        },
    )
    gone = {"id": 19, "from_id": 0, "date": 1_770_000_019, "deleted": True, "text": "", "owner_id": OWNER}
    own = comment(18, "Всем хорошего дня", from_id=OWNER)
    page = Vk().parse(body([head, gone, own], 215, current_level_count=3, **PEOPLE), HERE)
    assert (page.more, page.following) == (False, None)
    assert list(page.records) == [
        {
            "source_id": "-4711_20",
            "url": "https://vk.com/wall-4711_10?reply=20",
            "author": "Мария Ясенева",
            "author_id": "5001",
            "date": "2026-02-02T02:40:20+00:00",
            "edited_at": "2026-02-02T02:55:00+00:00",
            "text": "спасибо Олегу из поддержки!",
            "helpful_votes": 4,
            "photos_count": 1,
            "reply_text": "рады помочь\nПриходите ещё",
            "reply_date": "2026-02-02T02:40:21+00:00",
        },
        {
            "source_id": "-4711_22",
            "url": "https://vk.com/wall-4711_10?reply=22&thread=20",
            "author_id": "5002",
            "date": "2026-02-02T02:40:22+00:00",
            "text": "А мне не ответили",
            "helpful_votes": 0,
            "reply_text": "Передали коллегам",
            "reply_date": "2026-02-02T02:40:23+00:00",
        },
    ]


def test_reads_the_fields_of_a_post():
    row = {
        "id": 31,
        "from_id": OWNER,
        "signer_id": 5001,
        "owner_id": OWNER,
        "date": 1_770_000_031,
        "text": "Открыли отделение на Липовой",
        "likes": {"count": 9},
        "comments": {"count": 2},
    }
    page = Vk().parse(body([row], 5209, **PEOPLE), WALL)
    assert (page.more, page.following) == (True, "2")
    assert list(page.records) == [
        {
            "source_id": "-4711_31",
            "url": "https://vk.com/wall-4711_31",
            "author": "Мария Ясенева",
            "author_id": "5001",
            "date": "2026-02-02T02:40:31+00:00",
            "text": "Открыли отделение на Липовой",
            "helpful_votes": 9,
        }
    ]


@pytest.mark.parametrize(
    "broken",
    [
        b"",
        b"null",
        b"<html>",
        b'{"response": 1}',
        b'{"response": {"items": {}}}',
        b'{"response": {"items": [1], "count": 1}}',
        b'{"response": {"items": [{}], "count": 1}}',
        b'{"response": {"items": [], "count": "x"}}',
        b'{"response": {"items": [{"thread": {"items": [7]}}], "count": 1}}',
        b'{"error": {"error_code": 15, "error_msg": "Access denied"}}',
        b'{"a":' * 9000,
    ],
)
@pytest.mark.parametrize("where", [HERE, WALL])
def test_another_shape_is_named(broken, where):
    with pytest.raises(SourceChanged, match="vk"):
        Vk().parse(broken, where)


@pytest.mark.parametrize("target", ["", "нет", "a", "-12:other", "a b", "-1_2_3"])
def test_a_target_that_is_none_is_refused(target, tmp_path, site):
    class One(TestVkComments):
        pass

    one = One()
    one.target = target
    from ugc.lake import Lake

    run = one.run(Lake.open(tmp_path / "lake"), site)
    assert (run.state, site.asked) == ("failed", [])
    assert "no target of VK" in run.reason


@pytest.mark.parametrize(
    ("url", "target"),
    [
        ("https://vk.com/club4711", "club4711"),
        ("https://vk.com/yasen.bank", "yasen.bank"),
        ("https://m.vk.com/public4711?from=search", "public4711"),
        ("https://vk.com/wall-4711_10", "-4711_10"),
        ("https://vk.ru/yasen?w=wall-4711_10%2Fall", "-4711_10"),
        ("https://vk.com/id1", None),
        ("https://vk.com/", None),
        ("https://vk.com/feed", None),
        ("https://example.com/club4711", None),
        ("http://[", None),
    ],
)
def test_recognises_addresses(url, target):
    assert Vk().recognise(url) == target


@pytest.mark.shared
def test_reads_recorded_comments(shared):
    raw = (shared / "sources/fixtures/vk/wall_getComments.json").read_bytes()
    rows = json.loads(raw)["response"]["items"]
    where = Where("wall-22522055_2125420", "https://api.vk.com/method/wall.getComments?count=100&offset=0")
    page = Vk().parse(raw, where)
    assert page.following is None
    heads = {f"{row['owner_id']}_{row['id']}" for row in rows}
    found = {record["source_id"]: record for record in page.records}
    assert len(rows) == 48
    assert heads <= set(found)
    whole = [row for row in rows if row["thread"]["count"] == len(row["thread"]["items"])]
    people = [one for row in whole for one in row["thread"]["items"] if one["from_id"] != one["owner_id"]]
    assert len(found) == 48 + len(people)
    assert all(record["date"].endswith("+00:00") and record["author_id"] for record in found.values())
    assert not any("[id" in record["text"] + record.get("reply_text", "") for record in found.values())
    first = found["-22522055_2128937"]
    assert first["reply_text"].startswith("СБОЛ - это приложение")
    assert first["url"] == "https://vk.com/wall-22522055_2125420?reply=2128937"
    assert sum("reply_text" in record for record in found.values()) > 20
