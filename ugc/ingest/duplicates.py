"""Reviews that say nearly the same as an earlier one: posted twice, copied, or bought.

MinHash over pairs of words finds candidates, the similarity of the letters decides.
"""

from __future__ import annotations

import re
import zlib
from collections import OrderedDict
from collections.abc import Iterable
from itertools import pairwise

from datasketch import MinHash, MinHashLSH
from rapidfuzz import fuzz

__all__ = ["LEAST_WORDS", "NearDuplicates"]

LEAST_WORDS = 8
"""Shorter texts are alike by nature and are never called duplicates."""

_ALIKE = 90.0
"""Least similarity of two texts (normalised Indel similarity of their letters, 0…100)."""

_KEPT = 50_000
"""Texts that are held to compare with; the oldest go first."""

_LOOK = 1500
"""Signs of a text that are compared."""

_PERMUTATIONS = 64
_WORD = re.compile(r"\w+")
_SEED = MinHash(num_perm=_PERMUTATIONS, seed=7, hashfunc=zlib.crc32)


class NearDuplicates:
    """The texts seen so far; each new one is compared with them."""

    def __init__(self) -> None:
        self._index = MinHashLSH(threshold=0.55, num_perm=_PERMUTATIONS)
        self._texts: OrderedDict[str, str] = OrderedDict()
        self._first: dict[str, str] = {}

    def __len__(self) -> int:
        return len(self._texts)

    def remember(self, reviews: Iterable[tuple[str, str, str | None]]) -> None:
        """Takes reviews of the lake as seen: id, text, and what they are a duplicate of."""
        for review, text, first in reviews:
            words = _words(text)
            if len(words) >= LEAST_WORDS and review not in self._texts:
                self._keep(review, words, _hash(words))
                if first:
                    self._first[review] = first

    def see(self, review: str, text: str) -> str | None:
        """The id of the first review with nearly this text, if one was seen; then remembers this one.

        A duplicate of a duplicate points to the first of them all; a review is never its own, and
        one that was seen before with this text gets the same answer again.
        """
        words = _words(text)
        if len(words) < LEAST_WORDS:
            return None
        said = " ".join(words)[:_LOOK]
        if self._texts.get(review) == said:
            return self._first.get(review)
        signature = _hash(words)
        matches = [
            (fuzz.ratio(said, self._texts[other], score_cutoff=_ALIKE), other)
            for other in self._index.query(signature)
            if other != review
        ]
        alike = [other for score, other in matches if score >= _ALIKE]
        first: str | None = None
        if alike:
            order = list(dict.fromkeys(self._first.get(other, other) for other in alike))
            first = next((one for one in order if one != review), None)
        if review in self._texts:
            self._forget(review)
        self._keep(review, words, signature)
        if first:
            self._first[review] = first
        return first

    def _keep(self, review: str, words: list[str], signature: MinHash) -> None:
        """Holds one text; drops the oldest when there are too many."""
        self._index.insert(review, signature, check_duplication=False)
        self._texts[review] = " ".join(words)[:_LOOK]
        if len(self._texts) > _KEPT:
            self._forget(next(iter(self._texts)))

    def _forget(self, review: str) -> None:
        """Drops one text."""
        self._index.remove(review)
        del self._texts[review]
        self._first.pop(review, None)


def _words(text: str) -> list[str]:
    """The words of a text in lower case."""
    return _WORD.findall(text.casefold())


def _hash(words: list[str]) -> MinHash:
    """MinHash of the pairs of neighbouring words."""
    pairs = {f"{one} {two}" for one, two in pairwise(words)}
    signature = _SEED.copy()
    signature.update_batch([pair.encode("utf-8", "replace") for pair in pairs])
    return signature
