"""RDFa, hReview, and pages that tell a review in several syntaxes."""

from __future__ import annotations

import json

from scrapers.source import Where
from scrapers.structured import reviews

HERE = Where("t", "https://shop.example/kettle")


def read(html: str) -> tuple[dict[str, object], ...]:
    return reviews(f"<html><body>{html}</body></html>".encode(), HERE, "shop").records


def test_rdfa_lite():
    (record,) = read(
        """<div vocab="https://schema.org/" typeof="Product"><span property="name">Kettle</span>
        <div property="review" typeof="Review"><span property="author" typeof="Person">
        <span property="name">Alice</span></span>
        <time property="datePublished" datetime="2026-03-04">4 Mar</time>
        <div property="reviewRating" typeof="Rating"><span property="ratingValue">4</span> of
        <span property="bestRating">5</span></div><p property="reviewBody">Boils fast</p></div></div>"""
    )
    assert {key: record[key] for key in ("product", "author", "date", "rating", "text")} == {
        "product": "Kettle", "author": "Alice", "date": "2026-03-04", "rating": 4.0, "text": "Boils fast",
    }  # fmt: skip


def test_rdfa_with_prefixes_and_the_older_vocabulary():
    (record,) = read(
        """<div xmlns:v="http://rdf.data-vocabulary.org/#" typeof="v:Review">
        <span property="v:itemreviewed">Kettle</span><span property="v:reviewer">Alice</span>
        <span property="v:dtreviewed" content="2026-03-04">4 Mar</span><b property="v:summary">Fine</b>
        <span rel="v:rating"><span typeof="v:Rating"><i property="v:value">8</i>/
        <i property="v:best">10</i></span></span>
        <p property="v:description">Boils fast</p><p property="dc:title">not this</p></div>
        <meta property="og:title" content="nor this"/>"""
    )
    assert {key: record[key] for key in ("product", "author", "date", "title", "rating", "rating_scale")} == {
        "product": "Kettle", "author": "Alice", "date": "2026-03-04", "title": "Fine", "rating": 8.0,
        "rating_scale": 10.0,
    }  # fmt: skip


def test_hreview():
    (record,) = read(
        """<div class="hreview"><span class="item"><span class="fn">Kettle</span></span>
        <span class="reviewer vcard"><span class="fn">Alice</span></span>
        <abbr class="dtreviewed" title="2026-03-04">yesterday</abbr><h4 class="summary">Fine</h4>
        <span class="rating"><span class="value">3.5</span> of <span class="best">5</span></span>
        <p class="description">Boils fast</p><a rel="self bookmark" href="/r/81345">link</a></div>
        <div class="hreview-aggregate"><span class="rating">4</span></div>"""
    )
    assert record == {
        "source_id": "shop.example/r/81345",
        "url": "https://shop.example/r/81345",
        "author": "Alice",
        "date": "2026-03-04",
        "rating": 3.5,
        "rating_scale": 5.0,
        "title": "Fine",
        "text": "Boils fast",
        "product": "Kettle",
    }


def test_h_review():
    (record,) = read(
        """<div class="h-review"><a class="p-item h-item"><b class="p-name">Kettle</b></a>
        <a class="u-url" href="/r/81345"><b class="p-name">Fine</b></a>
        <span class="p-author h-card">Alice</span><time class="dt-published" datetime="2026-03-04">x</time>
        <data class="p-rating" value="4">****</data><div class="e-content">Boils fast</div></div>"""
    )
    assert (record["product"], record["title"], record["rating"]) == ("Kettle", "Fine", 4.0)
    assert record["source_id"] == "shop.example/r/81345"


def ld(*rows: dict[str, object]) -> str:
    """A block of JSON-LD with a product's reviews."""
    told = {"@type": "Product", "name": "Kettle", "review": [{"@type": "Review", **row} for row in rows]}
    return f'<script type="application/ld+json">{json.dumps(told)}</script>'


def micro(*rows: tuple[str, str, str, str]) -> str:
    """Reviews in microdata: author, day, stars, text."""
    told = (
        f"""<div itemprop="review" itemscope itemtype="http://schema.org/Review">
        <b itemprop="author">{author}</b>
        <i itemprop="datePublished" content="{day}"></i><i itemprop="reviewRating">{stars}</i>
        <p itemprop="reviewBody">{text}</p></div>"""
        for author, day, stars, text in rows
    )
    return f'<div itemscope itemtype="http://schema.org/Product">{"".join(told)}</div>'


def test_a_review_told_in_two_syntaxes_is_one_with_what_both_tell():
    found = read(
        ld(
            {
                "author": "Alice",
                "reviewBody": "<p>Boils fast</p> and never leaks,&lt;br&gt; I like it so far…",
                "reviewRating": 5,
            }
        )
        + micro(
            ("Alice", "2026-03-04", "5", "Boils fast and never leaks, I like it so far, really I do"),
            ("Bob", "2026-03-05", "1", "Leaks"),
        )
    )
    assert [(one["author"], one.get("date")) for one in found] == [
        ("Alice", "2026-03-04"),
        ("Bob", "2026-03-05"),
    ]
    assert found[0]["text"] == "Boils fast and never leaks, I like it so far, really I do"
    assert found[0]["product"] == "Kettle"


def test_alike_reviews_of_different_people_days_or_stars_stay_apart():
    found = read(
        ld({"author": "Alice", "datePublished": "2026-03-04", "reviewBody": "Super", "reviewRating": 5})
        + micro(
            ("Bob", "2026-03-04", "5", "Super"),
            ("Alice", "2026-03-09", "5", "Super"),
            ("Alice", "2026-03-04", "4", "Super"),
            ("Alice", "2026-03-04", "5", "Super"),
        )
    )
    assert len(found) == 4
    assert len({one["source_id"] for one in found}) == 4


def test_bare_ratings_told_in_two_syntaxes_are_counted_once():
    bare = {"author": "Anonymous", "datePublished": "2026-03-04", "reviewRating": {"ratingValue": 5}}
    found = read(ld(bare, bare) + micro(*[("Anonymous", "2026-03-04", "5", "")] * 3))
    assert len(found) == 3
    assert len({one["source_id"] for one in found}) == 3


def test_a_review_shown_twice_is_one():
    twice = {"author": "Alice", "datePublished": "2026-03-04", "reviewBody": "Boils fast"}
    assert len(read(ld(twice, twice))) == 1
    assert len(read(ld({"reviewBody": "Super"}, {"reviewBody": "Super"}))) == 2
