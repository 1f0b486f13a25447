"""Where a theme stands out and since when, in sentences; only what chance does not explain."""

from __future__ import annotations

from markupsafe import Markup

from ugc.dashboard.frame.data import Ask
from ugc.dashboard.look.formats import formats
from ugc.dashboard.look.words import words
from ugc.insight import DIMENSIONS, Dimension, Filters, Segment, onset, segments

__all__ = ["standing_out"]

_PLACES: tuple[Dimension, ...] = ("city", "place", "product", "company", "source")
"""Dimensions in which a theme may stand out."""
_MOST = 3
"""Sentences of this kind at once."""


def _spots(ask: Ask, filters: Filters, theme: str, polarity: str) -> list[tuple[str, Segment]]:
    """Where a theme stands out: values whose share is significantly above that of the rest."""
    chosen = {column for name, column in DIMENSIONS.items() if getattr(filters, name)}
    found = [
        (dimension, one)
        for dimension in _PLACES
        if dimension not in chosen
        for one in ask(segments, filters, theme=theme, polarity=polarity, by=dimension)
        if one.value and one.significant and (one.share or 0) > (one.rest_share or 0)
    ]
    return sorted(found, key=lambda pair: pair[1].q_value if pair[1].q_value is not None else 1.0)


def _dimension(split: str) -> Dimension:
    """The breakdown's dimension; the city where it breaks down by something else, such as touchpoints."""
    return next((one for one in DIMENSIONS.values() if one == split), "city")


def _since(
    ask: Ask, filters: Filters, theme: str, polarity: str, split: Dimension, language: str
) -> tuple[tuple[str, str | None], list[Markup]]:
    """Since when, and at which value of a dimension, a theme stands out most; the value comes first."""
    word, say = words(language), formats(language)
    found = ask(onset, filters, theme, polarity, split) or ask(onset, filters, theme, polarity)
    if found is None:
        return (split, None), []
    shares = {"share": say.percent(found.share), "rest": say.percent(found.rest_share)}
    key = "story.since" if found.last is None else "story.between"
    when = word(key, first=say.day(found.start), last=say.day(found.last))
    if found.value is None:
        return (split, None), [word.rich("story.onset", when=when, **shares)]
    where = word(f"filter.{split}").lower()
    value = word.called(split, found.value)
    line = word.rich("story.onset_at", value=value, where=where, when=when, **shares)
    return (split, found.value), [line]


def standing_out(
    ask: Ask, filters: Filters, theme: str, polarity: str, split: str, language: str
) -> list[Markup]:
    """Since when and where a theme comes up more often than elsewhere; nothing that chance explains."""
    word, say = words(language), formats(language)
    run, lines = _since(ask, filters, theme, polarity, _dimension(split), language)
    spots = [one for one in _spots(ask, filters, theme, polarity) if (one[0], one[1].value) != run]
    return lines + [
        word.rich(
            "story.above",
            where=word(f"filter.{dimension}").lower(),
            value=word.called(dimension, one.value),
            share=say.percent(one.share),
            rest=say.percent(one.rest_share),
        )
        for dimension, one in spots[:_MOST]
    ]
