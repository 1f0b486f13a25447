"""How often bursts are found, and how often where there are none: `python -m benchmarks.bursts [LAKES]`.

Draws LAKES lakes (100 unless told) of each kind with five rhythms over 400 days, looks for bursts,
then again with 8, 12 and 20 reviews more on two neighbouring days of the rhythm that has one a day.
"""

from __future__ import annotations

import sys
from collections.abc import Callable

import numpy as np

from ugc.insight.doubt.bursts import Rhythm, among

DAYS = 400
MEANS = (2.0, 0.5, 6.0, 1.0, 0.1)
PLANTED = 3
EXTRA = (8, 12, 20)
WEEK = np.array([1.4, 1.2, 1, 1, 1.1, 0.6, 0.5])

Counts = np.ndarray


def _kinds(generator: np.random.Generator) -> dict[str, Callable[[float], Counts]]:
    """Daily counts with a mean, by how the reviews come."""
    day = np.arange(DAYS)
    return {
        "even": lambda mean: generator.poisson(mean, DAYS),
        "weekly": lambda mean: generator.poisson(mean * WEEK[day % 7]),
        "growing": lambda mean: generator.poisson(mean * np.linspace(0.3, 2, DAYS)),
        "seasonal": lambda mean: generator.poisson(mean * (1 + 0.7 * np.sin(day / 58))),
        "clumps": lambda mean: generator.negative_binomial(mean / 2, 1 / 3, DAYS),
    }


def _rhythms(counts: list[Counts]) -> dict[Rhythm, tuple[int, Counts]]:
    """One rhythm a source."""
    return {
        (f"s{n}", "c", None, None, True, "glowing"): (0, one.astype(float)) for n, one in enumerate(counts)
    }


def main() -> None:
    """Prints the table."""
    lakes = int(sys.argv[1]) if len(sys.argv) > 1 else 100
    generator = np.random.default_rng(0)
    print(f"of {lakes} lakes: false" + "".join(f", +{extra} found" for extra in EXTRA))
    for name, draw in _kinds(generator).items():
        false, found = 0, dict.fromkeys(EXTRA, 0)
        for _ in range(lakes):
            counts = [draw(mean) for mean in MEANS]
            false += bool(among(_rhythms(counts)))
            for extra in EXTRA:
                day = int(generator.integers(40, 380))
                fuller = [one.copy() for one in counts]
                fuller[PLANTED][day : day + 2] += extra // 2
                found[extra] += any(
                    one.source == f"s{PLANTED}" and abs(one.first.toordinal() - 719163 - day) <= 1
                    for one in among(_rhythms(fuller))
                )
        print(f"{name:10} {false:6}" + "".join(f"{found[extra]:12}" for extra in EXTRA), flush=True)


if __name__ == "__main__":
    main()
