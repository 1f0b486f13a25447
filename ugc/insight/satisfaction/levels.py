"""CSI and share of negatives at every level: whole, company, product, place … theme, touchpoint, stage.

Both are means over reviews on a scale of 0…100. At the levels that reviews belong to (company,
product, place, city, source) CSI is 25 · (stars − 1) of each rating, and negative is a text whose
sentiment is. At the levels that mentions belong to (theme, touchpoint, stage) a review that raises
the value counts 100 if it only praises it there, 0 if it only blames it, else 50, so that the mean
is the `score` of the moments of truth; negative is a review that blames it at all.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal, get_args

from ugc.errors import InputError
from ugc.insight.choice.counts import Counts, by_key, tagged_reviews
from ugc.insight.choice.filters import Filters
from ugc.insight.choice.statement import fill
from ugc.insight.satisfaction.scores import REPRESENTATIVE
from ugc.insight.statistics.intervals import Interval, mean, wilson
from ugc.insight.statistics.shrinkage import shrink_means, shrink_shares
from ugc.taxonomy import labels

if TYPE_CHECKING:
    from ugc.lake import Snapshot

__all__ = ["LEVELS", "Level", "LevelRow", "MentionLevel", "level_rows"]

MentionLevel = Literal["theme", "touchpoint", "stage"]
Level = Literal["whole", "company", "product", "place", "city", "source", MentionLevel]

LEVELS: tuple[Level, ...] = (
    "whole",
    "company",
    "product",
    "place",
    "city",
    "source",
    *get_args(MentionLevel),
)
"""From the widest to those that mentions belong to."""

_BY_MENTION = """
WITH {chosen},
named AS (SELECT unnest($names) AS name, unnest($values) AS value),
said AS (
    SELECT m.key, v.value, bool_or(m.polarity = 'positive') AS praised,
        bool_or(m.polarity = 'negative') AS blamed
    FROM {mentions} m JOIN chosen c ON c.key = m.key LEFT JOIN named v ON v.name = m.{column}
    GROUP BY 1, 2
)
SELECT value, count(*) AS reviews,
    count(*) FILTER (praised AND NOT blamed) AS praising,
    count(*) FILTER (blamed AND NOT praised) AS blaming,
    count(*) FILTER (blamed) AS negative
FROM said
GROUP BY 1
"""
"""Values that `named` does not hold, such as a touchpoint that the text does not tell, are NULL."""


@dataclass(frozen=True)
class LevelRow:
    """The figures of one value; `value` is `None` for what has none, and for the whole."""

    value: str | None
    reviews: int
    """Reviews of the value, or those that raise it."""
    n: int
    """Of these, the ones that CSI is a mean of: ratings, or all that raise it."""
    csi: Interval | None
    shrunk_csi: float | None
    """For ranking: small groups are drawn towards the mean."""
    tagged: int
    """Reviews that the share of negatives is a share of."""
    negative: int
    negative_share: Interval | None
    shrunk_negative_share: float | None
    representative: bool
    """`n` is at least REPRESENTATIVE."""
    missing: int
    """What lacks until then."""


@dataclass(frozen=True, slots=True)
class _Sums:
    """What a row is computed from: number, sum and sum of squares of values of 0…100, and negatives."""

    value: str | None
    reviews: int
    n: int
    total: float
    squares: float
    tagged: int
    negative: int


def _of_ratings(value: str | None, counts: Counts) -> _Sums:
    """Sums of 25 · (stars − 1)."""
    total = 25 * (counts.stars - counts.ratings)
    squares = 625 * (counts.star_squares - 2 * counts.stars + counts.ratings)
    return _Sums(value, counts.reviews, counts.ratings, total, squares, counts.tagged, counts.negative)


def _by_mention(snapshot: Snapshot, filters: Filters, level: MentionLevel) -> list[_Sums]:
    """Sums of the values of a level that mentions belong to."""
    if level == "theme":
        held = snapshot.sql("SELECT DISTINCT theme FROM raises").column(0).to_pylist()
        names = {one.key: one.key for one in labels("themes")} | {one: one for one in held}
    else:
        stage = level == "stage"
        names = {one.key: one.stage if stage else one.key for one in labels("touchpoints") if one.stage}
    column = "theme" if level == "theme" else "touchpoint"
    chosen, params = tagged_reviews(filters.without_themes())
    query = fill(
        _BY_MENTION, chosen=chosen, column=column, mentions="raises" if level == "theme" else "mentions"
    )
    rows = snapshot.sql(query, params | {"names": list(names), "values": list(names.values())}).to_pylist()
    found = []
    for row in rows:
        both = row["reviews"] - row["praising"] - row["blaming"]
        found.append(
            _Sums(
                value=row["value"],
                reviews=row["reviews"],
                n=row["reviews"],
                total=100.0 * row["praising"] + 50.0 * both,
                squares=10_000.0 * row["praising"] + 2_500.0 * both,
                tagged=row["reviews"],
                negative=row["negative"],
            )
        )
    return found


def _rows(sums: Sequence[_Sums]) -> tuple[LevelRow, ...]:
    """Figures from sums, all shrunk towards their mean."""
    centres = shrink_means(
        [one.n for one in sums], [one.total for one in sums], [one.squares for one in sums]
    )
    negatives = shrink_shares([one.negative for one in sums], [one.tagged for one in sums])
    return tuple(
        LevelRow(
            value=one.value,
            reviews=one.reviews,
            n=one.n,
            csi=mean(one.n, one.total, one.squares, least=0.0, most=100.0),
            shrunk_csi=centre,
            tagged=one.tagged,
            negative=one.negative,
            negative_share=wilson(one.negative, one.tagged),
            shrunk_negative_share=share,
            representative=one.n >= REPRESENTATIVE,
            missing=max(REPRESENTATIVE - one.n, 0),
        )
        for one, centre, share in zip(sums, centres, negatives, strict=True)
    )


def level_rows(snapshot: Snapshot, filters: Filters, level: Level) -> tuple[LevelRow, ...]:
    """Figures of each value of a level, most reviews first, those without a value last.

    A value of the taxonomy that no review raises has no row. The themes of the filters are left
    aside: they say which reviews to look at, not which share is shown. Raises `InputError` for a
    level that is none.
    """
    if level not in LEVELS:
        raise InputError(f"There is no level {level!r}.", f"Known: {', '.join(LEVELS)}.")
    if level in get_args(MentionLevel):
        found = _by_mention(snapshot, filters, level)  # type: ignore[arg-type]
    else:
        key = "NULL" if level == "whole" else f"nullif(r.{level}, '')"
        counted = by_key(snapshot, filters.without_themes(), key)
        found = [_of_ratings(value, counts) for value, counts in counted.items()]
    found.sort(key=lambda one: (one.value is None, -one.reviews, one.value or ""))
    return _rows(found)
