"""Which of two bundles reads better, and whether a new one may take the place of the old.

The rule, in this order:

1. Under AT_LEAST held-out reviews nobody can tell: the old one stays.
2. The difference of theme+polarity micro-F1 decides when its paired bootstrap interval (95 %, over
   reviews) leaves zero out.
3. Else the difference of sentiment accuracy decides, when its interval leaves zero out.
4. Else both are equal as far as these reviews can tell. The new one is taken unless one of the two
   figures fell, because the old one was measured on more than these reviews.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from models.evaluation.bootstrap import (
    COMPARED,
    Difference,
    accuracy_parts,
    f1_parts,
    paired_difference,
)
from models.labelled import Labelled
from ugc.review import Tags

__all__ = ["AT_LEAST", "Verdict", "differences", "judge"]

AT_LEAST = 20
"""Held-out reviews below which two bundles are not told apart."""

_SETS: dict[str, Callable[[Labelled | Tags], set[object]]] = {
    "theme micro-F1": lambda one: {m.theme for m in one.mentions},
    "theme+polarity micro-F1": lambda one: {(m.theme, m.polarity) for m in one.mentions},
    "theme+touchpoint micro-F1": lambda one: {(m.theme, m.touchpoint) for m in one.mentions},
    "emotions micro-F1": lambda one: set(one.emotions),
    "loyalty micro-F1": lambda one: set(one.loyalty),
}
_SINGLE = {
    "sentiment accuracy": "sentiment",
    "contact accuracy": "contact",
    "effort accuracy": "effort",
    "repeat accuracy": "repeat",
    "specific accuracy": "specific",
}


def differences(
    reviews: Sequence[Labelled], ours: Sequence[Tags], theirs: Sequence[Tags]
) -> dict[str, Difference]:
    """Ours minus theirs for every figure that is a ratio of sums over reviews.

    Args:
        reviews: the labelled reviews, at least one.
        ours: tags of one tagger.
        theirs: tags of another.

    Figures that nobody has a label for are left out. Names are those of `models.evaluation.score`.
    """
    found = {}
    for name, labels in _SETS.items():
        gold = [labels(review) for review in reviews]
        first, second = (f1_parts(gold, [labels(one) for one in tags]) for tags in (ours, theirs))
        if (first[:, 1] + second[:, 1]).any():
            found[name] = paired_difference(first, second)
    for name, field in _SINGLE.items():
        wanted = [getattr(review, field) for review in reviews]
        first, second = (
            accuracy_parts(wanted, [getattr(one, field) for one in tags]) for tags in (ours, theirs)
        )
        found[name] = paired_difference(first, second)
    return found


@dataclass(frozen=True, slots=True)
class Verdict:
    """Whether the new bundle may be taken into use, and why in one sentence."""

    take: bool
    why: str


def _told(name: str, one: Difference) -> str:
    """A difference in words."""
    return f"{name} {one.value:+.3f} (95 % interval {one.low:+.3f} … {one.high:+.3f})"


def judge(found: dict[str, Difference], n: int) -> Verdict:
    """The verdict on a new bundle.

    Args:
        found: the new one's figures minus the old one's, from `differences`.
        n: how many held-out reviews they were measured on.
    """
    if n < AT_LEAST:
        return Verdict(
            False, f"{n} held-out reviews are too few to tell which is better; {AT_LEAST} are needed."
        )
    deciding = {name: found[name] for name in COMPARED if name in found}
    for name, one in deciding.items():
        if one.sure:
            better = "better" if one.value > 0 else "worse"
            return Verdict(one.value > 0, f"It is {better} on {n} held-out reviews: {_told(name, one)}.")
    told = "; ".join(_told(name, one) for name, one in deciding.items())
    fallen = [name for name, one in deciding.items() if one.value < 0]
    if fallen:
        return Verdict(
            False,
            f"No difference on {n} held-out reviews is surer than chance, and {fallen[0]} fell: {told}.",
        )
    return Verdict(
        True, f"No difference on {n} held-out reviews is surer than chance, and none fell: {told}."
    )
