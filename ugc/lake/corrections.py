"""What a person says instead of the model, kept apart from tags so that it outlives re-tagging.

A correction holds for the text that it was made on. Those of one review are applied one after
the other in the order of their making. A correction with the same field and mention as an earlier
one replaces it; one without a value takes it back.
"""

from __future__ import annotations

import secrets
from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Any

import pyarrow as pa

from ugc.errors import InputError
from ugc.lake.commits import append
from ugc.lake.rows import rows_of
from ugc.lake.store import Store
from ugc.schema import CORRECTIONS
from ugc.taxonomy import keys

__all__ = ["MENTION_FIELDS", "REVIEW_FIELDS", "add", "apply", "in_force"]

REVIEW_FIELDS = {"sentiment": "sentiments", "contact": "contact"}
"""Fields of a whole review that a person may correct, with the kind of their labels."""

MENTION_FIELDS = {
    "theme": "themes",
    "polarity": "polarities",
    "touchpoint": "touchpoints",
    "removed": None,
    "added": "polarities",
}
"""Fields of a mention that a person may correct, with the kind of their labels: `removed` takes
the mention away, `added` adds one whose polarity is the value."""


def add(
    store: Store,
    review: str,
    field: str,
    value: str | None,
    *,
    start: int | None,
    end: int | None,
    theme: str | None,
    author: str | None,
    made_on: str | None = None,
) -> str:
    """Notes a correction; gives its id. See `Lake.add_correction`.

    Raises:
        InputError: the review, field, value or mention is not one there can be, or the text is not
            the one that `made_on` names.
        LakeError: the lake cannot be written.
    """
    table = store.open("reviews")
    with store.telling("reviews"):
        found = rows_of(store, table, "id", [review], ["id", "text", "text_hash"]).to_pylist()
    if not found:
        raise InputError(f"The lake holds no review {review}.", "Take its id from ugc lake export.")
    if made_on not in (None, found[0]["text_hash"]):
        raise InputError(f"The review {review} has another text by now.", "Read it again, then correct it.")
    _check(found[0]["text"], field, value, start, end, theme)
    row = {
        "id": secrets.token_hex(10),
        "review_id": review,
        "text_hash": found[0]["text_hash"],
        "field": field,
        "start": start,
        "end": end,
        "theme": theme,
        "value": value,
        "author": author,
        "made_at": datetime.now(UTC),
    }
    rows = pa.Table.from_pylist([row], schema=CORRECTIONS)

    store.change("corrections", lambda table, commit: append(table, rows, commit))
    return str(row["id"])


def _check(
    text: str, field: str, value: str | None, start: int | None, end: int | None, theme: str | None
) -> None:
    """Raises `InputError` unless the parts of a correction belong together."""
    of_review = field in REVIEW_FIELDS
    if not of_review and field not in MENTION_FIELDS:
        raise InputError(
            f"There is no field {field!r} to correct.",
            f"Known: {', '.join((*REVIEW_FIELDS, *MENTION_FIELDS))}.",
        )
    kind = REVIEW_FIELDS[field] if of_review else MENTION_FIELDS[field]
    if value is not None and kind is not None and value not in keys(kind):
        raise InputError(f"{value!r} is no {field}.", f"Known: {', '.join(keys(kind))}.")
    if of_review:
        if not (start is None and end is None and theme is None):
            raise InputError(f"The {field} belongs to the whole review.", "Leave out start, end and theme.")
        return
    if start is None or end is None or theme is None:
        raise InputError(f"The {field} belongs to a mention.", "Give its start, end and theme.")
    if not 0 <= start < end <= len(text):
        raise InputError(f"{start}…{end} is no part of the text.", f"It has {len(text)} characters.")
    if theme not in keys("themes"):
        raise InputError(f"{theme!r} is no theme.", f"Known: {', '.join(keys('themes'))}.")


def in_force(corrections: Iterable[dict[str, Any]]) -> list[dict[str, Any]]:
    """The corrections that hold, in the order of their making: the last of each field and mention."""
    last: dict[tuple[Any, ...], dict[str, Any]] = {}
    for one in sorted(corrections, key=lambda one: (one["made_at"], one["id"])):
        key = tuple(one[name] for name in ("review_id", "field", "start", "end", "theme"))
        last.pop(key, None)
        if one["value"] is not None:
            last[key] = one
    return list(last.values())


def apply(
    text: str, mentions: Iterable[dict[str, Any]], corrections: Iterable[dict[str, Any]], batch: str
) -> list[dict[str, Any]]:
    """The mentions of one review after its corrections in force, in the order of the text.

    Mentions are dictionaries of the columns of MENTIONS and are not changed. A correction meets
    the mention of its theme with the same span or, after another model drew the clause otherwise,
    the one that shares most with it and at least half of the longer of both. One that meets none
    rests. Where a person decided theme or polarity, the confidence is 1.
    """
    held = [dict(one) for one in mentions]
    for one in corrections:
        met = _meet(held, one["start"], one["end"], one["theme"])
        match one["field"], met:
            case "added", None:
                held.append(_added(text, held, one, batch))
            case (("added" | "polarity"), dict()):
                met.update(polarity=one["value"], confidence=1.0)
            case "theme", dict():
                held.remove(met)
                if _meet(held, met["start"], met["end"], one["value"]) is None:
                    held.append({**met, "theme": one["value"], "confidence": 1.0})
            case "touchpoint", dict():
                met["touchpoint"] = one["value"]
            case "removed", dict():
                held.remove(met)
    return sorted(held, key=lambda one: (one["start"], one["end"], one["n"]))


def _meet(held: list[dict[str, Any]], start: int, end: int, theme: str) -> dict[str, Any] | None:
    """The mention that a correction is about, or `None`."""

    def shared(one: dict[str, Any]) -> int:
        return int(min(one["end"], end) - max(one["start"], start))

    near = [
        one
        for one in held
        if one["theme"] == theme and 2 * shared(one) >= max(one["end"] - one["start"], end - start)
    ]
    exact = [one for one in near if (one["start"], one["end"]) == (start, end)]
    return next(iter(exact), None) or max(near, key=shared, default=None)


def _added(text: str, held: list[dict[str, Any]], correction: dict[str, Any], batch: str) -> dict[str, Any]:
    """A mention that only a person found."""
    start, end = correction["start"], correction["end"]
    return {
        "review_id": correction["review_id"],
        "batch": batch,
        "n": max((one["n"] for one in held), default=-1) + 1,
        "start": start,
        "end": end,
        "quote": text[start:end],
        "theme": correction["theme"],
        "polarity": correction["value"],
        "touchpoint": "none",
        "confidence": 1.0,
    }
