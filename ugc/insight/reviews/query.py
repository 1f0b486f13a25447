r"""What a search asks for: words in any form, "exact phrases", and what must not be there.

    доставка            the word in any of its forms (`ugc.text.forms`), as a whole word
    "быстрая доставка"  exactly this, in any letter case, with any white space between the words
    -слово, -"фраза"    reviews without it

All of it must hold at once. Quotation marks may also be «», “” and „”. Letter case does not
matter and ё is е. A word with a digit or a sign inside (5.2.0, 100%) has no other forms.

A border of a word is a place without a letter, a digit or an underscore of any script on one
side. The regular expressions of DuckDB know no looking around and their `\b` sees ASCII alone, so a
border is a sign that is matched, or the end of the text; that costs under a tenth of the time.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from ugc.text.forms import forms

__all__ = ["MOST_CHARACTERS", "MOST_WORDS", "Term", "conditions", "terms"]

MOST_WORDS = 12
"""Words and phrases of a query beyond these are ignored."""

MOST_CHARACTERS = 400
"""Characters of a query beyond these are ignored."""

_QUOTES = str.maketrans(dict.fromkeys("«»“”„‟", '"'))
_PIECES = re.compile(r'([-−]*)"([^"]+)"|(\S+)')
_WRAPPED = ",.;:!?…()[]{}\"'"
_LATIN = re.compile("[a-ząćęłńóśźż]")

_NO_LETTER = r"[^\p{L}\p{N}\p{M}_]"
_BEFORE, _AFTER = rf"(?:^|{_NO_LETTER})", rf"(?:{_NO_LETTER}|$)"


@dataclass(frozen=True, slots=True)
class Term:
    """One thing that a text must hold, or must not."""

    said: str
    """In small letters, one space between words."""
    exact: bool
    """A phrase, not a word in any form."""
    without: bool = False


def terms(query: str) -> list[Term]:
    """What a query asks for, in its order; any string is taken.

    What comes after MOST_WORDS terms or MOST_CHARACTERS is ignored, so is a dash that stands alone.
    """
    # A lone half of a surrogate pair cannot be sent to the database.
    sound = query[:MOST_CHARACTERS].encode("utf-8", "ignore").decode().lower().translate(_QUOTES)
    found: list[Term] = []
    for minus, phrase, piece in _PIECES.findall(sound):
        if phrase:
            term = Term(" ".join(phrase.split()), True, bool(minus))
        else:
            word = piece.lstrip("-−")
            bare = word.strip(_WRAPPED)
            said = bare if any(map(str.isalnum, bare)) else word.replace('"', "")
            term = Term(said, False, word != piece)
        if term.said and term not in found:
            found.append(term)
    return found[:MOST_WORDS]


def _plain(text: str) -> str:
    """A regular expression of a text: ё as е, any white space as one."""
    return re.escape(text.replace("ё", "е")).replace("е", "[её]").replace("\\ ", r"\s+")


def _pattern(said: Sequence[str], edge: str) -> str:
    """A regular expression of DuckDB that texts with one of these match, as whole words.

    Where `edge` begins or ends with no letter, there is no border to look for.
    """
    either = "|".join(_plain(one) for one in said)
    before = _BEFORE if _lettered(edge[0]) else ""
    after = _AFTER if _lettered(edge[-1]) else ""
    return f"(?i){before}(?:{either}){after}"


def _lettered(sign: str) -> bool:
    return sign.isalnum() or sign == "_"


def _patterns(term: Term) -> dict[str | None, str]:
    """Language of the review → regular expression; `None` stands for every other language."""
    if term.exact:
        return {None: _pattern([term.said], term.said)}
    languages = ("pl", "en", None) if _LATIN.search(term.said) else (None,)
    return {one: _pattern(sorted(forms(term.said, one)), term.said) for one in languages}


def conditions(query: str) -> tuple[list[str], dict[str, str]]:
    """Conditions on the view `reviews AS r` that hold for what a query finds, and their parameters.

    Each is one regular expression on the text, so that the texts are read once; a word in Latin
    letters has one for Polish reviews, one for English and one for others, of which each review is
    tried with its own. Parameters begin with `q_`.
    """
    parts: list[str] = []
    params: dict[str, str] = {}
    for place, term in enumerate(terms(query)):
        cases = []
        for language, pattern in _patterns(term).items():
            name = f"q_{place}_{language or 'any'}"
            params[name] = pattern
            matched = f"regexp_matches(r.text, ${name})"
            cases.append(f"WHEN '{language}' THEN {matched}" if language else f"ELSE {matched}")
        # A constant expression in each branch: one that differs by row is compiled for every row.
        held = cases[0].removeprefix("ELSE ") if len(cases) == 1 else f"CASE r.language {' '.join(cases)} END"
        parts.append(f"NOT ({held})" if term.without else held)
    return parts, params
