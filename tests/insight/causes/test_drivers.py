from __future__ import annotations

from collections import Counter
from functools import cache

import numpy as np
import pyarrow as pa
import pytest
import statsmodels.api as sm
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.insight.truths import BASE, Planted, patterns, tables
from ugc.errors import InputError
from ugc.insight import Filters, drivers
from ugc.insight.causes.contrast import Effect, classify
from ugc.insight.causes.drivers import weigh
from ugc.insight.causes.impact import LEAST_RAISED, Sums, impact
from ugc.insight.causes.raised import MOST_THEMES, raised
from ugc.insight.statistics.regression import fit, independent
from ugc.lake import Lake

DRAWS = 100

TRUTH = (
    Planted("reliability", 0.14, 0.16, penalty=1.0),
    Planted("politeness", 0.14, 0.16, reward=0.8),
    Planted("speed", 0.14, 0.16, penalty=0.6, reward=0.6),
    Planted("price", 0.15, 0.16),
)
KINDS = {"reliability": "must_be", "politeness": "delighter", "speed": "performance"}


@cache
def found(seed):
    return weigh(patterns(1200, TRUTH, seed))


def rows(seed):
    return {one.theme: one for one in found(seed).rows}


@pytest.mark.parametrize("theme", KINDS)
def test_a_planted_driver_is_found_as_what_it_is(theme):
    assert sum(rows(seed)[theme].kind == KINDS[theme] for seed in range(DRAWS)) >= 95


def test_a_theme_without_effect_is_called_no_driver():
    kinds = Counter(rows(seed)["price"].kind for seed in range(DRAWS))
    assert kinds["neither"] + kinds[None] >= 95
    assert kinds["neither"] >= 50


def test_intervals_hold_the_truth():
    """Coefficients, impacts and gains: each kind in at least 95 of 100, over all draws."""
    held = {"coefficient": [], "impact": [], "gain": []}
    for seed in range(DRAWS):
        held["coefficient"].append(found(seed).ground.low <= BASE <= found(seed).ground.high)
        for one in TRUTH:
            row = rows(seed)[one.theme]
            held["coefficient"] += [
                row.penalty.low <= one.penalty <= row.penalty.high,
                row.reward.low <= one.reward <= row.reward.high,
            ]
            held["impact"] += [
                row.blame_impact.low <= -one.blamed * one.penalty <= row.blame_impact.high,
                row.praise_impact.low <= one.praised * one.reward <= row.praise_impact.high,
            ]
            gain = 0.5 * one.blamed * one.penalty
            held["gain"].append(row.what_if.low <= gain <= row.what_if.high)
    shares = {name: float(np.mean(each)) for name, each in held.items()}
    assert min(shares.values()) >= 0.95, shares


def test_noise_drives_nothing():
    quiet = [one._replace(penalty=0.0, reward=0.0) for one in TRUTH]
    silent = 0
    for seed in range(DRAWS):
        seen = weigh(patterns(600, quiet, seed))
        effects = [each for one in seen.rows for each in (one.penalty, one.reward)]
        impacts = [each for one in seen.rows for each in (one.impact, one.blame_impact, one.praise_impact)]
        named = any(one.kind not in (None, "neither") for one in seen.rows)
        silent += not (named or any(one.counts for one in effects) or any(one.significant for one in impacts))
    assert silent >= 95


def test_fewer_complaints_are_worth_what_they_cost():
    row = rows(1)["reliability"]
    share = row.penalty.reviews / found(1).ratings
    assert row.what_if.value == pytest.approx(0.5 * share * row.penalty.value)
    assert row.what_if.mean_stars == pytest.approx(found(1).mean_stars + row.what_if.value)
    everything = weigh(patterns(1200, TRUTH, 1), fall=1.0)
    all_of_it = next(one for one in everything.rows if one.theme == "reliability")
    assert all_of_it.what_if.value == pytest.approx(2 * row.what_if.value)
    assert all_of_it.what_if.low > 0


@pytest.mark.parametrize("fall", [0.0, -0.5, 1.5, float("nan")])
def test_complaints_cannot_fall_by_more_than_there_are(fall):
    with pytest.raises(InputError, match="cannot fall"):
        drivers(tables(20, TRUTH, 1), Filters(), fall=fall)


