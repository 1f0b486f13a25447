"""What to do first: the contacts each theme causes, what they cost, and what fewer would save.

A review is a **contact** when the writer wants something from the company: its contact type is
question, request, complaint or claim (`ugc.taxonomy`, contact). Suggestions, praise and stories
are none. A contact is a **repeat** when the review says that the writer came before with the same
matter. Each contact has points, which say how much it weighs, and a price, which says what
answering it costs:

    question, request     1 point     price of a first contact
    complaint, claim      2 points    price of a first contact
    any of them, repeated 3 points    price of a repeated contact

Prices are the user's own (`[priority]` of the settings), in the user's own money: 130 for a first
contact and 330 for a repeated one unless set, so that a matter not settled at the first go costs
two and a half times as much.

A contact belongs to the themes that its review blames or raises neutrally; among several its
points and its price are divided evenly, so that points and costs of all themes, with those of no
theme (`theme` is `None`), add up to the whole. Costs count the reviews collected alone: a customer
who writes a review is one of many who call.

Intervals of points and money are those of a weighted sum of rare things: see
`ugc.insight.statistics.poisson`. Impact is that of the reviews that blame the theme: see
`ugc.insight.causes.impact`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from ugc.errors import InputError
from ugc.insight.causes.impact import Impact, corrected, impact
from ugc.insight.causes.raised import raised
from ugc.insight.choice.counts import tagged_reviews
from ugc.insight.choice.filters import Filters
from ugc.insight.choice.statement import fill
from ugc.insight.cost.contact_rates import Rates, contact_rates
from ugc.insight.cost.volumes import Volume
from ugc.insight.satisfaction.scores import scores
from ugc.insight.statistics.intervals import Interval, wilson
from ugc.insight.statistics.poisson import weighted_sum
from ugc.settings import PrioritySettings

if TYPE_CHECKING:
    from ugc.lake import Snapshot

__all__ = ["POINTS", "REPEAT_POINTS", "Contacts", "Priorities", "Priority", "priority"]

POINTS = {"question": 1, "request": 1, "complaint": 2, "claim": 2}
"""Points of a first contact by contact type; types that are not here are no contacts."""

REPEAT_POINTS = 3
"""Points of a repeated contact, whatever its type."""


@dataclass(frozen=True)
class Contacts:
    """The contacts of a theme, or of the whole, with points and costs."""

    contacts: int
    """Reviews that are contacts. A review with two themes counts in both."""
    questions: int
    """Of these by type; repeated ones are among them."""
    requests: int
    complaints: int
    claims: int
    repeats: int
    points: Interval
    cost: Interval


@dataclass(frozen=True)
class Priority:
    """One theme and its place in the order of what to do first."""

    theme: str | None
    """`None`: contacts that blame or raise no theme; they have no rank."""
    contacts: Contacts
    share: float
    """Share of all tagged reviews that are contacts about the theme."""
    low: float
    high: float
    impact: Impact | None
    """Stars by which the reviews blaming it move the mean, corrected over all themes; `None` where
    too few tell."""
    saved_by_fix: Interval
    """Cost of the theme's contacts that fall away when the reduction comes true for all of them."""
    saved_by_answer: Interval
    """The same for its questions alone: what an answer in the FAQ can spare."""
    rank_points: float | None
    """Place by points, 1 is first; ties share the mean of their places."""
    rank_impact: float | None
    """Place by impact, the most stars taken first; themes without a significant impact count as 0."""
    rank_cost: float | None
    rank: float | None
    """Mean of the three places: the order of the rows."""


@dataclass(frozen=True)
class Priorities:
    """What to do first in the reviews chosen."""

    n_reviews: int
    """Tagged reviews chosen: the n of every share."""
    untagged: int
    whole: Contacts
    share: float | None
    """Share of all tagged reviews that are contacts."""
    low: float | None
    high: float | None
    reduction: float
    """Share of the contacts that falls away in `saved_by_fix` and `saved_by_answer`."""
    first_contact: float
    repeat_contact: float
    rates: Rates | None
    """Contact rates; `None` without volumes."""
    rows: tuple[Priority, ...]
    """By rank; those of no theme last."""


_BY_THEME = """
WITH {chosen},
contacts AS (
    SELECT c.key, t.contact, coalesce(t.repeat, false) AS again,
        CASE WHEN coalesce(t.repeat, false) THEN $again_points
            WHEN t.contact IN ('complaint', 'claim') THEN $blame_points ELSE $ask_points END AS points,
        CASE WHEN coalesce(t.repeat, false) THEN $again_price ELSE $first_price END AS price
    FROM chosen c JOIN tags t ON t.key = c.key
    WHERE t.contact IN (SELECT unnest($types))
),
raised AS (
    SELECT DISTINCT m.key, m.theme FROM raises m JOIN contacts c ON c.key = m.key
    WHERE m.polarity <> 'positive'
),
numbers AS (SELECT key, count(*) AS themes FROM raised GROUP BY 1),
parts AS (
    SELECT c.contact, c.again, c.points, c.price, r.theme, 1.0 / coalesce(n.themes, 1) AS part
    FROM contacts c LEFT JOIN raised r ON r.key = c.key LEFT JOIN numbers n ON n.key = c.key
    UNION ALL
    SELECT contact, again, points, price, '' AS theme, 1.0 AS part FROM contacts
)
SELECT theme, count(*) AS contacts,
    count(*) FILTER (contact = 'question') AS questions,
    count(*) FILTER (contact = 'request') AS requests,
    count(*) FILTER (contact = 'complaint') AS complaints,
    count(*) FILTER (contact = 'claim') AS claims,
    count(*) FILTER (again) AS repeats,
    sum(points * part) AS points, sum((points * part) ** 2) AS point_squares,
    sum(price * part) AS cost, sum((price * part) ** 2) AS cost_squares,
    coalesce(sum(price * part) FILTER (contact = 'question'), 0) AS answered,
    coalesce(sum((price * part) ** 2) FILTER (contact = 'question'), 0) AS answered_squares
FROM parts
GROUP BY 1
ORDER BY 1 NULLS LAST
"""
"""One row a theme, one without a theme (NULL), and one of all contacts ('')."""

