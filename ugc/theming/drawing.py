"""Themes found by their examples in all that is tagged: the clauses that are like them are written down."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import TYPE_CHECKING

import pyarrow as pa
import pyarrow.compute as pc

from ugc.lake.labels import Edit, name_drawing
from ugc.schema import LIKENED
from ugc.theming.compared import Progress, compared
from ugc.theming.measure import Measure, clauses_of, measure

if TYPE_CHECKING:
    from ugc.lake import Lake, Snapshot
    from ugc.tagging import VectorReader

__all__ = ["draw", "drawn", "lay"]

CHUNK = 50_000
"""Clauses in one commit."""


def _alike(
    snapshot: Snapshot, by: Measure, theme: str, drawing: str, threshold: float, progress: Progress | None
) -> Iterator[pa.RecordBatch]:
    """Rows of LIKENED for the clauses that are like the examples."""
    total, done = clauses_of(snapshot).get(by.model, 0), 0
    for rows, likeness in compared(snapshot, by):
        done += rows.num_rows
        if progress:
            progress(done, max(total, done))
        found = rows.append_column("likeness", pa.array(likeness, pa.float32()))
        found = found.filter(pc.greater_equal(found["likeness"], pa.scalar(threshold, pa.float32())))
        same = {"drawing": drawing, "model": by.model, "theme": theme}
        columns = [
            pa.repeat(same[name], found.num_rows) if name in same else found[name] for name in LIKENED.names
        ]
        if found.num_rows:
            yield pa.record_batch(columns, schema=LIKENED)


def lay(
    lake: Lake,
    snapshot: Snapshot,
    by: Measure,
    theme: str,
    drawing: str,
    threshold: float,
    progress: Progress | None = None,
) -> int:
    """Writes down every clause of a state of the lake that is like the examples; gives how many were new.

    Raises:
        LakeError: the lake cannot be read or written.
    """
    written, held = 0, list[pa.RecordBatch]()
    for batch in _alike(snapshot, by, theme, drawing, threshold, progress):
        held.append(batch)
        if sum(one.num_rows for one in held) >= CHUNK:
            written += lake.write_likened(pa.Table.from_batches(held))
            held.clear()
    if held:
        written += lake.write_likened(pa.Table.from_batches(held))
    return written


def drawn(snapshot: Snapshot, drawing: str) -> tuple[int, int]:
    """How many clauses a drawing has, and in how many reviews."""
    query = "SELECT count(*) AS n, count(DISTINCT review_id) AS reviews FROM likened WHERE drawing = $drawing"
    found = snapshot.sql(query, {"drawing": drawing}).to_pylist()[0]
    return found["n"], found["reviews"]


def draw(lake: Lake, reader: VectorReader | None = None, *, progress: Progress | None = None) -> int:
    """Looks for the themes that are found by examples in what was tagged since; gives the mentions found.

    What was found before stays. Where all reviews were read by another model meanwhile, the examples
    are read by it as well.

    Args:
        lake: where clauses are read and written.
        reader: the model in use; without it themes of another model than the tags' are left as they are.
        progress: called after some thousands of clauses.

    Raises:
        LakeError: the lake cannot be read or written.
        ModelError: the model gives no vectors.
    """
    found = 0
    with lake.snapshot() as snapshot:
        due = [one for one in snapshot.edits().values() if one.drawing]
        read = clauses_of(snapshot) if due else {}
        for one in due:
            edit = _read_anew(snapshot, one, reader, read)
            if edit is None:
                continue
            by = Measure(edit.model or "", edit.measure or b"", edit.key)
            found += lay(lake, snapshot, by, edit.key, edit.drawing or "", edit.threshold or 0.0, progress)
            if edit is not one:
                lake.add_label(edit)
    return found


def _read_anew(
    snapshot: Snapshot, edit: Edit, reader: VectorReader | None, read: dict[str, int]
) -> Edit | None:
    """The edit as it can be drawn now: itself, or with its examples read by the model in use."""
    if edit.model in read:
        return edit
    if reader is None or reader.version not in read or not any(edit.examples):
        return None
    by = measure(snapshot, edit.examples, reader, theme=edit.key)
    return replace(edit, model=by.model, measure=by.packed, drawing=name_drawing())
