"""What a reader of reviews answers, so that the model and its peers are measured in the same way."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np
import numpy.typing as npt

from models.decode import decode
from models.labels import THEMES
from models.tagger import Tagger
from ugc.review import Tags

__all__ = ["Answers", "Chances", "Reader", "TaggerReader", "any_clause"]

Chances = npt.NDArray[np.float32]
"""(reviews, themes): probability that a review raises a theme, in the order of `models.labels.THEMES`."""


@dataclass(frozen=True, slots=True)
class Answers:
    """Tags of some reviews and, from readers that know them, the probabilities of their themes."""

    tags: list[Tags]
    chances: Chances | None = None


def any_clause(p: npt.NDArray[np.floating]) -> Chances:
    """The probability that any clause raises a theme, from those of the clauses (clauses, themes).

    A clause's probability says that *this* clause raises the theme, so the review's is one minus the
    product of the complements (noisy-or), as if clauses were independent. They are not quite; yet
    on the development split this came out right on average (0.154 said, 0.145 so), whereas the
    largest probability of any clause said too little (0.122).
    """
    return np.asarray(1 - np.prod(1 - p, axis=0, dtype=np.float64), np.float32)


class Reader(Protocol):
    """Anything that reads reviews: the model, another bundle, TF-IDF, the lexicon."""

    def answer(self, texts: Sequence[str], languages: Sequence[str]) -> Answers:
        """Answers for texts with their languages, in order."""
        ...


class TaggerReader:
    """A model bundle as a reader."""

    def __init__(self, tagger: Tagger) -> None:
        self.tagger = tagger

    def answer(self, texts: Sequence[str], languages: Sequence[str]) -> Answers:
        """The tags as the product gives them, and the chances behind them; unread texts have none."""
        chances = np.zeros((len(texts), len(THEMES)), np.float32)
        tags = []
        for i, one in enumerate(self.tagger.probabilities(texts, languages)):
            if one is None:
                tags += self.tagger.tag([texts[i]], [languages[i]])
            else:
                tags.append(decode(texts[i], one.clauses, one.by_head, self.tagger.thresholds))
                chances[i] = any_clause(one.by_head["theme"])
        return Answers(tags, chances)
