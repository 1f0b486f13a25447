"""A review of schema.org as a record: who, when, how many stars, what about."""

from __future__ import annotations

import hashlib
import math
import re
from collections import Counter
from typing import Any
from urllib.parse import urlsplit

from scrapers.source import Record
from scrapers.structured.document import Document
from scrapers.structured.find import Found
from scrapers.structured.thing import Thing, first, kinds, plain, text_of, values

__all__ = ["identify", "lasting", "record"]

_WARES = (
    "Product ProductGroup ProductModel IndividualProduct SomeProducts Vehicle Car SoftwareApplication "
    "MobileApplication WebApplication VideoGame Game Book Movie TVSeries MusicAlbum CreativeWork "
    "CreativeWorkSeries Recipe HowTo Course Event Service FinancialProduct FinancialService "
    "BankAccount DepositAccount LoanOrCredit MortgageLoan CreditCard PaymentCard InvestmentOrDeposit "
    "InsurancePlan Trip TouristTrip Accommodation Apartment HotelRoom MenuItem Article BlogPosting "
    "NewsArticle"
)
_PRODUCTS = frozenset(_WARES.split())
"""Types that are a product; others that have a name are a company or a place of it."""

_DAY = re.compile(r"\d{4}|\d{1,2}[./-]\d{1,2}[./-]\d{2}")
_NOTES = ("pros", "cons")

_POSITION = re.compile(r"\d{1,3}|[A-Za-z_-]*?\d{1,3}")
_FRACTION = re.compile(r"\s*(\d+(?:[.,]\d+)?)\s*/\s*(\d+(?:[.,]\d+)?)\s*")


def record(found: Found, page: Document) -> Record | None:
    """A review as a record without `source_id`; `None` for one that says nothing at all."""
    review, about = found.review, found.about or {}
    subject = _subject(about)
    title = text_of(review, "name", "headline", "summary")
    if title is not None and title in {subject.get("product"), subject.get("company")}:
        title = None
    author = first(review, "author", "reviewer", "creator")
    told: Record = {
        "url": _own_address(review, about, page) or page.address or None,
        "author": _name(author),
        "author_id": _account(author, page),
        "date": text_of(review, "datePublished", "dtreviewed", "dateCreated", "uploadDate"),
        "edited_at": text_of(review, "dateModified"),
        **_rating(review),
        "title": title,
        "text": text_of(review, "reviewBody", "description", "text"),
        "pros": _points(review, "positiveNotes"),
        "cons": _points(review, "negativeNotes"),
        **subject,
        "language": text_of(review, "inLanguage") or page.language,
        "helpful_votes": _votes(review),
        "photos_count": len(list(values(review, "image", "associatedMedia"))) or None,
        **_reply(review, subject.get("company")),
    }
    if all(told[key] is None for key in ("text", "title", "pros", "cons", "rating")):
        return None
    return {key: value for key, value in told.items() if value is not None}


def _subject(about: Thing) -> Record:
    """Product, company, place and city of what a review is about."""
    name, types = text_of(about, "name"), kinds(about)
    if types & _PRODUCTS or not types:
        maker = text_of(about, "brand", "manufacturer", "provider", "seller", "hiringOrganization")
        return {"product": name, "company": maker}
    address = first(about, "address")
    place = {"street": plain(address), "city": None} if not isinstance(address, dict) else {
        "street": text_of(address, "streetAddress"), "city": text_of(address, "addressLocality")
    }  # fmt: skip
    parent = text_of(about, "parentOrganization", "branchOf")
    return {"company": parent or name, "place": name if parent else place["street"], "city": place["city"]}


def _name(author: Any) -> str | None:
    """The name of who wrote."""
    if isinstance(author, dict) and first(author, "name") is None:
        parts = [text_of(author, "givenName"), text_of(author, "familyName")]
        return " ".join(part for part in parts if part) or text_of(author, "alternateName")
    return plain(author)


def _account(author: Any, page: Document) -> str | None:
    """The account of who wrote, where the page leads to one of its own."""
    if not isinstance(author, dict):
        return None
    told = text_of(author, "identifier", "url", "sameAs", "@id")
    return None if told is None or told.startswith("_:") or told == page.url else told


def _number(value: Any) -> float | str | None:
    """A number where it is one, else the text for the reader of ratings."""
    text = plain(value)
    if text is None:
        return None
    try:
        number = float(text.replace(",", "."))
    except ValueError:
        return text[:80]
    return number if math.isfinite(number) else None


