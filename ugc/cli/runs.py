"""`ugc runs`: past imports, collections and taggings."""

from __future__ import annotations

import json
from datetime import datetime
from typing import Annotated, Any

import typer

app = typer.Typer(add_completion=False, rich_markup_mode=None)


def _counts(text: str | None) -> dict[str, int]:
    """The counts of a run."""
    found: dict[str, int] = json.loads(text or "{}")
    return found


def _took(row: dict[str, Any]) -> str:
    """How long a run took; a run without an end goes on still or was killed."""
    if row["finished_at"] is None:
        return "no end"
    seconds = (row["finished_at"] - row["started_at"]).total_seconds()
    return f"{seconds:.0f} s" if seconds < 100 else f"{seconds / 60:.0f} min"


def _line(row: dict[str, Any]) -> str:
    """One run as text."""
    counts = ", ".join(f"{name} {number:,}" for name, number in _counts(row["counts"]).items() if number)
    what = " ".join(part for part in (row["kind"], row["source"], row["target"]) if part)
    span = f"written {row['oldest']:%Y-%m-%d} to {row['newest']:%Y-%m-%d}" if row["oldest"] else ""
    when = f"{row['started_at']:%Y-%m-%d %H:%M}"
    parts = [when, what, row["state"], _took(row), counts, span, row["reason"]]
    return " · ".join(" ".join(str(part).split()) for part in parts if part)


def _plain(row: dict[str, Any]) -> dict[str, Any]:
    """One run as a JSON object."""
    plain = {name: value.isoformat() if isinstance(value, datetime) else value for name, value in row.items()}
    return plain | {"counts": _counts(row["counts"])}


@app.command()
def runs(
    last: Annotated[int, typer.Option(min=1, help="Show this many, the latest first.")] = 20,
    lake: Annotated[str | None, typer.Option(help="Address of the lake.")] = None,
    json_: Annotated[bool, typer.Option("--json", help="Print JSON, with the ids.")] = False,
) -> None:
    """Show past imports, collections and taggings, the latest first; times are UTC."""
    from ugc import settings
    from ugc.insight.choice.display import printable
    from ugc.lake import Lake

    found = Lake.open(lake or settings.load().lake, create=False).runs().slice(0, last).to_pylist()
    if json_:
        typer.echo(json.dumps([_plain(row) for row in found], ensure_ascii=False, indent=1))
        return
    for row in found:
        typer.echo(printable(_line(row)))
    if not found:
        typer.echo("There was no run yet. Begin with: ugc import FILE…")
