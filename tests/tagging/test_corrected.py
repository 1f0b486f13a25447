"""Corrections in the lake become claims that a model can learn from."""

from __future__ import annotations

from collections.abc import Callable

from models.corrected import Claim, Corrected
from ugc.lake import Edit, Lake
from ugc.tagging.corrected import read_corrected

LATE = "Курьер опоздал, но был вежлив."


def read(lake: Lake) -> list[Corrected]:
    with lake.snapshot() as snapshot:
        return read_corrected(snapshot)


def identity(lake: Lake, text: str) -> str:
    with lake.snapshot() as snapshot:
        return snapshot.sql("SELECT id FROM reviews WHERE text = ?", [text])["id"][0].as_py()


def test_nobody_corrected_anything(plant: Callable[..., Lake]) -> None:
    assert read(plant({"text": LATE})) == []


def test_each_kind_of_correction(plant: Callable[..., Lake]) -> None:
    lake = plant({"text": LATE, "language": "ru"}, {"text": "Ничего", "language": "ru"})
    review = identity(lake, LATE)
    lake.add_correction(review, "sentiment", "mixed")
    lake.add_correction(review, "contact", "complaint")
    lake.add_correction(review, "theme", "promises", start=0, end=14, theme="speed")
    lake.add_correction(review, "polarity", "negative", start=0, end=14, theme="promises")
    lake.add_correction(review, "touchpoint", "delivery", start=0, end=14, theme="promises")
    lake.add_correction(review, "added", "positive", start=16, end=29, theme="politeness")
    lake.add_correction(review, "removed", "yes", start=16, end=29, theme="price")
    (found,) = read(lake)
    assert (found.text, found.language, found.corrections) == (LATE, "ru", 7)
    assert (found.sentiment, found.contact) == ("mixed", "complaint")
    assert set(found.claims) == {
        Claim(0, 14, "speed", False),
        Claim(0, 14, "promises", True, "negative", "delivery"),
        Claim(16, 29, "politeness", True, "positive"),
        Claim(16, 29, "price", False),
    }


def test_what_was_known_of_a_mention_goes_with_its_theme(plant: Callable[..., Lake]) -> None:
    lake = plant({"text": LATE})
    review = identity(lake, LATE)
    lake.add_correction(review, "polarity", "neutral", start=0, end=14, theme="speed")
    lake.add_correction(review, "theme", "promises", start=0, end=14, theme="speed")
    (found,) = read(lake)
    assert set(found.claims) == {Claim(0, 14, "speed", False), Claim(0, 14, "promises", True, "neutral")}


def test_only_corrections_in_force_count(plant: Callable[..., Lake]) -> None:
    lake = plant({"text": LATE}, {"text": "Спасибо"})
    review, other = identity(lake, LATE), identity(lake, "Спасибо")
    lake.add_correction(review, "sentiment", "neutral")
    lake.add_correction(review, "sentiment", "mixed")
    lake.add_correction(other, "sentiment", "neutral")
    lake.add_correction(other, "sentiment", None)
    (found,) = read(lake)
    assert (found.id, found.sentiment, found.corrections) == (review, "mixed", 1)
    assert found.claims == ()


def test_a_theme_of_ones_own_is_nothing_to_learn(plant: Callable[..., Lake]) -> None:
    lake = plant({"text": LATE})
    names = ("Курьеры", "Couriers", "Kurierzy")
    lake.add_label(Edit("couriers", own=True, names=names, covers=("", "", ""), examples=((), (), ())))
    lake.add_correction(identity(lake, LATE), "theme", "couriers", start=0, end=14, theme="speed")
    (found,) = read(lake)
    assert found.claims == (Claim(0, 14, "speed", False),)
