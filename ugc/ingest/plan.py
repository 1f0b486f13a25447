"""A first look at a file: its columns, what its ratings and dates mean, whether it is whole.

Nothing is written before every file has been looked at, so a broken one leaves the lake as it was.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from ugc.errors import InputError
from ugc.ingest import ratings
from ugc.ingest.cells import is_blank
from ugc.ingest.cells import scale as scale_of
from ugc.ingest.columns import Mapping, map_columns
from ugc.ingest.dates import Dates, UnreadDate
from ugc.ingest.export_columns import map_export, tell
from ugc.ingest.exports import Export, recognise
from ugc.ingest.identity import plain_id
from ugc.ingest.normalise import Entry
from ugc.ingest.profile import Profile
from ugc.ingest.ratings import Scale
from ugc.ingest.readers import Row, Table, open_table
from ugc.ingest.readers.delimited import LONGEST_CELL
from ugc.ingest.readers.encoding import endless

__all__ = ["Editions", "Plan", "look", "record_of"]

Editions = dict[tuple[str, str], tuple[datetime, int]]
"""Of each review whose row tells its last edit, by the row's source and id: that moment, and the row."""

_JUDGED = 2000
"""Rows by which the columns are judged."""

_EVERY = 500
"""Rows between two reports of progress."""

_STROKES = re.compile(r"(?<!\d)(\d{1,2})[/-](\d{1,2})[/-]\d{2,4}(?!\d)")
_TEXTS = ("text", "title", "pros", "cons")


@dataclass
class Plan:
    """How one file is going to be read."""

    table: Table
    mapping: Mapping
    rows: int
    """Rows of the file, blank ones left out."""
    scale: float | None
    """Best value of its bare ratings."""
    ratings: str
    """The scales of its ratings in words."""
    day_first: bool
    """Whether `04/05` is the fourth of May."""
    collected: datetime
    """When the file was written: what «вчера» counts from where no column tells."""
    superseded: frozenset[int]
    """Rows that repeat the id of another, newer row."""
    columns: tuple[str, ...]
    notes: list[str] = field(default_factory=list)
    export: Export | None = None
    """The export of a known product that it is."""
    editions: Editions = field(default_factory=dict)
    """The last edits of its reviews."""

    @property
    def source(self) -> str | None:
        """The key of the source of its reviews, where the file itself tells it."""
        return self.export.source if self.export else None

    @property
    def edited(self) -> datetime | None:
        """The last edit in the file: it was not exported before."""
        return max((moment for moment, _ in self.editions.values()), default=None)

    @property
    def path(self) -> Path:
        """The file."""
        return self.table.path

    def entries(self) -> Iterator[Entry]:
        """The rows as records with their fields' names."""
        for row in self.table.rows():
            yield Entry(row.number, record_of(row, self.mapping), row.values, row.problem)


def record_of(row: Row, mapping: Mapping) -> dict[str, Any]:
    """A row as a record: of a field's columns the first that is not blank, or what its way makes of them."""
    record: dict[str, Any] = {}
    for name, columns in mapping.fields.items():
        if name in mapping.ways:
            value = mapping.ways[name].value(row.values)
            if not is_blank(value):
                record[name] = value
            continue
        for column in columns:
            value = row.values.get(column)
            if not is_blank(value):
                record[name] = value
                break
    return record


class _Survey:
    """What the rows of a file tell once all of them have been seen."""

    def __init__(self, mapping: Mapping) -> None:
        self._mapping = mapping
        self._dates = Dates(now=datetime(2100, 1, 1, tzinfo=UTC))
        self.scale = Scale()
        self.order: Counter[bool] = Counter()
        self.usable = 0
        self.problems: Counter[str] = Counter()
        self._winners: dict[tuple[str, str], tuple[datetime | None, int]] = {}
        self.superseded: set[int] = set()
        self.relative = 0

    def see(self, row: Row) -> None:
        """Takes one row into account."""
        if row.problem is not None:
            self.problems[row.problem] += 1
            return
        record = record_of(row, self._mapping)
        if "rating" in record:
            self.scale.see(record["rating"], scale_of(record.get("rating_scale")))
        if isinstance(when := record.get("date"), str) and (match := _STROKES.search(when)):
            self.order[int(match[1]) > 12] += int(match[1]) > 12 or int(match[2]) > 12
        self.usable += any(name in record for name in (*_TEXTS, "rating", "recommended"))
        if "source_id" in record:
            self._compete(row.number, record)

    def _compete(self, number: int, record: dict[str, Any]) -> None:
        """Of rows with the same id the one edited last counts, else the one that comes last."""
        key = (str(record.get("source", "")), plain_id(record["source_id"]))
        edited: datetime | None = None
        if "edited_at" in record:
            try:
                moment = self._dates.read(record["edited_at"], guess=False)
                edited = moment.at if moment else None
            except UnreadDate:
                edited = None
        best = self._winners.get(key)
        if best is not None and best[0] is not None and (edited is None or edited < best[0]):
            self.superseded.add(number)
            return
        if best is not None:
            self.superseded.add(best[1])
        self._winners[key] = (edited, number)

    def editions(self) -> Editions:
        """The rows that count, of those that tell their last edit."""
        return {key: (edited, row) for key, (edited, row) in self._winners.items() if edited is not None}


