"""Runs: what was imported, collected or tagged, when, and how it ended."""

from __future__ import annotations

import json
import secrets
from datetime import UTC, datetime
from typing import Literal

import pyarrow as pa
from deltalake import CommitProperties, DeltaTable

from ugc.errors import LakeError
from ugc.lake.commits import append, put
from ugc.lake.rows import rows_of
from ugc.lake.store import Store
from ugc.schema import RUNS

__all__ = ["Kind", "State", "finish", "note", "noted", "start"]

Kind = Literal["import", "collect", "reparse", "tag"]

State = Literal["complete", "partial", "failed"]

_RUN, _CURSOR = "ugc.run", "ugc.cursor"


def start(store: Store, kind: Kind, source: str | None, target: str | None) -> str:
    """Notes that a run begins; gives its id, which sorts by time."""
    now = datetime.now(UTC)
    run = f"{now:%Y%m%dT%H%M%S}-{secrets.token_hex(4)}"
    row = {
        "id": run,
        "kind": kind,
        "source": source,
        "target": target,
        "started_at": now,
        "state": "running",
    }
    rows = pa.Table.from_pylist([row], schema=RUNS)
    store.change("runs", lambda table, commit: append(table, rows, commit))
    return run


def finish(
    store: Store,
    run: str,
    state: State,
    reason: str | None,
    counts: dict[str, int],
    cursor: str | None,
    span: tuple[datetime | None, datetime | None] = (None, None),
) -> None:
    """Notes how a run ended; `LakeError` when the lake knows no such run."""
    numbers = json.dumps(counts, ensure_ascii=False, sort_keys=True)

    def work(table: DeltaTable, commit: CommitProperties) -> None:
        found = rows_of(store, table, "id", [run], RUNS.names).to_pylist()
        if not found:
            raise LakeError(f"The lake knows no run {run}.", "List the runs with: ugc runs")
        end = {
            "finished_at": datetime.now(UTC),
            "state": state,
            "reason": reason,
            "counts": numbers,
            "cursor": cursor,
            "oldest": span[0],
            "newest": span[1],
        }
        rows = pa.Table.from_pylist([{**found[0], **end}], schema=RUNS)
        put(table, rows, ("id",), commit)

    store.change("runs", work)


def note(run: str, cursor: str) -> dict[str, str]:
    """What goes into the log of the reviews with rows of a run: how far its source has been read."""
    return {_RUN: run, _CURSOR: cursor}


def noted(store: Store, run: str) -> str | None:
    """The last cursor that was written together with reviews of a run, if the log still has it."""
    return next((str(one[_CURSOR]) for one in store.notes("reviews", _RUN) if one[_RUN] == run), None)
