"""Whether two shares differ, and how that holds when many are compared at once.

Sources
    Pearson's chi-squared test of a 2×2 table is the two-proportion z test with pooled variance.
    Fisher R. A. (1935) The logic of inductive inference. J. R. Stat. Soc. 98, 39-82.
    Cochran W. G. (1954) Some methods for strengthening the common χ² tests. Biometrics 10, 417-451
        (no expected count below 5; here 10).
    Benjamini Y., Hochberg Y. (1995) Controlling the false discovery rate. J. R. Stat. Soc. B 57,
        289-300.
"""

from __future__ import annotations

from collections.abc import Sequence
from math import erfc, sqrt

import numpy as np

__all__ = ["ALPHA", "adjust", "two_shares"]

ALPHA = 0.05
"""A difference is called significant when its q value lies below this."""


def two_shares(count: int, n: int, other_count: int, other_n: int) -> float | None:
    """Two-sided p value of "both shares are the same"; `None` when either n is 0.

    z = (p₁ − p₂) / √(p(1−p)(1/n₁ + 1/n₂)) with the pooled p; Fisher's exact test where a count
    expected under the pooled share is below 10 (Cochran; with his 5 the test errs too often where the
    two samples differ much in size).
    """
    if n <= 0 or other_n <= 0:
        return None
    pooled = (count + other_count) / (n + other_n)
    if pooled in (0.0, 1.0):
        return 1.0
    if min(n, other_n) * min(pooled, 1 - pooled) < 10:
        from scipy.stats import fisher_exact

        table = np.array([[count, n - count], [other_count, other_n - other_count]])
        return min(float(fisher_exact(table).pvalue), 1.0)
    z = (count / n - other_count / other_n) / sqrt(pooled * (1 - pooled) * (1 / n + 1 / other_n))
    return erfc(abs(z) / sqrt(2))


def adjust(p_values: Sequence[float]) -> list[float]:
    """Q values by Benjamini and Hochberg, in the order given.

    q of the i-th smallest of m is the least p(j)·m/j over j ≥ i. Calling significant what has
    q < 0.05 keeps the expected share of false calls among all calls at 5 %.
    """
    ranked = sorted(range(len(p_values)), key=lambda index: p_values[index], reverse=True)
    q_values = [1.0] * len(p_values)
    least = 1.0
    for place, index in enumerate(ranked):
        least = min(least, p_values[index] * len(p_values) / (len(p_values) - place))
        q_values[index] = least
    return q_values
