"""What is typed, made fit to be kept."""

from __future__ import annotations

import pytest

from ugc import taxonomy
from ugc.errors import InputError
from ugc.theming import Draft


def test_texts_come_to_single_lines_and_one_name_serves_all_languages():
    draft = Draft(names=("", " Car\n park ", ""), examples=(("", " а  б ", "а б"), (), ("x",))).tidy()
    assert draft.names == ("Car park",) * 3
    assert draft.examples == (("а б",), (), ("x",))
    assert Draft(names=("Стоянка", "", "")).tidy().names == ("Стоянка",) * 3
    assert Draft(names=("Стоянка", "", "Parking")).tidy().names == ("Стоянка", "Parking", "Parking")


def test_what_nobody_sees_is_no_name_and_turns_nothing_around():
    draft = Draft(
        names=("\u200b\ufeff", "\u202eCar\u200b park\x00", ""), examples=(("\u200b",), ("a\u200bb",), ())
    )
    assert draft.tidy().names == ("Car park",) * 3
    assert draft.tidy().examples == ((), ("a\u200bb",), ())
    assert Draft(names=("👩\u200d🔧", "", "")).tidy().names[0] == "👩\u200d🔧"
    assert Draft(names=("\ud800", "\u200d", "")).tidy().names == ("",) * 3


@pytest.mark.parametrize(
    ("name", "key"),
    [
        ("Парковка у входа", "parkovka_u_vkhoda"),
        ("Ładowarka — żółta", "ladowarka_zolta"),
        ("24/7", "own_24_7"),
        ("🙂", "own"),
        ("x" * 90, "x" * 40),
    ],
)
def test_a_key_is_made_from_the_name(name, key):
    assert Draft(names=(name, "", "")).named_key(()) == key


def test_a_key_that_is_taken_gets_a_number():
    taken = {"parking", "parking_2"}
    assert Draft(names=("", "Parking", "")).named_key(taken) == "parking_3"
    long = "y" * 60
    assert len(Draft(names=(long, "", "")).named_key({"y" * 40})) <= 40


def test_what_is_in_force_is_where_editing_begins():
    shipped = taxonomy.label("themes", "speed")
    assert Draft.of("speed").names == tuple(shipped.name(one) for one in taxonomy.LANGUAGES)
    assert not Draft.of("speed").own
    with pytest.raises(InputError, match="no theme 'spede'"):
        Draft.of("spede")
