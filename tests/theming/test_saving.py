"""A theme from examples: looked at, found in the history and in what comes later, edited and taken away."""

from __future__ import annotations

from dataclasses import replace

import pytest

from models.tagger import Tagger
from tests.theming.parked import TEXTS, Exact, parked, with_vectors
from ugc import taxonomy
from ugc.errors import InputError
from ugc.insight.reviews.quotes import said
from ugc.tagging import add_vectors
from ugc.theming import Draft, draw, measure, near, remove, save

DRAFT = Draft(
    names=("Парковка", "Parking", "Parking"), examples=((), ("park 0", "park 9"), ()), threshold=0.5
)


@pytest.fixture
def lake(plant):
    return parked(plant)


def of(lake, draft=DRAFT, reader=None):
    with lake.snapshot() as snapshot:
        return measure(snapshot, draft.examples, reader or Exact(), theme=draft.key)


def found(lake, theme="parking"):
    with lake.snapshot() as snapshot:
        rows = snapshot.sql(
            "SELECT r.text FROM mentions m JOIN reviews r ON r.id = m.review_id WHERE m.theme = $theme",
            {"theme": theme},
        )
    return sorted(rows.column(0).to_pylist())


PARK = sorted(text for text in TEXTS if text.startswith("park"))


def test_the_most_like_come_first_and_the_threshold_parts_them(lake):
    with lake.snapshot() as snapshot:
        seen = near(snapshot, of(lake))
        quotes = said(snapshot, seen.nearest(6))
    assert seen.looked == len(TEXTS)
    assert sorted(one.text for one in quotes[:4]) == PARK
    assert [one.confidence for one in quotes] == sorted((one.confidence for one in quotes), reverse=True)
    edge = quotes[3].confidence
    assert (seen.mentions(edge), seen.reviews(edge)) == (4, 4)
    assert seen.inside(edge, 2) == seen.nearest(4)[:1:-1]
    assert seen.outside(edge, 2) == seen.nearest(6)[4:]
    assert seen.steps[0] <= seen.suggested <= edge
    assert seen.mentions(0.99) == 0


def test_an_example_that_a_customer_said_is_taken_as_it_was_read_there(lake):
    class Deaf(Exact):
        def vector(self, text):
            return Exact.vector(self, "price 0")

    with lake.snapshot() as snapshot:
        by = measure(snapshot, ((), ("park 0",), ()), Deaf())
        nearest = said(snapshot, near(snapshot, by).nearest(1))
    assert nearest[0].text == "park 0"


def test_a_theme_is_found_in_the_history_and_taken_away(lake):
    told = []
    saved = save(lake, DRAFT, measure=of(lake), author="Анна", progress=lambda *at: told.append(at))
    assert (saved.key, saved.mentions, saved.reviews) == ("parking", 4, 4)
    assert told[-1] == (len(TEXTS), len(TEXTS))
    assert found(lake) == PARK
    assert taxonomy.label("themes", "parking").own
    assert taxonomy.keys("themes")[-1] == "parking"
    remove(lake, "parking")
    assert found(lake) == []
    assert "parking" not in taxonomy.keys("themes")
    with pytest.raises(InputError, match="Nobody has edited"):
        remove(lake, "parking")


def test_what_is_tagged_later_is_found_once(plant, lake):
    save(lake, DRAFT, measure=of(lake))
    new = {"text": "park 7", "source_id": "new", "language": "en", "sentiment": "negative"}
    plant(new | {"mentions": [("park 7", "environment", "negative")]})
    with_vectors(lake, Exact())
    assert found(lake) == PARK
    assert draw(lake) == 1
    assert draw(lake) == 0
    assert found(lake) == [*PARK, "park 7"]


def test_a_new_name_keeps_what_was_found_and_a_new_threshold_needs_no_model(lake):
    save(lake, DRAFT, measure=of(lake))
    with lake.snapshot() as snapshot:
        first = snapshot.edits()["parking"]
    renamed = replace(Draft.of("parking", first), names=("Стоянка", "Car park", "Postój"))
    assert save(lake, renamed).mentions == 4
    with lake.snapshot() as snapshot:
        assert snapshot.edits()["parking"].drawing == first.drawing
    assert save(lake, replace(renamed, threshold=0.95)).mentions < 4
    with pytest.raises(InputError, match="not been compared"):
        save(lake, replace(renamed, examples=(("иначе",), (), ())))


def test_a_shipped_theme_is_found_by_examples_too_but_not_twice(lake):
    speed = replace(Draft.of("speed"), examples=DRAFT.examples, threshold=0.5)
    assert save(lake, speed, measure=of(lake, speed)).mentions == 4
    assert found(lake, "speed") == PARK
    environment = replace(Draft.of("environment"), examples=DRAFT.examples, threshold=0.5)
    with lake.snapshot() as snapshot:
        assert near(snapshot, of(lake, environment)).looked == 0
    remove(lake, "speed")
    assert found(lake, "speed") == []


