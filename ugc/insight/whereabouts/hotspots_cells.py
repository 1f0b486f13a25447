"""The counts that a search for hot spots needs: groups of up to three conditions, and their overlaps.

Values of a dimension become numbers of six bits in one whole number, so that DuckDB groups by
any dimensions at once with a mask. A few groupings over many dimensions hold those over every
three of them, which are then summed up in numpy.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations
from math import prod
from typing import TYPE_CHECKING, Any, Literal, NamedTuple

import numpy as np
from numpy.typing import NDArray

from ugc.insight.choice.counts import day
from ugc.insight.choice.filters import DIMENSIONS, Filters
from ugc.insight.choice.statement import fill

if TYPE_CHECKING:
    from ugc.lake import Snapshot

__all__ = [
    "BITS",
    "CONDITIONS",
    "KEYS",
    "Cells",
    "Condition",
    "Group",
    "HotSpotBy",
    "Overlap",
    "Target",
    "members",
    "narrowed",
    "overlap",
    "plan",
    "read",
    "targets_of",
]

HotSpotBy = Literal["company", "city", "product", "place", "source", "version", "language", "weekday"]

_WEEKDAY = fill("isodow({day})", day=day("r.date"))

KEYS: dict[HotSpotBy, str] = {
    "company": "r.company",
    "city": "r.city",
    "product": "r.product",
    "place": "r.place",
    "source": "r.source",
    "version": "r.app_version",
    "language": "r.language",
    "weekday": _WEEKDAY,
}
"""Dimension → SQL over `reviews r`; of two that name the same reviews the earlier one is kept."""

CONDITIONS = 3
"""Conditions of a description at most."""
BITS = 6
VALUES = 40
"""Values of a dimension that are searched, the most frequent ones."""
_CELLS = 400_000
"""Cells that one grouping may have by the product of its dimensions."""
_MOST_TARGETS = 60
"""Themes with a polarity that are searched, the most frequent ones: they are bits of one number."""
_PACKED, _WIDTH = 3, 21
"""Counts that are summed within one whole number, and the bits of each."""

Numbers = NDArray[np.float64]
Whole = NDArray[np.int64]


class Target(NamedTuple):
    """What is counted: a theme with a polarity; without a theme, texts negative as a whole."""

    theme: str | None
    polarity: str


class Condition(NamedTuple):
    """One condition of a group; a weekday is "1" (Monday) to "7", by UTC."""

    dimension: HotSpotBy
    value: str


Group = tuple[Condition, ...]
"""Conditions that all hold, in the order of KEYS."""


class Cells(NamedTuple):
    """Reviews counted by the values of some dimensions."""

    dimensions: tuple[int, ...]
    """Places in KEYS."""
    codes: Whole
    """[cells × dimensions]: number of the value, 0 for none or a rare one."""
    n: Numbers
    counts: Numbers
    """[cells × targets]: reviews of the target."""


class Overlap(NamedTuple):
    """Reviews counted by which of some groups they belong to; each review is in one row."""

    member: NDArray[np.bool_]
    """[rows × groups]."""
    n: Numbers
    counts: Numbers
    """[rows × targets]."""


@dataclass(frozen=True)
class _Within(Filters):
    """Filters that choose by app version and weekday as well."""

    versions: tuple[str, ...] = ()
    weekdays: tuple[int, ...] = ()

    def where(self, alias: str = "r") -> tuple[str, dict[str, Any]]:
        """The condition of `Filters.where`, narrowed."""
        condition, params = super().where(alias)
        for name, column in (("versions", "{alias}.app_version"), ("weekdays", "isodow({day})")):
            if getattr(self, name):
                params[f"f_{name}"] = list(getattr(self, name))
                named = fill(column, alias=alias, day=day(f"{alias}.date"))
                condition = " AND ".join(
                    (condition, fill("{key} IN (SELECT unnest($f_{name}))", key=named, name=name))
                )
        return condition, params


def narrowed(filters: Filters, group: Group) -> Filters:
    """The filters that choose a group among the reviews of others: `scores` of it are its figures."""
    fields = {column: name for name, column in DIMENSIONS.items()}
    own: dict[str, Any] = {name: getattr(filters, name) for name in Filters.__dataclass_fields__}
    for dimension, value in group:
        if dimension == "version":
            own["versions"] = (value,)
        elif dimension == "weekday":
            own["weekdays"] = (int(value),)
        else:
            own[fields[dimension]] = (value,)
    return _Within(**own)


_TARGETS = """
SELECT theme, polarity FROM raises
WHERE polarity IN (SELECT unnest($polarities)) GROUP BY 1, 2 ORDER BY count(*) DESC, 1, 2
"""


def targets_of(snapshot: Snapshot, themes: Sequence[str], polarities: Sequence[str]) -> tuple[Target, ...]:
    """The themes and polarities that the lake holds, or those of some themes; the frequent ones first."""
    rows = snapshot.sql(_TARGETS, {"polarities": list(polarities)}).to_pylist()
    found = [Target(**row) for row in rows if not themes or row["theme"] in themes]
    return tuple(found[:_MOST_TARGETS])


_VALUES = """
WITH chosen AS MATERIALIZED (
    SELECT {keys} FROM reviews r JOIN tags t ON t.key = r.key
    WHERE t.sentiment IS NOT NULL AND r.key % $step = 0 AND {where}
)
{groupings}
"""

_VALUES_OF = """
(SELECT '{name}' AS dimension, {name}::VARCHAR AS value, count(*) AS n FROM chosen
WHERE {name} IS NOT NULL AND {name}::VARCHAR <> '' GROUP BY 2 HAVING count(*) >= $size
ORDER BY 3 DESC, 2 LIMIT $most)
"""


def _values(snapshot: Snapshot, filters: Filters, size: int, step: int) -> dict[HotSpotBy, list[str]]:
    """The values of each dimension that can be part of a group, the most frequent first."""
    where, params = filters.where("r")
    keys = ", ".join(fill("{key} AS {name}", key=key, name=name) for name, key in KEYS.items())
    groupings = " UNION ALL ".join(fill(_VALUES_OF, name=name) for name in KEYS)
    statement = fill(_VALUES, keys=keys, groupings=groupings, where=where)
    rows = snapshot.sql(statement, params | {"size": size, "step": step, "most": VALUES}).to_pylist()
    rows.sort(key=lambda row: (-row["n"], row["value"]))
    return {name: [row["value"] for row in rows if row["dimension"] == name] for name in KEYS}


def plan(sizes: Sequence[int]) -> list[tuple[int, ...]]:
    """Few groupings of dimensions that hold every three of them, each of a bounded number of cells.

    `sizes` are the numbers of values of each dimension, none included; a dimension of one value is
    left out.
    """
    living = sorted((place for place, size in enumerate(sizes) if size > 1), key=lambda place: sizes[place])
    width = min(CONDITIONS, len(living))
    wanted = set(combinations(living, width)) if width else set()
    planned = []
    for one in combinations(living, width):
        if one not in wanted:
            continue
        taken = list(one)
        for place in living:
            if place not in taken and prod(sizes[each] for each in [*taken, place]) <= _CELLS:
                taken.append(place)
        ordered = [place for place in living if place in taken]
        wanted -= set(combinations(ordered, width))
        planned.append(tuple(sorted(taken)))
    return planned


_CELLS_OF = """
SELECT {place} AS grouping_place, code & {mask} AS code, count(*) AS n,
    sum(negative)::BIGINT AS negative{sums}
