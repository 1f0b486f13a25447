"""Where most writers are displeased: the weakest value of a dimension, if it is more than chance."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from ugc.insight.choice.filters import Dimension, Filters
from ugc.insight.satisfaction.scores import Group, by_each
from ugc.insight.statistics.significance import ALPHA, adjust, two_shares

if TYPE_CHECKING:
    from ugc.lake import Snapshot

__all__ = ["weak_spot"]


def weak_spot(
    snapshot: Snapshot, filters: Filters, dimensions: Sequence[Dimension]
) -> tuple[Dimension, Group] | None:
    """The value with the highest shrunk share of negatives, of the first dimension that has a weak one.

    Weak is a value whose share is above that of all other reviews chosen. All values of a dimension are
    tested together, and q < 0.05 is asked for; `None` where nothing is.
    """
    for dimension, found in by_each(snapshot, filters, dimensions).items():
        groups = [one for one in found if one.scores.tagged]
        tagged = sum(one.scores.tagged for one in groups)
        negative = sum(one.scores.negative for one in groups)
        tests = []
        for one in groups:
            count, n = one.scores.negative, one.scores.tagged
            p = two_shares(count, n, negative - count, tagged - n)
            if one.value and p is not None:
                tests.append((one, p, count * (tagged - n) > (negative - count) * n))
        q_values = adjust([p for _, p, _ in tests])
        weak = [one for (one, _, above), q in zip(tests, q_values, strict=True) if above and q < ALPHA]
        if weak:
            return dimension, max(weak, key=lambda one: one.shrunk_negative_share or 0.0)
    return None
