"""Measures which vectors of a clause tell concrete reasons apart, within a theme and polarity.

Run with `python -m benchmarks.vectors [--json]`; it takes under a minute on one core and prints the
table of docs/concepts/reasons.md. The judge is `paraphrases.txt`: forty reasons in eight cells of
theme × polarity, each said in six short reviews, two a language. A clause looks for its like among
all other clauses of its cell; the figure is the mean average precision, over all clauses, of those of
the same reason: among all others, among those of its own language, among those of the other two.
The axes come from the sample reviews (`benchmarks.vector_axes`), not from the judge; the middles of a
cell and of its languages come from the judge, as a lake has those of its own clauses.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

from benchmarks.clause_layers import Array, Layers, unit
from benchmarks.vector_axes import both
from models import DEFAULT_BUNDLE
from models.bundle import open_bundle
from models.tagger import Tagger
from models.vectors import AXES, DIMENSIONS
from ugc.text.clauses import Clause

JUDGE = Path(__file__).with_name("paraphrases.txt")
DRAWS = 5
"""Times that axes are drawn by chance; the figures are means."""

FIGURES = ("all", "own language", "other languages")


@dataclass(frozen=True, slots=True)
class Said:
    """One clause of the judge, in its review."""

    cell: str
    reason: str
    language: str
    text: str
    start: int
    end: int


def judge(path: Path = JUDGE) -> list[Said]:
    """All clauses of the judge."""
    found, cell, reason = [], "", ""
    for line in path.read_text(encoding="utf-8").splitlines():
        if line.startswith("## "):
            cell = line[3:]
        elif line.startswith("# "):
            reason = line[2:]
        elif line:
            language, marked = line.split(" ", 1)
            start, end = marked.index("["), marked.index("]") - 1
            text = marked.replace("[", "").replace("]", "")
            found.append(Said(cell, reason, language, text, start, end))
    return found


def around(one: Said) -> tuple[list[Clause], int]:
    """The spans of a review of the judge, and which of them is the clause."""
    edges = [(0, one.start), (one.start, one.end), (one.end, len(one.text))]
    held = [Clause(a, b) for a, b in edges if b > a]
    return held, 1 if one.start else 0


def without_means(vectors: Array, groups: Sequence[str]) -> Array:
    """Vectors less the mean of their group."""
    out = vectors.copy()
    named = np.asarray(groups)
    for group in set(groups):
        out[named == group] -= vectors[named == group].mean(0)
    return out


def precision(near: Array, like: npt.NDArray[np.bool_], among: npt.NDArray[np.bool_]) -> float:
    """Mean average precision: rows of `near` rank the columns of `among`; `like` says which are right."""
    values = []
    for row, right, open_ in zip(near, like, among, strict=True):
        hits = right[open_][np.argsort(-row[open_], kind="stable")]
        if hits.any():
            ranks = np.flatnonzero(hits) + 1
            values.append(float((np.arange(1, len(ranks) + 1) / ranks).mean()))
    return float(np.mean(values))


def judged(vectors: Array, said: Sequence[Said], *, by_language: bool = False) -> dict[str, float]:
    """The FIGURES of vectors, less the means of their cells, or of the languages within them."""
    groups = [one.cell + (one.language if by_language else "") for one in said]
    vectors = unit(without_means(vectors, groups))
    cell, reason, language = (
        np.asarray([getattr(one, name) for one in said]) for name in ("cell", "reason", "language")
    )
    inside = (cell[:, None] == cell) & ~np.eye(len(said), dtype=bool)
    like = (reason[:, None] == reason) & inside
    same = language[:, None] == language
    near = vectors @ vectors.T
    among = (inside, inside & same, inside & ~same)
    return {name: precision(near, like, one) for name, one in zip(FIGURES, among, strict=True)}


def rounded(vectors: Array) -> Array:
    """Vectors as one signed byte a dimension gives them back."""
    scale = 127 / np.abs(vectors).max(axis=1, keepdims=True)
    found: Array = np.round(vectors * scale).astype(np.int8).astype(np.float32)
    return found


def kept(profile: str, said: Sequence[Said]) -> Array:
    """The vectors that a lake would hold, by the tagger's own clauses."""
    found = Tagger.load(threads=1, profile=profile).vectors(
        [one.text for one in said], [one.language for one in said], [[(one.start, one.end)] for one in said]
    )
    return np.stack([np.frombuffer(one or bytes(DIMENSIONS), np.int8) for (one,) in found]).astype(np.float32)


def drawn(vectors: Array, seed: int) -> Array:
    """Vectors on DIMENSIONS orthogonal axes drawn by chance."""
    normal = np.random.default_rng(seed).standard_normal((vectors.shape[1], DIMENSIONS))
    found: Array = (vectors @ np.linalg.qr(normal)[0]).astype(np.float32)
    return found


def rows(said: Sequence[Said]) -> Iterator[tuple[str, dict[str, float]]]:
    """Every kind of vector by name, with its figures."""
    layers = Layers(Tagger.load(threads=1))
    placed = [around(one) for one in said]
    found = [layers.of(one.text, held)[:, at] for one, (held, at) in zip(said, placed, strict=True)]
    context = np.stack(found, axis=1)
    parts = [one.text[one.start : one.end] for one in said]
    alone = np.stack([layers.of(part, [Clause(0, len(part))])[-1, 0] for part in parts])
    last = layers.count
    for k in sorted({last // 4, last // 2, 3 * last // 4, last - 1}):
        yield f"layer {k}", judged(context[k], said)
    yield f"layer {last}, the last", judged(context[last], said)
    yield f"layer {last}, the clause read alone (a second run)", judged(alone, said)
    summed = both(context)
    yield f"layers {last // 2} and {last - 1}", judged(summed, said)
    with np.load(AXES) as stored:
        middle, axes = (stored[f"{name}{last}"].astype(np.float32) for name in ("mean", "axes"))
    turned = rounded((summed - middle) @ axes.T)
    yield f"the same, {DIMENSIONS} principal axes, one byte each", judged(turned, said)
    draws = [judged(rounded(drawn(summed, seed)), said) for seed in range(DRAWS)]
    mean = {name: float(np.mean([one[name] for one in draws])) for name in FIGURES}
    yield f"the same, {DIMENSIONS} axes drawn by chance, mean of {DRAWS} draws", mean
    yield "principal axes, less the mean of cell and language", judged(turned, said, by_language=True)
    for profile in open_bundle(DEFAULT_BUNDLE).profiles:
        held = judged(kept(profile, said), said, by_language=True)
        yield f"the same, as a lake holds it, profile {profile}", held


def main() -> None:
    """Measures and prints the table, in Markdown or JSON."""
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--json", action="store_true")
    as_json = asked.parse_args().json
    table = dict(rows(judge()))
    if as_json:
        print(json.dumps(table, indent=1))
        return
    print("| vector |", " | ".join(FIGURES), "|")
    print("| --- |", " | ".join("---" for _ in FIGURES), "|")
    for name, figures in table.items():
        print(f"| {name} |", " | ".join(f"{figures[one]:.3f}" for one in FIGURES), "|")


if __name__ == "__main__":
    main()
