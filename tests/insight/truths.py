"""Lakes with known truths: reviews drawn from planted effects, in the tables that the queries read.

`Tables` answers the queries of `ugc.insight` from arrays by the same DuckDB, without writing a lake:
a hundred draws take seconds. What is planted is the truth of the population, not of the draw.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from typing import Any, NamedTuple

import duckdb
import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from ugc.insight.causes.raised import Raised
from ugc.lake import Lake
from ugc.lake import views as views_of_lake
from ugc.schema import MENTIONS, REVIEWS, TAGS


class Planted(NamedTuple):
    """One theme at one touchpoint: how often it is blamed and praised, and what that does to the stars."""

    theme: str
    blamed: float
    praised: float
    penalty: float = 0.0
    reward: float = 0.0
    touchpoint: str = "use"


@cache
def _connection() -> duckdb.DuckDBPyConnection:
    """One connection for all draws: opening one takes longer than asking it."""
    connection = duckdb.connect(":memory:", config={"threads": 1})
    connection.execute("SET TimeZone = 'UTC'")
    return connection


_SHOWN: list[pa.Table] = []
"""The tables whose views the connection has."""


class Tables:
    """Reviews, tags and mentions in memory; answers `sql` as a snapshot of a lake does."""

    def __init__(self, reviews: pa.Table, tags: pa.Table, mentions: pa.Table) -> None:
        self.reviews, self.tags, self.mentions = reviews, tags, mentions

    def _views(self) -> dict[str, pa.Table]:
        """The tables with the number of each review, and what each review raises."""
        ids = self.reviews["id"].combine_chunks()
        keyed = {
            name: rows.append_column("key", pc.index_in(rows[column], value_set=ids))
            for name, rows, column in (
                ("reviews", self.reviews, "id"),
                ("tags", self.tags, "review_id"),
                ("mentions", self.mentions, "review_id"),
            )
        }
        raised = keyed["mentions"].group_by(["key", "theme", "polarity"]).aggregate([([], "count_all")])
        views = keyed | {"raises": raised.rename_columns(["key", "theme", "polarity", "mentions"])}
        connection = _connection()
        connection.register("mentions", keyed["mentions"])
        for name in ("reviews", "tags"):
            connection.register(name, keyed[name])
        made = {"stances": views_of_lake.STANCES, "judged": views_of_lake.JUDGED}
        return views | {
            name: connection.sql(query.replace("held.", "")).to_arrow_table() for name, query in made.items()
        }

    def sql(self, query: str, params: Any = ()) -> pa.Table:
        connection = _connection()
        now = (self.reviews, self.tags, self.mentions)
        # Most draws are asked several times in a row: their views stay until others are shown.
        if len(_SHOWN) != len(now) or any(one is not other for one, other in zip(_SHOWN, now, strict=True)):
            for name, rows in self._views().items():
                connection.register(name, rows)
            _SHOWN[:] = now
        return connection.sql(query, params=params or None).to_arrow_table()

    def reviews_of(self, ids: Sequence[str], columns: Sequence[str]) -> pa.Table:
        found = self.reviews.filter(pc.is_in(self.reviews["id"], value_set=pa.array(ids, pa.string())))
        return found.select(["id", *columns])

    def write(self, lake: Lake) -> Lake:
        """Puts the same rows into a lake."""
        lake.upsert_reviews(self.reviews)
        lake.write_tags(self.tags, self.mentions)
        return lake


BASE = 3.4
"""Mean stars of a review that raises nothing."""


def draw_stars(wanted: np.ndarray, dice: np.random.Generator) -> np.ndarray:
    """Whole stars whose expectation is exactly `wanted` (1…5).

    One of the two neighbours that average to it, then one star up or down by equal chance where
    the scale has room on both sides: so the planted effects are the truth, and noise is uneven.
    """
    floor = np.floor(wanted)
    stars = floor + (dice.random(len(wanted)) < wanted - floor)
    room = np.minimum(stars - 1, 5 - stars)
    return stars + dice.choice([-1, 0, 1], len(wanted)) * np.minimum(room, 1)


class Draw(NamedTuple):
    """What was drawn: stars of the reviews, and for each theme who blames and who praises it."""

    stars: np.ndarray
    blamed: dict[Planted, np.ndarray]
    praised: dict[Planted, np.ndarray]


def draw(n: int, planted: Sequence[Planted], dice: np.random.Generator) -> Draw:
    """`n` reviews: each planted theme is blamed and praised on its own, effects add up."""
    wanted = np.full(n, BASE)
    blamed, praised = {}, {}
    for one in planted:
        blamed[one], praised[one] = dice.random(n) < one.blamed, dice.random(n) < one.praised
        wanted += praised[one] * one.reward - blamed[one] * one.penalty
    assert wanted.min() >= 1, "effects reach below the scale"
    assert wanted.max() <= 5, "effects reach above the scale"
    return Draw(draw_stars(wanted, dice), blamed, praised)


def patterns(n: int, planted: Sequence[Planted], seed: int) -> Raised:
    """The same as `raised` counts from `tables`, without any query; all reviews have stars."""
    found = draw(n, planted, np.random.default_rng(seed))
    columns = [found.stars, *found.blamed.values(), *found.praised.values()]
    folded, counts = np.unique(np.column_stack(columns), axis=0, return_counts=True)
    blamed, praised = np.split(folded[:, 1:] == 1, 2, axis=1)
    themes = tuple(one.theme for one in planted)
    return Raised(themes, praised, blamed, praised | blamed, folded[:, 0], counts)


def tables(n: int, planted: Sequence[Planted], seed: int, *, unrated: float = 0.0) -> Tables:
    """`n` tagged reviews of a draw with their mentions, as the lake holds them.

    A share `unrated` has no stars; cities, companies and sources are dealt at random.
    """
    dice = np.random.default_rng(seed)
    found = draw(n, planted, dice)
    review, theme, polarity, touchpoint = [], [], [], []
    for side, raising in (("negative", found.blamed), ("positive", found.praised)):
        for one, flags in raising.items():
            review.append(np.flatnonzero(flags))
            theme += [one.theme] * len(review[-1])
            polarity += [side] * len(review[-1])
            touchpoint += [one.touchpoint] * len(review[-1])
    stars, mute = found.stars.tolist(), dice.random(n) < unrated
    ids = [f"{place:020x}" for place in range(n)]
    owners = np.concatenate(review).tolist() if review else []
    reviews = {
        "id": ids,
        "source": dice.choice(["otzovik", "ceneo"], n).tolist(),
        "source_id": ids,
        "text": ["Текст"] * n,
        "text_hash": ids,
        "content_hash": ids,
        "city": dice.choice(["Казань", "Москва"], n).tolist(),
        "company": dice.choice(["Lumbi", "Amberhaus"], n).tolist(),
        "stars": [None if silent else one for one, silent in zip(stars, mute, strict=True)],
    }
    when = pa.scalar(0, pa.timestamp("us", tz="UTC")).as_py()
    tags = {
        "review_id": ids,
        "model": ["hand@1"] * n,
        "text_hash": ids,
        "batch": ["b"] * n,
        "tagged_at": [when] * n,
        "sentiment": ["neutral"] * n,
        "emotions": [["anger"] if angry else [] for angry in dice.random(n) < 0.3],
    }
    mentions = {
        "review_id": [ids[place] for place in owners],
        "batch": ["b"] * len(owners),
        "n": list(range(len(owners))),
        "start": [0] * len(owners),
        "end": [5] * len(owners),
        "quote": ["Текст"] * len(owners),
        "theme": theme,
        "polarity": polarity,
        "touchpoint": touchpoint,
        "confidence": [0.9] * len(owners),
    }
    return Tables(_table(reviews, REVIEWS), _table(tags, TAGS), _table(mentions, MENTIONS))


def _table(columns: dict[str, list[Any]], schema: pa.Schema) -> pa.Table:
    """The columns as a table of the lake, those not given empty."""
    n = len(next(iter(columns.values())))
    made = []
    for one in schema:
        given = columns.get(one.name)
        made.append(pa.nulls(n, one.type) if given is None else pa.array(given, one.type))
    return pa.table(made, schema=schema)
