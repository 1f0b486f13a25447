"""The search for groups that depart from the rest: which are tested, which of them hold, which are one.

Subgroup discovery over all conjunctions of up to three values. A longer description is kept only
where it departs from each of its shorter ones, a shorter one only where something is left of it
without those already kept.

Sources
    Klösgen W. (1996) Explora: a multipattern and multistrategy discovery assistant. In: Advances
        in Knowledge Discovery and Data Mining. AAAI Press, 249-271.
    Benjamini Y., Hochberg Y. (1995) Controlling the false discovery rate. J. R. Stat. Soc. B 57,
        289-300.
    Jaccard P. (1912) The distribution of the flora in the alpine zone. New Phytol. 11, 37-50.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import combinations
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix
from scipy.special import erfc

from ugc.insight.statistics.significance import ALPHA, two_shares
from ugc.insight.whereabouts.hotspots_cells import BITS, CONDITIONS, Cells, Overlap

__all__ = ["ALIKE", "Found", "Spot", "adjusted", "enumerate_groups", "p_values", "search"]

ALIKE = 0.7
"""Jaccard index from which on two groups are the same one under two names."""
LEAST_RATIO = 0.25
"""A difference matters from a quarter of the share elsewhere on (and from the floor in points)."""
_REFINED = 0.01
"""q below which a longer description departs from its shorter ones."""
_LEAST_CHANCE = 0.01
"""p that a group needs without those already kept, or what the search asked for where that is less."""
_EACH, _MOST = 24, 60
"""Groups of a target, and of all, whose overlaps are looked at: those that depart most surely."""

_FEW, _EXACT = 10, 100
"""Expected counts below which a test is exact: in the search as in `two_shares`, and of what it finds."""

Numbers = NDArray[np.float64]
Whole = NDArray[np.int64]
Flags = NDArray[np.bool_]


class Found(NamedTuple):
    """All groups large enough, and the whole."""

    packed: Whole
    """The codes of each group's values, BITS for each dimension, 0 where one is free; ascending."""
    n: Numbers
    counts: Numbers
    """[groups × targets]."""
    whole: float
    whole_counts: Numbers
    """[targets]."""


class Spot(NamedTuple):
    """A group kept for a target."""

    target: int
    group: tuple[int, ...]
    """Codes of all dimensions, 0 where free."""
    q_value: float
    also: tuple[tuple[int, ...], ...]
    """Groups of nearly the same reviews."""


def p_values(count: Numbers, n: Numbers, other: Numbers, other_n: Numbers, exact_below: float) -> Numbers:
    """`two_shares` of arrays; 1 where either n is 0.

    Where a count expected is below 10, Fisher's exact test is computed only if the z test gives
    less than `exact_below`: what is further from significant than that stays so.
    """
    count, n, other, other_n = np.broadcast_arrays(count, n, other, other_n)
    with np.errstate(divide="ignore", invalid="ignore"):
        pooled = (count + other) / (n + other_n)
        error = np.sqrt(pooled * (1 - pooled) * (1 / n + 1 / other_n))
        z = (count / n - other / other_n) / error
    fine = np.isfinite(z) & (n > 0) & (other_n > 0)
    found: Numbers = np.where(fine, erfc(np.abs(np.where(fine, z, 0.0)) / np.sqrt(2)), 1.0)
    least = np.minimum(n, other_n) * np.minimum(pooled, 1 - pooled)
    for place in zip(*np.nonzero(fine & (least < _FEW) & (found < exact_below)), strict=True):
        table = (int(count[place]), int(n[place]), int(other[place]), int(other_n[place]))
        found[place] = two_shares(*table)
    return found


def adjusted(p: Numbers) -> Numbers:
    """Q values by Benjamini and Hochberg, as `ugc.insight.statistics.significance.adjust` gives."""
    flat = p.ravel()
    order = np.argsort(flat, kind="stable")[::-1]
    ranks = np.arange(len(flat), 0, -1)
    q = np.empty_like(flat)
    q[order] = np.minimum.accumulate(np.minimum(flat[order] * len(flat) / ranks, 1.0))
    return q.reshape(p.shape)


