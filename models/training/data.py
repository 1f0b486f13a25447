"""What the network is trained on: labelled reviews and public texts, split, deduplicated, tokenised."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt
from tokenizers import Tokenizer

from models.evaluation.public import held_out_of_public
from models.labelled import Labelled, LabelledMention, normalised, residue
from models.labels import (
    CONTACT,
    EFFORT,
    EMOTIONS,
    LOYALTY,
    POLARITIES,
    SENTIMENTS,
    THEMES,
    TOUCHPOINTS,
)
from models.reading import frame, read, tokenise
from models.training.public_sets import (
    Partial,
    read_contact,
    read_emotion,
    read_plain,
    read_sentiment,
)
from ugc.text.clauses import Clause, split

__all__ = [
    "DEVELOPMENT",
    "HELD_OUT",
    "MEASURE_ONLY",
    "Item",
    "Splits",
    "clause_targets",
    "clauses_of",
    "encode_items",
    "labelled_items",
    "partial_items",
    "split_labels",
    "unseen",
]

HELD_OUT, DEVELOPMENT = 0, 1
"""Residues of the hash of a text: the first is only measured, the second chooses thresholds."""

MEASURE_ONLY = frozenset({"airline"})
"""Sets whose licence allows measuring and not training."""

LONGEST = 400
"""Tokens of a training text; the few longer ones are trained on their first window."""


@dataclass(slots=True)
class Item:
    """One training text. Unknown targets are NaN."""

    ids: npt.NDArray[np.int64]
    pool: npt.NDArray[np.float32]
    theme: npt.NDArray[np.float32]
    """(clauses, themes): 1, 0, a teacher's probability, or NaN where a quote only touches the clause."""
    polarity: npt.NDArray[np.float32]
    """(clauses, themes, polarities): shares that add up to how sure the theme is, or NaN."""
    touchpoint: npt.NDArray[np.float32]
    """(clauses, touchpoints): shares that add up to how sure any theme is, or NaN without a mention."""
    sentiment: npt.NDArray[np.float32]
    emotions: npt.NDArray[np.float32]
    contact: npt.NDArray[np.float32]
    loyalty: npt.NDArray[np.float32]
    effort: npt.NDArray[np.float32]
    flags: npt.NDArray[np.float32]
    """repeat, specific."""
    weight: float = 1.0
    """What its losses count beside those of a labelled review."""


@dataclass(frozen=True, slots=True)
class Splits:
    """Labelled reviews by use."""

    train: list[Labelled]
    development: list[Labelled]
    held_out: list[Labelled]


def split_labels(reviews: Sequence[Labelled]) -> Splits:
    """Splits by the hash of the text, each text once; sets that may not be trained on stay out."""
    seen: set[str] = set()
    splits = Splits([], [], [])
    for review in reviews:
        key = normalised(review.text)
        if key in seen:
            continue
        seen.add(key)
        part = residue(review.text)
        if part == HELD_OUT:
            splits.held_out.append(review)
        elif review.set in MEASURE_ONLY:
            continue
        elif part == DEVELOPMENT:
            splits.development.append(review)
        else:
            splits.train.append(review)
    return splits


def clauses_of(text: str, language: str | None) -> list[Clause]:
    """Clauses of a text, at least one for any text that is not empty."""
    return split(text, language) or [Clause(0, len(text))]


def clause_targets(
    clauses: Sequence[Clause], mentions: Sequence[LabelledMention]
) -> tuple[npt.NDArray[np.float32], npt.NDArray[np.int64], npt.NDArray[np.float32]]:
    """Themes, polarities and touchpoints of each clause.

    A clause has the theme of a quote when half of the shorter of the two is common to both; where
    they share less, but more than three characters, the theme of that clause is left unknown.
    """
    theme = np.zeros((len(clauses), len(THEMES)), np.float32)
    polarity = np.full((len(clauses), len(THEMES)), -1, np.int64)
    touchpoint = np.zeros((len(clauses), len(TOUCHPOINTS)), np.float32)
    for mention in mentions:
        column = THEMES.index(mention.theme)
        for i, clause in enumerate(clauses):
            shared = min(clause.end, mention.end) - max(clause.start, mention.start)
            if 2 * shared >= min(clause.end - clause.start, mention.end - mention.start):
                theme[i, column] = 1
                polarity[i, column] = POLARITIES.index(mention.polarity)
                touchpoint[i, TOUCHPOINTS.index(mention.touchpoint)] += 1
            elif shared > 3 and theme[i, column] == 0:
                theme[i, column] = np.nan
    totals = touchpoint.sum(axis=1, keepdims=True)
    return (
        theme,
        polarity,
        np.where(totals > 0, touchpoint / np.maximum(totals, 1), np.nan).astype(np.float32),
    )


