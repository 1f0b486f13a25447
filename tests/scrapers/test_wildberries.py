from __future__ import annotations

import gzip
import json
from collections.abc import Sequence

import pytest

from scrapers.source import Where
from scrapers.wildberries import Wildberries
from tests.scrapers.contract import Contract, Told, told
from tests.site import Answer, Asked
from ugc.errors import SourceChanged

HERE = Where("298362116", "https://feedback-view-02.wb.ru/feedbacks/v2/298362116")
HOSTS = ["https://feedback-view-01.wb.ru", "https://feedback-view-02.wb.ru"]


def feedback(name: str, **changes: object) -> dict[str, object]:
    """One review as the site gives it, invented."""
    return {
        "id": name,
        "globalUserId": "c29tZWJvZHk=",
        "wbUserId": 0,
        "wbUserDetails": {"country": "ru", "name": "Ольга", "hasPhoto": False},
        "nmId": 218488991,
        "text": "Чайник греет быстро",
        "pros": "тихий",
        "cons": "короткий шнур",
        "matchingSize": "",
        "matchingPhoto": "",
        "matchingDescription": "",
        "productValuation": 4,
        "color": "белый",
        "size": "0",
        "createdDate": "2026-09-17T19:26:37Z",
        "updatedDate": "2026-09-17T19:53:46.031478436Z",
        "answer": {
            "text": "Спасибо, что написали",
            "state": "wbRu",
            "lastUpdate": None,
            "createDate": "2026-09-18T08:00:00Z",
            "rejectReason": None,
            "metadata": {"editText": "", "editRejectReason": 0},
        },
        "photos": [{"id": 0, "key": "4/a", "isReady": True}, {"id": 0, "key": "6/b", "isReady": True}],
        "video": None,
        "votes": {"pluses": 3, "minuses": 1},
        "rank": 1000.0,
        "statusId": 16,
        "bables": ["внешний вид"],
        "reasons": {"good": [10065], "bad": []},
        "excludedFromRating": {"isExcluded": False, "reasons": []},
        **changes,
    }


def card(*feedbacks: dict[str, object], **changes: object) -> bytes:
    """All reviews of a card in the envelope of the site."""
    return json.dumps(
        {
            "valuation": "4.6",
            "valuationDistribution": {"4": len(feedbacks)},
            "feedbackCount": 114_000,
            "feedbackCountWithText": len(feedbacks),
            "feedbacks": list(feedbacks),
            **changes,
        },
        ensure_ascii=False,
    ).encode()


class TestWildberries(Contract):
    source = Wildberries()
    target = "298362116"
    page = 20
    # All that the site gives is in one answer.
    paged = False
    every = 3

    def play(self, reviews: Sequence[Told], asked: Asked) -> Answer:
        if asked.path.startswith("/feedback/api/v2/host?"):
            assert asked.query == {"imt": "298362116"}
            return Answer(json.dumps(HOSTS[1:]).encode())
        assert asked.path.partition("?")[0] in {"/feedbacks/v2/298362116", "/feedbacks/v1/298362116"}
        rows = [
            feedback(
                f"q{one.id}",
                text=one.text,
                productValuation=one.stars,
                createdDate=f"{one.day}T19:26:37Z",
                updatedDate=f"{one.day}T19:53:46.031478436Z",
                wbUserDetails={"country": "ru", "name": one.author, "hasPhoto": False},
                answer={"text": one.reply, "createDate": f"{one.day}T20:00:00Z"} if one.reply else None,
            )
            for one in reviews
        ]
        # The site compresses whether it is asked to or not.
        return Answer(gzip.compress(card(*rows)), headers={"Content-Encoding": "gzip"})

    def test_asks_for_the_host_first(self, lake, site):
        self.serve(site, told(2))
        assert self.run(lake, site).state == "complete"
        assert site.asked == ["/feedback/api/v2/host?imt=298362116", "/feedbacks/v2/298362116"]

    def test_a_host_without_reviews_leads_to_the_next(self, lake, site):
        def route(path):
            if "/host?" in path:
                return Answer(json.dumps(HOSTS).encode())
            return Answer(card()) if len(site.asked) == 2 else self.play(told(2), site.requests[-1])

        site.route = route
        run = self.run(lake, site)
        assert (run.state, run.summary.new) == ("complete", 2)
        assert len(site.asked) == 3

    @pytest.mark.parametrize("listed", [Answer(status=404), Answer(b"[]"), Answer(b"{}"), Answer(b"<html>")])
    def test_the_old_hosts_serve_where_none_is_named(self, lake, site, listed):
        site.route = lambda path: listed if "/host?" in path else self.play(told(2), site.requests[-1])
        run = self.run(lake, site)
        assert (run.state, run.summary.new) == ("complete", 2)
        assert site.asked[-1] == "/feedbacks/v1/298362116"

    def test_hosts_of_others_are_not_asked(self, lake, site):
        site.route = lambda path: Answer(b'["https://wb.ru.example.com"]')
        run = self.run(lake, site)
        assert (run.state, len(site.asked)) == ("failed", 1)
        assert "another host" in run.reason

    @pytest.mark.parametrize(
        "target", ["", "чайник", "12-3", "https://www.wildberries.ru/catalog/1/detail.aspx"]
    )
    def test_another_target_is_refused(self, lake, site, target):
        self.target = target
        run = self.run(lake, site)
        assert (run.state, site.asked) == ("failed", [])
        assert "is no target of Wildberries" in run.reason


