"""Which reviews: search by words and tags, page by page, with spans to highlight."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, fields
from datetime import datetime
from typing import TYPE_CHECKING, Any, Literal

from ugc.errors import InputError
from ugc.insight.choice.display import web_address
from ugc.insight.choice.filters import Filters
from ugc.insight.choice.statement import fill
from ugc.review import Mention, Tags

if TYPE_CHECKING:
    from ugc.lake import Snapshot

__all__ = ["Order", "Page", "ReviewView", "review", "search", "words_of"]

MOST_WORDS = 12
"""Words of a query beyond these are ignored."""

MOST_CHARACTERS = 400
"""Characters of a query beyond these are ignored."""

Order = Literal["newest", "oldest", "lowest", "highest", "helpful"]


@dataclass(frozen=True)
class ReviewView:
    """One review as a page shows it; `tags` is `None` while the model has not read it."""

    id: str
    source: str
    source_id: str
    url: str | None
    """http(s) only."""
    title: str | None
    text: str
    author: str | None
    date: datetime | None
    rating: float | None
    rating_scale: float | None
    stars: float | None
    company: str | None
    product: str | None
    place: str | None
    city: str | None
    language: str | None
    helpful_votes: int | None
    reply_text: str | None
    reply_date: datetime | None
    app_version: str | None
    verified: bool | None
    photos_count: int | None
    duplicate_of: str | None
    masked: tuple[str, ...]
    tags: Tags | None

    @property
    def mentions(self) -> tuple[Mention, ...]:
        """Mentions in the order of the text; spans may overlap."""
        return self.tags.mentions if self.tags else ()


@dataclass(frozen=True)
class Page:
    """One page of results and the number of all of them."""

    total: int
    rows: tuple[ReviewView, ...]


_ORDERS: dict[str, str] = {
    "newest": "r.date DESC NULLS LAST",
    "oldest": "r.date ASC NULLS LAST",
    "lowest": "r.stars ASC NULLS LAST, r.date DESC NULLS LAST",
    "highest": "r.stars DESC NULLS LAST, r.date DESC NULLS LAST",
    "helpful": "r.helpful_votes DESC NULLS LAST, r.date DESC NULLS LAST",
}

_HITS = """
SELECT r.id, count(*) OVER () AS total
FROM reviews r LEFT JOIN tags t ON t.review_id = r.id
WHERE {where}
ORDER BY {order}, r.id
LIMIT $limit OFFSET $offset
"""

_TOTAL = "SELECT count(*) AS total FROM reviews r LEFT JOIN tags t ON t.review_id = r.id WHERE {where}"

_VIEWS = """
SELECT r.id, r.source, r.source_id, r.url, r.title, r.text, r.author, r.date, r.rating, r.rating_scale,
    r.stars, r.company, r.product, r.place, r.city, r.language, r.helpful_votes, r.reply_text,
    r.reply_date, r.app_version, r.verified, r.photos_count, r.duplicate_of, r.masked,
    t.review_id AS tagged, t.sentiment, t.p_positive, t.p_negative, t.p_mixed, t.p_neutral, t.emotions,
    t.contact, t.contact_confidence, t.loyalty, t.effort, t.repeat, t.specific, t.untaggable
