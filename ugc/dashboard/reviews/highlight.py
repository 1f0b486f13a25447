"""The text of a review with its clauses marked, as HTML that only ever holds escaped text.

Taking the tags out of what `mark` gives leaves exactly the escaped text.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import pairwise

from markupsafe import Markup, escape

from ugc.review import Mention

__all__ = ["mark", "tone"]

_MARKED = Markup('<mark class="{}" data-tip="{}" tabindex="0">{}</mark>')


def tone(polarities: set[str]) -> str:
    """Class of a run of text from the polarities of its mentions: praise, blame, both or raised."""
    if {"positive", "negative"} <= polarities:
        return "both"
    if "positive" in polarities:
        return "praise"
    return "blame" if "negative" in polarities else "raised"


def _cuts(length: int, mentions: Sequence[Mention]) -> list[int]:
    """Places where the set of mentions changes; spans that leave the text are cut to it."""
    places = {0, length}
    for one in mentions:
        places |= {min(max(one.start, 0), length), min(max(one.end, 0), length)}
    return sorted(places)


def mark(text: str, mentions: Sequence[Mention], tip: Callable[[Mention], str]) -> Markup:
    """The text with a `<mark>` around each run that mentions cover; `tip` names a mention.

    Spans may overlap: each run carries the tips of all mentions that cover it, and the keyboard
    reaches it. Every piece of text and every tip is escaped.
    """
    cuts = _cuts(len(text), mentions)
    pieces: list[Markup] = []
    for start, end in pairwise(cuts):
        over = [one for one in mentions if one.start <= start and end <= one.end]
        if over:
            names = " · ".join(dict.fromkeys(tip(one) for one in over))
            pieces.append(_MARKED.format(tone({one.polarity for one in over}), names, text[start:end]))
        else:
            pieces.append(escape(text[start:end]))
    return Markup("").join(pieces)