def test_clauses_of_a_theme_are_looked_at_again_when_it_is_edited(lake):
    save(lake, DRAFT, measure=of(lake))
    with lake.snapshot() as snapshot:
        again = Draft.of("parking", snapshot.edits()["parking"])
        assert near(snapshot, of(lake, again)).mentions(0.5) == 4


def test_another_model_reads_the_examples_anew(lake):
    save(lake, DRAFT, measure=of(lake))
    with lake.snapshot() as snapshot:
        tags = snapshot.raw("SELECT * FROM tags")
        mentions = snapshot.raw("SELECT * FROM mentions")
    rows = [row | {"model": "hand@2", "batch": "b2"} for row in tags.to_pylist()]
    other = [row | {"batch": "b2"} for row in mentions.to_pylist()]
    lake.write_tags(
        tags.from_pylist(rows, schema=tags.schema), mentions.from_pylist(other, schema=mentions.schema)
    )
    with_vectors(lake, Exact("hand@2"))
    assert found(lake) == []
    assert draw(lake) == 0
    assert draw(lake, Exact("hand@2")) == 4
    assert found(lake) == PARK


@pytest.mark.parametrize(
    ("draft", "message"),
    [
        (replace(DRAFT, names=("", " ", "")), "no name"),
        (replace(DRAFT, names=("скорость", "", "")), "already"),
        (replace(DRAFT, examples=((), (" ",), ())), "found by its examples"),
        (replace(DRAFT, threshold=None), "found by its examples"),
        (replace(DRAFT, names=("п" * 61, "", "")), "61 characters"),
    ],
)
def test_what_cannot_be_kept_is_told(lake, draft, message):
    by = of(lake)
    with pytest.raises(InputError, match=message):
        save(lake, draft, measure=by)
    with lake.snapshot() as snapshot:
        assert snapshot.edits() == {}


def test_what_cannot_be_compared_is_told(lake, plant):
    for examples, reader, message in (
        (((), (), ()), Exact(), "no example"),
        (((), ("!!!",), ()), Exact(), "No example has a word"),
        (DRAFT.examples, Exact("other@1"), r"another model \(hand@1\)"),
    ):
        with pytest.raises(InputError, match=message), lake.snapshot() as snapshot:
            measure(snapshot, examples, reader)


@pytest.fixture
def forgetful(plant):
    text = "park 0 and far too long a walk"
    return parked(plant, {"text": text, "author": "0" * 16, "source_id": "gone", "language": "en"}), text


def test_forgetting_takes_what_was_made_of_an_example_out_of_the_measure(forgetful):
    lake, text = forgetful
    theme = replace(DRAFT, examples=((), ("!!!", "queue 0", text), ()), threshold=0.3)
    save(lake, theme, measure=of(lake, theme))
    without = of(lake, replace(theme, examples=((), ("!!!", "queue 0"), ())))
    lake.forget("0" * 16)
    with lake.snapshot() as snapshot:
        edit = snapshot.edits()["parking"]
    assert edit.examples == ((), ("!!!", "queue 0"), ())
    assert (edit.measure, edit.threshold) == (without.packed, 0.3)
    draw(lake)
    assert draw(lake) == 0


def test_a_theme_all_of_whose_examples_are_forgotten_is_found_by_nothing(forgetful):
    lake, text = forgetful
    theme = replace(DRAFT, examples=((), (text,), ()))
    save(lake, theme, measure=of(lake, theme))
    assert found(lake)
    lake.forget("0" * 16)
    with lake.snapshot() as snapshot:
        edit = snapshot.edits()["parking"]
    assert (edit.measure, edit.threshold, edit.drawing, edit.model) == (None,) * 4
    assert found(lake) == []
    assert draw(lake, Exact()) == 0


CLAUSES = {
    "ru": (
        "Негде поставить машину у входа",
        "Стоянка маленькая и вечно занята",
        "Суп принесли холодным",
        "Очень вежливая девушка",
    ),
    "en": (
        "Finding a place to park took us half an hour",
        "The car park is full every evening",
        "The soup came cold",
        "Such a polite girl",
    ),
    "pl": (
        "Nie ma gdzie zaparkować samochodu",
        "Parking pod sklepem jest za mały",
        "Zupa była zimna",
        "Bardzo uprzejma pani",
    ),
}


def test_the_shipped_model_finds_a_theme_that_it_was_never_taught(plant):
    class Ours:
        version = "hand@1"

        def __init__(self):
            own = Tagger.load(threads=1)
            self.vectors, self.tag_with_vectors = own.vectors, own.tag_with_vectors

    reviews = [
        {"text": text, "source_id": text, "language": language, "sentiment": "negative"}
        | {"mentions": [(text, "environment", "negative")]}
        for language, own in CLAUSES.items()
        for text in own
    ]
    lake, reader = plant(*reviews), Ours()
    add_vectors(lake, reader)
    examples = (("Негде припарковаться",), ("There was nowhere to park",), ("Brak miejsc parkingowych",))
    with lake.snapshot() as snapshot:
        best = said(snapshot, near(snapshot, measure(snapshot, examples, reader)).nearest(6))
    assert {one.text for one in best} == {text for own in CLAUSES.values() for text in own[:2]}
