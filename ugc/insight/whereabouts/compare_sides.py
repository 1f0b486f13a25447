"""What is compared: names that the lake holds, or periods, each as a choice of reviews."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from itertools import combinations
from typing import TYPE_CHECKING, Any

from rapidfuzz import fuzz, process
from rapidfuzz.utils import default_process

from ugc.errors import InputError
from ugc.insight.choice.display import printable
from ugc.insight.choice.filters import DIMENSIONS, Filters
from ugc.insight.choice.periods import WRITTEN, span_of
from ugc.insight.choice.statement import fill

if TYPE_CHECKING:
    from ugc.lake import Snapshot

__all__ = ["KINDS", "Chosen", "apart", "choose_sides", "conditions", "disjoint"]

KINDS = ("company", "place", "product", "city", "source", "period")
"""What can be compared; where names are held as several kinds, the first of these is meant."""

_FIELDS: dict[str, str] = {column: name for name, column in DIMENSIONS.items()}
_HELD = "SELECT '{column}' AS kind, {column} AS value FROM reviews WHERE {column} <> '' GROUP BY 2"
_NAME = 200
"""Characters of a name that a message repeats."""


@dataclass(frozen=True)
class Chosen:
    """One side of a comparison: a name and the reviews that it stands for."""

    name: str
    filters: Filters


def _told(name: str) -> str:
    """A name as a message may repeat it."""
    return printable(name if len(name) <= _NAME else name[:_NAME] + "…")


def _period(name: str) -> tuple[date, date] | None:
    """First and last day of a period or of `one..another`; `None` for what is neither."""
    begin, dots, end = name.partition("..")
    first, last = span_of(begin.strip()), span_of((end if dots else begin).strip())
    if first is None or last is None or last[1] >= date.max:
        return None
    return first[0], last[1]


def _spelled(name: str, known: Sequence[str]) -> str | None:
    """A name in the lake's own spelling, upper and lower case aside; `None` where it holds none such."""
    if name in known:
        return name
    same = [one for one in known if one.casefold() == name.casefold().strip()]
    return same[0] if len(same) == 1 else None


def _mend(name: str, held: Mapping[str, Sequence[str]]) -> str:
    """What mends a name that is not held: the nearest ones."""
    known = [(kind, value) for kind, values in held.items() for value in values]
    if not known:
        return "The lake holds no such values at all."
    found = process.extract(
        name[:_NAME], [value for _, value in known], scorer=fuzz.WRatio, processor=default_process, limit=3
    )
    near = [known[place] for _, alike, place in found if alike >= 50]
    listed = ", ".join(f"{_told(value)} ({kind})" for kind, value in near or known[:5])
    return f"{'Nearest' if near else 'There are'}: {listed}."


def _narrow(filters: Filters, kind: str, name: str) -> Filters:
    """The filters and a side together.

    Raises `InputError` where they leave the side nothing.
    """
    if kind != "period":
        field = _FIELDS[kind]
        if getattr(filters, field) and name not in getattr(filters, field):
            raise InputError(
                f"{_told(name)} is left out by --{kind}.", f"Leave --{kind} away, or compare what it chooses."
            )
        only: dict[str, Any] = {field: (name,)}
        return replace(filters, **only)
    span = _period(name)
    if span is None:
        raise InputError(f"{_told(name)!r} is no period.", f"Write {WRITTEN}, or 2026-01..2026-06.")
    if span[1] < span[0]:
        raise InputError(f"The period {_told(name)} ends before it begins.", "Swap the two.")
    since = max(span[0], filters.since or span[0])
    until = min(span[1], filters.until or span[1])
    if until < since:
        raise InputError(
            f"The period {_told(name)} is left out by --since or --until.", "Leave these options away."
        )
    return replace(filters, since=since, until=until)


def _held(snapshot: Snapshot) -> dict[str, list[str]]:
    """All values that the lake holds of each kind but the periods."""
    statement = " UNION ALL ".join(fill(_HELD, column=kind) for kind in KINDS if kind != "period")
    held: dict[str, list[str]] = {kind: [] for kind in KINDS if kind != "period"}
    for row in snapshot.sql(statement).to_pylist():
        held[row["kind"]].append(row["value"])
    for values in held.values():
        values.sort()
    return held


