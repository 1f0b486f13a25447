from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import UTC, datetime, time

import pytest

from scrapers.source import Where
from scrapers.steam import Steam
from tests.scrapers.contract import Contract, Told, told
from tests.site import Answer, Asked
from ugc.errors import SourceChanged

HERE = Where(
    "570:russian", "https://store.steampowered.com/appreviews/570?json=1&language=russian&cursor=%2A"
)


def review(number: int, **changes: object) -> dict[str, object]:
    """One review as the site gives it, invented."""
    return {
        "recommendationid": str(number),
        "author": {
            "steamid": "76561190000000001",
            "num_games_owned": 12,
            "num_reviews": 3,
            "playtime_forever": 120,
            "playtime_last_two_weeks": 0,
            "last_played": 1_770_000_000,
        },
        "language": "russian",
        "review": f"Затянуло на всю ночь {number}",
        "timestamp_created": 1_770_000_000 + number,
        "timestamp_updated": 1_770_000_900,
        "voted_up": True,
        "votes_up": 4,
        "votes_funny": 1,
        "weighted_vote_score": "0.523809552192687988",
        "comment_count": 0,
        "steam_purchase": True,
        "received_for_free": False,
        "written_during_early_access": False,
        **changes,
    }


def page(*reviews: dict[str, object], cursor: str = "next") -> bytes:
    """A page of reviews."""
    return json.dumps(
        {
            "success": 1,
            "query_summary": {"num_reviews": len(reviews)},
            "reviews": list(reviews),
            "cursor": cursor,
        }
    ).encode()


class TestSteam(Contract):
    source = Steam()
    target = "570"
    page = 100

    def play(self, reviews: Sequence[Told], asked: Asked) -> Answer:
        assert asked.path.startswith("/appreviews/570?")
        assert asked.query["filter"] == "recent"
        assert asked.query["num_per_page"] == "100"
        # The site's marks look like base64; "+" and "/" must come back as they were.
        mark = asked.query["cursor"]
        first = 0 if mark == "*" else int(mark.removeprefix("AoJ4+/").removesuffix("=="))
        shown = reviews[first : first + self.page]
        rows = []
        for one in shown:
            written = int(datetime.combine(one.day, time(12), UTC).timestamp())
            answered = {"developer_response": one.reply, "timestamp_dev_responded": written}
            rows.append(
                review(
                    int(one.id),
                    review=one.text,
                    timestamp_created=written,
                    timestamp_updated=written,
                    voted_up=one.stars > 3,
                    author={"steamid": "76561190000000001"},
                    **(answered if one.reply else {}),
                )
            )
        # An empty page bears a mark of its own.
        return Answer(page(*rows, cursor=f"AoJ4+/{first + len(shown)}=="))

    def test_reads_the_named_languages_only(self, lake, site):
        self.target = "570:russian,polish"
        reviews = told(3)
        site.route = lambda path: self.play(reviews if "language=russian" in path else [], site.requests[-1])
        run = self.run(lake, site)
        assert (run.state, run.summary.new) == ("complete", 3)
        assert {asked.query["language"] for asked in site.requests} == {"russian", "polish"}

    def test_a_mark_that_comes_again_ends_the_list(self, lake, site):
        rows = [review(number) for number in (2, 1)]
        site.route = lambda path: Answer(page(*rows, cursor="*"))
        run = self.run(lake, site)
        assert (run.state, run.summary.new) == ("complete", 2)
        assert len(site.asked) == 2

    @pytest.mark.parametrize("target", ["", "dota", "570:klingon", "570:", "570:russian;polish"])
    def test_another_target_is_refused(self, lake, site, target):
        self.target = target
        run = self.run(lake, site)
        assert (run.state, site.asked) == ("failed", [])
        assert "is no target of Steam" in run.reason


def test_reads_the_fields_of_a_review():
    found = Steam().parse(
        page(review(5, developer_response="Спасибо!", timestamp_dev_responded=1_770_000_100)), HERE
    )
    assert found.following == "next"
    assert found.records == (
        {
            "source_id": "5",
            "url": "https://steamcommunity.com/profiles/76561190000000001/recommended/570",
            "author_id": "76561190000000001",
            "date": "2026-02-02T02:40:05+00:00",
            "edited_at": "2026-02-02T02:55:00+00:00",
            "rating": 1,
            "rating_scale": 1,
            "text": "Затянуло на всю ночь 5",
            "language": "ru",
            "helpful_votes": 4,
            "verified": True,
            "reply_text": "Спасибо!",
            "reply_date": "2026-02-02T02:41:40+00:00",
        },
    )


def test_a_thumb_down_is_nought():
    (record,) = Steam().parse(page(review(5, voted_up=False, steam_purchase=False)), HERE).records
    assert (record["rating"], record["verified"]) == (0, False)


@pytest.mark.parametrize(
    ("name", "code"),
    [("polish", "pl"), ("schinese", "zh"), ("koreana", "ko"), ("latam", "es"), ("elvish", None)],
)
def test_languages_have_their_codes(name, code):
    (record,) = Steam().parse(page(review(5, language=name)), HERE).records
    assert record.get("language") == code


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"null",
        b'{"success": 2}',
        b'{"success": 1, "reviews": {}}',
        b'{"success": 1, "reviews": [{}]}',
        page(review(1, author=3)),
        page(review(1, timestamp_created=10**30)),
        page(review(1, language=[])),
    ],
)
def test_another_shape_is_named(body):
    with pytest.raises(SourceChanged, match="steam"):
        Steam().parse(body, HERE)


@pytest.mark.parametrize(
    ("url", "target"),
    [
        ("https://store.steampowered.com/app/570/Dota_2/", "570"),
        ("https://store.steampowered.com/agecheck/app/570", "570"),
        ("https://steamcommunity.com/app/570/reviews/?browsefilter=toprated", "570"),
        ("https://store.steampowered.com/bundle/570", None),
        ("https://example.com/app/570", None),
    ],
)
def test_recognises_addresses(url, target):
    assert Steam().recognise(url) == target


@pytest.mark.shared
def test_reads_recorded_pages(shared):
    folder = shared / "sources/fixtures/steam"
    found = Steam().parse((folder / "page1.json").read_bytes(), HERE)
    assert len(found.records) == 100
    assert found.following == "AoJ4RECONSTRUCTED1=="
    named = {"source_id", "url", "author_id", "date", "edited_at", "rating", "text", "language", "verified"}
    assert all(named <= record.keys() for record in found.records)
    assert found.records[0]["date"] == "2019-02-12T18:05:28+00:00"
    assert found.records[0]["helpful_votes"] == 485
    assert found.records[0]["verified"] is False
    empty = Steam().parse((folder / "page3_empty.json").read_bytes(), HERE)
    assert (empty.records, empty.following) == ((), None)


@pytest.mark.shared
def test_reads_recorded_records(shared):
    known = json.loads((shared / "sources/fixtures/steam/records_20.json").read_bytes())["reviews"]
    found = Steam().parse(page(*known.values()), HERE).records
    assert len(found) == len(known)
    for record in found:
        row = known[record["source_id"]]
        assert record["text"] == row["review"]
        assert record["rating"] == int(row["voted_up"])
        assert datetime.fromisoformat(record["date"]).timestamp() == row["timestamp_created"]
        assert record["author_id"] == row["author"]["steamid"]
