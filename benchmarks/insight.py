"""How long every figure takes, and the memory: `python -m benchmarks.insight [REVIEWS | LAKE]`.

Makes a lake of REVIEWS reviews (1,000,000 unless told) with three mentions each, or takes one that
`benchmarks.generated` made, and asks every question under four choices of filters. Before that each
table is read once: that takes the seconds of the first line and is what the first page waits for.
Shown are the slowest and the median of all answers to a question; wall time and processor time,
since other work on the machine lengthens only the first. Memory is the peak of the whole process.
"""

from __future__ import annotations

import resource
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from statistics import median
from typing import NamedTuple

from benchmarks.generated import COMPANIES, DAYS, FIRST_DAY, fill
from ugc import insight
from ugc.insight import Filters
from ugc.insight.causes.reasons import theme_counts
from ugc.insight.satisfaction.change_points import change_points
from ugc.insight.satisfaction.spikes import spikes
from ugc.insight.satisfaction.theme_course import theme_course
from ugc.insight.whereabouts.compare_sides import Chosen
from ugc.lake import Lake, Snapshot

LAST_DAY = FIRST_DAY + timedelta(days=DAYS)

CHOICES = {
    "all": Filters(),
    "one city, half a year": Filters(cities=("Казань",), since=LAST_DAY - timedelta(days=182)),
    "two companies": Filters(companies=("Lumbi", "Amberhaus")),
    "one source, in Russian": Filters(sources=("otzovik",), languages=("ru",)),
}
"""Filters that every question is asked under."""

Ask = Callable[[Snapshot, Filters], object]


class Took(NamedTuple):
    """Seconds of one answer: wall and processor."""

    wall: float
    processor: float


def _two_companies(lake: Snapshot, chosen: Filters) -> object:
    """Two companies side by side under the other filters."""
    sides = [Chosen(name, replace(chosen, companies=(name,))) for name in COMPANIES[:2]]
    return insight.compare(lake, sides)


QUESTIONS: dict[str, Ask] = {
    "scores": insight.scores,
    "scores by city": lambda lake, chosen: insight.by(lake, chosen, "city"),
    "levels: product": lambda lake, chosen: insight.level_rows(lake, chosen, "product"),
    "levels: theme": lambda lake, chosen: insight.level_rows(lake, chosen, "theme"),
    "levels: touchpoint": lambda lake, chosen: insight.level_rows(lake, chosen, "touchpoint"),
    "stars against text": insight.disagreements,
    "trend by week": lambda lake, chosen: insight.trend(lake, chosen, "week"),
    "trend of a theme by week": lambda lake, chosen: insight.theme_trend(
        lake, chosen, "speed", "negative", "week"
    ),
    "course of a theme by week": lambda lake, chosen: theme_course(lake, chosen, "speed"),
    "change points": change_points,
    "spikes": spikes,
    "theme counts": lambda lake, chosen: theme_counts(lake, chosen, "negative"),
    "reasons with quotes": lambda lake, chosen: insight.reasons(lake, chosen, polarity="negative"),
    "drivers": insight.drivers,
    "moments": insight.moments,
    "breakdown by city": lambda lake, chosen: insight.segments(
        lake, chosen, theme="speed", polarity="negative", by="city"
    ),
    "hot spots": insight.hotspots,
    "hot spots of negatives": lambda lake, chosen: insight.hotspots(lake, chosen, target="negative"),
    "compare two companies": _two_companies,
    "expectations": insight.expectations,
    "priority": insight.priority,
    "effects of two actions": lambda lake, chosen: insight.effects(lake, insight.actions(lake)),
    "shelf": insight.shelf,
    "credibility": insight.credibility,
    "freshness": insight.freshness,
    "options": lambda lake, chosen: insight.options(lake),
    "search, newest page": insight.search,
    "search, two words": lambda lake, chosen: insight.search(lake, chosen, query="курьер вернули"),
}


def _took(ask: Ask, lake: Snapshot, chosen: Filters) -> Took:
    """How long one answer takes."""
    begun, spent = time.perf_counter(), time.process_time()
    ask(lake, chosen)
    return Took(time.perf_counter() - begun, time.process_time() - spent)


def _row(name: str, took: Sequence[Took]) -> str:
    """A line of the table: median and slowest."""
    walls, processors = [one.wall for one in took], [one.processor for one in took]
    return (
        f"| {name} | {median(walls):.2f} | {max(walls):.2f} | {median(processors):.2f} "
        f"| {max(processors):.2f} |"
    )


def _lake(stack: ExitStack, wanted: str) -> Lake:
    """The lake of that address, or a new one of that many reviews with two actions."""
    if not wanted.isdigit():
        return Lake.open(Path(wanted), create=False)
    lake = Lake.open(Path(stack.enter_context(tempfile.TemporaryDirectory())) / "lake")
    fill(lake, int(wanted))
    lake.add_action("more couriers", date(2026, 4, 6), concerned={"city": ["Казань"]}, theme="speed")
    lake.add_action("a new script", date(2026, 6, 1), concerned={"company": ["Lumbi"]})
    return lake


def main() -> None:
    """Prints the table."""
    with ExitStack() as stack:
        lake = _lake(stack, sys.argv[1] if len(sys.argv) > 1 else "1000000")
        snapshot = stack.enter_context(lake.snapshot())
        begun = time.perf_counter()
        held = insight.scores(snapshot, Filters())
        mentions = snapshot.sql("SELECT count(*) AS n FROM mentions")["n"][0].as_py()
        print(
            f"{held.reviews:,} reviews, {mentions:,} mentions; read in {time.perf_counter() - begun:.1f} s\n"
        )
        print("| | median, s | slowest, s | processor, median | processor, slowest |")
        print("|---|---:|---:|---:|---:|")
        for name, ask in QUESTIONS.items():
            took = []
            for chosen in CHOICES.values():
                ask(snapshot, chosen)
                took.append(_took(ask, snapshot, chosen))
            print(_row(name, took), flush=True)
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**20
        print(f"\nPeak memory: {peak:.2f} GB")


if __name__ == "__main__":
    main()
