from __future__ import annotations

from functools import cache

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.insight.truths import Planted, draw, tables
from ugc.insight import Filters, moments
from ugc.insight.causes.cells import cells, excess
from ugc.insight.causes.impact import LEAST_RAISED, Sums, impact
from ugc.insight.causes.moments import OUT_OF_PROPORTION
from ugc.insight.satisfaction.scores import REPRESENTATIVE
from ugc.lake import Lake

DRAWS = 100

TRUTH = (
    Planted("resolution", 0.09, 0.10, penalty=1.2, touchpoint="support"),
    Planted("responsiveness", 0.07, 0.09, reward=0.8, touchpoint="support"),
    Planted("politeness", 0.12, 0.14, penalty=0.1, reward=0.2, touchpoint="venue"),
    Planted("speed", 0.12, 0.12, penalty=0.2, reward=0.2, touchpoint="delivery"),
    Planted("price", 0.12, 0.12, penalty=0.2, reward=0.1, touchpoint="order"),
)
DECIDING = {("resolution", "support", "blame"), ("responsiveness", "support", "praise")}
EVEN = tuple(one._replace(penalty=0.35, reward=0.25) for one in TRUTH)
QUIET = tuple(one._replace(penalty=0.0, reward=0.0) for one in TRUTH)


@cache
def found(planted, seed, n=1500):
    return moments(tables(n, planted, seed), Filters())


def deciding(seen):
    return {
        (one.theme, one.touchpoint, name)
        for one in seen.cells
        for name, side in (("blame", one.blame), ("praise", one.praise))
        if side.moment
    }


def cell(seen, theme):
    return next(one for one in seen.cells if one.theme == theme)


def test_planted_moments_of_truth_are_found_and_no_others():
    assert sum(deciding(found(TRUTH, seed)) == DECIDING for seed in range(DRAWS)) >= 95


@pytest.mark.parametrize("planted", [QUIET, EVEN], ids=["noise", "all alike"])
def test_without_any_there_are_none(planted):
    """Neither where nothing moves the rating, nor where every complaint moves it alike."""
    assert sum(not deciding(found(planted, seed, 900)) for seed in range(DRAWS)) >= 95


def test_no_impact_is_significant_in_noise():
    silent = 0
    for seed in range(DRAWS):
        seen = found(QUIET, seed, 900)
        cells_of = [each for one in seen.cells for each in (one.blame.impact, one.praise.impact)]
        stages = [one.about.impact for one in seen.stages]
        silent += not any(one.significant for one in (*cells_of, *stages) if one)
    assert silent >= 95


def sums(stars):
    return Sums(len(stars), float(stars.sum()), float(stars @ stars))


@pytest.mark.parametrize("n", [400, 1500])
def test_impacts_hold_the_truth(n):
    """In at least 95 of 100, over 500 draws."""
    held = []
    for seed in range(500):
        drawn = draw(n, TRUTH, np.random.default_rng(seed))
        for one in TRUTH:
            sides = (
                (drawn.blamed[one], -one.blamed * one.penalty),
                (drawn.praised[one], one.praised * one.reward),
            )
            for raising, truth in sides:
                seen = impact(sums(drawn.stars[raising]), sums(drawn.stars))
                held.append(seen is None or seen.low <= truth <= seen.high)
    assert np.mean(held) >= 0.95


def test_where_all_is_alike_the_excess_is_none():
    held = [
        side.excess.low <= 0 <= side.excess.high
        for seed in range(DRAWS)
        for one in found(EVEN, seed, 900).cells
        for side in (one.blame, one.praise)
    ]
    assert np.mean(held) >= 0.95


def test_every_figure_of_a_cell_is_what_a_count_gives():
    """Share, score, stars, lift, disproportion and excess against plain arithmetic on the draw."""
    drawn = draw(1500, TRUTH, np.random.default_rng(4))
    seen = moments(tables(1500, TRUTH, 4), Filters())
    one, plan = cell(seen, "resolution"), TRUTH[0]
    blamed, praised, stars = drawn.blamed[plan], drawn.praised[plan], drawn.stars
    either = blamed | praised
    assert one.about.reviews == either.sum()
    assert one.about.share == pytest.approx(either.mean())
    assert one.about.low < one.about.share < one.about.high
    balance = ((praised & ~blamed).sum() - (blamed & ~praised).sum()) / either.sum()
    assert one.about.score.value == pytest.approx(50 + 50 * balance)
    assert one.about.mean_stars.value == pytest.approx(stars[either].mean())
    assert one.about.impact.value == pytest.approx(stars.mean() - stars[~either].mean())
    assert one.blame.impact.value == pytest.approx(stars.mean() - stars[~blamed].mean())
    lift = (stars[either] == 1).mean() / (stars == 1).mean()
    assert one.about.one_star.value == pytest.approx(lift)
    assert one.about.one_star.reviews == (stars[either] == 1).sum()
    assert one.about.five_star.value == pytest.approx((stars[either] == 5).mean() / (stars == 5).mean())
    others = np.concatenate([stars[drawn.blamed[other]] for other in TRUTH[1:]])
    assert one.blame.excess.value == pytest.approx(stars[blamed].mean() - others.mean())
    occasions = np.concatenate([stars[drawn.blamed[other]] for other in TRUTH])
    own = (stars[blamed].mean() - stars.mean()) / (occasions.mean() - stars.mean())
    assert OUT_OF_PROPORTION < one.blame.disproportion < own


