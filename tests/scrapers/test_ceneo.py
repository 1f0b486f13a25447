from __future__ import annotations

from collections.abc import Sequence
from html import escape
from pathlib import Path

import pytest

from scrapers.ceneo import Ceneo
from scrapers.source import Where
from tests.scrapers.contract import Contract, Told, told
from tests.site import Answer, Asked
from ugc.errors import SourceChanged

HERE = Where("91714422", "https://www.ceneo.pl/91714422")
PRODUCT = (Path(__file__).parent / "fixtures" / "ceneo" / "product.html").read_bytes()


def review(one: Told) -> str:
    """A review as the page shows it."""
    return f"""<div class="user-post user-post__card js_product-review" data-entry-id="{one.id}">
    <span class="user-post__author-name"> {one.author} </span>
    <span class="user-post__author-recomendation"><em class="recommended">Polecam</em></span>
    <span class="user-post__score-count">{one.stars}/5</span>
    <span class="user-post__published"><time datetime="{one.day} 18:33:05">dawno</time></span>
    <div class="user-post__text">{escape(one.text)}</div></div>"""


class TestCeneo(Contract):
    source = Ceneo()
    target = "91714422"
    page = 10
    # Answers of shops are not read.
    replies = False

    def play(self, reviews: Sequence[Told], asked: Asked) -> Answer:
        path = asked.path.partition("?")[0]
        assert path.startswith("/91714422")
        number = int(path.removeprefix("/91714422").removeprefix("/opinie-") or 1)
        shown = reviews[(number - 1) * self.page : number * self.page]
        following = ""
        if number * self.page < len(reviews):
            following = (
                f'<a class="pagination__item pagination__next" href="/91714422/opinie-{number + 1}"></a>'
            )
        reviewed = f'<div class="js_product-reviews">{"".join(map(review, shown))}</div>' if shown else ""
        return Answer(
            f"""<!DOCTYPE html><html lang="pl"><head><meta charset="utf-8"></head><body>
            <h1 class="product-top__product-info__name">Czajnik Jesion</h1>{reviewed}{following}
            </body></html>""".encode()
        )

    def test_a_new_review_far_down_is_found(self, lake, site):
        """The list is not by date, so what is new may stand anywhere."""
        reviews = self.reviews()
        self.serve(site, reviews)
        self.run(lake, site)
        fresh = Told("9001", reviews[0].day, "Nowa opinia: czajnik cieknie", stars=1)
        self.serve(site, [*reviews, fresh])
        run = self.run(lake, site)
        assert (run.state, run.summary.new) == ("complete", 1)

    def test_the_list_that_begins_again_ends(self, lake, site):
        self.page = 2
        reviews = told(200, every=1)
        self.serve(site, reviews)
        run = self.run(lake, site)
        assert (run.state, run.summary.new) == ("complete", 100)
        assert len(site.asked) == 50

    @pytest.mark.parametrize("target", ["", "czajnik", "91714422/opinie-2", "-1"])
    def test_another_target_is_refused(self, lake, site, target):
        self.target = target
        run = self.run(lake, site)
        assert (run.state, site.asked) == ("failed", [])
        assert "is no target of ceneo.pl" in run.reason


def test_reads_the_fields_of_a_review():
    found = Ceneo().parse(PRODUCT, HERE)
    assert (found.more, found.following) == (True, "2")
    assert found.records[0] == {
        "source_id": "17300002",
        "url": "https://www.ceneo.pl/91714422#tab=reviews",
        "author": "z...a",
        "date": "2026-07-14T18:33:05+02:00",
        "bought_at": "2026-07-05T10:00:41+02:00",
        "rating": "4,5/5",
        "rating_scale": 5,
        "recommended": "Polecam",
        "text": "Gotuje szybko.\nKabel jest krótki & sztywny.",
        "pros": ["cichy", "szybkość gotowania"],
        "cons": ["krótki kabel"],
        "product": "Czajnik Jesion C-200",
        "language": "pl",
        "helpful_votes": "6",
        "verified": True,
        "photos_count": 2,
    }


def test_an_old_review_lacks_some_fields():
    record = Ceneo().parse(PRODUCT, HERE).records[1]
    assert record == {
        "source_id": "17300001",
        "url": "https://www.ceneo.pl/91714422#tab=reviews",
        "author": "Użytkownik Ceneo",
        "date": "08.02.2013",
        "rating": "1/5",
        "rating_scale": 5,
        "recommended": "Nie polecam",
        "text": "Przecieka.",
        "cons": ["cieknie"],
        "product": "Czajnik Jesion C-200",
        "language": "pl",
        "helpful_votes": "0",
        "verified": False,
    }


def test_a_product_without_reviews_has_an_empty_page():
    found = Ceneo().parse(b"<h1 class='product-top__product-info__name'>Czajnik</h1></html>", HERE)
    assert (found.records, found.following) == ((), None)


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"<html></html>",
        b"{}",
        b"\x00\xff" * 20,
        b"<div class='js_product-review' data-entry-id='1'></div></html>",
        PRODUCT[: PRODUCT.index(b'<div class="pagination')],
        PRODUCT.replace(b"17300002", b""),
        PRODUCT.replace(b'href="/91714422/opinie-2"', b'href="/91714422"'),
    ],
)
def test_another_shape_is_named(body):
    with pytest.raises(SourceChanged, match="ceneo"):
        Ceneo().parse(body, HERE)


@pytest.mark.parametrize(
    ("url", "target"),
    [
        ("https://www.ceneo.pl/91714422", "91714422"),
        ("https://www.ceneo.pl/91714422#tab=reviews", "91714422"),
        ("https://www.ceneo.pl/91714422/opinie-2", "91714422"),
        ("https://www.ceneo.pl/91714422;0280-0.htm", "91714422"),
        ("https://www.ceneo.pl/Czajniki", None),
        ("https://example.com/91714422", None),
    ],
)
def test_recognises_addresses(url, target):
    assert Ceneo().recognise(url) == target
