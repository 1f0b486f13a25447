"""What came of an import or a collection, in numbers."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

__all__ = ["ImportSummary"]


@dataclass
class ImportSummary:
    """Counts of one import; `rows` is new + changed + unchanged + repeated + rejected."""

    rows: int = 0
    """Rows or records read."""
    new: int = 0
    changed: int = 0
    unchanged: int = 0
    """Reviews that the lake held already, word for word."""
    repeated: int = 0
    """Rows that repeat a review of the same run; one of them counts above."""
    rejected: int = 0
    near_duplicates: int = 0
    """Reviews with nearly the text of an earlier one; they are in the lake and point to it."""
    without_text: int = 0
    """Reviews that are a rating and no word."""
    undated: int = 0
    """Reviews whose source gives no date."""
    unread_dates: int = 0
    """Dates that could not be read; those reviews are in the lake without one."""
    unread_ratings: int = 0
    """Ratings that could not be read or lie outside their scale."""
    masked: Counter[str] = field(default_factory=Counter)
    """Pieces of personal data masked, by kind."""
    languages: Counter[str] = field(default_factory=Counter)
    sources: Counter[str] = field(default_factory=Counter)
    reasons: Counter[str] = field(default_factory=Counter)
    """Why rows were rejected."""
    examples: dict[str, str] = field(default_factory=dict)
    """One unread value of each kind: `date`, `rating`; without personal data."""
    first: datetime | None = None
    """Date of the earliest review, UTC."""
    last: datetime | None = None
    """Date of the latest review, UTC."""
    seconds: float = 0.0
    rejects: list[str] = field(default_factory=list)
    """Files with the rejected rows."""
    notes: list[str] = field(default_factory=list)
    """What the reader of the summary should know about the reading."""
    runs: list[str] = field(default_factory=list)
    """Ids of the runs in the lake."""
    dry_run: bool = False

    @property
    def reviews(self) -> int:
        """Distinct reviews that were taken: new, changed and unchanged ones."""
        return self.new + self.changed + self.unchanged

    @property
    def rate(self) -> float:
        """Rows a second."""
        return self.rows / self.seconds if self.seconds else 0.0

    def see_date(self, moment: datetime) -> None:
        """Widens the span of dates by one."""
        self.first = moment if self.first is None or moment < self.first else self.first
        self.last = moment if self.last is None or moment > self.last else self.last

    def counts(self) -> dict[str, int]:
        """The whole numbers, as they stand in the table of runs."""
        names = (
            "rows new changed unchanged repeated rejected near_duplicates without_text undated "
            "unread_dates unread_ratings"
        )
        found = {name: int(getattr(self, name)) for name in names.split()}
        return {**found, "masked": self.masked.total()}

    def add(self, other: ImportSummary) -> None:
        """Adds another summary to this one."""
        for name, value in other.counts().items():
            if name != "masked":
                setattr(self, name, getattr(self, name) + value)
        for name in ("masked", "languages", "sources", "reasons"):
            getattr(self, name).update(getattr(other, name))
        for moment in (other.first, other.last):
            if moment is not None:
                self.see_date(moment)
        self.examples = {**other.examples, **self.examples}
        self.seconds += other.seconds
        self.rejects += other.rejects
        self.notes += [note for note in other.notes if note not in self.notes]
        self.runs += other.runs

    def as_json(self) -> dict[str, Any]:
        """Everything as plain JSON values."""
        return {
            **self.counts(),
            "reviews": self.reviews,
            "masked_kinds": dict(self.masked),
            "languages": dict(self.languages),
            "sources": dict(self.sources),
            "reasons": dict(self.reasons),
            "first": self.first.isoformat() if self.first else None,
            "last": self.last.isoformat() if self.last else None,
            "seconds": round(self.seconds, 3),
            "rejects": self.rejects,
            "notes": self.notes,
            "runs": self.runs,
            "dry_run": self.dry_run,
        }
