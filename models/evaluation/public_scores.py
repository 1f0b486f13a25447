"""Scores on the held-out texts of the public sets.

The model answers as it is: its thresholds and priors are those of reviews, not of the set. Beside
that stands what the same answers give with the set in view: emotions with thresholds chosen on
texts of the set that are not held out (the model may have been trained on those, so they are a
little too sure), sentiment with only the classes that the set has. TF-IDF with logistic regression
is trained on the other texts of the set itself. Texts that a compared bundle was trained on, as its
fingerprints say, are left out.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from models.evaluation.answers import Reader
from models.evaluation.metrics import accuracy, mean_f1
from models.evaluation.public import EMOTION, PUBLISHED, SETS, Row, held_out_of_public, read_set
from models.evaluation.regressions import Choice, Labels, vectoriser
from models.evaluation.thresholds import best_thresholds
from models.labelled import fingerprint
from models.labels import SENTIMENTS
from ugc.errors import InputError
from ugc.review import Tags

__all__ = ["ON_SET", "measure_public"]

ON_SET = "TF-IDF + LR, trained on the set"
"""Name of the peer that knows the set."""

TUNING = 1500
"""Texts of a set, not held out, that thresholds are chosen on."""

LEARNING = 20_000
"""Texts of a set, not held out, that TF-IDF is trained on at most."""

ENOUGH = 50
"""Texts of a set, not held out, from which TF-IDF is trained on them."""

NONE = "none"
"""Stands for the absence of all emotions where it is counted as a label of its own."""


def _place(text: str) -> bytes:
    """Where a text comes in its set: by hash, so that the first so many are a sample."""
    return hashlib.sha1(text.encode("utf-8", "surrogatepass")).digest()


def _probabilities(tags: Sequence[Tags], labels: Sequence[str], of: str) -> npt.NDArray[np.float64] | None:
    """Probabilities (texts, labels) that tags hold under a field, or `None` where they hold none."""
    held = [getattr(one, of) for one in tags]
    if not any(held):
        return None
    return np.asarray([[own.get(name, 0.0) for name in labels] for own in held], float)


def _with_none(sets: Sequence[frozenset[str]]) -> list[frozenset[str]]:
    """Sets of emotions in which the empty one holds "none"."""
    return [own or frozenset({NONE}) for own in sets]


def _emotion_figures(
    gold: Sequence[frozenset[str]], shown: Sequence[frozenset[str]], labels: Sequence[str], dressed: str = ""
) -> dict[str, float | None]:
    """Macro-F1 over the emotions, and with their absence as one more label."""
    return {
        f"macro-F1{dressed}": mean_f1(gold, shown, labels),
        f"macro-F1 with none{dressed}": mean_f1(_with_none(gold), _with_none(shown), [*labels, NONE]),
    }


def _from(
    p: npt.NDArray[np.floating], at: npt.NDArray[np.float64], labels: Sequence[str]
) -> list[frozenset[str]]:
    """Labels whose probability reaches its threshold."""
    return [frozenset(name for name, there in zip(labels, row, strict=True) if there) for row in p >= at]


def _emotions(reader: Reader, held: Sequence[Row], rest: Sequence[Row]) -> dict[str, float | None]:
    """Figures of one reader on the emotions of a set."""
    labels = held[0].known
    tags = reader.answer([r.text for r in held], [r.language for r in held]).tags
    gold = [row.emotions for row in held]
    figures = _emotion_figures(gold, [frozenset(one.emotions) & set(labels) for one in tags], labels)
    p = _probabilities(tags, labels, "emotion_probabilities")
    if p is not None and rest:
        others = rest[:TUNING]
        before = reader.answer([r.text for r in others], [r.language for r in others]).tags
        seen = _probabilities(before, labels, "emotion_probabilities")
        if seen is not None:
            at = best_thresholds(seen, np.asarray([[e in r.emotions for e in labels] for r in others]))
            figures |= _emotion_figures(gold, _from(p, at, labels), labels, ", thresholds of the set")
    return figures


def _sentiments(reader: Reader, held: Sequence[Row], rest: Sequence[Row]) -> dict[str, float | None]:
    """Figures of one reader on the sentiment of a set."""
    labels = [name for name in SENTIMENTS if any(row.sentiment == name for row in (*held, *rest))]
    tags = reader.answer([r.text for r in held], [r.language for r in held]).tags
    gold = [row.sentiment for row in held]
    figures = _sentiment_figures(gold, [one.sentiment for one in tags], labels)
    p = _probabilities(tags, labels, "sentiment_probabilities")
    if p is not None and len(labels) < len(SENTIMENTS):
        figures |= _sentiment_figures(
            gold, [labels[i] for i in p.argmax(axis=1)], labels, ", its classes only"
        )
    return figures


def _sentiment_figures(
    gold: Sequence[str | None], shown: Sequence[str | None], labels: Sequence[str], dressed: str = ""
) -> dict[str, float | None]:
    """Macro-F1 over the classes of the set, and accuracy."""
    return {
        f"macro-F1{dressed}": mean_f1([{one} for one in gold], [{one} for one in shown], labels),
        f"accuracy{dressed}": accuracy(gold, shown),
    }


def _tfidf(held: Sequence[Row], rest: Sequence[Row]) -> dict[str, float | None]:
    """Figures of TF-IDF with logistic regression that is trained on the rest of the set."""
    tuning, train = rest[: len(rest) // 10], rest[len(rest) // 10 :][:LEARNING]
    features = vectoriser(len(train), 3)
    of_train = features.fit_transform([row.text for row in train]).tocsr()
    of_tuning, of_held = (features.transform([r.text for r in rows]).tocsr() for rows in (tuning, held))
    if held[0].sentiment is None:
        labels = held[0].known
        truths = [np.asarray([[e in r.emotions for e in labels] for r in rows]) for rows in (train, tuning)]
        model = Labels(of_train, truths[0].astype(np.float32))
        model.calibrate(of_tuning, truths[1].astype(np.float32))
        at = best_thresholds(model.probabilities(of_tuning), truths[1])
        shown = _from(model.probabilities(of_held), at, labels)
        return _emotion_figures([row.emotions for row in held], shown, labels)
    names = [name for name in SENTIMENTS if any(row.sentiment == name for row in rest)]
    choice = Choice(of_train, [names.index(str(row.sentiment)) for row in train], len(names))
    said = [names[i] for i in choice.probabilities(of_held).argmax(axis=1)]
    return _sentiment_figures([row.sentiment for row in held], said, names)


def measure_public(
    folder: Path,
    readers: Mapping[str, Reader],
    trained: Sequence[npt.NDArray[np.uint64]] = (),
    *,
    sets: Sequence[str] = tuple(SETS),
) -> dict[str, Any]:
    """Scores of readers on the held-out texts of the public sets, and what others published.

    Args:
        folder: holds `emotion.jsonl.gz` and `sentiment.jsonl.gz`.
        readers: who reads, by name.
        trained: fingerprints of texts that one of them was trained on; such texts are left out.
        sets: names of the sets.

    Returns:
        By set: `unit` of a text, number of texts `n`, how many were `left_out`, figures of the
        `readers` by name (TF-IDF trained on the set among them), and `published` figures.

    Sets that the folder does not hold are left out.

    Raises:
        InputError: a file is broken, or the folder holds none of the sets.
    """
    known = np.concatenate([np.empty(0, np.uint64), *trained])
    found: dict[str, Any] = {}
    for name in sets:
        rows = sorted(read_set(folder, name), key=lambda row: _place(row.text))
        if not rows:
            continue
        held = [row for row in rows if held_out_of_public(name, row.text)]
        rest = [row for row in rows if not held_out_of_public(name, row.text)]
        prints = np.asarray([fingerprint(row.text) for row in held], np.uint64)
        kept = [row for row, leak in zip(held, np.isin(prints, known), strict=True) if not leak]
        figures = _emotions if SETS[name] == EMOTION else _sentiments
        scores = {reader: figures(one, kept, rest) for reader, one in readers.items()} if kept else {}
        if kept and len(rest) >= ENOUGH:
            scores[ON_SET] = _tfidf(kept, rest)
        found[name] = {
            "unit": rows[0].unit,
            "n": len(kept),
            "left_out": len(held) - len(kept),
            "readers": scores,
            "published": [asdict(one) for one in PUBLISHED if one.set == name],
        }
    if not found:
        raise InputError(f"{folder} holds none of the sets {', '.join(sets)}.", "Name the folder of them.")
    return found
