"""In their words: the quotes that stand for a theme best."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

import numpy as np

from ugc.insight.choice.counts import tagged_reviews
from ugc.insight.choice.display import web_address
from ugc.insight.choice.filters import Filters
from ugc.insight.choice.statement import fill

if TYPE_CHECKING:
    from ugc.lake import Snapshot
    from ugc.theming import Clause

__all__ = ["LONGEST", "POOL", "SAID_IN", "SHORTEST", "Quote", "quotes_among", "said", "typical_quotes"]

SHORTEST, LONGEST = 25, 200
"""Characters of a quote that reads well: shorter ones say too little, longer ones ramble."""

POOL = 120
"""Candidates of one theme, the most confident ones, among which the typical ones are sought."""

_LEAST = 12
"""Candidates of a theme that are enough where more would have to be sought all over a large lake."""

_ALIKE = 0.45
"""Cosine from which on two quotes say the same in the same words."""


@dataclass(frozen=True)
class Quote:
    """A clause in the customer's words: `text` is the review's text from `start` to `end`."""

    review_id: str
    text: str
    start: int
    end: int
    date: datetime | None
    source: str
    url: str | None
    """http(s) only; `None` when the source gives none or something else."""
    company: str | None
    city: str | None
    place: str | None
    product: str | None
    language: str | None
    stars: float | None
    touchpoint: str
    confidence: float


_MANY = 200_000
"""Reviews of a lake from which on quotes are sought among neighbours: see `_preference`."""

# Texts are the bulk of a lake: candidates are found without them, then the texts of these alone
# are read, all at once. A candidate is one whole number whose bits say, from the top, whether its
# length fits, what else is preferred, which review it is of and which mention there, so that the
# largest numbers of a theme are its best candidates.
_CANDIDATES = """
WITH {chosen},
best AS (
    SELECT m.theme, unnest(max(
        ((m."end" - m.start BETWEEN $shortest AND $longest)::BIGINT << 61) | {preferred} | m.n,
        $pool
    )) AS packed
    FROM mentions m JOIN chosen c ON c.key = m.key
    WHERE m.polarity = $polarity AND c.duplicate_of IS NULL AND m.theme IN (SELECT unnest($themes))
        AND m.n < 1024
    GROUP BY 1
)
SELECT b.theme, b.packed >> 61 = 1 AS fits, m.confidence, m.review_id, m.n, m.start, m."end", m.touchpoint,
    c.author, m.key
FROM best b
    JOIN mentions m ON m.key = {key} AND m.n = b.packed & 1023
    JOIN chosen c ON c.key = m.key
"""

_BY_CONFIDENCE = {
    "preferred": "(CAST(m.confidence * 1048575 AS BIGINT) << 41) | (m.key::BIGINT << 10)",
    "key": "(b.packed >> 10) & 2147483647",
}
_BY_NEIGHBOURS = {
    "preferred": "((m.key::BIGINT >> 14) << 44) | (CAST(m.confidence * 1048575 AS BIGINT) << 24)"
    " | ((m.key::BIGINT & 16383) << 10)",
    "key": "(((b.packed >> 44) & 131071) << 14) | ((b.packed >> 10) & 16383)",
}

_COUNT = "SELECT count(*) AS n FROM reviews"


def _preference(snapshot: Snapshot) -> Mapping[str, str]:
    """Which candidates are preferred, beside those of a good length.

    The most confident ones; in a large lake those of reviews that lie together in the files, the most
    confident of 16,384 neighbours first, for reading a text here and a text there would read them all.
    """
    held = snapshot.sql(_COUNT).to_pylist()[0]["n"]
    return _BY_NEIGHBOURS if held >= _MANY else _BY_CONFIDENCE


def _together(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The candidates of as few neighbourhoods as give each theme _LEAST of them, or all that it has.

    A rare theme has its candidates all over the lake; for its sake alone every text would be read.
    """
    blocks: dict[int, Counter[str]] = defaultdict(Counter)
    lacking: Counter[str] = Counter()
    for row in rows:
        blocks[row["key"] >> 14][row["theme"]] += 1
        lacking[row["theme"]] += 1
    lacking = Counter({theme: min(count, _LEAST) for theme, count in lacking.items()})
    taken: set[int] = set()
    while +lacking:
        best = max(
            blocks.keys() - taken,
            key=lambda block: (sum(min(n, lacking[theme]) for theme, n in blocks[block].items()), block),
        )
        taken.add(best)
        lacking.subtract({theme: min(n, lacking[theme]) for theme, n in blocks[best].items()})
    return [row for row in rows if row["key"] >> 14 in taken]


SAID_IN = ("text", "date", "source", "url", "company", "city", "place", "product", "language", "stars")
"""Columns of a review that are told with a quote of it."""


