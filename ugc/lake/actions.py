"""What a user did about the reviews: one row an action, added and taken away whole."""

from __future__ import annotations

import json
import secrets
from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime

import pyarrow as pa

from ugc.errors import InputError
from ugc.lake.commits import append, delete
from ugc.lake.store import Store
from ugc.schema import ACTIONS
from ugc.taxonomy import keys

__all__ = ["FIELDS", "LONGEST", "add", "remove"]

FIELDS = ("company", "product", "place", "city", "source")
"""Columns of reviews by which it is said whom an action concerns."""

LONGEST = 500
"""Characters that the words of an action may have."""


def add(
    store: Store,
    what: str,
    day: date,
    *,
    concerned: Mapping[str, Sequence[str | None]],
    theme: str | None,
    author: str | None,
) -> str:
    """Notes an action; gives its id, eight hexadecimal digits. See `Lake.add_action`.

    Raises:
        InputError: it has no words or too many, or a field or theme that there is not.
        LakeError: the lake cannot be written.
    """
    said = " ".join(what.split())
    if not said:
        raise InputError("The action has no words.", "Say in a few words what was done.")
    if len(said) > LONGEST:
        raise InputError(f"The action is told in {len(said)} characters.", f"Use {LONGEST} at most.")
    unknown = sorted(set(concerned) - set(FIELDS))
    if unknown:
        raise InputError(f"An action cannot be for a {unknown[0]}.", f"Known: {', '.join(FIELDS)}.")
    if theme is not None and theme not in keys("themes"):
        raise InputError(f"{theme!r} is no theme.", f"Known: {', '.join(keys('themes'))}.")
    chosen = {name: list(concerned[name]) for name in FIELDS if concerned.get(name)}
    row = {
        "id": secrets.token_hex(4),
        "what": said,
        "day": day,
        "filters": json.dumps(chosen, ensure_ascii=False),
        "theme": theme,
        "author": author or None,
        "made_at": datetime.now(UTC),
    }
    rows = pa.Table.from_pylist([row], schema=ACTIONS)
    store.change("actions", lambda table, commit: append(table, rows, commit))
    return str(row["id"])


def remove(store: Store, action: str) -> None:
    """Takes an action away; `InputError` when there is none of this id."""
    gone = pa.table({"id": pa.array([action], pa.string())})
    if not store.change("actions", lambda table, commit: delete(table, gone, "old.id = gone.id", commit)):
        raise InputError(f"The lake knows no action {action!r}.", "List them with: ugc actions list")
