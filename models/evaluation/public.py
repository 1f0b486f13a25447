"""The public sets: which of their texts are kept for measuring, and what others published on them.

Held out by hash: a fifth of CEDR (Russian sentences with emotions), of `esg` (sentences of Russian
bank reviews) and of PolEmo (sentences of Polish reviews of hotels and of clinics), a tenth of
GoEmotions (English comments) and of every other set.
"""

from __future__ import annotations

import gzip
import hashlib
import json
from dataclasses import dataclass
from pathlib import Path

from models.labelled import normalised
from models.labels import EMOTIONS
from ugc.errors import InputError

__all__ = [
    "EMOTION",
    "FIFTHS",
    "PUBLISHED",
    "SENTIMENT",
    "SETS",
    "Published",
    "Row",
    "held_out_of_public",
    "read_set",
]

FIFTHS = frozenset({"cedr", "esg", "polemo_hotels", "polemo_medicine"})
"""Sets of which a fifth is measured and never trained on; of every other set it is a tenth."""

EMOTION, SENTIMENT = "emotion.jsonl.gz", "sentiment.jsonl.gz"
"""Files of a folder of public sets."""

SETS = {
    "cedr": EMOTION,
    "goemotions": EMOTION,
    "esg": SENTIMENT,
    "polemo_hotels": SENTIMENT,
    "polemo_medicine": SENTIMENT,
}
"""Sets that are measured, with their file."""


@dataclass(frozen=True, slots=True)
class Published:
    """A figure that others published on a set, and what makes it differ from ours."""

    set: str
    who: str
    figure: str
    value: float
    source: str
    note: str


_SPLIT = (
    "On the set's own test split, trained on its own training split only; six labels, the lack of all "
    "emotions included."
)

PUBLISHED = (
    Published(
        "cedr",
        "rubert-tiny2, fine-tuned",
        "macro-F1 with none",
        0.73,
        "huggingface.co/seara/rubert-tiny2-russian-emotion-detection-cedr",
        _SPLIT,
    ),
    Published(
        "cedr",
        "rubert-base-cased, fine-tuned",
        "macro-F1 with none",
        0.74,
        "huggingface.co/seara/rubert-base-cased-cedr-russian-emotion",
        _SPLIT,
    ),
    Published(
        "goemotions",
        "BERT base, fine-tuned",
        "macro-F1 with none",
        0.615,
        "github.com/monologg/GoEmotions-pytorch",
        "On the set's own test split; Ekman's six emotions and neutral: disgust is a label of its own, "
        "gratitude a part of joy, disappointment a part of sadness.",
    ),
)


@dataclass(frozen=True, slots=True)
class Row:
    """One text of a public set with what the set says of it."""

    text: str
    language: str
    unit: str
    sentiment: str | None
    emotions: frozenset[str]
    known: tuple[str, ...]
    """Emotions that the set annotates."""


def _number(text: str) -> int:
    """The first eight hexadecimal digits of the SHA-1 of a text."""
    return int(hashlib.sha1(text.encode("utf-8", "surrogatepass")).hexdigest()[:8], 16)


def held_out_of_public(name: str, text: str) -> bool:
    """Whether a text of a public set is kept for measuring, by the hash of the text as it stands.

    The first eight hexadecimal digits of its SHA-1, divided by five for the sets of `FIFTHS` and by
    ten for all others, leave nothing over. So the tenth that is held out of every set (residue 0 of
    `models.labelled.residue`) is part of the fifth.

    Args:
        name: name of the set, as in the column `set`.
        text: the text that would be trained on or measured.
    """
    return _number(text) % (5 if name in FIFTHS else 10) == 0


def read_set(folder: Path, name: str) -> list[Row]:
    """The texts of one set of a folder, each once; none where the folder does not hold the set.

    Raises:
        InputError: the file that holds the set cannot be read.
    """
    path = folder / SETS[name]
    if not path.is_file():
        return []
    found: dict[str, Row] = {}
    try:
        with gzip.open(path, "rt", encoding="utf-8") as file:
            for line in file:
                row = json.loads(line)
                if row["set"] == name and row["text"].strip():
                    one = Row(
                        row["text"],
                        row["lang"],
                        row.get("unit") or "text",
                        row.get("sentiment"),
                        frozenset(row.get("emotions") or ()),
                        tuple(e for e in EMOTIONS if e in (row.get("emotions_known") or ())),
                    )
                    found.setdefault(normalised(one.text), one)
    except (OSError, EOFError, ValueError, KeyError) as error:
        raise InputError(f"{path} cannot be read: {error}.", "It must be JSON lines, gzipped.") from error
    return list(found.values())
