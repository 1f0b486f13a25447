"""Vectors of clauses, reasons, and which mention went to which of them.

Reasons are written before the rows that name them: whatever stops the writer in between leaves
reasons without members. Both are keyed, so writing twice changes nothing.
"""

from __future__ import annotations

from collections.abc import Iterable

import pyarrow as pa

from ugc.lake.keyed import last, upsert, values
from ugc.lake.rows import conform, of_texts, rows_of
from ugc.lake.store import Store
from ugc.schema import GROUPED, REASONS, VECTORS

__all__ = ["GROUPED_KEY", "UNGROUPED", "UNVECTORED", "VECTORS_KEY", "ends", "write", "write_vectors"]

VECTORS_KEY = ("review_id", "start", "end", "model")
GROUPED_KEY = ("review_id", "start", "end", "theme", "polarity")

UNGROUPED = """
SELECT m.review_id, t.text_hash, t.model, r.language, m."start", m."end", m.theme, m.polarity, m.confidence,
  v.vector
FROM mentions m
JOIN tags t ON t.review_id = m.review_id
JOIN reviews r ON r.id = m.review_id
ANTI JOIN grouped g ON g.review_id = m.review_id AND g."start" = m."start" AND g."end" = m."end"
  AND g.theme = m.theme AND g.polarity = m.polarity AND g.text_hash = t.text_hash AND g.model = t.model
LEFT JOIN vectors v ON v.review_id = m.review_id AND v."start" = m."start" AND v."end" = m."end"
ORDER BY r.date NULLS FIRST, m.review_id, m."start", m."end", m.theme, m.polarity
LIMIT $limit
"""

UNVECTORED = """
SELECT r.id, r.text, r.text_hash, r.language, d.spans
FROM reviews r JOIN (
  SELECT m.review_id, list(DISTINCT {'start': m."start", 'end': m."end"}) AS spans
  FROM mentions m
  JOIN tags t ON t.review_id = m.review_id AND t.model = $model
  ANTI JOIN vectors v ON v.review_id = m.review_id AND v."start" = m."start" AND v."end" = m."end"
  GROUP BY m.review_id ORDER BY m.review_id LIMIT $limit
) d ON d.review_id = r.id
ORDER BY r.id
"""


def write_vectors(store: Store, vectors: pa.Table) -> int:
    """Writes vectors (schema VECTORS) of texts that the lake holds; gives the number written.

    Vectors that are there are not written again.

    Raises:
        ValueError: the table has another shape.
        LakeError: the lake cannot be written.
    """
    vectors = of_texts(store, last(conform(vectors, VECTORS), VECTORS_KEY))
    return upsert(store, "vectors", vectors, VECTORS_KEY)


def write(store: Store, reasons: pa.Table, grouped: pa.Table) -> int:
    """Writes reasons (schema REASONS), then what went to them (GROUPED); gives rows of both written.

    Left out is what is of a text that the lake does not hold, and what is there as it is.

    Raises:
        ValueError: a table has another shape, or names a reason that there is not.
        LakeError: the lake cannot be written.
    """
    reasons = last(conform(reasons, REASONS), ("id",))
    grouped = of_texts(store, last(conform(grouped, GROUPED), GROUPED_KEY))
    named = {*values(grouped["reason"]), *values(reasons["merged_into"])} - {*values(reasons["id"])}
    table = store.open("reasons")
    with store.telling("reasons"):
        known = {*values(rows_of(store, table, "id", sorted(named), ["id"])["id"])}
    if named - known:
        raise ValueError(f"there is no reason {min(named - known)}")
    done = upsert(store, "reasons", reasons, ("id",))
    return done + upsert(store, "grouped", grouped, GROUPED_KEY)


def ends(merged: Iterable[tuple[str, str | None]]) -> dict[str, str]:
    """The reason that each has become in the end, itself where it was never merged.

    Args:
        merged: ids of all reasons, each with the one that it was merged into. A circle, which no
            writer of ours makes, ends where it would close.
    """
    into = dict(merged)
    found = {}
    for start in into:
        seen = [start]
        while (ahead := into.get(seen[-1])) is not None and ahead in into and ahead not in seen:
            seen.append(ahead)
        found[start] = seen[-1]
    return found
