from __future__ import annotations

import pytest

from ugc.text import identifiers


@pytest.mark.parametrize(
    ("check", "good"),
    [
        (identifiers.is_card, "4111111111111111"),
        (identifiers.is_card, "378282246310005"),
        (identifiers.is_inn, "7707083893"),
        (identifiers.is_inn, "500100732259"),
        (identifiers.is_snils, "11223344595"),
        (identifiers.is_pesel, "44051401359"),
        (identifiers.is_nip, "5261040828"),
        (identifiers.is_iban, "DE89370400440532013000"),
        (identifiers.is_iban, "gb82west12345698765432"),
        (identifiers.is_nrb, "61109010140000071219812874"),
    ],
)
def test_known_numbers_hold_and_their_neighbours_do_not(check, good):
    assert check(good)
    last = "0" if good[-1] != "0" else "1"
    assert not check(good[:-1] + last)
    assert not check(good[:-1])


@pytest.mark.parametrize(
    "check",
    [identifiers.is_card, identifiers.is_inn, identifiers.is_snils, identifiers.is_pesel, identifiers.is_nip],
)
@pytest.mark.parametrize("length", [10, 11, 12, 16])
def test_a_row_of_zeros_names_nobody(check, length):
    assert not check("0" * length)


def test_pesel_needs_a_day_that_exists():
    assert not identifiers.is_pesel("44133101353")
    assert not identifiers.is_pesel("44023001355")
