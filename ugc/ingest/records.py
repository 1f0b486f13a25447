"""Records from a collector into the lake, through the same cleaning as files."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Mapping
from datetime import UTC, datetime
from typing import Any

import pyarrow as pa

from ugc import settings
from ugc.ingest.dates import Dates
from ugc.ingest.duplicates import NearDuplicates
from ugc.ingest.identity import slug
from ugc.ingest.normalise import Context, Entry, normalise
from ugc.ingest.summary import ImportSummary
from ugc.lake import Lake

__all__ = ["Intake", "lake_texts"]

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
        duplicates: NearDuplicates | None = None,
    ) -> None:
        """`source` is the collector's name; `now` is when the records were collected.

        `duplicates` are texts to compare with, for several runs side by side; those of the lake
        when unset.
        """
        self._lake = lake
        self.run_id = run_id
        moment = now or datetime.now(UTC)
        self._context = Context(
            source=slug(source),
            company=company,
            salt=settings.pseudonym_salt(settings.load()),
            dates=Dates(now=moment),
            run_id=run_id,
            duplicates=lake_texts(lake) if duplicates is None else duplicates,
        )
        self.summary = ImportSummary(runs=[run_id])

    def add(
        self,
        records: Iterable[Mapping[str, Any]],
        *,
        cursor: str | None = None,
        collected: datetime | None = None,
        choose: Callable[[pa.Table], pa.Table] = lambda batch: batch,
    ) -> ImportSummary:
        """Cleans, masks and writes some records; gives the summary of these alone.

        Records are dictionaries as `ugc.ingest.normalise` describes them; rejected ones are
        counted with their reasons. Raises `LakeError` when the lake cannot be written.

        Args:
            records: of one source.
            cursor: how far the source has been read with them, written with the last of them.
            collected: when they were collected, where not now.
            choose: takes the rows that are to be written out of a batch.
        """
        started = time.monotonic()
        page = ImportSummary(runs=[self.run_id])
        self._context.summary = page
        self._context.collected = collected
        entries = (Entry(number, record) for number, record in enumerate(records, 1))
        batches = [choose(batch) for batch in normalise(entries, self._context)]
        for number, batch in enumerate(batches, 1):
            mark = cursor if number == len(batches) else None
            counts = self._lake.upsert_reviews(batch, run=self.run_id, cursor=mark)
            page.new += counts.new
            page.changed += counts.changed
            page.unchanged += counts.unchanged
        page.seconds = time.monotonic() - started
        runs, self.summary.runs = self.summary.runs, []
        self.summary.add(page)
        self.summary.runs = runs
        return page