_COUNTED = ("contacts", "questions", "requests", "complaints", "claims", "repeats")
_NO_ROW = dict.fromkeys((*_COUNTED, "points", "point_squares", "cost", "cost_squares"), 0)


def _contacts(row: dict[str, Any], dearest: float) -> Contacts:
    """A row of the query as counts with intervals."""
    return Contacts(
        **{name: row[name] for name in _COUNTED},
        points=weighted_sum(row["points"], row["point_squares"], REPEAT_POINTS),
        cost=weighted_sum(row["cost"], row["cost_squares"], dearest),
    )


def _part(one: Interval, share: float) -> Interval:
    """A share of an amount."""
    return Interval(share * one.value, share * one.low, share * one.high)


def _places(values: Sequence[float]) -> list[float]:
    """Places by value, the largest first; equal ones share the mean of theirs."""
    ranked = sorted(range(len(values)), key=lambda index: -values[index])
    places = [0.0] * len(values)
    at = 0
    while at < len(ranked):
        end = at
        while end < len(ranked) and values[ranked[end]] == values[ranked[at]]:
            end += 1
        for index in ranked[at:end]:
            places[index] = (at + 1 + end) / 2
        at = end
    return places


def _impacts(snapshot: Snapshot, filters: Filters) -> dict[str, Impact | None]:
    """Impact of the reviews that blame each theme, all corrected together."""
    rated = raised(snapshot, filters).rated()
    whole = rated.sums()
    found = [impact(rated.sums(rated.blamed[:, place]), whole) for place in range(len(rated.themes))]
    return dict(zip(rated.themes, corrected(found), strict=True))


def _pull(one: Impact | None) -> float:
    """Stars that complaints take, for ranking; 0 where that may be chance or cannot be told."""
    return -one.value if one is not None and one.significant else 0.0


def priority(
    snapshot: Snapshot,
    filters: Filters,
    *,
    prices: PrioritySettings | None = None,
    reduction: float = 0.5,
    volumes: Sequence[Volume] = (),
) -> Priorities:
    """Themes by points, impact and cost of their contacts among the reviews that the filters choose.

    `filters.themes` only limits which themes are listed: places are those among all themes.
    Savings take the reduction for granted; nothing here says that a fix will reach it. Raises
    `InputError` unless 0 < reduction ≤ 1, and what `ugc.insight.cost.contact_rates` raises.
    """
    if not 0 < reduction <= 1:
        raise InputError(
            f"Contacts cannot fall by the share {reduction:g}.",
            "Give a share above 0 and up to 1, such as 0.5.",
        )
    paid = prices or PrioritySettings()
    base = filters.without_themes()
    figures = scores(snapshot, base)
    rates = contact_rates(snapshot, base, volumes) if volumes else None
    chosen, params = tagged_reviews(base)
    asked = {
        "types": list(POINTS),
        "ask_points": POINTS["question"],
        "blame_points": POINTS["complaint"],
        "again_points": REPEAT_POINTS,
        "first_price": paid.first_contact,
        "again_price": paid.repeat_contact,
    }
    table = snapshot.sql(fill(_BY_THEME, chosen=chosen), params | asked).to_pylist()
    by_theme = {row["theme"]: row for row in table}
    dearest = max(paid.first_contact, paid.repeat_contact)
    whole = _contacts(by_theme.pop("", _NO_ROW), dearest)
    themes = [theme for theme in by_theme if theme]
    impacts = _impacts(snapshot, base) if themes else {}
    three = [
        dict(zip(themes, _places(values), strict=True))
        for values in (
            [by_theme[theme]["points"] for theme in themes],
            [_pull(impacts.get(theme)) for theme in themes],
            [by_theme[theme]["cost"] for theme in themes],
        )
    ]
    rows = []
    for theme, row in by_theme.items():
        if filters.themes and theme not in filters.themes:
            continue
        own = _contacts(row, dearest)
        share, low, high = wilson(own.contacts, figures.tagged) or (0.0, 0.0, 1.0)
        answered = weighted_sum(row["answered"], row["answered_squares"], dearest)
        places = [each.get(theme) for each in three]
        known = [place for place in places if place is not None]
        rows.append(
            Priority(
                theme=theme,
                contacts=own,
                share=share,
                low=low,
                high=high,
                impact=impacts.get(theme) if theme else None,
                saved_by_fix=_part(own.cost, reduction),
                saved_by_answer=_part(answered, reduction),
                rank_points=places[0],
                rank_impact=places[1],
                rank_cost=places[2],
                rank=sum(known) / len(known) if known else None,
            )
        )
    rows.sort(key=lambda one: (one.theme is None, one.rank or 0.0, -one.contacts.cost.value, one.theme or ""))
    share_of_all = wilson(whole.contacts, figures.tagged)
    return Priorities(
        n_reviews=figures.tagged,
        untagged=figures.untagged,
        whole=whole,
        share=share_of_all.value if share_of_all else None,
        low=share_of_all.low if share_of_all else None,
        high=share_of_all.high if share_of_all else None,
        reduction=reduction,
        first_contact=paid.first_contact,
        repeat_contact=paid.repeat_contact,
        rates=rates,
        rows=tuple(rows),
    )
