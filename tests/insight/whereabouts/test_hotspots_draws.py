"""A hundred draws of folded reviews: planted groups are found as what they are, chance is not."""

from __future__ import annotations

from functools import cache
from itertools import product

import numpy as np
import pytest

from ugc.insight.statistics.intervals import wilson
from ugc.insight.statistics.significance import adjust, two_shares
from ugc.insight.whereabouts.hotspots_cells import Cells, Overlap, plan
from ugc.insight.whereabouts.hotspots_groups import adjusted, enumerate_groups, p_values, search

DRAWS = 100
REVIEWS = 4000
SIZE = 50

COMPANY, CITY, PRODUCT, PLACE, SOURCE, VERSION, LANGUAGE, WEEKDAY = range(8)
"""Places of the dimensions in KEYS."""


@cache
def population():
    """Codes of all cells: two products of a company, two places of a city, versions of one source."""
    found = []
    for company, city, own, place, version, language, weekday in product(
        (1, 2), range(1, 5), (0, 1), (0, 1), range(5), (1, 2), range(1, 8)
    ):
        source = max(version - 2, 1) if version > 2 else 3
        found.append(
            (
                company,
                city,
                2 * company - own,
                2 * city - place,
                source if version > 2 else 3,
                version + 1 if version < 3 else 0,
                language,
                weekday,
            )
        )
    return np.array(found)


def holds(group):
    """Which cells a group holds."""
    return np.all([population()[:, place] == code for place, code in group.items()], axis=0)


def drawn(seed, shares, targets=4):
    """Cells of a draw: the share of the first target is `shares`, of the others 5 % everywhere."""
    dice = np.random.default_rng(seed)
    n = dice.multinomial(REVIEWS, np.full(len(population()), 1 / len(population())))
    counts = [dice.binomial(n, shares)] + [dice.binomial(n, 0.05) for _ in range(targets - 1)]
    return Cells(tuple(range(8)), population(), n.astype(float), np.column_stack(counts).astype(float))


def found_in(cells, *, floor=0.03, size=SIZE):
    """What the search finds in the cells of one draw."""

    def overlap(groups):
        member = [holds({place: code for place, code in enumerate(one) if code}) for one in groups]
        return Overlap(np.column_stack(member), cells.n, cells.counts)

    asked = np.ones(cells.counts.shape[1], dtype=bool)
    return search(enumerate_groups([cells], size), asked, overlap, size=size, floor=floor)


def described(spot):
    """A spot's conditions."""
    return {place: code for place, code in enumerate(spot.group) if code}


TRUTHS = {
    "one condition": {CITY: 3},
    "two": {CITY: 3, VERSION: 2},
    "three": {CITY: 2, SOURCE: 3, LANGUAGE: 1},
}


@pytest.mark.parametrize("name", TRUTHS)
def test_a_planted_group_is_found_and_nothing_else(name):
    """With its true description, alone, in 95 of 100; its share lies within the interval as often."""
    truth, there, elsewhere = TRUTHS[name], 0.30, 0.07
    right, held = 0, 0
    for seed in range(500, 500 + DRAWS):
        cells = drawn(seed, np.where(holds(truth), there, elsewhere))
        spots = found_in(cells)
        right += [described(one) for one in spots] == [truth] and spots[0].target == 0
        own = holds(truth)
        bounds = wilson(int(cells.counts[own, 0].sum()), int(cells.n[own].sum()))
        held += bounds.low <= there <= bounds.high
    assert right >= 95
    assert held >= 95


def test_a_group_that_is_better_is_found_as_well():
    truth = {PRODUCT: 3, LANGUAGE: 2}
    right = sum(
        [described(one) for one in found_in(drawn(seed, np.where(holds(truth), 0.10, 0.35)))] == [truth]
        for seed in range(20)
    )
    assert right >= 19


def test_chance_gives_nothing():
    quiet = sum(
        not found_in(drawn(seed, np.full(len(population()), 0.2), targets=20)) for seed in range(DRAWS)
    )
    assert quiet >= 95


