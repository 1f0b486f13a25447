"""Which reviews: search by words and tags, page by page, with spans to highlight."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import datetime
from typing import TYPE_CHECKING, Any, Literal

from ugc.errors import InputError
from ugc.insight.choice.display import web_address
from ugc.insight.choice.filters import Filters
from ugc.insight.choice.statement import fill
from ugc.insight.doubt.doubts import doubtful
from ugc.insight.reviews.given import become
from ugc.insight.reviews.query import conditions
from ugc.review import Mention, Tags

if TYPE_CHECKING:
    from ugc.lake import Snapshot

__all__ = ["Order", "Page", "ReviewView", "review", "reviews_by_id", "search"]

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


_SHOWN = tuple(one.name for one in fields(ReviewView) if one.name not in ("id", "tags"))
"""Columns of a review that a page shows."""


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
WITH hits AS MATERIALIZED (SELECT r.id, r.date, r.stars, r.helpful_votes FROM reviews r WHERE {where})
SELECT r.id, (SELECT count(*) FROM hits) AS total
FROM hits r
ORDER BY {order}, r.id
LIMIT $limit OFFSET $offset
"""

_TOTAL = "SELECT count(*) AS total FROM reviews r WHERE {where}"


_TAGS = """
SELECT review_id, sentiment, p_positive, p_negative, p_mixed, p_neutral, emotions,
    contact, contact_confidence, loyalty, effort, repeat, specific, untaggable
FROM tags WHERE review_id IN (SELECT unnest($ids))
"""

_MENTIONS = """
SELECT review_id, start, "end", theme, polarity, touchpoint, confidence
FROM mentions WHERE review_id IN (SELECT unnest($ids))
ORDER BY review_id, start, "end", n
"""

_TAG_FIELDS = ("contact", "contact_confidence", "effort", "repeat", "specific", "sentiment", "untaggable")


def _met(key: str) -> dict[str, str]:
    """Column by which reviews meet their tags and mentions, as it is called on both sides."""
    return {"key": key, "inner": "key" if key == "key" else "review_id"}


def _mentioning(key: str, wanted: Mapping[str, Any]) -> tuple[str, dict[str, Any]] | None:
    """Condition that one and the same mention has all the labels wanted."""
    given = {column: wanted[column] for column in ("theme", "polarity", "touchpoint") if wanted[column]}
    if not given:
        return None
    same = " AND ".join(f"{column} = $m_{column}" for column in given)
    inner = "key" if key == "key" else "review_id"
    condition = fill(
        "r.{key} IN (SELECT {inner} FROM mentions WHERE {same})", key=key, inner=inner, same=same
    )
    return condition, {f"m_{column}": value for column, value in given.items()}


def _tagged(key: str, wanted: Mapping[str, Any]) -> tuple[str, dict[str, Any]] | None:
    """Condition that the tags of the whole review are those wanted."""
    parts, params = [], {}
    for column in ("sentiment", "contact", "effort", "repeat"):
        if wanted[column] is not None:
            parts.append(f"t.{column} = $t_{column}")
            params[f"t_{column}"] = wanted[column]
    for column, name in (("emotions", "emotion"), ("loyalty", "loyalty")):
        if wanted[name]:
            parts.append(f"list_contains(t.{column}, $t_{name})")
            params[f"t_{name}"] = wanted[name]
    if not parts:
        return None
    every = " AND ".join(parts)
    condition = fill("r.{key} IN (SELECT t.{inner} FROM tags t WHERE {every})", **_met(key), every=every)
    return condition, params


def _where(
    snapshot: Snapshot, filters: Filters, query: str, wanted: Mapping[str, Any]
) -> tuple[str, dict[str, Any]]:
    """The whole condition of a search and its parameters."""
    base, params = filters.where("r")
    parts, (said, words) = [base], conditions(query)
    # The numbers of the reviews are known where no text is asked for, and quicker to meet than ids.
    key = "id" if said else "key"
    for found in (_tagged(key, wanted), _mentioning(key, wanted)):
        if found:
            parts.append(found[0])
            params |= found[1]
    if wanted["reason"]:
        parts.append(fill("r.{key} IN (SELECT {inner} FROM reasoned WHERE reason = $reason)", **_met(key)))
        params["reason"] = become(snapshot, wanted["reason"])
    if wanted["stars"] is not None:
        parts.append("floor(r.stars + 0.5) = $stars")
        params["stars"] = wanted["stars"]
    if wanted["author"]:
        parts.append("r.author = $author")
        params["author"] = wanted["author"]
    if wanted["credible"]:
        among = "IN" if wanted["credible"] == "doubtful" else "NOT IN"
        parts.append(f"r.id {among} (SELECT unnest($doubtful))")
        params["doubtful"] = list(doubtful(snapshot))
    # Last, because reading the texts costs most.
    return " AND ".join([*parts, *said]), params | words


