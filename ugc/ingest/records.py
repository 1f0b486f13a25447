"""Records from a collector into the lake, through the same cleaning as files."""

from __future__ import annotations

import time
import weakref
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from typing import Any

from ugc import settings
from ugc.ingest.dates import Dates
from ugc.ingest.duplicates import NearDuplicates
from ugc.ingest.identity import slug
from ugc.ingest.normalise import Context, Entry, normalise
from ugc.ingest.summary import ImportSummary
from ugc.lake import Lake

__all__ = ["Intake", "ingest_records", "lake_texts"]

_COMPARED = 10_000
"""Latest reviews of the lake that new ones are compared with for near-duplicates."""


def lake_texts(lake: Lake) -> NearDuplicates:
    """The latest texts of the lake, to compare new ones with."""
    found = NearDuplicates()
    query = (
        "SELECT id, text, duplicate_of FROM (SELECT id, text, duplicate_of, first_seen FROM reviews "
        "ORDER BY first_seen DESC, id LIMIT ?) ORDER BY first_seen, id"
    )
    with lake.snapshot() as snapshot:
        rows = snapshot.sql(query, [_COMPARED])
    columns = (rows[name].to_pylist() for name in ("id", "text", "duplicate_of"))
    found.remember(zip(*columns, strict=True))
    return found


class Intake:
    """One run of a collector: takes records page by page and writes them to the lake.

    `summary` adds up over all pages.
    """

    def __init__(
        self,
        lake: Lake,
        *,
        run_id: str,
        source: str,
        company: str | None = None,
        now: datetime | None = None,
    ) -> None:
        """`source` is the collector's name; `now` is when the records were collected."""
        self._lake = lake
        self.run_id = run_id
        moment = now or datetime.now(UTC)
        self._context = Context(
            source=slug(source),
            company=company,
            salt=settings.pseudonym_salt(settings.load()),
            dates=Dates(now=moment),
            run_id=run_id,
            duplicates=lake_texts(lake),
        )
        self.summary = ImportSummary(runs=[run_id])

    def add(self, records: Iterable[Mapping[str, Any]], *, cursor: str | None = None) -> ImportSummary:
        """Writes some records; gives the summary of these alone.

        Rejected records are counted with their reasons. `cursor` is kept in the summary, to be
        given to `Lake.finish_run` once the records before it are written.
        """
        started = time.monotonic()
        page = ImportSummary(runs=[self.run_id])
        self._context.summary = page
        entries = (Entry(number, record) for number, record in enumerate(records, 1))
        for batch in normalise(entries, self._context):
            counts = self._lake.upsert_reviews(batch)
            page.new += counts.new
            page.changed += counts.changed
            page.unchanged += counts.unchanged
        page.cursor = cursor
        page.seconds = time.monotonic() - started
        runs, self.summary.runs = self.summary.runs, []
        self.summary.add(page)
        self.summary.runs = runs
        return page


_open: weakref.WeakKeyDictionary[Lake, Intake] = weakref.WeakKeyDictionary()
"""The intake last used on each lake, so that the pages of one run are compared with each other."""


def ingest_records(
    lake: Lake,
    records: Iterable[Mapping[str, Any]],
    *,
    run_id: str,
    source: str,
    company: str | None = None,
    cursor: str | None = None,
    now: datetime | None = None,
) -> ImportSummary:
    """Cleans, masks and writes records of the common shape; call it once a page or once for all.

    Args:
        lake: where they go.
        records: dictionaries as `ugc.ingest.normalise` describes them.
        run_id: the run they belong to, from `Lake.start_run`.
        source: the collector's name, e.g. `banki_ru`.
        company: name of the company where a record has none.
        cursor: how far the source is read once these records are in the lake.
        now: when they were collected; the clock's time when unset.

    Raises:
        LakeError: the lake cannot be written.
    """
    intake = _open.get(lake)
    if intake is None or intake.run_id != run_id:
        intake = _open[lake] = Intake(lake, run_id=run_id, source=source, company=company, now=now)
    return intake.add(records, cursor=cursor)
