"""Below a theme and polarity: the concrete reasons, how many say each, and what of it is new."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from ugc.insight.causes.reasons import Change, compare, previous, tagged_count
from ugc.insight.choice.counts import tagged_reviews
from ugc.insight.choice.display import web_address
from ugc.insight.choice.filters import Filters
from ugc.insight.choice.statement import fill
from ugc.insight.reviews.quotes import LONGEST, SAID_IN, SHORTEST, Quote
from ugc.insight.statistics.intervals import wilson
from ugc.taxonomy import LANGUAGES, label

if TYPE_CHECKING:
    from ugc.lake import Snapshot

__all__ = ["Concrete", "ConcreteReason", "concrete"]


@dataclass(frozen=True)
class ConcreteReason:
    """Mentions that say the same; `share` is one of all tagged reviews that the filters choose."""

    id: str
    theme: str
    polarity: str
    name: str | None
    """In the reader's language; `None` where too few mentions of it are in that language."""
    reviews: int
    share: float
    low: float
    high: float
    mentions: int
    mean_stars: float | None
    quotes: tuple[Quote, ...]
    """Typical ones: in the reader's language first; then the one in the middle, if the filters choose it."""
    change: Change | None


@dataclass(frozen=True)
class Concrete:
    """The reasons of one theme with a polarity."""

    theme: str
    polarity: str
    n_reviews: int
    """Tagged reviews chosen: the n of every share."""
    mentions: int
    """Mentions of the theme that grouping has looked at."""
    unassigned: int
    """Those of them that belong to no reason."""
    share_unassigned: float | None
    waiting: int
    """Mentions that grouping has not looked at yet."""
    reasons: int
    """Reasons that these mentions give, shown or not."""
    rows: tuple[ConcreteReason, ...]


_COUNT = """
WITH {chosen},
said AS (
    SELECT m.key, m.theme, m.reason, m.looked_at, count(*) AS mentions
    FROM reasoned m SEMI JOIN chosen r ON r.key = m.key
    WHERE m.polarity = $polarity AND m.theme IN (SELECT unnest($themes))
    GROUP BY ALL
)
SELECT s.theme, s.reason, s.looked_at, count(*) AS reviews, sum(s.mentions)::BIGINT AS mentions,
    avg(r.stars) AS mean_stars
FROM said s JOIN chosen r ON r.key = s.key
GROUP BY ALL
"""

_CANDIDATES = """
WITH {chosen}
SELECT reason, unnest(mention) FROM (
    SELECT m.reason, unnest(max_by(
        {{'review_id': m.review_id, 'start': m.start, 'end': m."end", 'touchpoint': m.touchpoint,
          'confidence': m.confidence}},
        (e.quote_review = m.review_id AND e.quote_start = m.start AND e.quote_end = m."end" IS TRUE,
         m."end" - m.start BETWEEN $shortest AND $longest, m.similarity, m.review_id, m.start),
        $pool
    )) AS mention
    FROM reasoned m JOIN chosen r ON r.key = m.key JOIN reasons e ON e.id = m.reason
    WHERE m.reason IN (SELECT unnest($reasons))
    GROUP BY 1
)
"""

_NAMES = "SELECT id, name_ru, name_en, name_pl FROM reasons WHERE id IN (SELECT unnest($reasons))"


def _counted(
    snapshot: Snapshot, filters: Filters, themes: Sequence[str], polarity: str
) -> list[dict[str, Any]]:
    """Reviews, mentions and mean stars by theme, reason and whether grouping has looked."""
    chosen, params = tagged_reviews(filters)
    wanted = {"polarity": polarity, "themes": list(themes)}
    rows: list[dict[str, Any]] = snapshot.sql(fill(_COUNT, chosen=chosen), params | wanted).to_pylist()
    return rows


