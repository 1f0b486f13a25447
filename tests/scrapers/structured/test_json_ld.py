from __future__ import annotations

import json

import pytest

from scrapers.source import Where
from scrapers.structured import NoMarkup, reviews
from ugc.errors import SourceChanged

HERE = Where("t", "https://shop.example/kettle")


def page(*blocks: object, lang: str = "ru", rest: str = "") -> bytes:
    """A page with blocks of JSON-LD; texts are taken as they are."""
    scripts = "".join(
        f'<script type="application/ld+json">{one if isinstance(one, str) else json.dumps(one)}</script>'
        for one in blocks
    )
    return f'<html lang="{lang}"><head>{scripts}</head><body>{rest}</body></html>'.encode()


def read(*blocks: object, **options: str) -> tuple[dict[str, object], ...]:
    return reviews(page(*blocks, **options), HERE, "shop").records


REVIEW = {
    "@type": "Review",
    "@id": "https://shop.example/kettle/reviews/81345",
    "author": {"@type": "Person", "name": "Ольга Берёзова", "url": "https://shop.example/people/olga"},
    "datePublished": "2026-03-04T10:00:00+03:00",
    "dateModified": "2026-03-05",
    "reviewRating": {"@type": "Rating", "ratingValue": "4,5", "bestRating": "5"},
    "name": "Хороший чайник",
    "reviewBody": "Кипятит быстро, но шумит",
    "positiveNotes": {
        "@type": "ItemList",
        "itemListElement": [
            {"@type": "ListItem", "position": 1, "name": "быстрый"},
            {"@type": "ListItem", "position": 2, "name": "лёгкий"},
        ],
    },
    "negativeNotes": ["шум"],
    "interactionStatistic": [
        {"@type": "InteractionCounter", "interactionType": "https://schema.org/DislikeAction",
         "userInteractionCount": 9},
        {"@type": "InteractionCounter", "interactionType": {"@type": "LikeAction"},
         "userInteractionCount": "3"},
    ],
    "comment": [
        {"@type": "Comment", "text": "И у меня шумит", "author": {"@type": "Person", "name": "Пётр"}},
        {"@type": "Comment", "text": "Спасибо за отзыв", "datePublished": "2026-03-06",
         "author": {"@type": "Organization", "name": "Ясень"}},
    ],
    "image": ["https://shop.example/1.jpg", "https://shop.example/2.jpg"],
    "inLanguage": "ru",
}  # fmt: skip


def test_every_field_of_a_review():
    (record,) = read({"@type": "Product", "name": "Чайник", "brand": {"name": "Ясень"}, "review": REVIEW})
    assert record == {
        "source_id": "shop.example/kettle/reviews/81345",
        "url": "https://shop.example/kettle/reviews/81345",
        "author": "Ольга Берёзова",
        "author_id": "https://shop.example/people/olga",
        "date": "2026-03-04T10:00:00+03:00",
        "edited_at": "2026-03-05",
        "rating": 4.5,
        "rating_scale": 5.0,
        "title": "Хороший чайник",
        "text": "Кипятит быстро, но шумит",
        "pros": "быстрый\nлёгкий",
        "cons": "шум",
        "product": "Чайник",
        "company": "Ясень",
        "language": "ru",
        "helpful_votes": 3,
        "reply_text": "Спасибо за отзыв",
        "reply_date": "2026-03-06",
        "photos_count": 2,
    }


def body(text: str, **more: object) -> dict[str, object]:
    """A short review."""
    return {"@type": "Review", "author": "Яна", "datePublished": "2026-01-02", "reviewBody": text, **more}