def test_the_error_of_the_excess_is_that_of_redrawn_reviews():
    """The linearized error against the spread over redraws of the same reviews."""
    drawn = draw(900, TRUTH, np.random.default_rng(6))
    marks = np.column_stack([drawn.blamed[one] for one in TRUTH]).astype(float)
    lake = tables(900, TRUTH, 6)
    sums = cells(lake, Filters())
    rows = sums.cell("resolution", "support") & sums.saying(blamed=True)
    whole = sums.tally(sums.whole).stars
    part, own = sums.tally(rows).stars, sums.occasions(rows, "blame")
    given_ = excess(part, own, sums.occasions(sums.whole, "blame"), whole)
    dice = np.random.default_rng(1)
    values = []
    for _ in range(800):
        weights = dice.poisson(1, 900)
        mine, rest = weights * marks[:, 0], weights * marks[:, 1:].sum(axis=1)
        values.append(mine @ drawn.stars / mine.sum() - rest @ drawn.stars / rest.sum())
    assert (given_.high - given_.low) / 2 == pytest.approx(1.99 * np.std(values), rel=0.15)


def test_stages_come_in_their_order():
    planted = [
        *TRUTH,
        Planted("promises", 0.1, 0.1, touchpoint="ad"),
        Planted("safety", 0.1, 0.1, touchpoint="none"),
    ]
    seen = moments(tables(600, planted, 3), Filters())
    assert [one.key for one in seen.stages] == ["awareness", "choice", "decision", "after_purchase", None]
    assert [one.touchpoints for one in seen.stages] == [
        ("ad",), (), ("order",), ("delivery", "venue", "support"), ("none",),
    ]  # fmt: skip
    assert seen.stages[1].about.reviews == 0
    assert (seen.stages[1].about.score, seen.stages[1].about.impact) == (None, None)
    drawn = draw(600, planted, np.random.default_rng(3))
    at_it = [drawn.blamed[one] | drawn.praised[one] for one in TRUTH if one.touchpoint != "order"]
    assert seen.stages[3].about.reviews == np.any(at_it, axis=0).sum()
    blamed = np.any([drawn.blamed[one] for one in TRUTH if one.touchpoint != "order"], axis=0)
    lost = drawn.stars.mean() - drawn.stars[~blamed].mean()
    assert seen.stages[3].blame_impact.value == pytest.approx(lost)


def test_what_happened_nowhere_is_no_moment():
    """A deciding cell whose touchpoint the text does not tell is shown, and is no moment of the way."""
    nowhere = [TRUTH[0]._replace(touchpoint="none"), *TRUTH[2:]]
    seen = moments(tables(1500, nowhere, 2), Filters())
    one = cell(seen, "resolution")
    assert one.blame.impact.significant
    assert (one.stage, one.moment) == (None, False)


def test_emotions_are_a_share_of_the_texts_that_were_asked(plant):
    def said(n, **more):
        mentions = [("долго", "speed", "negative", "delivery")]
        return {"text": f"долго {n}", "sentiment": "negative", "mentions": mentions, **more}

    lake = plant(
        said(1, emotions=["anger"]),
        said(2, emotions=[]),
        said(3),
        {"text": "Спасибо", "sentiment": "positive", "emotions": ["joy", "gratitude"]},
    )
    with lake.snapshot() as snapshot:
        seen = moments(snapshot, Filters())
    assert (seen.cells[0].about.intensity.value, seen.cells[0].about.intensity_n) == (0.5, 2)
    assert seen.intensity.value == pytest.approx(2 / 3)


def test_few_ratings_give_shares_only():
    seen = moments(tables(80, TRUTH, 1), Filters())
    assert (seen.enough, seen.representative) == (False, False)
    assert seen.missing_ratings == REPRESENTATIVE - 80
    assert seen.cells
    for one in seen.cells:
        assert (one.about.impact, one.blame.impact, one.blame.excess, one.moment) == (None, None, None, False)
    rare = [*TRUTH, Planted("safety", 0.01, 0.0)]
    seen = moments(tables(500, rare, 1), Filters())
    assert cell(seen, "safety").about.reviews < LEAST_RAISED
    assert cell(seen, "safety").blame.impact is None


def test_an_empty_lake_and_a_single_review(plant):
    with plant().snapshot() as snapshot:
        seen = moments(snapshot, Filters())
    assert (seen.tagged, seen.ratings, seen.mean_stars, seen.intensity, seen.cells) == (0, 0, None, None, ())
    assert [one.about.reviews for one in seen.stages] == [0] * 5
    slow = ("долго", "speed", "negative", "delivery")
    one = {"text": "долго", "stars": 2.0, "sentiment": "negative", "mentions": [slow]}
    with plant(one).snapshot() as snapshot:
        seen = moments(snapshot, Filters())
    assert (seen.tagged, seen.ratings, seen.mean_stars.value) == (1, 1, 2.0)
    assert [(row.theme, row.touchpoint, row.stage) for row in seen.cells] == [
        ("speed", "delivery", "after_purchase")
    ]
    assert (seen.cells[0].about.score.value, seen.cells[0].about.impact) == (0.0, None)


def test_a_lake_on_disk_answers_the_same(tmp_path):
    """End to end: the same rows written into a lake, with its own views and filters."""
    drawn = tables(1500, TRUTH, 11, unrated=0.1)
    with drawn.write(Lake.open(tmp_path / "lake")).snapshot() as snapshot:
        for filters in (Filters(), Filters(companies=("Lumbi",))):
            assert moments(snapshot, filters) == moments(drawn, filters)
        assert deciding(moments(snapshot, Filters())) == DECIDING


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
    every, some = moments(lake, chosen), moments(lake, turned)
    assert list(some.cells) == [one for one in every.cells if not themes or one.theme in themes]
    assert (some.stages, some.mean_stars) == (every.stages, every.mean_stars)
    for one in every.cells:
        assert max(one.blame.reviews, one.praise.reviews) <= one.about.reviews
        assert one.about.reviews <= one.blame.reviews + one.praise.reviews
