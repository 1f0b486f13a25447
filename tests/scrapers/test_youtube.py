from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

import pytest

from scrapers.source import Where
from scrapers.youtube import YouTube
from tests.scrapers.contract import Contract, Told
from tests.site import Answer, Asked
from ugc.errors import SourceChanged

VIDEO = "yasen-bank1"
OWNER = "UCyasenyasenyasenyasen01"
PERSON = "UCpersonpersonpersonper1"
HERE = Where(VIDEO, f"https://www.googleapis.com/youtube/v3/commentThreads?videoId={VIDEO}")
WITH_REPLIES = Where(f"{VIDEO}:replies", HERE.url)


def comment(
    number: str, text: str, writer: str = "UCpersonpersonpersonper1", **changes: Any
) -> dict[str, Any]:
    """A comment as the API gives it."""
    return {
        "kind": "youtube#comment",
        "etag": "x",
        "id": number,
        "snippet": {
            "channelId": OWNER,
            "videoId": VIDEO,
            "textDisplay": text,
            "textOriginal": text,
            "authorDisplayName": "@maria-yaseneva",
            "authorChannelId": {"value": writer},
            "canRate": True,
            "viewerRating": "none",
            "likeCount": 2,
            "publishedAt": "2026-03-05T09:30:00Z",
            "updatedAt": "2026-03-05T09:30:00Z",
            **changes,
        },
    }


def thread(top: dict[str, Any], *answers: dict[str, Any], count: int | None = None) -> dict[str, Any]:
    """A thread as the API gives it."""
    found: dict[str, Any] = {
        "kind": "youtube#commentThread",
        "etag": "x",
        "id": top["id"],
        "snippet": {
            "channelId": OWNER,
            "videoId": VIDEO,
            "topLevelComment": top,
            "canReply": True,
            "totalReplyCount": len(answers) if count is None else count,
            "isPublic": True,
        },
    }
    if answers:
        found["replies"] = {"comments": list(answers)}
    return found


def body(*items: dict[str, Any], following: str | None = None) -> bytes:
    """An answer of the API."""
    page = {"kind": "youtube#commentThreadListResponse", "etag": "x", "items": list(items)}
    page["pageInfo"] = {"totalResults": len(items), "resultsPerPage": 100}
    if following:
        page["nextPageToken"] = following
    return json.dumps(page).encode()


class TestYouTube(Contract):
    source = YouTube()
    target = VIDEO
    key = "secret-of-the-tests"
    page = 100
    every = 5

    def play(self, reviews: Sequence[Told], asked: Asked) -> Answer:
        assert asked.query["key"] == self.key
        start = int(asked.query.get("pageToken", "QURT0").removeprefix("QURT"))
        rows = []
        for one in reviews[start : start + self.page]:
            day = f"{one.day}T10:00:00Z"
            top = comment(
                f"Ug{one.id}", one.text, publishedAt=day, updatedAt=day, authorDisplayName=one.author
            )
            answers = [comment(f"Ug{one.id}.a", one.reply, OWNER)] if one.reply else []
            rows.append(thread(top, *answers))
        end = start + self.page
        return Answer(body(*rows, following=f"QURT{end}" if end < len(reviews) else None))

    def test_the_key_is_sent_and_not_kept(self, lake, site):
        self.serve(site, self.reviews()[:1])
        run = self.run(lake, site)
        assert "secret-of-the-tests" not in json.dumps(run.cursor)
        site.route = lambda path: Answer(b"{}", 403)
        reason = self.run(lake, site).reason
        assert "secret-of-the-tests" not in reason
        assert "comments are turned off" in reason

    def test_long_threads_are_read_where_replies_are_wanted(self, lake, site):
        answers = [comment(f"UgA.{n}", f"Мне тоже не ответили, раз номер {n}") for n in range(150)]
        answers[7] = comment("UgA.7", "Разбираемся", OWNER)
        whole = thread(comment("UgB", "А мне помогли сразу"), comment("UgB.1", "Повезло вам, конечно"))
        long = thread(comment("UgA", "Второй день нет ответа"), *answers[:5], answers[7], count=150)

        def route(path):
            asked = site.requests[-1]
            if "/commentThreads?" in path:
                return Answer(body(long, whole))
            assert asked.query["parentId"] == "UgA"
            start = int(asked.query.get("pageToken", "0"))
            return Answer(body(*answers[start : start + 100], following="100" if start == 0 else None))

        site.route = route
        self.target = f"https://youtu.be/{VIDEO}:replies"
        run = self.run(lake, site)
        assert (run.state, run.summary.new) == ("complete", 2 + 149 + 1)
        with lake.snapshot() as snapshot:
            rows = snapshot.sql("SELECT source_id, reply_text FROM reviews WHERE reply_text IS NOT NULL")
        assert rows.to_pylist() == [{"source_id": "UgA", "reply_text": "Разбираемся"}]
        self.target = VIDEO
        assert self.run(lake, site).summary.rows == 2
        assert len(site.asked) == 1

    def test_all_videos_of_a_channel(self, lake, site):
        self.target = f"https://www.youtube.com/channel/{OWNER}"
        self.serve(site, self.reviews()[:1])
        assert self.run(lake, site).state == "complete"
        assert site.requests[-1].query["allThreadsRelatedToChannelId"] == OWNER

    @pytest.mark.parametrize("target", ["", "short", "UCshort", "https://example.com/watch?v=yasen-bank1"])
    def test_a_target_that_is_none_is_refused(self, lake, site, target):
        self.target = target
        run = self.run(lake, site)
        assert (run.state, site.asked) == ("failed", [])
        assert "no target of YouTube" in run.reason


