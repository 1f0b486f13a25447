"""Edits of themes, themes of one's own, and the mentions that clauses like their examples are."""

from __future__ import annotations

from dataclasses import replace

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from ugc import taxonomy
from ugc.errors import InputError
from ugc.lake import Edit, Lake
from ugc.lake.labels import LONGEST_EXAMPLE, LONGEST_NAME, MOST_EXAMPLES, name_drawing
from ugc.schema import LIKENED

PARKING = Edit(
    "parking",
    own=True,
    names=("Парковка", "Parking", "Parking"),
    covers=("", "Where to leave the car", ""),
    examples=(("негде встать",), (), ()),
    threshold=0.5,
    drawing="20250101T000000-aaaa",
    model="m@1",
    measure=b"\x00",
)


def laid(lake: Lake, edit: Edit, *reviews: str, likeness: float = 0.75) -> None:
    """Likens the first mention of each review to the examples of a theme."""
    with lake.snapshot() as snapshot:
        query = (
            'SELECT m.review_id, t.text_hash, t.model, m.start, m."end" FROM mentions m '
            "JOIN tags t ON t.review_id = m.review_id WHERE m.review_id IN (SELECT unnest($ids)) AND m.n = 0"
        )
        found = snapshot.sql(query, {"ids": list(reviews)}).to_pylist()
    rows = [row | {"drawing": edit.drawing, "theme": edit.key, "likeness": likeness} for row in found]
    assert lake.write_likened(pa.Table.from_pylist(rows, schema=LIKENED)) == len(reviews)


OWN = (
    "SELECT review_id, n, polarity, touchpoint, confidence AS c, quote FROM mentions WHERE theme = 'parking'"
)


def test_the_last_edit_of_a_theme_holds(lake):
    speed = Edit("speed", False, ("Темп", "Pace", "Tempo"), ("а", "b", "c"), (("быстро",), (), ()))
    lake.add_label(replace(speed, author="Анна"))
    assert taxonomy.label("themes", "speed").name("pl") == "Tempo"
    lake.add_label(replace(speed, names=("Ход", "Pace", "Tempo")))
    with lake.snapshot() as snapshot:
        (held,) = snapshot.edits().values()
        assert snapshot.raw("SELECT count(*) AS n FROM labels").to_pylist() == [{"n": 2}]
    assert (held.names, held.covers, held.examples) == (
        ("Ход", "Pace", "Tempo"),
        ("а", "b", "c"),
        (("быстро",), (), ()),
    )
    assert len(taxonomy.keys("themes")) == len(taxonomy.shipped("themes"))
    lake.add_label(speed, removed=True)
    assert taxonomy.labels("themes") == taxonomy.shipped("themes")


def test_what_is_left_alone_follows_the_shipped_words(lake):
    shipped = taxonomy.shipped("themes")[0]
    texts = {
        name: tuple(getattr(shipped, name)[one] for one in taxonomy.LANGUAGES) for name in ("names", "covers")
    }
    examples = tuple(shipped.examples.get(one, ()) for one in taxonomy.LANGUAGES)
    lake.add_label(Edit(shipped.key, False, ("Иначе", *texts["names"][1:]), texts["covers"], examples))
    with lake.snapshot() as snapshot:
        (row,) = snapshot.raw("SELECT * FROM labels").to_pylist()
        assert snapshot.edits()[shipped.key].names == ("Иначе", *texts["names"][1:])
    assert row["name_ru"] == "Иначе"
    assert [row[name] for name in ("name_en", "covers_ru", "examples_pl")] == [None, None, None]


@pytest.mark.parametrize(
    "wrong",
    [
        {"key": "Парковка"},
        {"key": "speed"},
        {"own": False},
        {"names": ("Парковка", "", "Parking")},
        {"names": ("П" * (LONGEST_NAME + 1),) * 3},
        {"examples": (("x" * (LONGEST_EXAMPLE + 1),), (), ())},
        {"examples": (tuple(f"пример {n}" for n in range(MOST_EXAMPLES + 1)), (), ())},
    ],
)
def test_what_cannot_be_is_refused_and_nothing_is_written(lake, wrong):
    with pytest.raises(InputError):
        lake.add_label(replace(PARKING, **wrong))
    assert lake.info().rows("labels") == 0


