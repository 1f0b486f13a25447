"""The actions that users noted: what was done, since when, and for whom."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from ugc.errors import LakeError
from ugc.insight.choice.filters import DIMENSIONS, Filters

if TYPE_CHECKING:
    from ugc.lake import Snapshot

__all__ = ["Action", "actions"]

_FIELDS = {column: field for field, column in DIMENSIONS.items()}


@dataclass(frozen=True)
class Action:
    """What was done, since when, and for whom."""

    id: str
    what: str
    day: date
    concerned: Filters
    """The reviews it is for; all of them when empty."""
    theme: str | None
    """What it was meant to better; the whole when `None`."""
    author: str | None
    made_at: datetime


def _action(row: dict[str, Any]) -> Action:
    """One row of the table of actions; `LakeError` when another program wrote it in its own way."""
    chosen = json.loads(row["filters"])
    if not set(chosen) <= set(_FIELDS):
        raise LakeError(
            f"The action {row['id']} is for something that this program does not know.",
            "Take it away with ugc actions remove, and add it again.",
        )
    concerned: dict[str, Any] = {_FIELDS[name]: tuple(values) for name, values in chosen.items()}
    kept = {name: row[name] for name in ("id", "what", "day", "theme", "author", "made_at")}
    return Action(concerned=Filters(**concerned), **kept)


def actions(snapshot: Snapshot) -> tuple[Action, ...]:
    """All actions of the lake, the earliest day first."""
    rows = snapshot.sql("SELECT * FROM actions ORDER BY day, made_at, id").to_pylist()
    return tuple(_action(row) for row in rows)
