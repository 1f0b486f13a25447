"""What a buyer sees first: the first page of reviews at each source, newest and most helpful first.

A page is the PAGE reviews with a text that stand first. It is no sample but what is seen, so its
figures have no interval; the mean of all reviews, with its own, stands beside it. Near-copies stay,
since a buyer sees them too. Where a source tells no votes or no answers, that is `None`, not 0.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import pairwise
from typing import TYPE_CHECKING, Any, Literal

from ugc.errors import InputError
from ugc.insight.choice.counts import NO_TEXT
from ugc.insight.choice.display import web_address
from ugc.insight.choice.filters import Filters
from ugc.insight.choice.statement import fill
from ugc.insight.reviews.freshness import freshness
from ugc.insight.statistics.intervals import mean

if TYPE_CHECKING:
    from ugc.lake import Snapshot

__all__ = ["FINER", "PAGE", "Shelf", "ShelfPage", "ShelfReview", "shelf"]

PAGE = 10
"""Reviews of a first page."""

FINER = ("product", "place")
"""What shelves can be told apart by, besides source and company."""

Side = Literal["glowing", "furious"]


@dataclass(frozen=True, slots=True)
class ShelfReview:
    """One review of a page; `rank` counts from 1."""

    rank: int
    review_id: str
    date: datetime | None
    stars: float | None
    sentiment: str | None
    text: str
    """Empty where texts were not asked for."""
    url: str | None
    """http(s) only."""
    helpful_votes: int | None
    answered: bool | None
    """Whether the company answered; `None` where the source is not known to tell."""
    negative: bool | None
    """1–2 stars; without stars a negative text; `None` with neither."""
    side: Side | None
    """glowing: 5 stars, furious: 1 star; without stars a positive or negative text."""


@dataclass(frozen=True, slots=True)
class ShelfPage:
    """The first reviews in one order."""

    reviews: tuple[ShelfReview, ...]
    rated: int
    mean_stars: float | None
    judged: int
    """Reviews with stars or a sentiment: the n of `negative`."""
    negative: int | None
    clashes: tuple[int, ...]
    """Ranks of glowing reviews that stand right after a furious one."""
    answered: int | None
    """Of the page's reviews."""
    negative_answered: int | None
    """Of its negative reviews."""


@dataclass(frozen=True, slots=True)
class Shelf:
    """The shelf of one company at one source, and of one product or place where asked."""

    source: str
    company: str | None
    product: str | None
    place: str | None
    reviews: int
    """All reviews there, ratings without text included."""
    ratings: int
    mean_stars: float | None
    """Of all ratings; `low` and `high` bound it at 95 %."""
    low: float | None
    high: float | None
    read_at: datetime | None
    """When the source was last read: the shelf is as of then."""
    newest: ShelfPage
    helpful: ShelfPage | None
    """`None` where no review there comes with helpful votes."""


# Undated reviews stand after all others. A struct of numbers orders like a tuple.
_SHELVES = """
SELECT r.source, nullif(r.company, '') AS company, {product} AS product, {place} AS place,
    count(*) AS reviews, count(r.stars) AS ratings, coalesce(sum(r.stars), 0.0) AS stars,
    coalesce(sum(r.stars * r.stars), 0.0) AS squares,
    count(r.helpful_votes) FILTER (r.text_hash <> $no_text) > 0 AS votes,
    max_by(r.id, {{'day': coalesce(epoch_us(r.date), $undated), 'id': r.id}}, $page)
        FILTER (r.text_hash <> $no_text) AS newest,
    max_by(r.id, {{'votes': coalesce(r.helpful_votes, -1), 'day': coalesce(epoch_us(r.date), $undated),
                   'id': r.id}}, $page)
        FILTER (r.text_hash <> $no_text) AS helpful
FROM reviews r
WHERE {where}
GROUP BY 1, 2, 3, 4
ORDER BY 5 DESC, 1, 2, 3, 4
LIMIT $top
"""

_UNDATED = -(2**62)

_READ = ("date", "stars", "url", "helpful_votes", "reply_date", "reply_text")

_SENTIMENTS = "SELECT t.review_id, t.sentiment FROM tags t WHERE t.review_id IN (SELECT unnest($ids))"

_ANSWERING = """
SELECT DISTINCT source FROM reviews WHERE reply_date IS NOT NULL
UNION
SELECT DISTINCT source FROM reviews WHERE reply_text <> ''
"""
"""Sources that tell answers: at least one review of theirs in the whole lake has one."""


def _negative(row: Mapping[str, Any]) -> bool | None:
    """Whether a buyer takes a review for a bad one."""
    if row["stars"] is not None:
        return bool(row["stars"] <= 2)
    return None if row["sentiment"] is None else row["sentiment"] == "negative"


