"""Measures the lake: time of upserts and taggings, of opening a snapshot and of counting themes.

Run with `python benchmarks/lake.py [--large]`; each line of the table is one claim. `--large` adds
a lake of a million reviews with three million mentions. Texts are random words, as long as typical
reviews; nothing but the lake is in the measured time.
"""

from __future__ import annotations

import argparse
import resource
import tempfile
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import numpy as np
import pyarrow as pa

from ugc.lake import Lake
from ugc.review import review_id, text_hash
from ugc.schema import MENTIONS, REVIEWS, TAGS
from ugc.taxonomy import keys

CHANCE = np.random.default_rng(7)
LETTERS = list("абвгдежзиклмнопрстуфхцчшыя")
WORDS = ["".join(CHANCE.choice(LETTERS, CHANCE.integers(2, 11))) for _ in range(9000)]
CITIES = [f"Город {n}" for n in range(60)]


def reviews(first: int, count: int, edition: str = "") -> pa.Table:
    """Reviews numbered from `first`, with about 500 characters of text."""
    now = datetime(2025, 6, 1, tzinfo=UTC)
    rows = []
    said = CHANCE.integers(0, len(WORDS), (count, 70))
    for number in range(first, first + count):
        text = f"{edition}{number} " + " ".join(WORDS[at] for at in said[number - first])
        rows.append(
            {
                "id": review_id("bench", str(number)),
                "source": f"source_{number % 5}",
                "source_id": str(number),
                "text": text,
                "text_hash": text_hash(text),
                "content_hash": text_hash(text),
                "author": text_hash(str(number % 50_000)),
                "date": now - timedelta(minutes=number * 0.8),
                "stars": float(1 + number * 7 % 5),
                "company": f"Компания {number % 8}",
                "city": CITIES[number * 31 % len(CITIES)],
                "language": "en" if number % 3 else "ru",
            }
        )
    return pa.Table.from_pylist(rows, schema=REVIEWS)


def tags(untagged: pa.Table, batch: str, model: str) -> tuple[pa.Table, pa.Table]:
    """Tags with three mentions each for a batch of untagged reviews."""
    now = datetime.now(UTC)
    of_review, mentions = [], []
    themes = keys("themes")
    for place, one in enumerate(untagged.select(["id", "text_hash"]).to_pylist()):
        of_review.append(
            {
                "review_id": one["id"],
                "model": model,
                "text_hash": one["text_hash"],
                "batch": batch,
                "tagged_at": now,
                "sentiment": "negative" if place % 3 else "positive",
                "p_positive": 0.25,
                "emotions": ["anger"],
                "loyalty": [],
                "contact": "complaint",
            }
        )
        mentions += [
            {
                "review_id": one["id"],
                "batch": batch,
                "n": n,
                "start": 30 * n,
                "end": 30 * n + 25,
                "quote": "ждал курьера очень долго" + str(n),
                "theme": themes[(place * 5 + n * 7) % len(themes)],
                "polarity": "negative" if (place + n) % 3 else "positive",
                "touchpoint": "delivery",
                "confidence": 0.8,
            }
            for n in range(3)
        ]
    return pa.Table.from_pylist(of_review, schema=TAGS), pa.Table.from_pylist(mentions, schema=MENTIONS)


def show(what: str, seconds: float, more: str = "") -> None:
    """Prints one line of the table."""
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(f"{what:<58} {seconds:8.3f} s   {memory:6.0f} MB   {more}", flush=True)


def timed(work: Callable[[], object]) -> float:
    """Seconds that a call takes."""
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


def batches(total: int, size: int, first: int = 0) -> Iterator[pa.Table]:
    """Reviews in batches."""
    for start in range(first, first + total, size):
        yield reviews(start, min(size, first + total - start))


def files_of(lake: Lake) -> str:
    """Files in use by table."""
    return ", ".join(f"{one.name} {one.files}" for one in lake.info().tables)


def tag_all(lake: Lake, model: str, size: int = 256) -> float:
    """Seconds in the lake to read all untagged reviews and write their tags in batches."""
    spent, number = 0.0, 0
    while True:
        start = time.perf_counter()
        chunk = lake.untagged(model, 16 * size)
        spent += time.perf_counter() - start
        if chunk.num_rows == 0:
            return spent
        for offset in range(0, chunk.num_rows, size):
            made = tags(chunk.slice(offset, size), f"{model}{number}", model)
            number += 1
            spent += timed(lambda made=made: lake.write_tags(*made))


