"""Further labels: no text in the file, and each text found again by its hash."""

from __future__ import annotations

import gzip
import json
from pathlib import Path

import pytest

from models.training.further import FURTHER, mark, read_further
from models.training.public_sets import Partial, read_plain, read_sentiment


@pytest.fixture
def labels(tmp_path: Path) -> Path:
    """One text of one row, one of two rows, one of a row that nobody has."""
    common = {
        "set": "x",
        "lang": "en",
        "sentiment": "positive",
        "emotions": ["joy"],
        "contact": "praise",
        "loyalty": [],
        "effort": "none",
        "repeat": False,
        "specific": True,
        "mentions": [[0, 5, "speed", "positive", "delivery"]],
    }
    rows = [{"of": [mark(part) for part in parts]} for parts in (["Quick."], ["Quick.", "Cheap."], ["Gone."])]
    path = tmp_path / "labels.jsonl.gz"
    with gzip.open(path, "wt", encoding="utf-8") as file:
        file.writelines(json.dumps(common | row) + "\n" for row in rows)
    return path


def test_texts_are_found_and_joined(labels: Path) -> None:
    rows = [Partial(text, "en", "x") for text in ("Cheap.", "Other.", "Quick.")]
    found = read_further(rows, labels)
    assert [review.text for review in found] == ["Quick.", "Quick. Cheap."]
    assert found[0].text[found[0].mentions[0].start : found[0].mentions[0].end] == "Quick"
    assert found[0].sentiment == "positive"
    assert found[0].emotions == ("joy",)


def test_the_file_holds_no_texts() -> None:
    with gzip.open(FURTHER, "rt", encoding="utf-8") as file:
        rows = [json.loads(line) for line in file]
    assert len(rows) > 1_000
    for row in rows:
        assert all(len(part) == 16 and int(part, 16) >= 0 for part in row["of"])
        assert set(row) == {
            "of",
            "set",
            "lang",
            "sentiment",
            "emotions",
            "contact",
            "loyalty",
            "effort",
            "repeat",
            "specific",
            "mentions",
        }
        assert all(isinstance(start, int) and isinstance(end, int) for start, end, *_ in row["mentions"])


@pytest.mark.shared
def test_every_span_lies_within_its_text(shared: Path) -> None:
    data = shared / "data"
    rows = [
        *read_sentiment(data / "sentiment.jsonl.gz"),
        *read_plain(data / "unlabelled.jsonl.gz"),
        *read_plain(data / "aspect.jsonl.gz"),
    ]
    found = read_further(rows)
    with gzip.open(FURTHER, "rt", encoding="utf-8") as file:
        assert len(found) == sum(1 for _ in file)
    for review in found:
        assert all(0 <= one.start < one.end <= len(review.text) for one in review.mentions)
