"""Every expectation that the chosen reviews state, with its themes and where it comes from."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from ugc.insight.choice.display import web_address
from ugc.insight.choice.filters import Filters
from ugc.insight.choice.statement import fill
from ugc.insight.wishes.stated import Find, Kind, coarse, stated

if TYPE_CHECKING:
    from ugc.lake import Snapshot

__all__ = ["Found", "Stated", "find", "within"]


@dataclass(frozen=True)
class Stated:
    """One stated expectation: `text` is the review's text from `start` to `end`."""

    review_id: str
    text: str
    start: int
    end: int
    kind: Kind
    words: str
    """The words that tell, such as «хотелось бы»."""
    themes: tuple[str, ...]
    """Themes of the mentions that overlap it; empty when no mention does."""
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


_TEXTS = """
SELECT r.id, r.text, r.date, r.source, r.url, r.company, r.city, r.place, r.product, r.language, r.stars,
    r.author, r.duplicate_of
FROM reviews r JOIN tags t ON t.review_id = r.id
WHERE t.sentiment IS NOT NULL AND regexp_matches(r.text, $coarse) AND {where}
ORDER BY r.id
"""

_RAISED = """
SELECT review_id, theme, start, "end" FROM mentions
WHERE review_id IN (SELECT unnest($ids)) ORDER BY review_id, n
"""


@dataclass(frozen=True)
class Found:
    """A stated expectation with what is needed to choose quotes."""

    stated: Stated
    author: str | None
    copy: bool
    """Whether the review nearly repeats another one: counted and not quoted."""


def _themes(one: Find, mentions: Iterable[tuple[str, int, int]]) -> tuple[str, ...]:
    """Themes of the mentions that overlap a find, each once, in the order of the text."""
    held = [theme for theme, start, end in mentions if start < one.end and end > one.start]
    return tuple(dict.fromkeys(held))


def find(snapshot: Snapshot, filters: Filters) -> list[Found]:
    """Every expectation that the tagged reviews of the filters state."""
    where, params = filters.where("r")
    kept: list[tuple[dict[str, Any], tuple[Find, ...]]] = []
    for batch in snapshot.sql(fill(_TEXTS, where=where), params | {"coarse": coarse()}).to_batches():
        for row in batch.to_pylist():
            finds = stated(row["text"], row["language"])
            if finds:
                kept.append((row, finds))
    mentions: dict[str, list[tuple[str, int, int]]] = defaultdict(list)
    if kept:
        ids = [row["id"] for row, _ in kept]
        for one in snapshot.sql(_RAISED, {"ids": ids}).to_pylist():
            mentions[one["review_id"]].append((one["theme"], one["start"], one["end"]))
    found = []
    for row, finds in kept:
        own = {name: row[name] for name in ("date", "source", "company", "city", "place", "product")}
        for one in finds:
            told = Stated(
                review_id=row["id"],
                text=row["text"][one.start : one.end],
                start=one.start,
                end=one.end,
                kind=one.kind,
                words=one.words,
                themes=_themes(one, mentions[row["id"]]),
                url=web_address(row["url"]),
                language=row["language"],
                stars=row["stars"],
                **own,
            )
            found.append(Found(told, row["author"], row["duplicate_of"] is not None))
    return found


def within(one: Stated, filters: Filters) -> bool:
    """Whether the day of a review lies in the days of the filters; without days, always."""
    if filters.since is None and filters.until is None:
        return True
    if one.date is None:
        return False
    day = one.date.astimezone(UTC).date()
    return (filters.since or day) <= day <= (filters.until or day)
