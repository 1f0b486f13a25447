from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.corrected import Claim, Corrected
from ugc.errors import InputError
from ugc.tagging.corrected_lines import lines, read_lines

words = st.text(max_size=20)
claims = st.builds(
    Claim,
    st.integers(0, 9),
    st.integers(10, 99),
    words,
    st.booleans(),
    st.none() | words,
    st.none() | words,
)
rows = st.builds(
    Corrected,
    words,
    words,
    st.none() | words,
    st.none() | words,
    st.none() | words,
    st.tuples(claims),
    st.integers(1, 9),
)


@given(st.lists(rows, max_size=4))
def test_what_is_written_is_read_again(found):
    written = list(lines(found))
    assert all(one.endswith("\n") and "\n" not in one[:-1] for one in written)
    assert read_lines(written) == found


def test_a_line_names_its_fields():
    claim = Claim(0, 14, "speed", True, "negative")
    (line,) = lines([Corrected("a", "Курьер опоздал", "ru", "mixed", None, (claim,), 2)])
    assert json.loads(line) == {
        "id": "a",
        "text": "Курьер опоздал",
        "language": "ru",
        "sentiment": "mixed",
        "contact": None,
        "claims": [
            {
                "start": 0,
                "end": 14,
                "theme": "speed",
                "present": True,
                "polarity": "negative",
                "touchpoint": None,
            }
        ],
        "corrections": 2,
    }


@pytest.mark.parametrize(
    "line", ["{", "1", "[]", "{}", '{"claims": [1]}', '{"claims": [], "id": "a"}', '{"claims": 1}']
)
def test_what_is_no_such_line_is_named(line):
    with pytest.raises(InputError, match="Line 2 "):
        read_lines(["\n", line])
