"""What the overview shows, as tables of figures: the files that it gives."""

from __future__ import annotations

from collections.abc import Sequence

from ugc.dashboard.acting.told import concerned
from ugc.dashboard.answers.turns import Turn, change_name
from ugc.dashboard.look.table import Cell, Column, Kind, Table
from ugc.dashboard.look.words import words
from ugc.insight import Group, Point, Scores, SourceFreshness

__all__ = ["columns", "course", "coverage", "groups", "tiles", "turned"]

_OF_ANOTHER = ("low", "high", "q")

_SCORES: tuple[tuple[str, Kind], ...] = (
    ("reviews", "count"), ("ratings", "count"), ("mean_stars", "stars"), ("mean_stars_low", "stars"),
    ("mean_stars_high", "stars"), ("csi", "number"), ("csi_low", "number"), ("csi_high", "number"),
    ("tagged", "count"), ("negative_share", "share"), ("negative_low", "share"), ("negative_high", "share"),
    ("net_sentiment", "points"), ("net_low", "points"), ("net_high", "points"),
)  # fmt: skip
_POINT: tuple[tuple[str, Kind], ...] = (
    ("reviews", "count"), ("ratings", "count"), ("csi", "number"), ("csi_low", "number"),
    ("csi_high", "number"), ("tagged", "count"), ("negative_share", "share"), ("low", "share"),
    ("high", "share"), ("net", "points"), ("net_low", "points"), ("net_high", "points"),
)  # fmt: skip


def columns(language: str, *named: tuple[str, Kind]) -> tuple[Column, ...]:
    """Columns by the keys of their headings: `sheet.…` in the words, or a whole key with a dot in it.

    Bounds and q bear the name of the figure before them, so that no two columns are called the same.
    """
    word = words(language)
    made: list[Column] = []
    main = ""
    for key, kind in named:
        name = word(key if "." in key else f"sheet.{key}")
        if key not in _OF_ANOTHER:
            main = name
        made.append(Column(f"{main}: {name}" if key in _OF_ANOTHER else name, kind))
    return tuple(made)


def _scores(found: Scores) -> tuple[Cell, ...]:
    return tuple(getattr(found, key) for key, _ in _SCORES)


def tiles(found: Scores, language: str) -> Table:
    """The figures of a choice of reviews in one row."""
    word = words(language)
    named = (*_SCORES, ("without_text", "count"), ("representative", "text"))
    representative = word("sheet.yes" if found.representative else "sheet.no")
    row = (*_scores(found), found.without_text, representative)
    return Table(word("sheet.figures"), columns(language, *named), (row,))


def groups(found: Sequence[Group], dimension: str, language: str) -> Table:
    """The figures of every value of a dimension."""
    word = words(language)
    head = Column(word(f"filter.{dimension}"))
    rows = tuple((word.called(dimension, one.value), *_scores(one.scores)) for one in found)
    return Table(word(f"overview.by_{dimension}"), (head, *columns(language, *_SCORES)), rows)


def course(points: Sequence[Point], by: str, language: str) -> Table:
    """All figures by period."""
    word = words(language)
    named = columns(language, ("start", "day"), *_POINT, ("whole", "text"))
    rows = tuple(
        (
            one.start,
            *(getattr(one, key) for key, _ in _POINT),
            word("sheet.no" if one.partial else "sheet.yes"),
        )
        for one in points
    )
    return Table(f"{word('overview.course')}, {word(f'by.{by}').lower()}", named, rows)


def coverage(found: Sequence[SourceFreshness], language: str) -> Table:
    """How fresh and how complete each source is."""
    word = words(language)
    named: tuple[tuple[str, Kind], ...] = (
        ("source", "text"), ("reviews", "count"), ("oldest", "day"), ("newest", "day"), ("read", "text"),
        ("state", "text"), ("reason", "long"), ("without_text", "count"), ("undated", "count"),
        ("untagged", "count"),
    )  # fmt: skip
    rows: list[tuple[Cell, ...]] = []
    for one in found:
        state = one.state or "unknown"
        known = f"run.{state}" in word.entries
        rows.append(
            (
                word.called("source", one.source),
                one.reviews,
                one.oldest.date() if one.oldest else None,
                one.newest.date() if one.newest else None,
                f"{one.read_at:%Y-%m-%d %H:%M}" if one.read_at else None,
                word(f"run.{state}") if known else state,
                one.reason,
                one.without_text,
                one.undated,
                one.untagged,
            )
        )
    return Table(word("overview.coverage"), columns(language, *named), tuple(rows))


def turned(found: Sequence[Turn], name: str, language: str) -> Table:
    """The days marked on a chart: what changed by how much, and what was done."""
    named: tuple[tuple[str, Kind], ...] = (
        ("number", "count"), ("day", "day"), ("first", "day"), ("last", "day"), ("what", "long"),
        ("before", "exact"), ("after", "exact"), ("size", "exact"), ("low", "exact"), ("high", "exact"),
        ("q", "exact"), ("n_before", "count"), ("n_after", "count"),
    )  # fmt: skip
    rows = [row for turn in found for row in _turn(turn, language)]
    return Table(name, columns(language, *named), tuple(rows))


def _turn(turn: Turn, language: str) -> list[tuple[Cell, ...]]:
    """The rows of one day: one for each change, or one for the action."""
    if turn.action is not None:
        what = f"{turn.action.what} ({concerned(turn.action, language)})"
        return [(turn.number, turn.day, None, None, what, *[None] * 8)]
    return [
        (
            *(turn.number, one.at, one.earliest, one.latest, change_name(one, language)),
            *(one.before, one.after, *one.size, one.q_value, one.n_before, one.n_after),
        )
        for one in turn.changes
    ]
