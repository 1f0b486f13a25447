"""Seconds and memory of the first use of the view `reasoned`: `python -m benchmarks.reasoned LAKE`.

LAKE is one that `benchmarks.generated` made. Where it holds no reasons yet, it is given REASONS a cell
of theme and polarity, and each mention goes to one of them or, one in four, to none. Then a new
snapshot is asked for the number of mentions, and then for that of each reason.
"""

from __future__ import annotations

import resource
import sys
import time
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from deltalake import write_deltalake

from ugc.lake import Lake, Snapshot
from ugc.schema import GROUPED, REASONS

CELL_REASONS = 12
"""Reasons of a cell, the most that grouping opens."""

ASSIGNED = 0.75
"""Share of the mentions that go to a reason."""

DIMENSIONS = 128
MENTIONS = """
SELECT m.review_id, t.text_hash, t.model, m.start, m."end", m.theme, m.polarity
FROM mentions m JOIN tags t ON t.review_id = m.review_id
"""
ASKED = "SELECT reason, count(*) AS n FROM reasoned GROUP BY reason ORDER BY n DESC"


def _reasons(cells: list[tuple[str, str]], generator: np.random.Generator) -> pa.Table:
    """Reasons of the cells; the last of each cell was merged into the first."""
    now = datetime(2026, 11, 1, tzinfo=UTC)
    rows = []
    for theme, polarity in cells:
        for n in range(CELL_REASONS):
            row = {"id": f"{theme}-{polarity}-{n}", "theme": theme, "polarity": polarity}
            row |= {"model": "bench@1", "members": 1, "opened_at": now, "updated_at": now}
            drawn = generator.standard_normal(DIMENSIONS).astype("<f4")
            row["centroid"] = (drawn / np.linalg.norm(drawn)).astype("<f4").tobytes()
            last = n == CELL_REASONS - 1
            rows.append(row | {"merged_into": f"{theme}-{polarity}-0" if last else None})
    return pa.Table.from_pylist(rows, schema=REASONS)


def fill(lake: Lake, folder: Path, seed: int = 1) -> None:
    """Writes reasons and what went to them; straight into the table, since nothing is there yet."""
    generator = np.random.default_rng(seed)
    with lake.snapshot() as snapshot:
        cells = snapshot.sql("SELECT DISTINCT theme, polarity FROM mentions ORDER BY ALL").to_pylist()
        lake.write_grouping(
            _reasons([(one["theme"], one["polarity"]) for one in cells], generator),
            GROUPED.empty_table(),
        )
        held = snapshot.sql(MENTIONS).cast(pa.schema([field.with_nullable(True) for field in GROUPED][:7]))
    # The lake is filled oldest first; here in any order, as ids of real reviews lie in any.
    held = held.take(pa.array(generator.permutation(held.num_rows)))
    number = pa.array(generator.integers(0, CELL_REASONS, held.num_rows)).cast(pa.string())
    named = pc.binary_join_element_wise(held["theme"], held["polarity"], number, "-")
    went = pa.array(generator.random(held.num_rows) < ASSIGNED)
    held = held.append_column("reason", pc.if_else(went, named, pa.scalar(None, pa.string())))
    held = held.append_column("similarity", pa.array(generator.random(held.num_rows), pa.float32()))
    write_deltalake(folder / "grouped", held.cast(GROUPED), mode="append")


def _took(snapshot: Snapshot, query: str) -> str:
    """Seconds of a query, wall and processor, and the peak of the process's memory after it."""
    began, spent = time.perf_counter(), time.process_time()
    snapshot.sql(query)
    wall, processor = time.perf_counter() - began, time.process_time() - spent
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    return f"{wall:.2f} s (processor {processor:.2f} s), peak {peak:,.0f} MB"


def main() -> None:
    """Fills the lake if need be and prints what was measured."""
    folder = Path(sys.argv[1])
    lake = Lake.open(folder, create=False)
    if lake.info().rows("grouped") == 0:
        fill(lake, folder)
        print("The lake is filled; run this again for the figures.")
        return
    with lake.snapshot() as snapshot:
        print("mentions, first use:", _took(snapshot, "SELECT count(*) FROM mentions"))
        print("reasoned, first use:", _took(snapshot, ASKED))
        print("reasoned, again:    ", _took(snapshot, ASKED))


if __name__ == "__main__":
    main()