def _one_hot(value: str | None, known: Sequence[str]) -> npt.NDArray[np.float32]:
    """A one at the place of a value, or NaN when it is unknown."""
    if value is None:
        return np.full(len(known), np.nan, np.float32)
    return np.asarray([one == value for one in known], np.float32)


def encode_items(
    tokenizer: Tokenizer, texts: Sequence[str], clauses: Sequence[list[Clause]]
) -> list[tuple[npt.NDArray[np.int64], npt.NDArray[np.float32]]]:
    """Token ids and pooling matrix (one row a clause) of each text, cut at LONGEST tokens."""
    prefix, suffix = frame(tokenizer)
    found = []
    for encoding, own in zip(tokenise(tokenizer, texts), clauses, strict=True):
        window = read(encoding, own, prefix=prefix, suffix=suffix, window=LONGEST).windows[0]
        pool = np.zeros((len(own), window.pool.shape[1]), np.float32)
        pool[list(window.clauses)] = window.pool
        found.append((window.ids, pool))
    return found


def labelled_items(tokenizer: Tokenizer, reviews: Sequence[Labelled]) -> list[Item]:
    """Training items of fully labelled reviews."""
    clauses = [clauses_of(review.text, review.language) for review in reviews]
    items = []
    encoded = encode_items(tokenizer, [review.text for review in reviews], clauses)
    for review, own, (ids, pool) in zip(reviews, clauses, encoded, strict=True):
        theme, polarity, touchpoint = clause_targets(own, review.mentions)
        theme[~pool.any(axis=1)] = np.nan
        known = (polarity >= 0) & np.asarray(pool.any(axis=1))[:, None]
        shares = np.where(known[..., None], np.eye(len(POLARITIES))[polarity], np.nan).astype(np.float32)
        items.append(
            Item(
                ids,
                pool,
                theme,
                shares,
                touchpoint,
                _one_hot(review.sentiment, SENTIMENTS),
                np.asarray([name in review.emotions for name in EMOTIONS], np.float32),
                _one_hot(review.contact, CONTACT),
                np.asarray([name in review.loyalty for name in LOYALTY], np.float32),
                _one_hot(review.effort, EFFORT),
                np.asarray([review.repeat, review.specific], np.float32),
            )
        )
    return items


def partial_items(tokenizer: Tokenizer, rows: Sequence[Partial]) -> list[Item]:
    """Training items of public texts: one pooling row over all the text, unknown targets NaN."""
    items = []
    texts = [row.text[:2000] for row in rows]
    encoded = encode_items(tokenizer, texts, [[Clause(0, len(text))] for text in texts])
    for row, (ids, pool) in zip(rows, encoded, strict=True):
        shares = row.sentiment or (np.nan,) * len(SENTIMENTS)
        items.append(
            Item(
                ids,
                pool,
                np.full((1, len(THEMES)), np.nan, np.float32),
                np.full((1, len(THEMES), len(POLARITIES)), np.nan, np.float32),
                np.full((1, len(TOUCHPOINTS)), np.nan, np.float32),
                np.asarray(shares, np.float32),
                np.asarray([row.emotions.get(name, np.nan) for name in EMOTIONS], np.float32),
                _one_hot(row.contact, CONTACT),
                np.full(len(LOYALTY), np.nan, np.float32),
                np.full(len(EFFORT), np.nan, np.float32),
                np.full(2, np.nan, np.float32),
            )
        )
    return items


def _known_forms(text: str) -> set[str]:
    """A normalised text and its beginning: sets cut and join titles in different ways."""
    key = normalised(text)
    return {key, key[:60]} if len(key) > 60 else {key}


def unseen(data: Path, reviews: Sequence[Labelled]) -> dict[str, list[Partial]]:
    """Public texts by kind, each once; none that stands among the labelled reviews.

    Sentences of held-out reviews are left out too, and texts that are held out of the public sets
    for measuring.
    """
    seen = {form for review in reviews for form in _known_forms(review.text)}
    held_out = "|".join(normalised(review.text) for review in reviews if residue(review.text) == HELD_OUT)
    kinds = {
        "reviews": [
            *read_sentiment(data / "sentiment.jsonl.gz"),
            *read_plain(data / "unlabelled.jsonl.gz"),
            *read_plain(data / "aspect.jsonl.gz"),
        ],
        "emotion": read_emotion(data / "emotion.jsonl.gz"),
        "contact": read_contact(data / "contact.jsonl.gz"),
    }
    found: dict[str, list[Partial]] = {}
    for kind, rows in kinds.items():
        kept = []
        for row in rows:
            key = normalised(row.text)
            forms = _known_forms(row.text) | (_known_forms(row.body) if row.body else set())
            leaks = len(key) > 20 and key in held_out
            kept_out = held_out_of_public(row.set, row.text) or held_out_of_public(row.set, row.body)
            if not key or forms & seen or leaks or kept_out or row.set in MEASURE_ONLY:
                continue
            seen.add(key)
            kept.append(row)
        found[kind] = kept
    return found
