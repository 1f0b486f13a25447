"""How often for so many: complaints and claims per thousand transactions, from the user's volumes.

Complaints and claims are the reviews written because something went wrong. The rate is their
number per thousand transactions of the same period and company, place or product. It tells how
often customers complain **in the reviews collected**; who complains elsewhere is not in it.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Literal

from ugc.errors import InputError
from ugc.insight.choice.counts import day, lake_days, tagged_reviews
from ugc.insight.choice.filters import DIMENSIONS, Filters
from ugc.insight.choice.statement import fill
from ugc.insight.cost.volumes import SCOPE, Volume
from ugc.insight.statistics.poisson import two_rates, weighted_sum
from ugc.insight.statistics.shrinkage import shrink_shares
from ugc.insight.statistics.significance import ALPHA, adjust

if TYPE_CHECKING:
    from ugc.lake import Snapshot

__all__ = ["PER", "Rate", "Rates", "Unused", "contact_rates"]

PER = 1000
"""Transactions that a rate is told for."""


@dataclass(frozen=True)
class Rate:
    """Complaints and claims per thousand transactions of one group or period."""

    name: str
    """Company, place and product as the file names them, or the period."""
    contacts: int
    transactions: int
    rate: float
    low: float
    high: float
    shrunk_rate: float | None
    """For ranking: small groups are drawn towards the whole. `None` of fewer than two groups."""
    rest_rate: float | None
    """The rate of all other groups or periods together."""
    q_value: float | None
    """Test of rate against rest, Benjamini–Hochberg over all groups, or over all periods."""
    significant: bool
    partial: bool
    """Whether the reviews of the lake do not reach over all its days."""


@dataclass(frozen=True)
class Unused:
    """A line of the file that no rate could be computed from."""

    line: int
    period: str
    why: Literal["unknown", "uncovered", "not_chosen"]
    """No such company, place or product in the lake; no reviews at that time; filtered out."""


@dataclass(frozen=True)
class Rates:
    """Contact rates; `whole` is `None` when no line could be used."""

    whole: Rate | None
    by_group: tuple[Rate, ...]
    """By company, place and product as the file tells them, the highest shrunk rate first."""
    by_period: tuple[Rate, ...]
    unused: tuple[Unused, ...]


_CONTACTS = """
WITH {chosen},
volumes AS (
    SELECT unnest($lines) AS line, unnest($firsts) AS first, unnest($lasts) AS last,
        unnest($companies)::VARCHAR AS company, unnest($places)::VARCHAR AS place,
        unnest($products)::VARCHAR AS product
)
SELECT v.line, count(*) AS contacts
FROM chosen r JOIN tags t ON t.key = r.key JOIN volumes v
    ON CAST({day} AS DATE) BETWEEN v.first AND v.last
    AND (v.company IS NULL OR v.company = r.company)
    AND (v.place IS NULL OR v.place = r.place)
    AND (v.product IS NULL OR v.product = r.product)
WHERE t.contact IN ('complaint', 'claim')
GROUP BY 1
"""

_VALUES = "SELECT DISTINCT {column} AS value FROM reviews WHERE coalesce({column}, '') <> ''"


def _in_lake(snapshot: Snapshot, volumes: Sequence[Volume]) -> tuple[list[Volume], list[Unused]]:
    """The lines in the lake's own spelling (case aside), and those that it has no review of."""
    found, unused = list(volumes), {}
    for column in SCOPE:
        if volumes[0].scope[SCOPE.index(column)] is None:
            continue
        held = [row["value"] for row in snapshot.sql(fill(_VALUES, column=column)).to_pylist()]
        known = {value.casefold(): value for value in sorted(held)} | {value: value for value in held}
        for place, one in enumerate(found):
            told = one.scope[SCOPE.index(column)] or ""
            spelled = known.get(told) or known.get(told.casefold())
            if spelled is None:
                unused[one.line] = Unused(one.line, one.period, "unknown")
            else:
                changed: dict[str, Any] = {column: spelled}
                found[place] = replace(one, **changed)
    return [one for one in found if one.line not in unused], list(unused.values())


def _chosen(one: Volume, filters: Filters) -> bool:
    """Whether a line lies wholly within the filters; transactions cannot be cut."""
    if (filters.since and one.first < filters.since) or (filters.until and one.last > filters.until):
        return False
    fields: dict[str, str] = {column: field for field, column in DIMENSIONS.items()}
    return all(
        not getattr(filters, fields[column]) or value in getattr(filters, fields[column])
        for column, value in zip(SCOPE, one.scope, strict=True)
    )


