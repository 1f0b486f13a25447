"""The views that queries see, as SQL for DuckDB.

Columns are of two kinds. Narrow ones are held in memory after their first use. Wide ones (texts,
quotes, addresses) are read from the files when a query names them, so that a lake of a million
reviews does not need the memory for all their texts.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

import pyarrow as pa

from ugc.lake.store import TABLES
from ugc.review import text_hash

__all__ = [
    "CURRENT_MENTIONS",
    "CURRENT_TAGS",
    "CURRENT_VECTORS",
    "DERIVED",
    "FIXED_MENTIONS",
    "JUDGED",
    "LIKE_EXAMPLES",
    "NARROW_MENTIONS",
    "RAISES",
    "REASONED",
    "STANCES",
    "UNHELD",
    "WIDE",
    "Need",
    "columns",
    "need",
    "raw",
    "select",
]

WIDE: dict[str, frozenset[str]] = {
    "reviews": frozenset(
        {"source_id", "text", "content_hash", "url", "title", "reply_text", "masked", "run_id"}
    ),
    "mentions": frozenset({"quote"}),
}
"""Columns that are read from the files each time they are asked for."""

DERIVED = ("judged", "reasoned", "raises", "stances")
"""Views that no table stands behind."""

UNHELD = frozenset({"vectors", "grouped", "likened"})
"""Tables that are read from the files each time: large, and seldom asked for more than once."""

_TYPES = {
    pa.string(): "VARCHAR",
    pa.float64(): "DOUBLE",
    pa.float32(): "FLOAT",
    pa.int64(): "BIGINT",
    pa.int32(): "INTEGER",
    pa.bool_(): "BOOLEAN",
    pa.binary(): "BLOB",
    pa.date32(): "DATE",
    pa.list_(pa.string()): "VARCHAR[]",
    pa.timestamp("us", tz="UTC"): "TIMESTAMPTZ",
}

_WORD = re.compile(r"[a-z_]\w*")
_STAR = re.compile(r"(?:\bselect|\bdistinct|,|\.)\s*\*")
_IMPLICIT_STAR = re.compile(r"(?:^|[(;])\s*from\b|\b(?:columns|describe|summarize|pivot|unpivot|table)\b")


@dataclass(frozen=True, slots=True)
class Need:
    """What a query needs: tables by name, and of which of them also the wide columns."""

    tables: frozenset[str]
    wide: frozenset[str]


def need(query: str) -> Need:
    """The tables a query names, and those of which it wants wide columns.

    A column can only be asked for by its name or by a star, so looking for words is exact up to
    asking for too much.
    """
    text = query.lower()
    words = set(_WORD.findall(text))
    tables = frozenset(name for name in (*TABLES, *DERIVED) if name in words)
    star = bool(_STAR.search(text) or _IMPLICIT_STAR.search(text))
    return Need(tables, frozenset(name for name in WIDE if name in tables and (star or words & WIDE[name])))


def columns(name: str, *, wide: bool = True) -> list[str]:
    """Quoted names of the columns of a table, without the wide ones if so wished."""
    left_out = frozenset() if wide else WIDE.get(name, frozenset())
    return [f'"{field.name}"' for field in TABLES[name] if field.name not in left_out]


def select(listed: Iterable[str], source: str) -> str:
    """A query for columns of a table or another query; both are our own words, never a user's."""
    return " ".join(("SELECT", ", ".join(listed), "FROM", source))


def raw(name: str, files: list[str]) -> str:
    """A query for all rows in the files of a table.

    It begins with no row of the right types: there may be no file, and files from before a column
    was added lack it.
    """
    typed = ", ".join(f'NULL::{_TYPES[field.type]} AS "{field.name}"' for field in TABLES[name])
    query = f"SELECT {typed} WHERE false"
    if files:
        listed = ", ".join("'" + path.replace("'", "''") + "'" for path in files)
        query += " UNION ALL BY NAME " + select("*", f"read_parquet([{listed}], union_by_name = true)")
    return select(columns(name), f"({query})")


CURRENT_TAGS = """
SELECT r.key, t.* REPLACE (
  coalesce(s.value, t.sentiment) AS sentiment, coalesce(c.value, t.contact) AS contact
)
FROM raw.tags t
JOIN held.reviews r ON r.id = t.review_id AND r.text_hash = t.text_hash
LEFT JOIN held.fixes s ON s.review_id = t.review_id AND s.field = 'sentiment'
LEFT JOIN held.fixes c ON c.review_id = t.review_id AND c.field = 'contact'
"""
"""Tags of the texts as they are, with the sentiment and contact that a person gave."""

