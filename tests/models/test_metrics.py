"""Metrics against cases worked out by hand."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.evaluation.metrics import (
    Counts,
    accuracy,
    calibration_error,
    confusion,
    counts_by_label,
    macro_f1,
    mean_f1,
    set_f1,
)


def test_accuracy() -> None:
    assert accuracy(["a", "b", "b", "c"], ["a", "b", "c", "c"]) == 0.75
    assert accuracy([], []) is None


def test_set_f1_by_hand() -> None:
    # a: tp 1, fp 1, fn 0 -> 2/3;  b: tp 1, fn 1 -> 2/3;  c: fp 1 -> 0.  pooled: 2*2/(2*2+2+1)
    gold = [{"a", "b"}, {"b"}, set()]
    shown = [{"a", "b"}, {"a"}, {"c"}]
    micro, macro = set_f1(gold, shown)
    assert micro == pytest.approx(4 / 7)
    assert macro == pytest.approx((2 / 3 + 2 / 3 + 0) / 3)


def test_set_f1_counts_a_label_once_a_review() -> None:
    assert set_f1([["a", "a"]], [["a"]]) == (1.0, 1.0)


def test_set_f1_without_labels() -> None:
    assert set_f1([set()], [set()]) == (None, None)


def test_macro_f1_by_hand() -> None:
    # x: tp 2, fp 1 -> 4/5;  y: tp 0, fn 1 -> 0.  mean 0.4
    assert macro_f1(["x", "x", "y"], ["x", "x", "x"]) == pytest.approx(0.4)
    # an unanswered case is a miss, not a value of its own
    assert macro_f1(["x", "x"], ["x", None]) == pytest.approx(2 / 3)


def test_calibration_error_by_hand() -> None:
    # bin 0.9..1: two cases at 0.95, one right: gap |1.9 - 1| = 0.9; bin 0.6: one at 0.65, right: 0.35
    assert calibration_error([0.95, 0.95, 0.65], [True, False, True]) == pytest.approx((0.9 + 0.35) / 3)
    assert calibration_error([1.0, 1.0], [True, True]) == 0.0
    assert calibration_error([], []) is None


def test_counts_by_label_by_hand() -> None:
    # a: shown in all three, right once;  b: right once, missed once;  c: never there, never shown
    gold = [{"a", "b"}, {"b"}, set()]
    shown = [{"a", "b"}, {"a"}, {"a"}]
    found = counts_by_label(gold, shown, "abc")
    assert found == {"a": Counts(1, 2, 0), "b": Counts(1, 0, 1), "c": Counts(0, 0, 0)}
    assert (found["a"].n, found["a"].precision, found["a"].recall) == (1, pytest.approx(1 / 3), 1.0)
    assert found["b"].f1 == pytest.approx(2 / 3)
    assert (found["c"].precision, found["c"].recall, found["c"].f1) == (None, None, None)


def test_mean_f1_is_over_the_named_labels_only() -> None:
    gold = [{"a"}, {"b"}]
    shown = [{"a"}, {"x"}]
    assert mean_f1(gold, shown, "ab") == pytest.approx(0.5)
    assert mean_f1(gold, shown, "abc") == pytest.approx(0.5)
    assert mean_f1(gold, shown, "c") is None
    # the same pooled over what occurs also counts the label that should not be there
    assert set_f1(gold, shown)[1] == pytest.approx(1 / 3)


def test_confusion_by_hand() -> None:
    found = confusion(["a", "a", "b"], ["a", "b", None])
    assert found == {"a": {"a": 1, "b": 1}, "b": {"none": 1}}


@given(st.lists(st.tuples(st.sets(st.sampled_from("abc")), st.sets(st.sampled_from("abc")))))
def test_f1_is_a_share_and_symmetric(pairs: list[tuple[set[str], set[str]]]) -> None:
    gold, shown = [a for a, _ in pairs], [b for _, b in pairs]
    micro, macro = set_f1(gold, shown)
    assert (micro is None) == (macro is None)
    assert micro is None or 0 <= micro <= 1
    assert set_f1(shown, gold) == (micro, pytest.approx(macro) if macro is not None else None)
