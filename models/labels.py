"""The order of labels within each head of the model, taken from the taxonomy as it is shipped."""

from __future__ import annotations

from ugc import taxonomy

__all__ = [
    "CLAUSE_HEADS",
    "CONTACT",
    "EFFORT",
    "EMOTIONS",
    "LOYALTY",
    "POLARITIES",
    "REVIEW_HEADS",
    "SENTIMENTS",
    "THEMES",
    "TOUCHPOINTS",
    "head_labels",
]


def _shipped(kind: str) -> tuple[str, ...]:
    """Keys of a kind; what a lake adds to them no model has learned."""
    return tuple(one.key for one in taxonomy.shipped(kind))


THEMES = _shipped("themes")
POLARITIES = _shipped("polarities")
TOUCHPOINTS = _shipped("touchpoints")
SENTIMENTS = _shipped("sentiments")
EMOTIONS = _shipped("emotions")
CONTACT = _shipped("contact")
LOYALTY = _shipped("loyalty")
EFFORT = _shipped("effort")

CLAUSE_HEADS: dict[str, int] = {
    "theme": len(THEMES),
    "polarity": len(THEMES) * len(POLARITIES),
    "touchpoint": len(TOUCHPOINTS),
}
"""Heads that answer for a clause, with the width of each; polarity is one softmax a theme."""

REVIEW_HEADS: dict[str, int] = {
    "sentiment": len(SENTIMENTS),
    "emotions": len(EMOTIONS),
    "contact": len(CONTACT),
    "loyalty": len(LOYALTY),
    "effort": len(EFFORT),
    "repeat": 1,
    "specific": 1,
}
"""Heads that answer for the whole review, with the width of each."""


def head_labels() -> dict[str, list[str]]:
    """Labels of every head in their order, as written into a bundle's manifest."""
    return {
        "theme": list(THEMES),
        "polarity": list(POLARITIES),
        "touchpoint": list(TOUCHPOINTS),
        "sentiment": list(SENTIMENTS),
        "emotions": list(EMOTIONS),
        "contact": list(CONTACT),
        "loyalty": list(LOYALTY),
        "effort": list(EFFORT),
        "repeat": ["repeat"],
        "specific": ["specific"],
    }
