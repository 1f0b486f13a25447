from __future__ import annotations

import pytest

from scrapers.saved.otzovik import Otzovik
from scrapers.source import Where
from ugc.errors import SourceChanged

HERE = Where("saved.html", "")
ADDRESS = "https://otzovik.com/reviews/chaynik_yasen/"


def item(number: int, **changes: str) -> str:
    """A review of a list, as the site marks it up."""
    told = {
        "author": "berezka", "date": "2026-02-03T10:11:12+03:00", "rating": "4", "title": "Хороший чайник",
        "text": "Кипятит быстро, крышка держится...", "plus": "Быстро кипит.", "minus": "Шумит",
        "place": "Россия, Казань",
        **changes,
    }  # fmt: skip
    return f"""
    <div class="item status4 mshow0" itemprop="review" itemscope itemtype="http://schema.org/Review">
    <link itemprop="url" href="https://otzovik.com/review_{number}.html">
    <link itemprop="discussionUrl" href="https://otzovik.com/review_{number}.html#comments">
    <div class="item-left" itemprop="author" itemscope itemtype="http://schema.org/Person">
      <link itemprop="url" href="https://otzovik.com/profile/{told["author"]}">
      <a class="avatar" href="/profile/{told["author"]}"></a>
      <div class="user-info"><div class="login-line"><a class="user-login" href="/profile/{told["author"]}">
        <span itemprop="name">{told["author"]}</span></a></div>
        <div class="karma-line">Репутация<br><span class="karma karma1">1</span></div>
        <div>{told["place"]}</div></div></div>
    <div class="item-right"><div class="rating-wrap"><div class="rating-score">
    <span>{told["rating"]}</span></div>
      <div class="review-postdate" itemprop="datePublished" content="{told["date"]}">
    <span>3 фев 2026</span></div>
      <span itemprop="reviewRating" itemscope itemtype="http://schema.org/Rating">
        <meta itemprop="ratingValue" content="{told["rating"]}"><meta itemprop="bestRating" content="5">
    </span></div>
      <div class="review-body-wrap"><h3><a class="review-title" href="/review_{number}.html" itemprop="name">
        {told["title"]}</a></h3><div class="review-teaser" itemprop="description">{told["text"]}</div>
        <div class="review-plus"><b>Достоинства:</b> {told["plus"]}</div>
        <div class="review-minus"><b>Недостатки:</b> {told["minus"]} </div></div>
      <div class="review-bar"><a class="review-btn review-yes" href="/review_{number}.html"><svg></svg>
    <span>7</span></a>
        <a class="review-btn review-comments" href="#"><span itemprop="commentCount">2</span></a></div>
    </div></div>"""


def listing(*items: str, head: str = f'<link rel="canonical" href="{ADDRESS}">') -> bytes:
    """A list of reviews of a thing."""
    return f"""<!DOCTYPE HTML><html lang="ru"><head><meta charset="utf-8">{head}</head><body>
    <div class="produkts-content hreview-aggregate" itemscope itemtype="http://schema.org/Product">
    <h1 class="product-name"><span><span class='fn' itemprop='name'>Чайник Ясень</span> - отзывы</span></h1>
    <span itemprop="aggregateRating" itemscope itemtype="http://schema.org/AggregateRating">
    <meta itemprop="ratingValue" content="4"><meta itemprop="reviewCount" content="{len(items)}"></span>
    <div class="review-list-2 review-list-chunk">{"".join(items)}</div></div></body></html>""".encode()


