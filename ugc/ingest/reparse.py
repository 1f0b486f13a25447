"""Kept pages parsed again, when a parser has improved, without the network."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

import pyarrow as pa

from scrapers import archive, registry
from ugc.errors import InputError, SourceChanged, SourceError
from ugc.ingest.records import Intake, lake_texts
from ugc.ingest.summary import ImportSummary
from ugc.lake import Lake
from ugc.lake.runs import State

__all__ = ["Reparsed", "reparse"]


@dataclass
class Reparsed:
    """What came of parsing the archive of one source again."""

    source: str
    pages: int = 0
    summary: ImportSummary = field(default_factory=ImportSummary)
    newer: int = 0
    """Reviews left alone, because the lake holds a later state of them."""
    troubles: Counter[str] = field(default_factory=Counter)
    """Pages and files that could not be read, by the reason."""


def reparse(
    lake: Lake,
    folder: Path,
    *,
    source: str | None = None,
    progress: Callable[[Reparsed], None] = lambda _: None,
) -> list[Reparsed]:
    """Parses the kept pages again and writes what is new or changed; one run a source.

    The newest pages come first, and of each review the newest state counts. A review that was
    written after its page was fetched, by another collection or import, is left alone.

    Args:
        lake: where the reviews go.
        folder: of the archive.
        source: name of the only source to parse; all when unset.
        progress: is told after every file.

    Raises:
        InputError: the archive holds nothing of that source.
        LakeError: the lake cannot be written.
    """
    paths = archive.files(folder, source)
    if not paths:
        raise InputError(
            f"The archive {folder} holds no pages{f' of {source}' if source else ''}.",
            "Keep pages with: ugc collect … --replay",
        )
    names = sorted({path.parent.name for path in paths})
    return [
        _source(lake, name, [path for path in paths if path.parent.name == name], progress) for name in names
    ]


def _source(lake: Lake, name: str, paths: list[Path], progress: Callable[[Reparsed], None]) -> Reparsed:
    """All archives of one source, the latest run first."""
    site = registry.get(name)
    done = Reparsed(name)
    before = _reparsings(lake)
    run = lake.start_run("reparse", name)
    intake = Intake(lake, run_id=run, source=name, duplicates=lake_texts(lake))
    done.summary = intake.summary
    chosen: set[str] = set()
    for path in reversed(paths):
        try:
            pages = list(archive.read(path))
        except SourceError as error:
            done.troubles[str(error)] += 1
            continue
        for kept in reversed(pages):
            try:
                page = site.parse(kept.body, kept.where)
            except SourceChanged as error:
                done.troubles[str(error)] += 1
                continue
            done.pages += 1
            newest = _newest(lake, chosen, kept.fetched, {kept.run, run, *before}, done)
            intake.add(page.records, collected=kept.fetched, choose=newest)
        progress(done)
    counts = {**intake.summary.counts(), "pages": done.pages, "newer": done.newer}
    reason = "; ".join(f"{text} ({number} times)" for text, number in done.troubles.most_common(3))
    state: State = "complete" if not done.troubles else "partial" if done.pages else "failed"
    span = (intake.summary.first, intake.summary.last)
    lake.finish_run(run, state, reason or None, counts, None, span)
    return done


def _reparsings(lake: Lake) -> set[str]:
    """Ids of the earlier runs of this kind: what they wrote is as old as the pages."""
    with lake.snapshot() as snapshot:
        return {row["id"] for row in snapshot.sql("SELECT id FROM runs WHERE kind = 'reparse'").to_pylist()}


def _newest(
    lake: Lake, chosen: set[str], fetched: datetime, own: set[str], done: Reparsed
) -> Callable[[pa.Table], pa.Table]:
    """Takes the rows of a page of which no newer state is known."""

    def choose(batch: pa.Table) -> pa.Table:
        ids = batch["id"].to_pylist()
        written = lake.written(ids)
        keep = []
        for one in ids:
            when, run = written.get(one, (fetched, None))
            later = when > fetched and run not in own
            done.newer += later
            keep.append(one not in chosen and not later)
        chosen.update(ids)
        return batch.filter(pa.array(keep, pa.bool_())) if not all(keep) else batch

    return choose