def test_the_regression_is_that_of_rows_written_out():
    """Coefficients, HC3 errors and R² are those of statsmodels on one row a review."""
    rated = raised(tables(700, TRUTH, 3, unrated=0.2), Filters()).rated()
    columns = np.column_stack([rated.blamed[:, :4], rated.praised[:, :3]])
    kept, alike = independent(columns, rated.reviews)
    ours = fit(columns[:, kept], rated.stars, rated.reviews)
    assert alike
    written = np.repeat(np.arange(len(rated.stars)), rated.reviews)
    design = sm.add_constant(columns[:, kept][written].astype(float))
    theirs = sm.OLS(rated.stars[written], design).fit(cov_type="HC3", use_t=True)
    assert ours.coefficients == pytest.approx(theirs.params)
    assert np.sqrt(np.diag(ours.hc3)) == pytest.approx(theirs.bse)
    assert (ours.r2, ours.r2_adjusted) == pytest.approx((theirs.rsquared, theirs.rsquared_adj))
    weights = np.eye(len(kept) + 1)[1]
    one, p_value = ours.combine(weights)
    low, high = theirs.conf_int()[1]
    assert one.low <= low
    assert one.high >= high
    assert p_value >= theirs.pvalues[1]
    redrawn = ours.redrawn.std(axis=0)
    assert redrawn == pytest.approx(theirs.bse, rel=0.15)


def test_twenty_equal_ratings_are_not_certain():
    """Without residuals the interval still has a width, about that of the mean of twenty."""
    columns = np.array([[False], [False], [True]])
    sure = fit(columns, np.array([5.0, 3.0, 1.0]), np.array([100, 100, 20]))
    assert np.sqrt(sure.hc3[1, 1]) < 0.1
    one, _ = sure.combine(np.array([0.0, 1.0]))
    assert one.value == pytest.approx(-3.0)
    assert one.high - one.value > 0.35


def test_impact_is_the_mean_less_the_mean_without():
    stars = np.array([1.0] * 25 + [5.0] * 75 + [3.0] * 20)
    part, whole = stars[:25], stars
    given = impact(Sums(25, part.sum(), (part**2).sum()), Sums(120, whole.sum(), (whole**2).sum()))
    assert given.value == pytest.approx(whole.mean() - stars[25:].mean())
    assert given.low < given.value < given.high < 0
    assert given.reviews == 25
    few = Sums(LEAST_RAISED - 1, 19.0, 19.0)
    assert impact(few, Sums(120, whole.sum(), (whole**2).sum())) is None


def effect(value, *, counts=True, reach=0.1):
    return Effect(value, value - reach, value + reach, 0.001, 0.001, counts, 100)


NOTHING = effect(0.02, counts=False)


@pytest.mark.parametrize(
    ("penalty", "reward", "q", "kind"),
    [
        (effect(1.0), NOTHING, 0.001, ("must_be", None)),
        (NOTHING, effect(1.0), 0.001, ("delighter", None)),
        (effect(1.0), effect(0.8), 0.001, ("performance", None)),
        (effect(1.0), effect(0.2), 0.001, ("must_be", None)),
        (effect(0.2), effect(1.0), 0.001, ("delighter", None)),
        (effect(1.0), effect(0.2), 0.2, ("performance", None)),
        (NOTHING, NOTHING, 0.9, ("neither", None)),
        (effect(0.1, counts=False, reach=0.4), NOTHING, 0.9, (None, "not_sure")),
        (effect(1.0), effect(0.4, counts=False, reach=0.9), 0.2, (None, "not_sure")),
        (effect(1.0), None, None, (None, "one_side")),
        (None, None, None, (None, "one_side")),
    ],
)
def test_the_rule_of_the_classes(penalty, reward, q, kind):
    assert classify(penalty, reward, q) == kind


def test_terms_that_cannot_be_weighed_are_named():
    planted = [*TRUTH[:2], Planted("safety", 0.0, 0.006), Planted("promises", 1.0, 0.0)]
    lake = tables(800, planted, 5)
    twin = lake.mentions.filter([one == "reliability" for one in lake.mentions["theme"].to_pylist()])
    place = twin.schema.get_field_index("theme")
    twin = twin.set_column(place, twin.schema.field("theme"), [["transparency"] * len(twin)])
    lake.mentions = pa.concat_tables([lake.mentions, twin])
    seen = drivers(lake, Filters())
    why = {(one.theme, one.polarity): one for one in seen.unweighed}
    assert why["safety", "positive"].cause == "few"
    assert 0 < why["safety", "positive"].reviews < LEAST_RAISED
    assert why["promises", "negative"].cause == "always"
    assert {one.cause for one in why.values() if one.theme in ("reliability", "transparency")} == {
        "collinear"
    }
    twins = {one.like[0] for one in why.values() if one.like}
    assert twins <= {"reliability", "transparency"}
    assert len([one for one in why.values() if one.like]) == 2
    assert "assortment" in seen.absent
    kept = next(one for one in seen.rows if one.theme == next(iter(twins)))
    assert kept.penalty.value == pytest.approx(1.0, abs=0.35)


