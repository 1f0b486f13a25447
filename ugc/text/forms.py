"""The forms of one word: what a search for «курьер» has to find besides «курьер».

Russian words come with the whole lexeme of each dictionary word that they may be a form of
(pymorphy3, a tenth of a second to open and 40 MB). Polish and English ones come with the endings
of their language, by rules (`ugc.text.endings`); the rules also make forms that do not exist,
which does no harm where whole words are sought, and miss irregular words that no list has.
"""

from __future__ import annotations

import re
from collections import defaultdict
from functools import cache, lru_cache
from typing import TYPE_CHECKING

from ugc.text.endings import english, polish

if TYPE_CHECKING:
    from pymorphy3 import MorphAnalyzer
    from pymorphy3.analyzer import Parse

__all__ = ["LONGEST", "MOST", "forms"]

LONGEST = 40
"""Letters of a word beyond which it has no other forms: nobody writes such a word by hand."""

MOST = 300
"""Forms of a word at most; a Russian adjective has about 60, a Polish word up to 250."""

_LIKELY = 0.05
"""Least chance, by pymorphy3, of a dictionary word that a Russian word may be a form of."""

_RUSSIAN = re.compile("[а-яё]+(?:-[а-яё]+)*")
_LATIN = re.compile("[a-ząćęłńóśźż]+(?:['’][a-z]+)?")


@cache
def _dictionary() -> MorphAnalyzer:
    """The Russian dictionary, opened once."""
    from pymorphy3 import MorphAnalyzer

    return MorphAnalyzer(lang="ru")


def _russian(word: str) -> set[str]:
    """All forms of the dictionary words that a Russian word may be a form of."""
    chances: dict[tuple[str, str], float] = defaultdict(float)
    lexemes: dict[tuple[str, str], Parse] = {}
    for one in _dictionary().parse(word):
        key = one.normal_form, str(one.tag.POS)
        chances[key] += one.score
        lexemes.setdefault(key, one)
    found = {word}
    for key, chance in chances.items():
        if chance >= _LIKELY:
            found |= {each.word for each in lexemes[key].lexeme}
    return {one.replace("ё", "е") for one in found}


@lru_cache(maxsize=4096)
def forms(word: str, language: str | None = None) -> frozenset[str]:
    """The forms of a word in small letters, itself among them, ё written as е.

    Args:
        word: in small letters; what is no word of the language comes back alone.
        language: of the text in which they are sought, ru, en or pl; for any other, and for
            `None`, the forms of every language that has the letters of the word.
    """
    plain = word.replace("ё", "е")
    if not 1 < len(word) <= LONGEST:
        return frozenset({plain})
    if _RUSSIAN.fullmatch(word):
        found = _russian(word)
    elif _LATIN.fullmatch(word):
        found = set()
        if language != "en":
            found |= polish(word)
        if language != "pl" and word.isascii():
            found |= english(word)
        found.add(word)
    else:
        return frozenset({plain})
    listed = sorted(found - {plain}, key=lambda one: (len(one), one))
    return frozenset({plain, *listed[: MOST - 1]})
