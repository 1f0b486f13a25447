"""Two dimensions at once: a figure of every pair of their values, and which pairs depart from the rest.

The largest values of each dimension have a line of their own (of months, the latest); what is beyond
them and what has no value stand in lines of their own too, so that every review is in one cell.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal, NamedTuple, get_args

from ugc.errors import InputError
from ugc.insight.choice.counts import day
from ugc.insight.choice.filters import DIMENSIONS, Dimension, Filters
from ugc.insight.choice.statement import fill
from ugc.insight.satisfaction.trend import start_of
from ugc.insight.statistics.intervals import Interval, mean, wilson
from ugc.insight.statistics.means import Sample, mean_difference
from ugc.insight.statistics.shrinkage import shrink_means, shrink_shares
from ugc.insight.statistics.significance import ALPHA, adjust, two_shares

if TYPE_CHECKING:
    from ugc.lake import Snapshot

__all__ = ["FEW", "Cross", "CrossBy", "CrossCell", "CrossFigure", "CrossLine", "cross"]

CrossBy = Dimension | Literal["month", "weekday"]
"""What reviews can be broken down by; a month and a weekday are those of the date in UTC."""

CrossFigure = Literal["negative", "csi", "theme"]
"""Share of negative texts; mean satisfaction of the ratings; share of texts that raise a theme."""

Kind = Literal["value", "rest", "none"]
"""What a row or column stands for: one value, all beyond the largest, the reviews without one."""

FEW = 30
"""Reviews below which the figure of a cell says little."""

_KEYS: dict[str, str] = {
    **{column: fill("nullif(r.{column}, '')", column=column) for column in DIMENSIONS.values()},
    "month": fill("strftime({start}, '%Y-%m')", start=start_of("month")),
    "weekday": fill("CAST(isodow({day}) AS VARCHAR)", day=day("r.date")),
}

_RAISING = "LEFT JOIN raises m ON m.key = r.key AND m.theme = $theme AND m.polarity = $polarity"

_MEASURES: dict[str, str] = {
    "negative": "count(r.sentiment) AS n, count(*) FILTER (r.sentiment = 'negative') AS total, 0",
    "theme": "count(r.sentiment) AS n, count(m.key) FILTER (r.sentiment IS NOT NULL) AS total, 0",
    "csi": "count(r.stars) AS n, coalesce(sum(r.stars), 0.0) AS total, coalesce(sum(r.stars * r.stars), 0.0)",
}
"""The n of the figure, the sum of what it is a mean of, and the sum of its squares where that is needed."""

_CELLS = """
WITH cells AS MATERIALIZED (
    SELECT {down} AS down, {across} AS across, count(*) AS reviews, {measures} AS squares
    FROM judged r {joins}
    WHERE {where}
    GROUP BY 1, 2
),
downs AS (
    SELECT down AS value, row_number() OVER (ORDER BY {down_order}) AS place
    FROM cells WHERE down IS NOT NULL GROUP BY 1
),
acrosses AS (
    SELECT across AS value, row_number() OVER (ORDER BY {across_order}) AS place
    FROM cells WHERE across IS NOT NULL GROUP BY 1
),
placed AS (
    SELECT c.*, coalesce(d.place, 0) AS down_place, coalesce(a.place, 0) AS across_place
    FROM cells c LEFT JOIN downs d ON d.value = c.down LEFT JOIN acrosses a ON a.value = c.across
)
SELECT CASE WHEN down_place <= $top THEN down END AS down,
    CASE WHEN down IS NULL THEN 'none' WHEN down_place > $top THEN 'rest' ELSE 'value' END AS down_kind,
    CASE WHEN across_place <= $top THEN across END AS across,
    CASE WHEN across IS NULL THEN 'none' WHEN across_place > $top THEN 'rest' ELSE 'value' END AS across_kind,
    CAST(sum(reviews) AS BIGINT) AS reviews, CAST(sum(n) AS BIGINT) AS n,
    CAST(sum(total) AS DOUBLE) AS total, CAST(sum(squares) AS DOUBLE) AS squares,
    (SELECT count(*) FROM downs) AS down_known, (SELECT count(*) FROM acrosses) AS across_known
