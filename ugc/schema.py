"""Arrow schemas of the tables of the lake and of the batches that travel between the rooms."""

from __future__ import annotations

import pyarrow as pa

__all__ = [
    "ACTIONS",
    "CORRECTIONS",
    "GROUPED",
    "LABELS",
    "LIKENED",
    "MENTIONS",
    "REASONS",
    "REVIEWS",
    "RUNS",
    "SCHEMA_VERSION",
    "TAGS",
    "TIMESTAMP",
    "VECTORS",
]

SCHEMA_VERSION = 4
"""Version written into every table; `ugc.lake.migrate` knows the way from older ones."""

TIMESTAMP = pa.timestamp("us", tz="UTC")

REVIEWS = pa.schema(
    [
        pa.field("id", pa.string(), nullable=False),
        pa.field("source", pa.string(), nullable=False),
        pa.field("source_id", pa.string(), nullable=False),
        pa.field("text", pa.string(), nullable=False),
        pa.field("text_hash", pa.string(), nullable=False),
        pa.field("content_hash", pa.string(), nullable=False),
        pa.field("url", pa.string()),
        pa.field("title", pa.string()),
        pa.field("author", pa.string()),
        pa.field("date", TIMESTAMP),
        pa.field("rating", pa.float64()),
        pa.field("rating_scale", pa.float64()),
        pa.field("stars", pa.float64()),
        pa.field("company", pa.string()),
        pa.field("product", pa.string()),
        pa.field("place", pa.string()),
        pa.field("city", pa.string()),
        pa.field("language", pa.string()),
        pa.field("helpful_votes", pa.int64()),
        pa.field("reply_text", pa.string()),
        pa.field("reply_date", TIMESTAMP),
        pa.field("app_version", pa.string()),
        pa.field("verified", pa.bool_()),
        pa.field("photos_count", pa.int64()),
        pa.field("duplicate_of", pa.string()),
        pa.field("masked", pa.list_(pa.string())),
        pa.field("run_id", pa.string()),
        pa.field("first_seen", TIMESTAMP),
        pa.field("updated_at", TIMESTAMP),
    ]
)
"""One row a review. `content_hash` covers every field the source can change."""

TAGS = pa.schema(
    [
        pa.field("review_id", pa.string(), nullable=False),
        pa.field("model", pa.string(), nullable=False),
        pa.field("text_hash", pa.string(), nullable=False),
        pa.field("batch", pa.string(), nullable=False),
        pa.field("tagged_at", TIMESTAMP, nullable=False),
        pa.field("sentiment", pa.string()),
        pa.field("p_positive", pa.float32()),
        pa.field("p_negative", pa.float32()),
        pa.field("p_mixed", pa.float32()),
        pa.field("p_neutral", pa.float32()),
        pa.field("emotions", pa.list_(pa.string())),
        pa.field("contact", pa.string()),
        pa.field("contact_confidence", pa.float32()),
        pa.field("loyalty", pa.list_(pa.string())),
        pa.field("effort", pa.string()),
        pa.field("repeat", pa.bool_()),
        pa.field("specific", pa.bool_()),
        pa.field("untaggable", pa.string()),
    ]
)
"""One row a review: its current tags. `batch` ties it to its rows in MENTIONS."""

MENTIONS = pa.schema(
    [
        pa.field("review_id", pa.string(), nullable=False),
        pa.field("batch", pa.string(), nullable=False),
        pa.field("n", pa.int32(), nullable=False),
        pa.field("start", pa.int32(), nullable=False),
        pa.field("end", pa.int32(), nullable=False),
        pa.field("quote", pa.string(), nullable=False),
        pa.field("theme", pa.string(), nullable=False),
        pa.field("polarity", pa.string(), nullable=False),
        pa.field("touchpoint", pa.string(), nullable=False),
        pa.field("confidence", pa.float32(), nullable=False),
    ]
)
"""One row a mention, numbered `n` within its review. Rows whose (review_id, batch) no row of
TAGS names are left over from an interrupted or replaced tagging and are never read."""

CORRECTIONS = pa.schema(
    [
        pa.field("id", pa.string(), nullable=False),
        pa.field("review_id", pa.string(), nullable=False),
        pa.field("text_hash", pa.string(), nullable=False),
        pa.field("field", pa.string(), nullable=False),
        pa.field("start", pa.int32()),
        pa.field("end", pa.int32()),
        pa.field("theme", pa.string()),
        pa.field("value", pa.string()),
        pa.field("author", pa.string()),
        pa.field("made_at", TIMESTAMP, nullable=False),
    ]
)
"""What a person says instead of the model: `field` is sentiment, contact, theme, polarity,
touchpoint, removed or added; it holds for the text that `text_hash` names. `start`, `end` and
`theme` name a mention."""

RUNS = pa.schema(
    [
        pa.field("id", pa.string(), nullable=False),
        pa.field("kind", pa.string(), nullable=False),
        pa.field("source", pa.string()),
        pa.field("target", pa.string()),
        pa.field("started_at", TIMESTAMP, nullable=False),
        pa.field("finished_at", TIMESTAMP),
        pa.field("state", pa.string(), nullable=False),
        pa.field("reason", pa.string()),
        pa.field("counts", pa.string()),
        pa.field("cursor", pa.string()),
        pa.field("oldest", TIMESTAMP),
        pa.field("newest", TIMESTAMP),
    ]
)
"""One row a run: `kind` import, collect, reparse or tag; `state` running, complete, partial or
failed; `counts` a JSON object of whole numbers; `oldest` and `newest` the dates of the reviews that
it saw; `cursor` how far the source has been read."""

