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

__all__ = ["Kind", "State", "finish", "start"]

Kind = Literal["import", "collect", "tag"]

State = Literal["complete", "partial", "failed"]


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
    store: Store, run: str, state: State, reason: str | None, counts: dict[str, int], cursor: str | None
) -> None:
    """Notes how a run ended; `LakeError` when the lake knows no such run."""
    numbers = json.dumps(counts, ensure_ascii=False, sort_keys=True)

    def work(table: DeltaTable, commit: CommitProperties) -> None:
        found = rows_of(store, table, "id", [run], RUNS.names).to_pylist()
        if not found:
            raise LakeError(f"The lake knows no run {run}.", "List the runs with: ugc runs")
        end = {"finished_at": datetime.now(UTC), "state": state, "reason": reason}
        rows = pa.Table.from_pylist([{**found[0], **end, "counts": numbers, "cursor": cursor}], schema=RUNS)
        put(table, rows, "id", commit)

    store.change("runs", work)
