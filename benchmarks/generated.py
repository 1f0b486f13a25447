"""A generated lake with the loose ends of a real one: `python -m benchmarks.generated FOLDER [REVIEWS]`.

Each review has three mentions. Stars follow the sentiment, polarities follow it too, themes and
products are unequally frequent, a place lies in one city, one review in six has no stars. Texts are
drawn from a few hundred sentences with a number before them: they only have to be as long as real
ones.
"""

from __future__ import annotations

import sys
from datetime import UTC, date, datetime
from pathlib import Path

import numpy as np
import pyarrow as pa

from ugc.lake import Lake
from ugc.review import text_hash
from ugc.schema import MENTIONS, REVIEWS, TAGS
from ugc.taxonomy import keys

__all__ = ["DAYS", "FIRST_DAY", "fill"]

FIRST_DAY = date(2025, 5, 15)
DAYS = 540
"""Days over which the reviews are spread."""

STEP = 50_000
"""Reviews of one write."""

CITIES = ("Москва", "Казань", "Санкт-Петербург", "Екатеринбург", "Gdańsk", "Warszawa", None)
SOURCES = ("banki_ru", "otzovik", "google_play", "ceneo")
COMPANIES = ("Lumbi", "Ясень Банк", "Amberhaus")
SENTIMENTS = ("positive", "negative", "mixed", "neutral")
SHARES = (0.5, 0.35, 0.1, 0.05)
MEAN_STARS = (4.7, 1.5, 3.0, 3.4)
PRAISE = (0.9, 0.1, 0.5, 0.5)
"""Share of praise among the mentions of each sentiment."""

WORDS = ("доставка", "курьер", "ждали", "быстро", "вежливо", "цена", "деньги", "вернули", "приложение")


def _unequal(count: int) -> np.ndarray:
    """Probabilities that fall with the rank."""
    weights = 1 / np.arange(1, count + 1)
    return weights / weights.sum()


def _texts(count: int, generator: np.random.Generator) -> list[str]:
    """Texts of about 300 characters with three clauses at known places."""
    stock = [" ".join(generator.choice(WORDS, 10)) for _ in range(400)]
    picks = generator.integers(0, len(stock), (count, 4))
    return [f"{n:08d} " + ". ".join(stock[one] for one in row) for n, row in enumerate(picks)]


def _drawn(generator: np.random.Generator, values: tuple[str | None, ...], count: int) -> list[str | None]:
    """Values drawn evenly."""
    return [values[one] for one in generator.integers(0, len(values), count)]


def _write(lake: Lake, first: int, count: int, generator: np.random.Generator) -> None:
    """One batch of reviews with their tags and mentions."""
    ids = [f"{first + n:020x}" for n in range(count)]
    texts = _texts(count, generator)
    hashes = [text_hash(text) for text in texts]
    start = int(datetime(FIRST_DAY.year, FIRST_DAY.month, FIRST_DAY.day, tzinfo=UTC).timestamp())
    moments = start + generator.integers(0, DAYS * 86_400, count)
    mood = generator.choice(4, count, p=SHARES)
    stars = np.clip(np.rint(generator.normal(np.take(MEAN_STARS, mood), 0.7)), 1, 5)
    rated = generator.random(count) > 1 / 6
    cities = _drawn(generator, CITIES, count)
    sources = _drawn(generator, SOURCES, count)
    companies = _drawn(generator, COMPANIES, count)
    branch = generator.integers(1, 21, count)
    version = generator.integers(1, 9, count)
    product = generator.choice(40, count, p=_unequal(40))
    columns: dict[str, list[object]] = {
        "id": ids,
        "source": sources,
        "source_id": ids,
        "text": texts,
        "text_hash": hashes,
        "content_hash": hashes,
        "url": [f"https://x.example/{one}" for one in ids],
        "date": [datetime.fromtimestamp(one, UTC) for one in moments.tolist()],
        "stars": [one if has else None for one, has in zip(stars.tolist(), rated, strict=True)],
        "company": companies,
        "city": cities,
        "place": [None if city is None else f"{city}, {n}" for city, n in zip(cities, branch, strict=True)],
        "language": generator.choice(["ru", "en", "pl"], count, p=[0.6, 0.25, 0.15]).tolist(),
        "product": [f"{of} {n}" for of, n in zip(companies, product, strict=True)],
        "app_version": [
            f"4.{n}" if one == "google_play" else None for one, n in zip(sources, version, strict=True)
        ],
    }
    lake.upsert_reviews(_table(columns, REVIEWS, count))
    tags: dict[str, list[object]] = {
        "review_id": ids,
        "model": ["bench@1"] * count,
        "text_hash": hashes,
        "batch": ["b"] * count,
        "tagged_at": [datetime(2026, 11, 1, tzinfo=UTC)] * count,
        "sentiment": [SENTIMENTS[one] for one in mood],
    }
    owners = np.repeat(np.arange(count), 3)
    starts = np.tile([9, 60, 110], count)
    themes, touchpoints = keys("themes"), keys("touchpoints")
    praised = generator.random(3 * count) < np.take(PRAISE, mood)[owners]
    mentions: dict[str, list[object]] = {
        "review_id": [ids[one] for one in owners],
        "batch": ["b"] * (3 * count),
        "n": np.tile([0, 1, 2], count).tolist(),
        "start": starts.tolist(),
        "end": (starts + 45).tolist(),
        "quote": [texts[one][start : start + 45] for one, start in zip(owners, starts, strict=True)],
        "theme": generator.choice(themes, 3 * count, p=_unequal(len(themes))).tolist(),
        "polarity": np.where(praised, "positive", "negative").tolist(),
        "touchpoint": generator.choice(touchpoints, 3 * count, p=_unequal(len(touchpoints))).tolist(),
        "confidence": generator.random(3 * count).astype(np.float32).tolist(),
    }
    lake.write_tags(_table(tags, TAGS, count), _table(mentions, MENTIONS, 3 * count))


def _table(columns: dict[str, list[object]], schema: pa.Schema, count: int) -> pa.Table:
    """A table of a schema; columns that are not given are empty."""
    return pa.table({name: columns.get(name, [None] * count) for name in schema.names}, schema=schema)


def fill(lake: Lake, reviews: int, seed: int = 1) -> None:
    """Writes so many reviews with their tags and mentions into an empty lake."""
    generator = np.random.default_rng(seed)
    for first in range(0, reviews, STEP):
        _write(lake, first, min(STEP, reviews - first), generator)


def main() -> None:
    """Makes the lake, a million reviews unless told."""
    fill(Lake.open(Path(sys.argv[1])), int(sys.argv[2]) if len(sys.argv) > 2 else 1_000_000)


if __name__ == "__main__":
    main()
