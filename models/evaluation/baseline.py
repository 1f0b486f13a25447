"""The bar to beat: TF-IDF with logistic regression per label, without any encoder.

Words 1-2 and characters 2-5; themes, polarity and touchpoint of a clause from the clause, the rest
from the whole text. It is trained on the labels alone, calibrated and given its thresholds on the
development split with the same care as the model, and read by the same rules.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from models.calibration import Calibration
from models.decode import Thresholds, decode
from models.evidence import Evidence
from models.labelled import Labelled
from models.labels import CLAUSE_HEADS, POLARITIES, REVIEW_HEADS, THEMES
from models.merge import Logits
from models.tagger import Seen
from models.training.calibrate import choose_thresholds, fit_calibration
from models.training.data import clauses_of, split_labels
from models.training.sparse import fit_clauses, fit_reviews
from ugc.review import Tags

__all__ = ["Baseline"]


def _silent(n_clauses: int) -> Logits:
    """Logits of an encoder that says nothing."""
    logits: Logits = {head: np.zeros((n_clauses, width), np.float32) for head, width in CLAUSE_HEADS.items()}
    logits["polarity"] = np.zeros((n_clauses, len(THEMES), len(POLARITIES)), np.float32)
    return logits | {head: np.zeros(width, np.float32) for head, width in REVIEW_HEADS.items()}


class Baseline:
    """TF-IDF with logistic regression, trained on labelled reviews by their split."""

    def __init__(self, labels: Sequence[Labelled]) -> None:
        splits = split_labels(labels)
        self._evidence = Evidence(fit_clauses(splits.train, least=0), fit_reviews(splits.train, least=0))
        seen = self._look(splits.development)
        self._calibration: Calibration = fit_calibration(splits.development, seen, only_sparse=True)
        self._thresholds: Thresholds = choose_thresholds(splits.development, seen, self._calibration)

    def _look(self, reviews: Sequence[Labelled]) -> list[Seen]:
        found = []
        by_review = self._evidence.reviews([review.text for review in reviews])
        for i, review in enumerate(reviews):
            clauses = clauses_of(review.text, review.language)
            sparse = self._evidence.clauses([review.text[c.start : c.end] for c in clauses])
            sparse |= {head: values[i] for head, values in by_review.items()}
            found.append(Seen(clauses, _silent(len(clauses)), sparse, known_language=True))
        return found

    def tag(self, reviews: Sequence[Labelled]) -> list[Tags]:
        """Tags of reviews."""
        seen = self._look(reviews)
        return [
            decode(review.text, one.clauses, self._calibration.apply(one.dense, one.sparse), self._thresholds)
            for review, one in zip(reviews, seen, strict=True)
        ]
