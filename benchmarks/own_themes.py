"""How well a theme of one's own is found from three examples: `python -m benchmarks.own_themes`.

Each reason of benchmarks/paraphrases.txt (forty reasons, six clauses each, in three languages) is a theme for
once, or two reasons of a cell together. Three of the clauses of each reason are its examples, typed alone or
as they stand in their review. All other clauses of the paraphrases, and all those of the sample reviews, are
what should stay out; nobody marked the latter, and some may belong. Three draws a reason.
"""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Iterator, Sequence
from itertools import product
from pathlib import Path

import numpy as np

from benchmarks.vectors import Said, judge
from models.tagger import Tagger
from ugc.grouping.assign import Floats, decode, frame, points, spreads, unit
from ugc.ingest import import_files
from ugc.ingest.sample import files
from ugc.lake import Lake
from ugc.tagging import tag_lake

DRAWS = 3
EXAMPLES = 3
THRESHOLDS = np.arange(0.1, 0.99, 0.02)

WAYS = ("nearest example", "middle of the examples", "mean of both")


def likeness(clauses: Floats, examples: Floats, way: str) -> Floats:
    """How like the examples clauses are, in one of WAYS; the last is that of `ugc.theming.Measure`."""
    nearest = (clauses @ examples.T).max(axis=1)
    middle = clauses @ unit(examples.mean(axis=0))
    return {WAYS[0]: nearest, WAYS[1]: middle, WAYS[2]: (nearest + middle) / 2}[way]


def average_precision(found: Floats, right: np.ndarray) -> float:
    """Mean of the precision at each right clause, in the order of likeness."""
    hits = right[np.argsort(-found)]
    places = np.flatnonzero(hits) + 1
    return float((np.cumsum(hits)[places - 1] / places).mean())


def f1(found: Floats, right: np.ndarray) -> np.ndarray:
    """F1 at each of THRESHOLDS."""
    taken = found[None, :] >= THRESHOLDS[:, None]
    return 2 * (taken & right).sum(axis=1) / np.maximum(1, taken.sum(axis=1) + right.sum())


def sample(tagger: Tagger) -> tuple[Floats, list[str | None]]:
    """Vectors of the clauses of the sample reviews, and their languages."""
    with tempfile.TemporaryDirectory() as folder:
        lake = Lake.open(Path(folder) / "lake")
        import_files(lake, files())
        tag_lake(lake, tagger)
        with lake.snapshot() as snapshot:
            found = snapshot.sql(
                "SELECT v.vector, r.language FROM vectors v JOIN reviews r ON r.id = v.review_id "
                'ORDER BY v.review_id, v.start, v."end"'
            )
    return decode(found["vector"].to_pylist()), found["language"].to_pylist()


def _some(chance: np.random.Generator, own: list[int]) -> list[int]:
    """EXAMPLES of the clauses."""
    return [own[at] for at in chance.permutation(len(own))[:EXAMPLES]]


def themes(said: Sequence[Said], together: bool) -> Iterator[tuple[list[int], list[int]]]:
    """Clauses that give a reason, or two of a cell, with those of them that are examples."""
    chance = np.random.default_rng(2)
    groups: dict[tuple[str, str], list[int]] = {}
    for place, one in enumerate(said):
        groups.setdefault((one.cell, one.reason), []).append(place)
    for (cell, reason), own in groups.items():
        others = [name for name in groups if name[0] == cell and name[1] != reason]
        for _ in range(DRAWS):
            members, examples = list(own), _some(chance, own)
            if together:
                also = groups[others[chance.integers(len(others))]]
                members, examples = members + also, examples + _some(chance, also)
            yield members, examples


def main() -> int:
    """Prints a row for each kind of theme, of examples, and way."""
    tagger, said = Tagger.load(), judge()
    languages: list[str | None] = [one.language for one in said]
    texts = [one.text for one in said]
    alone = [text[one.start : one.end] for text, one in zip(texts, said, strict=True)]
    read = tagger.vectors(texts, languages, [[(one.start, one.end)] for one in said])
    typed = tagger.vectors(alone, languages, [[(0, len(one))] for one in alone])
    there, spoken = sample(tagger)
    clauses, all_ = decode([one[0] for one in read if one[0]]), [*languages, *spoken]
    everything = np.concatenate([clauses, there])
    by = frame(everything, all_, spreads([(everything, all_)]))
    compared = points(everything, all_, by)
    kinds = {
        "typed": points(decode([one[0] for one in typed if one[0]]), languages, by),
        "from reviews": compared[: len(said)],
    }
    heads = ("theme", "examples", "likeness to", "average precision", "common threshold", "F1", "F1, own")
    sys.stdout.write(f"| {' | '.join(heads)} |\n|{' --- |' * len(heads)}\n")
    for together, (kind, own), way in product((False, True), kinds.items(), WAYS):
        precisions, curves = [], []
        for members, examples in themes(said, together):
            found = likeness(compared, own[examples], way)
            right = np.zeros(len(compared), np.bool_)
            right[members] = True
            kept = np.ones(len(compared), np.bool_)
            kept[examples] = False
            precisions.append(average_precision(found[kept], right[kept]))
            curves.append(f1(found[kept], right[kept]))
        common = np.mean(curves, axis=0)
        figures = (
            np.mean(precisions),
            THRESHOLDS[common.argmax()],
            common.max(),
            np.max(curves, axis=1).mean(),
        )
        written = " | ".join(f"{one:.2f}" for one in figures)
        sys.stdout.write(f"| {'two reasons' if together else 'one reason'} | {kind} | {way} | {written} |\n")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