CURRENT_MENTIONS = """
SELECT {columns}
FROM {said} m
JOIN held.tags t ON t.review_id = m.review_id AND t.batch = m.batch
{but} JOIN (SELECT DISTINCT review_id AS fixed FROM held.fixes WHERE start IS NOT NULL) f
  ON f.fixed = m.review_id
"""
"""Mentions of current tags: with `but` = ANTI those of reviews nobody corrected, with SEMI the others. What
is `said` lies in raw.mentions, or is like the examples of a theme and lies in held.like_examples."""

LIKE_EXAMPLES = """
WITH l AS (
  SELECT t.review_id, t.batch, l."start", l."end", l.theme, l.likeness
  FROM raw.likened l
  SEMI JOIN held.drawings d ON d.drawing = l.drawing
  JOIN held.tags t ON t.review_id = l.review_id AND t.text_hash = l.text_hash AND t.model = l.model
),
m AS (SELECT m.* FROM raw.mentions m SEMI JOIN l ON l.review_id = m.review_id AND l.batch = m.batch),
ends AS (SELECT review_id, max(n) AS n FROM m GROUP BY 1),
clause AS (
  SELECT review_id, "start", "end", list(theme) AS themes, arg_max(n, (confidence, -n)) AS n
  FROM m GROUP BY ALL
)
SELECT l.review_id, l.batch,
  (e.n + row_number() OVER (PARTITION BY l.review_id ORDER BY l."start", l."end", l.theme))::INTEGER AS n,
  l."start", l."end", m.quote, l.theme, m.polarity, m.touchpoint, l.likeness AS confidence
FROM l
JOIN clause c ON c.review_id = l.review_id AND c."start" = l."start" AND c."end" = l."end"
  AND NOT list_contains(c.themes, l.theme)
JOIN m ON m.review_id = c.review_id AND m.n = c.n
JOIN ends e ON e.review_id = l.review_id
"""
"""Mentions that clauses of current tags are because they are like the examples of a theme which the model did
not find there. Polarity and touchpoint are those of the clause's surest own mention."""

FIXED_MENTIONS = """
SELECT {columns} FROM held.fixed_mentions m JOIN held.tags t ON t.review_id = m.review_id
"""
"""Mentions of the reviews whose mentions a person corrected."""

JUDGED = """
SELECT r.key, r.id, r.date, r.stars, r.company, r.product, r.place, r.source, r.city, r.language,
    r.app_version, r.author, r.duplicate_of, r.text_hash = 'no text' AS without_text,
    t.sentiment, t.review_id IS NOT NULL AS was_read
FROM held.reviews r LEFT JOIN held.tags t ON t.key = r.key
""".replace("no text", text_hash(""))
"""Every review with what its text says on the whole, so that nobody who counts has to join the two."""

RAISES = """
SELECT key, theme, polarity, count(*)::INTEGER AS mentions FROM held.mentions GROUP BY ALL
"""
"""One row for each theme and polarity that a review raises."""

STANCES = """
SELECT key, theme, touchpoint,
    bit_or(CASE polarity WHEN 'positive' THEN 1 WHEN 'negative' THEN 2 ELSE 0 END)::TINYINT AS stance
FROM held.mentions GROUP BY ALL
"""
"""One row for each theme at a touchpoint that a review raises: praised 1, blamed 2, both 3, neither 0."""

CURRENT_VECTORS = """
SELECT t.key, v.* FROM raw.vectors v
JOIN held.tags t ON t.review_id = v.review_id AND t.text_hash = v.text_hash AND t.model = v.model
"""
"""Vectors by the model, and of the text, of the current tags."""

REASONED = """
WITH g AS (
  SELECT t.key, g."start", g."end", g.theme, g.polarity, g.reason, g.similarity
  FROM raw.grouped g
  JOIN held.tags t ON t.review_id = g.review_id AND t.text_hash = g.text_hash AND t.model = g.model
)
SELECT m.key, {columns}, e.reason, CASE WHEN e.reason IS NOT NULL THEN g.similarity END AS similarity,
  g.key IS NOT NULL AS looked_at
FROM held.mentions m
LEFT JOIN g ON g.key = m.key AND g."start" = m."start" AND g."end" = m."end" AND g.theme = m.theme
  AND g.polarity = m.polarity
LEFT JOIN held.ends e ON e.id = g.reason
"""
"""Current mentions with the reason that theirs has become by merging, where they have one."""

NARROW_MENTIONS = [one for one in columns("mentions", wide=False) if one != '"batch"']
"""Columns of mentions that `reasoned` has as well."""