def _summed(cells: Cells, chosen: Sequence[int], size: int) -> tuple[Whole, Numbers, Numbers]:
    """The groups over some dimensions of one grouping: packed codes, n and counts of each."""
    own = cells.codes[:, [cells.dimensions.index(place) for place in chosen]]
    named = own.all(axis=1)
    own, n, counts = own[named], cells.n[named], cells.counts[named]
    shape = tuple(int(one) + 1 for one in own.max(axis=0)) if len(own) else (1,) * len(chosen)
    flat = np.ravel_multi_index(tuple(own.T), shape) if len(own) else np.zeros(0, dtype=np.int64)
    every: Numbers = np.bincount(flat, weights=n, minlength=int(np.prod(shape))).astype(np.float64)
    kept = np.flatnonzero(every >= size)
    place_of = np.full(len(every), -1)
    place_of[kept] = np.arange(len(kept))
    inside = place_of[flat] >= 0
    rows = place_of[flat[inside]]
    ones = csr_matrix((np.ones(len(rows)), (rows, np.arange(len(rows)))), shape=(len(kept), len(rows)))
    codes = np.unravel_index(kept, shape)
    packed = np.zeros(len(kept), dtype=np.int64)
    for one, place in zip(codes, chosen, strict=True):
        packed |= one.astype(np.int64) << BITS * place
    return packed, every[kept], np.asarray(ones @ counts[inside])


def _mask(places: Sequence[int]) -> int:
    """The bits of some dimensions."""
    return sum((1 << BITS) - 1 << BITS * place for place in places)


def _looked_up(packed: Whole, wanted: Whole) -> Whole:
    """Places of packed codes among sorted ones; −1 where they are not."""
    place = np.minimum(np.searchsorted(packed, wanted), len(packed) - 1)
    return np.where(packed[place] == wanted, place, -1)


