"""Training items of reviews that a person corrected in part.

What was corrected is a known target. For the rest the network's own answers stand in, as they were
before training: a person corrects mistakes and leaves alone what is right, so corrections alone
would teach that there is nothing but what was wrong.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import numpy as np
import numpy.typing as npt
import torch
from tokenizers import Tokenizer

from models.calibration import EXCLUSIVE, sigmoid, softmax
from models.corrected import Claim, Corrected
from models.labels import CONTACT, POLARITIES, SENTIMENTS, THEMES, TOUCHPOINTS
from models.training.data import Item, clauses_of, encode_items, partial_items
from models.training.fit import collate
from models.training.network import Network
from models.training.public_sets import Partial
from ugc.text.clauses import Clause
from ugc.text.language import detect

__all__ = ["claim_targets", "corrected_items", "stand_in"]

Array = npt.NDArray[np.float32]


def claim_targets(clauses: Sequence[Clause], claims: Sequence[Claim]) -> tuple[Array, Array, Array]:
    """Themes, polarities and touchpoints of each clause, as far as claims tell them.

    A claim is about a clause when half of the shorter of the two is common to both. Where one claim
    finds a theme and another denies it, it is there.
    """
    theme = np.full((len(clauses), len(THEMES)), np.nan, np.float32)
    polarity = np.full((len(clauses), len(THEMES), len(POLARITIES)), np.nan, np.float32)
    touchpoint = np.zeros((len(clauses), len(TOUCHPOINTS)), np.float32)
    for claim in sorted(claims, key=lambda one: one.present):
        column = THEMES.index(claim.theme)
        for i, clause in enumerate(clauses):
            shared = min(clause.end, claim.end) - max(clause.start, claim.start)
            if 2 * shared < min(clause.end - clause.start, claim.end - claim.start):
                continue
            theme[i, column] = claim.present
            if claim.polarity is not None:
                polarity[i, column] = [one == claim.polarity for one in POLARITIES]
            if claim.touchpoint is not None:
                touchpoint[i, TOUCHPOINTS.index(claim.touchpoint)] += 1
    totals = touchpoint.sum(axis=1, keepdims=True)
    shares = np.where(totals > 0, touchpoint / np.maximum(totals, 1), np.nan)
    return theme, polarity, shares.astype(np.float32)


def _one_hot(value: str | None, known: Sequence[str], unknown: Array) -> Array:
    """A one at the place of a value, or what stands for unknown."""
    return unknown if value is None else np.asarray([one == value for one in known], np.float32)


def corrected_items(tokenizer: Tokenizer, rows: Sequence[Corrected]) -> list[Item]:
    """Training items in which only what was corrected is known; long texts by their first window."""
    blank = partial_items(tokenizer, [Partial(row.text, row.language or "und", "") for row in rows])
    clauses = [clauses_of(row.text, row.language or detect(row.text)) for row in rows]
    encoded = encode_items(tokenizer, [row.text for row in rows], clauses)
    items = []
    for row, own, empty, (ids, pool) in zip(rows, clauses, blank, encoded, strict=True):
        theme, polarity, touchpoint = claim_targets(own, row.claims)
        outside = ~pool.any(axis=1)
        theme[outside], polarity[outside], touchpoint[outside] = np.nan, np.nan, np.nan
        items.append(
            replace(
                empty,
                ids=ids,
                pool=pool,
                theme=theme,
                polarity=polarity,
                touchpoint=touchpoint,
                sentiment=_one_hot(row.sentiment, SENTIMENTS, empty.sentiment),
                contact=_one_hot(row.contact, CONTACT, empty.contact),
            )
        )
    return items


@torch.no_grad()
def stand_in(network: Network, items: Sequence[Item], padding: int) -> list[Item]:
    """The items with the network's own probabilities in place of unknown targets.

    Touchpoints count as much as the clause is likely to raise any theme. Polarities stay as they are,
    and so do clauses that no token of the window belongs to.
    """
    network.eval()
    filled = []
    for item in items:
        ids, mask, pool, _ = collate([item], padding)
        logits = {name: one[0].float().numpy() for name, one in network(ids, mask, pool).items()}
        believed = {name: (softmax if name in EXCLUSIVE else sigmoid)(one) for name, one in logits.items()}
        believed["flags"] = np.concatenate([believed["repeat"], believed["specific"]])
        believed["touchpoint"] = believed["touchpoint"] * believed["theme"].max(axis=1, keepdims=True)
        inside = np.asarray(item.pool.any(axis=1))[:, None]
        changed: dict[str, Any] = {}
        for name, own in believed.items():
            target = getattr(item, name, None)
            if target is None or name == "polarity":
                continue
            wanted = np.isnan(target) & inside if target.ndim == 2 else np.isnan(target)
            changed[name] = np.where(wanted, own, target).astype(np.float32)
        filled.append(replace(item, **changed))
    return filled
