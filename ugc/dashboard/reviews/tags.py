"""What a card says of a review in short: a chip for each theme and polarity, and for the whole review."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from ugc.dashboard.look.formats import formats
from ugc.dashboard.look.words import words
from ugc.insight import ReviewView
from ugc.insight.reviews.corrections import Correction, Corrections
from ugc.review import Mention

__all__ = ["NOBODY", "TONES", "Chip", "by_person", "chips_of", "readings", "verdict"]

TONES = {"positive": "praise", "negative": "blame", "mixed": "both", "neutral": "raised"}
"""Class of a chip by what it says."""

NOBODY = Corrections()
"""Nobody corrected anything."""

_READING = {"theme", "polarity", "added"}
"""Fields of a correction after which theme and polarity of a mention are what a person says."""


@dataclass(frozen=True, slots=True)
class Chip:
    """A short tag of a review."""

    text: str
    tone: str = "plain"
    by: str = ""
    """Who corrected it, and when; empty where nobody did."""
    mentions: tuple[int, ...] = ()
    """Numbers of the mentions that it stands for; none for a tag of the whole review."""


def by_person(one: Correction, language: str) -> str:
    """Who corrected a tag, and when."""
    day = formats(language).day(one.made_at)
    if one.author:
        return words(language)("correct.by_named", author=one.author, day=day)
    return words(language)("correct.by", day=day)


def _hand(one: Correction | None, language: str) -> str:
    return by_person(one, language) if one else ""


def readings(one: ReviewView, made: Corrections) -> Mapping[Mention, Correction]:
    """The last correction of theme or polarity of each mention that has one."""
    last: dict[Mention, Correction] = {}
    for mention, chain in zip(one.mentions, made.mentions, strict=False):
        for each in chain:
            if each.field in _READING:
                last[mention] = each
    return last


def verdict(one: ReviewView, language: str, made: Corrections) -> Chip | None:
    """The sentiment of the review; `None` where the model read none."""
    if one.tags is None or not one.tags.sentiment:
        return None
    sentiment = one.tags.sentiment
    hand = _hand(made.whole.get("sentiment"), language)
    return Chip(words(language).name("sentiments", sentiment), TONES[sentiment], hand)


def _raised(one: ReviewView, language: str, made: Corrections) -> list[Chip]:
    """The themes, each once for every polarity, in the order of the text."""
    by = readings(one, made)
    numbers: dict[tuple[str, str], list[int]] = {}
    hands: dict[tuple[str, str], Correction | None] = {}
    for number, mention in enumerate(one.mentions):
        key = mention.theme, mention.polarity
        numbers.setdefault(key, []).append(number)
        hands[key] = by.get(mention) or hands.get(key)
    name = words(language).name
    return [
        Chip(name("themes", key[0]), TONES[key[1]], _hand(hands[key], language), tuple(found))
        for key, found in numbers.items()
    ]


def chips_of(one: ReviewView, language: str, made: Corrections) -> list[Chip]:
    """What the model reads in the review, themes first; a review it has not read says so."""
    word, tags = words(language), one.tags
    if tags is None:
        return [Chip(word("card.untagged"), "raised")] if one.text.strip() else []
    found = _raised(one, language, made)
    if tags.contact:
        hand = _hand(made.whole.get("contact"), language)
        found.append(Chip(word.name("contact", tags.contact), by=hand))
    found += [Chip(word.name("emotions", key)) for key in tags.emotions]
    found += [Chip(word.name("loyalty", key)) for key in tags.loyalty]
    if tags.effort in ("high", "low"):
        found.append(Chip(word.name("effort", tags.effort)))
    if tags.repeat:
        found.append(Chip(word("card.repeat")))
    return found
