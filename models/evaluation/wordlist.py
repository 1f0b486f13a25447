"""The words of the lexicon: patterns from a TOML file, found in a text in one pass.

A pattern is one or more words; `*` stands for any ending, `~` for up to three words in between.
Texts and patterns are *folded*: lower case, «ё» as «е», Polish letters without their marks.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

__all__ = ["LANGUAGES", "Hit", "Words", "fold", "words_of"]

LANGUAGES = ("ru", "en", "pl")
"""Languages that have a lexicon."""

REACH = 3
"""Words before a hit among which a negation turns it round."""

_FOLDED = str.maketrans("ёąćęłńóśźż’", "еacelnoszz'")
_WORD = re.compile(r"[\w']+")
_ENDING = {"*": r"\w*", "~": r"(?:\w+\W+){0,3}?"}


def fold(text: str) -> str:
    """A text in the form in which words are compared; every character keeps its place."""
    lower = text.lower()
    if len(lower) != len(text):
        lower = "".join(c.lower() if len(c.lower()) == 1 else c for c in text)
    return lower.translate(_FOLDED)


def _expression(pattern: str) -> re.Pattern[str]:
    """A pattern as a regular expression that starts at a word."""
    parts = [
        _ENDING["~"] if word == "~" else "".join(_ENDING.get(c, re.escape(c)) for c in word)
        for word in fold(pattern).split()
    ]
    # The gap brings its own space behind it.
    joined = r"\W+".join(parts).replace(_ENDING["~"] + r"\W+", _ENDING["~"])
    return re.compile(joined + r"(?!\w)")


@dataclass(frozen=True, slots=True)
class Hit:
    """A pattern found in a text: the group it belongs to, its label, its kind, its place.

    Groups are the tables of the file: "themes" (label speed, kind positive), "sentiment"
    (label positive), "emotions" (label joy) and so on.
    """

    group: str
    label: str
    kind: str
    start: int
    end: int


class Words:
    """All patterns of one language."""

    def __init__(self, table: dict[str, Any]) -> None:
        self._found: dict[str, list[tuple[re.Pattern[str], str, str, str]]] = {}
        for theme, kinds in table["themes"].items():
            for kind, patterns in kinds.items():
                self._add(patterns, "themes", theme, kind)
        for group in ("emotions", "touchpoints", "contact", "loyalty", "effort", "repeat"):
            for label, patterns in table[group].items():
                self._add(patterns, group, label, "")
        sentiment = table["sentiment"]
        for label in ("positive", "negative"):
            self._add(sentiment[label], "sentiment", label, "")
        self.marks = {label: tuple(sentiment[f"marks_{label}"]) for label in ("positive", "negative")}
        self._negation = re.compile("|".join(_expression(one).pattern for one in sentiment["negation"]))
        self._kept = tuple(_expression(one) for one in sentiment["not_negation"])

    def _add(self, patterns: list[str], group: str, label: str, kind: str) -> None:
        for pattern in patterns:
            first = _WORD.match(fold(pattern))
            if first is None:
                raise ValueError(f"The pattern {pattern!r} does not begin with a word.")
            entry = (_expression(pattern), group, label, kind)
            self._found.setdefault(first.group()[:2], []).append(entry)

    def find(self, folded: str) -> Iterator[Hit]:
        """Every pattern that begins at a word of a folded text, in the order of the text."""
        for word in _WORD.finditer(folded):
            for expression, group, label, kind in self._found.get(word.group()[:2], ()):
                match = expression.match(folded, word.start())
                if match:
                    yield Hit(group, label, kind, match.start(), match.end())

    def negated(self, folded: str, start: int, at: int) -> bool:
        """Whether a negation stands among the few words between `start` (of the clause) and `at`."""
        before = list(_WORD.finditer(folded, start, at))[-REACH:]
        for word in before:
            if word.group().endswith("n't") or self._negation.fullmatch(word.group()):
                return not any(one.match(folded, word.start()) for one in self._kept)
        return False


@cache
def words_of(language: str) -> Words | None:
    """The words of a language, read once; `None` where there is no lexicon of it."""
    if language not in LANGUAGES:
        return None
    path = Path(__file__).with_name(f"lexicon_{language}.toml")
    return Words(tomllib.loads(path.read_text(encoding="utf-8")))
