"""Names and quotes of the reasons that are new or have grown, and merges of those that grew together."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa

from ugc.grouping import reading
from ugc.grouping.assign import Floats, decode, points, unit, unpack
from ugc.grouping.lemmas import LANGUAGES
from ugc.grouping.merge import SAME
from ugc.grouping.names import CHARACTERS, Background, Phrases, apart, clause, name, phrases
from ugc.grouping.reading import Key
from ugc.schema import GROUPED, REASONS

if TYPE_CHECKING:
    from ugc.lake import Lake

__all__ = ["GROWN", "Refreshed", "medoid", "refresh"]

GROWN = 1.5
"""A reason gets its name and quote anew when it has so many times the mentions it had then."""

MEMBERS = 200
"""Mentions of a reason that are read for its name, its quote and its middle."""

CELL = 600
"""Mentions of a cell that a reason's words are compared with, besides those of its other reasons."""

ENOUGH = 3
"""Mentions in a language from which on a reason has a name in it."""

SHORTEST, LONGEST = 20, 140
"""Characters of a quote that reads well in a list."""

HELD = 0.15
"""What a word that sets the reason apart adds to the cosine of a mention that is to be its name."""

SURE = 0.5
"""Confidence from which on a mention is quoted, if any has it."""


@dataclass(frozen=True, slots=True)
class Refreshed:
    """Numbers of reasons that got a name and a quote, and that were merged."""

    renamed: int
    merged: int


@dataclass(frozen=True, eq=False)
class _Members:
    """Some mentions of one reason: where they are, what they say, and their points in the cell."""

    rows: list[dict[str, Any]]
    quotes: list[str]
    languages: list[str | None]
    points: Floats

    @property
    def middle(self) -> Floats:
        """Middle of these mentions, of unit length."""
        return unit(self.points.mean(axis=0))


def medoid(quotes: list[str], confidences: list[float], likeness: Floats, longest: int = LONGEST) -> int:
    """Number of the quote that stands for all: the nearest to the middle that is short, whole and sure.

    Args:
        quotes: what was said.
        confidences: how sure the model is of each.
        likeness: cosine of each to the middle.
        longest: characters of a short one at most.
    """

    def worth(place: int) -> tuple[bool, bool, float, int]:
        text = quotes[place]
        reads = SHORTEST <= len(text) <= longest and "\n" not in text and text.isprintable()
        return reads, confidences[place] >= SURE, float(likeness[place]), -place

    return max(range(len(quotes)), key=worth)


def refresh(lake: Lake) -> Refreshed:
    """Merges the reasons that have grown together and names those that are new or have grown.

    Raises:
        LakeError: the lake cannot be read or written.
    """
    with lake.snapshot() as snapshot:
        rows = reading.held(snapshot)
        due = [
            row
            for row in rows
            if row["merged_into"] is None
            and row["now"]
            and (row["quote_review"] is None or row["now"] >= GROWN * row["members"])
        ]
        if not due:
            return Refreshed(0, 0)
        cells = sorted({row["theme"] + "\t" + row["polarity"] for row in due})
        members = reading.sample(
            snapshot, f"{reading.IN} AND m.reason IS NOT NULL", MEMBERS, by_reason=True, cells=cells
        )
        loose = reading.sample(snapshot, reading.IN, CELL, cells=cells)
        ids = {row["review_id"] for drawn in (members, loose) for one in drawn.values() for row in one.rows}
        texts = reading.quotes(snapshot, sorted(ids))
    by_cell: dict[Key, list[dict[str, Any]]] = defaultdict(list)
    for row in rows:
        if row["merged_into"] is None:
            by_cell[Key(row["model"], row["theme"], row["polarity"])].append(row)
    now = datetime.now(UTC)
    changed: dict[str, dict[str, Any]] = {}
    for key in sorted({Key(row["model"], row["theme"], row["polarity"]) for row in due}):
        if key not in members:
            continue
        own = _members(by_cell[key], members[key], texts)
        wanted = {row["id"] for row in due} & own.keys()
        for lost, kept in _merges(by_cell[key], own, wanted).items():
            row = next(one for one in by_cell[key] if one["id"] == lost)
            changed[lost] = row | {"merged_into": kept, "updated_at": now}
        live = [row for row in by_cell[key] if row["id"] not in changed]
        for row in _named(live, own, wanted, _said(loose[key], texts)):
            changed[row["id"]] = row | {"updated_at": now}
    table = pa.Table.from_pylist(
        [{field: row[field] for field in REASONS.names} for row in changed.values()], schema=REASONS
    )
    lake.write_grouping(table, GROUPED.empty_table())
    merged = sum(row["merged_into"] is not None for row in changed.values())
    return Refreshed(len(changed) - merged, merged)