WHOLE = """<!DOCTYPE HTML><html lang="ru"><head>
    <link rel="canonical" href="https://otzovik.com/review_555.html"></head>
<body><a class="product-name" href="/reviews/chaynik_yasen/">Чайник Ясень</a>
<div class="item review-wrap" itemprop="review" itemscope itemtype="http://schema.org/Review">
<h1>Хороший чайник</h1><div itemprop="author" itemscope><a class="user-login" href="/profile/berezka">
<span itemprop="name">berezka</span></a></div>
<abbr itemprop="datePublished" content="2026-02-03T10:11:12+03:00">3 фев</abbr>
<span itemprop="reviewRating" itemscope><meta itemprop="ratingValue" content="4"></span>
<div class="review-plus"><b>Достоинства:</b><br>Быстро кипит.</div>
<div class="review-body description" itemprop="description"><p>Кипятит быстро,</p>
    <p>крышка держится крепко.</p></div>
<table class="product-props"><tr><td>Город:</td><td>Казань</td></tr>
<tr><td>Рекомендую друзьям:</td><td>ДА</td></tr></table></div></body></html>""".encode()


def test_every_field_of_a_list():
    (record,) = Otzovik().parse(listing(item(555)), HERE).records
    assert record == {
        "source": "otzovik",
        "source_id": "555",
        "url": "https://otzovik.com/review_555.html",
        "author": "berezka",
        "author_id": "berezka",
        "date": "2026-02-03T10:11:12+03:00",
        "rating": "4",
        "rating_scale": 5,
        "title": "Хороший чайник",
        "text": "Кипятит быстро, крышка держится...",
        "pros": "Быстро кипит.",
        "cons": "Шумит",
        "product": "Чайник Ясень",
        "city": "Казань",
        "helpful_votes": "7",
    }


def test_every_field_of_a_whole_review_with_the_id_of_the_list():
    (record,) = Otzovik().parse(WHOLE, HERE).records
    assert record == {
        "source": "otzovik",
        "source_id": "555",
        "url": "https://otzovik.com/review_555.html",
        "author": "berezka",
        "author_id": "berezka",
        "date": "2026-02-03T10:11:12+03:00",
        "rating": "4",
        "rating_scale": 5,
        "title": "Хороший чайник",
        "text": "Кипятит быстро,\nкрышка держится крепко.",
        "pros": "Быстро кипит.",
        "product": "Чайник Ясень",
        "city": "Казань",
        "recommended": "ДА",
    }


def test_a_country_is_no_city_and_a_list_may_be_empty():
    records = Otzovik().parse(listing(item(1, place="Россия"), item(2)), HERE).records
    assert [one.get("city") for one in records] == [None, "Казань"]
    assert Otzovik().parse(listing(), HERE).records == ()


@pytest.mark.parametrize(
    "body",
    [b"", b"<html>captcha</html>", listing(item(1).replace("review_1", "otziv_1"))],
    ids=["nothing", "no list", "no number"],
)
def test_another_shape_is_named(body):
    with pytest.raises(SourceChanged, match="otzovik"):
        Otzovik().parse(body, HERE)


@pytest.mark.parametrize(
    "head",
    [
        f'<link rel="canonical" href="{ADDRESS}">',
        f"<link href='{ADDRESS}' rel='canonical'/>",
        f'<meta property="og:url" content="{ADDRESS}">',
        f"<!-- saved from url=(0048){ADDRESS} -->",
        "",
    ],
)
def test_it_recognises_its_pages_by_address_or_markup(head):
    assert Otzovik().recognise(listing(item(1), head=head))


def test_it_recognises_no_other_pages():
    other = listing(item(1), head='<link rel="canonical" href="https://shop.example/otzovik.com/">')
    assert not Otzovik().recognise(other)
    assert not Otzovik().recognise(b"<html><body>otzovik.com</body></html>")


@pytest.mark.shared
def test_a_recorded_list(shared):
    body = (shared / "sources/fixtures/otzovik/reviews_page.html").read_bytes()
    assert Otzovik().recognise(body)
    records = Otzovik().parse(body, HERE).records
    assert len(records) == len({one["source_id"] for one in records}) == 8
    first = records[0]
    assert (first["source_id"], first["date"], first["city"], first["helpful_votes"]) == (
        "18393847", "2026-06-02T01:06:31+03:00", "Las Vegas", "1",
    )  # fmt: skip
    names = ("author", "title", "text", "pros", "cons", "product", "rating", "url")
    assert all(one.get(name) for one in records for name in names)
