"""How long every figure takes on a generated lake: `python -m benchmarks.insight [REVIEWS]`.

Makes a lake of REVIEWS reviews (200,000 unless told) with three mentions each, then times each
function twice: cold, with the tables still to be read, and warm, as a page of the dashboard finds
them. Wall time and processor time are both shown, since other work on the machine only lengthens
the first. Texts repeat a few hundred sentences with a number in them; they only have to be as
long as real ones.
"""

from __future__ import annotations

import sys
import tempfile
import time
from collections.abc import Callable
from datetime import UTC, date, datetime

import numpy as np
import pyarrow as pa

from ugc.insight import (
    Filters,
    by,
    credibility,
    drivers,
    freshness,
    moments,
    options,
    reasons,
    scores,
    search,
    segments,
    shelf,
    theme_trend,
    trend,
    without_doubtful,
)
from ugc.lake import Lake, Snapshot
from ugc.review import text_hash
from ugc.schema import MENTIONS, REVIEWS, TAGS
from ugc.taxonomy import keys

CITIES = ["Москва", "Казань", "Санкт-Петербург", "Екатеринбург", "Gdańsk", "Warszawa", None]
SENTIMENTS = ["positive", "negative", "mixed", "neutral"]
STEP = 50_000


def _texts(count: int, generator: np.random.Generator) -> list[str]:
    """Texts of about 300 characters with three clauses at known places."""
    words = [
        "доставка",
        "курьер",
        "ждали",
        "быстро",
        "вежливо",
        "цена",
        "деньги",
        "вернули",
        "обещали",
        "приложение",
        "работает",
    ]
    stock = [" ".join(generator.choice(words, 10)) for _ in range(400)]
    picks = generator.integers(0, len(stock), (count, 4))
    return [f"{n:08d} " + ". ".join(stock[one] for one in row) for n, row in enumerate(picks)]


def _write(lake: Lake, first: int, count: int, generator: np.random.Generator) -> None:
    """One batch of reviews with their tags and mentions."""
    ids = [f"{first + n:020x}" for n in range(count)]
    texts = _texts(count, generator)
    hashes = [text_hash(text) for text in texts]
    days = generator.integers(0, 540 * 86_400, count) * 1_000_000 + 1_747_267_200_000_000
    sentiments = generator.choice(SENTIMENTS, count, p=[0.5, 0.35, 0.1, 0.05]).tolist()
    columns: dict[str, list[object]] = {
        "id": ids,
        "source": generator.choice(["banki_ru", "otzovik", "google_play", "ceneo"], count).tolist(),
        "source_id": ids,
        "text": texts,
        "text_hash": hashes,
        "content_hash": hashes,
        "url": [f"https://x.example/{one}" for one in ids],
        "date": [datetime.fromtimestamp(one / 1e6, UTC) for one in days.tolist()],
        "stars": generator.choice([1.0, 2.0, 3.0, 4.0, 5.0, None], count).tolist(),
        "company": generator.choice(["Lumbi", "Ясень Банк", "Amberhaus"], count).tolist(),
        "city": generator.choice(CITIES, count).tolist(),
        "language": generator.choice(["ru", "en", "pl"], count, p=[0.6, 0.25, 0.15]).tolist(),
        "product": generator.choice([f"Товар {n}" for n in range(40)], count).tolist(),
    }
    batch = {name: columns.get(name, [None] * count) for name in REVIEWS.names}
    lake.upsert_reviews(pa.table(batch, schema=REVIEWS))
    tags = {
        "review_id": ids,
        "model": ["bench@1"] * count,
        "text_hash": hashes,
        "batch": ["b"] * count,
        "tagged_at": [datetime(2026, 11, 1, tzinfo=UTC)] * count,
        "sentiment": sentiments,
    }
    starts = np.tile([9, 60, 110], count)
    owners = np.repeat(np.arange(count), 3)
    mentions = {
        "review_id": [ids[one] for one in owners],
        "batch": ["b"] * (3 * count),
        "n": np.tile([0, 1, 2], count),
        "start": starts,
        "end": starts + 45,
        "quote": [texts[one][start : start + 45] for one, start in zip(owners, starts, strict=True)],
        "theme": generator.choice(keys("themes"), 3 * count).tolist(),
        "polarity": generator.choice(["positive", "negative"], 3 * count).tolist(),
        "touchpoint": generator.choice(keys("touchpoints"), 3 * count).tolist(),
        "confidence": generator.random(3 * count).astype(np.float32),
    }
    lake.write_tags(
        pa.table({name: tags.get(name, [None] * count) for name in TAGS.names}, schema=TAGS),
        pa.table(mentions, schema=MENTIONS),
    )


def _questions(snapshot: Snapshot) -> dict[str, Callable[[], object]]:
    """What the pages ask."""
    every, kazan = Filters(), Filters(cities=("Казань",), since=date(2026, 6, 1))
    slow = {"theme": "speed", "polarity": "negative"}
    return {
        "scores": lambda: scores(snapshot, every),
        "scores, one city since June": lambda: scores(snapshot, kazan),
        "by city": lambda: by(snapshot, every, "city"),
        "trend by week": lambda: trend(snapshot, every, "week"),
        "theme trend by week": lambda: theme_trend(snapshot, every, "speed", "negative", "week"),
        "reasons, all": lambda: reasons(snapshot, every, polarity="negative"),
        "reasons, one city since June": lambda: reasons(snapshot, kazan, polarity="negative"),
        "segments by city": lambda: segments(snapshot, every, **slow, by="city"),
        "drivers": lambda: drivers(snapshot, every),
        "drivers, one city since June": lambda: drivers(snapshot, kazan),
        "moments": lambda: moments(snapshot, every),
        "moments, one city since June": lambda: moments(snapshot, kazan),
        "freshness": lambda: freshness(snapshot, every),
        "options": lambda: options(snapshot),
        "search, newest page": lambda: search(snapshot, every),
        "search, theme and polarity": lambda: search(snapshot, every, theme="speed", polarity="negative"),
        "search, two words": lambda: search(snapshot, every, query="курьер вернули"),
        "shelf": lambda: shelf(snapshot, every),
        "shelf by product": lambda: shelf(snapshot, every, by=["product"]),
        "credibility": lambda: credibility(snapshot, every),
        "credibility, one city since June": lambda: credibility(snapshot, kazan),
        "scores without the doubtful": lambda: scores(snapshot, without_doubtful(snapshot, every)),
    }


def main() -> None:
    """Makes the lake and prints the table."""
    reviews = int(sys.argv[1]) if len(sys.argv) > 1 else 200_000
    generator = np.random.default_rng(1)
    with tempfile.TemporaryDirectory() as folder:
        lake = Lake.open(folder + "/lake")
        for first in range(0, reviews, STEP):
            _write(lake, first, min(STEP, reviews - first), generator)
        print(f"{reviews:,} reviews, {3 * reviews:,} mentions; seconds: cold, warm, warm on the processor")
        with lake.snapshot() as snapshot:
            for name, ask in _questions(snapshot).items():
                begun = time.perf_counter()
                ask()
                cold = time.perf_counter() - begun
                begun, spent = time.perf_counter(), time.process_time()
                ask()
                warm, used = time.perf_counter() - begun, time.process_time() - spent
                print(f"{name:32} {cold:7.2f} {warm:7.2f} {used:7.2f}", flush=True)


if __name__ == "__main__":
    main()