def test_clauses_like_the_examples_are_mentions_once_the_edit_names_them(tagged, rows, ask):
    laid(tagged, PARKING, rows.id(1), rows.id(2))
    assert ask(tagged, OWN) == []
    tagged.add_label(PARKING)
    found = ask(tagged, f"{OWN} ORDER BY review_id")
    assert {one["review_id"] for one in found} == {rows.id(1), rows.id(2)}
    with tagged.snapshot() as snapshot:
        base = snapshot.sql("SELECT * FROM mentions WHERE theme = 'speed'").to_pylist()
    for one in found:
        near = next(each for each in base if each["review_id"] == one["review_id"])
        assert (one["polarity"], one["touchpoint"], one["quote"]) == (
            near["polarity"],
            near["touchpoint"],
            near["quote"],
        )
        assert (one["c"], one["n"]) == (0.75, near["n"] + 1)
    assert ask(tagged, "SELECT sum(mentions) AS n FROM raises WHERE theme = 'parking'") == [{"n": 2}]
    assert ask(tagged, "SELECT count(*) AS n FROM reasoned WHERE theme = 'parking'") == [{"n": 2}]


def test_a_theme_that_the_model_found_there_is_not_doubled(tagged, rows, ask):
    speed = Edit(
        "speed",
        False,
        ("Скорость", "Speed", "Szybkość"),
        ("", "", ""),
        (("ждал",), (), ()),
        0.5,
        PARKING.drawing,
        "m@1",
        b"\x00",
    )
    laid(tagged, speed, rows.id(1))
    tagged.add_label(speed)
    assert ask(tagged, f"SELECT count(*) AS n FROM mentions WHERE review_id = '{rows.id(1)}'") == [{"n": 1}]


def test_another_drawing_or_text_lets_the_old_one_vanish(tagged, rows, ask):
    laid(tagged, PARKING, rows.id(1), rows.id(2))
    tagged.add_label(PARKING)
    tagged.upsert_reviews(rows.reviews(rows.review(1, "Теперь другое")))
    assert [one["review_id"] for one in ask(tagged, OWN)] == [rows.id(2)]
    tagged.add_label(replace(PARKING, drawing="20250102T000000-bbbb"))
    assert ask(tagged, OWN) == []


def test_corrections_hold_for_such_mentions(tagged, rows, ask):
    laid(tagged, PARKING, rows.id(1), rows.id(2))
    tagged.add_label(PARKING)
    with tagged.snapshot() as snapshot:
        spans = {
            one["review_id"]: {"start": one["start"], "end": one["end"], "theme": "parking"}
            for one in snapshot.sql("SELECT * FROM mentions WHERE theme = 'parking'").to_pylist()
        }
    tagged.add_correction(rows.id(1), "removed", "yes", **spans[rows.id(1)])
    tagged.add_correction(rows.id(2), "polarity", "positive", **spans[rows.id(2)])
    (left,) = ask(tagged, OWN)
    assert (left["review_id"], left["polarity"], left["c"]) == (rows.id(2), "positive", 1.0)
    tagged.add_correction(rows.id(3), "added", "negative", start=0, end=5, theme="parking")
    assert {one["review_id"] for one in ask(tagged, OWN)} == {rows.id(2), rows.id(3)}


def test_compacting_drops_what_no_edit_names_and_nobody_is_making(tagged, rows, ask):
    young = replace(PARKING, drawing=name_drawing())
    for one in (PARKING, replace(PARKING, drawing="20250102T000000-bbbb"), young):
        laid(tagged, one, rows.id(1))
    tagged.add_label(PARKING)
    assert tagged.compact(keep_hours=0).likened_dropped == 1
    with tagged.snapshot() as snapshot:
        left = snapshot.raw("SELECT drawing FROM likened").column(0).to_pylist()
    assert set(left) == {PARKING.drawing, young.drawing}
    assert len(ask(tagged, OWN)) == 1
    tagged.upsert_reviews(rows.reviews(rows.review(1, "Теперь другое")))
    tagged.write_tags(*rows.tags(tagged.untagged("m@1"), "b2"))
    assert tagged.compact(keep_hours=0).likened_dropped == 2


def test_forgetting_takes_the_rows_and_the_examples_that_came_from_the_texts(lake, rows, tmp_path):
    text = "На площади вечером машину поставить негде, долго ждал"
    lake.upsert_reviews(rows.reviews(rows.review(1, text, author="0" * 16), rows.review(2)))
    lake.write_tags(*rows.tags(lake.untagged("m@1"), "b1"))
    taken = "машину поставить негде, долго"
    edit = replace(PARKING, examples=((taken, "негде встать"), (), ()))
    laid(lake, edit, rows.id(1), rows.id(2))
    lake.add_label(edit)
    lake.forget("0" * 16)
    with lake.snapshot() as snapshot:
        assert snapshot.edits()["parking"].examples == (("негде встать",), (), ())
        assert [one["review_id"] for one in snapshot.raw("SELECT * FROM likened").to_pylist()] == [rows.id(2)]
    assert lake.check().problems == ()
    for path in (tmp_path / "lake" / "labels").rglob("*.parquet"):
        assert taken not in str(pq.read_table(path).to_pylist())
