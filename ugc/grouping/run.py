"""One run of the grouping over the lake: what no run has looked at goes to a reason, or to none.

Every step writes what it has done, and each begins with what the lake says is still to do. So a run
that is killed loses at most a chunk, and the next goes on. Old assignments never move: a mention that
has a reason keeps it, whatever comes later, except that a reason may be merged into another.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import groupby
from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa

from ugc.grouping import reading
from ugc.grouping.assign import Cell, decode, nearest, points, unpack
from ugc.grouping.found import FoundReason, anew, first, further, spread
from ugc.grouping.open import LEAST, SAMPLE
from ugc.grouping.reading import Key
from ugc.grouping.refresh import refresh
from ugc.lake.grouping import ends
from ugc.schema import GROUPED, REASONS

if TYPE_CHECKING:
    from ugc.lake import Lake, Snapshot

__all__ = ["GroupSummary", "Progress", "group_lake"]

Progress = Callable[[int, int], None]
"""Called with the mentions looked at so far and those to look at in all."""

TOLERATED = 0.35
"""Share of a cell that may belong to no reason; where it is more, further reasons are sought."""

TAKEN = 0.12
"""Old mentions without a reason that an update may put under new reasons, for each mention that it brings."""

TAKEN_ALWAYS = 0.002
"""Share of all mentions that it may put there however few it brings, so that slow things come up too."""

ROUNDS = 3
"""Times that names and merges are looked at in a run: a reason that took others in may be named anew."""

CHUNK = 50_000
"""Mentions in one commit."""


@dataclass(frozen=True, slots=True)
class GroupSummary:
    """What a run did, and how the lake stands after it.

    Attributes:
        looked_at: mentions that this run looked at for the first time (all of them when anew).
        opened: reasons that it opened.
        merged: reasons that it merged into others.
        renamed: reasons that got a name and a quote, or new ones.
        reasons: reasons that there are, without merged ones.
        mentions: mentions that have been looked at.
        unassigned: those of them that belong to no reason.
        without_vector: mentions that could not be looked at, for their clauses have no vectors yet.
        seconds: how long it took.
    """

    looked_at: int
    opened: int
    merged: int
    renamed: int
    reasons: int
    mentions: int
    unassigned: int
    without_vector: int
    seconds: float

    @property
    def share_unassigned(self) -> float | None:
        """Share of the mentions looked at that belong to no reason; `None` without any."""
        return self.unassigned / self.mentions if self.mentions else None


def group_lake(
    lake: Lake, *, again: bool = False, progress: Progress | None = None, chunk: int = CHUNK
) -> GroupSummary:
    """Groups the mentions that no run has looked at.

    Args:
        lake: where mentions with their vectors are read and reasons are written.
        again: groups all mentions from scratch; a reason that is found again keeps its id, one that
            is not is merged into the nearest.
        progress: called after each chunk.
        chunk: mentions in one commit.

    Raises:
        LakeError: the lake cannot be read or written.
    """
    began = time.monotonic()
    which = reading.EVERY if again else reading.NEW
    with lake.snapshot() as snapshot:
        before = reading.cells(snapshot)
        new = any(one["new"] for one in before.values())
        due = reading.ready(snapshot, which) if again or new else {}
        if not due and not reading.unnamed(snapshot):
            return _summary(snapshot, (0, 0, 0, 0), began)
        opened, merged = _begin(lake, snapshot, list(due), again)
    loose: set[int] = set()
    looked = _assign(lake, which, sum(due.values()), chunk, progress, loose=loose)
    if looked and not again:
        opened += _open(lake, list(due), chunk, looked, loose)
    renamed, left = 0, ROUNDS
    while left:
        done = refresh(lake)
        renamed, merged = renamed + done.renamed, merged + done.merged
        left = left - 1 if done.merged else 0
    with lake.snapshot() as snapshot:
        return _summary(snapshot, (looked, opened, merged, renamed), began)


def _summary(snapshot: Snapshot, did: tuple[int, int, int, int], began: float) -> GroupSummary:
    """How the lake stands after a run that `did` look at, open, merge and rename so many."""
    after = reading.cells(snapshot).values()
    total = {name: sum(one[name] for one in after) for name in ("mentions", "new", "unassigned")}
    looked, opened, merged, renamed = did
    return GroupSummary(
        looked_at=looked,
        opened=opened,
        merged=merged,
        renamed=renamed,
        reasons=reading.standing(snapshot),
        mentions=total["mentions"] - total["new"],
        unassigned=total["unassigned"],
        without_vector=total["new"],
        seconds=time.monotonic() - began,
    )


def _reasons(snapshot: Snapshot) -> list[dict[str, Any]]:
    """All reasons as they are kept."""
    rows: list[dict[str, Any]] = snapshot.sql("SELECT * FROM reasons ORDER BY id").to_pylist()
    return rows


def _kept(rows: Iterable[dict[str, Any]]) -> tuple[dict[Key, Cell], dict[str, str]]:
    """The centroids of each cell, merged ones too, and the reason that each has become.

    What a merged reason drew goes on being drawn, to the reason that took it in.
    """
    listed = sorted(rows, key=lambda row: (row["model"], row["theme"], row["polarity"], row["id"]))
    kept = {}
    for key, group in groupby(listed, lambda row: Key(row["model"], row["theme"], row["polarity"])):
        own = list(group)
        kept[key] = unpack([row["id"] for row in own], [row["centroid"] for row in own])
    return kept, ends((row["id"], row["merged_into"]) for row in listed)


def _rows(found: Iterable[FoundReason], opened: Mapping[str, datetime] | None = None) -> pa.Table:
    """Reasons that were found, as rows of REASONS without name and quote; some were `opened` before."""
    now = datetime.now(UTC)
    before = opened or {}
    return pa.Table.from_pylist([one.row(now, before.get(one.id)) for one in found], schema=REASONS)


def _tabbed(key: Key) -> str:
    """Theme and polarity of a cell in one string, as `reading.IN` wants them."""
    return f"{key.theme}\t{key.polarity}"


def _begin(lake: Lake, snapshot: Snapshot, due: list[Key], again: bool) -> tuple[int, int]:
    """Finds the first reasons of those cells that have none, of all of them when anew; (opened, merged)."""
    rows = _reasons(snapshot)
    kept, _ = _kept(rows)
    bare = [key for key in due if again or key not in kept]
    if not bare:
        return 0, 0
    known = {} if again else {key.model: cell.frame[-1] for key, cell in kept.items()}
    # Spreads come from all cells of a model at once; where they are kept, the bare cells alone are read.
    narrow = [] if any(key.model not in known for key in bare) else [_tabbed(key) for key in bare]
    drawn = (
        reading.sample(snapshot, reading.IN, SAMPLE, cells=narrow)
        if narrow
        else reading.sample(snapshot, reading.EVERY, SAMPLE)
    )
    even = {
        model: known[model] if model in known else spread(drawn[key] for key in drawn if key.model == model)
        for model in {key.model for key in drawn}
    }
    taken = {row["id"] for row in rows}
    there = [key for key in bare if key in drawn]
    if not again:
        opened = [one for key in there for one in first(key, drawn[key], even[key.model], taken)]
        lake.write_grouping(_rows(opened), GROUPED.empty_table())
        return len(opened), 0
    old = {row["id"]: row for row in rows}
    opened, changed = [], []
    for key in there:
        new, retired = anew(key, drawn[key], even[key.model], kept.get(key), old, taken)
        opened += new
        changed += retired
    when = {one: row["opened_at"] for one, row in old.items()}
    table = pa.concat_tables([_rows(opened, when), pa.Table.from_pylist(changed, schema=REASONS)])
    lake.write_grouping(table, GROUPED.empty_table())
    merged = sum(row["merged_into"] is not None for row in changed)
    return sum(one.id not in old for one in opened), merged


def _lot(review: str, start: int, end: int) -> int:
    """A number that stands for a clause while the process runs."""
    return hash((review, start, end))


def _assign(
    lake: Lake,
    which: str,
    total: int,
    chunk: int,
    progress: Progress | None,
    *,
    loose: set[int] | None = None,
    **params: Any,
) -> int:
    """Writes for each mention that a condition chooses the reason it goes to; gives their number.

    Those that go to none are added to `loose`.
    """
    if not total:
        return 0
    done = 0
    with lake.snapshot() as snapshot:
        kept, became = _kept(_reasons(snapshot))
        for batch in _chunks(reading.stream(snapshot, which, **params), chunk):
            grouped = _grouped(batch, kept, became)
            lake.write_grouping(REASONS.empty_table(), grouped)
            if loose is not None:
                left = grouped.filter(grouped["reason"].is_null())
                loose.update(map(_lot, *(left[name].to_pylist() for name in ("review_id", "start", "end"))))
            done += batch.num_rows
            if progress:
                progress(done, max(total, done))
    return done


def _chunks(batches: Iterator[pa.RecordBatch], size: int) -> Iterator[pa.Table]:
    """Batches put together until there are about `size` rows."""
    held: list[pa.RecordBatch] = []
    rows = 0
    for batch in batches:
        for start in range(0, batch.num_rows, size):
            part = batch.slice(start, size)
            held.append(part)
            rows += part.num_rows
            if rows >= size:
                yield pa.Table.from_batches(held)
                held, rows = [], 0
    if rows:
        yield pa.Table.from_batches(held)


def _grouped(batch: pa.Table, kept: dict[Key, Cell], became: dict[str, str]) -> pa.Table:
    """Mentions as rows of GROUPED, each with its nearest reason or none."""
    keys = [batch[name].to_pylist() for name in ("model", "theme", "polarity")]
    places: dict[Key, list[int]] = {}
    for place, values in enumerate(zip(*keys, strict=True)):
        places.setdefault(Key(*values), []).append(place)
    vectors, languages = batch["vector"].to_pylist(), batch["language"].to_pylist()
    reasons: list[str | None] = [None] * batch.num_rows
    near = np.full(batch.num_rows, np.nan, np.float32)
    for key, own in places.items():
        cell = kept.get(key)
        if cell is None:
            continue
        at = points(decode([vectors[i] for i in own]), [languages[i] for i in own], cell.frame)
        found, value = nearest(at, cell.centroids, LEAST)
        near[own] = value
        for place, one in zip(own, found.tolist(), strict=True):
            if one >= 0:
                reasons[place] = became[cell.ids[one]]
    given = {
        "reason": pa.array(reasons, pa.string()),
        "similarity": pa.array(near, pa.float32(), mask=np.isnan(near)),
    }
    columns = [given[name] if name in given else batch[name] for name in GROUPED.names]
    return pa.table(columns, schema=GROUPED)


def _open(lake: Lake, touched: list[Key], chunk: int, looked: int, loose: set[int]) -> int:
    """Opens reasons among what belongs to none, in cells where more has come; gives their number.

    Args:
        lake: where they are written.
        touched: the cells.
        chunk: mentions in one commit.
        looked: mentions that this run has looked at.
        loose: those of them that belong to none, by `_lot`; others were there before, and only some of
            them may change.
    """
    with lake.snapshot() as snapshot:
        now = reading.cells(snapshot)
        rows = _reasons(snapshot)
        kept, _ = _kept(rows)
        pools = reading.sample(snapshot, reading.LEFT, SAMPLE)
    taken = {row["id"] for row in rows}
    found: list[tuple[float, float, FoundReason]] = []
    for key in touched:
        if key not in kept or key not in pools:
            continue
        looked_at = now[key]["mentions"] - now[key]["new"]
        if now[key]["unassigned"] > TOLERATED * looked_at:
            new = further(key, pools[key], kept[key], taken, **now[key])
            found += zip(
                *_weighed(pools[key], new, kept[key], loose, now[key]["unassigned"]), new, strict=True
            )
    may = max(TAKEN * looked, TAKEN_ALWAYS * sum(one["mentions"] for one in now.values()))
    opened = []
    for _, old, one in sorted(found, key=lambda one: (-one[0], one[2].id)):
        if old <= may:
            opened.append(one)
            may -= old
    if not opened:
        return 0
    lake.write_grouping(_rows(opened), GROUPED.empty_table())
    cells = sorted({_tabbed(one.key) for one in opened})
    _assign(lake, f"{reading.LEFT} AND {reading.IN}", 1, chunk, None, cells=cells)
    return len(opened)


def _weighed(
    pool: reading.Sampled, new: list[FoundReason], cell: Cell, loose: set[int], unassigned: int
) -> tuple[list[float], list[float]]:
    """Of each reason that would open, the share of its mentions that are new, and the number of old ones."""
    if not new:
        return [], []
    at = points(decode(pool.vectors), pool.languages, cell.frame)
    places, _ = nearest(at, np.stack([one.centroid for one in new]), LEAST)
    fresh = np.asarray([_lot(row["review_id"], row["start"], row["end"]) in loose for row in pool.rows])
    counts = [(int((places == n).sum()), int(((places == n) & fresh).sum())) for n in range(len(new))]
    times = unassigned / len(pool.rows)
    return [own / max(count, 1) for count, own in counts], [(count - own) * times for count, own in counts]
