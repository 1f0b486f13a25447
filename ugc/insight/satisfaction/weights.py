"""The user's own weights, and a level rolled up by them: a coffee house with hall 70 and delivery 30.

The weights file is a table (CSV with commas, semicolons or tabs) with the columns `level` (such as
place or theme), `value` (as in the lake; a theme, touchpoint or stage by its key or its name in any
language) and `weight` (a number above 0; only their proportion matters).

Source
    Zou G. Y., Donner A. (2008) Construction of confidence limits about effect measures.
        Stat. Med. 27, 1693-1702 (limits of a weighted sum from the limits of its parts).
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from math import isfinite, sqrt
from pathlib import Path
from typing import get_args

from rapidfuzz import fuzz, process

from ugc.errors import InputError
from ugc.insight.choice.display import printable
from ugc.insight.choice.user_table import table_cells
from ugc.insight.satisfaction.levels import LEVELS, Level, LevelRow, MentionLevel
from ugc.insight.statistics.intervals import Interval
from ugc.taxonomy import LANGUAGES, labels

__all__ = ["RollUp", "Weight", "read_weights", "roll_up"]

_COLUMNS = ("level", "value", "weight")
_MENDED_BY = "The file needs the columns level, value and weight."
_KINDS = {"theme": "themes", "touchpoint": "touchpoints", "stage": "stages"}


@dataclass(frozen=True)
class Weight:
    """One line of the file."""

    line: int
    level: Level
    value: str
    weight: float


@dataclass(frozen=True)
class RollUp:
    """The level above, from the values of one level."""

    csi: Interval | None
    negative_share: Interval | None
    weights: dict[str, float]
    """Of the values that CSI is made of; they sum to 1. Empty where nothing has a rating."""
    own: bool
    """The weights are the user's; otherwise they are numbers of ratings (or of reviews that raise it)."""
    without: tuple[str, ...]
    """Values with a weight of which there is no rating: they fall out, the others share their part."""
    unweighted: tuple[str, ...]
    """Values of the lake to which the user's file gives no weight: they fall out too."""


def _number(told: str, line: int) -> float:
    """A weight; a decimal comma and a sign of per cent may stand."""
    bare = told.strip().removesuffix("%").strip().replace(",", ".")
    if not re.fullmatch(r"\d{1,12}(\.\d{1,12})?", bare) or not (isfinite(float(bare)) and float(bare) > 0):
        raise InputError(
            f"Line {line} of the weights has the weight {printable(told)!r}.",
            "Write a number above 0, such as 70.",
        )
    return float(bare)


def read_weights(path: Path) -> tuple[Weight, ...]:
    """The lines of a weights file.

    Raises `InputError`, with the line, for a file that cannot be read, lacks a column or a value,
    names a level that is none, or gives one value two weights.
    """
    rows = table_cells(path, "weights", megabytes=5, shorter="Keep one line a value.", mended_by=_MENDED_BY)
    names = [name.strip().lower() for name in rows[0]] if rows else []
    if sorted(names) != sorted(_COLUMNS):
        told = ", ".join(names) or "no columns"
        raise InputError(f"The weights file {path} has {printable(told)}.", _MENDED_BY)
    found: dict[tuple[str, str], Weight] = {}
    for line, row in enumerate(rows[1:], 2):
        if not any(cell.strip() for cell in row):
            continue
        if len(row) != len(names) or not all(cell.strip() for cell in row):
            raise InputError(f"Line {line} of the weights leaves a column empty.", "Fill every column.")
        cells = dict(zip(names, (cell.strip() for cell in row), strict=True))
        level = next((one for one in LEVELS[1:] if one == cells["level"].lower()), None)
        if level is None:
            raise InputError(
                f"Line {line} of the weights has the level {printable(cells['level'])!r}.",
                f"Known: {', '.join(LEVELS[1:])}.",
            )
        one = Weight(line, level, cells["value"], _number(cells["weight"], line))
        before = found.setdefault((level, one.value.casefold()), one)
        if before is not one:
            raise InputError(
                f"Lines {before.line} and {line} of the weights both weigh {printable(one.value)!r}.",
                "Keep one of the two.",
            )
    if not found:
        raise InputError(f"The weights file {path} has no line with a weight.", _MENDED_BY)
    return tuple(found.values())


def _spelling(level: Level, known: Sequence[str]) -> dict[str, str]:
    """The lake's value by each way in which the file may write it."""
    spelled = {value.casefold(): value for value in known}
    if level in get_args(MentionLevel):
        for one in labels(_KINDS[level]):
            spelled |= {one.name(language).casefold(): one.key for language in LANGUAGES}
            spelled[one.key.casefold()] = one.key
    return spelled


def _settled(weights: Sequence[Weight], level: Level, known: Sequence[str]) -> dict[str, float]:
    """Weights of a level by the lake's values; `InputError` with the nearest for one it does not hold."""
    spelled, found = _spelling(level, known), {}
    for one in weights:
        value = spelled.get(one.value.casefold())
        if value is None:
            near = [name for name, _, _ in process.extract(one.value, known, scorer=fuzz.WRatio, limit=3)]
            raise InputError(
                f"Line {one.line} of the weights names {level} {printable(one.value)!r}, "
                "of which there are no reviews.",
                f"Nearest: {', '.join(map(printable, near))}." if near else "There are none at this level.",
            )
        found[value] = one.weight
    return found


def _sum(parts: Sequence[tuple[float, Interval]]) -> Interval | None:
    """Σ w·θ with its limits: Σ w·θ ∓ √Σ w²(θ − limit)², the parts being independent (Zou & Donner).

    The weights are brought to a sum of 1 first.
    """
    whole = sum(weight for weight, _ in parts)
    if not whole:
        return None
    value = sum(weight * one.value for weight, one in parts) / whole
    down = sqrt(sum((weight * (one.value - one.low)) ** 2 for weight, one in parts)) / whole
    up = sqrt(sum((weight * (one.high - one.value)) ** 2 for weight, one in parts)) / whole
    return Interval(value, value - down, value + up)


def roll_up(rows: Sequence[LevelRow], level: Level, weights: Sequence[Weight] = ()) -> RollUp:
    """CSI and share of negatives of the level above, from the values of a level.

    Without weights for this level, each value weighs as many ratings as it has: CSI is then the
    plain mean of them all. Reviews raise several themes, so at the levels of mentions the parts are
    not quite independent, and the limits are those of independent ones. Raises `InputError` for a
    weight of a value that there is not.
    """
    named = {row.value: row for row in rows if row.value is not None}
    own = [one for one in weights if one.level == level]
    given = (
        _settled(own, level, list(named)) if own else {value: float(row.n) for value, row in named.items()}
    )
    rated = {
        value: weight for value, weight in given.items() if value in named and named[value].csi and weight
    }
    whole = sum(rated.values())
    return RollUp(
        csi=_sum([(weight, csi) for value, weight in rated.items() if (csi := named[value].csi)]),
        negative_share=_sum(
            [
                (weight if own else float(named[value].tagged), share)
                for value, weight in given.items()
                if value in named and (share := named[value].negative_share)
            ]
        ),
        weights={value: weight / whole for value, weight in rated.items()},
        own=bool(own),
        without=tuple(value for value in given if value not in rated) if own else (),
        unweighted=tuple(value for value in named if value not in given),
    )
