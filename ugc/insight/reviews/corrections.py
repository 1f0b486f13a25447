"""What people corrected in a review: which correction stands behind which of its tags."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import TYPE_CHECKING

from ugc.insight.reviews.search import ReviewView

if TYPE_CHECKING:
    from ugc.lake import Snapshot

__all__ = ["At", "Correction", "Corrections", "Unseen", "any_made", "said", "trace"]

_QUERY = """
SELECT * FROM corrections
WHERE review_id = $id AND (text_hash IS NULL OR text_hash = $hash)
"""


@dataclass(frozen=True, slots=True)
class At:
    """A mention by its place in the text and its theme."""

    start: int
    end: int
    theme: str


@dataclass(frozen=True, slots=True)
class Correction:
    """One correction in force; see `ugc.lake.corrections` for its fields."""

    field: str
    value: str
    about: At | None
    """The mention as it was shown; `None` for the whole review."""
    author: str | None
    made_at: datetime


@dataclass(frozen=True, slots=True)
class Unseen:
    """Corrections of a mention that is not shown: a person removed it, or no model finds it now."""

    at: At
    chain: tuple[Correction, ...]
    """In the order of their making."""

    @property
    def removal(self) -> Correction | None:
        """The correction that took the mention away, or `None` where the corrections rest."""
        return next((one for one in reversed(self.chain) if one.field == "removed"), None)


@dataclass(frozen=True, slots=True)
class Corrections:
    """All corrections in force for one review, each at the tag that it decides."""

    whole: dict[str, Correction] = field(default_factory=dict)
    """Those of the whole review, by field."""
    mentions: tuple[tuple[Correction, ...], ...] = ()
    """For each mention shown those that made it so, in the order of their making."""
    unseen: tuple[Unseen, ...] = ()
    """The others, in the order of the text."""


def said(snapshot: Snapshot, review_id: str, text_hash: str) -> tuple[Correction, ...]:
    """Corrections in force for a review with this text, in the order of their making."""
    from ugc.lake.corrections import in_force

    rows = in_force(snapshot.sql(_QUERY, {"id": review_id, "hash": text_hash}).to_pylist())
    return tuple(
        Correction(
            row["field"],
            row["value"],
            None if row["start"] is None else At(row["start"], row["end"], row["theme"]),
            row["author"],
            row["made_at"],
        )
        for row in rows
    )


def any_made(snapshot: Snapshot) -> bool:
    """Whether anybody has corrected anything in this lake, taken back or not."""
    return bool(snapshot.sql("SELECT count(*) AS n FROM corrections")["n"][0].as_py())


def _near(about: At, start: int, end: int) -> bool:
    """Whether a correction is about this place of the text, as the lake decides it."""
    shared = min(about.end, end) - max(about.start, start)
    return 2 * shared >= max(about.end - about.start, end - start)


def _drawn(rest: list[tuple[At, Correction]], at: At) -> tuple[Correction, ...]:
    """Takes the corrections that led to a mention out of the rest, in the order of their making.

    A mention moved from one theme to another was corrected under the first one before.
    """
    theme, chain = at.theme, []
    for about, one in reversed(rest):
        if not _near(about, at.start, at.end):
            continue
        if one.field == "theme" and one.value == theme:
            theme = about.theme
        elif about.theme != theme:
            continue
        chain.append((about, one))
    for pair in chain:
        rest.remove(pair)
    return tuple(one for _, one in reversed(chain))


def trace(one: ReviewView, found: Sequence[Correction]) -> Corrections:
    """Finds for each correction of a review, as `said` gives them, the tag that it decides."""
    rest = [(each.about, each) for each in found if each.about is not None]
    shown = tuple(_drawn(rest, At(each.start, each.end, each.theme)) for each in one.mentions)
    unseen = []
    while rest:
        about, last = rest[-1]
        at = replace(about, theme=last.value) if last.field == "theme" else about
        unseen.append(Unseen(at, _drawn(rest, at)))
    return Corrections(
        {each.field: each for each in found if each.about is None},
        shown,
        tuple(sorted(unseen, key=lambda each: (each.at.start, each.at.end, each.at.theme))),
    )
