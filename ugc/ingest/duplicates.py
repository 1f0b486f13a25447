"""Reviews that say nearly the same as an earlier one: posted twice, copied, or bought.

MinHash over pairs of words finds candidates, the similarity of the letters decides. Two texts are
candidates when one of the bands of their signatures is the same (Leskovec, Rajaraman and Ullman,
"Mining of Massive Datasets", 3.4): with 12 bands of 5, by 1 - (1 - s⁵)¹², 46 of 100 pairs with a
Jaccard similarity of 0.55 are, and 99 of 100 with 0.8.
"""

from __future__ import annotations

import re
import zlib
from collections import OrderedDict
from collections.abc import Iterable
from functools import cache
from itertools import pairwise
from typing import TYPE_CHECKING

from rapidfuzz import fuzz

if TYPE_CHECKING:
    from datasketch import MinHash

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
_BANDS, _WIDTH = 12, 5
"""How many stretches of a signature are compared, and how many of its values each has."""

_WORD = re.compile(r"\w+")


@cache
def _seed() -> MinHash:
    """The empty MinHash that all others begin as."""
    from datasketch import MinHash  # slow to load, and needed only where reviews are written

    return MinHash(num_perm=_PERMUTATIONS, seed=7, hashfunc=zlib.crc32)


Signature = list[int]
"""What stands for a text: a number for each band of its MinHash."""


class _Bands:
    """Which texts have a band in common; their order is that of their coming."""

    def __init__(self) -> None:
        self._tables: list[dict[int, list[str]]] = [{} for _ in range(_BANDS)]
        self._signatures: dict[str, Signature] = {}

    def query(self, signature: Signature) -> list[str]:
        """The texts that share a band, each once."""
        found: dict[str, None] = {}
        for table, band in zip(self._tables, signature, strict=True):
            found.update(dict.fromkeys(table.get(band, ())))
        return list(found)

    def insert(self, review: str, signature: Signature) -> None:
        """Adds a text that is not there."""
        self._signatures[review] = signature
        for table, band in zip(self._tables, signature, strict=True):
            table.setdefault(band, []).append(review)

    def remove(self, review: str) -> None:
        """Takes a text out."""
        for table, band in zip(self._tables, self._signatures.pop(review), strict=True):
            table[band].remove(review)
            if not table[band]:
                del table[band]


class NearDuplicates:
    """The texts seen so far; each new one is compared with them."""

    def __init__(self) -> None:
        self._index = _Bands()
        self._hasher = _seed().copy()
        self._texts: OrderedDict[str, str] = OrderedDict()
        self._first: dict[str, str] = {}

    def __len__(self) -> int:
        return len(self._texts)

    def remember(self, reviews: Iterable[tuple[str, str, str | None]]) -> None:
        """Takes reviews of the lake as seen: id, text, and what they are a duplicate of."""
        for review, text, first in reviews:
            words = _words(text)
            if len(words) >= LEAST_WORDS and review not in self._texts:
                self._keep(review, words, self._hash(words))
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
        signature = self._hash(words)
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

    def _hash(self, words: list[str]) -> Signature:
        """The bands of a MinHash over the pairs of neighbouring words."""
        pairs = {f"{one} {two}" for one, two in pairwise(words)}
        self._hasher.clear()
        self._hasher.update_batch([pair.encode("utf-8", "replace") for pair in pairs])
        values = self._hasher.hashvalues
        width = values.itemsize * _WIDTH
        whole = values.tobytes()
        return [hash(whole[at : at + width]) for at in range(0, _BANDS * width, width)]

    def _keep(self, review: str, words: list[str], signature: Signature) -> None:
        """Holds one text; drops the oldest when there are too many."""
        self._index.insert(review, signature)
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
