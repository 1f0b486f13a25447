"""Chooses on the development split how evidence is mixed and from which probability labels are shown."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import numpy.typing as npt
from scipy.optimize import minimize

from models.calibration import EXCLUSIVE, Calibration, Mix, leaning
from models.decode import Thresholds
from models.labelled import Labelled
from models.labels import CONTACT, EFFORT, EMOTIONS, LOYALTY, POLARITIES, SENTIMENTS, THEMES
from models.merge import Logits
from models.tagger import Seen
from models.training.data import clause_targets

__all__ = ["choose_thresholds", "fit_calibration", "fit_mix"]

Array = npt.NDArray[np.float32]
Truths = npt.NDArray[np.bool_]

BIAS_PENALTY = 2.0
"""Keeps the biases of rare labels near zero: the development split holds few of them."""

GRID = np.arange(0.10, 0.80, 0.02)
"""Thresholds that are tried."""


def fit_mix(
    dense: Array,
    sparse: Array,
    targets: Array,
    *,
    exclusive: bool,
    only_sparse: bool = False,
    offset: Array | None = None,
) -> Mix:
    """Weights and biases of least cross-entropy.

    Args:
        dense: logits of the encoder, (rows, labels).
        sparse: logits of the sparse evidence, (rows, labels).
        targets: 0, 1, shares, or NaN where unknown, (rows, labels).
        exclusive: softmax over the labels instead of a sigmoid each.
        only_sparse: leave the encoder out (the baseline).
        offset: logits that are added as they are, (rows, labels).
    """
    labels = targets.shape[1]
    known = ~np.isnan(targets)
    truth = np.where(known, targets, 0.0).astype(np.float64)
    dense64, sparse64 = dense.astype(np.float64), sparse.astype(np.float64)
    fixed = np.zeros_like(dense64) if offset is None else offset.astype(np.float64)

    def cost(parameters: npt.NDArray[np.float64]) -> tuple[float, npt.NDArray[np.float64]]:
        d, s, bias = parameters[0], parameters[1], parameters[2:]
        logits = d * dense64 + s * sparse64 + bias + fixed
        if exclusive:
            shifted = logits - logits.max(axis=1, keepdims=True)
            log_p = shifted - np.log(np.exp(shifted).sum(axis=1, keepdims=True))
            loss = -(truth * log_p)[known].sum()
            gradient = np.where(known, np.exp(log_p) - truth, 0.0)
        else:
            loss = (np.logaddexp(0.0, logits) - truth * logits)[known].sum()
            gradient = np.where(known, 1 / (1 + np.exp(-np.clip(logits, -40, 40))) - truth, 0.0)
        whole = np.concatenate(
            [
                [(gradient * dense64).sum(), (gradient * sparse64).sum()],
                gradient.sum(axis=0) + BIAS_PENALTY * bias,
            ]
        )
        if only_sparse:
            whole[0] = 0.0
        return float(loss + BIAS_PENALTY / 2 * (bias**2).sum()), whole

    start = np.concatenate([[0.0 if only_sparse else 0.7, 0.7], np.zeros(labels)])
    bounds = [(0.0, 4.0), (0.0, 4.0)] + [(-6.0, 6.0)] * labels
    found = minimize(cost, start, jac=True, method="L-BFGS-B", bounds=bounds).x
    return Mix(float(found[0]), float(found[1]), tuple(float(b) for b in found[2:]))


def _clause_rows(
    reviews: Sequence[Labelled], seen: Sequence[Seen], leanings: Sequence[Array]
) -> dict[str, tuple[Array, Array, Array, Array]]:
    """Dense logits, sparse logits, targets and fixed logits of the clause heads over all clauses."""
    rows: dict[str, list[tuple[Array, Array, Array, Array]]] = {"theme": [], "polarity": [], "touchpoint": []}
    for review, one, lean in zip(reviews, seen, leanings, strict=True):
        theme, polarity, touchpoint = clause_targets(one.clauses, review.mentions)
        for head, targets in (("theme", theme), ("touchpoint", touchpoint)):
            rows[head].append((one.dense[head], one.sparse[head], targets, np.zeros_like(targets)))
        at, column = np.nonzero(polarity >= 0)
        truth = np.eye(3, dtype=np.float32)[polarity[at, column]]
        fixed = np.broadcast_to(lean, truth.shape)
        rows["polarity"].append((one.dense["polarity"][at, column], one.sparse["polarity"][at], truth, fixed))
    return {
        head: (
            np.concatenate([row[0] for row in parts]),
            np.concatenate([row[1] for row in parts]),
            np.concatenate([row[2] for row in parts]),
            np.concatenate([row[3] for row in parts]),
        )
        for head, parts in rows.items()
    }


def _review_targets(review: Labelled) -> dict[str, list[bool]]:
    """Targets of the review heads."""
    return {
        "sentiment": [review.sentiment == name for name in SENTIMENTS],
        "emotions": [name in review.emotions for name in EMOTIONS],
        "contact": [review.contact == name for name in CONTACT],
        "loyalty": [name in review.loyalty for name in LOYALTY],
        "effort": [review.effort == name for name in EFFORT],
        "repeat": [review.repeat],
        "specific": [review.specific],
    }


def fit_calibration(
    reviews: Sequence[Labelled], seen: Sequence[Seen], *, only_sparse: bool = False
) -> Calibration:
    """A calibration fitted on reviews that nothing was trained on."""
    mixes = {}
    targets_by_head = [_review_targets(review) for review in reviews]
    for head in targets_by_head[0]:
        mixes[head] = fit_mix(
            np.stack([one.dense[head] for one in seen]),
            np.stack([one.sparse[head] for one in seen]),
            np.asarray([targets[head] for targets in targets_by_head], np.float32),
            exclusive=head in EXCLUSIVE,
            only_sparse=only_sparse,
        )
    own = Calibration({"sentiment": mixes["sentiment"]})
    leanings = [leaning(own.apply(one.dense, one.sparse)["sentiment"]) for one in seen]
    for head, (dense, sparse, targets, fixed) in _clause_rows(reviews, seen, leanings).items():
        known = ~np.isnan(targets).all(axis=1)
        mixes[head] = fit_mix(
            dense[known],
            sparse[known],
            targets[known],
            exclusive=head in EXCLUSIVE,
            only_sparse=only_sparse,
            offset=fixed[known],
        )
    return Calibration(mixes)


def _f1(shown: Truths, gold: Truths) -> float:
    """F1 of shown against gold labels, pooled."""
    return 2 * float((shown & gold).sum()) / max(1.0, float(shown.sum() + gold.sum()))


def _thresholds(p: Array, gold: Truths) -> tuple[float, ...]:
    """A threshold a label: half way between the best common one and the label's own best.

    The label's own best alone would follow the chance of a few dozen reviews.

    Args:
        p: probabilities, (reviews, labels) or (reviews, labels, polarities).
        gold: what people said, of the same shape.
    """
    common = max(GRID, key=lambda t: _f1(p >= t, gold))
    own = [max(GRID, key=lambda t: _f1(p[:, c] >= t, gold[:, c])) for c in range(p.shape[1])]
    rare = [gold[:, c].sum() < 8 for c in range(p.shape[1])]
    mixed = (common if few else (common + best) / 2 for best, few in zip(own, rare, strict=True))
    return tuple(round(float(t), 3) for t in mixed)


def _confidence(p: Logits) -> Array:
    """The surest mention of each theme with each polarity in a review, (themes, polarities)."""
    polarity = p["polarity"]
    likeliest = np.where(polarity == polarity.max(axis=-1, keepdims=True), polarity, 0)
    return np.asarray((p["theme"][..., None] * likeliest).max(axis=0), np.float32)


def _raised(review: Labelled) -> Truths:
    """Which themes a review raises with which polarity, (themes, polarities)."""
    found = np.zeros((len(THEMES), len(POLARITIES)), np.bool_)
    for mention in review.mentions:
        found[THEMES.index(mention.theme), POLARITIES.index(mention.polarity)] = True
    return found


def choose_thresholds(
    reviews: Sequence[Labelled], seen: Sequence[Seen], calibration: Calibration
) -> Thresholds:
    """Thresholds of the best F1 at review level; for mentions, of themes with their polarity."""
    found: list[Logits] = [calibration.apply(one.dense, one.sparse) for one in seen]
    return replace(
        Thresholds.even(),
        theme=_thresholds(
            np.stack([_confidence(p) for p in found]), np.stack([_raised(review) for review in reviews])
        ),
        emotions=_thresholds(
            np.stack([p["emotions"] for p in found]),
            np.asarray([[name in review.emotions for name in EMOTIONS] for review in reviews]),
        ),
        loyalty=_thresholds(
            np.stack([p["loyalty"] for p in found]),
            np.asarray([[name in review.loyalty for name in LOYALTY] for review in reviews]),
        ),
    )