def choose_sides(
    snapshot: Snapshot, names: Sequence[str], filters: Filters, *, what: str | None = None
) -> tuple[str, tuple[Chosen, ...]]:
    """What the names are, one of KINDS, and the side of each, within the filters.

    Without `what`, the first kind is taken of which the lake holds all names, and periods where it
    holds none. Raises `InputError` for a name that is nothing, with the nearest ones; for names
    of different kinds; for one that stands there twice; for periods that share a day; for an
    unknown `what`; and for a side that the filters leave out.
    """
    if what is not None and what not in KINDS:
        raise InputError(f"There is no comparison by {_told(what)!r}.", f"Known: {', '.join(KINDS)}.")
    if any(not name.strip() for name in names):
        raise InputError("One of the names to compare is empty.", "Name what is to be compared.")
    every = {} if what == "period" else _held(snapshot)
    held = {kind: values for kind, values in every.items() if what in (None, kind)}
    spelled: dict[str, list[str | None]] = {
        kind: [_spelled(name, values) for name in names] for kind, values in held.items()
    }
    if what in (None, "period"):
        spelled["period"] = [name.strip() if _period(name) else None for name in names]
    for kind, found in spelled.items():
        whole = [name for name in found if name is not None]
        if len(whole) == len(names):
            sides = tuple(Chosen(name, _narrow(filters, kind, name)) for name in whole)
            apart(sides)
            return kind, sides
    are = []
    for place, name in enumerate(names):
        kinds = [kind for kind, found in spelled.items() if found[place] is not None]
        if not kinds:
            if what == "period":
                raise InputError(f"{_told(name)!r} is no period.", f"Write {WRITTEN}, or 2026-01..2026-06.")
            kind = f" with {what}" if what else " of, and no period is written as,"
            raise InputError(f"The lake holds no review{kind} {_told(name)!r}.", _mend(name, held))
        are.append(f"{_told(name)} ({', '.join(kinds)})")
    raise InputError(f"These are of different kinds: {'; '.join(are)}.", "Compare things of one kind.")


def apart(sides: Sequence[Chosen]) -> None:
    """Raises `InputError` where two sides are the same, or the same but for periods that share a day."""
    for one, other in combinations(sides, 2):
        if one.filters == other.filters:
            raise InputError(
                f"{_told(one.name)} and {_told(other.name)} are the same reviews.", "Name each side once."
            )
        timeless = [replace(side.filters, since=None, until=None) for side in (one, other)]
        begin = max(side.filters.since or date.min for side in (one, other))
        end = min(side.filters.until or date.max for side in (one, other))
        if timeless[0] == timeless[1] and begin <= end:
            raise InputError(
                f"The periods {_told(one.name)} and {_told(other.name)} share days ({begin} … {end}).",
                "Choose periods that do not overlap: a review can stand on one side only.",
            )


def disjoint(one: Filters, other: Filters) -> bool:
    """Whether no review can be chosen by both, whatever the lake holds."""
    if (one.since and other.until and other.until < one.since) or (
        other.since and one.until and one.until < other.since
    ):
        return True
    for field in DIMENSIONS:
        values, others = ({value or "" for value in getattr(side, field)} for side in (one, other))
        if values and others and not values & others:
            return True
    return False


def conditions(sides: Sequence[Chosen]) -> tuple[tuple[str, ...], dict[str, Any]]:
    """The condition of each side on `reviews AS r`, and the named parameters of all of them.

    `Filters.where` names the parameters of every choice alike, so those of each side get a number.
    """
    wheres: list[str] = []
    params: dict[str, Any] = {}
    for place, side in enumerate(sides):
        where, own = side.filters.where("r")
        wheres.append(f"({where.replace('$f_', f'$s{place}_')})")
        params |= {f"s{place}_{name.removeprefix('f_')}": value for name, value in own.items()}
    return tuple(wheres), params
