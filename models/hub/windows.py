"""Texts as token windows of a model's own tokenizer, cut by the rule of `models.reading`.

A window holds whole clauses, as many as the model takes, and repeats some of the one before it; a
text that fits is one window, just as the tokenizer would give it. Nothing is cut off. Words of a
text that look like marks of the tokenizer ("[SEP]", "</s>") are read as the words they are.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any, cast

import numpy as np
import numpy.typing as npt
from tokenizers import Encoding, Tokenizer

from models.reading import OVERLAP, read, tokenise
from ugc.errors import ModelError
from ugc.text.clauses import Clause, split

__all__ = ["LONGEST", "USUAL", "Framed", "Framer"]

USUAL = 512
"""Tokens of a window where neither model nor tokenizer names a limit."""

LONGEST = 2048
"""Most tokens of a window: the memory for a run grows with the square of its length."""

MOSTLY_UNKNOWN = 0.5
"""Share of unknown tokens from which a text counts as unreadable for a model, as with our tagger."""

_LEAST = 8
_SURROGATES = re.compile("[\ud800-\udfff]")


@dataclass(frozen=True, slots=True)
class Framed:
    """One input of a model: token ids with special tokens, segments where it has them, its weight.

    `weight` is the number of tokens that this window holds and none before it.
    """

    ids: npt.NDArray[np.int64]
    types: npt.NDArray[np.int64] | None
    weight: int


@dataclass(frozen=True, slots=True)
class _Pieces:
    """Tokens with their places in the text: what `models.reading.read` asks of an encoding."""

    ids: list[int]
    offsets: list[tuple[int, int]]


class Framer:
    """Makes the windows of texts for one model.

    Args:
        name: the model's name, for messages.
        tokenizer: its tokenizer, fast or slow.
        positions: most tokens the model takes; `None` when it names no limit.

    Raises:
        ModelError: the tokenizer cannot be used so, or the model takes only a few tokens.
    """

    def __init__(self, name: str, tokenizer: Any, positions: int | None) -> None:
        self._slow = tokenizer
        self._fast: Tokenizer | None = getattr(tokenizer, "backend_tokenizer", None)
        if self._fast is not None:
            self._fast.no_truncation()
            self._fast.no_padding()
            self._fast.encode_special_tokens = True
        self._frame(name)
        limits = [n for n in (positions, tokenizer.model_max_length) if n and n < 1_000_000]
        self.capacity = min([*limits, LONGEST] if limits else [USUAL]) - len(self._prefix) - len(self._suffix)
        if self.capacity < _LEAST:
            raise ModelError(f"{name} takes only {self.capacity} tokens of a text.", "Use another model.")
        self._unknown: int | None = tokenizer.unk_token_id
        self._special = np.asarray(sorted({*tokenizer.all_special_ids} - {self._unknown}), np.int64)

    def _frame(self, name: str) -> None:
        """Finds what the tokenizer puts before and after a text, and the segments it gives."""
        whole = self._slow("a")
        ids, types = list(whole["input_ids"]), whole.get("token_type_ids")
        inner = list(self._slow("a", add_special_tokens=False)["input_ids"])
        starts = [i for i in range(len(ids)) if inner and ids[i : i + len(inner)] == inner]
        if not starts:
            raise ModelError(f"The tokenizer of {name} rewrites a text to frame it.", "Use another model.")
        before, after = starts[0], starts[0] + len(inner)
        self._prefix, self._suffix = ids[:before], ids[after:]
        self._types = None if types is None else (types[:before], types[before], types[after:])

    def windows(self, texts: Sequence[str], languages: Sequence[str]) -> list[tuple[Framed, ...]]:
        """The windows of each text, in order; none where most of its tokens are unknown.

        Args:
            texts: any strings.
            languages: ISO code of each, for its clauses.
        """
        encodings = tokenise(self._fast, texts) if self._fast else [None] * len(texts)
        return [
            self._of(text, language, encoding)
            for text, language, encoding in zip(texts, languages, encodings, strict=True)
        ]

    def _of(self, text: str, language: str, encoding: Encoding | None) -> tuple[Framed, ...]:
        """The windows of one text."""
        clauses = [Clause(0, len(text))]
        if encoding is None or len(encoding.ids) > self.capacity:
            clauses = split(text, language) or clauses
        tokens = encoding if encoding is not None else cast("Encoding", self._pieces(text, clauses))
        strange = sum(one == self._unknown for one in tokens.ids)
        if not tokens.ids or strange >= MOSTLY_UNKNOWN * len(tokens.ids):
            return ()
        reading = read(
            tokens,
            clauses,
            prefix=self._prefix,
            suffix=self._suffix,
            window=self.capacity,
            overlap=min(OVERLAP, self.capacity // 8),
        )
        return tuple(self._framed(window.ids, window.weight) for window in reading.windows)

    def _pieces(self, text: str, clauses: Sequence[Clause]) -> _Pieces:
        """The tokens of a text by a tokenizer that tells no places: clause by clause."""
        ids: list[int] = []
        offsets: list[tuple[int, int]] = []
        edges = [0, *(clause.start for clause in clauses[1:]), len(text)]
        for start, end in pairwise(edges):
            piece = _SURROGATES.sub("\ufffd", text[start:end])
            own = self._slow(piece, add_special_tokens=False, split_special_tokens=True, verbose=False)
            ids += own["input_ids"]
            offsets += [(start, end)] * len(own["input_ids"])
        return _Pieces(ids, offsets)

    def _framed(self, ids: npt.NDArray[np.int64], weight: int) -> Framed:
        """A window as the model takes it; special tokens within the text become the unknown one."""
        before, after = len(self._prefix), len(ids) - len(self._suffix)
        if self._unknown is not None:
            inner = ids[before:after]
            inner[np.isin(inner, self._special)] = self._unknown
        if self._types is None:
            return Framed(ids, None, weight)
        types = [*self._types[0], *[self._types[1]] * (after - before), *self._types[2]]
        return Framed(ids, np.asarray(types, np.int64), weight)
