"""What people said about reviews instead of the model: partial labels, plain objects.

A correction is sure of one thing (this is no mention of speed; the sentiment is mixed) and silent
about all others, so whatever is not named here stays unknown.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from ugc.review import Mention, Tags

__all__ = ["Claim", "Corrected", "agreed"]


@dataclass(frozen=True, slots=True)
class Claim:
    """What a person said about one theme at one place of a text."""

    start: int
    end: int
    theme: str
    present: bool
    """Whether the theme is raised there."""
    polarity: str | None = None
    """`None` when nothing was said of it, or the theme is not there."""
    touchpoint: str | None = None


@dataclass(frozen=True, slots=True)
class Corrected:
    """One review with the corrections in force."""

    id: str
    text: str
    language: str | None
    sentiment: str | None
    contact: str | None
    claims: tuple[Claim, ...]
    corrections: int
    """How many corrections are in force for it."""


def _at(claim: Claim, mentions: Sequence[Mention]) -> list[Mention]:
    """Mentions of the theme where the claim is about it: half of the shorter of both is common."""
    return [
        one
        for one in mentions
        if one.theme == claim.theme
        and 2 * (min(one.end, claim.end) - max(one.start, claim.start))
        >= min(one.end - one.start, claim.end - claim.start)
    ]


def agreed(rows: Sequence[Corrected], tags: Sequence[Tags]) -> tuple[int, int]:
    """How many of the corrected things tags say as the person said, and how many there are."""
    right: list[bool] = []
    for row, one in zip(rows, tags, strict=True):
        if row.sentiment is not None:
            right.append(one.sentiment == row.sentiment)
        if row.contact is not None:
            right.append(one.contact == row.contact)
        for claim in row.claims:
            met = _at(claim, one.mentions)
            if not claim.present:
                right.append(not met)
                continue
            right.append(
                any(
                    claim.polarity in (None, mention.polarity)
                    and claim.touchpoint in (None, mention.touchpoint)
                    for mention in met
                )
            )
    return sum(right), len(right)
