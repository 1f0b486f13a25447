"""A process of its own that works on a lake: `worker.py WHAT ADDRESS …`; started by the tests."""

from __future__ import annotations

import contextlib
import random
import sys
import time
from datetime import UTC, datetime
from pathlib import Path

import pyarrow as pa

from ugc.lake import Lake, turn
from ugc.schema import MENTIONS, REVIEWS, TAGS

KEYS = 120


def say(what: object) -> None:
    """Tells the test that started this process."""
    sys.stdout.write(f"{what}\n")
    sys.stdout.flush()


def reviews(numbers: list[int], edition: int) -> pa.Table:
    """Reviews whose text says their number and edition."""
    return pa.Table.from_pylist(
        [
            {
                "id": f"r{n:04}",
                "source": "s",
                "source_id": str(n),
                "text": f"{n} in edition {edition}",
                "text_hash": f"{n}.{edition}",
                "content_hash": f"{n}.{edition}",
            }
            for n in numbers
        ],
        schema=REVIEWS,
    )


def upsert(address: str, seed: str, batches: str) -> None:
    """Writes batches of overlapping keys; prints how many reviews were new."""
    lake, chance, new = Lake.open(address), random.Random(int(seed)), 0
    for _ in range(int(batches)):
        new += lake.upsert_reviews(reviews(chance.sample(range(KEYS), 40), chance.randint(0, 2))).new
    say(new)


def grow(address: str) -> None:
    """Writes batches of new reviews until it is killed."""
    lake, first = Lake.open(address), 0
    while True:
        lake.upsert_reviews(reviews(list(range(first, first + 20)), 0))
        first += 20
        say(first)


def read(address: str, stop: str) -> None:
    """Reads until the file `stop` is there; prints how often."""
    lake, before, times = Lake.open(address), 0, 0
    while not Path(stop).exists():
        with lake.snapshot() as snapshot:
            query = (
                "SELECT count(*) AS n, count(DISTINCT id) AS keys, "
                "count(*) FILTER (split_part(text, ' ', 1) = source_id) AS whole FROM reviews"
            )
            found = snapshot.sql(query).to_pylist()[0]
            both = snapshot.sql(
                "SELECT count(*) AS tags, (SELECT count(*) FROM mentions) AS mentions FROM tags"
            ).to_pylist()[0]
        assert found["n"] == found["keys"] == found["whole"] >= before, found
        assert both["mentions"] == 2 * both["tags"], both
        before, times = found["n"], times + 1
    say(times)


def tag(address: str, name: str, batches: str) -> None:
    """Writes tags with two mentions each for whatever has none, in batches of ten."""
    lake = Lake.open(address)
    for number in range(int(batches)):
        rows = lake.untagged("m@1", 10)
        if rows.num_rows == 0:
            break
        batch, now = f"{name}.{number}", datetime.now(UTC)
        tags = [
            {
                "review_id": r["id"],
                "model": "m@1",
                "text_hash": r["text_hash"],
                "batch": batch,
                "tagged_at": now,
            }
            for r in rows.to_pylist()
        ]
        mentions = [
            {
                "review_id": r["id"],
                "batch": batch,
                "n": n,
                "start": n,
                "end": n + 1,
                "quote": r["text"][n],
                "theme": "speed",
                "polarity": "negative",
                "touchpoint": "none",
                "confidence": 0.5,
            }
            for r in rows.to_pylist()
            for n in range(2)
        ]
        lake.write_tags(
            pa.Table.from_pylist(tags, schema=TAGS), pa.Table.from_pylist(mentions, schema=MENTIONS)
        )


def hold(address: str) -> None:
    """Takes the turn and keeps it until it is killed."""
    with turn.take(Path(address)):
        say("held")
        time.sleep(600)


if __name__ == "__main__":
    what, *given = sys.argv[1:]
    if given[-1] == "--without-turn":
        given.pop()
        turn.take = lambda folder, **_: contextlib.nullcontext()
    globals()[what](*given)
