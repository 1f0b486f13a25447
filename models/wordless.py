"""Texts without a single letter: emoji still say whether the writer is pleased."""

from __future__ import annotations

import re

from ugc.review import Sentiment, Tags

__all__ = ["has_words", "tags_without_words"]

_LETTER = re.compile(r"[^\W\d_]")
_GLAD = frozenset("😀😃😄😁😆😊🙂😍🥰😘🤩😎🤗👍👏🙏💪❤💖💕💯🔥✨🎉🌟⭐🏆😻💐🌹👌✅🥳😇💙💚🧡💛💜🤝😋🫶☺♥")
_SORRY = frozenset("😡😠🤬👎😤😢😭😞😔😟🙁☹😣😖😫😩😒🤮🤢💩😱😨😰😥💔🖕❌⛔🤦🤡😕😑🙄👿😾")


def has_words(text: str) -> bool:
    """Whether a text holds a letter of any script."""
    return _LETTER.search(text) is not None


def tags_without_words(text: str) -> Tags | None:
    """Tags of a text that holds no letter, or `None` when it holds one.

    Emoji alone still say whether the writer is pleased; anything else is named as untaggable.
    """
    if has_words(text):
        return None
    if not text.strip():
        return Tags(untaggable="empty")
    glad = sum(character in _GLAD for character in text)
    sorry = sum(character in _SORRY for character in text)
    if not glad + sorry:
        return Tags(untaggable="no words")
    share = (glad + 0.5) / (glad + sorry + 1)
    sentiment: Sentiment = "positive" if share > 0.6 else "negative" if share < 0.4 else "mixed"
    odds = {
        "positive": round(0.9 * share, 4),
        "negative": round(0.9 * (1 - share), 4),
        "mixed": 0.05,
        "neutral": 0.05,
    }
    if sentiment == "mixed":
        odds = {"positive": 0.1, "negative": 0.1, "mixed": 0.7, "neutral": 0.1}
    return Tags(sentiment=sentiment, sentiment_probabilities=odds)
