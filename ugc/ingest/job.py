"""An import: files are looked at, then read in batches into the lake; each file is one run."""

from __future__ import annotations

import contextlib
import re
import time
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, tzinfo
from pathlib import Path

import pyarrow as pa

from ugc import settings
from ugc.errors import InputError, LakeError
from ugc.ingest.dates import Dates
from ugc.ingest.duplicates import NearDuplicates
from ugc.ingest.editions import kept_newer, mark, outdone
from ugc.ingest.identity import slug
from ugc.ingest.normalise import Context, Entry, normalise
from ugc.ingest.plan import Plan, look
from ugc.ingest.records import lake_texts
from ugc.ingest.rejects import Rejects
from ugc.ingest.summary import ImportSummary
from ugc.lake import Lake
from ugc.text.privacy import mask

__all__ = ["Progress", "carry_out", "import_files", "look_at"]

_EVERY = 100
"""Rows between two reports of progress."""


@dataclass(frozen=True, slots=True)
class Progress:
    """How far an import has come: `phase` is "reading" or "storing"."""

    file: str
    phase: str
    done: int
    total: int | None


def look_at(
    paths: Iterable[Path | str],
    *,
    mapping: Mapping[str, str] | None = None,
    now: datetime | None = None,
    collected: datetime | None = None,
    scale: float | None = None,
    day_first: bool | None = None,
    progress: Callable[[Progress], None] = lambda so_far: None,
) -> list[Plan]:
    """A plan for each file; `InputError` when one of them cannot be imported. Writes nothing."""
    moment = now or datetime.now(UTC)

    def one(path: Path) -> Plan:
        return look(
            path,
            dict(mapping or {}),
            now=moment,
            collected=collected,
            scale=scale,
            day_first=day_first,
            progress=lambda rows: progress(Progress(path.name, "reading", rows, None)),
        )

    return [one(Path(path)) for path in paths]


def carry_out(
    lake: Lake | None,
    plans: Iterable[Plan],
    *,
    company: str | None = None,
    source: str | None = None,
    dry_run: bool = False,
    rejects: Path | None = None,
    zone: tzinfo = UTC,
    now: datetime | None = None,
    progress: Callable[[Progress], None] = lambda so_far: None,
) -> ImportSummary:
    """Reads the planned files into the lake; a dry run only counts.

    Args:
        lake: where the reviews go; `None` in a dry run means that there is none yet.
        plans: from `look_at`.
        company: name of the company for rows that have none.
        source: key of the source for rows that have none; when unset that of the export that the file
            is, else the file's name.
        dry_run: whether to write nothing, neither to the lake nor rejects.
        rejects: file for rejected rows; `NAME.rejects.csv` in the current folder when unset.
        zone: of times that name none.
        now: the moment of the import.
        progress: is told now and then how far it has come.

    Raises:
        LakeError: the lake cannot be written; what came before is kept, the same import goes on.
        InputError: the rejected rows cannot be written.
    """
    if lake is None and not dry_run:
        raise InputError("An import needs a lake.", "Open one with Lake.open, or make it a dry run.")
    plans = list(plans)
    moment = now or datetime.now(UTC)
    salt = settings.pseudonym_salt(settings.load())
    duplicates = NearDuplicates() if lake is None else lake_texts(lake)
    total = ImportSummary(dry_run=dry_run)
    sources = [slug(source or plan.source or _name_of(plan.path)) for plan in plans]
    for plan, key, lost in zip(plans, sources, outdone(plans, sources), strict=True):
        context = Context(
            source=key,
            company=company,
            salt=salt,
            dates=Dates(now=moment, zone=zone, day_first=plan.day_first),
            collected=plan.collected,
            scale=plan.scale,
            duplicates=duplicates,
            superseded=plan.superseded | lost,
        )
        target = rejects if rejects and len(plans) == 1 else _rejects_of(plan.path, rejects)
        total.add(_one(None if dry_run else lake, lake, plan, context, target, progress))
    return total


def _name_of(path: Path) -> str:
    """The name of a file without its ending and without what a second download or a copy adds to it."""
    return re.sub(r"\s*(?:\(\d+\)|[-–—]\s*(?:copy|копия|kopia))$", "", path.stem, flags=re.IGNORECASE)


def _rejects_of(path: Path, rejects: Path | None) -> Path:
    """The rejects file of one of several files: beside the one named, or in the current folder."""
    folder = rejects.parent if rejects else Path.cwd()
    return folder / f"{path.stem}.rejects.csv"


