"""TF-IDF with logistic regression: the parts that the classical peers are made of.

Features are words (1-2) and characters (2-5), counted sublinearly. A *choice* picks one of several
labels, *labels* are each shown or not. Both are fitted on one set of texts and calibrated on
another: Platt's scaling a label, one temperature a choice.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

import numpy as np
import numpy.typing as npt
import scipy.sparse as sp
from scipy.special import expit, log_softmax, softmax
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import FeatureUnion, Pipeline, make_pipeline
from sklearn.preprocessing import Normalizer

__all__ = ["Choice", "Labels", "vectoriser"]

Array = npt.NDArray[np.float32]
Whole = npt.NDArray[np.int64]
Truths = npt.NDArray[np.bool_]

STRENGTH = 4.0
"""Inverse regularisation of the regressions (C), the same as in the model's sparse evidence."""

SURE = 6.0
"""Logit of a label that every training text has, or none."""

SHARPNESS = tuple(float(one) for one in np.geomspace(0.4, 4.0, 24))
"""Factors of the logits of a choice that are tried."""

_WORD = re.compile(r"\w+|[^\w\s]")

SMALL = 100
"""Fewer texts than this keep every n-gram."""


def vectoriser(texts: int, at_least: int) -> Pipeline:
    """TF-IDF of words and characters that occur in at least `at_least` of so many texts.

    Each text becomes a row of length one.
    """
    least = at_least if texts >= SMALL else 1
    shared: dict[str, Any] = {"min_df": least, "sublinear_tf": True, "dtype": np.float32}
    # A tokenizer of our own makes the pattern for words idle, which would be warned of.
    words = shared | {"token_pattern": None}
    both = FeatureUnion(
        [
            ("words", TfidfVectorizer(ngram_range=(1, 2), tokenizer=_WORD.findall, norm=None, **words)),
            ("characters", TfidfVectorizer(analyzer="char", ngram_range=(2, 5), norm=None, **shared)),
        ]
    )
    return make_pipeline(both, Normalizer())


class _Regressions:
    """One logistic regression a label over the same features."""

    def __init__(self, features: sp.csr_matrix, targets: Array) -> None:
        self._weights = np.zeros((features.shape[1], targets.shape[1]), np.float32)
        self._bias = np.zeros(targets.shape[1], np.float32)
        for column, target in enumerate(targets.T):
            known = ~np.isnan(target)
            wanted = target[known] > 0.5
            if wanted.all() or not wanted.any():
                self._bias[column] = SURE if len(wanted) and wanted.all() else -SURE
                continue
            model = LogisticRegression(C=STRENGTH, solver="liblinear", random_state=0)
            model.fit(features[known], wanted)
            self._weights[:, column] = model.coef_[0]
            self._bias[column] = model.intercept_[0]

    def logits(self, features: sp.csr_matrix) -> Array:
        """Logits (texts, labels)."""
        return np.asarray(features @ self._weights + self._bias, np.float32)


class Labels:
    """Labels that do not exclude one another.

    Args:
        features: of the training texts, one row a text.
        targets: (texts, labels): 1, 0, or NaN where unknown.
    """

    def __init__(self, features: sp.csr_matrix, targets: Array) -> None:
        self._model = _Regressions(features, targets)
        self._scales: list[LogisticRegression | None] = [None] * targets.shape[1]

    def calibrate(self, features: sp.csr_matrix, targets: Array) -> None:
        """Fits Platt's scaling of each label; one that is always or never there keeps its logit."""
        for column, logit in enumerate(self._model.logits(features).T):
            known = ~np.isnan(targets[:, column])
            wanted = targets[known, column] > 0.5
            if wanted.any() and not wanted.all():
                self._scales[column] = LogisticRegression().fit(logit[known, None], wanted)

    def probabilities(self, features: sp.csr_matrix) -> Array:
        """Probabilities (texts, labels)."""
        logits = self._model.logits(features)
        found = expit(logits)
        for column, scale in enumerate(self._scales):
            if scale is not None and len(logits):
                found[:, column] = scale.predict_proba(logits[:, [column]])[:, 1]
        return np.asarray(found, np.float32)


class Choice:
    """Labels of which exactly one is right.

    Args:
        features: of the training texts, one row a text.
        right: index of the right label of each text.
        width: number of labels.
    """

    def __init__(self, features: sp.csr_matrix, right: Sequence[int] | Whole, width: int) -> None:
        self._model = _Regressions(features, np.eye(width, dtype=np.float32)[np.asarray(right, np.int64)])
        self._sharpness = 1.0

    def calibrate(self, features: sp.csr_matrix, right: Sequence[int] | Whole) -> None:
        """Chooses the factor of the logits that makes the right labels most likely."""
        logits, truth = self._model.logits(features), np.asarray(right, np.int64)
        if not len(truth):
            return

        def likely(factor: float) -> float:
            return float(log_softmax(factor * logits, axis=1)[np.arange(len(truth)), truth].sum())

        self._sharpness = max(SHARPNESS, key=likely)

    def probabilities(self, features: sp.csr_matrix) -> Array:
        """Probabilities (texts, labels)."""
        return np.asarray(softmax(self._sharpness * self._model.logits(features), axis=1), np.float32)
