"""`ugc import`: reviews from files into the lake."""

from __future__ import annotations

import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta, tzinfo
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from ugc.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Callable

    from ugc.ingest import ImportSummary, Progress
    from ugc.ingest.folder import Gathered
    from ugc.ingest.plan import Plan

app = typer.Typer(add_completion=False, rich_markup_mode=None)

_WIDTH = 110
"""Columns of the output where it is no terminal."""

_PAUSE = 5.0
"""Seconds between two lines of progress where the output is no terminal."""


@app.command()
def import_(
    files: Annotated[
        list[Path] | None,
        typer.Argument(
            help="CSV, TSV, XLSX, JSON, JSONL or Parquet files, pages saved in a browser, or folders.",
            show_default=False,
        ),
    ] = None,
    mapping: Annotated[
        list[str] | None,
        typer.Option(
            "--map",
            metavar="FIELD=COLUMN",
            help="The column of a field, e.g. text=Отзыв; FIELD= for none. May be repeated.",
        ),
    ] = None,
    company: Annotated[str | None, typer.Option(help="Company of rows that name none.")] = None,
    source: Annotated[str | None, typer.Option(help="Source of rows that name none, e.g. banki_ru.")] = None,
    collected: Annotated[
        str | None,
        typer.Option(metavar="DATE", help="When the reviews were collected; «вчера» counts from it."),
    ] = None,
    zone: Annotated[str, typer.Option(help="Zone of times that name none, e.g. Europe/Moscow.")] = "UTC",
    scale: Annotated[float | None, typer.Option(min=1, help="Best rating, where it cannot be told.")] = None,
    day_first: Annotated[
        bool | None, typer.Option("--day-first/--month-first", help="Order of dates such as 04/05/2025.")
    ] = None,
    rejects: Annotated[
        Path | None, typer.Option(help="File for rows that cannot be taken; NAME.rejects.csv when unset.")
    ] = None,
    sample: Annotated[bool, typer.Option("--sample", help="Import the shipped sample reviews.")] = False,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Read and report, write nothing.")] = False,
    lake: Annotated[str | None, typer.Option(help="Address of the lake.")] = None,
) -> None:
    """Read reviews from files into the lake; personal data is masked on the way.

    Importing a file again adds nothing; a changed review is updated. Of a folder all files of reviews
    are read, however deep they lie; what is passed over is named, and when that was a file of reviews
    the exit code is 3.
    """
    from ugc import settings
    from ugc.ingest.columns import parse_options
    from ugc.ingest.folder import gather
    from ugc.ingest.job import carry_out
    from ugc.ingest.sample import files as sample_files
    from ugc.lake import Lake

    paths = [*(files or []), *(sample_files() if sample else [])]
    if not paths:
        raise InputError("No file is named.", "Name one: ugc import reviews.csv, or use ugc import --sample.")
    fixed, hours = parse_options(mapping or []), _zone(zone)
    seen = _day(collected, hours) if collected else None
    gathered = gather(paths)
    options = {"mapping": fixed, "collected": seen, "scale": scale, "day_first": day_first}
    with _progress() as report:
        plans, unread = _look(gathered, {**options, "progress": report})
    _show_passed(gathered, unread)
    if not plans:
        raise InputError("None of the files could be read.", "Nothing was imported.")
    for plan in plans:
        _show_plan(plan, table=plan.path.parent != _sample_folder() and not hasattr(plan.table, "records"))
    address = lake or settings.load().lake
    place = _existing(address) if dry_run else Lake.open(address)
    with _progress() as report:
        summary = carry_out(
            place,
            plans,
            company=company,
            source=source,
            dry_run=dry_run,
            rejects=rejects,
            zone=hours,
            progress=report,
        )
    _show_summary(summary, address)
    if unread:
        raise typer.Exit(3)


