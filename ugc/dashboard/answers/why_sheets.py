"""What the pages Reasons and Moments of truth show, as tables of figures: the files that they give."""

from __future__ import annotations

from collections.abc import Sequence

from ugc.dashboard.answers.sheets import columns
from ugc.dashboard.look.table import Cell, Column, Kind, Table
from ugc.dashboard.look.words import words
from ugc.insight import Concrete, Driver, Eleven, Moments, Reasons, Segment, ThemePoint
from ugc.insight.causes.reasons import Change

__all__ = ["below", "driving", "parts", "ranked", "thanked", "theme_course", "way"]

_SHARE: tuple[tuple[str, Kind], ...] = (("share", "share"), ("low", "share"), ("high", "share"))
_SAID: tuple[tuple[str, Kind], ...] = (
    ("said", "count"), ("n", "count"), *_SHARE, ("mean_stars", "stars"),
)  # fmt: skip
_CHANGE: tuple[tuple[str, Kind], ...] = (
    ("was", "share"), ("change", "points"), ("low", "points"), ("high", "points"), ("q", "exact"),
)  # fmt: skip


def _change(one: Change | None) -> tuple[Cell, ...]:
    if one is None:
        return (None,) * 5
    return one.previous_share, one.difference, one.low, one.high, one.q_value


def ranked(found: Reasons, language: str) -> Table:
    """The ranking of one polarity, with the change against the period before."""
    word = words(language)
    named = columns(language, ("theme", "text"), *_SAID, *_CHANGE)
    rows = tuple(
        (
            word.name("themes", one.theme),
            *(one.reviews, found.n_reviews, one.share, one.low, one.high, one.mean_stars),
            *_change(one.change),
        )
        for one in found.rows
    )
    return Table(word(f"reasons.{found.polarity}"), named, rows)


def _side(theme: str, polarity: str, language: str) -> str:
    """A theme with what is said of it."""
    word = words(language)
    return f"{word.name('themes', theme)}, {word(f'reasons.{polarity}_short').lower()}"


def below(found: Concrete, language: str) -> Table:
    """The concrete reasons of a theme, with a quote each."""
    named = columns(language, ("reason", "text"), *_SAID, *_CHANGE, ("quote", "long"))
    name = f"{words(language)('reasons.below')}: {_side(found.theme, found.polarity, language)}"
    rows: list[tuple[Cell, ...]] = [
        (
            one.name,
            *(one.reviews, found.n_reviews, one.share, one.low, one.high, one.mean_stars),
            *_change(one.change),
            one.quotes[0].text if one.quotes else None,
        )
        for one in found.rows
    ]
    return Table(name, named, tuple(rows))


def thanked(found: Eleven, language: str) -> Table:
    """The eleven reasons of thanks."""
    named = columns(language, ("reason", "text"), *_SAID)
    rows = tuple(
        (one.name, one.reviews, found.n_reviews, one.share, one.low, one.high, one.mean_stars)
        for one in found.rows
    )
    return Table(words(language)("reasons.eleven"), named, rows)


def theme_course(points: Sequence[ThemePoint], theme: str, polarity: str, by: str, language: str) -> Table:
    """How often a theme comes up, by period."""
    word = words(language)
    named = columns(language, ("start", "day"), ("said", "count"), ("n", "count"), *_SHARE, ("whole", "text"))
    rows = tuple(
        (
            *(one.start, one.reviews, one.tagged, one.share, one.low, one.high),
            word("sheet.no" if one.partial else "sheet.yes"),
        )
        for one in points
    )
    return Table(f"{_side(theme, polarity, language)}, {word(f'by.{by}').lower()}", named, rows)


def parts(found: Sequence[Segment], theme: str, polarity: str, split: str, language: str) -> Table:
    """A theme's breakdown by a dimension."""
    word = words(language)
    head = Column(word(f"filter.{split}"))
    named = columns(language, ("said", "count"), ("n", "count"), *_SHARE, ("rest", "share"), ("q", "exact"))
    rows = tuple(
        (
            word.name("touchpoints", one.value) if split == "touchpoint" else word.called(split, one.value),
            *(one.reviews, one.tagged, one.share, one.low, one.high, one.rest_share, one.q_value),
        )
        for one in found
    )
    return Table(f"{_side(theme, polarity, language)}: {head.name.lower()}", (head, *named), rows)


def way(found: Moments, name: str, language: str, *, decisive: bool = False) -> Table:
    """The cells of the customer's way; `decisive` keeps the moments of truth alone."""
    word = words(language)
    side: tuple[tuple[str, Kind], ...] = (
        *_SHARE, ("impact", "shift"), ("low", "shift"), ("high", "shift"), ("moment", "text"),
    )  # fmt: skip
    named = [
        *columns(language, ("stage", "text"), ("place", "text"), ("theme", "text"), ("said", "count")),
        *columns(language, ("n", "count"), *_SHARE, ("moments.score", "number")),
    ]
    for said in ("blame", "praise"):
        whose = word(f"sheet.{said}")
        named += [Column(f"{whose}: {one.name}", one.kind) for one in columns(language, *side)]
    rows: list[tuple[Cell, ...]] = []
    for one in found.cells:
        if decisive and not one.moment:
            continue
        about = one.about
        row: list[Cell] = [
            word.name("stages", one.stage) if one.stage else None,
            word.name("touchpoints", one.touchpoint),
            word.name("themes", one.theme),
            *(about.reviews, found.tagged, about.share, about.low, about.high),
            about.score.value if about.score else None,
        ]
        for told in (one.blame, one.praise):
            impact = told.impact
            row += [told.share, told.low, told.high]
            row += [impact.value, impact.low, impact.high] if impact else [None] * 3
            row.append(word("sheet.yes" if told.moment else "sheet.no"))
        rows.append(tuple(row))
    return Table(name, tuple(named), tuple(rows))


def driving(found: Sequence[Driver], language: str) -> Table:
    """What blame of each theme takes and praise adds, its class, and what fewer complaints would give."""
    word = words(language)
    three: tuple[tuple[str, Kind], ...] = (("low", "shift"), ("high", "shift"))
    named = columns(
        language, ("theme", "text"), ("said", "count"), *_SHARE, ("moments.kind", "text"),
        ("moments.takes", "shift"), *three, ("q", "exact"), ("moments.adds", "shift"), *three, ("q", "exact"),
        ("gain", "shift"), *three,
    )  # fmt: skip
    rows: list[tuple[Cell, ...]] = []
    for one in found:
        row: list[Cell] = [word.name("themes", one.theme), one.reviews, one.share, one.low, one.high]
        row.append(word(f"moments.{one.kind or 'undecided'}"))
        for term in (one.penalty, one.reward):
            row += [term.value, term.low, term.high, term.q_value] if term else [None] * 4
        hope = one.what_if
        row += [hope.value, hope.low, hope.high] if hope else [None] * 3
        rows.append(tuple(row))
    return Table(word("moments.drivers"), named, tuple(rows))
