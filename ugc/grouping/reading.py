"""What grouping reads of the lake: samples of cells, mentions in a stream, reasons and their sizes."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any, NamedTuple

import pyarrow as pa

if TYPE_CHECKING:
    from ugc.lake import Snapshot

__all__ = [
    "EVERY",
    "IN",
    "LEFT",
    "NEW",
    "Key",
    "Sampled",
    "cells",
    "held",
    "quotes",
    "ready",
    "sample",
    "standing",
    "stream",
    "unnamed",
]

NEW = "NOT m.looked_at"
"""Mentions that no grouping has looked at."""

LEFT = "m.looked_at AND m.reason IS NULL"
"""Mentions that belong to no reason."""

EVERY = "true"

IN = "concat(m.theme, chr(9), m.polarity) IN (SELECT unnest($cells))"
"""Mentions of some cells, each as theme and polarity with a tab between."""

_CELLS = """
SELECT t.model, m.theme, m.polarity, count(*) AS mentions,
    count(*) FILTER (NOT m.looked_at) AS new,
    count(*) FILTER (m.looked_at AND m.reason IS NULL) AS unassigned
FROM reasoned m JOIN tags t ON t.key = m.key
GROUP BY ALL ORDER BY ALL
"""

# Drawn by hash: the same mentions each time, whatever order the files are in, and most of them still
# when more have come.
_DRAWN = """
drawn AS MATERIALIZED (
    SELECT m.key, m.review_id, m.start, m."end", m.theme, m.polarity, m.confidence, m.reason,
        t.model, t.text_hash, hash(m.review_id, m.start, m."end") AS lot
    FROM reasoned m JOIN tags t ON t.key = m.key
    WHERE {which}
    QUALIFY row_number() OVER (PARTITION BY t.model, m.theme, m.polarity{also}
        ORDER BY hash(m.review_id, m.start, m."end"), m.review_id, m.start, m."end") <= $most
)
"""

_SAMPLE = """
WITH {drawn}
SELECT d.review_id, d.start, d."end", d.theme, d.polarity, d.confidence, d.reason, d.model, d.text_hash,
    r.language, v.vector
FROM drawn d JOIN reviews r ON r.key = d.key
JOIN vectors v ON v.key = d.key AND v.start = d.start AND v."end" = d."end"
ORDER BY d.model, d.theme, d.polarity, d.lot, d.review_id, d.start, d."end"
"""

_STREAM = """
SELECT m.review_id, t.text_hash, t.model, m.start, m."end", m.theme, m.polarity, r.language, v.vector
FROM reasoned m JOIN tags t ON t.key = m.key JOIN reviews r ON r.key = m.key
JOIN vectors v ON v.key = m.key AND v.start = m.start AND v."end" = m."end"
WHERE {which}
"""

_READY = """
SELECT t.model, m.theme, m.polarity, count(*) AS mentions
FROM reasoned m JOIN tags t ON t.key = m.key
SEMI JOIN vectors v ON v.key = m.key AND v.start = m.start AND v."end" = m."end"
WHERE {which}
GROUP BY ALL ORDER BY ALL
"""

_QUOTES = """
SELECT r.id, r.language, r.text FROM reviews r WHERE r.id IN (SELECT unnest($ids))
"""

_HELD = """
SELECT e.*, coalesce(c.mentions, 0) AS now
FROM reasons e LEFT JOIN (SELECT reason, count(*) AS mentions FROM reasoned GROUP BY 1) c ON c.reason = e.id
ORDER BY e.id
"""


class Key(NamedTuple):
    """A cell: what is grouped together. Vectors of different models cannot be compared."""

    model: str
    theme: str
    polarity: str


class Sampled(NamedTuple):
    """Mentions of one cell, with their vectors as bytes."""

    rows: list[dict[str, Any]]
    vectors: list[bytes]

    @property
    def languages(self) -> list[str | None]:
        """Language of each."""
        return [row["language"] for row in self.rows]


def _key(row: dict[str, Any]) -> Key:
    return Key(row["model"], row["theme"], row["polarity"])


def cells(snapshot: Snapshot) -> dict[Key, dict[str, int]]:
    """How many mentions each cell has, how many of them are new, how many belong to no reason."""
    found = snapshot.sql(_CELLS).to_pylist()
    return {_key(row): {name: row[name] for name in ("mentions", "new", "unassigned")} for row in found}


def ready(snapshot: Snapshot, which: str) -> dict[Key, int]:
    """How many mentions of each cell a condition chooses that have vectors; no cell without any."""
    found = snapshot.sql(_READY.format(which=which)).to_pylist()
    return {_key(row): row["mentions"] for row in found}


def sample(
    snapshot: Snapshot, which: str, most: int, *, by_reason: bool = False, **params: Any
) -> dict[Key, Sampled]:
    """At most `most` mentions of each cell (with `by_reason`, of each of its reasons), with vectors.

    `which` is a condition on `reasoned AS m` and `tags AS t`; one of this package's own constants.
    """
    drawn = _DRAWN.format(which=which, also=", m.reason" if by_reason else "")
    rows = snapshot.sql(_SAMPLE.format(drawn=drawn), {"most": most, **params}).to_pylist()
    found: dict[Key, Sampled] = {}
    for row in rows:
        one = found.setdefault(_key(row), Sampled([], []))
        one.vectors.append(row.pop("vector"))
        one.rows.append(row)
    return found


def stream(snapshot: Snapshot, which: str, **params: Any) -> Iterator[pa.RecordBatch]:
    """All mentions that a condition chooses, with their vectors, some thousands at a time."""
    return snapshot.batches(_STREAM.format(which=which), params)


def held(snapshot: Snapshot) -> list[dict[str, Any]]:
    """All reasons as they are kept, each with the mentions that belong to it `now`."""
    rows: list[dict[str, Any]] = snapshot.sql(_HELD).to_pylist()
    return rows


def quotes(snapshot: Snapshot, ids: list[str]) -> dict[str, tuple[str | None, str]]:
    """Language and text of reviews."""
    found = snapshot.sql(_QUOTES, {"ids": ids})
    return {row["id"]: (row["language"], row["text"]) for row in found.to_pylist()}


def standing(snapshot: Snapshot) -> int:
    """Number of reasons that are not merged into others."""
    found = snapshot.sql("SELECT count(*) AS n FROM reasons WHERE merged_into IS NULL")
    return int(found.column(0)[0].as_py())


def unnamed(snapshot: Snapshot) -> bool:
    """Whether there are reasons that a run which was broken off left without a quote.

    A reason that nobody gives any longer has none and needs none.
    """
    found = snapshot.sql(
        "SELECT 1 FROM reasons WHERE quote_review IS NULL AND merged_into IS NULL "
        "AND id IN (SELECT reason FROM reasoned) LIMIT 1"
    )
    return bool(found.num_rows)
