"""Further labels of ours for texts of the public sets, kept without the texts.

The sets may be learned from and not redistributed, so each row names its text by hash and gives
labels and offsets only; whoever has the sets gets the labelled reviews back. A text may be several
rows of a set joined by spaces: a set of single sentences then gives texts as long as a review.
"""

from __future__ import annotations

import gzip
import hashlib
import json
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

from models.labelled import Labelled, LabelledMention
from models.training.public_sets import Partial

__all__ = ["FURTHER", "mark", "read_further"]

FURTHER = Path(__file__).parent / "further_labels.jsonl.gz"
"""The labels that lie beside this module."""


def mark(text: str) -> str:
    """What stands for a text in the file: the first sixteen hexadecimal digits of its SHA-1."""
    return hashlib.sha1(text.encode("utf-8", "surrogatepass")).hexdigest()[:16]


def _labelled(number: int, row: dict[str, Any], text: str) -> Labelled:
    """One row with its text found."""
    return Labelled(
        id=f"further-{number}",
        text=text,
        language=row["lang"],
        set=row["set"],
        sentiment=row["sentiment"],
        emotions=tuple(row["emotions"]),
        contact=row["contact"],
        loyalty=tuple(row["loyalty"]),
        effort=row["effort"],
        repeat=row["repeat"],
        specific=row["specific"],
        mentions=tuple(LabelledMention(*mention) for mention in row["mentions"]),
    )


def read_further(rows: Iterable[Partial], path: Path = FURTHER) -> list[Labelled]:
    """Labelled reviews of the file whose texts are all among the rows of public sets.

    Args:
        rows: texts of the public sets.
        path: the labels.
    """
    with gzip.open(path, "rt", encoding="utf-8") as file:
        known: Sequence[dict[str, Any]] = [json.loads(line) for line in file]
    wanted = {part for row in known for part in row["of"]}
    texts = {key: row.text for row in rows if (key := mark(row.text)) in wanted}
    return [
        _labelled(number, row, " ".join(texts[part] for part in row["of"]))
        for number, row in enumerate(known, 1)
        if all(part in texts for part in row["of"])
    ]
