from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats
from statsmodels.stats.proportion import confint_proportions_2indep, proportion_confint

from ugc.insight.statistics import intervals


@st.composite
def shares(draw: st.DrawFn) -> tuple[int, int]:
    n = draw(st.integers(1, 5000))
    return draw(st.integers(0, n)), n


@given(shares())
def test_wilson_is_that_of_the_books_and_holds_its_share(share: tuple[int, int]) -> None:
    count, n = share
    value, low, high = intervals.wilson(count, n)
    assert 0 <= low <= value == count / n <= high <= 1
    assert high > low
    expected = proportion_confint(count, n, method="wilson")
    assert (low, high) == pytest.approx(expected, abs=1e-12)


@given(shares(), st.integers(2, 50))
def test_wilson_shrinks_with_n(share: tuple[int, int], more: int) -> None:
    count, n = share
    _, low, high = intervals.wilson(count, n)
    _, nearer_low, nearer_high = intervals.wilson(count * more, n * more)
    assert nearer_high - nearer_low < high - low


@pytest.mark.parametrize("p", [0.02, 0.1, 0.34, 0.5, 0.97])
def test_wilson_covers_the_truth(p: float) -> None:
    draws = np.random.default_rng(7).binomial(150, p, 4000)
    covered = [intervals.wilson(int(k), 150).low <= p <= intervals.wilson(int(k), 150).high for k in draws]
    assert np.mean(covered) >= 0.93


def test_nothing_has_no_interval() -> None:
    assert intervals.wilson(0, 0) is None
    assert intervals.net(0, 0, 0) is None
    assert intervals.difference(0, 0, 3, 9) is None
    assert intervals.difference(3, 9, 0, 0) is None
    assert intervals.mean(0, 0.0, 0.0, least=1, most=5) is None


@given(shares(), shares())
def test_difference_is_newcombes(one: tuple[int, int], other: tuple[int, int]) -> None:
    value, low, high = intervals.difference(*one, *other)
    assert -1 <= low <= value <= high <= 1
    expected = confint_proportions_2indep(*one, *other, method="newcomb", compare="diff")
    assert (low, high) == pytest.approx(expected, abs=1e-9)


@given(st.integers(0, 300), st.integers(0, 300), st.integers(0, 300))
def test_net_contains_its_value_and_turns_round(positive: int, negative: int, rest: int) -> None:
    n = positive + negative + rest
    if n == 0:
        return
    value, low, high = intervals.net(positive, negative, n)
    assert value == pytest.approx((positive - negative) / n)
    assert -1 <= low <= value <= high <= 1
    turned = intervals.net(negative, positive, n)
    assert (turned.low, turned.high) == pytest.approx((-high, -low))


@pytest.mark.parametrize("truth", [(0.5, 0.38), (0.9, 0.05), (0.1, 0.1)])
def test_net_covers_the_truth(truth: tuple[float, float]) -> None:
    positive, negative = truth
    draws = np.random.default_rng(8).multinomial(80, [positive, negative, 1 - positive - negative], 3000)
    found = [intervals.net(int(a), int(b), 80) for a, b, _ in draws]
    assert np.mean([one.low <= positive - negative <= one.high for one in found]) >= 0.93


STARS = {
    "split": [0.3, 0.05, 0.05, 0.1, 0.5],
    "happy": [0.02, 0.01, 0.02, 0.15, 0.8],
    "even": [0.2, 0.2, 0.2, 0.2, 0.2],
}


@pytest.mark.parametrize("n", [2, 5, 12, 60, 400])
@pytest.mark.parametrize("kind", STARS)
def test_mean_covers_the_truth_in_small_samples_too(kind: str, n: int) -> None:
    truth = float(np.dot(STARS[kind], [1, 2, 3, 4, 5]))
    draws = np.random.default_rng(9).choice([1.0, 2, 3, 4, 5], size=(2500, n), p=STARS[kind])
    found = [intervals.mean(n, float(row.sum()), float((row**2).sum()), least=1, most=5) for row in draws]
    assert np.mean([one.low <= truth <= one.high for one in found]) >= 0.93


@given(st.lists(st.integers(1, 5).map(float), min_size=1, max_size=200))
def test_mean_stays_on_its_scale_and_has_a_width(stars: list[float]) -> None:
    value, low, high = intervals.mean(len(stars), sum(stars), sum(s * s for s in stars), least=1, most=5)
    assert value == pytest.approx(np.mean(stars))
    assert 1 <= low <= value <= high <= 5
    assert high > low


def test_mean_of_many_is_the_textbook_interval() -> None:
    stars = np.random.default_rng(1).choice([1.0, 2, 3, 4, 5], size=20_000, p=STARS["split"])
    found = intervals.mean(stars.size, float(stars.sum()), float((stars**2).sum()), least=1, most=5)
    expected = stats.t.interval(0.95, stars.size - 1, stars.mean(), stats.sem(stars))
    assert (found.low, found.high) == pytest.approx(expected, abs=1e-4)


def test_one_rating_tells_next_to_nothing() -> None:
    assert intervals.mean(1, 5.0, 25.0, least=1, most=5) == (5.0, 1.0, 5.0)
