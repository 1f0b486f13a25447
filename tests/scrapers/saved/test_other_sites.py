"""irecommend, Yandex Maps and zoon, by pages written after descriptions of their markup."""

from __future__ import annotations

import pytest

from scrapers.saved.irecommend import Irecommend
from scrapers.saved.yandex_maps import YandexMaps
from scrapers.saved.zoon import Zoon
from scrapers.source import Where
from ugc.errors import SourceChanged

HERE = Where("saved.html", "")


def html(body: str, address: str) -> bytes:
    """A page with its address."""
    return (
        '<!DOCTYPE html><html lang="ru"><head><meta charset="utf-8">'
        f'<link rel="canonical" href="{address}"></head>'
        f"<body>{body}</body></html>"
    ).encode()


IRECOMMEND = html(
    """<h1 class="largeHeader">Чайник Ясень - отзыв</h1><div itemscope itemtype="http://schema.org/Review">
    <div itemprop="itemReviewed" itemscope itemtype="http://schema.org/Product">
    <span itemprop="name">Чайник Ясень</span></div>
    <strong itemprop="author" itemscope><a href="/users/berezka"><span itemprop="name">berezka</span></a>
    </strong>
    <meta itemprop="datePublished" content="2026-02-03T10:11:12+03:00">
    <span itemprop="reviewRating" itemscope><meta itemprop="ratingValue" content="4"></span>
    <h2 class="reviewTitle">Хороший чайник</h2>
    <div itemprop="reviewBody"><p>Кипятит быстро,</p><p>крышка держится крепко.</p></div>
    <div class="plusminus"><div class="plus"><ul><li>быстрый</li><li>лёгкий</li></ul></div>
    <div class="minus"><ul><li>шум</li></ul></div></div><span class="verdict">рекомендует</span></div>""",
    "https://irecommend.ru/content/khoroshii-chainik",
)
IRECOMMEND_LIST = html(
    """<span class="mainProductName">Чайник Ясень</span><ul class="list-comments"><li class="item">
    <div class="ProductTizer" data-type="2"><div class="authorName"><a href="/users/b">berezka</a></div>
    <span class="created">3 февраля, 2026</span><div class="fivestarWidgetStatic"><div class="star">
    <div class="on">
    </div></div><div class="star"><div class="on"></div></div><div class="star"><div class="off"></div>
    </div></div>
    <div class="reviewTitle"><a href="/content/khoroshii-chainik">Хороший чайник</a></div>
    <a class="reviewTextSnippet" href="/content/khoroshii-chainik">
    <span class="reviewTeaserText">Кипятит быстро...</span></a>
    <a class="more" href="/content/khoroshii-chainik">Читать</a></div></li></ul>""",
    "https://irecommend.ru/content/chainik-yasen",
)


def test_irecommend_every_field_of_a_review():
    assert Irecommend().recognise(IRECOMMEND)
    (record,) = Irecommend().parse(IRECOMMEND, HERE).records
    assert record == {
        "source": "irecommend",
        "source_id": "khoroshii-chainik",
        "url": "https://irecommend.ru/content/khoroshii-chainik",
        "author": "berezka",
        "date": "2026-02-03T10:11:12+03:00",
        "rating": "4",
        "rating_scale": 5,
        "title": "Хороший чайник",
        "text": "Кипятит быстро,\nкрышка держится крепко.",
        "pros": "быстрый\nлёгкий",
        "cons": "шум",
        "product": "Чайник Ясень",
        "recommended": "рекомендует",
    }


def test_irecommend_every_field_of_a_list():
    assert Irecommend().recognise(IRECOMMEND_LIST)
    (record,) = Irecommend().parse(IRECOMMEND_LIST, HERE).records
    assert record == {
        "source": "irecommend",
        "source_id": "khoroshii-chainik",
        "url": "https://irecommend.ru/content/khoroshii-chainik",
        "author": "berezka",
        "date": "3 февраля, 2026",
        "rating": 2,
        "rating_scale": 5,
        "title": "Хороший чайник",
        "text": "Кипятит быстро...",
        "product": "Чайник Ясень",
    }


def yandex(stars: str) -> bytes:
    """A place with one review, rated by stars or by a number."""
    return html(
        f"""<h1 class="orgpage-header-view__header">Кофейня «Ясень»</h1>
        <a class="business-contacts-view__address-link">Лесная ул., 3</a>
        <div class="business-reviews-card-view"><div class="business-review-view">
        <div class="business-review-view__author" itemprop="author" itemscope>
        <a class="business-review-view__link" href="https://yandex.ru/maps/user/abc123?x=1"></a>
        <span itemprop="name">Ольга Берёзова</span></div>
        <meta itemprop="datePublished" content="2026-02-03T10:11:12.345Z">{stars}
        <div class="business-review-view__body">
        <span class="business-review-view__body-text">Кофе хороший,<br>
        но ждали долго… <span class="business-review-view__expand">Ещё</span></span></div>
        <div class="business-review-comment-content"><div class="business-review-comment-content__bubble">
        Спасибо, исправимся</div></div></div></div>""",
        "https://yandex.ru/maps/org/yasen/1234567/reviews/",
    )


