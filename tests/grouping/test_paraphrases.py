"""Reasons said in other words and in three languages, read by the shipped model and found again."""

from __future__ import annotations

from collections import Counter, defaultdict
from itertools import combinations

import pytest

from benchmarks.vectors import Said, judge
from models.tagger import Tagger
from ugc.grouping import group_lake
from ugc.review import review_id
from ugc.tagging import add_vectors


class Reader:
    """The shipped model, for mentions that were marked by hand."""

    version = "hand@1"

    def __init__(self) -> None:
        self._own = Tagger.load(threads=1)
        self.vectors = self._own.vectors


@pytest.fixture
def found(plant) -> list[tuple[Said, str | None]]:
    """Each clause of the judge with the reason that it was put to."""
    said = judge()
    reviews = []
    for number, one in enumerate(said):
        theme, polarity = one.cell.split()
        quote = one.text[one.start : one.end]
        reviews.append(
            {"text": one.text, "language": one.language, "source_id": str(number), "sentiment": polarity}
            | {"mentions": [(quote, theme, polarity)]}
        )
    lake = plant(*reviews)
    assert add_vectors(lake, Reader()) == len(said)
    group_lake(lake)
    with lake.snapshot() as snapshot:
        rows = snapshot.sql("SELECT review_id, reason FROM reasoned").to_pylist()
    given = {row["review_id"]: row["reason"] for row in rows}
    return [(one, given[review_id("otzovik", str(number))]) for number, one in enumerate(said)]


def test_paraphrases_come_together_across_languages(found):
    groups: dict[str, list[Said]] = defaultdict(list)
    for one, reason in found:
        if reason is not None:
            groups[reason].append(one)
    assert sum(map(len, groups.values())) >= 0.65 * len(found)
    pairs = [
        (a.reason == b.reason, a.language == b.language)
        for members in groups.values()
        for a, b in combinations(members, 2)
    ]
    right, spoken = sum(same for same, _ in pairs), [same for same, own in pairs if not own]
    by_chance = 5 / 29  # six of thirty clauses of a cell give a reason
    assert right / len(pairs) >= 3 * by_chance
    assert sum(spoken) / len(spoken) >= 3 * by_chance
    several = 0
    for members in groups.values():
        top, count = Counter(one.reason for one in members).most_common(1)[0]
        languages = {one.language for one in members if one.reason == top}
        several += count >= len(members) / 2 and len(languages) >= 2
    assert several >= 0.8 * len(groups)
