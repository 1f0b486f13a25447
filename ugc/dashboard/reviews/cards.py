"""Reviews and quotes as cards: HTML from constant templates, every value escaped."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from urllib.parse import urlsplit

from markupsafe import Markup

from ugc.dashboard.look.blocks import joined
from ugc.dashboard.look.formats import formats
from ugc.dashboard.look.words import words
from ugc.dashboard.reviews.highlight import mark
from ugc.dashboard.reviews.tags import NOBODY, Chip, by_person, chips_of, readings, verdict
from ugc.insight import Quote, ReviewView
from ugc.insight.reviews.corrections import Correction, Corrections
from ugc.review import Mention

__all__ = ["quote", "review"]

_NONE = Markup("")


def _stars(value: float | None, language: str) -> Markup:
    """Five stars, as many of them full as were given, with the number for a screen reader."""
    if value is None:
        return _NONE
    full = int(value + 0.5)
    said = words(language)("card.stars", stars=formats(language).rating(value))
    template = Markup('<span class="stars" role="img" aria-label="{}" title="{}">{}<i>{}</i></span>')
    return template.format(said, said, "★" * full, "★" * (5 - full))


def _chip(one: Chip) -> Markup:
    """A tag; one that a person set carries a small pencil, which says who and when."""
    hand = _NONE
    if one.by:
        hand = Markup(
            '<i class="by-hand" tabindex="0" role="note" aria-label="{}" data-tip="{}"></i>'
        ).format(one.by, one.by)
    return Markup('<span class="chip {}">{}{}</span>').format(one.tone, one.text, hand)


def _day(when: datetime | None, language: str) -> Markup:
    if when is None:
        return Markup("<span>{}</span>").format(words(language)("card.undated"))
    return Markup('<time datetime="{}">{}</time>').format(
        when.date().isoformat(), formats(language).day(when)
    )


def _isolated(values: Iterable[str | None]) -> Iterable[Markup]:
    """Names that come from the data, each kept to its own direction of writing."""
    return (Markup("<bdi>{}</bdi>").format(value) for value in values if value)


def _source(url: str | None, language: str) -> Markup:
    """Link to the review at its source; nothing for an address that is not http or https."""
    if not url or urlsplit(url).scheme.lower() not in ("http", "https"):
        return _NONE
    return Markup('<a href="{}" target="_blank" rel="noopener noreferrer nofollow">{}</a>').format(
        url, words(language)("card.source")
    )


def quote(one: Quote, language: str, tone: str) -> Markup:
    """A clause in the customer's words, with its stars, day, source and place."""
    source = words(language).called("source", one.source)
    meta = joined(
        (
            _stars(one.stars, language),
            _day(one.date, language),
            *_isolated((source, one.company, one.city)),
            _source(one.url, language),
        )
    )
    return Markup(
        '<figure class="house-quote {}"><blockquote dir="auto">{}</blockquote>'
        "<figcaption>{}</figcaption></figure>"
    ).format(tone, one.text, meta)


def _tip(language: str) -> dict[str, str]:
    word = words(language)
    return {key: word.name("polarities", key).lower() for key in ("positive", "negative", "neutral")}


def _text(one: ReviewView, language: str, by: Mapping[Mention, Correction]) -> Markup:
    """All the customer wrote, clauses marked; a rating without a text says so."""
    word, polarities = words(language), _tip(language)

    def tip(mention: Mention) -> str:
        """Theme, polarity and how sure the model is, or who said so: «Скорость: ругают, 93 %»."""
        sure = formats(language).percent(mention.confidence)
        if mention in by:
            sure = by_person(by[mention], language)
        return f"{word.name('themes', mention.theme)}: {polarities[mention.polarity]}, {sure}"

    if not one.text.strip():
        return Markup('<p class="without">{}</p>').format(word("card.without_text"))
    titled = "titled" if one.title and one.text.startswith(f"{one.title}\n") else ""
    return Markup('<div class="text {}" dir="auto" tabindex="0">{}</div>').format(
        titled, mark(one.text, one.mentions, tip)
    )


def _chips(one: ReviewView, language: str, made: Corrections) -> Markup:
    """The row of tags."""
    row = Markup("").join(_chip(each) for each in chips_of(one, language, made))
    return Markup('<div class="chips">{}</div>').format(row)


def _reply(one: ReviewView, language: str) -> Markup:
    if not one.reply_text:
        return _NONE
    word = words(language)
    said = (
        word("card.reply_of", day=formats(language).day(one.reply_date))
        if one.reply_date
        else word("card.reply")
    )
    return Markup('<details class="reply"><summary>{}</summary><p dir="auto">{}</p></details>').format(
        said, one.reply_text
    )


def _foot(one: ReviewView, language: str, own: str, author: Markup) -> Markup:
    word, say = words(language), formats(language)
    pieces = [author, _source(one.url, language)]
    if own:
        pieces.append(Markup('<a href="{}">{}</a>').format(own, word("card.link")))
    if one.helpful_votes:
        pieces.append(
            Markup("<span>{}</span>").format(
                word("card.helpful", n=one.helpful_votes, count=say.number(one.helpful_votes))
            )
        )
    if one.app_version:
        pieces.append(Markup("<span>{}</span>").format(word("card.version", version=one.app_version)))
    if one.verified:
        pieces.append(Markup("<span>{}</span>").format(word("card.verified")))
    if one.photos_count:
        pieces.append(
            Markup("<span>{}</span>").format(
                word("card.photos", n=one.photos_count, count=say.number(one.photos_count))
            )
        )
    if one.duplicate_of:
        pieces.append(Markup("<span>{}</span>").format(word("card.duplicate")))
    return joined(pieces)


def review(
    one: ReviewView,
    language: str,
    own: str = "",
    *,
    whole: bool = False,
    made: Corrections = NOBODY,
    author: Markup = _NONE,
    chips: bool = True,
) -> Markup:
    """A review with everything known of it; a long text scrolls in its card unless `whole`.

    `own` is the address of the page that shows this review alone; `made` are the corrections of its
    tags, each of which is marked as a person's; `author` says who wrote it. Without `chips` the card
    leaves their row to whoever draws it.
    """
    word, said = words(language), verdict(one, language, made)
    where = (word.called("source", one.source), one.company, one.product, one.place, one.city)
    return Markup(
        '<article class="house-review {}"><header>{}<span class="verdict">{}</span></header>{}'
        "{}{}<footer>{}</footer></article>"
    ).format(
        "whole" if whole else "",
        joined((_stars(one.stars, language), _day(one.date, language), *_isolated(where))),
        _chip(said) if said else _NONE,
        _text(one, language, readings(one, made)),
        _chips(one, language, made) if chips else _NONE,
        _reply(one, language),
        _foot(one, language, own, author),
    )
