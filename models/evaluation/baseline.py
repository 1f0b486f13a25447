"""The bar to beat: TF-IDF with logistic regression per label, without any encoder.

Themes, polarity and touchpoint of a clause come from the clause, the rest from the whole text. It
is trained on the labels alone, and calibrated and given its thresholds on the development split
with the same care as the model.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
import numpy.typing as npt
import scipy.sparse as sp

from models.evaluation.answers import Answers, any_clause
from models.evaluation.regressions import Choice, Labels, vectoriser
from models.evaluation.thresholds import best_thresholds
from models.labelled import Labelled
from models.labels import CONTACT, EFFORT, EMOTIONS, LOYALTY, POLARITIES, SENTIMENTS, THEMES, TOUCHPOINTS
from models.training.data import clause_targets, clauses_of, split_labels
from ugc.errors import InputError
from ugc.review import Mention, Polarity, Sentiment, Tags
from ugc.text.clauses import Clause

__all__ = ["Baseline"]

Array = npt.NDArray[np.float32]
Whole = npt.NDArray[np.int64]

AT_LEAST = 8
"""Reviews to train on under which there is nothing to compare with."""

_FLAGS = len(EMOTIONS) + len(LOYALTY)
"""Column of `repeat` among the labels of a review; `specific` follows."""


@dataclass(frozen=True, slots=True)
class _Pieces:
    """Clauses of some reviews with what people say of each."""

    texts: list[str]
    theme: Array
    """(clauses, themes): 1, 0, or NaN where unknown."""
    polarity: Whole
    """Index of the polarity of each clause, or -1."""
    touchpoint: Whole
    """Index of the touchpoint of each clause, or -1."""


def _pieces(reviews: Sequence[Labelled]) -> _Pieces:
    """All clauses of labelled reviews."""
    texts: list[str] = []
    themes: list[Array] = []
    polarities: list[int] = []
    touchpoints: list[int] = []
    for review in reviews:
        clauses = clauses_of(review.text, review.language)
        theme, polarity, touchpoint = clause_targets(clauses, review.mentions)
        texts += [review.text[clause.start : clause.end] for clause in clauses]
        themes.append(theme)
        for own, place in zip(polarity, touchpoint, strict=True):
            said = np.bincount(own[own >= 0], minlength=len(POLARITIES))
            polarities.append(int(said.argmax()) if said.any() else -1)
            touchpoints.append(-1 if np.isnan(place).any() else int(place.argmax()))
    return _Pieces(texts, np.concatenate(themes), np.asarray(polarities), np.asarray(touchpoints))


def _shown(reviews: Sequence[Labelled]) -> Array:
    """Emotions, loyalty, repeat and specific of reviews, one column each."""
    return np.asarray(
        [
            [name in r.emotions for name in EMOTIONS]
            + [name in r.loyalty for name in LOYALTY]
            + [r.repeat, r.specific]
            for r in reviews
        ],
        np.float32,
    )


def _chosen(reviews: Sequence[Labelled]) -> dict[str, list[int]]:
    """Indices of the labels of which each review has one."""
    return {
        "sentiment": [SENTIMENTS.index(r.sentiment) for r in reviews],
        "contact": [CONTACT.index(r.contact) for r in reviews],
        "effort": [EFFORT.index(r.effort) for r in reviews],
    }


_WIDTHS = {"sentiment": len(SENTIMENTS), "contact": len(CONTACT), "effort": len(EFFORT)}


def _where(
    features: sp.csr_matrix, index: npt.NDArray[np.int64]
) -> tuple[sp.csr_matrix, npt.NDArray[np.int64]]:
    """Rows whose index is known, and their indices."""
    known = np.flatnonzero(index >= 0)
    return features[known], index[known]


class Baseline:
    """TF-IDF with logistic regression, trained on labelled reviews by their split.

    Raises:
        InputError: the labels are too few to train on some and choose thresholds on others.
    """

    def __init__(self, labels: Sequence[Labelled]) -> None:
        splits = split_labels(labels)
        if len(splits.train) < AT_LEAST or not splits.development:
            raise InputError(
                f"The labels leave {len(splits.train)} reviews to train TF-IDF on and "
                f"{len(splits.development)} to choose its thresholds on.",
                "Give some hundred labelled reviews, or leave --labels out.",
            )
        self._fit_clauses(splits.train, splits.development)
        self._fit_reviews(splits.train, splits.development)

    def _fit_clauses(self, train: Sequence[Labelled], development: Sequence[Labelled]) -> None:
        pieces, others = _pieces(train), _pieces(development)
        self._of_clauses = vectoriser(len(pieces.texts), 3)
        features = self._of_clauses.fit_transform(pieces.texts).tocsr()
        held = self._of_clauses.transform(others.texts).tocsr()
        self._theme = Labels(features, pieces.theme)
        self._theme.calibrate(held, others.theme)
        self._polarity = Choice(*_where(features, pieces.polarity), len(POLARITIES))
        self._polarity.calibrate(*_where(held, others.polarity))
        self._touchpoint = Choice(*_where(features, pieces.touchpoint), len(TOUCHPOINTS))
        self._touchpoint.calibrate(*_where(held, others.touchpoint))
        clauses = [clauses_of(r.text, r.language) for r in development]
        p = np.stack([own.max(axis=0) for own in self._by_review(clauses, self._theme.probabilities(held))])
        gold = [{mention.theme for mention in r.mentions} for r in development]
        self._theme_from = best_thresholds(p, np.asarray([[name in own for name in THEMES] for own in gold]))

    def _fit_reviews(self, train: Sequence[Labelled], development: Sequence[Labelled]) -> None:
        self._of_reviews = vectoriser(len(train), 4)
        features = self._of_reviews.fit_transform([r.text for r in train]).tocsr()
        held = self._of_reviews.transform([r.text for r in development]).tocsr()
        self._labels = Labels(features, _shown(train))
        self._labels.calibrate(held, _shown(development))
        self._choices = {}
        wanted = _chosen(development)
        for head, right in _chosen(train).items():
            self._choices[head] = Choice(features, right, _WIDTHS[head])
            self._choices[head].calibrate(held, wanted[head])
        p, gold = self._labels.probabilities(held), _shown(development) > 0.5
        self._label_from = best_thresholds(p, gold)
        # As in the model: what is there or not is said by the better half.
        self._label_from[_FLAGS:] = 0.5

    @staticmethod
    def _by_review(clauses: Sequence[list[Clause]], p: Array) -> Iterator[Array]:
        """The probabilities of the clauses of each review."""
        edges = np.cumsum([0, *(len(own) for own in clauses)])
        return (p[a:b] for a, b in pairwise(edges))

    def tag(self, reviews: Sequence[Labelled]) -> list[Tags]:
        """Tags of reviews."""
        return self.answer([r.text for r in reviews], [r.language for r in reviews]).tags

    def answer(self, texts: Sequence[str], languages: Sequence[str]) -> Answers:
        """Answers for texts with their languages, in order."""
        if not texts:
            return Answers([])
        clauses = [clauses_of(text, language) for text, language in zip(texts, languages, strict=True)]
        pieces = [text[c.start : c.end] for text, own in zip(texts, clauses, strict=True) for c in own]
        features = self._of_clauses.transform(pieces).tocsr()
        theme = self._theme.probabilities(features)
        polarity = self._polarity.probabilities(features)
        touchpoint = self._touchpoint.probabilities(features).argmax(axis=1)
        whole = self._of_reviews.transform(texts).tocsr()
        labels = self._labels.probabilities(whole)
        choices = {head: one.probabilities(whole) for head, one in self._choices.items()}
        tags, row = [], 0
        for i, (text, own) in enumerate(zip(texts, clauses, strict=True)):
            mentions = []
            for clause in own:
                best = int(polarity[row].argmax())
                said: Polarity = POLARITIES[best]  # type: ignore[assignment]
                place = TOUCHPOINTS[int(touchpoint[row])]
                quote = text[clause.start : clause.end]
                for column in np.flatnonzero(theme[row] >= self._theme_from):
                    sure = round(float(theme[row, column] * polarity[row, best]), 4)
                    name = THEMES[column]
                    mentions.append(Mention(clause.start, clause.end, quote, name, said, place, sure))
                row += 1
            found = {head: one[i] for head, one in choices.items()}
            tags.append(self._tags(labels[i], found, tuple(mentions)))
        return Answers(tags, np.stack([any_clause(own) for own in self._by_review(clauses, theme)]))

    def _tags(self, labels: Array, choices: dict[str, Array], mentions: tuple[Mention, ...]) -> Tags:
        """Tags of one text from the probabilities of its labels and choices."""
        shown = labels >= self._label_from
        sentiment: Sentiment = SENTIMENTS[int(choices["sentiment"].argmax())]  # type: ignore[assignment]
        return Tags(
            sentiment=sentiment,
            sentiment_probabilities=dict(zip(SENTIMENTS, map(float, choices["sentiment"]), strict=True)),
            emotions=tuple(name for name, there in zip(EMOTIONS, shown, strict=False) if there),
            emotion_probabilities=dict(zip(EMOTIONS, map(float, labels), strict=False)),
            contact=CONTACT[int(choices["contact"].argmax())],
            contact_confidence=float(choices["contact"].max()),
            loyalty=tuple(
                name for name, there in zip(LOYALTY, shown[len(EMOTIONS) :], strict=False) if there
            ),
            effort=EFFORT[int(choices["effort"].argmax())],
            repeat=bool(shown[_FLAGS]),
            specific=bool(shown[_FLAGS + 1]),
            mentions=mentions,
        )