def _look(gathered: Gathered, options: dict[str, Any]) -> tuple[list[Plan], dict[Path, str]]:
    """A plan for each file, and why those of folders that cannot be read are passed over.

    A file that the user named must be readable. Pages on which texts are cut come first, so that a
    whole text is not replaced by its beginning.
    """
    from ugc.ingest.job import look_at

    plans: list[Plan] = []
    unread: dict[Path, str] = {}
    for path in gathered.files:
        try:
            plans += look_at([path], **options)
        except InputError as error:
            if path not in gathered.found:
                raise
            unread[path] = str(error)
    plans.sort(key=lambda plan: bool(getattr(plan.table, "whole", True)))
    return plans, unread


def _show_passed(gathered: Gathered, unread: dict[Path, str]) -> None:
    """Names what folders held and is not imported."""
    console = _console(error=True)
    for path, reason in [*gathered.passed, *unread.items()]:
        console.print(f"Passed over: {_printable(str(path), 300)}: {_printable(reason, 300)}", soft_wrap=True)


def _zone(name: str) -> tzinfo:
    """A zone by its name; `InputError` when there is none."""
    from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

    try:
        return UTC if name == "UTC" else ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError) as error:
        raise InputError(
            f"There is no time zone {name!r}.", "Name one such as Europe/Moscow or Europe/Warsaw."
        ) from error


def _day(text: str, zone: tzinfo) -> datetime:
    """When the reviews were collected; a day without a time counts until its end."""
    from ugc.ingest.dates import Dates, UnreadDate

    try:
        moment = Dates(now=datetime.now(UTC), zone=zone).read(text)
    except UnreadDate as error:
        raise InputError(
            f"--collected {text} is no date, or one in the future.", "Write it as 2025-10-29."
        ) from error
    if moment is None:
        raise InputError("--collected is empty.", "Write it as 2025-10-29.")
    return moment.at if ":" in text else moment.at + timedelta(hours=23, minutes=59)


def _sample_folder() -> Path:
    """Where the shipped sample lies."""
    from ugc.ingest.sample import files

    return next(iter(files()), Path()).parent


def _existing(address: str) -> Any:
    """The lake to compare with in a dry run, or `None` where there is none yet."""
    from ugc.lake import Lake

    if "://" not in address and not (Path(address).expanduser() / "reviews").exists():
        return None
    return Lake.open(address, create=False)


def _console(*, error: bool = False) -> Any:
    """Where output goes; lines are not broken where it is no terminal."""
    from rich.console import Console

    stream = sys.stderr if error else sys.stdout
    return Console(file=stream, width=None if stream.isatty() else _WIDTH, highlight=False, markup=False)


def _printable(text: str, length: int) -> str:
    """A text of a file as one harmless line: no control signs, no personal data."""
    from ugc.text.clean import clean_line
    from ugc.text.privacy import mask

    line = mask(clean_line(text[:400])).text
    return line if len(line) <= length else f"{line[: length - 1]}…"


def _show_plan(plan: Plan, *, table: bool) -> None:
    """Prints how a file was understood: format, rows, ratings, and each column with its field."""
    from rich.table import Table
    from rich.text import Text

    console = _console()
    ratings = f"; ratings {plan.ratings}" if plan.ratings else "; no ratings"
    console.print(f"{plan.path.name}: {plan.table.kind}; {plan.rows:,} rows{ratings}")
    if not table:
        return
    grid = Table(box=None, pad_edge=False, header_style="bold")
    for name in ("column", "field", "why", "example"):
        grid.add_column(name, overflow="ellipsis", no_wrap=True)
    for choice in plan.mapping.choices:
        grid.add_row(
            Text(_printable(choice.column, 30)),
            Text(choice.field or "not used", style="" if choice.field else "dim"),
            Text(choice.why),
            Text(_printable(choice.example, 44)),
        )
    console.print(grid)