def test_reads_the_fields_of_a_comment():
    top = comment("UgX", "Карту привезли за день", updatedAt="2026-03-06T08:00:00Z", likeCount=7)
    late = comment("UgX.2", "Ждём ещё", OWNER, publishedAt="2026-03-08T09:00:00Z")
    first = comment("UgX.1", "Спасибо!", OWNER, publishedAt="2026-03-07T09:00:00Z")
    other = comment("UgX.3", "А мне нет", "UCpersonpersonpersonper2", publishedAt="2026-03-07T10:00:00Z")
    own = thread(comment("UgY", "Задавайте вопросы", OWNER))
    shown = comment("UgZ", "", textDisplay="Только показ")
    del shown["snippet"]["textOriginal"], shown["snippet"]["authorChannelId"]
    page = YouTube().parse(body(thread(top, late, other, first), own, thread(shown), following="QQ"), HERE)
    assert (page.more, page.following) == (True, "QQ")
    wanted = [
        {
            "source_id": "UgX",
            "url": f"https://www.youtube.com/watch?v={VIDEO}&lc=UgX",
            "author": "@maria-yaseneva",
            "author_id": PERSON,
            "date": "2026-03-05T09:30:00Z",
            "edited_at": "2026-03-06T08:00:00Z",
            "text": "Карту привезли за день",
            "helpful_votes": 7,
            "reply_text": "Спасибо!\nЖдём ещё",
            "reply_date": "2026-03-07T09:00:00Z",
        },
        {
            "source_id": "UgZ",
            "url": f"https://www.youtube.com/watch?v={VIDEO}&lc=UgZ",
            "author": "@maria-yaseneva",
            "date": "2026-03-05T09:30:00Z",
            "text": "Только показ",
            "helpful_votes": 2,
        },
    ]
    assert list(page.records) == wanted
    with_replies = YouTube().parse(body(thread(top, late, other, first)), WITH_REPLIES).records
    assert [record["source_id"] for record in with_replies] == ["UgX", "UgX.3"]


def test_a_video_without_comments_is_empty():
    page = YouTube().parse(body(), HERE)
    assert (page.records, page.more, page.following) == ((), False, None)


@pytest.mark.parametrize(
    "broken",
    [
        b"",
        b"null",
        b"<html>",
        b'{"items": {}}',
        b'{"items": [1]}',
        b'{"items": [{}]}',
        b'{"items": [{"id": "a", "snippet": {"topLevelComment": 3}}]}',
        b'{"items": [{"id": "a", "snippet": {"topLevelComment": {"id": "a", "snippet": {}}}}]}',
        b'{"items": [{"id": "a", "replies": {"comments": 3}}]}',
        b'{"items": [], "nextPageToken": 3}',
        b'{"error": {"code": 400, "message": "API key not valid"}}',
        b'{"a":' * 9000,
    ],
)
def test_another_shape_is_named(broken):
    with pytest.raises(SourceChanged, match="youtube"):
        YouTube().parse(broken, WITH_REPLIES)


@pytest.mark.parametrize(
    ("url", "target"),
    [
        (f"https://www.youtube.com/watch?v={VIDEO}&t=10s", VIDEO),
        (f"https://m.youtube.com/watch?app=desktop&v={VIDEO}", VIDEO),
        (f"https://youtu.be/{VIDEO}?si=abc", VIDEO),
        (f"https://www.youtube.com/shorts/{VIDEO}", VIDEO),
        (f"https://www.youtube.com/live/{VIDEO}", VIDEO),
        (f"https://www.youtube.com/channel/{OWNER}/videos", OWNER),
        ("https://www.youtube.com/@yasen", None),
        ("https://www.youtube.com/watch", None),
        ("https://www.youtube.com/", None),
        ("https://youtu.be/", None),
        (f"https://example.com/watch?v={VIDEO}", None),
    ],
)
def test_recognises_addresses(url, target):
    assert YouTube().recognise(url) == target
