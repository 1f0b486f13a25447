"""Soft labels: an earlier bundle reads texts that nobody labelled in full.

The earlier bundle adds sparse evidence to its encoder, the new network learns to say the same from
the encoder alone, and on far more texts than people have labelled (distillation, Hinton, Vinyals and
Dean 2015; self-training, Xie et al. 2020). What a set does say, stars or sentiment, outweighs the
teacher: see `sentiment_target`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

import numpy as np
import numpy.typing as npt
from tokenizers import Tokenizer

from models.merge import Logits
from models.tagger import Tagger
from models.training.data import Item, encode_items, partial_items
from models.training.public_sets import Partial

__all__ = ["LEAST", "TRUST", "WEIGHT", "public_items", "sentiment_target", "soft_items"]

WEIGHT = 0.5
"""What a text that the teacher has read counts beside a labelled review."""

TRUST = 0.5
"""Power of the teacher's sentiment beside the shares that stars stand for."""

SURE = 0.96
"""Share from which a set's own sentiment stands alone."""

LEAST = 0.1
"""Probability of a theme below which its polarity is not taught."""

PART = 512
"""Texts that are read at once."""

Array = npt.NDArray[np.float32]


def sentiment_target(known: Sequence[float], taught: Array) -> Array:
    """Shares of the sentiments: those of the set where it is sure, else times the teacher's to a power.

    What a set says counts as much as a label: its shares are scaled up against the item's weight.
    """
    if not known:
        return taught
    own = np.asarray(known, np.float32)
    if own.max() < SURE:
        own = np.asarray(own * np.maximum(taught, 1e-3) ** TRUST, np.float32)
    return np.asarray(own / own.sum() / WEIGHT, np.float32)


def _item(row: Partial, ids: npt.NDArray[np.int64], pool: Array, p: Logits) -> Item:
    """One text with the teacher's probabilities as targets."""
    there = np.asarray(pool.any(axis=1))
    theme = np.where(there[:, None], p["theme"], np.nan).astype(np.float32)
    sure = np.where(there[:, None] & (p["theme"] >= LEAST), p["theme"], np.nan)
    any_theme = np.where(there, p["theme"].max(axis=1), np.nan)
    any_theme = np.where(any_theme >= LEAST, any_theme, np.nan)
    return Item(
        ids,
        pool,
        theme,
        (p["polarity"] * sure[..., None]).astype(np.float32),
        (p["touchpoint"] * any_theme[:, None]).astype(np.float32),
        sentiment_target(row.sentiment, p["sentiment"]),
        p["emotions"],
        p["contact"],
        p["loyalty"],
        p["effort"],
        np.concatenate([p["repeat"], p["specific"]]),
        weight=WEIGHT,
    )


def soft_items(
    tokenizer: Tokenizer, rows: Sequence[Partial], teacher: Tagger, say: Callable[[str], None]
) -> list[Item]:
    """Training items of public texts, with clauses, as the teacher reads them.

    Texts that it cannot read are left out.
    """
    items: list[Item] = []
    for start in range(0, len(rows), PART):
        part = rows[start : start + PART]
        texts = [row.text[:2000] for row in part]
        answers = teacher.probabilities(texts, [row.language for row in part])
        read = [(row, text, one) for row, text, one in zip(part, texts, answers, strict=True) if one]
        encoded = encode_items(tokenizer, [text for _, text, _ in read], [one.clauses for _, _, one in read])
        for (row, _, one), (ids, pool) in zip(read, encoded, strict=True):
            items.append(_item(row, ids, pool, one.by_head))
        if start // PART % 10 == 9:
            say(f"taught {len(items)} of {len(rows)} texts")
    return items


def public_items(
    tokenizer: Tokenizer,
    public: Mapping[str, Sequence[Partial]],
    teacher: Tagger | None,
    say: Callable[[str], None],
) -> list[list[Item]]:
    """Training items of public texts by kind; reviews with what the teacher says of them, if there is one."""
    found = []
    for kind, rows in public.items():
        if kind == "reviews" and teacher is not None:
            found.append(soft_items(tokenizer, rows, teacher, say))
        else:
            found.append(partial_items(tokenizer, [row for row in rows if row.says]))
    return found
