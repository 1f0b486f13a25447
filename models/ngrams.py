"""Hashed n-grams: the sparse evidence beside the encoder.

Words 1-2 and characters 2-5 of a lower-cased text, hashed into a fixed number of bins, counted
sublinearly and scaled to length one. A bundle names the bins that its training texts filled often
enough; no list of words is carried, and numpy hashes a text in one pass.
"""

from __future__ import annotations

import re
import zlib
from collections.abc import Sequence
from itertools import pairwise

import numpy as np
import numpy.typing as npt
import scipy.sparse as sp

__all__ = ["BINS", "count", "scale"]

BINS = 1 << 22
"""Number of bins; collisions are rare enough not to matter at this size."""

_WORD = re.compile(r"\w+|[^\w\s]")
_MIX = np.uint64(0x9E3779B97F4A7C15)
_SHIFT = np.uint64(29)


def _character_bins(text: str) -> npt.NDArray[np.int64]:
    """Bins of all character n-grams (2-5) of a text padded with one space on each side."""
    codes = np.frombuffer(f" {text} ".encode("utf-32-le", "surrogatepass"), dtype=np.uint32).astype(np.uint64)
    found = []
    rolling = codes * _MIX
    for n in range(2, 6):
        if len(codes) < n:
            break
        rolling = (rolling[: len(codes) - n + 1] ^ (rolling[: len(codes) - n + 1] >> _SHIFT)) * _MIX
        rolling = (rolling + codes[n - 1 :]) * _MIX
        found.append((rolling ^ np.uint64(n)) >> np.uint64(42))
    return np.concatenate(found).astype(np.int64) % BINS if found else np.empty(0, np.int64)


def _word_bins(text: str) -> list[int]:
    """Bins of all words and pairs of neighbouring words of a text."""
    words = _WORD.findall(text)
    single = [zlib.crc32(word.encode("utf-8", "surrogatepass")) for word in words]
    pairs = [(a * 0x9E3779B1 ^ b * 0x85EBCA6B) & 0xFFFFFFFF for a, b in pairwise(single)]
    return [(h >> 3) % BINS for h in single] + [(h >> 2) % BINS for h in pairs]


def count(texts: Sequence[str]) -> sp.csr_matrix:
    """Sublinear counts (1 + log n) of the hashed n-grams: one row a text, BINS columns."""
    columns: list[npt.NDArray[np.int64]] = []
    values: list[npt.NDArray[np.float32]] = []
    ends = np.zeros(len(texts) + 1, dtype=np.int64)
    for i, text in enumerate(texts):
        plain = " ".join(text.lower().split())
        bins = np.concatenate([_character_bins(plain), np.asarray(_word_bins(plain), dtype=np.int64)])
        unique, counts = np.unique(bins, return_counts=True)
        columns.append(unique)
        values.append((1.0 + np.log(counts)).astype(np.float32))
        ends[i + 1] = ends[i] + len(unique)
    if not texts:
        return sp.csr_matrix(np.empty((0, BINS), np.float32))
    return sp.csr_matrix((np.concatenate(values), np.concatenate(columns), ends), shape=(len(texts), BINS))


def scale(counts: sp.csr_matrix, idf: npt.NDArray[np.float32]) -> sp.csr_matrix:
    """Counts times inverse document frequency, each row scaled to length one."""
    weighted = sp.csr_matrix(counts @ sp.diags(idf), dtype=np.float32)
    squares = np.asarray(weighted.multiply(weighted).sum(axis=1)).ravel()
    norms = np.sqrt(np.maximum(squares, 1e-12)).astype(np.float32)
    return sp.csr_matrix(sp.diags(1.0 / norms).astype(np.float32) @ weighted)