FROM placed
GROUP BY ALL
"""


@dataclass(frozen=True)
class CrossLine:
    """One row or column: a value, all values beyond the largest, or the reviews that have none."""

    kind: Kind
    value: str | None
    """A month as "2026-06", a weekday as "1" (Monday) to "7"."""
    values: int
    """Values that it stands for; 0 for the reviews without one."""
    n: int
    """Reviews that its figure rests on."""
    figure: Interval | None


@dataclass(frozen=True)
class CrossCell:
    """A pair; its figure is a share in 0…1, or a CSI in 0…100."""

    down: int
    """Place of its line among `downs`; `across` likewise."""
    across: int
    n: int
    count: int | None
    """Reviews that are negative, or raise the theme; `None` for the CSI."""
    figure: Interval
    shrunk: float
    """For colours: small cells are drawn towards the whole."""
    beyond: float
    """n × (figure − that of all other reviews): by how much the cell moves the whole, for ranking."""
    q_value: float | None
    """Test of the cell against all other reviews, Benjamini–Hochberg over all cells."""
    significant: bool
    few: bool
    """Fewer than FEW reviews."""


@dataclass(frozen=True)
class Cross:
    """The breakdown: its lines, and the cells that have reviews with the figure."""

    figure: CrossFigure
    reviews: int
    """Reviews chosen."""
    n: int
    """Those that the figure can be computed from; all of them are in one cell each."""
    whole: Interval | None
    downs: tuple[CrossLine, ...]
    acrosses: tuple[CrossLine, ...]
    cells: tuple[CrossCell, ...]


_Key = tuple[Kind, str | None]
"""Kind and value of a line."""


class _Sum(NamedTuple):
    """n values by their sum and sum of squares; for shares the sum is the count."""

    n: int
    total: float
    squares: float


def _added(sums: Sequence[_Sum]) -> _Sum:
    return _Sum(sum(one.n for one in sums), sum(one.total for one in sums), sum(one.squares for one in sums))


def _measured(one: _Sum, figure: CrossFigure) -> Interval | None:
    """The figure of some reviews with its interval."""
    if figure != "csi":
        return wilson(round(one.total), one.n)
    stars = mean(one.n, one.total, one.squares, least=1.0, most=5.0)
    return None if stars is None else Interval(*(25 * (bound - 1) for bound in stars))


def _tested(one: _Sum, whole: _Sum, figure: CrossFigure) -> float | None:
    """P of a cell against all other reviews."""
    rest = _Sum(whole.n - one.n, whole.total - one.total, whole.squares - one.squares)
    if figure != "csi":
        return two_shares(round(one.total), one.n, round(rest.total), rest.n)
    found = mean_difference(Sample(*one), Sample(*rest), least=1.0, most=5.0)
    return None if found is None else found[1]


def _shrunk(sums: Sequence[_Sum], figure: CrossFigure) -> list[float]:
    """The figures of the cells, drawn towards the whole; every cell has reviews."""
    if figure == "csi":
        means = shrink_means(
            [one.n for one in sums], [one.total for one in sums], [one.squares for one in sums]
        )
        return [25 * ((one or 1.0) - 1) for one in means]
    shares = shrink_shares([round(one.total) for one in sums], [one.n for one in sums])
    return [one or 0.0 for one in shares]


def _order(by: str) -> str:
    """SQL of the order in which values get a line: the latest months, the days of a week, the largest."""
    if by == "month":
        return "value DESC"
    return "value" if by == "weekday" else "sum(n) DESC, sum(reviews) DESC, value"


def _lines(
    rows: Sequence[dict[str, Any]], side: str, by: str, top: int, figure: CrossFigure
) -> list[tuple[_Key, CrossLine]]:
    """The lines of one side with their keys: values in order, the rest, those without one."""
    sums: dict[_Key, list[_Sum]] = {}
    for row in rows:
        key: _Key = (row[f"{side}_kind"], row[side])
        sums.setdefault(key, []).append(_Sum(row["n"], row["total"], row["squares"]))
    known = rows[0][f"{side}_known"] if rows else 0
    lines: list[tuple[_Key, CrossLine]] = []
    for (kind, value), found in sums.items():
        whole = _added(found)
        stands = {"value": 1, "rest": known - top, "none": 0}[kind]
        lines.append(((kind, value), CrossLine(kind, value, stands, whole.n, _measured(whole, figure))))
    rank = {"value": 1, "rest": 0 if by == "month" else 2, "none": 3}
    timed = by in ("month", "weekday")
    lines.sort(key=lambda one: (rank[one[1].kind], 0 if timed else -one[1].n, one[1].value or ""))
    return [one for one in lines if one[1].n]


def _cells(
    rows: Sequence[dict[str, Any]],
    downs: Sequence[tuple[_Key, CrossLine]],
    acrosses: Sequence[tuple[_Key, CrossLine]],
    figure: CrossFigure,
) -> tuple[CrossCell, ...]:
    """Every cell with reviews, tested against all others together."""
    down_at = {key: place for place, (key, _) in enumerate(downs)}
    across_at = {key: place for place, (key, _) in enumerate(acrosses)}
    held = [row for row in rows if row["n"]]
    sums = [_Sum(row["n"], row["total"], row["squares"]) for row in held]
    whole = _added(sums)
    p_values = [_tested(one, whole, figure) for one in sums]
    q_values = iter(adjust([p for p in p_values if p is not None]))
    made = []
    for row, one, p, shrunk in zip(held, sums, p_values, _shrunk(sums, figure), strict=True):
        measured = _measured(one, figure)
        if measured is None:
            continue
        q = None if p is None else next(q_values)
        other = one.n * (whole.total - one.total) / (whole.n - one.n) if whole.n > one.n else one.total
        made.append(
            CrossCell(
                down=down_at[row["down_kind"], row["down"]],
                across=across_at[row["across_kind"], row["across"]],
                n=one.n,
                count=None if figure == "csi" else round(one.total),
                figure=measured,
                shrunk=shrunk,
                beyond=(25 if figure == "csi" else 1) * (one.total - other),
                q_value=q,
                significant=q is not None and q < ALPHA,
                few=one.n < FEW,
            )
        )
    return tuple(sorted(made, key=lambda one: (one.down, one.across)))


def _check(down: str, across: str, figure: str, theme: str | None, polarity: str | None, top: int) -> None:
    """Raises `InputError` for what cannot be crossed."""
    for one in (down, across):
        if one not in _KEYS:
            raise InputError(f"There is no breakdown by {one!r}.", f"Known: {', '.join(_KEYS)}.")
    if down == across:
        raise InputError(f"{down} cannot be broken down by itself.", "Choose two different ones.")
    if figure not in get_args(CrossFigure):
        raise InputError(
            f"There is no figure {figure!r} of a cell.", f"Known: {', '.join(get_args(CrossFigure))}."
        )
    if figure == "theme" and (not theme or not polarity):
        raise InputError("The share of a theme needs a theme and a polarity.", "Name both.")
    if top < 1:
        raise InputError(f"A breakdown cannot have {top} values.", "Give a number from 1 on.")


def cross(
    snapshot: Snapshot,
    filters: Filters,
    down: CrossBy,
    across: CrossBy,
    figure: CrossFigure = "negative",
    theme: str | None = None,
    polarity: str | None = None,
    top: int = 12,
) -> Cross:
    """The figure of every pair of values of two dimensions.

    The `top` values of each dimension with most reviews have a line (of months the latest `top`), in
    the order of their size (months and weekdays in that of time); all others share a line "rest", and
    reviews without a value have a line "none". The share of a theme is one of all tagged reviews,
    whatever themes the filters choose. Raises `InputError` for a dimension or figure that is none, for
    a dimension crossed with itself, and for the share of a theme without theme and polarity.
    """
    _check(down, across, figure, theme, polarity, top)
    chosen = filters.without_themes() if figure == "theme" else filters
    where, params = chosen.where("r")
    statement = fill(
        _CELLS,
        down=_KEYS[down],
        across=_KEYS[across],
        measures=_MEASURES[figure],
        joins=_RAISING if figure == "theme" else "",
        where=where,
        down_order=_order(down),
        across_order=_order(across),
    )
    told: dict[str, Any] = {"top": top}
    if figure == "theme":
        told |= {"theme": theme, "polarity": polarity}
    rows = snapshot.sql(statement, params | told).to_pylist()
    downs = _lines(rows, "down", down, top, figure)
    acrosses = _lines(rows, "across", across, top, figure)
    whole = _added([_Sum(row["n"], row["total"], row["squares"]) for row in rows])
    return Cross(
        figure=figure,
        reviews=sum(row["reviews"] for row in rows),
        n=whole.n,
        whole=_measured(whole, figure),
        downs=tuple(line for _, line in downs),
        acrosses=tuple(line for _, line in acrosses),
        cells=_cells(rows, downs, acrosses, figure),
    )