def _refuse_finer(volumes: Sequence[Volume], filters: Filters) -> None:
    """`InputError` where the filters choose by what the volumes do not tell apart."""
    told = {column for column, value in zip(SCOPE, volumes[0].scope, strict=True) if value is not None}
    for field, column in DIMENSIONS.items():
        if (
            column in ("company", "place", "product", "city")
            and getattr(filters, field)
            and column not in told
        ):
            raise InputError(
                f"The volumes do not tell the transactions of each {column}.",
                f"Leave --{column} out"
                + ("." if column == "city" else f", or add a column {column} to the file."),
            )


def _rates(
    parts: Sequence[tuple[Volume, int, bool]], name: Callable[[Volume], str], ranked: bool
) -> tuple[Rate, ...]:
    """Rates of the lines summed up by a name, each tested against all others."""
    sums: dict[str, list[int]] = {}
    partial: set[str] = set()
    for one, contacts, cut in parts:
        own = sums.setdefault(name(one), [0, 0])
        own[0] += contacts
        own[1] += one.transactions
        if cut:
            partial.add(name(one))
    total, transactions = (sum(column) for column in zip(*sums.values(), strict=True))
    rest = [(total - count, transactions - n) for count, n in sums.values()]
    tests = [
        two_rates(count, n, other, other_n)
        for (count, n), (other, other_n) in zip(sums.values(), rest, strict=True)
    ]
    q_values = iter(adjust([p for p in tests if p is not None]))
    # More complaints than transactions cannot be shares of them; they count as all of them.
    shrunk = shrink_shares([min(count, n) for count, n in sums.values()], [n for _, n in sums.values()])
    found = []
    for (key, (count, n)), (other, other_n), p, drawn in zip(sums.items(), rest, tests, shrunk, strict=True):
        q = next(q_values) if p is not None else None
        bounds = weighted_sum(count, count, 1)
        found.append(
            Rate(
                name=key,
                contacts=count,
                transactions=n,
                rate=PER * count / n,
                low=PER * bounds.low / n,
                high=PER * bounds.high / n,
                shrunk_rate=PER * drawn if drawn is not None and len(sums) > 1 else None,
                rest_rate=PER * other / other_n if other_n else None,
                q_value=q,
                significant=q is not None and q < ALPHA,
                partial=key in partial,
            )
        )
    return tuple(sorted(found, key=lambda one: (-(one.shrunk_rate or 0.0), one.name)) if ranked else found)


def contact_rates(snapshot: Snapshot, filters: Filters, volumes: Sequence[Volume]) -> Rates:
    """Complaints and claims per thousand transactions: whole, by group and by period.

    Lines that the filters cut or leave out, of names that the lake does not hold, and of times at
    which it holds no review are named in `unused`: no review collected is no complaint rate of 0.
    Intervals are Garwood's for a count, differences are tested by `two_rates`. Raises `InputError`
    where the filters choose a company, place, product or city and the volumes do not tell them
    apart.
    """
    if not volumes:
        return Rates(None, (), (), ())
    base = filters.without_themes()
    _refuse_finer(volumes, base)
    known, unused = _in_lake(snapshot, volumes)
    first, last = lake_days(snapshot)
    used = []
    for one in known:
        if not _chosen(one, base):
            unused.append(Unused(one.line, one.period, "not_chosen"))
        elif first is None or last is None or one.last < first or one.first > last:
            unused.append(Unused(one.line, one.period, "uncovered"))
        else:
            used.append((one, one.first < first or one.last > last))
    unused.sort(key=lambda one: one.line)
    if not used:
        return Rates(None, (), (), tuple(unused))
    chosen, params = tagged_reviews(base)
    lines = [one for one, _ in used]
    own = {
        "lines": [one.line for one in lines],
        "firsts": [one.first for one in lines],
        "lasts": [one.last for one in lines],
        "companies": [one.company for one in lines],
        "places": [one.place for one in lines],
        "products": [one.product for one in lines],
    }
    table = snapshot.sql(fill(_CONTACTS, chosen=chosen, day=day("r.date")), params | own).to_pylist()
    counts = {row["line"]: row["contacts"] for row in table}
    parts = [(one, counts.get(one.line, 0), cut) for one, cut in used]
    in_time = sorted(parts, key=lambda part: (part[0].first, part[0].last))
    return Rates(
        whole=_rates(parts, lambda _: "", ranked=False)[0],
        by_group=_rates(parts, lambda one: " · ".join(name for name in one.scope if name), ranked=True),
        by_period=_rates(in_time, lambda one: one.period, ranked=False),
        unused=tuple(unused),
    )
