"""Measures the grouping into reasons on a tagged lake: what is left over, how old assignments hold.

Run with `python benchmarks/reasons.py LAKE` on a lake that `ugc tag` has read. Nine tenths of its reviews
that have vectors go into a new lake beside the temporary files and are grouped; then the last tenth comes,
and the update is timed. Changed is an old mention that is shown under another reason than before, or under
one where it had none. At last come MANY mentions more at once: reviews of the lake again under other ids,
their vectors shaken.
"""

from __future__ import annotations

import resource
import sys
import tempfile
import time
from pathlib import Path

import numpy as np
import pyarrow as pa

from ugc.grouping import group_lake
from ugc.insight.choice.statement import fill
from ugc.lake import Lake, Snapshot
from ugc.schema import MENTIONS, REVIEWS, TAGS, VECTORS

LAST = "hash(id) % 10 = 0"
"""A tenth of the reviews, the same each time."""


MANY = 10_000
"""Mentions that the large update brings, or all that the lake has."""

SHAKEN = 8
"""Standard deviation of what is added to each dimension of a vector, of 127 at most."""

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


def again(source: Snapshot, lake: Lake) -> None:
    """Writes reviews with MANY mentions once more, each id reversed and each vector shaken."""
    chosen = source.sql(
        "SELECT review_id FROM (SELECT review_id, sum(count(*)) OVER (ORDER BY review_id) AS so_far "
        "FROM mentions WHERE review_id IN (SELECT review_id FROM vectors) GROUP BY 1) WHERE so_far <= $many",
        {"many": MANY},
    )["review_id"].to_pylist()
    dice = np.random.default_rng(1)

    def renamed(name: str, key: str, schema: pa.Schema) -> pa.Table:
        query = fill(
            "SELECT * FROM {name} WHERE {key} IN (SELECT unnest($ids)) ORDER BY ALL", name=name, key=key
        )
        found = source.sql(query, {"ids": chosen}).select(schema.names).cast(schema)
        ids = pa.array([one[::-1] for one in found[key].to_pylist()], schema.field(key).type)
        return found.set_column(schema.get_field_index(key), schema.field(key), ids)

    vectors = renamed("vectors", "review_id", VECTORS)
    plain = np.stack([np.frombuffer(one, np.int8) for one in vectors["vector"].to_pylist()])
    shaken = np.clip(np.round(plain + dice.normal(0, SHAKEN, plain.shape)), -127, 127).astype(np.int8)
    column = pa.array([one.tobytes() for one in shaken], VECTORS.field("vector").type)
    place = VECTORS.get_field_index("vector")
    vectors = vectors.set_column(place, VECTORS.field("vector"), column)
    lake.upsert_reviews(renamed("reviews", "id", REVIEWS))
    lake.write_tags(renamed("tags", "review_id", TAGS), renamed("mentions", "review_id", MENTIONS), vectors)


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
        again(snapshot, lake)
        large = group_lake(lake)
        nothing = group_lake(lake)
    old = [key for key in before if key in after]
    changed = sum(before[key] != after[key] for key in old)
    moved = sum(before[key] != after[key] and before[key] is not None for key in old)
    print(f"first run: {first.looked_at} mentions, {first.reasons} reasons, in {first.seconds:.1f} s")
    print(f"in no reason: {first.share_unassigned or 0:.1%}")
    print(f"update: {update.looked_at} mentions in {update.seconds:.1f} s ({spent:.1f} s of processor time)")
    print(f"opened {update.opened}, merged {update.merged}; in no reason: {update.share_unassigned or 0:.1%}")
    print(f"old mentions changed: {changed / max(len(old), 1):.2%}; from one reason to another: {moved}")
    print(f"large update: {large.looked_at} mentions in {large.seconds:.1f} s, opened {large.opened}")
    print(f"nothing new: {nothing.seconds:.2f} s")
    print(f"peak memory: {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:.0f} MB")


if __name__ == "__main__":
    main()
