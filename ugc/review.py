"""The nouns of the product: a review, what the model reads in it, and its mentions."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

__all__ = ["Mention", "Polarity", "Review", "Sentiment", "Tags", "review_id", "text_hash"]

Sentiment = Literal["positive", "negative", "mixed", "neutral"]
Polarity = Literal["positive", "negative", "neutral"]


def review_id(source: str, source_id: str) -> str:
    """Key of a review: 20 hexadecimal digits of the SHA-1 of its source and its id there."""
    return hashlib.sha1(f"{source}\x1f{source_id}".encode("utf-8", "surrogatepass")).hexdigest()[:20]


def text_hash(text: str) -> str:
    """Sixteen hexadecimal digits of the SHA-1 of a text; tags are current while it is the same."""
    return hashlib.sha1(text.encode("utf-8", "surrogatepass")).hexdigest()[:16]


class Review(BaseModel):
    """One public review, cleaned: no personal data, pseudonymous author, one text.

    `None` means that the source says nothing; it is never replaced by zero or "".
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    id: str = Field(description="review_id(source, source_id)")
    source: str = Field(description="name of the site or file it comes from, e.g. banki_ru")
    source_id: str = Field(description="its id at the source, or a hash of its content")
    text: str = Field(description="all the customer wrote: title, body, pros and cons; may be empty")
    url: str | None = Field(None, description="http(s) address of the review")
    title: str | None = Field(None, description="the title alone; the text already begins with it")
    author: str | None = Field(None, description="salted pseudonym, 16 hexadecimal digits")
    date: datetime | None = Field(None, description="when it was written, UTC")
    rating: float | None = Field(None, description="as the source gave it")
    rating_scale: float | None = Field(None, description="the best rating of that scale")
    stars: float | None = Field(None, ge=1, le=5, description="rating mapped linearly to 1…5")
    company: str | None = None
    product: str | None = None
    place: str | None = None
    city: str | None = None
    language: str | None = Field(None, description="ISO 639-1; 'und' when it cannot be told")
    helpful_votes: int | None = None
    reply_text: str | None = Field(None, description="the company's answer")
    reply_date: datetime | None = None
    app_version: str | None = None
    verified: bool | None = Field(None, description="the source vouches for the purchase")
    photos_count: int | None = None
    duplicate_of: str | None = Field(None, description="id of an earlier review with nearly this text")
    masked: tuple[str, ...] = Field((), description="kinds of personal data masked, one entry each")


@dataclass(frozen=True, slots=True)
class Mention:
    """One clause that raises a theme: `text[start:end] == quote`."""

    start: int
    end: int
    quote: str
    theme: str
    polarity: Polarity
    touchpoint: str
    confidence: float
    """Calibrated probability of theme with polarity, 0…1."""


@dataclass(frozen=True, slots=True)
class Tags:
    """What the model reads in one review.

    Probabilities are in 0…1. `untaggable` names why a text could not be read (for instance
    "empty"); every other signal is then `None` or empty.
    """

    sentiment: Sentiment | None = None
    sentiment_probabilities: dict[str, float] = field(default_factory=dict)
    emotions: tuple[str, ...] = ()
    emotion_probabilities: dict[str, float] = field(default_factory=dict)
    contact: str | None = None
    contact_confidence: float | None = None
    loyalty: tuple[str, ...] = ()
    effort: str | None = None
    repeat: bool | None = None
    specific: bool | None = None
    mentions: tuple[Mention, ...] = ()
    untaggable: str | None = None
