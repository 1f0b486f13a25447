"""Recorded pages, and pages that chance has broken."""

from __future__ import annotations

import contextlib
import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scrapers.source import Page, Where
from scrapers.structured import Document, NoMarkup, reviews, told
from ugc.errors import SourceChanged

KNOWN = {
    "schema_org/gimmesomeoven_1.html": (17, 0, 17),
    "schema_org/keytomylime_1.html": (100, 99, 127),
    "schema_org/littlespicejar.html": (5, 0, 42),
    "schema_org/polishfoodies_2.html": (59, 58, 59),
    "schema_org/cdkitchen_2.html": (0, 0, 1),
    "schema_org/drinkoteket_1.html": (0, 0, 6),
    "schema_org/kwestiasmaku.html": (0, 0, 52),
    "schema_org/rezeptwelt.html": (0, 0, 358),
    "opineo/shop_page.html": (15, 0, 4579),
    "otzovik/reviews_page.html": (8, 0, 8),
    "banki_ru/broker_page.html": (25, 0, 349),
}
"""Reviews, those of them without a text, and how many the page says that there are."""


@pytest.mark.shared
@pytest.mark.parametrize("name", sorted(KNOWN))
def test_recorded_pages(shared, name):
    body = (shared / "sources/fixtures" / name).read_bytes()
    found = reviews(body, Where(name, ""), name).records
    bare = sum("text" not in one for one in found)
    assert (len(found), bare, told(Document(body, ""), name)) == KNOWN[name]
    assert len({one["source_id"] for one in found}) == len(found)
    for one in found:
        assert one["author"]
        assert one["date"]
        assert one.get("product") or one.get("company")
        assert one["rating"] == "Без оценки" or 0 < one["rating"] <= one["rating_scale"]


@pytest.mark.shared
def test_fields_of_recorded_pages(shared):
    def first(name: str) -> dict[str, object]:
        return reviews((shared / "sources/fixtures" / name).read_bytes(), Where(name, ""), name).records[0]

    broker = first("banki_ru/broker_page.html")
    assert (broker["date"], broker["rating_scale"], broker["author"]) == ("04.01.2023", 5.0, "Teren1967")
    assert "\n" in str(broker["text"])
    shop = first("opineo/shop_page.html")
    assert (shop["date"], shop["rating"], shop["rating_scale"]) == ("04-01-15 16:33", 7.5, 10.0)
    assert (shop["author"], shop["language"]) == ("Tomasz", "pl")


REVIEW = {
    "@type": "Review",
    "@id": "#r90210",
    "author": {"@type": "Person", "name": "Яна"},
    "datePublished": "2026-01-02",
    "reviewRating": {"@type": "Rating", "ratingValue": "5", "bestRating": 5},
    "reviewBody": "раз два",
    "positiveNotes": {"itemListElement": [{"name": "a"}]},
    "interactionStatistic": {"interactionType": "LikeAction", "userInteractionCount": 3},
    "comment": {"text": "спасибо", "author": {"@type": "Organization", "name": "Ясень"}},
    "itemReviewed": {"@type": "Hotel", "name": "Ясень", "address": {"addressLocality": "Казань"}},
}
WHOLE = {"@context": "https://schema.org", "@graph": [{"@type": "Product", "name": "Ч", "review": [REVIEW]}]}
MIXED = (
    f'<!DOCTYPE html><html lang="ru"><head><base href="/x/"><link rel="canonical" href="https://shop.example/k">'
    f'<script type="application/ld+json">{json.dumps(WHOLE)}</script></head><body>'
    '<div itemscope itemtype="http://schema.org/Product" itemref="z"><b itemprop="name">Ч</b>'
    '<div itemprop="review" itemscope itemtype="http://schema.org/Review"><link itemprop="url" href="/r/1">'
    '<span itemprop="author">Яна</span><time itemprop="datePublished" datetime="2026-01-03">x</time>'
    '<p itemprop="reviewBody">три</p></div></div><p id="z" itemprop="description">о</p>'
    '<div vocab="https://schema.org/" typeof="Review" resource="#q"><b property="author">Яна</b>'
    '<p property="reviewBody">четыре</p></div><div class="hreview"><p class="description">пять</p>'
    '<abbr class="rating" title="4">****</abbr><a rel="bookmark" href="/p">p</a></div>'
    '<a rel="next" href="?page=2">дальше</a></body></html>'
).encode()  # fmt: skip

junk = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text(st.characters(), max_size=8)
    | st.sampled_from(["\ud800", "\x00", "http://[", "9" * 400, "#", "@id", "Review", -1, 1e308]),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(
                ["@type", "@id", "@value", "@list", "review", "name", "author", "ratingValue", "item"]
            ),
            inner,
            max_size=3,
        )
    ),
    max_leaves=6,
)


