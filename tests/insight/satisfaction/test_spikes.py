from __future__ import annotations

from datetime import date, timedelta

import numpy as np
import pytest

from ugc.errors import InputError
from ugc.insight import Filters
from ugc.insight.satisfaction.series import Series
from ugc.insight.satisfaction.spikes import growing, judge, spikes, sudden

STARTS = tuple(date(2026, 1, 5) + timedelta(days=7 * week) for week in range(12))


def courses(seed, last=0.1, rare=0.005):
    dice = np.random.default_rng(seed)
    n = dice.poisson(dice.uniform(60, 240, 12)).astype(float)
    weeks = np.arange(12)
    shares = {"planted": np.where(weeks == 11, last, 0.1), "rare": np.where(weeks >= 8, rare, 0.005)}
    shares |= {f"t{rate}": np.full(12, rate) for rate in (0.01, 0.02, 0.05, 0.2)}
    made = [Series("volume", None, None, STARTS, n, np.ones(12))]
    for theme, share in shares.items():
        made.append(Series("theme", theme, "negative", STARTS, dice.binomial(n.astype(int), share) * 1.0, n))
    return made


def test_noise_is_no_spike():
    assert sum(bool(sudden(courses(seed)) or growing(courses(seed))) for seed in range(100)) <= 5


def test_a_planted_spike_and_a_rare_theme_are_found():
    drawn = [courses(seed, 0.4, 0.04) for seed in range(100)]
    assert sum("planted" in {one.theme for one in sudden(one)} for one in drawn) >= 95
    assert sum("rare" in {one.theme for one in growing(one)} for one in drawn) >= 95


def test_the_figures_of_a_spike():
    expected, z, p = judge(20, 100, np.full(8, 5.0), np.full(8, 100.0))
    assert (expected, z) == (5, pytest.approx(15 / (5 * 1.125) ** 0.5))
    assert p < 1e-4
    assert judge(5, 10, np.zeros(8), np.zeros(8)) is None


def test_nothing_and_months(plant):
    with plant().snapshot() as snapshot:
        assert spikes(snapshot, Filters()) == ((), ())
        with pytest.raises(InputError):
            spikes(snapshot, Filters(), "month")
