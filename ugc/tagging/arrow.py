"""Tags as rows for the tables of the lake."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

import pyarrow as pa

from ugc.errors import ModelError
from ugc.review import Tags
from ugc.schema import MENTIONS, TAGS

__all__ = ["to_arrow"]


def to_arrow(
    reviews: pa.Table, tags: Sequence[Tags], *, model: str, batch: str, tagged_at: datetime
) -> tuple[pa.Table, pa.Table]:
    """Tags of reviews as tables of the schemas TAGS and MENTIONS.

    Args:
        reviews: the reviews that were read, with id, text and text_hash.
        tags: what the model said of each, in the same order.
        model: version of the model.
        batch: name of the batch, which ties mentions to tags.
        tagged_at: when they were read.

    Raises:
        ModelError: the answers are not one a review, or a mention is not a part of its text.
    """
    if len(tags) != reviews.num_rows:
        raise ModelError(
            f"The model {model} answered {len(tags)} times for {reviews.num_rows} reviews.",
            "Use the shipped model bundle, or mend that one.",
        )
    of_review: list[dict[str, Any]] = []
    mentions: list[dict[str, Any]] = []
    for review, one in zip(reviews.select(["id", "text", "text_hash"]).to_pylist(), tags, strict=True):
        of_review.append(
            {
                "review_id": review["id"],
                "model": model,
                "text_hash": review["text_hash"],
                "batch": batch,
                "tagged_at": tagged_at,
                "sentiment": one.sentiment,
                **{f"p_{name}": p for name, p in one.sentiment_probabilities.items()},
                "emotions": list(one.emotions),
                "contact": one.contact,
                "contact_confidence": one.contact_confidence,
                "loyalty": list(one.loyalty),
                "effort": one.effort,
                "repeat": one.repeat,
                "specific": one.specific,
                "untaggable": one.untaggable,
            }
        )
        mentions += _mentions(review["id"], review["text"], one, model, batch)
    return pa.Table.from_pylist(of_review, schema=TAGS), pa.Table.from_pylist(mentions, schema=MENTIONS)


def _mentions(review: str, text: str, tags: Tags, model: str, batch: str) -> list[dict[str, Any]]:
    """The rows of the mentions of one review; `ModelError` for a quote that is not in its place."""
    rows = []
    for n, one in enumerate(tags.mentions):
        if text[one.start : one.end] != one.quote or not one.quote:
            raise ModelError(
                f"The model {model} quotes what the review {review} does not say at {one.start}.",
                "Use the shipped model bundle, or mend that one.",
            )
        rows.append(
            {
                "review_id": review,
                "batch": batch,
                "n": n,
                "start": one.start,
                "end": one.end,
                "quote": one.quote,
                "theme": one.theme,
                "polarity": one.polarity,
                "touchpoint": one.touchpoint,
                "confidence": one.confidence,
            }
        )
    return rows
