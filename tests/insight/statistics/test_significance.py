from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from ugc.insight.statistics.significance import ALPHA, adjust, two_shares


def test_large_counts_take_the_pooled_z_test() -> None:
    table = [[60, 140], [90, 110]]
    assert two_shares(60, 200, 90, 200) == pytest.approx(
        stats.chi2_contingency(table, correction=False).pvalue
    )


def test_small_counts_take_fishers_test() -> None:
    assert two_shares(3, 9, 0, 30) == pytest.approx(stats.fisher_exact([[3, 6], [0, 30]]).pvalue)


def test_nothing_to_compare() -> None:
    assert two_shares(0, 0, 1, 5) is None
    assert two_shares(1, 5, 0, 0) is None
    assert two_shares(0, 10, 0, 20) == 1.0
    assert two_shares(10, 10, 20, 20) == 1.0


@given(st.integers(0, 80), st.integers(1, 80), st.integers(0, 80), st.integers(1, 80))
def test_p_is_a_probability_and_does_not_care_for_order(a: int, rest: int, b: int, other_rest: int) -> None:
    p = two_shares(a, a + rest, b, b + other_rest)
    assert 0 <= p <= 1
    assert p == pytest.approx(two_shares(b, b + other_rest, a, a + rest))


@given(st.lists(st.floats(0, 1), max_size=40))
def test_adjusting_is_that_of_benjamini_and_hochberg(p_values: list[float]) -> None:
    expected = stats.false_discovery_control(p_values) if p_values else []
    assert adjust(p_values) == pytest.approx(list(expected))


def test_few_false_calls_among_many_themes() -> None:
    generator = np.random.default_rng(3)
    calls = 0
    for _ in range(300):
        counts = generator.binomial(200, 0.1, (15, 2))
        q_values = adjust([two_shares(int(a), 200, int(b), 200) for a, b in counts])
        calls += any(q < ALPHA for q in q_values)
    assert calls / 300 < 0.09
