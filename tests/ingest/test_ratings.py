from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ugc.ingest.ratings import Rating, Scale, UnreadRating, read, stars, worst


@pytest.mark.parametrize(
    ("value", "rating"),
    [
        ("5", Rating(5)),
        ("5.0", Rating(5)),
        ("4,5", Rating(4.5)),
        (3.5, Rating(3.5)),
        ("4,5/5", Rating(4.5, 5)),
        ("8 / 10", Rating(8, 10)),
        ("5 из 5", Rating(5, 5)),
        ("4 na 5", Rating(4, 5)),
        ("4 out of 5 stars", Rating(4, 5)),
        ("Rated 4.5 out of 5", Rating(4.5, 5)),
        ("80%", Rating(80, 100)),
        ("★★★★☆", Rating(4, 5)),
        ("⭐⭐⭐", Rating(3, 5)),
        ("⭐️⭐️", Rating(2, 5)),
        ("****", Rating(4, 5)),
        ("FIVE", Rating(5, 5)),
        ("ONE", Rating(1, 5)),
        ("четыре", Rating(4, 5)),
        ("отлично", Rating(5, 5)),
        ("3 звезды", Rating(3)),
        ("2-star", Rating(2)),
        ("1 - ужасно", Rating(1)),
        ("5 (отлично)", Rating(5)),
        ("Оценка: 4", Rating(4)),
        (True, Rating(1, 1)),
        ("True", Rating(1, 1)),
        ("false", Rating(0, 1)),
        ("👍", Rating(1, 1)),
        ("👎🏻", Rating(0, 1)),
        ("thumbs up", Rating(1, 1)),
        ("Recommended", Rating(1, 1)),
        ("Not Recommended", Rating(0, 1)),
        ("Polecam", Rating(1, 1)),
        ("Nie polecam", Rating(0, 1)),
        ("рекомендую", Rating(1, 1)),
        ("не рекомендую", Rating(0, 1)),
        ("good", Rating(1, 1)),
        ("bad", Rating(0, 1)),
    ],
)
def test_read(value, rating):
    assert read(value) == rating


@pytest.mark.parametrize(
    "value", [None, "", " ", "-", "n/a", "nan", float("nan"), "нет оценки", "brak oceny"]
)
def test_blank(value):
    assert read(value) is None


@pytest.mark.parametrize(
    "value", ["спасибо", "=1+1", "4 5", "❤️", "2024-05-01", "цена 500", "5" * 200, "x" * 10**6]
)
def test_unread(value):
    with pytest.raises(UnreadRating):
        read(value)


def scale_of(values):
    scale = Scale()
    for value in values:
        scale.see(value)
    return scale.best()


def test_the_scale_of_a_column():
    assert scale_of(["1", "5", "3"]) == 5
    assert scale_of(["5", "5"]) == 5
    assert scale_of([0, 1, 1]) == 1
    assert scale_of([0, 5, 4]) == 5
    assert scale_of(["7", "10", "2"]) == 10
    assert scale_of(["87", "100", "2"]) == 100
    assert scale_of(["4/5", "★★★"]) is None
    assert scale_of([]) is None
    assert scale_of([1500, 2000]) is None
    assert scale_of([*["5"] * 99, "55"]) == 5
    assert scale_of([*["5"] * 9, "7"]) == 10


def test_the_words_for_a_scale():
    scale = Scale()
    scale.see("True")
    assert scale.words() == "thumbs"
    scale.see("4", 5)
    assert scale.words() == "thumbs, 1 to 5"
    bare = Scale()
    bare.see("9")
    assert bare.words() == "0 to 10"


@pytest.mark.parametrize(
    ("value", "scale", "expected"),
    [(1, 5, 1), (3, 5, 3), (4.5, 5, 4.5), (0.5, 5, 1), (0, 1, 1), (1, 1, 5), (0, 10, 1), (5, 10, 3),
     (10, 10, 5), (80, 100, 4.2), (4, 7, 3), (7, 7, 5)],
)  # fmt: skip
def test_stars(value, scale, expected):
    assert stars(value, scale) == pytest.approx(expected)


@given(st.sampled_from([1.0, 3.0, 5.0, 6.0, 7.0, 10.0, 20.0, 100.0]), st.floats(0, 1), st.floats(0, 1))
def test_stars_stay_between_one_and_five_and_keep_the_order(scale, one, two):
    low, high = sorted((one * scale, two * scale))
    assert 1 <= stars(low, scale) <= stars(high, scale) <= 5
    assert stars(scale, scale) == 5
    assert stars(worst(scale), scale) == 1
