"""`ugc lake`: looks after the lake."""

from __future__ import annotations

import json
from dataclasses import asdict
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

if TYPE_CHECKING:
    from ugc.lake import LakeInfo

app = typer.Typer(add_completion=False, rich_markup_mode=None, no_args_is_help=True)

Address = Annotated[str | None, typer.Option("--lake", help="Address of the lake.")]
Json = Annotated[bool, typer.Option("--json", help="Print JSON.")]

_UNITS = ("B", "KB", "MB", "GB", "TB")


@app.callback()
def _lake() -> None:
    """Look after the lake: what is in it, its files, its health, its contents for other programs."""


def _address(given: str | None) -> str:
    """The address asked for, else the one of the settings."""
    from ugc import settings

    return given or settings.load().lake


def _size(number: float) -> str:
    """Bytes in words."""
    unit = 0
    while number >= 1000 and unit < len(_UNITS) - 1:
        number /= 1000
        unit += 1
    return f"{number:.0f} {_UNITS[unit]}" if unit == 0 else f"{number:.1f} {_UNITS[unit]}"


def _print_json(value: Any) -> None:
    """Prints a value as JSON, with times in ISO 8601 and paths as text."""

    def plain(one: object) -> str:
        return one.isoformat() if isinstance(one, datetime) else str(one)

    typer.echo(json.dumps(value, ensure_ascii=False, indent=1, default=plain))


def _counted(counts: dict[str, int]) -> str:
    """Names with their numbers."""
    from ugc.insight.choice.display import printable

    return printable(", ".join(f"{name} {number:,}" for name, number in counts.items())) or "none"


def _say(found: LakeInfo) -> None:
    """The lake at a glance, for a person."""
    typer.echo(f"Lake       {found.address}")
    typer.echo(f"Schema     version {found.schema_version}")
    if found.first_date and found.last_date:
        typer.echo(f"Written    {found.first_date:%Y-%m-%d} … {found.last_date:%Y-%m-%d}")
    typer.echo(f"Sources    {_counted(found.sources)}")
    typer.echo(f"Languages  {_counted(found.languages)}")
    typer.echo(f"Tagged     {_counted(found.models)}")
    typer.echo("")
    typer.echo(f"{'table':<12} {'rows':>12} {'files':>6} {'size':>10} {'version':>8}")
    for table in found.tables:
        typer.echo(
            f"{table.name:<12} {table.rows:>12,} {table.files:>6,} {_size(table.size):>10} {table.version:>8}"
        )


@app.command()
def info(lake: Address = None, json_: Json = False) -> None:
    """Show tables, rows, sizes, versions, dates, sources, languages and models."""
    from ugc.lake import Lake

    found = Lake.open(_address(lake), create=False).info()
    if json_:
        _print_json(asdict(found))
    else:
        _say(found)


@app.command()
def compact(
    keep_hours: Annotated[
        int, typer.Option(min=0, help="Keep files that readers may still use for so many hours.")
    ] = 1,
    lake: Address = None,
    json_: Json = False,
) -> None:
    """Join small files, drop leftovers of interrupted or replaced taggings, remove unused files."""
    from ugc.lake import Lake

    done = Lake.open(_address(lake), create=False).compact(keep_hours=keep_hours)
    if json_:
        _print_json(asdict(done))
        return
    typer.echo(f"Files in use: {done.files_before:,} before, {done.files_after:,} now.")
    typer.echo(f"Size in use: {_size(done.bytes_before)} before, {_size(done.bytes_after)} now.")
    typer.echo(f"Dropped: {done.mentions_dropped:,} mentions, {done.tags_dropped:,} tags of no review.")
    typer.echo(f"Removed from the disk: {done.files_removed:,} files.")


@app.command()
def check(lake: Address = None, json_: Json = False) -> None:
    """Look for damage, doubled rows and leftovers; exit code 1 when results may be wrong."""
    from ugc.lake import look_over

    report = look_over(_address(lake))
    if json_:
        _print_json({"ok": report.ok, **asdict(report)})
    else:
        for one in report.problems:
            weight = "damage" if one.serious else "note"
            typer.echo(f"{weight}: {one.table}: {one.count:,} × {one.message}. {one.mend}")
        if not report.problems:
            typer.echo(f"The lake {report.address} is in order (schema version {report.schema_version}).")
    if not report.ok:
        raise typer.Exit(1)


@app.command()
def export(
    folder: Annotated[Path, typer.Argument(help="Folder for the files; made when it is not there.")],
    format_: Annotated[
        str, typer.Option("--format", help="parquet, csv, jsonl or xlsx; csv and xlsx hold no formula.")
    ] = "parquet",
    overwrite: Annotated[bool, typer.Option("--overwrite", help="Replace files that are there.")] = False,
    lake: Address = None,
    json_: Json = False,
) -> None:
    """Write reviews, tags, mentions, corrections and runs to files, as the dashboard sees them."""
    from ugc.lake import Lake

    written = Lake.open(_address(lake), create=False).export(folder, format_, overwrite=overwrite)
    if json_:
        _print_json({str(path): rows for path, rows in written.items()})
        return
    for path, rows in written.items():
        typer.echo(f"{path}: {rows:,} rows")
