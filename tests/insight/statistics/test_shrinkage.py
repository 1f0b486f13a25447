from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ugc.insight.statistics.shrinkage import shrink_means, shrink_shares

groups = st.lists(
    st.integers(0, 300).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n))), min_size=1, max_size=12
)


@given(groups)
def test_a_shrunk_share_lies_between_its_own_and_the_overall_one(found: list[tuple[int, int]]) -> None:
    shrunk = shrink_shares([count for count, _ in found], [n for _, n in found])
    everything = sum(n for _, n in found)
    for (count, n), share in zip(found, shrunk, strict=True):
        if n == 0:
            assert share is None
            continue
        overall = sum(k for k, _ in found) / everything
        assert min(count / n, overall) - 1e-9 <= share <= max(count / n, overall) + 1e-9


def test_small_groups_are_drawn_more() -> None:
    counts, sizes = [3, 300, 60, 150], [3, 400, 400, 400]
    small, large, *_ = shrink_shares(counts, sizes)
    overall = sum(counts) / sum(sizes)
    assert abs(small - 1.0) > abs(large - 0.75)
    assert overall < small < 0.9
    assert small < 0.75 or large == pytest.approx(0.75, abs=0.01)


def test_a_lucky_small_group_does_not_lead() -> None:
    shrunk = shrink_shares([2, 240, 100, 100], [2, 400, 400, 400])
    assert shrunk[1] > shrunk[0]


def test_groups_that_differ_by_chance_alone_are_the_same() -> None:
    assert shrink_shares([10, 11, 10], [100, 100, 100]) == [pytest.approx(31 / 300)] * 3


def test_shrunk_shares_are_nearer_the_truth_than_raw_ones() -> None:
    generator = np.random.default_rng(5)
    raw, drawn = 0.0, 0.0
    for _ in range(200):
        truth = generator.beta(4, 6, 20)
        sizes = generator.integers(3, 40, 20)
        counts = generator.binomial(sizes, truth)
        shrunk = np.array(shrink_shares(counts.tolist(), sizes.tolist()), dtype=float)
        raw += float(((counts / sizes - truth) ** 2).sum())
        drawn += float(((shrunk - truth) ** 2).sum())
    assert drawn < 0.85 * raw


def test_shrunk_means_are_nearer_the_truth_than_raw_ones() -> None:
    generator = np.random.default_rng(6)
    raw, drawn = 0.0, 0.0
    for _ in range(200):
        truth = generator.normal(3.8, 0.4, 20)
        samples = [generator.normal(mean, 1.2, int(generator.integers(2, 30))) for mean in truth]
        sums = [float(one.sum()) for one in samples]
        squares = [float((one**2).sum()) for one in samples]
        shrunk = np.array(shrink_means([one.size for one in samples], sums, squares), dtype=float)
        raw += float(((np.array([one.mean() for one in samples]) - truth) ** 2).sum())
        drawn += float(((shrunk - truth) ** 2).sum())
    assert drawn < 0.85 * raw


def test_nothing_and_one_group() -> None:
    assert shrink_shares([0, 0], [0, 0]) == [None, None]
    assert shrink_shares([2, 0], [4, 0]) == [0.5, None]
    assert shrink_shares([], []) == []
    assert shrink_means([0], [0.0], [0.0]) == [None]
    assert shrink_means([2, 0], [9.0, 0.0], [41.0, 0.0]) == [4.5, None]
    assert shrink_means([1, 1], [5.0, 1.0], [25.0, 1.0]) == [3.0, 3.0]


def test_a_single_review_is_never_ranked_by_itself_alone() -> None:
    small, large, none = shrink_shares([1, 40, 0], [1, 40, 40])
    assert none < small < large < 1
    small, large = shrink_means([1, 40], [5.0, 160.0], [25.0, 640.0])
    assert small < 4.5
    assert large == pytest.approx(4.0, abs=0.01)
