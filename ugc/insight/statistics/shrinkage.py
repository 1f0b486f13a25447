"""Fair ranking of small groups: their figures are drawn towards the mean of all groups.

Among many groups the best and the worst are mostly the smallest ones, by chance alone. Each
group's own figure is therefore averaged with the overall one; how much the overall one weighs
follows from how far the groups differ beyond chance (empirical Bayes, method of moments). Where
they differ by no more than chance, all get the overall figure; where they seem to differ in
everything, the overall figure still weighs as LEAST_WEIGHT reviews, so that a single review is
never ranked by itself alone.

Sources
    Efron B., Morris C. (1977) Stein's paradox in statistics. Sci. Am. 236 (5), 119-127.
    Kleinman J. C. (1973) Proportions with extraneous variance. J. Am. Stat. Assoc. 68, 46-54.
    Searle S. R., Casella G., McCulloch C. E. (1992) Variance Components, ch. 3 (ANOVA estimators).
"""

from __future__ import annotations

from collections.abc import Sequence

__all__ = ["LEAST_WEIGHT", "shrink_means", "shrink_shares"]

LEAST_WEIGHT = 2.0
"""Reviews as which the overall figure weighs at least."""


def _spread(sizes: Sequence[int], values: Sequence[float], centre: float) -> tuple[float, float]:
    """Weighted squares between groups, and the factor N − Σn²/N that belongs to them."""
    everything = sum(sizes)
    squares = sum(n * (value - centre) ** 2 for n, value in zip(sizes, values, strict=True))
    return squares, everything - sum(n * n for n in sizes) / everything


def shrink_shares(counts: Sequence[int], sizes: Sequence[int]) -> list[float | None]:
    """Shares `count / size` of groups, shrunk; `None` for groups of size 0.

    Beta-binomial model: with the overall share μ, S = Σ nᵢ(pᵢ−μ)² and m groups, the correlation
    within groups is ρ = (S − μ(1−μ)(m−1)) / (μ(1−μ)(N − Σnᵢ²/N − (m−1))), held to 0…1 (Kleinman).
    The overall share then weighs as M = (1−ρ)/ρ reviews: (count + Mμ) / (size + M).
    """
    kept = [(count, n) for count, n in zip(counts, sizes, strict=True) if n > 0]
    if not kept:
        return [None] * len(sizes)
    everything = sum(n for _, n in kept)
    overall = sum(count for count, _ in kept) / everything
    noise = overall * (1 - overall)
    degrees = len(kept) - 1
    if len(kept) == 1 or noise == 0:
        return [overall if n > 0 else None for n in sizes]
    squares, factor = _spread([n for _, n in kept], [count / n for count, n in kept], overall)
    room = noise * (factor - degrees)
    within = min(max((squares - noise * degrees) / room, 0.0), 1.0) if room > 0 else 0.0
    if within == 0:
        return [overall if n > 0 else None for n in sizes]
    weight = max((1 - within) / within, LEAST_WEIGHT)
    return [
        (count + weight * overall) / (n + weight) if n > 0 else None
        for count, n in zip(counts, sizes, strict=True)
    ]


def shrink_means(
    sizes: Sequence[int], totals: Sequence[float], squares: Sequence[float]
) -> list[float | None]:
    """Means `total / size` of groups, shrunk; `None` for groups of size 0.

    One-way random effects: variance within s² = (Σy² − Σnᵢȳᵢ²)/(N − m), variance between
    τ² = max(0, (Σnᵢ(ȳᵢ−ȳ)² − (m−1)s²) / (N − Σnᵢ²/N)); the overall mean weighs as s²/τ² ratings.
    """
    kept = [one for one in zip(sizes, totals, squares, strict=True) if one[0] > 0]
    if not kept:
        return [None] * len(sizes)
    everything = sum(n for n, _, _ in kept)
    overall = sum(total for _, total, _ in kept) / everything
    degrees = everything - len(kept)
    if len(kept) == 1 or degrees == 0:
        return [overall if n > 0 else None for n in sizes]
    inside = max(sum(square - total * total / n for n, total, square in kept) / degrees, 0.0)
    outside, factor = _spread([n for n, _, _ in kept], [total / n for n, total, _ in kept], overall)
    between = max((outside - (len(kept) - 1) * inside) / factor, 0.0)
    if between == 0:
        return [overall if n > 0 else None for n in sizes]
    weight = max(inside / between, LEAST_WEIGHT)
    return [
        (total + weight * overall) / (n + weight) if n > 0 else None
        for n, total in zip(sizes, totals, strict=True)
    ]