def _tags(row: dict[str, Any], mentions: tuple[Mention, ...]) -> Tags:
    """What the model, or a person, says of a review."""
    chances = {name: row[f"p_{name}"] for name in ("positive", "negative", "mixed", "neutral")}
    return Tags(
        **{name: row[name] for name in _TAG_FIELDS},
        sentiment_probabilities={name: chance for name, chance in chances.items() if chance is not None},
        emotions=tuple(row["emotions"] or ()),
        loyalty=tuple(row["loyalty"] or ()),
        mentions=mentions,
    )


def reviews_by_id(snapshot: Snapshot, ids: Sequence[str]) -> tuple[ReviewView, ...]:
    """Reviews by id, in the order of the ids; unknown ids are left out."""
    rows = {row["id"]: row for row in snapshot.reviews_of(ids, _SHOWN).to_pylist()}
    given = {"ids": list(rows)}
    tags = {row["review_id"]: row for row in snapshot.sql(_TAGS, given).to_pylist()} if rows else {}
    mentions: dict[str, list[Mention]] = defaultdict(list)
    for row in snapshot.sql(_MENTIONS, given).to_pylist() if tags else ():
        own = row.pop("review_id")
        # The quote is the text at its place: to look for it in the files of the mentions takes longer.
        said = rows[own]["text"][row["start"] : row["end"]]
        mentions[own].append(Mention(**row, quote=said))
    found = []
    for one in ids:
        if one in rows:
            row = rows[one]
            shown = {name: row[name] for name in ("id", *_SHOWN)}
            shown |= {"url": web_address(row["url"]), "masked": tuple(row["masked"] or ())}
            read = _tags(tags[one], tuple(mentions[one])) if one in tags else None
            found.append(ReviewView(**shown, tags=read))
    return tuple(found)


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
    effort: str | None = None,
    repeat: bool | None = None,
    stars: int | None = None,
    author: str | None = None,
    credible: Literal["doubtful", "credible"] | None = None,
    reason: str | None = None,
    order: Order = "newest",
    offset: int = 0,
    limit: int = 20,
) -> Page:
    """Reviews that the query finds and that carry all tags asked for.

    How a query is written and what it finds stands in `ugc.insight.reviews.query`. Theme, polarity
    and touchpoint must belong to one mention. `reason` is the id of a concrete reason, which may have
    been merged into another since; nobody gives one that the lake does not know. Stars are rounded to
    whole ones; `author` is a pseudonym; `credible` keeps the doubtful reviews of
    `ugc.insight.credibility`, or all others, and the first to ask a snapshot for it waits while all
    texts are read. What an order does not settle is newest first, then by id. Raises `InputError` for
    an unknown order.
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
        "effort": effort,
        "repeat": repeat,
        "stars": stars,
        "author": author,
        "credible": credible,
        "reason": reason,
    }
    where, params = _where(snapshot, filters, query, wanted)
    window = {"limit": max(limit, 0), "offset": max(offset, 0)}
    hits = snapshot.sql(fill(_HITS, where=where, order=_ORDERS[order]), params | window).to_pylist()
    if hits:
        return Page(hits[0]["total"], reviews_by_id(snapshot, [row["id"] for row in hits]))
    if not window["offset"]:
        return Page(0, ())
    # Past the last page, no row carries the total.
    return Page(snapshot.sql(fill(_TOTAL, where=where), params).to_pylist()[0]["total"], ())


def review(snapshot: Snapshot, review_id: str) -> ReviewView | None:
    """One review by its id; `None` when the lake does not hold it."""
    found = reviews_by_id(snapshot, [review_id])
    return found[0] if found else None
