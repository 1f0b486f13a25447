"""TF-IDF with logistic regression: the parts that the classical peers are made of.

Features are words (1-2) and characters (2-5), counted sublinearly. A *choice* picks one of several
labels, *labels* are each shown or not. Both are fitted on one set of texts and calibrated on
another: one factor for all logits of a head and a bias a label, by likelihood (Platt's scaling with
a common slope, which rare labels could not choose for themselves).
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import scipy.sparse as sp
from scipy.optimize import minimize
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

BIAS_PENALTY = 2.0
"""Keeps the biases of rare labels near zero: the development split holds few of them."""

_WORD = re.compile(r"\w+|[^\w\s]")

SMALL = 100
"""Fewer texts than this keep every n-gram."""


def _plain(text: str) -> str:
    """A text in lower case, with single spaces, one on each side as well."""
    return f" {' '.join(text.lower().split())} "


def vectoriser(texts: int, at_least: int) -> Pipeline:
    """TF-IDF of words and characters that occur in at least `at_least` of so many texts.

    Each text becomes a row of length one.
    """
    least = at_least if texts >= SMALL else 1
    shared: dict[str, Any] = {
        "min_df": least,
        "sublinear_tf": True,
        "preprocessor": _plain,
        "norm": None,
        "dtype": np.float32,
    }
    # A tokenizer of our own makes the pattern for words idle, which would be warned of.
    words = shared | {"token_pattern": None}
    both = FeatureUnion(
        [
            ("words", TfidfVectorizer(ngram_range=(1, 2), tokenizer=_WORD.findall, **words)),
            ("characters", TfidfVectorizer(analyzer="char", ngram_range=(2, 5), **shared)),
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


@dataclass(frozen=True, slots=True)
class _Scale:
    """A factor of all logits of a head, and a bias a label."""

    factor: float
    bias: Array

    def apply(self, logits: Array) -> Array:
        """Scaled logits."""
        return np.asarray(self.factor * logits + self.bias, np.float32)


def _fit_scale(logits: Array, truth: Array, *, exclusive: bool) -> _Scale:
    """The scale of least cross-entropy; targets that are NaN do not count."""
    known = ~np.isnan(truth)
    wanted = np.where(known, truth, 0.0).astype(np.float64)
    raw = logits.astype(np.float64)

    def cost(parameters: npt.NDArray[np.float64]) -> tuple[float, npt.NDArray[np.float64]]:
        scaled = parameters[0] * raw + parameters[1:]
        if exclusive:
            said = log_softmax(scaled, axis=1)
            loss, slope = -(wanted * said).sum(), np.exp(said) - wanted
        else:
            loss = (np.logaddexp(0.0, scaled) - wanted * scaled)[known].sum()
            slope = np.where(known, expit(scaled) - wanted, 0.0)
        gradient = np.concatenate([[(slope * raw).sum()], slope.sum(axis=0) + BIAS_PENALTY * parameters[1:]])
        return float(loss + BIAS_PENALTY / 2 * (parameters[1:] ** 2).sum()), gradient

    start = np.concatenate([[1.0], np.zeros(logits.shape[1])])
    bounds = [(0.05, 8.0)] + [(-6.0, 6.0)] * logits.shape[1]
    found = minimize(cost, start, jac=True, method="L-BFGS-B", bounds=bounds).x
    return _Scale(float(found[0]), found[1:].astype(np.float32))


class Labels:
    """Labels that do not exclude one another.

    Args:
        features: of the training texts, one row a text.
        targets: (texts, labels): 1, 0, or NaN where unknown.
    """

    def __init__(self, features: sp.csr_matrix, targets: Array) -> None:
        self._model = _Regressions(features, targets)
        self._scale = _Scale(1.0, np.zeros(targets.shape[1], np.float32))

    def calibrate(self, features: sp.csr_matrix, targets: Array) -> None:
        """Fits the scale on other texts; without any it stays as it is."""
        if features.shape[0]:
            self._scale = _fit_scale(self._model.logits(features), targets, exclusive=False)

    def probabilities(self, features: sp.csr_matrix) -> Array:
        """Probabilities (texts, labels)."""
        return np.asarray(expit(self._scale.apply(self._model.logits(features))), np.float32)


class Choice:
    """Labels of which exactly one is right.

    Args:
        features: of the training texts, one row a text.
        right: index of the right label of each text.
        width: number of labels.
    """

    def __init__(self, features: sp.csr_matrix, right: Sequence[int] | Whole, width: int) -> None:
        self._right = np.eye(width, dtype=np.float32)
        self._model = _Regressions(features, self._right[np.asarray(right, np.int64)])
        self._scale = _Scale(1.0, np.zeros(width, np.float32))

    def calibrate(self, features: sp.csr_matrix, right: Sequence[int] | Whole) -> None:
        """Fits the scale on other texts; without any it stays as it is."""
        if features.shape[0]:
            truth = self._right[np.asarray(right, np.int64)]
            self._scale = _fit_scale(self._model.logits(features), truth, exclusive=True)

    def probabilities(self, features: sp.csr_matrix) -> Array:
        """Probabilities (texts, labels)."""
        return np.asarray(softmax(self._scale.apply(self._model.logits(features)), axis=1), np.float32)
