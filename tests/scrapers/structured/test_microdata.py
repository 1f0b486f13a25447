from __future__ import annotations

import pytest

from scrapers.source import Where
from scrapers.structured import reviews

HERE = Where("t", "https://shop.example/kettle")


def read(html: str) -> tuple[dict[str, object], ...]:
    return reviews(f'<html lang="pl"><body>{html}</body></html>'.encode(), HERE, "shop").records


PRODUCT = '<div itemscope itemtype="{s}://schema.org/Product"><h1 itemprop="name">Czajnik</h1>{inside}</div>'


@pytest.mark.parametrize("scheme", ["http", "https"])
def test_every_field_of_a_review(scheme):
    (record,) = read(
        PRODUCT.format(
            s=scheme,
            inside=f"""
            <span itemprop="aggregateRating" itemscope itemtype="{scheme}://schema.org/AggregateRating">
              <meta itemprop="ratingValue" content="2"><meta itemprop="reviewCount" content="1"></span>
            <div itemprop="review" itemscope itemtype="{scheme}://schema.org/Review">
              <link itemprop="url" href="/review/81345">
              <div itemprop="author" itemscope itemtype="{scheme}://schema.org/Person">
                <a itemprop="name" href="/people/1">Zofia</a></div>
              <div itemprop="datePublished" content="2026-03-04T10:00:00+01:00">4 marca</div>
              <span itemprop="reviewRating" itemscope itemtype="{scheme}://schema.org/Rating">
                <b itemprop="ratingValue">7,5</b> / <i itemprop="bestRating">10</i></span>
              <h3><a itemprop="name" href="/review/81345">Dobry czajnik</a></h3>
              <div itemprop="description"><p>Gotuje   szybko,<br>ale <b>głośno</b>.</p><p>Polecam</p>
                <!-- nic --><script>bad()</script></div>
            </div>""",
        )
    )
    assert record == {
        "source_id": "shop.example/review/81345",
        "url": "https://shop.example/review/81345",
        "author": "Zofia",
        "date": "2026-03-04T10:00:00+01:00",
        "rating": 7.5,
        "rating_scale": 10.0,
        "title": "Dobry czajnik",
        "text": "Gotuje szybko,\nale głośno.\nPolecam",
        "product": "Czajnik",
        "language": "pl",
    }


@pytest.mark.parametrize(
    "html",
    [
        '<div itemprop="review" itemscope itemtype="http://schema.org/Review">{body}</div>',
        '<div itemprop="reviews" itemscope>{body}</div>',
        '<div itemprop="reviewers">{body}</div>',
        '<div itemscope itemtype="http://schema.org/Review">{body}</div>',
        '<div itemprop="review" itemscope itemtype="http://schema.org/UserReview">{body}</div>',
    ],
)
def test_whatever_a_review_is_called(html):
    inside = '<span itemprop="author">Zofia</span><p itemprop="reviewBody">Dobre</p>'
    for whole in (html, PRODUCT.format(s="http", inside=html)):
        (record,) = read(whole.format(body=inside))
        assert (record["author"], record["text"]) == ("Zofia", "Dobre")


def test_a_property_belongs_to_the_nearest_item_around_it():
    found = read(
        PRODUCT.format(
            s="http",
            inside="""<div itemprop="review" itemscope itemtype="http://schema.org/Review">
            <div itemprop="publisher" itemscope itemtype="http://schema.org/Organization">
              <span itemprop="name">Portal</span><span itemprop="description">o nas</span></div>
            <span itemprop="author">Zofia</span><span itemprop="reviewBody">Dobre</span></div>""",
        )
    )
    assert [(one["product"], one["author"], one["text"], one.get("title")) for one in found] == [
        ("Czajnik", "Zofia", "Dobre", None)
    ]


def test_properties_that_an_item_refers_to():
    (record,) = read(
        """<div itemscope itemtype="http://schema.org/Review" itemref="who what nowhere">
        <span itemprop="reviewBody">Dobre</span></div><p id="who" itemprop="author">Zofia</p>
        <div id="what"><b itemprop="itemReviewed">Czajnik</b></div>"""
    )
    assert (record["text"], record["author"], record["product"]) == ("Dobre", "Zofia", "Czajnik")


def test_references_in_a_circle_end():
    found = read(
        """<div id="a" itemscope itemtype="http://schema.org/Review" itemprop="review" itemref="b">
        <span itemprop="reviewBody">Dobre</span></div>
        <div id="b" itemscope itemtype="http://schema.org/Product" itemprop="itemReviewed" itemref="a">
        <span itemprop="name">Czajnik</span></div>"""
    )
    assert [(one["text"], one["product"]) for one in found] == [("Dobre", "Czajnik")]


def test_a_link_to_reviews_is_none_and_words_alone_are_one():
    assert read(PRODUCT.format(s="http", inside='<a itemprop="reviews" href="/all">all</a>')) == ()
    (record,) = read(PRODUCT.format(s="http", inside='<p itemprop="review">Dobre i tanie</p>'))
    assert (record["text"], record["product"]) == ("Dobre i tanie", "Czajnik")


def test_the_next_page_is_on_the_same_host_and_another():
    for link, expected in {
        '<link rel="next" href="?page=2">': "https://shop.example/kettle?page=2",
        '<a rel="next nofollow" href="/kettle/2#opinie">dalej</a>': "https://shop.example/kettle/2",
        '<a rel="next" href="#">dalej</a>': None,
        '<a rel="next" href="https://other.example/2">dalej</a>': None,
        '<a rel="next" href="/kettle#top">dalej</a>': None,
        '<a rel="next" href="javascript:go()">dalej</a>': None,
        '<a rel="next" href="http://[">dalej</a>': None,
    }.items():
        page = reviews(PRODUCT.format(s="http", inside=link).encode(), HERE, "shop")
        assert (page.following, page.more) == (expected, expected is not None), link