FROM chosen GROUP BY 2
"""

_CODED = """
WITH bits AS (SELECT unnest($themes) AS theme, unnest($polarities) AS polarity, unnest($bits)::BIGINT AS bit),
said AS (
    SELECT m.key, bit_or(b.bit) AS said
    FROM raises m JOIN bits b ON b.theme = m.theme AND b.polarity = m.polarity
    WHERE m.key % $step = 0
    GROUP BY 1
),
chosen AS MATERIALIZED (
    SELECT {code} AS code, (t.sentiment = 'negative')::BIGINT AS negative{words}
    FROM reviews r JOIN tags t ON t.key = r.key LEFT JOIN said s ON s.key = r.key {joins}
    WHERE t.sentiment IS NOT NULL AND r.key % $step = 0 AND {where}
)
{groupings}
"""

_NUMBERED = """
LEFT JOIN (SELECT unnest($v_{name}) AS value, unnest($c_{name})::BIGINT AS code) j_{name}
ON j_{name}.value = {key}
"""


def _word(first: int, targets: int) -> str:
    """SQL of up to three flags of a review in one number, so that one sum counts them all."""
    return " + ".join(
        fill("(((coalesce(s.said, 0) >> {bit}) & 1) * {unit})", bit=str(bit), unit=str(1 << _WIDTH * place))
        for place, bit in enumerate(range(first, min(first + _PACKED, targets)))
    )


def read(
    snapshot: Snapshot, filters: Filters, targets: Sequence[Target], *, size: int, step: int = 1
) -> tuple[dict[HotSpotBy, list[str]], list[Cells]]:
    """The values of each dimension, and cells that together hold every three dimensions.

    Value i of a dimension has the code i + 1. Of the tagged reviews that the filters choose every
    `step`-th is counted. The first target is that without a theme, whether it is asked for or not.
    """
    values = _values(snapshot, filters, size, step)
    names = list(KEYS)
    planned = plan([len(values[name]) + 1 for name in names])
    if not planned:
        return values, []
    where, params = filters.where("r")
    codes, joins = [], []
    for place, name in enumerate(names):
        if not values[name]:
            continue
        params[f"v_{name}"] = values[name]
        params[f"c_{name}"] = [(code + 1) << BITS * place for code in range(len(values[name]))]
        joins.append(fill(_NUMBERED, name=name, key=_as_text(name)))
        codes.append(fill("coalesce(j_{name}.code, 0)", name=name))
    themed = [one for one in targets if one.theme is not None]
    firsts = range(0, len(themed), _PACKED)
    masks = [sum((1 << BITS) - 1 << BITS * each for each in one) for one in planned]
    sums = "".join(f", sum(w{first})::BIGINT AS w{first}" for first in firsts)
    statement = fill(
        _CODED,
        code=" + ".join(codes),
        joins="".join(joins),
        words="".join(f", {_word(first, len(themed))} AS w{first}" for first in firsts),
        where=where,
        groupings=" UNION ALL ".join(
            fill(_CELLS_OF, place=str(place), mask=str(mask), sums=sums) for place, mask in enumerate(masks)
        ),
    )
    params |= {
        "themes": [one.theme for one in themed],
        "polarities": [one.polarity for one in themed],
        "bits": [1 << place for place in range(len(themed))],
        "step": step,
    }
    rows = snapshot.sql(statement, params)
    columns = {name: rows.column(name).to_numpy().astype(np.int64) for name in rows.column_names}
    counts = [columns["negative"]] + [
        columns[f"w{bit - bit % _PACKED}"] >> _WIDTH * (bit % _PACKED) & (1 << _WIDTH) - 1
        for bit in range(len(themed))
    ]
    every = np.column_stack(counts).astype(np.float64)
    cells = []
    for place, dimensions in enumerate(planned):
        own = columns["grouping_place"] == place
        code = columns["code"][own, None] >> (BITS * np.array(dimensions)) & (1 << BITS) - 1
        cells.append(Cells(dimensions, code, columns["n"][own].astype(np.float64), every[own]))
    return values, cells


_OVERLAP = """
WITH chosen AS MATERIALIZED (
    SELECT r.key, (t.sentiment = 'negative')::BIGINT AS negative, {member} AS member
    FROM reviews r JOIN tags t ON t.key = r.key {joins}
    WHERE t.sentiment IS NOT NULL AND r.key % $step = 0 AND {where}
),
wanted AS (SELECT unnest($themes) AS theme, unnest($polarities) AS polarity, unnest($places) AS place)
SELECT member, -1 AS place, count(*) AS n FROM chosen GROUP BY 1
UNION ALL
SELECT member, $whole, sum(negative)::BIGINT FROM chosen WHERE $whole >= 0 GROUP BY 1
UNION ALL
SELECT c.member, w.place, count(*)
FROM raises m JOIN wanted w ON w.theme = m.theme AND w.polarity = m.polarity JOIN chosen c ON c.key = m.key
WHERE m.key % $step = 0
GROUP BY 1, 2
"""

_MEMBER = """
LEFT JOIN (SELECT unnest($m_{name}) AS value, unnest($b_{name})::BIGINT AS bits) m_{name}
ON m_{name}.value = {key}
"""


def members(groups: Sequence[Group]) -> tuple[str, str, dict[str, Any]]:
    """SQL of a number whose bit i tells whether a review `r` is in group i, joins for it, parameters.

    Each value of a dimension leaves the groups that ask for it or for none of that dimension: one
    join a dimension, whatever the number of groups.
    """
    every = (1 << len(groups)) - 1
    parts, joins = [fill("{every}::BIGINT", every=str(every))], list[str]()
    params: dict[str, Any] = {}
    for name in KEYS:
        free, asking = every, dict[str, int]()
        for place, group in enumerate(groups):
            for dimension, value in group:
                if dimension == name:
                    free &= ~(1 << place)
                    asking[value] = asking.get(value, 0) | 1 << place
        if asking:
            params[f"m_{name}"] = list(asking)
            params[f"b_{name}"] = [bits | free for bits in asking.values()]
            joins.append(fill(_MEMBER, name=name, key=_as_text(name)))
            parts.append(fill("coalesce(m_{name}.bits, {free})", name=name, free=str(free)))
    return " & ".join(parts), "".join(joins), params


def _as_text(name: HotSpotBy) -> str:
    """SQL of a dimension as text."""
    return KEYS[name] if name != "weekday" else fill("({key})::VARCHAR", key=KEYS[name])


def overlap(
    snapshot: Snapshot,
    filters: Filters,
    targets: Sequence[Target],
    groups: Sequence[Group],
    *,
    step: int = 1,
) -> Overlap:
    """How the groups (62 at most) share the tagged reviews that the filters choose."""
    where, params = filters.where("r")
    member, joins, own = members(groups)
    themed = [(place, one) for place, one in enumerate(targets) if one.theme is not None]
    given = {
        "themes": [one.theme for _, one in themed],
        "polarities": [one.polarity for _, one in themed],
        "places": [place for place, _ in themed],
        "whole": next((place for place, one in enumerate(targets) if one.theme is None), -1),
        "step": step,
    }
    rows = snapshot.sql(fill(_OVERLAP, member=member, joins=joins, where=where), params | own | given)
    masks, place, n = (rows.column(name).to_numpy().astype(np.int64) for name in ("member", "place", "n"))
    kinds, where_to = np.unique(masks, return_inverse=True)
    filled = np.zeros((len(kinds), len(targets) + 1))
    np.add.at(filled, (where_to, place + 1), n)
    member_of = (kinds[:, None] >> np.arange(len(groups))) & 1 == 1
    return Overlap(member_of, filled[:, 0], filled[:, 1:])
