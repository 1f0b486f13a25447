"""Hashed n-grams: the sparse evidence beside the encoder.

Words 1-2 and characters 2-5 of a lower-cased text, hashed into a fixed number of bins, counted
sublinearly and scaled to length one. A bundle names the bins that its training texts filled often
enough; no list of words is carried, and numpy hashes many texts in one pass.
"""

from __future__ import annotations

import re
import zlib
from collections.abc import Iterator, Sequence

import numpy as np
import numpy.typing as npt
import scipy.sparse as sp

__all__ = ["BINS", "count", "hashed", "scale", "tally"]

BINS = 1 << 22
"""Number of bins; collisions are rare enough not to matter at this size."""

BLOCK = 200_000
"""Characters that are hashed at once: a few dozen megabytes."""

_WORD = re.compile(r"\w+|[^\w\s]")
_MIX = np.uint64(0x9E3779B97F4A7C15)
_SHIFT = np.uint64(29)
_FIRST = np.uint64(0x9E3779B1)
_SECOND = np.uint64(0x85EBCA6B)
_LOW = np.uint64(0xFFFFFFFF)

Whole = npt.NDArray[np.int64]


def _characters(texts: Sequence[str]) -> Iterator[tuple[Whole, Whole]]:
    """Numbers of the texts and bins of all character n-grams (2-5), a space padded on each side."""
    padded = [f" {text} " for text in texts]
    lengths = np.asarray([len(text) for text in padded])
    owner = np.repeat(np.arange(len(texts)), lengths)
    end = np.repeat(np.cumsum(lengths), lengths)
    codes = np.frombuffer("".join(padded).encode("utf-32-le", "surrogatepass"), np.uint32).astype(np.uint64)
    place = np.arange(len(codes))
    rolling = codes * _MIX
    for n in range(2, 6):
        # What rolls over the end of a text is garbage and is left out.
        count = max(len(codes) - n + 1, 0)
        rolling = (rolling[:count] ^ (rolling[:count] >> _SHIFT)) * _MIX
        rolling = (rolling + codes[n - 1 :]) * _MIX
        inside = place[:count] + n <= end[:count]
        bins = (rolling[inside] ^ np.uint64(n)) >> np.uint64(42)
        yield owner[:count][inside], bins.astype(np.int64) % BINS


def _words(texts: Sequence[str]) -> Iterator[tuple[Whole, Whole]]:
    """Numbers of the texts and bins of all words and of pairs of neighbouring words."""
    found = [_WORD.findall(text) for text in texts]
    owner = np.repeat(np.arange(len(texts)), [len(words) for words in found])
    single = np.asarray(
        [zlib.crc32(word.encode("utf-8", "surrogatepass")) for words in found for word in words], np.uint64
    )
    yield owner, (single >> np.uint64(3)).astype(np.int64) % BINS
    same = owner[1:] == owner[:-1]
    pairs = (single[:-1] * _FIRST ^ single[1:] * _SECOND) & _LOW
    yield owner[1:][same], (pairs[same] >> np.uint64(2)).astype(np.int64) % BINS


def hashed(texts: Sequence[str]) -> tuple[Whole, Whole]:
    """Number of the text and bin of every n-gram, repeats included, in no particular order."""
    plain = [" ".join(text.lower().split()) for text in texts]
    if not plain:
        return np.empty(0, np.int64), np.empty(0, np.int64)
    parts = [*_characters(plain), *_words(plain)]
    return np.concatenate([owner for owner, _ in parts]), np.concatenate([bins for _, bins in parts])


def tally(rows: Whole, columns: Whole, shape: tuple[int, int]) -> sp.csr_matrix:
    """Sublinear counts (1 + log n) of pairs (row, column) that may repeat."""
    keys = np.sort(rows * shape[1] + columns)
    first = np.flatnonzero(np.diff(keys, prepend=-1))
    counts = np.diff(first, append=len(keys))
    row, column = np.divmod(keys[first], shape[1])
    ends = np.searchsorted(row, np.arange(shape[0] + 1))
    return sp.csr_matrix(((1.0 + np.log(counts)).astype(np.float32), column, ends), shape=shape)


def count(texts: Sequence[str]) -> sp.csr_matrix:
    """Sublinear counts (1 + log n) of the hashed n-grams: one row a text, BINS columns."""
    blocks: list[sp.csr_matrix] = []
    start = held = 0
    for i, text in enumerate(texts):
        held += len(text)
        if held >= BLOCK or i + 1 == len(texts):
            blocks.append(tally(*hashed(texts[start : i + 1]), (i + 1 - start, BINS)))
            start, held = i + 1, 0
    if not blocks:
        return tally(*hashed([]), (0, BINS))
    return sp.csr_matrix(sp.vstack(blocks, format="csr")) if len(blocks) > 1 else blocks[0]


def scale(counts: sp.csr_matrix, idf: npt.NDArray[np.float32]) -> sp.csr_matrix:
    """Counts times inverse document frequency, each row scaled to length one."""
    row = np.repeat(np.arange(counts.shape[0]), np.diff(counts.indptr))
    weighted = counts.data * idf[counts.indices]
    squares = np.bincount(row, weighted.astype(np.float64) ** 2, counts.shape[0])
    norms = np.sqrt(np.maximum(squares, 1e-12)).astype(np.float32)
    values = (weighted / norms[row]).astype(np.float32)
    return sp.csr_matrix((values, counts.indices, counts.indptr), shape=counts.shape)