def _shorter(packed: Whole, which: Whole) -> Whole:
    """Places of all shorter descriptions of some groups: [groups × 6], −1 where there is none."""
    found = np.full((len(which), 2**CONDITIONS - 2), -1)
    own = packed[which]
    bound = np.stack([(own >> BITS * place) & (1 << BITS) - 1 > 0 for place in range(63 // BITS)], axis=1)
    for pattern in np.unique(bound, axis=0):
        rows = np.flatnonzero((bound == pattern).all(axis=1))
        places = np.flatnonzero(pattern).tolist()
        parts = [one for width in range(1, len(places)) for one in combinations(places, width)]
        for column, part in enumerate(parts):
            found[rows, column] = _looked_up(packed, own[rows] & _mask(part))
    return found


def enumerate_groups(cells: Sequence[Cells], size: int) -> Found:
    """Every group of at least `size` reviews by one to three conditions.

    A group of the very same reviews as one of its shorter descriptions is left out. Raises
    `ValueError` without cells.
    """
    parts = []
    for width in range(1, CONDITIONS + 1):
        for chosen in sorted({one for each in cells for one in combinations(each.dimensions, width)}):
            holding = [one for one in cells if set(chosen) <= set(one.dimensions)]
            parts.append(_summed(min(holding, key=lambda one: len(one.n)), chosen, size))
    packed = np.concatenate([part[0] for part in parts])
    n = np.concatenate([part[1] for part in parts])
    order = np.argsort(packed)
    packed, n, counts = packed[order], n[order], np.concatenate([part[2] for part in parts])[order]
    shorter = _shorter(packed, np.arange(len(packed)))
    own = ~((shorter >= 0) & (n[shorter] == n[:, None])).any(axis=1)
    return Found(packed[own], n[own], counts[own], float(cells[0].n.sum()), cells[0].counts.sum(axis=0))


def _departs(found: Found, asked: Flags, size: int, floor: float) -> tuple[Numbers, Numbers, Flags, int]:
    """z, p, whether a group departs by what matters: [groups × targets]; how many were tested."""
    shape = found.counts.shape
    z, p, departs = np.zeros(shape), np.ones(shape), np.zeros(shape, dtype=np.bool_)
    cut = np.ix_(found.whole - found.n >= size, asked)
    count, n = found.counts[cut], found.n[found.whole - found.n >= size][:, None]
    if not count.size:
        return z, p, departs, 0
    whole = found.whole_counts[asked][None, :]
    rest, rest_n = whole - count, found.whole - n
    # By the normal curve alone, a sieve: what stays at last is tested exactly.
    p[cut] = p_values(count, n, rest, rest_n, 0.0)
    gap, pooled = count / n - rest / rest_n, whole / found.whole
    error = np.sqrt(pooled * (1 - pooled) * (1 / n + 1 / rest_n))
    z[cut] = np.divide(gap, error, out=np.zeros_like(gap), where=error > 0)
    departs[cut] = _matters(count / n, rest / rest_n, floor) & (adjusted(p[cut]) < ALPHA)
    return z, p, departs, count.size


def _matters(share: Numbers, rest: Numbers, floor: float) -> Flags:
    """Whether a difference is large enough, in points and beside the share elsewhere."""
    size = np.abs(share - rest)
    flags: Flags = (size >= floor) & (size >= LEAST_RATIO * rest)
    return flags


def _refined(found: Found, groups: Whole, targets: Whole, signs: Numbers) -> Flags:
    """Which groups depart from each of their shorter descriptions, in the direction of their sign.

    Compared with what is left of the shorter one without the group. The p of a group is the
    largest of its comparisons (all have to hold); these are corrected over all groups.
    """
    shorter = _shorter(found.packed, groups)
    there = shorter >= 0
    long = there.any(axis=1)
    fine = np.ones(len(groups), dtype=np.bool_)
    if not long.any():
        return fine
    shorter, there, own, target = shorter[long], there[long], groups[long], targets[long]
    n, count = found.n[own][:, None], found.counts[own, target][:, None]
    rest_n = np.where(there, found.n[shorter] - n, 0.0)
    rest = np.where(there, found.counts[shorter, target[:, None]] - count, 0.0)
    away = np.where(rest_n > 0, (count / n - rest / np.maximum(rest_n, 1.0)) * signs[long][:, None] > 0, True)
    p = np.where(away, p_values(count, n, rest, rest_n, 0.0), 1.0)
    worst = np.where(there, p, 0.0).max(axis=1)
    near = adjusted(worst) < _REFINED
    exact = np.where(away[near], p_values(count[near], n[near], rest[near], rest_n[near], 1.0), 1.0)
    worst[near] = np.where(there[near], exact, 0.0).max(axis=1)
    fine[long] = adjusted(worst) < _REFINED
    return fine


class _Candidate(NamedTuple):
    """A group that departs for one target."""

    place: int
    """Column in the overlaps."""
    target: int
    sign: float
    packed: int
    conditions: int


def _within(longer: int, shorter: int) -> bool:
    """Whether a description has all conditions of another one and more."""
    bound = _mask([place for place in range(63 // BITS) if shorter >> BITS * place & (1 << BITS) - 1])
    return longer != shorter and longer & bound == shorter


def _exact(count: int, n: int, other: int, other_n: int) -> float:
    """P of "both shares are the same", by Fisher's exact test below an expected count of _EXACT.

    Among many groups the p that matter lie far out, where the normal curve is too thin for
    counts that would do for a single test.
    """
    pooled = (count + other) / (n + other_n)
    if 0 < min(n, other_n) * min(pooled, 1 - pooled) < _EXACT:
        from scipy.stats import fisher_exact

        table = np.array([[count, n - count], [other, other_n - other]])
        return min(float(fisher_exact(table).pvalue), 1.0)
    p = two_shares(count, n, other, other_n)
    return 1.0 if p is None else p


def _chance(inside: Flags, outside: Flags, target: int, seen: Overlap) -> tuple[float, float, float, float]:
    """Share inside, share outside, p of their difference, and the reviews inside."""
    n, rest_n = float(seen.n[inside].sum()), float(seen.n[outside].sum())
    count, rest = float(seen.counts[inside, target].sum()), float(seen.counts[outside, target].sum())
    if not n or not rest_n:
        return 0.0, 0.0, 1.0, n
    return count / n, rest / rest_n, _exact(round(count), round(n), round(rest), round(rest_n)), n


class _Kept(NamedTuple):
    """A group that stays and those of nearly the same reviews.

    Its p is the larger one of two: against all others, and against what others leave of the rest.
    """

    leader: _Candidate
    also: list[_Candidate]
    p_value: float


def _merged(ranked: Sequence[_Candidate], seen: Overlap, bar: float, floor: float, size: int) -> list[_Kept]:
    """The groups of one target that stay, each with those that are the same under another name.

    In the order of evidence a candidate is compared with the rest without the reviews of those
    kept; where it refines a kept one, only among the reviews of that.
    """
    kept: list[_Kept] = []
    for one in ranked:
        own = seen.member[:, one.place]
        twin = None
        for leader, also, _ in kept:
            other = seen.member[:, leader.place]
            joint, either = float(seen.n[own & other].sum()), float(seen.n[own | other].sum())
            if one.sign == leader.sign and joint >= ALIKE * either:
                twin = also
                break
        if twin is not None:
            twin.append(one)
            continue
        among, taken = np.ones(len(seen.n), dtype=np.bool_), np.zeros(len(seen.n), dtype=np.bool_)
        for leader, _, _ in kept:
            if _within(one.packed, leader.packed):
                among = among & seen.member[:, leader.place]
            else:
                taken = taken | seen.member[:, leader.place]
        share, rest, p, n = _chance(own & among & ~taken, ~own & among & ~taken, one.target, seen)
        apart = (share - rest) * one.sign > 0 and bool(_matters(np.array(share), np.array(rest), floor))
        if apart and p <= bar and n >= size / 2:
            _, _, alone, _ = _chance(own, ~own, one.target, seen)
            kept.append(_Kept(one, [], max(p, alone)))
    return kept


def _led(kept: _Kept, q_value: float, seen: Overlap) -> Spot:
    """The widest true description of groups that are the same: the shortest, where no less holds of it.

    A shorter name leads where the reviews that it adds do not depart from the leader's own.
    """
    leader = best = kept.leader
    own = seen.member[:, leader.place]
    for one in sorted(kept.also, key=lambda each: each.conditions):
        added = seen.member[:, one.place] & ~own
        _, _, p, n = _chance(added, own, one.target, seen)
        if one.conditions < best.conditions and (n == 0 or p >= ALPHA):
            best = one
    others = tuple(_unpacked(one.packed) for one in (leader, *kept.also) if one is not best)
    return Spot(best.target, _unpacked(best.packed), q_value, others)


def _unpacked(packed: int) -> tuple[int, ...]:
    """Codes of all dimensions."""
    return tuple(packed >> BITS * place & (1 << BITS) - 1 for place in range(63 // BITS))


def search(
    found: Found,
    asked: Flags,
    overlap: Callable[[Sequence[tuple[int, ...]]], Overlap],
    *,
    size: int,
    floor: float,
) -> list[Spot]:
    """The groups that depart from the rest, for each target asked about.

    A true group casts shadows: all that share reviews with it depart as well. They would count as
    discoveries and let through as many false ones, so the last correction, over all groups and
    targets tested, counts only the groups that stay.

    Args:
        found: all groups of at least `size` reviews.
        asked: which targets are looked at.
        overlap: gives how some groups, by their codes, share the reviews.
        size: fewest reviews of a group and of all others.
        floor: least difference of two shares that matters.
    """
    z, p, departs, tested = _departs(found, asked, size, floor)
    groups, targets = np.nonzero(departs)
    if not len(groups):
        return []
    fine = _refined(found, groups, targets, np.sign(z[groups, targets]))
    groups, targets = groups[fine], targets[fine]
    if not len(groups):
        return []
    columns, ranked = _ranked(found, groups, targets, z)
    seen = overlap([_unpacked(int(found.packed[group])) for group in columns])
    bar = min(_LEAST_CHANCE, float(p[departs].max()))
    kept = [one for line in ranked.values() for one in _merged(line, seen, bar, floor, size)]
    # All other tests stand for their worst: none of them is called.
    q_values = adjusted(np.array([one.p_value for one in kept] + [1.0] * (tested - len(kept))))
    return [
        _led(one, float(q), seen) for one, q in zip(kept, q_values[: len(kept)], strict=True) if q < ALPHA
    ]


def _ranked(
    found: Found, groups: Whole, targets: Whole, z: Numbers
) -> tuple[list[int], dict[int, list[_Candidate]]]:
    """The surest groups of each target in the order of evidence, and the groups among all of them."""
    lengths = np.array([sum(code > 0 for code in _unpacked(int(one))) for one in found.packed[groups]])
    strength = np.round(np.abs(z[groups, targets]), 6)
    columns: dict[int, int] = {}
    ranked: dict[int, list[_Candidate]] = {}
    for place in np.lexsort((found.packed[groups], lengths, found.n[groups], -strength)).tolist():
        group, target = int(groups[place]), int(targets[place])
        line = ranked.setdefault(target, [])
        if len(line) == _EACH or (group not in columns and len(columns) == _MOST):
            continue
        line.append(
            _Candidate(
                columns.setdefault(group, len(columns)),
                target,
                float(np.sign(z[group, target])),
                int(found.packed[group]),
                int(lengths[place]),
            )
        )
    return list(columns), ranked
