"""Public sets and what each may teach: partial labels, mapped onto the heads of the model.

Stars say less than a reader: the tables below give, for each set and rating, how often people who
read such reviews after the guide called them positive, negative, mixed or neutral. They were
counted on training reviews that stand both in the labels and in the set.
"""

from __future__ import annotations

import gzip
import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from models.labels import CONTACT, EMOTIONS, SENTIMENTS
from ugc.errors import InputError

__all__ = ["Partial", "read_contact", "read_emotion", "read_plain", "read_sentiment"]


@dataclass(frozen=True, slots=True)
class Partial:
    """A text with some labels: what a set does not annotate stays empty and is not trained."""

    text: str
    language: str
    set: str
    sentiment: tuple[float, ...] = ()
    """Share of each sentiment, in the order of the labels; empty when unknown."""
    emotions: dict[str, bool] = field(default_factory=dict)
    """Emotions that the set annotates, and whether this text shows them."""
    contact: str | None = None
    body: str = ""
    """The text without its title, where it has one: another form under which it may be known."""

    @property
    def says(self) -> bool:
        """Whether the set says anything of it; texts for a teacher alone say nothing."""
        return bool(self.sentiment or self.emotions or self.contact)


_STARS: dict[str, dict[int, tuple[float, float, float, float]]] = {
    # stars: shares of positive, negative, mixed, neutral
    "goods": {
        1: (0.01, 0.96, 0.02, 0.01),
        2: (0.02, 0.88, 0.09, 0.01),
        3: (0.03, 0.70, 0.25, 0.02),
        4: (0.28, 0.22, 0.46, 0.04),
        5: (0.88, 0.03, 0.07, 0.02),
    },
    "service": {
        1: (0.01, 0.96, 0.02, 0.01),
        2: (0.02, 0.88, 0.09, 0.01),
        3: (0.10, 0.60, 0.25, 0.05),
        4: (0.60, 0.10, 0.25, 0.05),
        5: (0.95, 0.01, 0.03, 0.01),
    },
}
_GOODS = frozenset({"wildberries", "ozon_wb", "hotel_mriya"})
_SURE = 0.96
_SENTIMENT_SHARES = {
    # «neutral» of banki_51 is three stars, which readers mostly call negative or mixed.
    ("banki_51", "neutral"): (0.13, 0.50, 0.35, 0.02),
    ("polemo_hotels", "mixed"): (0.15, 0.20, 0.64, 0.01),
    ("polemo_medicine", "mixed"): (0.10, 0.20, 0.64, 0.06),
}
_CONTACT = {
    "feature request": "suggestion",
    "information seeking": "question",
    "problem discovery": "complaint",
}


def _lines(path: Path) -> Iterator[dict[str, Any]]:
    """Objects of a gzipped JSONL file; `InputError` when it is absent or broken."""
    if not path.is_file():
        raise InputError(f"There is no file {path}.", "Give the folder with the public sets by --data.")
    try:
        with gzip.open(path, "rt", encoding="utf-8") as file:
            for line in file:
                yield json.loads(line)
    except (OSError, EOFError, ValueError) as error:
        raise InputError(f"{path} cannot be read: {error}.", "It must be JSON lines, gzipped.") from error


def _sentiment(row: dict[str, Any]) -> tuple[float, ...]:
    """Shares of the sentiments of one row of the sentiment sets."""
    name = row.get("sentiment")
    if name in SENTIMENTS:
        known = _SENTIMENT_SHARES.get((row["set"], name))
        rest = (1 - _SURE) / (len(SENTIMENTS) - 1)
        return known or tuple(_SURE if one == name else rest for one in SENTIMENTS)
    if row.get("stars") is None:
        return ()
    table = _STARS["goods" if row["set"] in _GOODS else "service"]
    return table[min(5, max(1, round(float(row["stars"]))))]


def read_sentiment(path: Path) -> list[Partial]:
    """`sentiment.jsonl.gz`: sentences, tweets and reviews with a sentiment or stars."""
    found = []
    for row in _lines(path):
        shares = _sentiment(row)
        title = row.get("title")
        text = f"{title}\n{row['text']}" if title and title not in row["text"] else row["text"]
        if shares and text.strip():
            found.append(Partial(text, row["lang"], row["set"], sentiment=shares, body=row["text"]))
    return found


def read_emotion(path: Path) -> list[Partial]:
    """`emotion.jsonl.gz`: texts with emotions; only those that the set annotates are known."""
    found = []
    for row in _lines(path):
        known = {name: name in row["emotions"] for name in EMOTIONS if name in row["emotions_known"]}
        found.append(Partial(row["text"], row["lang"], row["set"], emotions=known))
    return found


def read_contact(path: Path) -> list[Partial]:
    """`contact.jsonl.gz`: questions of bank customers, and app reviews of a few kinds."""
    found = []
    for row in _lines(path):
        name = "question" if row["set"] == "banking77" else _CONTACT.get(row["contact"])
        if row["set"] == "banking77" and not row["text"].rstrip().endswith("?"):
            name = None
        if name in CONTACT:
            found.append(Partial(row["text"], row["lang"], row["set"], contact=name))
    return found


def read_plain(path: Path) -> list[Partial]:
    """`unlabelled.jsonl.gz`, `aspect.jsonl.gz`: texts for a teacher; labels of their own are not used."""
    return [Partial(row["text"], row["lang"], row["set"], body=row["text"]) for row in _lines(path)]
