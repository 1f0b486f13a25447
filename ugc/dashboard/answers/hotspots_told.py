"""The groups that an average hides, in plain sentences, and the ways to their reviews."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from markupsafe import Markup

from ugc.dashboard.look.blocks import joined
from ugc.dashboard.look.formats import formats
from ugc.dashboard.look.table import Column, Table
from ugc.dashboard.look.words import words
from ugc.insight import DIMENSIONS, HotSpot
from ugc.insight.whereabouts.hotspots import Condition

__all__ = ["about", "facts", "filterable", "narrowing", "opened", "polarity", "sentence", "table", "where"]

_FILTERS = frozenset(DIMENSIONS.values())


def _called(one: Condition, language: str) -> str:
    """One condition: Казань, версия 4.2, понедельник."""
    word = words(language)
    if one.dimension == "weekday":
        return word.many("days")[int(one.value) % 7]
    if one.dimension in ("version", "language"):
        value = word.called("language", one.value) if one.dimension == "language" else one.value
        return word(f"segments.{one.dimension}", value=value)
    return word.called(one.dimension, one.value)


def where(conditions: Sequence[Condition], language: str) -> str:
    """A group in words."""
    return ", ".join(_called(one, language) for one in conditions)


def filterable(conditions: Sequence[Condition]) -> tuple[Condition, ...]:
    """Those conditions that are filters of the address."""
    return tuple(one for one in conditions if one.dimension in _FILTERS)


def narrowing(conditions: Sequence[Condition]) -> dict[str, tuple[str, ...]]:
    """The fields of the address that choose the group, as far as there are such fields."""
    return {one.dimension: (one.value,) for one in filterable(conditions)}


def polarity(one: HotSpot) -> str:
    """Polarity of the theme that is quoted: of a group that is displeased less often, what it praises."""
    if one.theme is not None:
        return one.polarity
    return "negative" if one.direction == "worse" else "positive"


def opened(one: HotSpot) -> dict[str, Any]:
    """The fields of the address that choose the reviews the sentence speaks of.

    Where the group has more of them than expected, those; where it has fewer, all of the group.
    """
    chosen: dict[str, Any] = dict(narrowing(one.conditions))
    if one.excess > 0:
        chosen |= (
            {"sentiment": "negative"} if one.theme is None else {"theme": one.theme, "polarity": one.polarity}
        )
    return chosen


def _kind(one: HotSpot) -> str:
    return "displeased" if one.theme is None else one.polarity


def sentence(one: HotSpot, language: str) -> Markup:
    """«Казань, версия 4.2: на тему «Скорость» жалуются 30 % (22–39 %), в остальных отзывах 7 %»."""
    word, say = words(language), formats(language)
    return Markup('<p class="segments-told">{}</p>').format(
        word.rich(
            f"segments.{_kind(one)}",
            where=where(one.conditions, language),
            theme=word.name("themes", one.theme),
            share=say.percent(one.share.value),
            bounds=say.percents(one.share.low, one.share.high),
            rest=say.percent(one.rest_share.value),
        )
    )


def facts(one: HotSpot, language: str) -> Markup:
    """How many reviews, how many beyond the expected, by how much the shares differ; other names."""
    word, say = words(language), formats(language)
    excess = round(abs(one.excess))
    pieces = [
        word("segments.counts", reviews=say.number(one.reviews), n=say.number(one.n)),
        word("segments.more" if one.excess > 0 else "segments.fewer", n=excess, count=say.number(excess)),
        word(
            "segments.gap",
            points=say.signed(one.difference.value),
            bounds=say.points(one.difference.low, one.difference.high),
        ),
    ]
    line = Markup('<p class="house-facts segments-facts">{}</p>').format(
        joined(Markup("<span>{}</span>").format(piece) for piece in pieces)
    )
    if one.also:
        names = "; ".join(where(other, language) for other in one.also)
        line += Markup('<p class="segments-also">{}</p>').format(word("segments.also", where=names))
    return line


def about(one: HotSpot, language: str) -> str:
    """What the displeased complain about beyond the usual; empty where the sentence names the theme."""
    if one.theme is not None or not one.about:
        return ""
    word = words(language)
    return word(f"segments.about_{polarity(one)}", theme=word.name("themes", one.about))


def table(found: Sequence[HotSpot], name: str, language: str) -> Table:
    """The groups with all their figures, for a file."""
    word = words(language)
    columns = (
        Column(word("segments.head_group")),
        Column(word("segments.head_kind")),
        Column(word("segments.head_what")),
        Column(word("segments.head_count"), "count"),
        Column(word("segments.head_n"), "count"),
        Column(word("segments.head_share"), "share"),
        Column(word("segments.head_low"), "share"),
        Column(word("segments.head_high"), "share"),
        Column(word("segments.head_rest"), "share"),
        Column(word("segments.head_gap"), "points"),
        Column(word("segments.head_excess"), "number"),
        Column(word("segments.head_q"), "exact"),
    )
    rows = tuple(
        (
            where(one.conditions, language),
            word(f"segments.kind_{_kind(one)}"),
            word.name("themes", one.theme),
            one.reviews,
            one.n,
            *one.share,
            one.rest_share.value,
            one.difference.value,
            one.excess,
            one.q_value,
        )
        for one in found
    )
    return Table(name, columns, rows)
