from __future__ import annotations

import numpy as np

from tests.grouping.test_assign import clouds
from ugc.grouping.assign import frame, nearest, points
from ugc.grouping.merge import alike, matched
from ugc.grouping.open import LEAST, open_groups, smallest


def placed(seed: int = 3, spread: float = 0.15):
    vectors, which = clouds(seed, count=5, size=20, spread=spread)
    languages = ["ru"] * len(vectors)
    return points(vectors, languages, frame(vectors, languages, None)), which


def test_planted_groups_are_found_again():
    at, which = placed()
    centroids = open_groups(at, fewest=5)
    assert len(centroids) == 5
    places, _ = nearest(at, centroids, LEAST)
    for one in range(5):
        assert len(set(places[which == one])) == 1


def test_noise_opens_few_groups_and_small_ones_none():
    at, _ = placed(spread=50)
    assert len(open_groups(at, fewest=40)) == 0
    assert len(open_groups(at[:3], fewest=5)) == 0
    assert len(open_groups(at[:0], fewest=1)) == 0


def test_the_same_points_give_the_same_groups():
    at, _ = placed()
    assert np.array_equal(open_groups(at, fewest=5), open_groups(at.copy(), fewest=5))


def test_a_reason_is_said_more_often_in_a_larger_cell():
    assert smallest(10) == 4
    assert smallest(10_000) == 40


def test_what_says_the_same_is_one():
    rows = np.asarray([[1, 0], [0.99, np.sqrt(1 - 0.99**2)], [0, 1]], np.float32)
    assert alike(rows) == [0, 0, 2]


def test_old_reasons_are_known_again_one_to_one():
    rows = np.eye(3, dtype=np.float32)
    assert matched(rows[[2, 0]], rows) == {0: 2, 1: 0}
    assert matched(rows[[0, 0]], rows) == {0: 0}
    assert matched(rows[:0], rows) == {}
