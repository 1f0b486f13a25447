"""Days on which far more reviews of one kind came than the source's own rhythm explains.

A rhythm is that of one kind of review (glowing, furious, neither) of one company at one source,
and of each of its products and places there. For every run of 1, 3 and 7 days of it:

    rate   m = (T + κ·g) / (N + κ): T reviews in N days, up to REACH days on each side of the run but
           not within GUARD days of it, drawn towards the rate g of all other days, which weighs κ days
    spread φ = max(1, mean of (x − m)²/m over all other runs of that length): 1 for a Poisson process,
           more where reviews come in clumps or with the weekday, or dates are rough
    p      chance of so many or more under a negative binomial with mean m·w and variance
           φ·m·w·(1 + w/(N + κ)); the last factor is that of a rate that is itself estimated

All runs of all rhythms are corrected together (Benjamini–Hochberg); a burst has q below LEVEL, at
least FEWEST reviews and FACTOR times as many as expected. Nothing is said of the first HISTORY days
of a rhythm, nor of one with fewer than KNOWN reviews besides. Of runs that overlap the least likely
one stands, without the ordinary days at its ends; neighbouring ones become one.

Sources
    McCullagh P., Nelder J. A. (1989) Generalized Linear Models, 6.2 (overdispersed counts).
    Farrington C. P. et al. (1996) A statistical algorithm for the early detection of outbreaks of
        infectious disease. J. R. Stat. Soc. A 159, 547-563 (quasi-Poisson against past counts).
    Benjamini Y., Hochberg Y. (1995) J. R. Stat. Soc. B 57, 289-300.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

import numpy as np

from ugc.insight.choice.statement import fill

if TYPE_CHECKING:
    from ugc.lake import Snapshot

__all__ = ["FACTOR", "FEWEST", "LEVEL", "SIDE", "Burst", "among", "bursts"]

LEVEL = 0.01
"""A run of days is a burst when its q value lies below this."""

FEWEST, FACTOR = 5, 3
"""A burst has at least so many reviews, and so many times the number expected."""

RUNS = (1, 3, 7)
GUARD, REACH, PRIOR = 7, 28, 7.0
HISTORY, KNOWN = 14, 10

LONGEST = 3660
"""Days of a rhythm that are looked at, the newest ones: a wrong date must not cost memory."""

SIDE = """CASE WHEN r.stars >= 4 OR (r.stars IS NULL AND t.sentiment = 'positive') THEN 'glowing'
    WHEN r.stars <= 2 OR (r.stars IS NULL AND t.sentiment = 'negative') THEN 'furious'
    ELSE 'neither' END"""
"""SQL of a review's kind, by its stars, or by its text where there are none."""

_DAILY = """
WITH told AS (
    SELECT r.source, nullif(r.company, '') AS company, nullif(r.product, '') AS product,
        nullif(r.place, '') AS place, {side} AS side,
        CAST(floor(epoch_us(r.date) / 86400000000) AS INTEGER) AS day
    FROM reviews r LEFT JOIN tags t ON t.key = r.key
    WHERE r.date IS NOT NULL
), daily AS (
    SELECT source, company, NULL AS product, NULL AS place, true AS whole, side, day, count(*) AS reviews
    FROM told GROUP BY ALL
    UNION ALL
    SELECT source, company, product, place, false AS whole, side, day, count(*) AS reviews
    FROM told WHERE product IS NOT NULL OR place IS NOT NULL GROUP BY ALL
)
SELECT source, company, product, place, whole, side, list(day) AS days, list(reviews) AS counts,
    (SELECT max(t.day) FROM told t WHERE t.source = daily.source) AS last
FROM daily
GROUP BY 1, 2, 3, 4, 5, 6
HAVING sum(reviews) >= $least
"""
"""Rhythms with too few reviews for a burst stay where they are: a large lake has very many of them."""