def _one(
    target: Lake | None,
    known: Lake | None,
    plan: Plan,
    context: Context,
    rejects: Path,
    progress: Callable[[Progress], None],
) -> ImportSummary:
    """One file as one run; `target` is `None` in a dry run, `known` is the lake to compare with."""
    started = time.monotonic()
    summary = context.summary
    if target is not None:
        context.run_id = target.start_run("import", context.source, mask(plan.path.name).text)
        summary.runs.append(context.run_id)
    authors = frozenset(
        column
        for name in ("author", "author_id", "author_mail")
        for column in plan.mapping.fields.get(name, ())
    )
    try:
        newer = kept_newer(known, plan) if known is not None else frozenset()
        older = 0
        with Rejects(rejects, plan.columns, authors=authors) as file:
            if target is not None:
                context.reject = file.add
            for batch in normalise(_counted(plan, progress), context):
                rest = _without(batch, newer)
                older += batch.num_rows - rest.num_rows
                _store(target, known, rest, summary)
            if file.written:
                summary.rejects.append(str(rejects))
        summary.unchanged += older
        _tell(plan, context)
        if older:
            summary.notes.append(
                f"{older} reviews of {plan.path.name} are in the lake from a newer export and stay as "
                "they are."
            )
    except BaseException as error:
        if target is not None and context.run_id is not None:
            with contextlib.suppress(LakeError):
                target.finish_run(
                    context.run_id,
                    "failed",
                    f"{type(error).__name__}: {error}"[:500],
                    summary.counts(),
                    mark(plan),
                )
        raise
    summary.seconds = time.monotonic() - started
    progress(Progress(plan.path.name, "storing", summary.rows, plan.rows))
    if target is not None and context.run_id is not None:
        target.finish_run(context.run_id, "complete", None, summary.counts(), mark(plan))
    return summary


def _counted(plan: Plan, progress: Callable[[Progress], None]) -> Iterable[Entry]:
    """The entries of a file, reported on now and then."""
    for count, entry in enumerate(plan.entries()):
        if count % _EVERY == 0:
            progress(Progress(plan.path.name, "storing", count, plan.rows))
        yield entry


def _without(batch: pa.Table, ids: frozenset[str]) -> pa.Table:
    """A batch without the reviews with these ids."""
    if not ids:
        return batch
    return batch.filter(pa.array([one not in ids for one in batch["id"].to_pylist()], pa.bool_()))


def _store(target: Lake | None, known: Lake | None, batch: pa.Table, summary: ImportSummary) -> None:
    """Writes a batch, or in a dry run counts what writing it would do."""
    if target is not None:
        counts = target.upsert_reviews(batch)
        summary.new += counts.new
        summary.changed += counts.changed
        summary.unchanged += counts.unchanged
        return
    before = known.known(batch["id"].to_pylist()) if known is not None else {}
    for review, content in zip(batch["id"].to_pylist(), batch["content_hash"].to_pylist(), strict=True):
        if review not in before:
            summary.new += 1
        elif before[review] != content:
            summary.changed += 1
        else:
            summary.unchanged += 1


def _tell(plan: Plan, context: Context) -> None:
    """Adds to the summary what a reader should know about how the file was read."""
    summary = context.summary
    summary.notes += plan.notes
    if context.reckoned and "collected_at" not in plan.mapping:
        summary.notes.append(
            f"{context.reckoned} dates of {plan.path.name} such as «вчера» or «15 июня» were counted back "
            "from "
            f"{plan.collected:%d %B %Y}, when the file was written; --collected DATE sets another day."
        )


def import_files(
    lake: Lake | None,
    paths: Iterable[Path | str],
    *,
    mapping: Mapping[str, str] | None = None,
    company: str | None = None,
    source: str | None = None,
    dry_run: bool = False,
    now: datetime | None = None,
    collected: datetime | None = None,
    scale: float | None = None,
    day_first: bool | None = None,
    zone: tzinfo = UTC,
    rejects: Path | None = None,
    progress: Callable[[Progress], None] = lambda so_far: None,
) -> ImportSummary:
    """Looks at all files, then imports them; see `look_at` and `carry_out`.

    Raises:
        InputError: one of the files cannot be imported; the lake is as it was.
        LakeError: the lake cannot be written; the same import again goes on where it stopped.
    """
    plans = look_at(
        paths,
        mapping=mapping,
        now=now,
        collected=collected,
        scale=scale,
        day_first=day_first,
        progress=progress,
    )
    return carry_out(
        lake,
        plans,
        company=company,
        source=source,
        dry_run=dry_run,
        rejects=rejects,
        zone=zone,
        now=now,
        progress=progress,
    )
