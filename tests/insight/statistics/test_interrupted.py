"""What changed at a week: planted changes are found again, and noise is not called a change."""

from __future__ import annotations

import numpy as np
import pytest
import statsmodels.api as sm
from hypothesis import given, settings
from hypothesis import strategies as st

from ugc.insight.statistics.interrupted import Series, interrupted, needed, newey_west, visible

DRAWS = 100
DRIFT = 0.075 / 52


def wander(dice: np.random.Generator, weeks: int, size: float, correlation: float = 0.3) -> np.ndarray:
    """An autoregression of first order with this standard deviation."""
    found = np.empty(weeks)
    found[0] = dice.normal() * size
    for place in range(1, weeks):
        found[place] = correlation * found[place - 1] + np.sqrt(1 - correlation**2) * size * dice.normal()
    return found


def shares(dice: np.random.Generator, wanted: np.ndarray, by_week: float) -> tuple[np.ndarray, np.ndarray]:
    """Share of each week, and its sampling variance by the pooled share; infinite without reviews."""
    n = dice.poisson(by_week, len(wanted))
    count = dice.binomial(n, np.clip(wanted, 0, 1))
    pooled = (count.sum() + 1) / (n.sum() + 2)
    values = np.divide(count, n, out=np.zeros(len(n)), where=n > 0)
    variance = np.divide(pooled * (1 - pooled), n, out=np.full(len(n), np.inf), where=n > 0)
    return values, variance


def single(seed: int, effect: float, slope: float = 0.0, by_week: float = 25) -> Series:
    """40 weeks before and 20 after of one group, whose share drifts and wanders."""
    dice, weeks = np.random.default_rng(seed), np.arange(-40, 20)
    after = weeks >= 0
    wanted = 0.35 + 0.001 * weeks + (effect + slope * weeks) * after + wander(dice, 60, 0.03)
    values, variance = shares(dice, wanted, by_week)
    return Series(weeks, values, 1 / variance)


def apart(seed: int, effect: float, by_week: float = 20, diverge: float = 0.0) -> Series:
    """The difference of two groups that share what happens to everybody."""
    dice, weeks = np.random.default_rng(seed), np.arange(-40, 20)
    common = 0.35 - 0.003 * weeks + wander(dice, 60, 0.06, 0.6)
    own, own_variance = shares(
        dice, common + effect * (weeks >= 0) + diverge * weeks + wander(dice, 60, 0.03), by_week
    )
    rest, rest_variance = shares(dice, common + wander(dice, 60, 0.03), 2 * by_week)
    weights = 1 / (own_variance + rest_variance)
    return Series(weeks, np.where(weights > 0, own - rest, 0.0), weights)


def found(series: Series):
    one = interrupted(series, drift=DRIFT)
    assert one is not None
    return one


def test_planted_effects_lie_within_their_interval():
    held = [interrupted(single(seed, -0.12, 0.002)).effect for seed in range(DRAWS)]
    truth = -0.12 + 0.002 * 9.5
    assert sum(one.low <= truth <= one.high for one in held) >= 95
    held = [found(apart(seed, -0.15)).effect for seed in range(DRAWS)]
    assert sum(one.low <= -0.15 <= one.high for one in held) >= 95
    assert np.mean([one.value for one in held]) == pytest.approx(-0.15, abs=0.02)


def test_level_and_slope_are_told_apart():
    held = [interrupted(single(seed, -0.1, -0.008, 200)) for seed in range(DRAWS)]
    assert sum(one.level.low <= -0.1 <= one.level.high for one in held) >= 95
    assert sum(one.slope.low <= -0.008 <= one.slope.high for one in held) >= 95
    assert sum(one.slope.high < 0 for one in held) >= 80


def test_noise_is_seldom_called_a_change():
    assert sum(interrupted(single(seed, 0.0)).p_value < 0.05 for seed in range(DRAWS)) <= 5
    assert sum(found(apart(seed, 0.0)).p_value < 0.05 for seed in range(DRAWS)) <= 5
    assert sum(found(apart(seed, 0.0, 1.5)).p_value < 0.05 for seed in range(DRAWS)) <= 5


def test_a_large_effect_is_seen():
    assert sum(found(apart(seed, -0.25, 40)).p_value < 0.05 for seed in range(DRAWS)) >= 90


@pytest.mark.parametrize("by_year", [0.05, -0.08])
def test_groups_that_drift_apart_are_seldom_taken_for_an_effect(by_year):
    calls = [found(apart(seed, 0.0, diverge=by_year / 52)) for seed in range(DRAWS)]
    assert sum(one.p_value < 0.05 for one in calls) <= 5