STARS = (
    '<div class="business-rating-badge-view__stars">'
    + '<span class="business-rating-badge-view__star _full"></span>' * 3
    + '<span class="business-rating-badge-view__star _half"></span>'
    + '<span class="business-rating-badge-view__star _empty"></span></div>'
)


@pytest.mark.parametrize(
    ("stars", "rating"), [(STARS, 3.5), ('<meta itemprop="ratingValue" content="4.0">', "4.0")]
)
def test_yandex_every_field(stars, rating):
    body = yandex(stars)
    assert YandexMaps().recognise(body)
    (record,) = YandexMaps().parse(body, HERE).records
    assert len(record.pop("source_id")) == 24
    assert record == {
        "source": "yandex_maps",
        "url": "https://yandex.ru/maps/org/yasen/1234567/reviews/",
        "author": "Ольга Берёзова",
        "author_id": "abc123",
        "date": "2026-02-03T10:11:12.345Z",
        "rating": rating,
        "rating_scale": 5,
        "text": "Кофе хороший,\nно ждали долго",
        "company": "Кофейня «Ясень»",
        "place": "Лесная ул., 3",
        "reply_text": "Спасибо, исправимся",
    }


def test_yandex_ids_outlive_an_edit_of_the_text():
    first = YandexMaps().parse(yandex(STARS), HERE).records[0]["source_id"]
    edited = yandex(STARS).replace("ждали долго".encode(), "ждали недолго".encode())
    assert YandexMaps().parse(edited, HERE).records[0]["source_id"] == first
    later = yandex(STARS).replace(b"12.345Z", b"12.346Z")
    assert YandexMaps().parse(later, HERE).records[0]["source_id"] != first


def test_other_pages_of_yandex_are_not_of_maps():
    assert not YandexMaps().recognise(html("<p>news</p>", "https://yandex.ru/news/"))


ZOON = html(
    """<h1><span itemprop="name">Клиника «Ясень»</span></h1><div data-owner-id="aa">
    <address>Лесная ул., 3</address>
    <ul class="js-comments"><li data-author="Ольга" data-id="c9"><span class="gray">5 марта 2020</span>
    <div class="stars"><span class="star-item"><span style="width: 100%"></span></span>
    <span class="star-item"><span style="width: 100%"></span></span>
    <span class="star-item"><span style="width:50%"></span></span>
    <span class="star-item"><span style="width:0%"></span></span></div>
    <div class="js-comment-short-text">Врач внимательный</div>
    <div class="js-comment-content">Врач внимательный, но очередь</div>
    <ul class="subcomments"><li data-author="Клиника"><div class="js-comment-content">Спасибо</div></li>
    </ul></li>
    <li data-author="Пётр"><span class="gray">вчера</span><div class="js-comment-content">Хорошо</div></li>
    </ul>
    </div>""",
    "https://spb.zoon.ru/medical/klinika_yasen/",
)


def test_zoon_every_field():
    assert Zoon().recognise(ZOON)
    first, second = Zoon().parse(ZOON, HERE).records
    assert first == {
        "source": "zoon",
        "source_id": "c9",
        "url": "https://spb.zoon.ru/medical/klinika_yasen/",
        "author": "Ольга",
        "date": "5 марта 2020",
        "rating": 2.5,
        "rating_scale": 5,
        "text": "Врач внимательный, но очередь",
        "reply_text": "Спасибо",
        "company": "Клиника «Ясень»",
        "place": "Лесная ул., 3",
    }
    assert (second["author"], second["date"], "rating" in second) == ("Пётр", "вчера", False)


@pytest.mark.parametrize("site", [Irecommend(), YandexMaps(), Zoon()], ids=lambda site: site.name)
@pytest.mark.parametrize("body", [b"", b"<html><body>captcha</body></html>", b"\xff\xfe\x00"])
def test_another_shape_is_named(site, body):
    with pytest.raises(SourceChanged, match=site.name):
        site.parse(body, HERE)


@pytest.mark.parametrize(
    ("site", "body", "place"),
    [
        (Irecommend(), IRECOMMEND_LIST.replace(b"/content/", b"/node/"), "review 1"),
        (YandexMaps(), yandex("").replace(b"body-text", b"other").replace(b"_full", b""), "review 1"),
        (Zoon(), ZOON.replace(b"js-comment-content", b"x"), "review 2"),
    ],
    ids=["irecommend", "yandex", "zoon"],
)
def test_a_review_of_another_shape_is_named_by_its_place(site, body, place):
    with pytest.raises(SourceChanged, match=f"{site.name}.*{place}"):
        site.parse(body, HERE)
