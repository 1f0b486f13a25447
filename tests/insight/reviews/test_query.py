from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ugc.insight.reviews.query import MOST_CHARACTERS, MOST_WORDS, Term, conditions, terms


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("Ёж", [Term("ёж", False)]),
        ('банк "Очень  Долго"', [Term("банк", False), Term("очень долго", True)]),
        ("банк -кредит", [Term("банк", False), Term("кредит", False, True)]),
        ('-"на дом"', [Term("на дом", True, True)]),
        ("«на дом» „do domu” “at home”", [Term(x, True) for x in ("на дом", "do domu", "at home")]),
        ("долго, плохо!", [Term("долго", False), Term("плохо", False)]),
        ("быстро - хорошо", [Term("быстро", False), Term("хорошо", False)]),
        ("банк банк", [Term("банк", False)]),
        ("5.2.0 100% wi-fi", [Term("5.2.0", False), Term("100%", False), Term("wi-fi", False)]),
        ('"очень', [Term("очень", False)]),
        ('"" - " "', []),
        ("", []),
    ],
)
def test_terms(query, expected):
    assert terms(query) == expected


def test_a_query_has_an_end():
    assert len(terms(" ".join(f"слово{n}" for n in range(100)))) == MOST_WORDS
    assert len(terms("я" * 10_000)[0].said) == MOST_CHARACTERS


def test_each_term_is_one_look_at_the_text():
    parts, params = conditions('курьер "в срок" -долго')
    assert parts == [
        "regexp_matches(r.text, $q_0_any)",
        "regexp_matches(r.text, $q_1_any)",
        "NOT (regexp_matches(r.text, $q_2_any))",
    ]
    assert set(params) == {"q_0_any", "q_1_any", "q_2_any"}


@given(st.text(max_size=60))
def test_nothing_of_a_query_stands_in_the_statement(query):
    parts, params = conditions(query)
    shown = set("".join(parts))
    assert shown <= set("regexp_matchs(.t,$q_0123456789any)NOT CASElgueWHEN'pl'THEN'en'ELSEND ")
    assert all(value.startswith("(?i)") for value in params.values())
