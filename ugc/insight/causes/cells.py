"""Sums of the cells touchpoint × theme and of the stages, from which their figures are computed.

One pass of the lake gives, for every cell, its reviews and ratings by what they say of it, and for
the whole the ratings by stage. *Occasions* are pairs of a review and a cell that it blames (or
praises): a review that blames three cells counts three times.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from math import sqrt
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray
from scipy.special import stdtr, stdtrit

from ugc.insight.causes.impact import LEAST_RAISED, LEAST_RATINGS, Sums, spread
from ugc.insight.choice.filters import Filters
from ugc.insight.choice.statement import fill
from ugc.taxonomy import keys, labels

if TYPE_CHECKING:
    from ugc.lake import Snapshot

__all__ = ["NOT_TOLD", "Cells", "Excess", "Occasions", "Tally", "cells", "excess"]

NOT_TOLD = "none"
"""The touchpoint of mentions whose text does not tell one."""

_SUMS = """count(*) AS reviews, count(c.stars) AS n, sum(c.stars) AS total, sum(c.stars * c.stars) AS squares,
    count(*) FILTER (c.stars < 1.5) AS ones, count(*) FILTER (c.stars >= 4.5) AS fives,
    count(c.moved) AS known, count(*) FILTER (c.moved) AS moved"""

_OCCASIONS = ", ".join(
    f"sum({power} * {stars}) AS {side}_{place}_{name}"
    for side in ("blame", "praise")
    for place, power in ((1, f"c.{side}"), (2, f"c.{side} * c.{side}"))
    for name, stars in (("n", "c.rated"), ("y", "c.stars"), ("yy", "c.stars * c.stars"))
)
"""Sums of the ratings weighted by k and by k²; what has no rating adds nothing."""

_QUERY = """
WITH numbered AS MATERIALIZED (
    SELECT r.key, r.stars, (r.stars IS NOT NULL)::INT::DOUBLE AS rated,
        CASE WHEN t.emotions IS NOT NULL THEN len(t.emotions) > 0 END AS moved
    FROM reviews r JOIN tags t ON t.key = r.key
    WHERE t.sentiment IS NOT NULL AND {where}
),
pairs AS (
    SELECT unnest($themes) AS theme, unnest($touchpoints) AS touchpoint, unnest($codes) AS code,
        unnest($bits) AS bit
),
cells AS MATERIALIZED (
    SELECT s.key, p.code, p.bit, s.stance % 2 AS praised, s.stance // 2 AS blamed
    FROM stances s JOIN pairs p ON p.theme = s.theme AND p.touchpoint = s.touchpoint
    WHERE s.key IN (SELECT key FROM numbered)
),
ways AS (
    SELECT key, sum(blamed)::DOUBLE AS blame, sum(praised)::DOUBLE AS praise, bit_or(bit) AS named,
        bit_or(bit * praised) AS praised, bit_or(bit * blamed) AS blamed
    FROM cells
    GROUP BY 1
),
told AS MATERIALIZED (
    SELECT n.key, n.stars, n.rated, n.moved, w.blame, w.praise, w.named, w.praised, w.blamed
    FROM numbered n LEFT JOIN ways w ON w.key = n.key
)
SELECT e.code, 0 AS named, e.praised::BIGINT AS praised, e.blamed::BIGINT AS blamed, {sums}, {occasions}
FROM cells e JOIN told c ON c.key = e.key
GROUP BY 1, 2, 3, 4
UNION ALL
SELECT NULL, coalesce(c.named, 0), coalesce(c.praised, 0), coalesce(c.blamed, 0), {sums}, {occasions}
FROM told c
GROUP BY 1, 2, 3, 4
ORDER BY 1, 2, 3, 4
"""


class Tally(NamedTuple):
    """Counts of some reviews; `stars` sums those that have a rating."""

    reviews: int
    stars: Sums
    ones: int
    """Ratings that round to one star; `fives` to five."""
    fives: int
    known: int
    """Reviews in which the model looked for emotions; `moved`: it found at least one."""
    moved: int


class Occasions(NamedTuple):
    """Ratings of reviews weighted by k, the number of cells that each blames (or praises)."""

    once: Sums
    """Σk, Σky, Σky²: the ratings by occasion."""
    twice: Sums
    """Σk², Σk²y, Σk²y²."""


class Excess(NamedTuple):
    """Mean stars at the occasions of one cell − mean stars at all other occasions of the polarity."""

    value: float
    low: float
    high: float
    p_value: float
    """Two-sided, of "no difference"."""


@dataclass(frozen=True, eq=False)
class Cells:
    """Rows of sums: those of cells, then those of stages, told apart by a theme or none."""

    themes: tuple[str | None, ...]
    touchpoints: tuple[str | None, ...]
    _columns: dict[str, NDArray[np.float64]]

    @property
    def whole(self) -> NDArray[np.bool_]:
        """The rows that together hold each review chosen once."""
        return np.array([theme is None for theme in self.themes], dtype=np.bool_)

    @cached_property
    def _places(self) -> dict[tuple[str, str], list[int]]:
        """Theme and touchpoint → the rows of that cell."""
        found: dict[tuple[str, str], list[int]] = {}
        for place, (theme, touchpoint) in enumerate(zip(self.themes, self.touchpoints, strict=True)):
            if theme is not None and touchpoint is not None:
                found.setdefault((theme, touchpoint), []).append(place)
        return found

    def pairs(self) -> list[tuple[str, str]]:
        """Theme and touchpoint of every cell, in alphabetical order."""
        return sorted(self._places)

    def cell(self, theme: str, touchpoint: str) -> NDArray[np.bool_]:
        """The rows of one cell."""
        rows = np.zeros(len(self.themes), dtype=np.bool_)
        rows[self._places[theme, touchpoint]] = True
        return rows

    def stage(self, place: int, column: str = "named") -> NDArray[np.bool_]:
        """The rows of reviews that name, blame or praise anything at a stage."""
        at_it: NDArray[np.bool_] = self.whole & (self._flags(column) >> place & 1 == 1)
        return at_it

    def saying(self, *, praised: bool | None = None, blamed: bool | None = None) -> NDArray[np.bool_]:
        """The rows of a cell by what they say of it."""
        rows: NDArray[np.bool_] = np.ones(len(self.themes), dtype=np.bool_)
        for name, wanted in (("praised", praised), ("blamed", blamed)):
            if wanted is not None:
                rows = rows & ((self._flags(name) == 1) == wanted)
        return rows

    def tally(self, rows: NDArray[np.bool_]) -> Tally:
        """The counts of some rows together."""
        reviews, n, total, squares, ones, fives, known, moved = (
            float(self._columns[name][rows].sum())
            for name in ("reviews", "n", "total", "squares", "ones", "fives", "known", "moved")
        )
        stars = Sums(int(n), total, squares)
        return Tally(int(reviews), stars, int(ones), int(fives), int(known), int(moved))

    def occasions(self, rows: NDArray[np.bool_], side: str) -> Occasions:
        """The ratings of some rows weighted by k for a side, "blame" or "praise"."""
        both = []
        for power in (1, 2):
            n, y, yy = (
                float(self._columns[f"{side}_{power}_{name}"][rows].sum()) for name in ("n", "y", "yy")
            )
            both.append(Sums(int(n), y, yy))
        return Occasions(*both)

    def _flags(self, column: str) -> NDArray[np.int64]:
        """A column of bits."""
        return self._columns[column].astype(np.int64)


def excess(part: Sums, own: Occasions, every: Occasions, whole: Sums) -> Excess | None:
    """How far ratings at one cell lie from those at all other occasions of the same polarity.

    Both means are taken over occasions, because reviews that raise a given cell raise more cells
    than others do, wherever one looks. `part` sums the ratings of the cell, `own` the same
    reviews weighted by k, `every` all reviews weighted by k. The variance is that of the
    difference of two ratio means over the same reviews (Taylor linearization, each review one
    unit): review i adds z(y−m)/n − (k−z)(y−m′)/N, z being 1 where it raises the cell. Student with
    n + 1 degrees of freedom. `None` under LEAST_RAISED ratings on either side.

    Source: Särndal C.-E., Swensson B., Wretman J. (1992) Model Assisted Survey Sampling, ch. 5.
    """
    n, others = part.n, every.once.n - part.n
    if whole.n < LEAST_RATINGS or min(n, others) < LEAST_RAISED:
        return None
    mean, rest = part.total / n, (every.once.total - part.total) / others
    twice, once = every.twice, own.once
    weight = twice.n - 2 * once.n + n
    total = twice.total - 2 * once.total + part.total
    squares = twice.squares - 2 * once.squares + part.squares
    of_rest = max(squares - 2 * rest * total + rest**2 * weight, 0.0) / others**2
    both = (
        once.squares - part.squares - (mean + rest) * (once.total - part.total) + mean * rest * (once.n - n)
    )
    of_part = spread(part) / n
    error = sqrt(max(of_part + of_rest - 2 * both / (n * others), 0.25 * of_part))
    value, freedom = mean - rest, n + 1
    reach = float(stdtrit(freedom, 0.975)) * error
    return Excess(value, value - reach, value + reach, 2 * float(stdtr(freedom, -abs(value) / error)))


def cells(snapshot: Snapshot, filters: Filters) -> Cells:
    """The sums of all cells and stages in the tagged reviews that the filters choose."""
    order = keys("stages")
    where, params = filters.where("r")
    held = snapshot.sql("SELECT DISTINCT theme, touchpoint FROM stances ORDER BY 1, 2")
    themes, touchpoints = held.column("theme").to_pylist(), held.column("touchpoint").to_pylist()
    staged = {one.key: 1 << order.index(one.stage) for one in labels("touchpoints") if one.stage}
    given = {
        "themes": themes,
        "touchpoints": touchpoints,
        "codes": list(range(len(themes))),
        "bits": [staged.get(one, 1 << len(order)) for one in touchpoints],
    }
    statement = fill(_QUERY, where=where, sums=_SUMS, occasions=_OCCASIONS)
    table: pa.Table = snapshot.sql(statement, params | given)
    columns = {
        name: np.nan_to_num(table.column(name).cast(pa.float64()).to_numpy())
        for name in table.column_names
        if name != "code"
    }
    codes = table.column("code").to_pylist()
    return Cells(
        tuple(None if code is None else themes[code] for code in codes),
        tuple(None if code is None else touchpoints[code] for code in codes),
        columns,
    )