Ints = np.ndarray[Any, np.dtype[np.int64]]
Floats = np.ndarray[Any, np.dtype[np.float64]]


@dataclass(frozen=True, slots=True)
class Burst:
    """Days of one rhythm with far more reviews than expected."""

    source: str
    company: str | None
    product: str | None
    place: str | None
    whole: bool
    """Whether it is the rhythm of the company as a whole."""
    side: str
    """glowing (4–5 stars), furious (1–2 stars) or neither."""
    first: date
    last: date
    reviews: int
    expected: float
    """Reviews that the rhythm gives in so many days."""
    q_value: float


@dataclass(frozen=True, slots=True)
class _Run:
    """A run of days that is too full: `start` counted from the rhythm's first day."""

    start: int
    days: int
    rate: float
    p_value: float


def _between(sums: Floats, low: Ints, high: Ints) -> Floats:
    """Sums over low ≤ day < high from running sums, the ends held to what there is."""
    top = len(sums) - 1
    taken: Floats = sums[np.clip(high, 0, top)] - sums[np.clip(low, 0, top)]
    return taken


def _full(counts: Floats, days: int) -> tuple[list[_Run], int]:
    """Runs of so many days that a rhythm hardly explains, and how many runs were looked at."""
    from scipy.stats import nbinom

    length = len(counts)
    if length < HISTORY + days:
        return [], 0
    sums = np.concatenate(([0.0], np.cumsum(counts)))
    start = np.arange(length - days + 1)
    end = start + days
    seen = sums[end] - sums[start]
    if seen.max() < FEWEST:  # so it is in most rhythms, of which a large lake has thousands
        return [], len(start)
    low, high = start - GUARD, end + GUARD
    near = _between(sums, low - REACH, low) + _between(sums, high, high + REACH)
    width = (np.clip(low, 0, length) - np.clip(low - REACH, 0, length)) + (
        np.clip(high + REACH, 0, length) - np.clip(high, 0, length)
    )
    other = sums[-1] - _between(sums, low, high)
    others = np.maximum(length - (np.clip(high, 0, length) - np.clip(low, 0, length)), 1)
    rate = (near + PRIOR * np.maximum(other, 0.5) / others) / (width + PRIOR)
    mean = rate * days
    asked = (seen >= FEWEST) & (seen >= FACTOR * mean) & (start >= HISTORY) & (other >= KNOWN)
    if not asked.any():
        return [], len(start)
    off = (seen - mean) ** 2 / mean
    offs = np.concatenate(([0.0], np.cumsum(off)))
    left, right = start - days - GUARD + 1, start + days + GUARD
    kept = len(off) - (np.clip(right, 0, len(off)) - np.clip(left, 0, len(off)))
    spread = np.maximum((offs[-1] - _between(offs, left, right)) / np.maximum(kept, 1), 1.0)
    found = np.flatnonzero(asked & (kept >= HISTORY))
    variance = spread[found] * mean[found] * (1 + days / (width[found] + PRIOR))
    size = mean[found] ** 2 / (variance - mean[found])
    chance = nbinom.sf(seen[found] - 1, size, mean[found] / variance)
    runs = [_Run(int(i), days, float(rate[i]), float(p)) for i, p in zip(found, chance, strict=True)]
    return runs, len(start)


def _standing(runs: Sequence[_Run], counts: Floats) -> list[tuple[int, int, float, float]]:
    """First and last day, days' rate and p of the runs that stand, cut to their full days, joined."""
    taken = np.zeros(len(counts), dtype=bool)
    found = []
    for one in sorted(runs, key=lambda run: (run.p_value, run.days, run.start)):
        days = slice(one.start, one.start + one.days)
        if taken[days].any():
            continue
        taken[days] = True
        full = np.flatnonzero(counts[days] > 2 * one.rate) + one.start
        if len(full):
            found.append((int(full[0]), int(full[-1]), one.rate, one.p_value))
    joined: list[tuple[int, int, float, float]] = []
    for first, last, rate, p in sorted(found):
        if joined and first <= joined[-1][1] + 1:
            before = joined.pop()
            joined.append((before[0], last, min(before[2], rate), min(before[3], p)))
        else:
            joined.append((first, last, rate, p))
    return joined