@pytest.mark.parametrize(
    "document",
    [
        {"@type": "Product", "name": "Чайник", "review": body("раз")},
        {"@type": "Product", "name": "Чайник", "review": [body("раз")]},
        {"@type": ["Thing", "Product"], "name": "Чайник", "reviews": [body("раз")]},
        [{"@type": "BreadcrumbList"}, {"@type": "Product", "name": "Чайник", "review": [[body("раз")]]}],
        {"@context": "https://schema.org",
         "@graph": [{"@type": "Product", "name": "Чайник", "review": body("раз")}]},
        {"@graph": [
            {"@type": "Product", "@id": "#p", "name": "Чайник", "review": [{"@id": "#r"}]},
            {"@id": "#r", **body("раз")},
        ]},
        {"@graph": [
            {"@id": "#r", **body("раз"), "itemReviewed": {"@id": "#p"}},
            {"@type": "Product", "@id": "#p", "name": "Чайник"},
        ]},
        {"@type": "ItemList", "itemListElement": [
            {"@type": "ListItem", "item": {"@type": "Product", "name": "Чайник", "review": body("раз")}},
        ]},
        {"@type": "ItemList", "itemListElement": [
            {"@type": "ListItem", "item": body("раз", itemReviewed={"@type": "Product", "name": "Чайник"})},
        ]},
        {"@type": "WebPage", "name": "Страница", "mainEntity": {
            "@type": "Product", "name": "Чайник", "review": body("раз")}},
        body("раз", itemReviewed="Чайник"),
        [body("раз"), {"@type": "Product", "name": "Чайник", "aggregateRating": {"ratingValue": 5}}],
        {"@type": "http://schema.org/Product", "schema:name": "Чайник",
         "http://schema.org/review": body("раз")},
        {"@type": "Product", "name": {"@value": "Чайник"}, "review": {"@list": [body("раз")]}},
        {"@type": "Product", "name": "Чайник", "review": {"author": "Яна", "datePublished": "2026-01-02",
                                                         "reviewBody": "раз"}},
    ],
)  # fmt: skip
def test_wherever_a_review_stands_it_is_found_with_its_product(document):
    (record,) = read(document)
    assert (record["text"], record["product"], record["author"]) == ("раз", "Чайник", "Яна")


def test_a_place_is_a_company_in_a_city():
    (record,) = read(
        {
            "@type": "Restaurant",
            "name": "Три берёзы",
            "address": {"streetAddress": "Лесная, 3", "addressLocality": "Казань"},
            "review": body("вкусно"),
        }
    )
    assert (record["company"], record["place"], record["city"]) == ("Три берёзы", "Лесная, 3", "Казань")
    assert "product" not in record


@pytest.mark.parametrize(
    ("rating", "value", "scale"),
    [
        ({"ratingValue": 4}, 4, 5),
        ({"ratingValue": "4.0", "bestRating": 10}, 4, 10),
        ({"ratingValue": "5,0"}, 5, 5),
        ({"ratingValue": "7/10"}, 7, 10),
        ({"ratingValue": "8"}, 8, None),
        ({"ratingValue": "отлично"}, "отлично", None),
        ([{"reviewAspect": "вкус", "ratingValue": 1}, {"ratingValue": 4}], 4, 5),
        ("3", 3, 5),
        (2, 2, 5),
    ],
)
def test_ratings(rating, value, scale):
    (record,) = read(body("раз", reviewRating=rating))
    assert (record["rating"], record.get("rating_scale")) == (value, scale)


@pytest.mark.parametrize(
    "rating", [None, {}, {"ratingValue": None}, {"ratingValue": True}, [], {"ratingValue": ""}]
)
def test_no_rating_is_none(rating):
    (record,) = read(body("раз", reviewRating=rating))
    assert "rating" not in record


def test_authors_of_any_shape():
    shapes = [
        "Яна",
        ["Яна", "Пётр"],
        {"name": "Яна"},
        [{"@type": "Person", "name": "Яна"}],
        {"givenName": "Яна", "familyName": "Липа"},
        {"name": ["Яна"]},
    ]
    found = read(*(body(f"текст {n}", author=shape) for n, shape in enumerate(shapes)))
    assert [one["author"] for one in found] == ["Яна", "Яна", "Яна", "Яна", "Яна Липа", "Яна"]


def test_ratings_without_words_are_all_kept_and_told_apart():
    bare = {"@type": "Review", "author": {"name": "Anonymous"}, "datePublished": "2026-01-02",
            "reviewRating": {"ratingValue": "5"}}  # fmt: skip
    found = read({"@type": "Recipe", "name": "Суп", "review": [bare, bare, {**bare, "reviewRating": 4}]})
    assert [one["rating"] for one in found] == [5, 5, 4]
    assert len({one["source_id"] for one in found}) == 3
    assert found == read(
        {"@type": "Recipe", "name": "Суп", "review": [bare, bare, {**bare, "reviewRating": 4}]}
    )


