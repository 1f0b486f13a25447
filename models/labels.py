"""The order of labels within each head of the model, taken from the taxonomy."""

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

THEMES = taxonomy.keys("themes")
POLARITIES = taxonomy.keys("polarities")
TOUCHPOINTS = taxonomy.keys("touchpoints")
SENTIMENTS = taxonomy.keys("sentiments")
EMOTIONS = taxonomy.keys("emotions")
CONTACT = taxonomy.keys("contact")
LOYALTY = taxonomy.keys("loyalty")
EFFORT = taxonomy.keys("effort")

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