def test_a_drift_lies_between_no_trend_and_any_trend():
    series = apart(4, -0.15)
    none, some, much = (interrupted(series, drift=one) for one in (1e-6, DRIFT, 1e3))
    free = interrupted(series)
    assert none.error < some.error < much.error
    assert much.effect == pytest.approx(free.effect, abs=1e-6)
    before, after = series.weeks < 0, series.weeks >= 0
    plain = np.average(series.values[after], weights=series.weights[after])
    plain -= np.average(series.values[before], weights=series.weights[before])
    assert none.effect.value == pytest.approx(plain, abs=1e-4)


def test_least_squares_and_robust_errors_are_those_of_statsmodels():
    series = single(3, -0.1)
    after = (series.weeks >= 0).astype(float)
    design = np.column_stack([after, after * series.weeks, np.ones(60), series.weeks])
    fitted = sm.WLS(series.values, design, weights=series.weights).fit(
        cov_type="HAC", cov_kwds={"maxlags": 3, "use_correction": True}
    )
    one = interrupted(series)
    assert (one.level.value, one.slope.value) == pytest.approx(tuple(fitted.params[:2]))
    root = np.sqrt(series.weights)
    rows = np.linalg.pinv(design * root[:, None])[0]
    scores = rows * root * (series.values - design @ fitted.params)
    assert newey_west(scores, 3) * 60 / 56 == pytest.approx(fitted.bse[0] ** 2)
    assert one.level.high - one.level.value > 2 * fitted.bse[0]


def test_the_same_values_still_have_an_interval():
    weeks = np.arange(-20, 10)
    one = interrupted(Series(weeks, np.zeros(30), np.full(30, 400.0)))
    assert one.effect.value == 0
    assert one.effect.low < -0.03 < 0.03 < one.effect.high
    assert one.p_value == 1


def test_rounding_is_not_taken_for_autocorrelation():
    weeks = np.arange(-20, 10)
    even = [
        interrupted(Series(weeks, np.full(30, value), np.full(30, 100.0))).error for value in (0.0, 0.1, 0.3)
    ]
    assert even == pytest.approx([even[0]] * 3)


def test_too_few_weeks_give_nothing():
    whole = single(1, 0.0)
    for since, until in ((33, 60), (0, 43), (40, 60), (0, 40), (0, 0)):
        part = Series(whole.weeks[since:until], whole.values[since:until], whole.weights[since:until])
        assert interrupted(part) is None
    assert needed(Series(whole.weeks[33:], whole.values[33:], whole.weights[33:]), None, 20, 0.1, 26) is None


@given(st.integers(0, 10_000), st.sampled_from([1.0, 4.0, 30.0]), st.sampled_from([None, DRIFT]))
@settings(max_examples=40, deadline=None)
def test_bounds_hold_the_estimate_and_more_weeks_are_needed_for_less(seed, by_week, drift):
    series = single(seed, -0.1, by_week=by_week)
    one = interrupted(series, drift=drift)
    if one is None:
        assert series.before < 8 or series.after < 4
        return
    for part in (one.level, one.slope, one.effect):
        assert part.low < part.value < part.high
    assert 0 <= one.p_value <= 1
    early = Series(series.weeks[:40], series.values[:40], series.weights[:40])
    wanted = [needed(early, None, 0, worth, 26, drift=drift) or 27 for worth in (0.5, 0.2, 0.1, 0.05)]
    assert wanted == sorted(wanted)
    assert min(wanted) >= 4


def test_the_weeks_needed_are_enough():
    """Where a number of weeks is named beforehand, an effect of that size is mostly seen by then."""
    told = seen = 0
    for seed in range(40):
        series = apart(seed, -0.2, 30)
        early = Series(series.weeks[:40], series.values[:40], series.weights[:40])
        weeks = needed(early, None, 0, 0.2, 20, drift=DRIFT)
        if weeks is not None:
            told += 1
            part = Series(*(one[: 40 + weeks] for one in (series.weeks, series.values, series.weights)))
            seen += interrupted(part, drift=DRIFT).p_value < 0.05
    assert told >= 20
    assert seen >= 0.65 * told


def test_what_is_visible_shrinks_with_the_error():
    assert visible(0.05, 1_000_000) == pytest.approx(0.05 * (1.96 + 0.8416), abs=1e-4)
    assert visible(0.05, 4) > visible(0.05, 40) > visible(0.02, 40)