def test_reads_the_fields_of_a_review():
    (record,) = Wildberries().parse(card(feedback("q1")), HERE).records
    assert record == {
        "source_id": "q1",
        "url": "https://www.wildberries.ru/catalog/218488991/feedbacks?imtId=298362116",
        "author": "Ольга",
        "date": "2026-09-17T19:26:37Z",
        "edited_at": "2026-09-17T19:53:46.031478436Z",
        "rating": 4,
        "rating_scale": 5,
        "text": "Чайник греет быстро",
        "pros": "тихий",
        "cons": "короткий шнур",
        "product": "218488991, белый",
        "helpful_votes": 3,
        "reply_text": "Спасибо, что написали",
        "reply_date": "2026-09-18T08:00:00Z",
        "photos_count": 2,
    }


def test_blank_parts_are_absent():
    bare = feedback(
        "q1",
        text="",
        pros="",
        cons="",
        color="",
        answer=None,
        wbUserDetails={"country": "RU", "name": ""},
    )
    del bare["photos"]
    (record,) = Wildberries().parse(card(bare), HERE).records
    assert {"author", "pros", "cons", "reply_text", "reply_date"}.isdisjoint(record)
    assert (record["text"], record["product"], record["photos_count"]) == ("", "218488991", 0)


def test_the_old_form_is_read_too():
    old = {
        "id": "q1",
        "wbUserDetails": {"name": "Ольга"},
        "nmId": 218488991,
        "text": "Чайник греет быстро",
        "productValuation": 4,
        "createdDate": "2023-09-17T19:26:37Z",
        "photo": [11, 12],
        "answer": None,
    }
    body = json.dumps({"photosUrls": [], "valuation": "4", "feedbackCount": 1, "feedbacks": [old]}).encode()
    (record,) = Wildberries().parse(body, HERE).records
    assert record["photos_count"] == 2
    assert {"pros", "cons", "edited_at", "helpful_votes"}.isdisjoint(record)


def test_no_reviews_are_null_or_an_empty_list():
    assert Wildberries().parse(card(), HERE).records == ()
    assert Wildberries().parse(card(feedbacks=None), HERE).records == ()


def test_a_compressed_body_that_does_not_say_so_is_read():
    assert len(Wildberries().parse(gzip.compress(card(feedback("q1"))), HERE).records) == 1


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"[]",
        b"{}",
        b'{"feedbacks": 3}',
        b'{"feedbacks": false}',
        b'{"feedbacks": {"a": 1}}',
        b'{"feedbacks": [3]}',
        card({"id": "q1"}),
        card(feedback("q1", answer="x")),
        card(feedback("q1", wbUserDetails=[1])),
        b"\x1f\x8bno",
        pytest.param(gzip.compress(card(feedback("q1")))[:60], id="cut gzip"),
    ],
)
def test_another_shape_is_named(body):
    with pytest.raises(SourceChanged, match="wildberries"):
        Wildberries().parse(body, HERE)


@pytest.mark.parametrize(
    ("url", "target"),
    [
        ("https://www.wildberries.ru/catalog/218488991/feedbacks?imtId=298362116", "298362116"),
        ("https://www.wildberries.ru/catalog/218488991/feedbacks?size=31&imtId=298362116#x", "298362116"),
        # The address of a product does not tell the card.
        ("https://www.wildberries.ru/catalog/218488991/detail.aspx", None),
        ("https://example.com/catalog/1/feedbacks?imtId=2", None),
    ],
)
def test_recognises_addresses(url, target):
    assert Wildberries().recognise(url) == target


@pytest.mark.shared
def test_reads_a_recorded_answer(shared):
    body = (shared / "sources/fixtures/wildberries/feedbacks.json").read_bytes()
    found = Wildberries().parse(body, HERE).records
    rows = json.loads(body)["feedbacks"]
    assert len(found) == len(rows) == 3
    for record, row in zip(found, rows, strict=True):
        assert record["source_id"] == row["id"]
        assert record["product"] == f"{row['nmId']}, белый"
        assert record["rating"] == row["productValuation"]
        assert record["date"] == row["createdDate"]
        assert record["edited_at"] == row["updatedDate"]
        assert record["text"] == row["text"]
        assert record["reply_text"] == row["answer"]["text"]
        assert record["reply_date"] == row["answer"]["createDate"]
        assert record["helpful_votes"] == 0
    assert [record.get("author") for record in found] == [rows[0]["wbUserDetails"]["name"], None, None]
    assert [record["photos_count"] for record in found] == [2, 0, 0]