ACTIONS = pa.schema(
    [
        pa.field("id", pa.string(), nullable=False),
        pa.field("what", pa.string(), nullable=False),
        pa.field("day", pa.date32(), nullable=False),
        pa.field("filters", pa.string(), nullable=False),
        pa.field("theme", pa.string()),
        pa.field("author", pa.string()),
        pa.field("made_at", TIMESTAMP, nullable=False),
    ]
)
"""One row an action that a user took: `what` in words, since which `day`, for whom (`filters`, a JSON
object of company, product, place, city and source with lists of values, where null stands for none
given; empty for all reviews), and the `theme` it was meant to better."""

VECTORS = pa.schema(
    [
        pa.field("review_id", pa.string(), nullable=False),
        pa.field("text_hash", pa.string(), nullable=False),
        pa.field("start", pa.int32(), nullable=False),
        pa.field("end", pa.int32(), nullable=False),
        pa.field("model", pa.string(), nullable=False),
        pa.field("vector", pa.binary(), nullable=False),
    ]
)
"""One row a clause that carries a mention: its meaning as `model` reads it, one signed byte a dimension.
Mentions of one clause share it. Rows for whose (review_id, text_hash, model) there are no tags are
left over."""

REASONS = pa.schema(
    [
        pa.field("id", pa.string(), nullable=False),
        pa.field("theme", pa.string(), nullable=False),
        pa.field("polarity", pa.string(), nullable=False),
        pa.field("model", pa.string(), nullable=False),
        pa.field("centroid", pa.binary(), nullable=False),
        pa.field("members", pa.int64(), nullable=False),
        pa.field("name_ru", pa.string()),
        pa.field("name_en", pa.string()),
        pa.field("name_pl", pa.string()),
        pa.field("quote_review", pa.string()),
        pa.field("quote_start", pa.int32()),
        pa.field("quote_end", pa.int32()),
        pa.field("opened_at", TIMESTAMP, nullable=False),
        pa.field("updated_at", TIMESTAMP, nullable=False),
        pa.field("merged_into", pa.string()),
    ]
)
"""One row a reason: mentions of a theme and polarity that say the same. `centroid` is of unit length,
float32 little-endian, in the space of the vectors of `model`, and behind it lie the middles of its
cell; `members` were counted at `updated_at`;
the quote is the mention nearest the middle; `merged_into` names the reason that took it in."""

GROUPED = pa.schema(
    [
        pa.field("review_id", pa.string(), nullable=False),
        pa.field("text_hash", pa.string(), nullable=False),
        pa.field("model", pa.string(), nullable=False),
        pa.field("start", pa.int32(), nullable=False),
        pa.field("end", pa.int32(), nullable=False),
        pa.field("theme", pa.string(), nullable=False),
        pa.field("polarity", pa.string(), nullable=False),
        pa.field("reason", pa.string()),
        pa.field("similarity", pa.float32()),
    ]
)
"""One row a mention that was looked at: the `reason` it went to (null: to none) and how near it is.
`model` is that of the vectors, and so of the tags; rows for whose (review_id, text_hash, model) there
are no tags are left over."""

LABELS = pa.schema(
    [
        pa.field("id", pa.string(), nullable=False),
        pa.field("key", pa.string(), nullable=False),
        pa.field("own", pa.bool_(), nullable=False),
        pa.field("removed", pa.bool_(), nullable=False),
        pa.field("name_ru", pa.string()),
        pa.field("name_en", pa.string()),
        pa.field("name_pl", pa.string()),
        pa.field("covers_ru", pa.string()),
        pa.field("covers_en", pa.string()),
        pa.field("covers_pl", pa.string()),
        pa.field("examples_ru", pa.list_(pa.string())),
        pa.field("examples_en", pa.list_(pa.string())),
        pa.field("examples_pl", pa.list_(pa.string())),
        pa.field("threshold", pa.float64()),
        pa.field("drawing", pa.string()),
        pa.field("model", pa.string()),
        pa.field("measure", pa.binary()),
        pa.field("author", pa.string()),
        pa.field("made_at", TIMESTAMP, nullable=False),
    ]
)
"""One row an edit of a theme; the last one of a `key` holds. `own` themes are a person's, the others are
shipped with the product, and null is as shipped; `removed` takes an own theme away and gives a shipped one
its own words back. Where a theme is found by its examples, `measure` holds what clauses are compared with, as
`model` reads it, `threshold` the likeness (cosine) from which on they belong, and `drawing` names the rows of
LIKENED that came of it."""

LIKENED = pa.schema(
    [
        pa.field("drawing", pa.string(), nullable=False),
        pa.field("review_id", pa.string(), nullable=False),
        pa.field("text_hash", pa.string(), nullable=False),
        pa.field("model", pa.string(), nullable=False),
        pa.field("start", pa.int32(), nullable=False),
        pa.field("end", pa.int32(), nullable=False),
        pa.field("theme", pa.string(), nullable=False),
        pa.field("likeness", pa.float32(), nullable=False),
    ]
)
"""One row a clause that is like the examples of a theme: a mention of it beside the clause's own. Rows whose
`drawing` no edit in force names, or for whose (review_id, text_hash, model) there are no tags, are left
over. A drawing's name begins with the time of its making, `YYYYMMDDTHHMMSS` in UTC."""
