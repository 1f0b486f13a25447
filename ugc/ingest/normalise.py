"""Records of any source as rows of the lake: one text, one date in UTC, stars, no personal data.

A record is a dictionary of the common record's fields as a site or a file gives them: source,
source_id, url, author, author_id, date, rating, rating_scale, title, text, pros, cons, company,
product, place, city, language, helpful_votes, reply_text, reply_date, app_version, verified,
photos_count; also recommended, time, bought_at, edited_at, collected_at, author_mail. Every field
may be absent.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

import pyarrow as pa

from ugc.ingest import ratings
from ugc.ingest.cells import flag, is_blank, label, version, whole
from ugc.ingest.cells import person as who_wrote
from ugc.ingest.cells import scale as best_of
from ugc.ingest.dates import Dates, Moment, UnreadDate
from ugc.ingest.duplicates import NearDuplicates
from ugc.ingest.identity import content_hash, content_id, date_key, plain_id, slug
from ugc.ingest.languages import code
from ugc.ingest.summary import ImportSummary
from ugc.ingest.wording import TooLong, compose, said
from ugc.review import review_id, text_hash
from ugc.schema import REVIEWS
from ugc.text.links import public_address
from ugc.text.privacy import mask, names_person, pseudonym

__all__ = ["BATCH", "Context", "Entry", "Rejected", "normalise"]

BATCH = 4000
"""Reviews of a batch at most."""

_HEAVY = 16_000_000
"""Signs of a batch's texts at most, about."""


class Rejected(ValueError):
    """A record that is no review; the message says why."""


@dataclass(frozen=True, slots=True)
class Entry:
    """A record with its number in the file, and the row as it stood there, for the rejects."""

    number: int
    record: Mapping[str, Any]
    row: Mapping[str, Any] | None = None
    problem: str | None = None


def _ignore(entry: Entry, reason: str) -> None:
    """Takes note of a rejected entry by doing nothing."""


@dataclass
class Context:
    """What the records of one run have in common.

    Attributes:
        source: key of the source where a record names none.
        salt: of the pseudonyms.
        dates: how dates are read.
        company: name of the company where a record has none.
        collected: when the records were collected, where they do not say it; for «вчера».
        scale: best value of ratings that do not tell their scale; `None`: 5, 10 or 100 by size.
        run_id: the run that every review is written under.
        summary: the counts, kept up to date.
        duplicates: texts to compare with.
        reject: is told of every rejected entry.
        superseded: numbers of entries that another one of the file with the same id replaces.
        reckoned: how many dates were counted back from the day of collection.
        seen: content hash of every review of this run, by id.
    """

    source: str
    salt: str
    dates: Dates
    company: str | None = None
    collected: datetime | None = None
    scale: float | None = None
    run_id: str | None = None
    summary: ImportSummary = field(default_factory=ImportSummary)
    duplicates: NearDuplicates = field(default_factory=NearDuplicates)
    reject: Callable[[Entry, str], None] = _ignore
    superseded: frozenset[int] = frozenset()
    reckoned: int = 0
    seen: dict[str, str] = field(default_factory=dict)


def normalise(entries: Iterable[Entry], context: Context) -> Iterator[pa.Table]:
    """Batches of reviews (schema REVIEWS) ready for the lake; each id occurs once in a batch.

    Every entry is counted in `context.summary`: as a review (new, changed and unchanged are for the
    lake to tell), as repeated, or as rejected. Of entries with the same id the last one counts.
    """
    batch: dict[str, dict[str, Any]] = {}
    weight = 0
    for entry in entries:
        context.summary.rows += 1
        row = _take(entry, context)
        if row is None or not _place(row, batch, context):
            continue
        weight += len(row["text"])
        if len(batch) >= BATCH or weight >= _HEAVY:
            yield pa.Table.from_pylist(list(batch.values()), schema=REVIEWS)
            batch, weight = {}, 0
    if batch:
        yield pa.Table.from_pylist(list(batch.values()), schema=REVIEWS)


def _place(row: dict[str, Any], batch: dict[str, dict[str, Any]], context: Context) -> bool:
    """Puts a row into the batch; `False` when it repeats a review of this run to the letter."""
    known = context.seen.get(row["id"])
    if known == row["content_hash"]:
        context.summary.repeated += 1
        return False
    context.summary.repeated += row["id"] in batch
    row["duplicate_of"] = context.duplicates.see(row["id"], row["text"])
    if known is None:
        _count(row, context.summary)
    context.seen[row["id"]] = row["content_hash"]
    batch[row["id"]] = row
    return True


def _take(entry: Entry, context: Context) -> dict[str, Any] | None:
    """One entry as a row of the lake, or `None` when it is superseded or rejected."""
    summary = context.summary
    if entry.number in context.superseded:
        summary.repeated += 1
        return None
    try:
        if entry.problem is not None:
            raise Rejected(entry.problem)
        return _review(entry.record, context)
    except (Rejected, TooLong) as error:
        summary.rejected += 1
        summary.reasons[str(error).split(":")[0].split("; ")[0]] += 1
        context.reject(entry, str(error))
        return None


def _count(row: dict[str, Any], summary: ImportSummary) -> None:
    """Counts what a distinct review brings."""
    summary.sources[row["source"]] += 1
    summary.near_duplicates += row["duplicate_of"] is not None
    summary.masked.update(row["masked"])
    if row["text"]:
        summary.languages[row["language"] or "und"] += 1
    else:
        summary.without_text += 1
    if row["date"] is not None:
        summary.see_date(row["date"])


