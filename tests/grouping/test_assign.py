from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ugc.grouping.assign import decode, frame, nearest, pack, points, spreads, unit, unpack


def clouds(seed: int, count: int = 4, size: int = 12, spread: float = 0.15) -> tuple[np.ndarray, np.ndarray]:
    """Unit vectors around some directions, and the number of the direction of each."""
    dice = np.random.default_rng(seed)
    centres = unit(dice.normal(size=(count, 24)).astype(np.float32))
    which = np.repeat(np.arange(count), size)
    return unit((centres[which] + spread * dice.normal(size=(len(which), 24))).astype(np.float32)), which


@given(st.lists(st.binary(min_size=8, max_size=8), max_size=20))
def test_vectors_of_bytes_are_of_length_one_or_nothing(vectors):
    found = decode(vectors)
    assert found.shape[0] == len(vectors)
    lengths = np.linalg.norm(found, axis=-1)
    assert all(abs(one - 1) < 1e-4 or one == 0 for one in lengths)


def test_vectors_of_two_lengths_are_refused():
    with pytest.raises(ValueError, match="length"):
        decode([b"1234", b"12"])


@settings(max_examples=30)
@given(st.integers(0, 10_000))
def test_what_is_packed_comes_back(seed):
    vectors, _ = clouds(seed)
    by = frame(vectors, ["ru", "en", None] * 16, spreads([(vectors, ["ru"] * 48)]))
    cell = unpack(["a", "b"], [pack(vectors[0], by), pack(vectors[1], by)])
    assert np.allclose(cell.centroids, vectors[:2])
    assert np.allclose(cell.frame, by)


@settings(max_examples=30)
@given(st.integers(0, 10_000), st.integers(1, 47))
def test_an_answer_does_not_depend_on_the_neighbours(seed, cut):
    vectors, _ = clouds(seed)
    centroids = vectors[::12]
    whole = nearest(vectors, centroids, 0.5)[0]
    parts = [nearest(part, centroids, 0.5)[0] for part in (vectors[:cut], vectors[cut:])]
    assert whole.tolist() == np.concatenate(parts).tolist()


def test_what_is_near_no_centroid_belongs_to_none():
    places, near = nearest(np.eye(3, dtype=np.float32), np.eye(3, dtype=np.float32)[:2], 0.5)
    assert places.tolist() == [0, 1, -1]
    assert near.tolist() == [1, 1, 0]
    assert nearest(np.eye(2, dtype=np.float32), np.zeros((0, 2), np.float32), 0.5)[0].tolist() == [-1, -1]


def test_the_same_said_in_two_languages_lies_in_one_place():
    said, _ = clouds(1, size=30)
    shift = unit(np.random.default_rng(9).normal(size=(1, 24)).astype(np.float32))
    both = unit(np.concatenate([said, said + 2 * shift]))
    languages = ["ru"] * len(said) + ["pl"] * len(said)
    at = points(both, languages, frame(both, languages, None))
    alike = (at[: len(said)] * at[len(said) :]).sum(axis=1)
    assert alike.mean() > 0.75


def test_a_dimension_that_spreads_far_does_not_drown_the_others():
    dice = np.random.default_rng(5)
    tall = dice.normal(size=(4000, 8)).astype(np.float32) * np.asarray([8] + [1] * 7, np.float32)
    vectors, languages = unit(tall), ["ru"] * 4000
    plain = points(vectors, languages, frame(vectors, languages, None))
    even = points(vectors, languages, frame(vectors, languages, spreads([(vectors, languages)])))
    assert (even[:, 0] ** 2).mean() < 0.4 < (plain[:, 0] ** 2).mean()


def test_spreads_of_nothing_and_of_the_same():
    assert spreads([]) is None
    same = unit(np.ones((5, 8), np.float32))
    found = spreads([(same, ["ru"] * 5)])
    assert found is None or np.isfinite(points(same, ["ru"] * 5, frame(same, ["ru"] * 5, found))).all()