def _said(drawn: reading.Sampled, texts: dict[str, tuple[str | None, str]]) -> list[tuple[str | None, str]]:
    """Language and words of each mention."""
    return [(texts[row["review_id"]][0], _words(row, texts)) for row in drawn.rows]


def _words(row: dict[str, Any], texts: dict[str, tuple[str | None, str]]) -> str:
    """The words of a mention."""
    return texts[row["review_id"]][1][row["start"] : row["end"]]


def _members(
    rows: list[dict[str, Any]], drawn: reading.Sampled, texts: dict[str, tuple[str | None, str]]
) -> dict[str, _Members]:
    """The members of each reason of a cell."""
    cell = unpack([row["id"] for row in rows], [row["centroid"] for row in rows])
    at = points(decode(drawn.vectors), drawn.languages, cell.frame)
    places: dict[str, list[int]] = defaultdict(list)
    for place, row in enumerate(drawn.rows):
        places[row["reason"]].append(place)
    return {
        reason: _Members(
            [drawn.rows[place] for place in own],
            [_words(drawn.rows[place], texts) for place in own],
            [texts[drawn.rows[place]["review_id"]][0] for place in own],
            at[own],
        )
        for reason, own in places.items()
    }


def _merges(rows: list[dict[str, Any]], members: dict[str, _Members], grown: set[str]) -> dict[str, str]:
    """Reasons that have grown together: the smaller → the larger; of those that have `grown` only.

    What decides is where their mentions lie now, not where the kept centroids lie.
    """
    into: dict[str, str] = {}
    ranked = sorted((row for row in rows if row["id"] in members), key=lambda row: (-row["now"], row["id"]))
    for place, row in enumerate(ranked):
        best, nearest = SAME, None
        for larger in ranked[:place]:
            if larger["id"] in into or not {row["id"], larger["id"]} & grown:
                continue
            likeness = float(members[row["id"]].middle @ members[larger["id"]].middle)
            if likeness >= best:
                best, nearest = likeness, larger["id"]
        if nearest is not None:
            into[row["id"]] = nearest
    return into


def _clause(
    own: _Members, language: str, runs: list[Phrases], leading: set[str], taken: set[str]
) -> str | None:
    """The mention in a language that stands best for its reason, as a name that no other reason bears.

    It lies near the middle and holds words that set the reason apart.

    Args:
        own: the mentions of the reason.
        language: of the name.
        runs: the words of those that are in it, in order.
        leading: the words that set the reason apart.
        taken: names of other reasons.
    """
    places = [place for place, spoken in enumerate(own.languages) if spoken == language]
    held = np.asarray([min(2, len(one.telling & leading)) for one in runs], np.float32)
    near = (own.points @ own.middle)[places] + HELD * held
    left = list(range(len(places)))
    while left:
        said = [own.quotes[places[one]] for one in left]
        sure = [own.rows[places[one]]["confidence"] for one in left]
        shown = clause(said[best := medoid(said, sure, near[left], CHARACTERS)], language)
        left.pop(best)
        if shown and shown not in taken:
            return shown
    return None


def _named(
    rows: list[dict[str, Any]],
    members: dict[str, _Members],
    wanted: set[str],
    cell: list[tuple[str | None, str]],
) -> list[dict[str, Any]]:
    """The rows of the reasons that are wanted, with name and quote; the largest reason is named first."""
    backgrounds: dict[str, Background] = {}
    found: list[dict[str, Any]] = []
    again: set[str] = set()
    for row in sorted(rows, key=lambda one: (-one["now"], one["id"])):
        if row["id"] not in wanted:
            continue
        again.add(row["id"])
        own = members[row["id"]]
        best = medoid(own.quotes, [one["confidence"] for one in own.rows], own.points @ own.middle)
        quote = own.rows[best]
        new = row | {
            "members": row["now"],
            "quote_review": quote["review_id"],
            "quote_start": quote["start"],
            "quote_end": quote["end"],
        }
        for language in LANGUAGES:
            column = f"name_{language}"
            said = [text for text, one in zip(own.quotes, own.languages, strict=True) if one == language]
            if len(said) < ENOUGH:
                continue
            if language not in backgrounds:
                backgrounds[language] = Background()
                everywhere = (text for spoken, text in cell if spoken == language)
                backgrounds[language].add(phrases(text, language) for text in everywhere)
            taken = {
                one[column]
                for one in [*(old for old in rows if old["id"] not in again), *found]
                if one[column] and one["id"] != row["id"]
            }
            runs = [phrases(text, language) for text in said]
            leading = apart(runs, backgrounds[language])
            new[column] = name(runs, backgrounds[language], language, taken) or _clause(
                own, language, runs, leading, taken
            )
        found.append(new)
    return found
