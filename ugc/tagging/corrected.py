"""Reviews that a person corrected, read from the lake as what a model can learn from."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import Any

from models.corrected import Claim, Corrected
from models.labels import THEMES
from ugc.lake import Snapshot
from ugc.lake.corrections import in_force

__all__ = ["read_corrected"]

_QUERY = """
SELECT c.*, r.text, r.language
FROM corrections c JOIN reviews r ON r.id = c.review_id
WHERE c.text_hash IS NULL OR c.text_hash = r.text_hash
"""


def _claims(corrections: Iterable[dict[str, Any]]) -> tuple[Claim, ...]:
    """What the corrections of one review say of its mentions, applied one after the other.

    Whoever corrects the polarity or the touchpoint of a mention thereby says that its theme is
    right; whoever names another theme says that the first is wrong and the other right. Themes of
    one's own are left out: no model learns them.
    """
    held: dict[tuple[int, int, str], Claim] = {}
    for one in corrections:
        start, end, theme = one["start"], one["end"], one["theme"]
        before = held.get((start, end, theme), Claim(start, end, theme, True))
        match one["field"]:
            case "added" | "polarity":
                after = replace(before, present=True, polarity=one["value"])
            case "touchpoint":
                after = replace(before, present=True, touchpoint=one["value"])
            case "theme":
                after = Claim(start, end, theme, False)
                held[start, end, one["value"]] = replace(before, theme=one["value"], present=True)
            case _:
                after = Claim(start, end, theme, False)
        held[start, end, theme] = after
    return tuple(one for one in held.values() if one.theme in THEMES)


def read_corrected(snapshot: Snapshot) -> list[Corrected]:
    """Every review of the lake with corrections in force for its text, in the order of their ids.

    Raises:
        LakeError: files of this state are gone or damaged.
    """
    rows = snapshot.raw(_QUERY).to_pylist()
    by_review: dict[str, list[dict[str, Any]]] = {}
    for one in in_force(rows):
        by_review.setdefault(one["review_id"], []).append(one)
    found = []
    for review, own in sorted(by_review.items()):
        whole = {one["field"]: one["value"] for one in own if one["start"] is None}
        claims = _claims(one for one in own if one["start"] is not None)
        text, language = own[0]["text"], own[0]["language"]
        found.append(
            Corrected(review, text, language, whole.get("sentiment"), whole.get("contact"), claims, len(own))
        )
    return found
