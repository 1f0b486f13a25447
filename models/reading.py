"""From a text to what the encoder reads: token windows and the pooling matrix of its clauses.

A text is tokenised once. Windows hold whole clauses up to WINDOW tokens and overlap by up to
OVERLAP tokens of whole clauses, so that every clause has context on both sides. Each token is
*owned* by exactly one window, the first that holds it; nothing is cut off. A clause is answered by
the window that owns its tokens; the rare clause longer than a window by the mean of its windows,
weighted by owned tokens. `models.merge` joins the answers for the review.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from tokenizers import Encoding, Tokenizer

from ugc.errors import ModelError
from ugc.text.clauses import Clause

__all__ = ["OVERLAP", "PREFIX", "WINDOW", "Reading", "Window", "frame", "read", "tokenise"]

PREFIX = "query:"
"""What the encoder was trained to see before a text."""

WINDOW = 320
"""Tokens of text in one window, about the longest reviews of the training labels."""

OVERLAP = 40
"""Tokens that a window may repeat from the one before it."""

_SURROGATES = re.compile("[\ud800-\udfff]")


@dataclass(frozen=True, slots=True)
class Window:
    """One input of the encoder: token ids with special tokens, and one pooling row a clause.

    `clauses[i]` is the number of the clause that row i of `pool` averages, `owned[i]` how many of
    its tokens this window owns (never zero).
    """

    ids: npt.NDArray[np.int64]
    pool: npt.NDArray[np.float32]
    clauses: tuple[int, ...]
    owned: tuple[int, ...]

    @property
    def weight(self) -> int:
        """Tokens owned by this window: its say in the answer for the review."""
        return max(1, sum(self.owned))


@dataclass(frozen=True, slots=True)
class Reading:
    """A text ready for the encoder."""

    windows: tuple[Window, ...]
    n_clauses: int


def tokenise(tokenizer: Tokenizer, texts: Sequence[str]) -> list[Encoding]:
    """Encodings of texts without special tokens; broken surrogates are read as U+FFFD."""
    return list(
        tokenizer.encode_batch([_SURROGATES.sub("\ufffd", text) for text in texts], add_special_tokens=False)
    )


def frame(tokenizer: Tokenizer) -> tuple[list[int], list[int]]:
    """Ids before and after the tokens of a text; `ModelError` when the tokenizer is of another family."""
    start, end = tokenizer.token_to_id("<s>"), tokenizer.token_to_id("</s>")
    if start is None or end is None:
        raise ModelError(
            "The tokenizer has no <s> and </s>.", "Use an encoder of the XLM-RoBERTa family, such as e5."
        )
    return [start, *tokenizer.encode(PREFIX, add_special_tokens=False).ids], [end]


def _clause_of_tokens(encoding: Encoding, clauses: Sequence[Clause]) -> npt.NDArray[np.int64]:
    """Number of the clause that each token belongs to; stops between clauses go with the clause before."""
    offsets = np.asarray(encoding.offsets, dtype=np.int64).reshape(-1, 2)
    starts = np.asarray([clause.start for clause in clauses], dtype=np.int64)
    # A token may begin with the white space before its word, hence its end decides.
    return np.maximum(np.searchsorted(starts, np.maximum(offsets[:, 1] - 1, 0), side="right") - 1, 0)


def _spans(lengths: npt.NDArray[np.int64], window: int, overlap: int) -> list[tuple[int, int, int]]:
    """Token spans of the windows as (start, owned from, end), over runs of tokens of given lengths."""
    edges = np.concatenate([[0], np.cumsum(lengths)])
    total = int(edges[-1])
    spans: list[tuple[int, int, int]] = []
    owned = 0
    while owned < total or not spans:
        back = edges[(edges >= owned - overlap) & (edges <= owned)] if owned else np.asarray([0])
        start = int(back.min()) if len(back) else owned
        within = edges[(edges > owned) & (edges <= start + window)]
        end = int(within.max()) if len(within) else min(start + window, total)
        spans.append((start, owned, end))
        owned = end
    return spans


def read(
    encoding: Encoding,
    clauses: Sequence[Clause],
    *,
    prefix: Sequence[int],
    suffix: Sequence[int],
    window: int = WINDOW,
    overlap: int = OVERLAP,
) -> Reading:
    """Windows of one text.

    Args:
        encoding: its tokens, from `tokenise`.
        clauses: its clauses in order, at least one.
        prefix: ids before the text (start token and "query:").
        suffix: ids after it (end token).
        window: most tokens of text in one window.
        overlap: most tokens repeated from the window before.
    """
    ids = np.asarray(encoding.ids, dtype=np.int64)
    belongs = _clause_of_tokens(encoding, clauses)
    lengths = np.bincount(belongs, minlength=len(clauses)) if len(ids) else np.zeros(len(clauses), np.int64)
    windows = []
    for start, owned, end in _spans(lengths, window, overlap):
        inside = belongs[start:end]
        mine = (
            np.bincount(belongs[owned:end], minlength=len(clauses)) if end > owned else np.zeros(len(clauses))
        )
        rows = np.flatnonzero(mine)
        pool = np.zeros((max(1, len(rows)), len(prefix) + end - start + len(suffix)), dtype=np.float32)
        for i, clause in enumerate(rows):
            pool[i, len(prefix) : len(prefix) + end - start] = inside == clause
        if not len(rows):
            pool[0, :] = 1.0
        pool /= pool.sum(axis=1, keepdims=True)
        windows.append(
            Window(
                np.concatenate([prefix, ids[start:end], suffix]).astype(np.int64),
                pool,
                tuple(int(row) for row in rows) or (0,),
                tuple(int(mine[row]) for row in rows) or (1,),
            )
        )
    return Reading(tuple(windows), len(clauses))