def _vectors(words: Sequence[str]) -> np.ndarray[Any, np.dtype[np.float64]]:
    """Unit vectors of TF-IDF over three and four characters of a word: one row a quote.

    Parts of words instead of words, so that the many forms of a Russian or Polish word count
    as one.
    """
    from sklearn.feature_extraction.text import TfidfVectorizer

    measure = TfidfVectorizer(analyzer="char_wb", ngram_range=(3, 4), sublinear_tf=True)
    return np.asarray(measure.fit_transform(words).toarray(), dtype=np.float64)


def _choose(rows: list[dict[str, Any]], count: int) -> list[dict[str, Any]]:
    """The rows that stand for all: confident, near the centre of all, unlike each other.

    A quote scores confidence × cosine to the mean of all quotes. The best one is taken, then the
    next best by another author that is not nearly the same, and so on; where that leaves too
    few, first the likeness and then the author is waived, never the review.
    """
    vectors = _vectors([row["words"].lower().replace("ё", "е") for row in rows])
    centre = vectors.mean(axis=0)
    length = float(np.linalg.norm(centre))
    typical = vectors @ centre / length if length else np.ones(len(rows))
    value = typical * np.array([row["confidence"] for row in rows])
    # Quotes of a good length come first; the others only fill up.
    ranked = sorted(range(len(rows)), key=lambda index: (not rows[index]["fits"], -value[index], index))
    taken: list[int] = []
    for same_author, alike in ((False, False), (False, True), (True, True)):
        for index in ranked:
            if len(taken) == count:
                break
            row, others = rows[index], [rows[one] for one in taken]
            if row["review_id"] in {other["review_id"] for other in others}:
                continue
            if not same_author and row["author"] in {other["author"] for other in others} - {None}:
                continue
            if not alike and any(float(vectors[one] @ vectors[index]) > _ALIKE for one in taken):
                continue
            taken.append(index)
    return [rows[one] for one in taken]


def _quote(row: dict[str, Any], review: dict[str, Any]) -> Quote:
    """A chosen row and its review as a quote."""
    return Quote(
        review_id=row["review_id"],
        text=row["words"],
        start=row["start"],
        end=row["end"],
        date=review["date"],
        source=review["source"],
        url=web_address(review["url"]),
        company=review["company"],
        city=review["city"],
        place=review["place"],
        product=review["product"],
        language=review["language"],
        stars=review["stars"],
        touchpoint=row["touchpoint"],
        confidence=row["confidence"],
    )


def typical_quotes(
    snapshot: Snapshot, filters: Filters, *, themes: Sequence[str], polarity: str, count: int = 3
) -> dict[str, tuple[Quote, ...]]:
    """At most `count` quotes for each theme with a polarity, the best first.

    Near-duplicates of other reviews are never quoted, nor two clauses of one review; quotes of
    SHORTEST to LONGEST characters are preferred. The same snapshot gives the same quotes.
    """
    if not themes or count <= 0:
        return {}
    chosen, params = tagged_reviews(filters)
    wanted = {"polarity": polarity, "themes": list(themes)}
    limits = {"shortest": SHORTEST, "longest": LONGEST, "pool": POOL}
    preference = _preference(snapshot)
    query = fill(_CANDIDATES, chosen=chosen, **preference)
    rows = snapshot.sql(query, params | wanted | limits).to_pylist()
    return quotes_among(snapshot, _together(rows) if preference is _BY_NEIGHBOURS else rows, count)


def said(snapshot: Snapshot, clauses: Sequence[Clause]) -> tuple[Quote, ...]:
    """Clauses that were compared with examples, as quotes in the same order; confidence is the likeness."""
    ids = sorted({one.review_id for one in clauses})
    reviews = {row["id"]: row for row in snapshot.reviews_of(ids, SAID_IN).to_pylist()}
    return tuple(
        _quote(
            {
                "review_id": one.review_id,
                "words": reviews[one.review_id]["text"][one.start : one.end],
                "start": one.start,
                "end": one.end,
                "touchpoint": "none",
                "confidence": one.likeness,
            },
            reviews[one.review_id],
        )
        for one in clauses
        if one.review_id in reviews
    )


def quotes_among(snapshot: Snapshot, rows: list[dict[str, Any]], count: int) -> dict[str, tuple[Quote, ...]]:
    """At most `count` quotes for each theme among candidates: clauses with their review, place and author."""
    rows.sort(key=lambda row: (-row["confidence"], row["review_id"], row["n"]))
    ids = sorted({row["review_id"] for row in rows})
    reviews = {row["id"]: row for row in snapshot.reviews_of(ids, SAID_IN).to_pylist()}
    groups: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for row in rows:
        row["words"] = reviews[row["review_id"]]["text"][row["start"] : row["end"]]
        if row["words"].strip():
            groups[row["theme"]].append(row)
    return {
        theme: tuple(_quote(row, reviews[row["review_id"]]) for row in _choose(found, count))
        for theme, found in groups.items()
    }