def places(value: object, path: tuple[object, ...] = ()) -> list[tuple[object, ...]]:
    """Paths of all values in a JSON document."""
    inner = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    return [path, *(found for key, one in inner for found in places(one, (*path, key)))]


def replaced(value: object, path: tuple[object, ...], new: object) -> object:
    """The document with the value at a path replaced."""
    if not path:
        return new
    copy = dict(value) if isinstance(value, dict) else list(value)
    copy[path[0]] = replaced(copy[path[0]], path[1:], new)
    return copy


def holds(body: bytes, url: str) -> None:
    """A page gives records or is named; nothing else comes out."""
    page = Page(())
    with contextlib.suppress(SourceChanged):
        page = reviews(body, Where("t", url), "shop")
    ids = [one["source_id"] for one in page.records]
    assert all(isinstance(one, str) and one for one in ids)
    for one in page.records:
        json.dumps(one)
        assert all(isinstance(value, (str, int, float)) for value in one.values())


@given(path=st.sampled_from(places(WHOLE)), new=junk)
@settings(max_examples=150, deadline=None, derandomize=True)
def test_any_value_in_any_place(path, new):
    block = json.dumps(replaced(WHOLE, path, new)).replace("</", "<\\/")
    holds(f'<script type="application/ld+json">{block}</script>'.encode(), "https://shop.example/k")


@given(data=st.data())
@settings(max_examples=150, deadline=None, derandomize=True)
def test_a_page_with_any_bytes_changed(data):
    start = data.draw(st.integers(0, len(MIXED) - 1))
    length = data.draw(st.integers(0, 60))
    new = data.draw(
        st.binary(max_size=12)
        | st.sampled_from([b"<div itemscope itemprop=review>", b"\x00", b"]]>", b"<!--"])
    )
    holds(
        MIXED[:start] + new + MIXED[start + length :],
        data.draw(st.sampled_from(["https://shop.example/k", ""])),
    )


def test_the_mixed_page_holds_four_reviews():
    page = reviews(MIXED, Where("t", "https://shop.example/k"), "shop")
    assert [one["text"] for one in page.records] == ["раз два", "три", "четыре", "пять"]
    assert page.following == "https://shop.example/x/?page=2"


def test_a_zero_byte_hides_nothing_behind_it():
    body = MIXED.replace(b"<body>", b"<body>\x00")
    assert len(reviews(body, Where("t", "https://shop.example/k"), "shop").records) == 4


@pytest.mark.parametrize("encoding", ["utf-16", "utf-8-sig", "cp1251"])
def test_encodings(encoding):
    text = MIXED.decode().replace("<head>", f'<head><meta charset="{encoding.removesuffix("-sig")}">')
    page = reviews(text.encode(encoding), Where("t", "https://shop.example/k"), "shop")
    assert [one["text"] for one in page.records][1:3] == ["три", "четыре"]


@pytest.mark.parametrize("encoding", ["utf-8", "cp1251"])
def test_a_page_that_does_not_name_its_encoding(encoding):
    page = reviews(MIXED.decode().encode(encoding), Where("t", "https://shop.example/k"), "shop")
    assert [one["text"] for one in page.records][1:3] == ["три", "четыре"]
    cut = MIXED.decode().replace("пять", "пять" * 30).encode(encoding)[:-200]
    assert "три" in [one["text"] for one in reviews(cut, Where("t", "https://shop.example/k"), "s").records]


@pytest.mark.parametrize("encoding", ["utf-8", "windows-1251", "nonsense"])
def test_xhtml(encoding):
    text = f'<?xml version="1.0" encoding="{encoding}"?>' + MIXED.decode()
    body = text.encode("utf-8" if encoding == "nonsense" else encoding)
    page = reviews(body, Where("t", "https://shop.example/k"), "shop")
    assert [one["text"] for one in page.records][1:3] == ["три", "четыре"]


@pytest.mark.parametrize(
    "body",
    [b"https://shop.example/", b"page.html", b'<?xml version="1.0"?><rss><a/></rss>', b" <!-- --><?XML <a>"],
)
def test_what_is_no_page_is_named_without_a_warning(body):
    with pytest.raises(NoMarkup):
        reviews(body, Where("t", "https://shop.example/k"), "shop")


def test_a_deep_page_is_read():
    deep = b"<div>" * 3000 + MIXED + b"</div>" * 3000
    holds(deep, "https://shop.example/k")
    items = b"<div itemscope itemprop='review' itemref='a'>" * 2000 + b"<p id='a' itemprop='reviewBody'>x"
    holds(items, "https://shop.example/k")
