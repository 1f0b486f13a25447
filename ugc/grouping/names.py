"""A name for a reason, built from the words of its own mentions.

Runs of one to four words are counted by their dictionary forms, once a mention. One that comes in many
mentions of the reason and in few of its cell says what sets the reason apart: its weight is

    share in the reason · log(1 + share in the reason / share in the cell) · (1 + LONGER · (words − 1)),

which is c-TF-IDF (term frequency in a class times the log of one plus its inverse frequency over all)
with shares of mentions in place of counts of words; longer runs are favoured, for they say more. A run
is shown in the form that customers write most often.

Sources
    Grootendorst M. (2022) BERTopic: neural topic modeling with a class-based TF-IDF procedure.
        arXiv:2203.05794.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from math import log

from ugc.grouping.lemmas import Word, is_negation, is_small, words

__all__ = ["Background", "Phrases", "name", "phrases"]

Run = tuple[str, ...]
"""Dictionary forms of words that follow each other."""

WORDS = 4
"""Words of a run at most."""

LONGER = 0.35
FEWEST = 2
"""Mentions in which a run must come to stand in a name."""

PARTS = 3
"""Runs in a name at most."""

WEAKEST = 0.35
"""A further run must weigh at least this share of the first."""

CHARACTERS = 64
"""Length of a name at most."""


@dataclass(frozen=True, slots=True)
class Phrases:
    """The runs of words of one quote and the forms in which they are written."""

    forms: dict[Run, str]


@dataclass(slots=True)
class Background:
    """In how many mentions of a cell, in one language, each run comes."""

    mentions: int = 0
    runs: Counter[Run] = field(default_factory=Counter)

    def add(self, quotes: Iterable[Phrases]) -> None:
        """Counts more mentions."""
        for one in quotes:
            self.mentions += 1
            self.runs.update(one.forms.keys())


def _stands(run: Sequence[Word], language: str) -> bool:
    """Whether a run can stand in a name: it begins with a negation or, as it ends, with a word that names."""
    first, last = run[0].lemma, run[-1].lemma
    if is_small(last, language) or is_negation(last):
        return False
    return is_negation(first) or not is_small(first, language)


def phrases(quote: str, language: str) -> Phrases:
    """The runs of words in a quote that could stand in a name; `language` is ru, en or pl."""
    said = words(quote, language)
    forms: dict[Run, str] = {}
    for start in range(len(said)):
        for end in range(start + 1, min(start + WORDS, len(said)) + 1):
            run = said[start:end]
            if _stands(run, language):
                forms.setdefault(tuple(word.lemma for word in run), " ".join(word.surface for word in run))
    return Phrases(forms)


def _naming(run: Run, language: str) -> frozenset[str]:
    """The words of a run that name something."""
    return frozenset(one for one in run if not is_small(one, language))


def _weights(own: Sequence[Phrases], cell: Background) -> dict[Run, float]:
    """Weight of each run that comes often enough; see the module."""
    counts: Counter[Run] = Counter()
    for one in own:
        counts.update(one.forms.keys())
    found = {}
    for run, count in counts.items():
        if count < FEWEST:
            continue
        share = count / len(own)
        usual = max(cell.runs[run], count) / max(cell.mentions, len(own))
        found[run] = share * log(1 + share / usual) * (1 + LONGER * (len(run) - 1))
    return found


def name(own: Sequence[Phrases], cell: Background, language: str, taken: Iterable[str] = ()) -> str | None:
    """Name of a reason in a language; `None` where its mentions share no words.

    Args:
        own: the mentions of the reason in that language.
        cell: all mentions of its theme and polarity in that language.
        language: ru, en or pl.
        taken: names that other reasons of the cell bear; one that is taken gets a word more if it can.
    """
    weights = _weights(own, cell)
    if not weights:
        return None
    forms: dict[Run, Counter[str]] = defaultdict(Counter)
    for one in own:
        for run, form in one.forms.items():
            if run in weights:
                forms[run][form] += 1
    others = frozenset(taken)
    shown: list[str] = []
    used: frozenset[str] = frozenset()
    top = max(weights.values())
    for run in sorted(weights, key=lambda one: (-weights[one], one)):
        naming = _naming(run, language)
        enough = weights[run] < WEAKEST * top or len(shown) >= PARTS
        if (enough and ", ".join(shown) not in others) or len(shown) > PARTS:
            break
        form = min(forms[run].items(), key=lambda one: (-one[1], one[0]))[0]
        if naming & used or len(", ".join([*shown, form])) > CHARACTERS:
            continue
        shown.append(form)
        used |= naming
    return ", ".join(shown) or None