def test_blame_that_goes_with_more_stars_is_no_penalty():
    """Such as a theme that only the devoted find fault with: significant, but no driver by blame."""
    odd = [TRUTH[0], Planted("price", 0.2, 0.2, penalty=-0.8)]
    one = next(each for each in weigh(patterns(1500, odd, 3)).rows if each.theme == "price")
    assert one.penalty.high < 0
    assert (one.penalty.significant, one.penalty.counts, one.what_if.significant) == (True, False, False)
    assert one.kind is None


def test_themes_of_ones_own():
    """More themes than fit into 32 bits are weighed; more than MOST_THEMES are refused."""
    own = [Planted(f"own_{place}", 0.05, 0.05) for place in range(40)]
    seen = drivers(tables(1500, [*own, Planted("own_last", 0.3, 0.3, penalty=1.5)], 1), Filters())
    last = next(one for one in seen.rows if one.theme == "own_last")
    assert (last.penalty.counts, seen.rows[0].theme) == (True, "own_last")
    many = [Planted(f"own_{place}", 0.1, 0.1) for place in range(MOST_THEMES - 14)]
    with pytest.raises(InputError, match=f"at most {MOST_THEMES}"):
        drivers(tables(100, many, 1), Filters())


def test_too_few_ratings_give_no_figure():
    seen = drivers(tables(90, TRUTH, 1), Filters())
    assert (seen.lacking, seen.r2, seen.ground, seen.representative) == ("ratings", None, None, False)
    assert seen.missing_ratings == 210
    for one in seen.rows:
        assert (one.impact, one.penalty, one.reward, one.kind, one.what_if) == (None,) * 5
        assert one.undecided == "no_regression"
        assert one.share > 0


def test_ratings_all_alike_are_moved_by_nothing(plant):
    seen = drivers(
        plant(
            *[
                {"text": f"долго {n}", "stars": 5.0, "sentiment": "neutral",
                 "mentions": [("долго", "speed", "negative")] if n % 2 else []}
                for n in range(120)
            ]
        ).snapshot(),
        Filters(),
    )  # fmt: skip
    assert (seen.lacking, seen.ratings) == ("spread", 120)
    assert seen.rows[0].impact.value == 0
    assert not seen.rows[0].impact.significant


def test_ratings_without_themes():
    seen = drivers(tables(150, [], 1), Filters())
    assert (seen.lacking, seen.rows, seen.ratings) == ("terms", (), 150)
    assert len(seen.absent) == 15


def test_an_empty_lake_and_a_single_review(plant):
    with plant().snapshot() as snapshot:
        seen = drivers(snapshot, Filters())
    assert (seen.tagged, seen.ratings, seen.mean_stars, seen.rows, seen.lacking) == (
        0,
        0,
        None,
        (),
        "ratings",
    )
    one = {
        "text": "долго",
        "stars": 2.0,
        "sentiment": "negative",
        "mentions": [("долго", "speed", "negative")],
    }
    with plant(one).snapshot() as snapshot:
        seen = drivers(snapshot, Filters())
    assert (seen.tagged, seen.ratings, seen.mean_stars) == (1, 1, 2.0)
    assert [(row.theme, row.share, row.impact) for row in seen.rows] == [("speed", 1.0, None)]


def test_a_lake_on_disk_answers_the_same(tmp_path):
    """End to end: the same rows written into a lake, with its own views and filters."""
    drawn = tables(900, TRUTH, 11, unrated=0.1)
    lake = drawn.write(Lake.open(tmp_path / "lake"))
    with lake.snapshot() as snapshot:
        for filters in (Filters(), Filters(cities=("Казань",), themes=("speed",))):
            kept, told = drivers(snapshot, filters), drivers(drawn, filters)
            assert [one.theme for one in kept.rows] == [one.theme for one in told.rows]
            for one, other in zip(kept.rows, told.rows, strict=True):
                assert one.penalty == pytest.approx(other.penalty)
                assert one.kind == other.kind
    assert [one.theme for one in kept.rows] == ["speed"]


@settings(max_examples=15, deadline=None)
@given(
    cities=st.sets(st.sampled_from(["Казань", "Москва"])),
    sources=st.sets(st.sampled_from(["otzovik", "ceneo"])),
    themes=st.sets(st.sampled_from(["speed", "price", "safety"])),
)
def test_filters_commute(cities, sources, themes):
    """The order of values does not matter, and a chosen theme changes what is shown, not the figures."""
    lake = tables(300, TRUTH, 2)
    chosen = Filters(cities=tuple(cities), sources=tuple(sources))
    turned = Filters(sources=tuple(sources)[::-1], cities=tuple(cities)[::-1], themes=tuple(themes))
    every, some = drivers(lake, chosen), drivers(lake, turned)
    listed = [one for one in every.rows if not themes or one.theme in themes]
    assert list(some.rows) == listed
    assert (some.r2, some.ratings, some.ground) == (every.r2, every.ratings, every.ground)
    share = [one.share for one in every.rows]
    assert all(0 <= one <= 1 for one in share)