def _side(row: Mapping[str, Any]) -> Side | None:
    """Whether a review is all praise or all blame, to the nearest whole star."""
    if row["stars"] is not None:
        return "glowing" if row["stars"] >= 4.5 else "furious" if row["stars"] < 1.5 else None
    sides: dict[str | None, Side] = {"positive": "glowing", "negative": "furious"}
    return sides.get(row["sentiment"])


def _seen(snapshot: Snapshot, ids: Sequence[str], *, texts: bool) -> dict[str, Mapping[str, Any]]:
    """The reviews of all pages at once, with their sentiment and whether they are answered, by id."""
    if not ids:
        return {}
    tags = snapshot.sql(_SENTIMENTS, {"ids": list(ids)}).to_pylist()
    sentiments = {row["review_id"]: row["sentiment"] for row in tags}
    found: dict[str, Mapping[str, Any]] = {}
    for row in snapshot.reviews_of(ids, (*_READ, "text") if texts else _READ).to_pylist():
        answered = row["reply_date"] is not None or bool(row["reply_text"])
        more = {"sentiment": sentiments.get(row["id"]), "answered": answered}
        found[row["id"]] = {"text": ""} | row | more
    return found


def _page(ids: Sequence[str], seen: Mapping[str, Mapping[str, Any]], answers: bool) -> ShelfPage:
    """A page of these reviews in their order."""
    reviews = tuple(
        ShelfReview(
            rank=rank,
            review_id=one,
            date=seen[one]["date"],
            stars=seen[one]["stars"],
            sentiment=seen[one]["sentiment"],
            text=seen[one]["text"],
            url=web_address(seen[one]["url"]),
            helpful_votes=seen[one]["helpful_votes"],
            answered=seen[one]["answered"] if answers else None,
            negative=_negative(seen[one]),
            side=_side(seen[one]),
        )
        for rank, one in enumerate(ids, 1)
    )
    stars = [one.stars for one in reviews if one.stars is not None]
    judged = [one for one in reviews if one.negative is not None]
    bad = [one for one in judged if one.negative]
    return ShelfPage(
        reviews=reviews,
        rated=len(stars),
        mean_stars=sum(stars) / len(stars) if stars else None,
        judged=len(judged),
        negative=len(bad) if judged else None,
        clashes=tuple(
            two.rank for one, two in pairwise(reviews) if (one.side, two.side) == ("furious", "glowing")
        ),
        answered=sum(bool(one.answered) for one in reviews) if answers and reviews else None,
        negative_answered=sum(bool(one.answered) for one in bad) if answers and judged else None,
    )


def shelf(
    snapshot: Snapshot, filters: Filters, *, by: Sequence[str] = (), top: int = 20, texts: bool = True
) -> tuple[Shelf, ...]:
    """The shelves of the reviews chosen, those with the most reviews first.

    A page never mixes companies, since no source shows such a one. With `filters.until` it is the
    newest page of that day; votes and answers are always those of the last reading.

    Args:
        snapshot: the lake.
        filters: what is chosen.
        by: any of FINER: a shelf for each product, each place, or each pair of them.
        top: shelves given at most.
        texts: whether the reviews come with their texts, which takes longest in a large lake.

    Raises:
        InputError: `by` holds something else.
    """
    for one in by:
        if one not in FINER:
            raise InputError(f"Shelves cannot be told apart by {one!r}.", f"Known: {', '.join(FINER)}.")
    where, params = filters.where("r")
    finer = {one: f"nullif(r.{one}, '')" if one in by else "NULL::VARCHAR" for one in FINER}
    given = {"no_text": NO_TEXT, "undated": _UNDATED, "page": PAGE, "top": max(top, 0)}
    rows = snapshot.sql(fill(_SHELVES, where=where, **finer), params | given).to_pylist()
    ids = sorted({one for row in rows for name in ("newest", "helpful") for one in row[name] or ()})
    seen = _seen(snapshot, ids, texts=texts)
    answering = {row["source"] for row in snapshot.sql(_ANSWERING).to_pylist()} if ids else set()
    read = {one.source: one.read_at for one in freshness(snapshot, filters)}
    found = []
    for row in rows:
        answers = row["source"] in answering
        value, low, high = mean(row["ratings"], row["stars"], row["squares"], least=1.0, most=5.0) or (
            None,
            None,
            None,
        )
        found.append(
            Shelf(
                source=row["source"],
                company=row["company"],
                product=row["product"],
                place=row["place"],
                reviews=row["reviews"],
                ratings=row["ratings"],
                mean_stars=value,
                low=low,
                high=high,
                read_at=read.get(row["source"]),
                newest=_page(row["newest"] or (), seen, answers),
                helpful=_page(row["helpful"] or (), seen, answers) if row["votes"] else None,
            )
        )
    return tuple(found)