def test_what_is_worse_within_a_worse_group_is_told_beside_it():
    wide, deep = {CITY: 1}, {CITY: 1, SOURCE: 1}
    shares = np.where(holds(deep), 0.6, np.where(holds(wide), 0.25, 0.07))
    right = sum(
        sorted((described(one) for one in found_in(drawn(seed, shares))), key=len) == [wide, deep]
        for seed in range(20)
    )
    assert right >= 19


def test_two_apart_are_two():
    one, other = {CITY: 1, LANGUAGE: 1}, {PRODUCT: 4}
    shares = np.where(holds(one) | holds(other), 0.3, 0.07)
    right = sum(
        sorted((described(each) for each in found_in(drawn(seed, shares))), key=len) == [other, one]
        for seed in range(20)
    )
    assert right >= 18


def test_one_name_where_several_fit():
    """Every place, product and version in the lake names the same reviews as the city."""
    codes = population().copy()
    shut = codes[:, CITY] == 1
    for dimension, code in ((PLACE, 9), (PRODUCT, 9), (VERSION, 9)):
        codes[:, dimension] = np.where(
            shut, code, np.where(codes[:, dimension] == code, 0, codes[:, dimension])
        )
    cells = drawn(5, np.where(shut, 0.3, 0.07))._replace(codes=codes)

    def overlap(groups):
        member = [
            np.all([codes[:, place] == code for place, code in enumerate(one) if code], axis=0)
            for one in groups
        ]
        return Overlap(np.column_stack(member), cells.n, cells.counts)

    asked = np.array([True] + [False] * 3)
    spots = search(enumerate_groups([cells], SIZE), asked, overlap, size=SIZE, floor=0.03)
    assert [described(one) for one in spots] == [{CITY: 1}]
    named = [{place: code for place, code in enumerate(one) if code} for one in spots[0].also]
    assert {frozenset(one) for one in named} == {
        frozenset({PRODUCT}),
        frozenset({PLACE}),
        frozenset({VERSION}),
    }


def test_a_difference_below_the_floor_is_not_told():
    shares = np.where(holds({CITY: 2}), 0.16, 0.08)
    assert found_in(drawn(2, shares))
    assert found_in(drawn(2, shares), floor=0.3) == []


def test_groups_summed_from_parts_are_those_counted_whole():
    """Cells over some dimensions each give the same groups as cells over all of them."""
    whole = drawn(7, np.full(len(population()), 0.2))
    parts = []
    for dimensions in [(0, 1, 2, 3, 4), (0, 1, 5, 6, 7), (2, 3, 4, 5, 6, 7), (0, 2, 5), *plan([41] * 8)]:
        codes, place = np.unique(whole.codes[:, list(dimensions)], axis=0, return_inverse=True)
        counts = np.zeros((len(codes), whole.counts.shape[1]))
        np.add.at(counts, place.ravel(), whole.counts)
        parts.append(Cells(dimensions, codes, np.bincount(place.ravel(), whole.n), counts))
    one, other = enumerate_groups([whole], SIZE), enumerate_groups(parts, SIZE)
    assert np.array_equal(one.packed, other.packed)
    assert np.array_equal(one.n, other.n)
    assert np.array_equal(one.counts, other.counts)


@pytest.mark.parametrize("sizes", [[4, 8, 41, 41, 5, 9, 4, 8], [41] * 8, [1, 1, 3, 1], [1] * 8, [2, 2], []])
def test_every_three_dimensions_are_in_some_grouping(sizes):
    from itertools import combinations

    living = [place for place, size in enumerate(sizes) if size > 1]
    planned = plan(sizes)
    for one in combinations(living, min(3, len(living))):
        assert not one or any(set(one) <= set(each) for each in planned)
    assert len(planned) <= 56


def test_many_tests_are_those_of_one_by_one():
    dice = np.random.default_rng(3)
    n, other_n = dice.integers(1, 90, 300), dice.integers(1, 900, 300)
    count, other = dice.binomial(n, 0.2), dice.binomial(other_n, 0.1)
    single = [two_shares(*map(int, one)) for one in zip(count, n, other, other_n, strict=True)]
    every = p_values(*(one.astype(float) for one in (count, n, other, other_n)), exact_below=1.1)
    assert every == pytest.approx(np.array(single))
    assert adjusted(every) == pytest.approx(np.array(adjust(single)))