def _limit(chances: Sequence[float], tests: int) -> tuple[float, dict[float, float]]:
    """Largest p that is a burst's, and the q of each p, among so many tests; the others count as 1."""
    ranked = np.sort(np.asarray(chances, dtype=np.float64))
    q = np.minimum.accumulate((ranked * tests / np.arange(1, len(ranked) + 1))[::-1])[::-1]
    below = ranked[q < LEVEL]
    return (float(below[-1]) if len(below) else -1.0), dict(zip(ranked.tolist(), q.tolist(), strict=True))


Rhythm = tuple[str, str | None, str | None, str | None, bool, str]
"""Source, company, product, place, whether of the company as a whole, side."""


def _rhythms(rows: Sequence[Mapping[str, Any]]) -> dict[Rhythm, tuple[int, Floats]]:
    """Each rhythm's first day and daily counts up to the last day of its source, `last` in its row.

    A product or place that is all there is of its company has no rhythm of its own.
    """
    totals = {
        (row["source"], row["company"], row["side"]): sum(row["counts"]) for row in rows if row["whole"]
    }
    found = {}
    for row in rows:
        days, reviews = np.array(row["days"]), np.array(row["counts"])
        total, source, side = int(reviews.sum()), row["source"], row["side"]
        alone = not row["whole"] and total == totals[source, row["company"], side]
        if alone:
            continue
        first = max(int(days.min()), row["last"] - LONGEST + 1)
        counts = np.zeros(row["last"] - first + 1)
        late = days >= first
        counts[days[late] - first] = reviews[late]
        found[source, row["company"], row["product"], row["place"], row["whole"], side] = (first, counts)
    return found


def among(rhythms: Mapping[Rhythm, tuple[int, Floats]]) -> tuple[Burst, ...]:
    """All bursts of rhythms, the newest first.

    A rhythm has its source, company, product, place, whether it is that of the company as a whole,
    and its side; with it go its first day, counted from 1970, and the reviews of each day from then.
    """
    full: dict[Rhythm, list[_Run]] = {}
    tests = 0
    for key, (_, counts) in rhythms.items():
        looked = [_full(counts, days) for days in RUNS]
        full[key] = [run for runs, _ in looked for run in runs]
        tests += sum(count for _, count in looked)
    chances = [run.p_value for runs in full.values() for run in runs]
    if not chances:
        return ()
    limit, q_of = _limit(chances, tests)
    found = []
    for key, runs in full.items():
        first_day, counts = rhythms[key]
        source, company, product, place, whole, side = key
        for first, last, rate, p in _standing([run for run in runs if run.p_value <= limit], counts):
            found.append(
                Burst(
                    source=source,
                    company=company,
                    product=product,
                    place=place,
                    whole=whole,
                    side=side,
                    first=date(1970, 1, 1) + timedelta(days=first_day + first),
                    last=date(1970, 1, 1) + timedelta(days=first_day + last),
                    reviews=int(counts[first : last + 1].sum()),
                    expected=rate * (last - first + 1),
                    q_value=q_of[p],
                )
            )
    return tuple(sorted(found, key=lambda one: (-one.last.toordinal(), one.q_value, repr(one))))


def bursts(snapshot: Snapshot) -> tuple[Burst, ...]:
    """All bursts of the lake, the newest first.

    They are looked for in the whole lake whatever is chosen, so that a narrower choice of reviews
    does not change what a burst is. The head of this module has the formula.
    """
    rows = snapshot.sql(fill(_DAILY, side=SIDE), {"least": KNOWN + FEWEST}).to_pylist()
    return among(_rhythms(rows))
