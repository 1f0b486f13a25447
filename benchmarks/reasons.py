"""Measures the grouping into reasons on a tagged lake: what is left over, how old assignments hold.

Run with `python benchmarks/reasons.py LAKE` on a lake that `ugc tag` has read. Nine tenths of its reviews
that have vectors go into a new lake beside the temporary files and are grouped; then the last tenth comes,
and the update is timed. Changed is an old mention that is shown under another reason than before, or under
one where it had none.
"""

from __future__ import annotations

import sys
import tempfile
import time
from pathlib import Path

import pyarrow as pa

from ugc.grouping import group_lake
from ugc.insight.choice.statement import fill
from ugc.lake import Lake, Snapshot
from ugc.schema import MENTIONS, REVIEWS, TAGS, VECTORS

LAST = "hash(id) % 10 = 0"
"""A tenth of the reviews, the same each time."""


CHOSEN = """
SELECT * FROM {name} WHERE {key} IN (
    SELECT id FROM reviews WHERE {which} AND id IN (SELECT review_id FROM vectors)
)
"""


def copy(source: Snapshot, lake: Lake, which: str) -> None:
    """Copies the reviews that a condition chooses, with their tags, mentions and vectors."""
    found = {
        name: source.sql(fill(CHOSEN, name=name, key=key, which=which)).select(schema.names).cast(schema)
        for name, key, schema in (
            ("reviews", "id", REVIEWS),
            ("tags", "review_id", TAGS),
            ("mentions", "review_id", MENTIONS),
            ("vectors", "review_id", VECTORS),
        )
    }
    lake.upsert_reviews(found["reviews"])
    lake.write_tags(found["tags"], found["mentions"], found["vectors"])


def assigned(lake: Lake) -> dict[tuple[str, ...], str | None]:
    """The reason of each mention that was looked at."""
    with lake.snapshot() as snapshot:
        rows: pa.Table = snapshot.sql("SELECT * FROM reasoned WHERE looked_at")
    key = ("review_id", "start", "end", "theme", "polarity")
    return {tuple(row[name] for name in key): row["reason"] for row in rows.to_pylist()}


def main() -> None:
    """Prints one table."""
    source = Lake.open(sys.argv[1], create=False)
    with tempfile.TemporaryDirectory() as folder, source.snapshot() as snapshot:
        lake = Lake.open(Path(folder) / "lake")
        copy(snapshot, lake, f"NOT {LAST}")
        first = group_lake(lake)
        before = assigned(lake)
        copy(snapshot, lake, LAST)
        began = time.process_time()
        update = group_lake(lake)
        spent = time.process_time() - began
        after = assigned(lake)
    old = [key for key in before if key in after]
    changed = sum(before[key] != after[key] for key in old)
    moved = sum(before[key] != after[key] and before[key] is not None for key in old)
    print(f"first run: {first.looked_at} mentions, {first.reasons} reasons, in {first.seconds:.1f} s")
    print(f"in no reason: {first.share_unassigned or 0:.1%}")
    print(f"update: {update.looked_at} mentions in {update.seconds:.1f} s ({spent:.1f} s of processor time)")
    print(f"opened {update.opened}, merged {update.merged}; in no reason: {update.share_unassigned or 0:.1%}")
    print(f"old mentions changed: {changed / max(len(old), 1):.2%}; from one reason to another: {moved}")


if __name__ == "__main__":
    main()
