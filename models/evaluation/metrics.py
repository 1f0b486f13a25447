"""Metrics: pure functions of gold and predicted labels.

An F1 of a label is 2·tp / (2·tp + fp + fn). *Micro* pools the counts of all labels, *macro* is the
plain mean over the labels that occur in gold or prediction.
"""

from __future__ import annotations

from collections.abc import Collection, Hashable, Iterable, Sequence
from dataclasses import dataclass

__all__ = [
    "Counts",
    "accuracy",
    "calibration_error",
    "confusion",
    "counts_by_label",
    "macro_f1",
    "mean_f1",
    "set_f1",
]


@dataclass(frozen=True, slots=True)
class Counts:
    """How often a label was rightly shown, wrongly shown and missed."""

    right: int
    wrong: int
    missed: int

    @property
    def n(self) -> int:
        """Cases that carry the label."""
        return self.right + self.missed

    @property
    def precision(self) -> float | None:
        """Share of the shown that are right; `None` when it was never shown."""
        return self.right / (self.right + self.wrong) if self.right + self.wrong else None

    @property
    def recall(self) -> float | None:
        """Share of those that carry it that were found; `None` when none does."""
        return self.right / self.n if self.n else None

    @property
    def f1(self) -> float | None:
        """Harmonic mean of the two; `None` where the label does not occur at all."""
        size = 2 * self.right + self.wrong + self.missed
        return 2 * self.right / size if size else None


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


def counts_by_label(
    gold: Sequence[Collection[Hashable]],
    predicted: Sequence[Collection[Hashable]],
    labels: Iterable[Hashable],
) -> dict[Hashable, Counts]:
    """Counts of each of the labels, over sets of labels, one set a review."""
    pairs = [(set(a), set(b)) for a, b in zip(gold, predicted, strict=True)]
    return {
        label: Counts(
            sum(label in a and label in b for a, b in pairs),
            sum(label not in a and label in b for a, b in pairs),
            sum(label in a and label not in b for a, b in pairs),
        )
        for label in labels
    }


def mean_f1(
    gold: Sequence[Collection[Hashable]],
    predicted: Sequence[Collection[Hashable]],
    labels: Iterable[Hashable],
) -> float | None:
    """Mean F1 of the given labels only; `None` where none of them occurs."""
    found = [one.f1 for one in counts_by_label(gold, predicted, labels).values()]
    known = [one for one in found if one is not None]
    return sum(known) / len(known) if known else None


def confusion(gold: Sequence[str], predicted: Sequence[str | None]) -> dict[str, dict[str, int]]:
    """How often each value of gold (outer) was called what (inner); an answer of `None` is "none"."""
    found: dict[str, dict[str, int]] = {}
    for wanted, shown in zip(gold, predicted, strict=True):
        row = found.setdefault(wanted, {})
        row[shown or "none"] = row.get(shown or "none", 0) + 1
    return found


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
