"""Each correction is found at the tag that it decides, or named as one that decides nothing now."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from ugc.insight import ReviewView, review
from ugc.insight.reviews.corrections import At, Corrections, said, trace
from ugc.lake import Lake
from ugc.review import text_hash

TEXT = "Курьер опоздал, но был вежлив."
LATE = {"start": 0, "end": 14, "theme": "speed"}
KIND = {"start": 16, "end": 29, "theme": "politeness"}


@pytest.fixture
def lake(plant: Callable[..., Lake]) -> Lake:
    """One review with two mentions."""
    mentions = [("Курьер опоздал", "speed", "negative"), ("но был вежлив", "politeness", "positive")]
    return plant({"text": TEXT, "sentiment": "mixed", "mentions": mentions})


def found(lake: Lake) -> tuple[ReviewView, Corrections]:
    """The review with its corrections traced."""
    with lake.snapshot() as snapshot:
        (identity,) = snapshot.sql("SELECT id FROM reviews")["id"].to_pylist()
        one = review(snapshot, identity)
        assert one is not None
        return one, trace(one, said(snapshot, identity, text_hash(one.text)))


def fields(made: Corrections) -> list[list[str]]:
    """Fields corrected of each mention shown."""
    return [[one.field for one in chain] for chain in made.mentions]


def test_nobody_corrected_anything(lake: Lake) -> None:
    assert found(lake)[1] == Corrections({}, ((), ()), ())


def test_each_correction_stands_at_its_tag(lake: Lake) -> None:
    identity = found(lake)[0].id
    lake.add_correction(identity, "sentiment", "mixed", author="Ola")
    lake.add_correction(identity, "polarity", "neutral", **KIND)
    lake.add_correction(identity, "touchpoint", "delivery", **KIND)
    _, made = found(lake)
    assert (made.whole["sentiment"].value, made.whole["sentiment"].author) == ("mixed", "Ola")
    assert made.whole["sentiment"].about is None
    assert fields(made) == [[], ["polarity", "touchpoint"]]
    assert made.unseen == ()


def test_a_mention_keeps_what_was_said_under_its_earlier_themes(lake: Lake) -> None:
    identity = found(lake)[0].id
    lake.add_correction(identity, "touchpoint", "delivery", **LATE)
    lake.add_correction(identity, "theme", "promises", **LATE)
    lake.add_correction(identity, "polarity", "neutral", **LATE | {"theme": "promises"})
    lake.add_correction(identity, "theme", "reliability", **LATE | {"theme": "promises"})
    one, made = found(lake)
    assert [mention.theme for mention in one.mentions] == ["reliability", "politeness"]
    assert fields(made) == [["touchpoint", "theme", "polarity", "theme"], []]


def test_a_removed_mention_is_named_with_all_that_was_said_of_it(lake: Lake) -> None:
    identity = found(lake)[0].id
    lake.add_correction(identity, "theme", "promises", **LATE)
    lake.add_correction(identity, "removed", "yes", **LATE | {"theme": "promises"})
    one, made = found(lake)
    assert [mention.theme for mention in one.mentions] == ["politeness"]
    (unseen,) = made.unseen
    assert unseen.at == At(0, 14, "promises")
    assert [one.field for one in unseen.chain] == ["theme", "removed"]
    assert unseen.removal == unseen.chain[-1]


def test_a_correction_that_meets_nothing_rests(lake: Lake) -> None:
    identity = found(lake)[0].id
    lake.add_correction(identity, "theme", "price", start=0, end=6, theme="safety")
    (unseen,) = found(lake)[1].unseen
    assert unseen.at == At(0, 6, "price")
    assert unseen.removal is None


def test_another_drawing_of_the_clause_is_met(lake: Lake) -> None:
    lake.add_correction(found(lake)[0].id, "polarity", "neutral", start=2, end=15, theme="speed")
    assert fields(found(lake)[1]) == [["polarity"], []]


def test_what_was_added_and_removed_again_stands_at_one_mention(lake: Lake) -> None:
    identity = found(lake)[0].id
    lake.add_correction(identity, "removed", "yes", **LATE)
    lake.add_correction(identity, "added", "negative", **LATE)
    assert fields(found(lake)[1]) == [["removed", "added"], []]


def test_corrections_of_another_text_do_not_count(lake: Lake) -> None:
    identity = found(lake)[0].id
    lake.add_correction(identity, "sentiment", "mixed")
    with lake.snapshot() as snapshot:
        assert said(snapshot, identity, text_hash("Другой текст.")) == ()
