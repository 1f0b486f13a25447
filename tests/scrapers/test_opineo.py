from __future__ import annotations

from collections.abc import Sequence
from html import escape
from pathlib import Path

import pytest

from scrapers.opineo import Opineo
from scrapers.source import Where
from tests.scrapers.contract import Contract, Told
from tests.site import Answer, Asked
from ugc.errors import SourceChanged

HERE = Where("jesionowy-pl", "https://www.opineo.pl/opinie/jesionowy-pl")
SHOP = (Path(__file__).parent / "fixtures" / "opineo" / "shop.html").read_bytes()


def review(one: Told) -> str:
    """A review as the page shows it."""
    return f"""<div class='rbar_revz_end'></div><div class='revz_container' itemprop='reviews' itemscope
    itemtype='http://schema.org/Review'><div class='revz_sep'><div class='revz_left'>
    <span class='review_badge pos' itemprop='reviewRating' itemscope='' itemtype='http://schema.org/Rating'>
    <strong>{one.stars}</strong> / 10 <meta itemprop='bestRating' content='10'>
    <meta itemprop='worstRating' content='0'><meta itemprop='ratingValue' content='{one.stars}'></span></div>
    <div class='revz_right'><div class='revz_head'><a href='/email/{one.id}'>
    <span class='revz_nick' itemprop='author'>{one.author}</span></a><span class='revz_date'></span>
    <meta itemprop='datePublished' content='{one.day:%d-%m-%y} 12:30'/><a href='/opinia/{one.id}'></a></div>
    <div class='revz_content'><div class='revz_wo'><span class='revz_wo_badge w_popup_wo'></span></div>
    <div class='revz_txt wo'><span itemprop='description'>{escape(one.text)}</span></div></div></div></div>
    </div>"""


class TestOpineo(Contract):
    source = Opineo()
    target = "jesionowy-pl"
    page = 15
    # The page does not show what shops answer.
    replies = False

    def play(self, reviews: Sequence[Told], asked: Asked) -> Answer:
        path = asked.path.partition("?")[0]
        assert path.startswith("/opinie/jesionowy-pl")
        number = int(path.removeprefix("/opinie/jesionowy-pl").strip("/") or 1)
        shown = reviews[(number - 1) * self.page : number * self.page]
        following = ""
        if number * self.page < len(reviews):
            following = f"""<div class='pagi_main'><a title='Następna strona' rel='next'
            href='/opinie/jesionowy-pl/{number + 1}#opinie'>Następna</a></div>"""
        return Answer(
            f"""<!DOCTYPE html><html lang="pl"><head><meta charset="utf-8"></head><body>
            <span class='sh_name'><h1><span itemprop='name'>Jesionowy.pl</span></h1></span>
            <div class='sh_tabs' id='page_tabs'></div>{"".join(map(review, shown))}{following}
            </body></html>""".encode()
        )

    @pytest.mark.parametrize("target", ["", "jesionowy pl", "a/b", "..", "żaba"])
    def test_another_target_is_refused(self, lake, site, target):
        self.target = target
        run = self.run(lake, site)
        assert (run.state, site.asked) == ("failed", [])
        assert "is no target of opineo.pl" in run.reason


def test_reads_the_fields_of_a_review():
    found = Opineo().parse(SHOP, HERE)
    assert (found.more, found.following) == (True, "2")
    assert found.records[0] == {
        "source_id": "5100002",
        "url": "https://www.opineo.pl/opinia/5100002",
        "author": "Żaneta",
        "date": "2015-07-14T16:33:00+02:00",
        "rating": "7.5",
        "rating_scale": "10",
        "text": "Paczka przyszła następnego dnia.\nPudełko było wgniecione & mokre.",
        "company": "Jesionowy.pl",
        "language": "pl",
        "verified": True,
    }


def test_a_rating_of_nought_is_one_and_winter_is_an_hour_from_utc():
    record = Opineo().parse(SHOP, HERE).records[1]
    assert (record["rating"], record["rating_scale"], record["verified"]) == ("0", "10", False)
    assert record["date"] == "2015-01-02T09:05:00+01:00"


def test_a_date_of_another_form_is_left_to_the_intake():
    body = SHOP.replace(b"content='14-07-15 16:33'", b"content='14 lipca 2015'")
    assert Opineo().parse(body, HERE).records[0]["date"] == "14 lipca 2015"


def test_a_shop_without_reviews_has_an_empty_page():
    body = b"<html><body><div class='sh_tabs' id='page_tabs'></div></body></html>"
    found = Opineo().parse(body, HERE)
    assert (found.records, found.following) == ((), None)


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"<html></html>",
        b"{}",
        b"\x00\xff" * 20,
        b"<div class='revz_container'>empty</div></html>",
        SHOP[: SHOP.index(b"<div class='pagi_main'")],
        SHOP.replace(b"href='/opinie/jesionowy-pl/2#opinie' expected", b"href='/next' expected"),
    ],
)
def test_another_shape_is_named(body):
    with pytest.raises(SourceChanged, match="opineo"):
        Opineo().parse(body, HERE)


@pytest.mark.parametrize(
    ("url", "target"),
    [
        ("https://www.opineo.pl/opinie/jesionowy-pl", "jesionowy-pl"),
        ("http://opineo.pl/opinie/jesionowy-pl/3#opinie", "jesionowy-pl"),
        ("https://www.opineo.pl/opinie/jesionowy-pl,negatywne", "jesionowy-pl"),
        ("https://www.opineo.pl/opinia/5100001", None),
        ("https://www.ceneo.pl/opinie/jesionowy-pl", None),
    ],
)
def test_recognises_addresses(url, target):
    assert Opineo().recognise(url) == target


@pytest.mark.shared
def test_reads_a_recorded_page(shared):
    body = (shared / "sources/fixtures/opineo/shop_page.html").read_bytes()
    found = Opineo().parse(body, Where("inexus-pl", "https://www.opineo.pl/opinie/inexus-pl"))
    assert len(found.records) == 15
    assert (found.more, found.following) == (True, "2")
    for record in found.records:
        assert record["source_id"].isdigit()
        assert record["url"].endswith(record["source_id"])
        assert 0 <= float(record["rating"]) <= 10
        assert record["rating_scale"] == "10"
        assert record["company"] == "Inexus.pl"
        assert record["author"]
        assert record["text"]
        assert record["verified"]
    assert found.records[0]["date"] == "2015-01-04T16:33:00+01:00"
    assert found.records[-1]["date"] == "2014-12-30T19:08:00+01:00"
    assert found.records[0]["rating"] == "7.5"
