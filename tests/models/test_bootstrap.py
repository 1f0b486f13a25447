"""The paired bootstrap against cases whose answer is known."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.evaluation.bootstrap import (
    COMPARED,
    accuracy_parts,
    compare,
    f1_parts,
    paired_difference,
)
from models.evaluation.lexicon import Lexicon
from models.evaluation.metrics import set_f1
from models.evaluation.score import score
from models.labelled import Labelled
from ugc.review import Tags


def test_parts_by_hand() -> None:
    assert accuracy_parts("ab", ["a", None]).tolist() == [[1, 1], [0, 1]]
    assert f1_parts([{"a", "b"}, set()], [{"a"}, {"c"}]).tolist() == [[2, 3], [0, 1]]


def test_equal_answers_differ_by_nothing() -> None:
    parts = accuracy_parts("abcabc", "abcccc")
    found = paired_difference(parts, parts)
    assert (found.value, found.low, found.high, found.sure) == (0, 0, 0, False)


def test_a_plain_difference_is_sure_and_a_lucky_one_is_not() -> None:
    gold = ["a"] * 100
    good, bad = accuracy_parts(gold, ["a"] * 90 + ["b"] * 10), accuracy_parts(gold, ["b"] * 50 + ["a"] * 50)
    found = paired_difference(good, bad)
    assert found.value == pytest.approx(0.4)
    assert found.low < 0.4 < found.high
    assert found.sure
    lucky = paired_difference(accuracy_parts(gold, ["a"] * 91 + ["b"] * 9), good)
    assert lucky.value == pytest.approx(0.01)
    assert not lucky.sure


def test_what_is_hard_for_both_does_not_widen_the_interval() -> None:
    # Both fail on the same half; ours gets two more. Unpaired, that would be lost in the noise.
    gold = ["a"] * 400
    theirs = accuracy_parts(gold, ["a"] * 200 + ["b"] * 200)
    ours = accuracy_parts(gold, ["a"] * 212 + ["b"] * 188)
    found = paired_difference(ours, theirs)
    assert found.sure
    # normal approximation of a share of 0.03: 1.96 * sqrt(0.03 * 0.97 / 400) = 0.0167
    assert found.high - found.value == pytest.approx(0.0167, abs=0.004)


def test_the_same_seed_gives_the_same_interval() -> None:
    ours, theirs = accuracy_parts("abab", "abaa"), accuracy_parts("abab", "bbaa")
    assert paired_difference(ours, theirs, seed=3) == paired_difference(ours, theirs, seed=3)
    wide = paired_difference(ours, theirs, level=0.99)
    narrow = paired_difference(ours, theirs, level=0.5)
    assert wide.low <= narrow.low <= narrow.high <= wide.high


@pytest.mark.parametrize(("ours", "theirs"), [("a", "ab"), ("", "")])
def test_what_cannot_be_compared_is_refused(ours: str, theirs: str) -> None:
    with pytest.raises(ValueError, match="cannot be compared"):
        paired_difference(accuracy_parts(ours, ours), accuracy_parts(theirs, theirs))


@given(st.lists(st.tuples(*[st.sets(st.sampled_from("abc"))] * 3), min_size=1, max_size=30))
def test_the_difference_is_that_of_the_figures(rows: list[tuple[set[str], set[str], set[str]]]) -> None:
    gold, ours, theirs = (list(column) for column in zip(*rows, strict=True))
    found = paired_difference(f1_parts(gold, ours), f1_parts(gold, theirs), resamples=50)
    expected = (set_f1(gold, ours)[0] or 0) - (set_f1(gold, theirs)[0] or 0)
    assert found.value == pytest.approx(expected)
    assert found.low <= found.high
    assert found.low >= -1
    assert found.high <= 1


def test_compare_names_the_figures_of_the_table(labelled: list[Labelled]) -> None:
    ours, theirs = Lexicon().tag(labelled), [Tags(sentiment="positive")] * len(labelled)
    found = compare(labelled, ours, theirs)
    assert tuple(found) == COMPARED
    for figure, one in found.items():
        expected = score(labelled, ours)[figure] - (score(labelled, theirs)[figure] or 0)
        assert one.value == pytest.approx(expected)
        assert set(one.to_json()) == {"value", "low", "high", "level"}
    silent = [replace(review, mentions=()) for review in labelled]
    assert tuple(compare(silent, theirs, theirs)) == ("sentiment accuracy",)


def test_a_figure_that_nobody_has_is_zero() -> None:
    nothing = np.zeros((3, 2))
    assert paired_difference(nothing, nothing).value == 0
