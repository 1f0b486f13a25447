from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from ugc.errors import InputError
from ugc.insight import Filters, shelf
from ugc.insight.reviews.shelf import PAGE
from ugc.review import review_id


def one(day, stars, text="Отзыв", **more):
    return {
        "text": f"{text} {day}",
        "date": f"2026-06-{day:02}",
        "stars": None if stars is None else float(stars),
        "source": "otzovik",
        "company": "Lumbi",
        **more,
    }


def stars(page):
    return [row.stars for row in page.reviews]


def test_the_newest_ten_and_what_a_buyer_makes_of_them(plant):
    given = [5, 5, 1, 5, 1, 1, 4, 2, None, 5, 3, 5]  # of the 12th, 11th … 1st of June
    lake = plant(
        *[one(12 - place, star) for place, star in enumerate(given)],
        {"text": "", "source": "otzovik", "company": "Lumbi", "stars": 1.0, "date": "2026-06-20"},
    )
    with lake.snapshot() as snapshot:
        (found,) = shelf(snapshot, Filters())
    page = found.newest
    assert stars(page) == given[:PAGE]
    assert [row.rank for row in page.reviews] == list(range(1, 11))
    assert (page.rated, page.judged, page.negative) == (9, 9, 4)
    assert page.mean_stars == pytest.approx(29 / 9)
    # The fourth is five stars after one star; the seventh, after one star too, has only four.
    assert page.clashes == (4,)
    assert (found.reviews, found.ratings) == (13, 12)
    assert found.mean_stars == pytest.approx(38 / 12)
    assert found.low < found.mean_stars < found.high
    assert (found.helpful, page.answered, page.negative_answered) == (None, None, None)
    assert {row.answered for row in page.reviews} == {None}


def test_the_most_helpful_ten_stand_by_votes_then_date(plant):
    lake = plant(
        *[one(day, 5, helpful_votes=0) for day in range(10, 20)],
        one(1, 1, helpful_votes=40),
        one(2, 5, helpful_votes=40),
        one(25, 5),
        one(3, 2, helpful_votes=2),
    )
    with lake.snapshot() as snapshot:
        (found,) = shelf(snapshot, Filters())
    page = found.helpful
    assert [row.helpful_votes for row in page.reviews] == [40, 40, 2, *[0] * 7]
    assert stars(page)[:3] == [5.0, 1.0, 2.0]
    assert (page.negative, page.clashes) == (2, ())
    assert found.newest.reviews[0].helpful_votes is None


def test_answers_are_known_where_a_source_tells_any(plant):
    lake = plant(
        one(5, 1, reply_text="Разберёмся"),
        one(4, 1),
        one(3, 5, reply_date=None),
        one(9, 1, company="Ясень Банк"),
        one(8, 1, source="ceneo"),
    )
    with lake.snapshot() as snapshot:
        by = {(found.source, found.company): found.newest for found in shelf(snapshot, Filters())}
        narrow = shelf(snapshot, Filters(companies=("Ясень Банк",)))
    assert (by["otzovik", "Lumbi"].answered, by["otzovik", "Lumbi"].negative_answered) == (1, 1)
    assert [row.answered for row in by["otzovik", "Lumbi"].reviews] == [True, False, False]
    assert by["otzovik", "Ясень Банк"].answered == 0
    assert by["ceneo", "Lumbi"].answered is None
    assert narrow[0].newest == by["otzovik", "Ясень Банк"]


def test_texts_may_be_left_out_and_nothing_else_changes(plant):
    lake = plant(
        one(1, 5, url="https://reviews.example/1", reply_text="Спасибо"),
        one(2, None),
        one(3, 1, helpful_votes=2),
    )
    with lake.snapshot() as snapshot:
        (whole,) = shelf(snapshot, Filters())
        (bare,) = shelf(snapshot, Filters(), texts=False)
    for page, other in ((whole.newest, bare.newest), (whole.helpful, bare.helpful)):
        assert all(row.text.startswith("Отзыв") for row in page.reviews)
        assert tuple(replace(row, text="") for row in page.reviews) == other.reviews
        assert replace(page, reviews=()) == replace(other, reviews=())
    assert bare.newest.reviews[2].url == "https://reviews.example/1"
    assert bare.newest.answered == 1


def test_without_stars_the_text_judges(plant):
    lake = plant(
        one(9, None, sentiment="positive"),
        one(10, None, sentiment="negative"),
        one(8, None, sentiment="mixed"),
        one(7, None),
    )
    with lake.snapshot() as snapshot:
        (found,) = shelf(snapshot, Filters())
    page = found.newest
    assert (page.rated, page.mean_stars, page.judged, page.negative) == (0, None, 3, 1)
    assert page.clashes == (2,)
    assert page.reviews[3].negative is None
    assert (found.mean_stars, found.low, found.high) == (None, None, None)


def test_shelves_of_products_and_places(plant):
    lake = plant(
        *[one(day, 5, product="Вклад", place="Садовая") for day in range(1, 4)],
        *[one(day, 1, product="Карта", place="Садовая") for day in range(4, 6)],
        one(7, 3, product="", place=None),
    )
    with lake.snapshot() as snapshot:
        products = shelf(snapshot, Filters(), by=["product"])
        both = shelf(snapshot, Filters(), by=["product", "place"])
        assert len(shelf(snapshot, Filters(), by=["place"], top=1)) == 1
        with pytest.raises(InputError, match="Known: product, place"):
            shelf(snapshot, Filters(), by=["city"])
    assert [(found.product, found.place, found.newest.mean_stars) for found in products] == [
        ("Вклад", None, 5.0),
        ("Карта", None, 1.0),
        (None, None, 3.0),
    ]
    assert [(found.product, found.place) for found in both] == [
        ("Вклад", "Садовая"),
        ("Карта", "Садовая"),
        (None, None),
    ]


def test_the_shelf_of_an_earlier_day_and_undated_reviews_last(plant):
    lake = plant(one(5, 1), one(9, 5), one(1, 3) | {"date": None})
    with lake.snapshot() as snapshot:
        (now,) = shelf(snapshot, Filters())
        (then,) = shelf(snapshot, Filters(until=date(2026, 6, 8)))
    assert stars(now.newest) == [5.0, 1.0, 3.0]
    assert stars(then.newest) == [1.0]


def test_what_is_left_out_is_not_on_the_shelf(plant):
    with plant(one(5, 1), one(9, 5)).snapshot() as snapshot:
        (found,) = shelf(snapshot, Filters(left_out=(review_id("otzovik", "1"),)))
    assert stars(found.newest) == [1.0]


def test_nothing_and_one(plant):
    with plant().snapshot() as snapshot:
        assert shelf(snapshot, Filters()) == ()
        assert shelf(snapshot, Filters(cities=("Казань",)), by=["place"]) == ()
    with plant({"text": "Да", "source": "s"}).snapshot() as snapshot:
        (found,) = shelf(snapshot, Filters())
        assert shelf(snapshot, Filters(), top=0) == ()
    assert (found.company, found.reviews, found.newest.rated, found.newest.negative) == (None, 1, 0, None)
    assert len(found.newest.reviews) == 1


def test_ratings_alone_make_an_empty_page(plant):
    with plant(one(1, 5) | {"text": "", "helpful_votes": 3}).snapshot() as snapshot:
        (found,) = shelf(snapshot, Filters())
    assert (found.ratings, found.newest.reviews, found.helpful) == (1, (), None)
    assert (found.newest.mean_stars, found.newest.answered) == (None, None)
