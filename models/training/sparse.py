"""Fits the sparse evidence: one logistic regression a label over hashed n-grams."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import numpy.typing as npt
import scipy.sparse as sp
from sklearn.linear_model import LogisticRegression

from models import ngrams
from models.evidence import CLAUSE_COLUMNS, REVIEW_COLUMNS, Table
from models.labelled import Labelled
from models.labels import CONTACT, EFFORT, EMOTIONS, LOYALTY, SENTIMENTS
from models.training.data import clause_targets, clauses_of
from models.training.public_sets import Partial

__all__ = ["fit_clauses", "fit_reviews"]

Array = npt.NDArray[np.float32]

STRENGTH = 4.0
"""Inverse regularisation of the regressions (C)."""


def _prepare(texts: Sequence[str], at_least: int) -> tuple[npt.NDArray[np.uint32], Array, sp.csr_matrix]:
    """Bins that occur in enough texts, their inverse document frequencies, and scaled features."""
    counts = ngrams.count(texts)
    frequency = np.bincount(counts.indices, minlength=ngrams.BINS)
    bins = np.flatnonzero(frequency >= at_least).astype(np.uint32)
    idf = (np.log((1 + len(texts)) / (1 + frequency[bins])) + 1).astype(np.float16).astype(np.float32)
    return bins, idf, ngrams.scale(counts[:, bins].tocsr(), idf)


def _regress(features: sp.csr_matrix, targets: Array, weights: Array) -> tuple[Array, float]:
    """Weights and bias of one label; rows whose target is NaN do not count."""
    known = ~np.isnan(targets)
    wanted = targets[known] > 0.5
    if wanted.all() or not wanted.any():
        return np.zeros(features.shape[1], np.float32), 6.0 if len(wanted) and wanted.all() else -6.0
    model = LogisticRegression(C=STRENGTH, solver="liblinear", random_state=0)
    model.fit(features[known], wanted, sample_weight=weights[known])
    return model.coef_[0].astype(np.float32), float(model.intercept_[0])


def _light(table: Table, least: int) -> Table:
    """A table without the bins whose weights are all small: half the size, the same answers."""
    if not least:
        return table
    kept = np.abs(table.weights.astype(np.int16)).max(axis=1) > least
    return replace(table, bins=table.bins[kept], idf=table.idf[kept], weights=table.weights[kept])


def _table(texts: Sequence[str], targets: Array, weights: Array, at_least: int, least: int) -> Table:
    """A table with one column for each column of the targets."""
    bins, idf, features = _prepare(texts, at_least)
    fitted = [_regress(features, targets[:, column], weights) for column in range(targets.shape[1])]
    dense = np.stack([one for one, _ in fitted], axis=1)
    scales = np.maximum(np.abs(dense).max(axis=0), 1e-6).astype(np.float32) / 127
    bias = np.asarray([bias for _, bias in fitted], np.float32)
    eight_bit = np.round(dense / scales).astype(np.int8)
    return _light(Table(bins, idf.astype(np.float16), eight_bit, scales, bias), least)


def fit_clauses(reviews: Sequence[Labelled], *, at_least: int = 4, least: int = 20) -> Table:
    """The clause table: themes, polarity of the clause, touchpoint; `least` 0 keeps every bin."""
    texts: list[str] = []
    rows: list[Array] = []
    for review in reviews:
        clauses = clauses_of(review.text, review.language)
        theme, polarity, touchpoint = clause_targets(clauses, review.mentions)
        for i, clause in enumerate(clauses):
            said = polarity[i][polarity[i] >= 0]
            shares = np.bincount(said, minlength=CLAUSE_COLUMNS["polarity"]) / max(1, len(said))
            own = shares if len(said) else np.full(len(shares), np.nan)
            texts.append(review.text[clause.start : clause.end])
            rows.append(np.concatenate([theme[i], own, touchpoint[i]]).astype(np.float32))
    targets = np.stack(rows)
    return _table(texts, targets, np.ones(len(texts), np.float32), at_least, least)


def _review_targets(review: Labelled) -> Array:
    """One row of the review table's targets."""
    return np.asarray(
        [
            *(review.sentiment == name for name in SENTIMENTS),
            *(name in review.emotions for name in EMOTIONS),
            *(review.contact == name for name in CONTACT),
            *(name in review.loyalty for name in LOYALTY),
            *(review.effort == name for name in EFFORT),
            review.repeat,
            review.specific,
        ],
        np.float32,
    )


def _partial_targets(row: Partial) -> Array:
    """Targets of a public text: the sentiment or the emotions that it is sure of, NaN elsewhere."""
    targets = np.full(sum(REVIEW_COLUMNS.values()), np.nan, np.float32)
    if row.sentiment and max(row.sentiment) > 0.85:
        targets[: len(SENTIMENTS)] = [share == max(row.sentiment) for share in row.sentiment]
    for name, shown in row.emotions.items():
        targets[len(SENTIMENTS) + EMOTIONS.index(name)] = shown
    return targets


def fit_reviews(
    reviews: Sequence[Labelled],
    public: Sequence[Partial] = (),
    *,
    weight: float = 0.3,
    at_least: int = 5,
    least: int = 24,
) -> Table:
    """The review table; public texts count `weight` of a labelled review each."""
    texts = [review.text for review in reviews] + [row.text for row in public]
    targets = np.stack(
        [_review_targets(review) for review in reviews] + [_partial_targets(row) for row in public]
    )
    weights = np.concatenate([np.ones(len(reviews)), np.full(len(public), weight)]).astype(np.float32)
    return _table(texts, targets, weights, at_least, least)