def look(
    path: Path,
    asked: dict[str, str],
    *,
    now: datetime,
    collected: datetime | None = None,
    scale: float | None = None,
    day_first: bool | None = None,
    progress: Callable[[int], None] = lambda rows: None,
) -> Plan:
    """Reads a file through once without keeping it.

    Args:
        path: the file.
        asked: columns that the user fixed, by field.
        now: the moment of the import.
        collected: when its reviews were collected; the file's own time when unset.
        scale: best value of its ratings; found from them when unset.
        day_first: the order of `04/05`; found from the dates when unset.
        progress: is told now and then how many rows have been read.

    Raises:
        InputError: the file cannot be read, has no rows, or none that is a review.
        MappingError: no column holds texts, or a column asked for is absent.
    """
    table = open_table(path)
    asked = {**getattr(table, "fields", {}), **asked}  # a saved page names its fields itself
    profile = Profile(path)
    profile.expect(table.columns)
    first: list[Row] = []
    survey: _Survey | None = None
    mapping: Mapping | None = None
    export: Export | None = None
    rows = 0
    for row in table.rows():
        rows += 1
        if any(isinstance(cell, str) and len(cell) > LONGEST_CELL for cell in row.values.values()):
            raise endless(path, row.number)
        if rows % _EVERY == 0:
            progress(rows)
        if survey is None:
            first.append(row)
            if row.problem is None:
                profile.see(row)
            if len(first) < _JUDGED:
                continue
            mapping, survey, export = _settle(profile, asked, first)
            first = []
        else:
            survey.see(row)
    if survey is None or mapping is None:
        mapping, survey, export = _settle(profile, asked, first)
    _check(path, rows, survey)
    known = scale or (export.scale if export and survey.scale.values else None)
    written = datetime.fromtimestamp(path.stat().st_mtime, UTC)
    plan = Plan(
        table=table,
        mapping=mapping,
        rows=rows,
        scale=known or survey.scale.best(),
        ratings=f"{ratings.worst(known):g} to {known:g}" if known else survey.scale.words(),
        day_first=_day_first(survey) if day_first is None else day_first,
        collected=min(collected or written, now),
        superseded=frozenset(survey.superseded),
        columns=profile.columns,
        notes=[*table.notes, *(tell(path, profile, export, asked) if export else [])],
        export=export,
        editions=survey.editions(),
    )
    if not rows:
        plan.notes.append(f"{path.name} holds no reviews.")
    if plan.scale is None and survey.scale.values and scale is None:
        plan.notes.append("The ratings go beyond 100 and fit no scale; name it with --scale.")
    return plan


def _settle(
    profile: Profile, asked: dict[str, str], first: list[Row]
) -> tuple[Mapping, _Survey, Export | None]:
    """The mapping, judged by the first rows, the survey of these rows, and the export that it is.

    An export may be empty: there are months without a review.
    """
    export = recognise(profile)
    if not first and export is None:
        raise InputError(
            f"{profile.path.name} {'has a header and no rows' if profile.whole else 'holds no reviews'}.",
            "Export the reviews anew and import that file.",
        )
    if first and all(row.problem is not None for row in first):
        raise InputError(
            f"No row of {profile.path.name} can be read: in row {first[0].number} {first[0].problem}.",
            "Mend or export the file anew and import it again.",
        )
    mapping = map_columns(profile, asked) if export is None else map_export(profile, export, asked)
    survey = _Survey(mapping)
    for row in first:
        survey.see(row)
    return mapping, survey, export


def _check(path: Path, rows: int, survey: _Survey) -> None:
    """Refuses a file of which most rows are broken or none is a review."""
    broken = survey.problems.total()
    if broken * 2 > rows:
        problem, count = survey.problems.most_common(1)[0]
        raise InputError(
            f"{broken} of {rows} rows of {path.name} cannot be read; {count} times {problem}.",
            "Mend or export the file anew and import it again. Nothing was imported.",
        )
    if rows and not survey.usable:
        raise InputError(
            f"No row of {path.name} holds a text or a rating.",
            "Check the columns with --dry-run and name them with --map text=COLUMN.",
        )


def _day_first(survey: _Survey) -> bool:
    """Whether days come before months in dates such as 05/04/2025: unless other dates say otherwise."""
    return survey.order[True] >= survey.order[False]