FROM reviews r LEFT JOIN tags t ON t.review_id = r.id
WHERE r.id IN (SELECT unnest($ids))
"""

_MENTIONS = """
SELECT review_id, start, "end", quote, theme, polarity, touchpoint, confidence
FROM mentions WHERE review_id IN (SELECT unnest($ids))
ORDER BY review_id, start, "end", n
"""

_TAG_FIELDS = ("contact", "contact_confidence", "effort", "repeat", "specific", "sentiment", "untaggable")

_WORDS = re.compile(r'"([^"]+)"|(\S+)')


def words_of(query: str) -> list[str]:
    """Words and "quoted phrases" of a query, in lower case with ё as е; at most MOST_WORDS.

    What comes after MOST_CHARACTERS is ignored.
    """
    folded = query[:MOST_CHARACTERS].lower().replace("ё", "е")
    found = [(phrase or word).strip('"') for phrase, word in _WORDS.findall(folded)]
    return [" ".join(one.split()) for one in found if one.strip()][:MOST_WORDS]


def _pattern(word: str) -> str:
    """A regular expression of exactly this word: in any case, ё as е, any white space as one.

    It takes a third of the time of folding every text first.
    """
    escaped = re.escape(word).replace("е", "[её]").replace("\\ ", r"\s+")
    return f"(?i){escaped}"


def _mentioning(wanted: Mapping[str, str | None]) -> tuple[str, dict[str, Any]] | None:
    """Condition that one and the same mention has all the labels wanted."""
    given = {column: value for column, value in wanted.items() if value}
    if not given:
        return None
    same = " AND ".join(f"{column} = $m_{column}" for column in given)
    condition = fill("r.id IN (SELECT review_id FROM mentions WHERE {same})", same=same)
    return condition, {f"m_{column}": value for column, value in given.items()}


def _where(filters: Filters, query: str, wanted: Mapping[str, Any]) -> tuple[str, dict[str, Any]]:
    """The whole condition of a search and its parameters."""
    base, params = filters.where("r")
    parts = [base]
    for column in ("sentiment", "contact"):
        if wanted[column]:
            parts.append(f"t.{column} = $t_{column}")
            params[f"t_{column}"] = wanted[column]
    for column, key in (("emotions", "emotion"), ("loyalty", "loyalty")):
        if wanted[key]:
            parts.append(f"list_contains(t.{column}, $t_{key})")
            params[f"t_{key}"] = wanted[key]
    if wanted["stars"] is not None:
        parts.append("floor(r.stars + 0.5) = $stars")
        params["stars"] = wanted["stars"]
    mentioning = _mentioning({key: wanted[key] for key in ("theme", "polarity", "touchpoint")})
    if mentioning:
        parts.append(mentioning[0])
        params |= mentioning[1]
    # Last, because reading the texts costs most.
    for place, word in enumerate(words_of(query)):
        parts.append(f"regexp_matches(r.text, $q_{place})")
        params[f"q_{place}"] = _pattern(word)
    return " AND ".join(parts), params


def _view(row: dict[str, Any], mentions: tuple[Mention, ...]) -> ReviewView:
    """A row of the lake as a page shows it."""
    tags = None
    if row.pop("tagged") is not None:
        chances = {name: row[f"p_{name}"] for name in ("positive", "negative", "mixed", "neutral")}
        tags = Tags(
            **{name: row[name] for name in _TAG_FIELDS},
            sentiment_probabilities={name: chance for name, chance in chances.items() if chance is not None},
            emotions=tuple(row["emotions"] or ()),
            loyalty=tuple(row["loyalty"] or ()),
            mentions=mentions,
        )
    shown = {
        one.name: row[one.name] for one in fields(ReviewView) if one.name not in ("tags", "url", "masked")
    }
    return ReviewView(**shown, url=web_address(row["url"]), masked=tuple(row["masked"] or ()), tags=tags)


def _views(snapshot: Snapshot, ids: list[str]) -> tuple[ReviewView, ...]:
    """Reviews by id, in the order of the ids; unknown ids are left out."""
    mentions: dict[str, list[Mention]] = defaultdict(list)
    for row in snapshot.sql(_MENTIONS, {"ids": ids}).to_pylist():
        mentions[row.pop("review_id")].append(Mention(**row))
    rows = {row["id"]: row for row in snapshot.sql(_VIEWS, {"ids": ids}).to_pylist()}
    return tuple(_view(rows[one], tuple(mentions[one])) for one in ids if one in rows)


def search(
    snapshot: Snapshot,
    filters: Filters,
    *,
    query: str = "",
    sentiment: str | None = None,
    theme: str | None = None,
    polarity: str | None = None,
    touchpoint: str | None = None,
    emotion: str | None = None,
    contact: str | None = None,
    loyalty: str | None = None,
    stars: int | None = None,
    order: Order = "newest",
    offset: int = 0,
    limit: int = 20,
) -> Page:
    """Reviews that contain all words of the query and carry all tags asked for.

    A word is found anywhere in the text, inside other words too, whatever its case and with ё as
    е; a "quoted phrase" is one word. Theme, polarity and touchpoint must belong to one mention.
    Stars are rounded to whole ones. What an order does not settle is newest first, then by id.
    Raises `InputError` for an unknown order.
    """
    if order not in _ORDERS:
        raise InputError(f"Reviews cannot be put in the order {order!r}.", f"Known: {', '.join(_ORDERS)}.")
    wanted = {
        "sentiment": sentiment,
        "theme": theme,
        "polarity": polarity,
        "touchpoint": touchpoint,
        "emotion": emotion,
        "contact": contact,
        "loyalty": loyalty,
        "stars": stars,
    }
    where, params = _where(filters, query, wanted)
    window = {"limit": max(limit, 0), "offset": max(offset, 0)}
    hits = snapshot.sql(fill(_HITS, where=where, order=_ORDERS[order]), params | window).to_pylist()
    if hits:
        return Page(hits[0]["total"], _views(snapshot, [row["id"] for row in hits]))
    # Past the last page, no row carries the total.
    return Page(snapshot.sql(fill(_TOTAL, where=where), params).to_pylist()[0]["total"], ())


def review(snapshot: Snapshot, review_id: str) -> ReviewView | None:
    """One review by its id; `None` when the lake does not hold it."""
    found = _views(snapshot, [review_id])
    return found[0] if found else None
