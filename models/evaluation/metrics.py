"""Metrics: pure functions of gold and predicted labels.

An F1 of a label is 2·tp / (2·tp + fp + fn). *Micro* pools the counts of all labels, *macro* is the
plain mean over the labels that occur in gold or prediction.
"""

from __future__ import annotations

from collections.abc import Collection, Hashable, Sequence

__all__ = ["accuracy", "calibration_error", "macro_f1", "set_f1"]


def accuracy(gold: Sequence[Hashable], predicted: Sequence[Hashable]) -> float | None:
    """Share of equal pairs; `None` for no pairs."""
    pairs = list(zip(gold, predicted, strict=True))
    return sum(a == b for a, b in pairs) / len(pairs) if pairs else None


def set_f1(
    gold: Sequence[Collection[Hashable]], predicted: Sequence[Collection[Hashable]]
) -> tuple[float | None, float | None]:
    """Micro and macro F1 of sets of labels, one set a review; `None` where no label occurs at all."""
    hits: dict[Hashable, int] = {}
    size: dict[Hashable, int] = {}
    for wanted, shown in zip(map(set, gold), map(set, predicted), strict=True):
        for label in wanted & shown:
            hits[label] = hits.get(label, 0) + 1
        for label in wanted:
            size[label] = size.get(label, 0) + 1
        for label in shown:
            size[label] = size.get(label, 0) + 1
    if not size:
        return None, None
    macro = sum(2 * hits.get(label, 0) / n for label, n in size.items()) / len(size)
    return 2 * sum(hits.values()) / sum(size.values()), macro


def macro_f1(gold: Sequence[Hashable], predicted: Sequence[Hashable]) -> float | None:
    """Mean F1 over the values that occur; a prediction of `None` counts as a miss and is no value."""
    return set_f1([{a} for a in gold], [{b} if b is not None else set() for b in predicted])[1]


def calibration_error(confidence: Sequence[float], correct: Sequence[bool], bins: int = 10) -> float | None:
    """Expected calibration error: mean distance of confidence and accuracy over equally wide bins.

    Each bin weighs by its share of the cases (Naeini et al. 2015). `None` for no cases.
    """
    if not confidence:
        return None
    filled: dict[int, list[tuple[float, bool]]] = {}
    for p, right in zip(confidence, correct, strict=True):
        filled.setdefault(min(int(p * bins), bins - 1), []).append((p, right))
    gaps = (abs(sum(p for p, _ in cases) - sum(right for _, right in cases)) for cases in filled.values())
    return sum(gaps) / len(confidence)
