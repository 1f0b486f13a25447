"""Takes words out of a text and leaves everything else where it is.

Occlusion covers one part of an input at a time and watches what becomes of the answer: Zeiler and
Fergus, "Visualizing and Understanding Convolutional Networks" (ECCV 2014, section 4.2), for patches
of a picture; Li, Monroe and Jurafsky, "Understanding Neural Networks through Representation Erasure"
(arXiv:1612.08220, 2016), for words. Here the word is deleted rather than covered, because a stand-in
would be one more word that the model has an opinion of.

Without its word a text could fall into other clauses: a conjunction opens one, a clause of two words
joins its neighbour. The clauses of the whole text are therefore moved along and given to the model,
and no stop or comma is ever taken out.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import accumulate

from ugc.text.clauses import Clause

__all__ = ["METHOD", "without", "words"]

METHOD = "occlusion"
"""Name of the method, to be shown beside every weight."""

_MARKS = "\u0300-\u036f"
_EMOJI = "\u2600-\u27bf\u2b00-\u2bff\U0001f000-\U0001faff"
_WORD = re.compile(rf"[^\W_][{_MARKS}]*(?:['’-]?[^\W_][{_MARKS}]*)*|[{_EMOJI}][{_EMOJI}\ufe0f\u200d]*")


def words(text: str) -> list[Clause]:
    """Spans of the words of a text, in order: letters and digits, with hyphens and apostrophes inside.

    A run of emoji counts as a word, for it says as much.
    """
    return [Clause(*found.span()) for found in _WORD.finditer(text)]


def _gap(text: str, word: Clause, clauses: Sequence[Clause]) -> tuple[int, int]:
    """What goes with a word: one of the blanks beside it, within its clause, so that none is doubled."""
    for clause in clauses:
        if clause.start <= word.start and word.end <= clause.end:
            if word.start > clause.start and text[word.start - 1] == " ":
                return word.start - 1, word.end
            if word.end < clause.end and text[word.end] == " ":
                return word.start, word.end + 1
    return word.start, word.end


def without(text: str, clauses: Sequence[Clause], out: Sequence[Clause]) -> tuple[str, list[Clause]]:
    """The text without some of its parts, and its clauses as they lie in what remains.

    Args:
        text: the whole text.
        clauses: its clauses, in order; one that loses all it holds becomes an empty span.
        out: words, or other parts, in order and apart from each other. None leaves the text as it is.
    """
    gaps = [_gap(text, one, clauses) for one in out]
    # Two neighbours may both claim the blank between them.
    starts = [0, *accumulate((end for _, end in gaps), max)]
    gaps = [(max(start, least), end) for (start, end), least in zip(gaps, starts, strict=False)]
    edges = [0, *(place for gap in gaps for place in gap), len(text)]
    kept = "".join(text[a:b] for a, b in zip(edges[::2], edges[1::2], strict=True))

    def moved(place: int) -> int:
        return place - sum(min(max(place - start, 0), end - start) for start, end in gaps)

    return kept, [Clause(moved(one.start), moved(one.end)) for one in clauses]