def _review(record: Mapping[str, Any], context: Context) -> dict[str, Any]:
    """A record as a row of REVIEWS; what could not be read is counted.

    Raises:
        Rejected: there is neither text nor rating.
        TooLong: a text is longer than any review.
    """
    source = slug(str(record.get("source") or context.source))
    wording, language = compose(record, code(record.get("language")))
    rating, scale = _rating(record, context)
    if not wording.text and rating is None:
        raise Rejected("it holds neither a text nor a rating")
    moment = _date(record, context)
    reply = mask(said(record.get("reply_text")))
    url, told = public_address(plain_id(record["url"])) if record.get("url") else (None, False)
    person = who_wrote(record)
    fields: dict[str, Any] = {
        "text": wording.text,
        "title": wording.title,
        "url": url,
        "author": pseudonym(person, source, context.salt) if person else None,
        "rating": rating,
        "rating_scale": scale,
        "company": label(record.get("company")) or context.company,
        "product": label(record.get("product")),
        "place": label(record.get("place")),
        "city": label(record.get("city")),
        "helpful_votes": whole(record.get("helpful_votes")),
        "reply_text": reply.text or None,
        "reply_date": _reply_date(record, context),
        "app_version": version(record.get("app_version")),
        "verified": flag(record.get("verified")),
        "photos_count": whole(record.get("photos_count")),
    }
    key = date_key(record.get("date"), moment)
    given = plain_id(record["source_id"]) if not is_blank(record.get("source_id")) else ""
    if given and names_person(given):
        given = pseudonym(given, source, context.salt)
    source_id = given or _content_id(record, person, key)
    return {
        "id": review_id(source, source_id),
        "source": source,
        "source_id": source_id,
        **fields,
        "text_hash": text_hash(wording.text),
        "content_hash": content_hash(
            {**fields, "date": key if moment and not moment.exact else moment and moment.at}
        ),
        "date": moment.at if moment else None,
        "stars": ratings.stars(rating, scale) if rating is not None and scale else None,
        "language": language,
        "masked": [*wording.kinds, *reply.kinds, *(["link"] if told else [])],
        "run_id": context.run_id,
    }


def _content_id(record: Mapping[str, Any], person: str, key: str) -> str:
    """The id of a review whose source gives none; without an author the rating helps to tell two apart."""
    names = ("company", "product", "place", "title", "text", "pros", "cons")
    rating = "" if person else record.get("rating")
    return content_id([*(record.get(name) for name in names), person, key, rating])


def _rating(record: Mapping[str, Any], context: Context) -> tuple[float | None, float | None]:
    """Rating and scale; thumbs of `recommended` stand in where there is no rating."""
    summary = context.summary
    for name in ("rating", "recommended"):
        value = record.get(name)
        try:
            found = ratings.read(value)
        except ratings.UnreadRating:
            if name == "rating":
                summary.unread_ratings += 1
                summary.examples.setdefault("rating", mask(str(value)[:60]).text)
            continue
        if found is None:
            continue
        scale = found.scale or best_of(record.get("rating_scale")) or context.scale or _scale_of(found.value)
        if scale is None or not 0 <= found.value <= scale:
            summary.unread_ratings += 1
            summary.examples.setdefault("rating", mask(str(value)[:60]).text)
            continue
        if found.value == 0 and ratings.worst(scale) > 0:
            continue
        return found.value, scale
    return None, None


def _scale_of(value: float) -> float | None:
    """The smallest usual scale that holds a rating by itself."""
    return next((scale for scale in ratings.SCALES if value <= scale), None)


def _date(record: Mapping[str, Any], context: Context) -> Moment | None:
    """When it was written: never before the purchase, counted from when it was collected."""
    summary = context.summary
    reference = _collected(record, context)
    value = record.get("date")
    clock = record.get("time")
    if not is_blank(clock) and isinstance(value, str) and ":" not in value:
        value = f"{value} {clock}"
    moment: Moment | None = None
    try:
        moment = context.dates.read(value, reference)
    except UnreadDate:
        summary.unread_dates += 1
        summary.examples.setdefault("date", mask(str(value)[:60]).text)
    else:
        bought = _quiet(record.get("bought_at"), context, reference)
        if bought is not None and (moment is None or (moment.exact and bought.at > moment.at)):
            moment = bought
        summary.undated += moment is None
    context.reckoned += moment is not None and not moment.exact
    return moment


def _collected(record: Mapping[str, Any], context: Context) -> datetime | None:
    """When the record was collected; a day without a time counts until its end."""
    value = record.get("collected_at")
    moment = _quiet(value, context, None)
    if moment is None:
        return context.collected
    if isinstance(value, str) and ":" not in value:
        return moment.at + timedelta(hours=23, minutes=59)
    return moment.at


def _quiet(value: Any, context: Context, reference: datetime | None) -> Moment | None:
    """A date that only helps: unreadable ones are as good as none."""
    try:
        return context.dates.read(value, reference)
    except UnreadDate:
        return None


def _reply_date(record: Mapping[str, Any], context: Context) -> datetime | None:
    """When the company answered."""
    moment = _quiet(record.get("reply_date"), context, _collected(record, context))
    return moment.at if moment else None
