"""A name for a reason, in the words of its own mentions.

Runs of two to four words that customers wrote one after another are counted by their dictionary forms,
once a mention. One that comes in many mentions of the reason and in few of its cell says what sets the
reason apart: its weight is

    share in the reason · log(1 + share in the reason / share in the cell) · (1 + LONGER · (words − 2)),

which is c-TF-IDF (term frequency in a class times the log of one plus its inverse frequency over all)
with shares of mentions in place of counts of words; longer runs are favoured, for they say more. A run
is shown in the form that customers write most often. It must hold a word that names a thing or a deed
and that the reason has much more often than its cell; where no run does, a mention from the middle of
the reason stands for all, shortened.

Sources
    Grootendorst M. (2022) BERTopic: neural topic modeling with a class-based TF-IDF procedure.
        arXiv:2203.05794.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from math import log

from ugc.grouping.lemmas import (
    Word,
    is_mood,
    is_negation,
    is_small,
    is_tie,
    names_something,
    reads_well,
    words,
)

__all__ = ["CHARACTERS", "Background", "Phrases", "apart", "clause", "name", "phrases"]

Run = tuple[str, ...]
"""Dictionary forms of words that follow each other."""

WORDS = 4
"""Words of a name at most, if it is not a clause."""

LONGER = 0.3
FEWEST = 2
"""Mentions in which a run must come to be a name."""

SPOKEN = 0.15
"""Share of the reason's mentions in which a run must come."""

LEADING = 0.2
"""Share of the reason's mentions in which the word that sets it apart must come."""

APART = 2.0
"""How many times as often as in the cell it must come."""

MAINLY = 0.6
"""Or in this share of the reason: one that makes up most of its cell can hardly be told apart from it."""

CHARACTERS = 60
"""Length of a name at most."""

_BREAK = re.compile(r"[^\w\s'’-]|\s[-–—]\s|\n")
"""What no run goes across."""

_EDGES = re.compile(r"^[\s,'’%_-]+|[\s,'’_-]+$")
_STRANGE = re.compile(r"[^\w\s,'’%-]")


@dataclass(frozen=True, slots=True)
class Phrases:
    """The runs of words of one quote and the forms in which they are written."""

    forms: dict[Run, str]
    telling: frozenset[str]
    """Dictionary forms of the words that name a thing or a deed."""


@dataclass(slots=True)
class Background:
    """In how many mentions of a cell, in one language, each run and each word comes."""

    mentions: int = 0
    runs: Counter[Run] = field(default_factory=Counter)
    words: Counter[str] = field(default_factory=Counter)

    def add(self, quotes: Iterable[Phrases]) -> None:
        """Counts more mentions."""
        for one in quotes:
            self.mentions += 1
            self.runs.update(one.forms.keys())
            self.words.update(one.telling)


def _stands(run: Sequence[Word], language: str) -> bool:
    """Whether a run can stand alone: it begins with a negation or a full word and ends with a full one."""
    first, last = run[0], run[-1]
    if is_small(last.lemma, language) or is_negation(last.lemma):
        return False
    if not is_negation(first.lemma) and is_small(first.lemma, language):
        return False
    return reads_well([word.surface for word in run], language)


def phrases(quote: str, language: str) -> Phrases:
    """The runs of words in a quote that could be a name; `language` is ru, en or pl."""
    forms: dict[Run, str] = {}
    telling: set[str] = set()
    for part in _BREAK.split(quote):
        said = words(part, language)
        telling |= {word.lemma for word in said if names_something(word, language)}
        for start in range(len(said)):
            for end in range(start + 2, min(start + WORDS, len(said)) + 1):
                run = said[start:end]
                if _stands(run, language):
                    forms.setdefault(
                        tuple(word.lemma for word in run), " ".join(word.surface for word in run)
                    )
    return Phrases(forms, frozenset(telling))


def _naming(said: Iterable[str], language: str) -> frozenset[str]:
    """The words of a name that two names of a cell may not share all of."""
    return frozenset(one for one in said if not is_small(one, language) and not is_mood(one, language))


def apart(own: Sequence[Phrases], cell: Background) -> set[str]:
    """The words that come in much of the reason and in much less of its cell."""
    counts = Counter(word for one in own for word in one.telling)
    found = set()
    for word, count in counts.items():
        share = count / len(own)
        usual = max(cell.words[word], count) / max(cell.mentions, len(own))
        if count >= FEWEST and share >= LEADING and (share >= APART * usual or share >= MAINLY):
            found.add(word)
    return found


def _weights(own: Sequence[Phrases], cell: Background) -> dict[Run, float]:
    """Weight of each run that comes often enough; see the module."""
    counts = Counter(run for one in own for run in one.forms)
    found = {}
    for run, count in counts.items():
        share = count / len(own)
        if count < FEWEST or share < SPOKEN:
            continue
        usual = max(cell.runs[run], count) / max(cell.mentions, len(own))
        found[run] = share * log(1 + share / usual) * (1 + LONGER * (len(run) - 2))
    return found


def name(own: Sequence[Phrases], cell: Background, language: str, taken: Iterable[str] = ()) -> str | None:
    """Name of a reason in a language; `None` where no run of words can be one.

    Args:
        own: the mentions of the reason in that language.
        cell: all mentions of its theme and polarity in that language.
        language: ru, en or pl.
        taken: names of other reasons of the cell; a run of the same words, or of some of them, is
            passed over, and so is one that holds them all.
    """
    leading = apart(own, cell)
    weights = _weights(own, cell)
    others = [_naming((word.lemma for word in words(one, language)), language) for one in taken]
    for run in sorted(weights, key=lambda one: (-weights[one], one)):
        naming = _naming(run, language)
        if not leading & naming or any(naming <= other or (other and other <= naming) for other in others):
            continue
        forms = Counter(one.forms[run] for one in own if run in one.forms)
        shown = min(forms.items(), key=lambda one: (-one[1], one[0]))[0]
        if len(shown) <= CHARACTERS:
            return shown
    return None


def clause(quote: str, language: str) -> str | None:
    """A mention as a name: words on one line, cut at a word's end; `None` where there are none.

    Words that only tie it to the sentence before are left out at its beginning.
    """
    plain = _EDGES.sub("", re.sub(r"\s+,", ",", " ".join(_STRANGE.sub(" ", quote).split())))
    while True:
        first, _, rest = plain.partition(" ")
        if not is_tie(first.strip(",").lower(), language) or " " not in rest:
            break
        plain = _EDGES.sub("", rest)
    if len(plain) > CHARACTERS:
        cut = plain[: CHARACTERS - 1]
        plain = _EDGES.sub("", cut[: cut.rfind(" ")] if " " in cut else cut) + "…"
    if not any(one.isalpha() for one in plain):
        return None
    return plain if plain[1:2].isupper() else plain[0].lower() + plain[1:]
