"""Who wrote it: what else the lake holds by the author of a review, by pseudonym.

A pseudonym belongs to one source (`ugc.text.privacy`), so nobody is followed from site to site, and
two people of the same name at one source are one author here.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from ugc.lake import Snapshot

__all__ = ["Author", "author_of", "written"]

_WRITTEN = """
SELECT author, count(*) AS reviews FROM reviews WHERE author IN (SELECT unnest($authors)) GROUP BY 1
"""

_AUTHOR = """
SELECT count(*) AS reviews, count(stars) AS ratings, avg(stars) AS stars,
    min(date) AS first, max(date) AS last, count(DISTINCT nullif(company, '')) AS companies,
    list(DISTINCT source ORDER BY source) AS sources
FROM reviews WHERE author = $author
"""


@dataclass(frozen=True, slots=True)
class Author:
    """What one author wrote in the whole lake. Times are UTC."""

    reviews: int
    ratings: int
    stars: float | None
    """Mean of the ratings, 1 to 5; `None` without any."""
    first: datetime | None
    last: datetime | None
    companies: int
    """Different ones that are named."""
    sources: tuple[str, ...]


def written(snapshot: Snapshot, authors: Iterable[str]) -> dict[str, int]:
    """Reviews in the whole lake by each of these pseudonyms; unknown ones are left out."""
    found = snapshot.sql(_WRITTEN, {"authors": sorted(set(authors))}).to_pylist()
    return {row["author"]: row["reviews"] for row in found}


def author_of(snapshot: Snapshot, author: str) -> Author:
    """The figures of one pseudonym, over the whole lake whatever is chosen; 0 reviews for an unknown one."""
    row = snapshot.sql(_AUTHOR, {"author": author}).to_pylist()[0]
    return Author(**row | {"sources": tuple(row["sources"] or ())})
