"""One model of the hub as we ask it: texts in, probabilities of our classes out.

The windows of a text are merged by the rule of `models.merge`. Sentiment: the mean of the windows'
logits, weighted by tokens. Emotions: the largest probability of any window, because an emotion
that occurs anywhere occurs in the text.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from models.calibration import sigmoid, softmax
from models.hub.labels import CLASSES, LabelMap
from models.hub.windows import Framer

if TYPE_CHECKING:
    from models.hub.network import Network

__all__ = ["SHOWN", "Classifier"]

SHOWN = 0.5
"""Probability from which an emotion is shown: likelier than not, than all others together."""


class Classifier:
    """A loaded model with the map of its labels."""

    def __init__(self, network: Network, labels: LabelMap, threads: int | None = None) -> None:
        self.labels = labels
        self._network = network
        self._threads = threads
        self._framer = Framer(network.name, network.tokenizer, network.positions)

    @property
    def notes(self) -> tuple[str, ...]:
        """What a user should know: who reads what, what it never says, and what is dropped."""
        name, kind = self._network.name, self.labels.kind
        found = [f"{kind.capitalize()} is read by {name}: {', '.join(self.labels.known)}."]
        if self.labels.unknown:
            found.append(f"It never says: {', '.join(self.labels.unknown)}.")
        if self.labels.dropped:
            found.append(f"Its labels without a counterpart are dropped: {', '.join(self.labels.dropped)}.")
        return tuple(found)

    def read(self, texts: Sequence[str], languages: Sequence[str]) -> list[dict[str, float] | None]:
        """Probability by class for each text, in order; `None` where most tokens are unknown to it.

        Args:
            texts: any strings.
            languages: ISO code of each.

        Raises:
            ModelError: the model's answers are not numbers.
        """
        framed = self._framer.windows(texts, languages)
        logits = self._network.logits([window for own in framed for window in own], self._threads)
        found: list[dict[str, float] | None] = []
        at = 0
        for own in framed:
            rows = logits[at : at + len(own)]
            at += len(own)
            found.append(self._merged(rows, [window.weight for window in own]) if own else None)
        return found

    def _merged(self, logits: npt.NDArray[np.float32], weights: Sequence[int]) -> dict[str, float]:
        """Probability by class from the logits (windows, labels) of one text."""
        if self.labels.kind == "sentiment":
            mean = np.average(logits, axis=0, weights=weights).astype(np.float32)
            p = self._ours(mean)
            p /= max(float(p.sum()), 1e-9)
        else:
            p = self._ours(logits).max(axis=0)
        return {
            name: round(min(float(one), 1.0), 4)
            for name, one in zip(CLASSES[self.labels.kind], p, strict=True)
        }

    def _ours(self, logits: npt.NDArray[np.float32]) -> npt.NDArray[np.float32]:
        """Probabilities of our classes from logits of the model's labels, over the last axis."""
        exclusive = not self._network.multi_label
        return self.labels.gather(softmax(logits) if exclusive else sigmoid(logits), exclusive=exclusive)
