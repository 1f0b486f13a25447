"""Which of several exports tells the latest state of a review.

Monthly exports repeat a review when it was edited. Within one import the row edited last counts. An
export imported later must not bring back what a newer one has replaced: an export that holds an edit
of 30 July was made on that day or after, so a review read from it is newer than one from an export
whose last edit is of June. When each review was last edited, the lake does not know; the run of an
import keeps the last edit of its file.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import datetime

from ugc.ingest.identity import slug
from ugc.ingest.plan import Plan
from ugc.lake import Lake

__all__ = ["kept_newer", "mark", "outdone"]

_EDITED = "edited"


def outdone(plans: Sequence[Plan], sources: Sequence[str]) -> list[frozenset[int]]:
    """For each file the rows of which another file holds a later edit.

    Of equal edits the one in the file with the latest edit counts, else in the later file: an answer
    does not count as an edit. `sources` are the sources of rows that name none.
    """
    best: dict[tuple[str, str], tuple[datetime, datetime, int, int]] = {}
    lost: list[set[int]] = [set() for _ in plans]
    if len(plans) > 1:
        for place, (plan, source) in enumerate(zip(plans, sources, strict=True)):
            last = plan.edited
            for (named, review), (edited, row) in plan.editions.items():
                if last is None:
                    break
                key = (slug(named) if named else source, review)
                mine, other = (edited, last, place, row), best.get(key)
                if other is None or other[:3] < mine[:3]:
                    best[key], loser = mine, other
                else:
                    loser = mine
                if loser is not None:
                    lost[loser[2]].add(loser[3])
    return [frozenset(rows) for rows in lost]


def mark(plan: Plan) -> str | None:
    """What the run of an import keeps of its file: the last edit of an export that is known."""
    if plan.export is None or plan.edited is None:
        return None
    return json.dumps({_EDITED: plan.edited.isoformat()})


def kept_newer(lake: Lake, plan: Plan) -> frozenset[str]:
    """Ids of the reviews that the lake holds from an export with a later edit than this one's last.

    For a run that was killed, the mark of another run of the same file stands in.
    """
    if plan.export is None or plan.edited is None:
        return frozenset()
    runs = [run for run in lake.runs().to_pylist() if run["kind"] == "import"]
    marks = {run["id"]: _marked(run["cursor"]) for run in runs}
    of_file: dict[str, datetime] = {}
    for run in runs:
        if found := marks[run["id"]]:
            of_file[run["target"]] = max(found, of_file.get(run["target"], found))
    newer = [
        run["id"]
        for run in runs
        if (last := marks[run["id"]] or of_file.get(run["target"])) and last > plan.edited
    ]
    if not newer:
        return frozenset()
    with lake.snapshot() as snapshot:
        kept = snapshot.sql("SELECT id FROM reviews WHERE list_contains(?, run_id)", [newer])
    return frozenset(kept["id"].to_pylist())


def _marked(cursor: str | None) -> datetime | None:
    """The last edit that the run of an import keeps."""
    edited = json.loads(cursor).get(_EDITED) if cursor else None
    return datetime.fromisoformat(edited) if edited else None