def query(lake: Lake) -> None:
    """Opens a snapshot and asks it what a dashboard asks."""
    start = time.perf_counter()
    with lake.snapshot() as snapshot:
        show("snapshot: open", time.perf_counter() - start)
        counts = "SELECT theme, polarity, count(*) FROM mentions GROUP BY ALL"
        show("snapshot: first count of themes (loads the columns)", timed(lambda: snapshot.sql(counts)))
        show("snapshot: count of themes again", min(timed(lambda: snapshot.sql(counts)) for _ in range(3)))
        shares = "SELECT theme, polarity, count(DISTINCT review_id) FROM mentions GROUP BY ALL"
        show("snapshot: reviews by theme", min(timed(lambda: snapshot.sql(shares)) for _ in range(3)))
        joined = (
            "SELECT theme, polarity, count(DISTINCT m.review_id) FROM mentions m "
            "JOIN reviews r ON r.id = m.review_id WHERE r.company = ? GROUP BY ALL"
        )
        snapshot.sql(joined, ["Компания 1"])
        show("snapshot: the same of one company", timed(lambda: snapshot.sql(joined, ["Компания 1"])))
        weeks = "SELECT date_trunc('week', date), avg(stars), count(*) FROM reviews GROUP BY ALL"
        show("snapshot: weeks", min(timed(lambda: snapshot.sql(weeks)) for _ in range(3)))
        some = "SELECT id, text FROM reviews WHERE id IN (SELECT id FROM reviews LIMIT 20)"
        show("snapshot: twenty texts", timed(lambda: snapshot.sql(some)))
        found = "SELECT id FROM reviews WHERE text ILIKE ? LIMIT 20"
        show("snapshot: search in all texts", timed(lambda: snapshot.sql(found, ["%ждали курьера%"])))
    show("version", timed(lake.version))


def small(folder: Path) -> None:
    """A lake of five thousand reviews, as one file of a user brings them."""
    for size in (500, 2000):
        lake = Lake.open(folder / f"small{size}")
        made = list(batches(5000, size))
        show(
            f"import 5,000 in batches of {size}",
            timed(lambda made=made, lake=lake: [*map(lake.upsert_reviews, made)]),
        )
        show(
            f"import the same again in batches of {size}",
            timed(lambda made=made, lake=lake: [*map(lake.upsert_reviews, made)]),
        )
    show("tag 5,000 in batches of 256", tag_all(lake, "first"), files_of(lake))
    show("tag them again with another model", tag_all(lake, "second"), files_of(lake))
    show("compact", timed(lake.compact), files_of(lake))


def large(folder: Path, count: int) -> None:
    """A lake of many reviews, each with three mentions."""
    lake = Lake.open(folder / f"large{count}")
    size = 20_000
    show(
        f"import {count:,} in batches of {size:,}",
        sum(timed(lambda one=one: lake.upsert_reviews(one)) for one in batches(count, size)),
        files_of(lake),
    )
    show(f"tag {count:,} in batches of {size:,}", tag_all(lake, "first", size), files_of(lake))
    new = reviews(count, 1000)
    show("upsert 1,000 new", timed(lambda: lake.upsert_reviews(new)))
    show("upsert 1,000 unchanged", timed(lambda: lake.upsert_reviews(new)))
    changed = reviews(count // 2, 1000, "!")
    show("upsert 1,000 changed", timed(lambda: lake.upsert_reviews(changed)))
    show("untagged, 4,096 of them", timed(lambda: lake.untagged("second", 4096)))
    made = tags(lake.untagged("first", 256), "one", "first")
    show("tags of 256 new", timed(lambda: lake.write_tags(*made)))
    made = tags(lake.untagged("second", 256), "two", "second")
    show("tags of 256 by another model", timed(lambda: lake.write_tags(*made)))
    query(lake)
    show("check", timed(lake.check))
    show("compact", timed(lake.compact), files_of(lake))


def main() -> None:
    """Prints the table."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--large", action="store_true", help="also a lake of a million reviews")
    chosen = options.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        small(Path(folder))
        large(Path(folder), 200_000)
        if chosen.large:
            large(Path(folder), 1_000_000)


if __name__ == "__main__":
    main()