def _quotes(
    snapshot: Snapshot, filters: Filters, reasons: list[str], count: int, language: str
) -> dict[str, tuple[Quote, ...]]:
    """At most `count` quotes of each reason, none twice in the same words, one a review.

    Of the most typical ones those in the reader's language come first.
    """
    if not reasons or count <= 0:
        return {}
    chosen, params = tagged_reviews(filters)
    limits = {"reasons": reasons, "shortest": SHORTEST, "longest": LONGEST, "pool": 3 * count + 2}
    rows = snapshot.sql(fill(_CANDIDATES, chosen=chosen), params | limits).to_pylist()
    ids = sorted({row["review_id"] for row in rows})
    reviews = {row["id"]: row for row in snapshot.reviews_of(ids, SAID_IN).to_pylist()}
    rows.sort(key=lambda row: reviews[row["review_id"]]["language"] != language)
    found: dict[str, list[Quote]] = defaultdict(list)
    for row in rows:
        own, review = found[row["reason"]], reviews[row["review_id"]]
        text = review["text"][row["start"] : row["end"]]
        doubled = any(text.lower() == one.text.lower() or row["review_id"] == one.review_id for one in own)
        if len(own) == count or doubled or not text.strip():
            continue
        placed = {name: row[name] for name in ("review_id", "start", "end", "touchpoint", "confidence")}
        told = {name: value for name, value in review.items() if name not in ("id", "text", "url")}
        own.append(Quote(text=text, url=web_address(review["url"]), **placed, **told))
    return {reason: tuple(own) for reason, own in found.items()}


def concrete(
    snapshot: Snapshot,
    filters: Filters,
    *,
    themes: Sequence[str],
    polarity: str,
    language: str = "en",
    top: int = 10,
    quotes: int = 1,
) -> dict[str, Concrete]:
    """The reasons of each theme with a polarity, most reviews first, by theme.

    Where `filters.since` is given, the share of each reason shown is compared with the period of the
    same length before, and the p values of all of them are corrected together (Benjamini–Hochberg).

    Args:
        snapshot: the lake.
        filters: which reviews; their `themes` choose nothing here.
        themes: themes to look below.
        polarity: with which polarity.
        language: of the names, ru, en or pl.
        top: reasons a theme.
        quotes: quotes a reason.

    Raises:
        TaxonomyError: the polarity is unknown.
    """
    label("polarities", polarity)
    if not themes or top <= 0:
        return {}
    base = filters.without_themes()
    counted = _counted(snapshot, base, themes, polarity)
    n = tagged_count(snapshot, base)
    ranked = sorted(
        (row for row in counted if row["reason"] is not None),
        key=lambda row: (-row["reviews"], row["reason"]),
    )
    shown = [row for theme in themes for row in [one for one in ranked if one["theme"] == theme][:top]]
    ids = [row["reason"] for row in shown]
    column = f"name_{language if language in LANGUAGES else 'en'}"
    names = {row["id"]: row[column] for row in snapshot.sql(_NAMES, {"reasons": ids}).to_pylist()}
    said = _quotes(snapshot, base, ids, quotes, language)
    changes = _changes(snapshot, base, themes, polarity, shown, n)
    rows: dict[str, list[ConcreteReason]] = defaultdict(list)
    for row in shown:
        share, low, high = wilson(row["reviews"], n) or (0.0, 0.0, 1.0)
        one = ConcreteReason(
            id=row["reason"],
            theme=row["theme"],
            polarity=polarity,
            name=names.get(row["reason"]),
            reviews=row["reviews"],
            share=share,
            low=low,
            high=high,
            mentions=row["mentions"],
            mean_stars=row["mean_stars"],
            quotes=said.get(row["reason"], ()),
            change=changes.get(row["reason"]),
        )
        rows[row["theme"]].append(one)
    return {theme: _of_theme(theme, polarity, n, counted, rows[theme]) for theme in themes}


def _changes(
    snapshot: Snapshot,
    filters: Filters,
    themes: Sequence[str],
    polarity: str,
    shown: list[dict[str, Any]],
    n: int,
) -> dict[str, Change]:
    """The change of each reason shown against the period before, where there is one."""
    earlier = previous(snapshot, filters)
    if earlier is None:
        return {}
    before = {row["reason"]: row["reviews"] for row in _counted(snapshot, earlier, themes, polarity)}
    previous_n = tagged_count(snapshot, earlier)
    return compare(
        {row["reason"]: (row["reviews"], n, before.get(row["reason"], 0), previous_n) for row in shown}
    )


def _of_theme(
    theme: str, polarity: str, n: int, counted: list[dict[str, Any]], rows: list[ConcreteReason]
) -> Concrete:
    """What the counts say of one theme."""
    own = [row for row in counted if row["theme"] == theme]
    looked = sum(row["mentions"] for row in own if row["looked_at"])
    loose = sum(row["mentions"] for row in own if row["looked_at"] and row["reason"] is None)
    return Concrete(
        theme=theme,
        polarity=polarity,
        n_reviews=n,
        mentions=looked,
        unassigned=loose,
        share_unassigned=loose / looked if looked else None,
        waiting=sum(row["mentions"] for row in own if not row["looked_at"]),
        reasons=sum(row["reason"] is not None for row in own),
        rows=tuple(rows),
    )