@contextmanager
def _progress() -> Iterator[Callable[[Progress], None]]:
    """Shows progress: a bar on a terminal, else a line now and then."""
    if not sys.stderr.isatty():
        yield _Lines()
        return
    from rich import progress as bars

    columns = (
        bars.TextColumn("{task.description}", markup=False),
        bars.BarColumn(),
        bars.MofNCompleteColumn(),
        bars.TextColumn("{task.fields[rate]}", markup=False),
        bars.TimeRemainingColumn(),
    )
    with bars.Progress(*columns, console=_console(error=True), transient=True) as shown:
        tasks: dict[tuple[str, str], Any] = {}
        started = time.monotonic()

        def report(so_far: Progress) -> None:
            key = (so_far.file, so_far.phase)
            if key not in tasks:
                tasks[key] = shown.add_task(f"{so_far.phase} {so_far.file}", total=so_far.total, rate="")
            rate = so_far.done / max(time.monotonic() - started, 0.001)
            shown.update(tasks[key], completed=so_far.done, total=so_far.total, rate=f"{rate:,.0f} rows/s")

        yield report


class _Lines:
    """Progress as plain lines, one every few seconds."""

    def __init__(self) -> None:
        self._started = self._last = time.monotonic()
        self._file = ""

    def __call__(self, so_far: Progress) -> None:
        """Prints a line when the last one is old enough."""
        now = time.monotonic()
        if so_far.file != self._file:
            self._file, self._started = so_far.file, now
        if now - self._last < _PAUSE:
            return
        self._last = now
        rate = so_far.done / max(now - self._started, 0.001)
        left = f" of {so_far.total:,} rows" if so_far.total else " rows"
        line = f"{so_far.phase} {so_far.file}: {so_far.done:,}{left}, {rate:,.0f} rows/s"
        if so_far.total and rate:
            line += f", {timedelta(seconds=round((so_far.total - so_far.done) / rate))} left"
        typer.echo(line, err=True)


def _counted(counter: dict[str, int], limit: int = 8) -> str:
    """A counter as "ru 4,972, en 12", the greatest first."""
    items = sorted(counter.items(), key=lambda item: -item[1])
    shown = ", ".join(f"{name} {count:,}" for name, count in items[:limit])
    return shown + (f", {len(items) - limit} more" if len(items) > limit else "")


def _show_summary(summary: ImportSummary, address: str) -> None:
    """Prints what came of the import."""
    from rich.table import Table

    console = _console()
    grid = Table(box=None, pad_edge=False, show_header=False)
    grid.add_column(no_wrap=True)
    grid.add_column(overflow="fold")
    for name, value in _lines(summary):
        grid.add_row(name, value)
    console.print()
    console.print(grid)
    for note in summary.notes:
        console.print(f"Note: {note}")
    for path in summary.rejects:
        console.print(f"The rejected rows, with the reasons, are in {path}")
    if summary.dry_run:
        console.print("Dry run: nothing was written.")
    else:
        console.print(f"The reviews are in the lake {address}; next: ugc tag")


def _lines(summary: ImportSummary) -> Iterator[tuple[str, str]]:
    """The summary line by line."""
    yield "new", f"{summary.new:,}"
    yield "changed", f"{summary.changed:,}"
    yield "unchanged", f"{summary.unchanged:,}"
    if summary.repeated:
        yield "repeated", f"{summary.repeated:,} rows say again what another row of the file says"
    rejected = f" ({_counted(summary.reasons)})" if summary.rejected else ""
    yield "rejected", f"{summary.rejected:,}{rejected}"
    yield "near-duplicates", f"{summary.near_duplicates:,}"
    if summary.without_text:
        yield "without text", f"{summary.without_text:,} are a rating and no word"
    kinds = f" ({_counted(summary.masked, 20)})" if summary.masked else ""
    yield "masked personal data", f"{summary.masked.total():,}{kinds}"
    yield "languages", _counted(summary.languages) or "none"
    yield "sources", _counted(summary.sources) or "none"
    if summary.first and summary.last:
        yield "dates", f"{summary.first:%d %B %Y} to {summary.last:%d %B %Y}"
    if summary.undated:
        yield "without a date", f"{summary.undated:,}"
    if summary.unread_dates:
        yield "unread dates", f"{summary.unread_dates:,}, for instance {summary.examples.get('date', '')!r}"
    if summary.unread_ratings:
        yield (
            "unread ratings",
            f"{summary.unread_ratings:,}, for instance {summary.examples.get('rating', '')!r}",
        )
    yield "time", f"{summary.seconds:.1f} s, {summary.rate:,.0f} rows/s"
