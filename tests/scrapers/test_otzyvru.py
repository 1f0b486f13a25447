from __future__ import annotations

from collections.abc import Sequence
from html import escape
from pathlib import Path

import pytest

from scrapers.otzyvru import Otzyvru
from scrapers.source import Where
from tests.scrapers.contract import Contract, Told
from tests.site import Answer, Asked
from ugc.errors import SourceChanged
from ugc.ingest.collect import collect
from ugc.settings import Settings, SourceSettings

FIXTURES = Path(__file__).parent / "fixtures" / "otzyvru"
HERE = Where("yasen", "https://www.otzyvru.com/yasen")


@pytest.fixture
def lake(tmp_path, blank):
    return blank(tmp_path / "lake")


def box(one: Told) -> str:
    """A review as the site's pages show it."""
    return f"""<div class="commentbox" id="commentbox_{one.id}"><div class="comment_row ">
        <h2><a href="/yasen/review-{one.id}"><span itemprop="name">Отзыв</span></a></h2>
        <span class="star_ring"><span style="width:{13 * one.stars}px;"></span></span>
        <span class="dtreviewed"><span class="value-title" title="{one.day}"></span></span>
        <span class="author_name"><ins><span class="reviewer">{escape(one.author)}</span></ins></span>
        <span class="comment description" itemprop="reviewBody">{escape(one.text)}</span></div></div>"""


class TestOtzyvru(Contract):
    source = Otzyvru()
    target = "yasen"
    page = 10
    # Answers are asked for one review at a time, with a form of the site's own.
    replies = False

    def play(self, reviews: Sequence[Told], asked: Asked) -> Answer:
        assert asked.path.partition("?")[0] == "/yasen"
        number = int(asked.query.get("page", 1))
        shown = reviews[(number - 1) * self.page : number * self.page]
        links = "".join(
            f'<a href="/yasen?page={n}">{n}</a>' for n in range(2, -(-len(reviews) // self.page) + 1)
        )
        return Answer(
            f"""<!DOCTYPE html><html><head><meta charset="utf-8"><title>Ясень</title></head><body>
            <h1 class="element_name">Ясень отзывы</h1><span class="count">{len(reviews)}</span>
            <div id="comments_container">{"".join(map(box, shown))}</div>{links}</body></html>""".encode()
        )


def test_a_new_review_far_down_the_list_is_found(lake, site):
    """The site's order is not known, so that nothing may be passed over."""
    played = TestOtzyvru()
    reviews = played.reviews()
    hidden = reviews[-2]
    settings = Settings(
        contact="cx@example.com", salt="salt", sources={"otzyvru": SourceSettings(base_url=site.url, pause=0)}
    )
    site.route = lambda path: played.play([one for one in reviews if one is not hidden], site.requests[-1])
    first = collect(lake, Otzyvru(), "yasen", settings=settings)
    site.route = lambda path: played.play(reviews, site.requests[-1])
    second = collect(lake, Otzyvru(), "yasen", settings=settings)
    assert (first.summary.new, second.summary.new) == (len(reviews) - 1, 1)


def test_all_fields():
    found = Otzyvru().parse((FIXTURES / "company_page.html").read_bytes(), HERE)
    assert found.more
    assert found.records == (
        {
            "source_id": "1103642",
            "url": "https://www.otzyvru.com/yasen/review-1103642",
            "author": "Мария Ясенева",
            "date": "2026-03-04",
            "title": "Мебель с запозданием",
            "text": "Стол везли месяц.<br/>Деньги за просрочку вернули.",
            "pros": "Крепкий стол; Вернули деньги",
            "cons": "Сроки",
            "rating": 2.0,
            "rating_scale": 5,
            "company": "Ясень",
        },
        {
            "source_id": "1103641",
            "author": "Гость",
            "date": "2026-02-28",
            "title": "Без заголовка",
            "text": "Приехали вовремя.",
            "rating": 4.0,
            "rating_scale": 5,
            "company": "Ясень",
        },
    )


@pytest.mark.parametrize(
    ("style", "rating"),
    [("width:65px", 5.0), ("width: 52px;", 4.0), ("width:45.5px", 3.5), ("width:0px", None)],
)
def test_stars_are_counted_by_their_width(style, rating):
    body = (FIXTURES / "company_page.html").read_bytes().replace(b"width:26px;", style.encode())
    assert Otzyvru().parse(body, HERE).records[0].get("rating") == rating


def test_only_a_shown_beginning_is_taken_where_there_is_no_more():
    body = (FIXTURES / "company_page.html").read_bytes()
    cut = body.replace("Стол везли месяц.<br>Деньги за просрочку вернули.".encode(), b"")
    record = Otzyvru().parse(cut, HERE).records[0]
    assert "Стол везли месяц." in record["text"]
    assert "Читать далее" not in record["text"]


def test_the_last_page_is_told_by_links_or_by_the_count():
    body = (FIXTURES / "company_page.html").read_bytes()
    last = Where("yasen", "https://www.otzyvru.com/yasen?page=3")
    assert not Otzyvru().parse(body, last).more
    bare = body.replace(b"?page=", b"#")
    assert Otzyvru().parse(bare, HERE).more
    assert not Otzyvru().parse(bare.replace(b">22<", b">2<"), HERE).more
    assert Otzyvru().parse(bare.replace(b">22<", b"><"), HERE).more


def test_a_company_without_reviews_is_an_empty_page():
    found = Otzyvru().parse('<h1 class="element_name">Ясень отзывы</h1>'.encode(), HERE)
    assert (found.records, found.more) == ((), False)


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"<html><title>Not here</title></html>",
        b'<div class="commentbox"></div>',
        b'<div class="commentbox" id="c_1"><span class="star_ring"><span></span></span></div>',
        b'<p class="commentbox" id="c_1"><i class="star_ring"><span style="width:130px"></span></i></p>',
        b'<p class="commentbox" id="c_1"><b class="comment_stats"><i class="value-title" title="x"></i></b>',
        b"<div>" * 20_000,
        b'<meta charset="\x01"><p>x</p>',
    ],
)
def test_another_shape_is_named(body):
    with pytest.raises(SourceChanged, match="otzyvru"):
        Otzyvru().parse(body, HERE)


@pytest.mark.parametrize(
    ("url", "target"),
    [
        ("https://www.otzyvru.com/yasen", "yasen"),
        ("http://otzyvru.com/yasen-mebel/?page=2", "yasen-mebel"),
        ("https://www.otzyvru.com/yasen/review-1103642", "yasen"),
        ("https://www.otzyvru.com/companies/gruzoperevozki/", None),
        ("https://www.otzyvru.com/companies/", None),
        ("https://www.otzyvru.com/", None),
        ("https://example.com/?to=https://www.otzyvru.com/yasen", None),
    ],
)
def test_its_addresses_are_known(url, target):
    assert Otzyvru().recognise(url) == target


@pytest.mark.parametrize("target", ["", "two words", "../x", "yasen/review-1"])
def test_a_wrong_target_is_named(target, lake, site):
    settings = Settings(
        contact="cx@example.com", sources={"otzyvru": SourceSettings(base_url=site.url, pause=0)}
    )
    run = collect(lake, Otzyvru(), target, settings=settings)
    assert (run.state, site.asked) == ("failed", [])
    assert "no target of otzyvru.com" in run.reason