def _rating(review: Thing) -> Record:
    """Rating and its best value: 5 where the page tells none and the rating allows it."""
    several = list(values(review, "reviewRating", "rating", "starRating"))
    whole = [one for one in several if not (isinstance(one, dict) and first(one, "reviewAspect"))]
    given = next(iter(whole or several), None)
    best: Any = None
    if isinstance(given, dict):
        best = _number(first(given, "bestRating", "best"))
        given = first(given, "ratingValue", "value", "average", "@value")
    value = _number(given if given is not None else first(review, "ratingValue"))
    if isinstance(value, str) and (fraction := _FRACTION.fullmatch(value)):
        value, best = _number(fraction[1]), _number(fraction[2])
    if isinstance(value, str) or value is None:
        return {"rating": value, "rating_scale": best if value is not None else None}
    if best is None and 0 <= value <= 5:
        best = 5.0
    return {"rating": value, "rating_scale": best}


def _points(review: Thing, name: str) -> str | None:
    """Pros or cons: the entries of a list in one text, each on its line."""
    said: list[str] = []
    for value in values(review, name):
        inner = list(values(value, "itemListElement")) if isinstance(value, dict) else []
        for one in inner or [value]:
            point = plain(first(one, "item") or one) if isinstance(one, dict) else plain(one)
            said += [point] if point else []
    return "\n".join(said) or None


def _votes(review: Thing) -> int | None:
    """How many found it helpful."""
    for value in values(review, "interactionStatistic"):
        if not isinstance(value, dict):
            continue
        told = first(value, "interactionType")
        kind = "".join(kinds(told)) if isinstance(told, dict) else plain(told) or ""
        if "Dislike" not in kind and ("Like" in kind or "Agree" in kind or "Vote" in kind):
            return _whole(first(value, "userInteractionCount"))
    return _whole(first(review, "upvoteCount"))


def _whole(value: Any) -> int | None:
    """A count."""
    number = _number(value)
    return int(number) if isinstance(number, float) and 0 <= number < 1e9 else None


def _reply(review: Thing, company: Any) -> Record:
    """The answer: a comment by an organisation or by the company's name, else one that names nobody's kind.

    What another person comments is no answer of the company.
    """
    likely: list[tuple[int, Record]] = []
    for comment in values(review, "comment", "reply"):
        if isinstance(comment, str):
            likely.append((1, {"reply_text": comment}))
            continue
        text = text_of(comment, "text", "description", "name") if isinstance(comment, dict) else None
        if text is None:
            continue
        author = first(comment, "author", "creator")
        types = kinds(author) if isinstance(author, dict) else set()
        named = company is not None and plain(author) == company
        answer = {"reply_text": text, "reply_date": text_of(comment, "datePublished", "dateCreated")}
        if named or (types and "Person" not in types):
            likely.append((0, answer))
        elif not types:
            likely.append((1, answer))
    return min(likely, key=lambda one: one[0])[1] if likely else {}


def _own_address(review: Thing, about: Thing, page: Document) -> str | None:
    """The address of the review itself; none where it is only that of the page or of the thing."""
    told = text_of(review, "url", "@id")
    if told is None or told.startswith("_:"):
        return None
    url = page.absolute(told)
    others = {page.absolute(one) for one in (text_of(about, "url"), text_of(about, "@id")) if one}
    if not url.startswith(("http://", "https://")) or url in {page.url, page.address, *others}:
        return None
    try:
        parts = urlsplit(url)
    except ValueError:
        return None
    plain_url = url.partition("#")[0]
    if plain_url in {page.url.partition("#")[0], page.address} and _POSITION.fullmatch(parts.fragment):
        return None  # a place on the page, which another review takes tomorrow
    return url


def lasting(date: Any) -> str:
    """What of a date is the same tomorrow: a day with its year; of «вчера» nothing."""
    text = " ".join(str(date or "").split())
    return text if _DAY.search(text) else ""


def identify(records: list[Record], page: Document) -> None:
    """Gives every record its `source_id`: its own address, else a digest of author, date and text.

    An address that several share is nobody's. Reviews without words, by nobody on no day, or with
    other stars may be alike and yet be several: their digests count them.
    """
    shared = Counter(one.get("url") for one in records)
    alike: dict[tuple[str, ...], list[Any]] = {}
    for one in records:
        url = one.get("url")
        if url is not None and url != page.address and shared[url] == 1:
            one["source_id"] = re.sub(r"^https?://(?:www\.)?", "", url)
            continue
        names = (
            ("author", "date", "text") if "text" in one else ("author", "date", "title", "rating", *_NOTES)
        )
        said = tuple(
            lasting(one.get(name)) if name == "date" else " ".join(str(one.get(name, "")).split())
            for name in names
        )
        before, rating = alike.setdefault(said, []), one.get("rating")
        again = bool(before) and "text" in one and bool(one.get("author") or one.get("date"))
        if again and (rating is None or rating in before):
            number = before.index(rating) + 1 if rating in before else 1
        else:
            before.append(rating)
            number = len(before)
        parts = (*said, *((str(number),) if number > 1 else ()))
        digest = hashlib.sha1("\x1f".join(parts).encode("utf-8", "surrogatepass"))
        one["source_id"] = f"s{digest.hexdigest()[:23]}"