def test_an_address_that_is_the_pages_or_several_reviews_is_no_id():
    mine = "https://shop.example/kettle"
    found = read(
        {"@type": "Product", "name": "Чайник", "url": "https://shop.example/other", "review": [
            body("раз", url=mine), body("два", url="/kettle#reviews"), body("три", url="/kettle#reviews"),
            body("четыре", url="https://shop.example/other"), body("пять", **{"@id": "_:b0"}),
            body("шесть", **{"@id": "#review-2"}), body("семь", **{"@id": "#review-90210"}),
        ]}
    )  # fmt: skip
    assert len({one["source_id"] for one in found}) == 7
    assert [str(one["source_id"]).startswith("s") and "/" not in str(one["source_id"]) for one in found] == [
        True, True, True, True, True, True, False,
    ]  # fmt: skip


def test_an_id_does_not_depend_on_the_page_of_a_list_or_on_its_neighbours():
    first = reviews(page({"@type": "Product", "name": "Ч", "review": [body("раз"), body("два")]}), HERE, "s")
    second = reviews(
        page({"@type": "Product", "name": "Ч", "review": [body("ноль"), body("раз")]}),
        Where("t", "https://shop.example/kettle?page=2"),
        "s",
    )
    assert first.records[0] == second.records[1]


def test_an_id_does_not_depend_on_a_date_that_moves():
    first, second = (
        read(body("раз", datePublished=when))[0]["source_id"] for when in ("вчера", "2 дня назад")
    )
    assert first == second
    dated = {
        read(body("раз", datePublished=when))[0]["source_id"] for when in ("04-01-15 16:33", "05-01-15 16:33")
    }
    assert len(dated) == 2


def test_what_is_no_review_is_none():
    found = read(
        {
            "@type": "Product",
            "name": "Чайник",
            "aggregateRating": {"@type": "AggregateRating", "ratingValue": 4, "reviewCount": 3},
            "review": [{}, {"@id": "#elsewhere"}, {"@type": "AggregateRating", "ratingValue": 3}, None, 5,
                       "https://shop.example/reviews", {"@type": "Review"}],
        },
        {"@type": "ClaimReview", "claimReviewed": "Земля плоская", "reviewRating": {"ratingValue": 1}},
        {"@type": "Comment", "text": "а у меня не так", "author": "Пётр"},
    )  # fmt: skip
    assert found == ()


WHOLE = '{"@type": "Review", "author": "Яна", "reviewBody": "первая строка\\nвторая строка\\t."}'


@pytest.mark.parametrize(
    "block",
    [
        WHOLE.replace("\\n", "\n").replace("\\t", "\t"),
        f"<!-- {WHOLE} -->",
        f"//<![CDATA[\n{WHOLE}\n//]]>",
        f"/*<![CDATA[*/{WHOLE}/*]]>*/",
        f"{WHOLE[:-1]},}};",
        f'{{"@type":"Thing","name":"a"}}{WHOLE}',
        WHOLE.replace('"', "&quot;"),
    ],
    ids=["line breaks", "comment", "cdata", "cdata in a comment", "comma", "two documents", "entities"],
)
def test_broken_blocks_that_can_be_mended(block):
    (record,) = read(block)
    assert record["text"] == "первая строка\nвторая строка\t."


@pytest.mark.parametrize(
    "broken", ['{"@type": "Product", "review": [{"reviewBody": "ра', "{" * 200_000 + '"review"']
)
def test_a_broken_block_that_names_reviews_refuses_the_page_by_its_place(broken):
    with pytest.raises(SourceChanged, match=r"shop.*block 2 of JSON-LD"):
        read(body("раз"), broken)


def test_a_broken_block_that_names_no_reviews_is_passed_over():
    (record,) = read('{"@type": "BreadcrumbList", "itemListElement": [', body("раз"))
    assert record["text"] == "раз"


def test_a_page_without_markup_is_named_and_one_without_reviews_is_empty():
    with pytest.raises(NoMarkup, match="shop"):
        read(rest="<p>hello</p>")
    assert read({"@type": "Product", "name": "Чайник"}) == ()
    assert read({"@type": "Organization", "name": "Ясень", "aggregateRating": {"ratingValue": 4}}) == ()
    with pytest.raises(NoMarkup, match="shop"):
        read({"@type": "Organization", "name": "Ясень"}, {"@type": "WebSite", "name": "Магазин", "url": "/"})


def test_references_in_a_circle_end():
    found = read(
        {"@graph": [
            {"@type": "Product", "@id": "#p", "name": "Чайник", "review": {"@id": "#r"}},
            {"@id": "#r", **body("раз"), "itemReviewed": {"@id": "#p"}, "comment": {"@id": "#r"}},
        ]}
    )  # fmt: skip
    assert [one["text"] for one in found] == ["раз"]
