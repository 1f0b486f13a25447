"""From probabilities to tags: thresholds, exact spans, neighbouring mentions joined."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from models.labels import CONTACT, EFFORT, EMOTIONS, LOYALTY, POLARITIES, SENTIMENTS, THEMES, TOUCHPOINTS
from models.merge import Logits
from ugc.review import Mention, Polarity, Sentiment, Tags
from ugc.text.clauses import Clause

__all__ = ["JOIN_GAP", "Thresholds", "decode"]

JOIN_GAP = 4
"""Characters that may lie between two clauses of one mention (a stop and a space)."""


@dataclass(frozen=True, slots=True)
class Thresholds:
    """Probabilities from which a label is shown, in the order of the labels.

    A mention is shown when the probability of its theme times that of its polarity reaches the
    threshold of the theme.
    """

    theme: tuple[float, ...]
    emotions: tuple[float, ...]
    loyalty: tuple[float, ...]
    repeat: float = 0.5
    specific: float = 0.5

    @classmethod
    def even(cls, value: float = 0.5) -> Thresholds:
        """One threshold for all labels."""
        return cls((value,) * len(THEMES), (value,) * len(EMOTIONS), (value,) * len(LOYALTY))

    @classmethod
    def from_manifest(cls, entry: dict[str, Any]) -> Thresholds:
        """Reads what `to_manifest` wrote; `KeyError` or `TypeError` when it is not that."""
        return cls(
            tuple(entry["theme"][name] for name in THEMES),
            tuple(entry["emotions"][name] for name in EMOTIONS),
            tuple(entry["loyalty"][name] for name in LOYALTY),
            float(entry["repeat"]),
            float(entry["specific"]),
        )

    def to_manifest(self) -> dict[str, Any]:
        """A form for JSON, by label."""
        return {
            "theme": dict(zip(THEMES, self.theme, strict=True)),
            "emotions": dict(zip(EMOTIONS, self.emotions, strict=True)),
            "loyalty": dict(zip(LOYALTY, self.loyalty, strict=True)),
            "repeat": self.repeat,
            "specific": self.specific,
        }


def _mentions(text: str, clauses: Sequence[Clause], p: Logits, thresholds: Thresholds) -> tuple[Mention, ...]:
    """Mentions in the order of the text; neighbours with one theme, polarity and touchpoint are one."""
    found: list[Mention] = []
    for i, clause in enumerate(clauses):
        touchpoint = TOUCHPOINTS[int(p["touchpoint"][i].argmax())]
        for t, theme in enumerate(THEMES):
            best = int(p["polarity"][i, t].argmax())
            confidence = float(p["theme"][i, t] * p["polarity"][i, t, best])
            if confidence < thresholds.theme[t]:
                continue
            polarity: Polarity = POLARITIES[best]  # type: ignore[assignment]
            start, end = clause.start, clause.end
            for k, one in enumerate(found):
                same = (one.theme, one.polarity, one.touchpoint) == (theme, polarity, touchpoint)
                if same and 0 <= start - one.end <= JOIN_GAP and "\n" not in text[one.end : start]:
                    start, confidence = one.start, max(confidence, one.confidence)
                    del found[k]
                    break
            found.append(
                Mention(start, end, text[start:end], theme, polarity, touchpoint, round(confidence, 4))
            )
    return tuple(sorted(found, key=lambda one: (one.start, one.end, THEMES.index(one.theme))))


def decode(text: str, clauses: Sequence[Clause], p: Logits, thresholds: Thresholds) -> Tags:
    """Tags of a text from the probabilities of its clauses and of the whole."""
    sentiment: Sentiment = SENTIMENTS[int(p["sentiment"].argmax())]  # type: ignore[assignment]
    contact = int(p["contact"].argmax())
    emotions = dict(zip(EMOTIONS, (round(float(x), 4) for x in p["emotions"]), strict=True))
    loyalty = zip(LOYALTY, p["loyalty"], thresholds.loyalty, strict=True)
    return Tags(
        sentiment=sentiment,
        sentiment_probabilities={
            name: round(float(x), 4) for name, x in zip(SENTIMENTS, p["sentiment"], strict=True)
        },
        emotions=tuple(
            name for name, low in zip(EMOTIONS, thresholds.emotions, strict=True) if emotions[name] >= low
        ),
        emotion_probabilities=emotions,
        contact=CONTACT[contact],
        contact_confidence=round(float(p["contact"][contact]), 4),
        loyalty=tuple(name for name, x, low in loyalty if x >= low),
        effort=EFFORT[int(p["effort"].argmax())],
        repeat=bool(p["repeat"][0] >= thresholds.repeat),
        specific=bool(p["specific"][0] >= thresholds.specific),
        mentions=_mentions(text, clauses, p, thresholds),
    )
