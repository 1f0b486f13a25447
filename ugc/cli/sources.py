"""`ugc sources`: the review sites, what each needs, its limits, and how its last run ended."""

from __future__ import annotations

import json
import textwrap
from typing import TYPE_CHECKING, Annotated, Any

import typer

if TYPE_CHECKING:
    from scrapers.source import Source
    from ugc.settings import Settings

app = typer.Typer(add_completion=False, rich_markup_mode=None)

_WIDTH = 100
"""Columns of the list."""


def _last_runs(address: str) -> dict[str, dict[str, Any]]:
    """The last collection of each source that a lake knows; says so where it cannot be read."""
    from ugc.errors import LakeError
    from ugc.lake import Lake

    try:
        runs = Lake.open(address, create=False).runs().to_pylist()
    except LakeError as error:
        typer.echo(f"The last runs are not known: {error.what}", err=True)
        return {}
    found: dict[str, dict[str, Any]] = {}
    for run in runs:
        if run["kind"] == "collect":
            found.setdefault(run["source"], run)
    return found


def _needs(source: Source, settings: Settings) -> str:
    """What a user must have for a source, and whether it is there."""
    if not source.key:
        return source.needs
    entry = settings.sources.get(source.name)
    if entry is not None and entry.key is not None:
        return f"{source.needs}; it is set"
    return f"{source.needs}, in the variable UGC_SOURCES__{source.name.upper()}__KEY"


def _wrapped(field: str, text: str) -> str:
    """A field with its text, in lines that a terminal can show."""
    return textwrap.fill(
        text,
        _WIDTH,
        initial_indent=f"  {field:8} ",
        subsequent_indent=" " * 11,
        break_long_words=False,
        break_on_hyphens=False,
    )


def _state(run: dict[str, Any] | None) -> str:
    """How the last collection ended."""
    if run is None:
        return "never collected"
    when = run["finished_at"] or run["started_at"]
    reason = f": {run['reason']}" if run["reason"] else ""
    return f"{run['state']} on {when:%Y-%m-%d %H:%M} UTC ({run['target']}){reason}"


@app.command()
def sources(
    lake: Annotated[str | None, typer.Option(help="Address of the lake that knows the last runs.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
) -> None:
    """List the review sites: what they need, their limits, the last run, an example.

    After those that are collected come those that are read from pages you saved in a browser, and
    those that are left out, with the reason.
    """
    from scrapers.registry import LEFT_OUT, SAVED
    from scrapers.registry import sources as known
    from scrapers.source import limits_of
    from ugc import settings
    from ugc.insight.choice.display import printable

    chosen = settings.load()
    runs = _last_runs(lake or chosen.lake)
    rows = [
        {
            "name": source.name,
            "title": source.title,
            "needs": _needs(source, chosen),
            "target": source.target,
            "limits": limits_of(source),
            "last run": _state(runs.get(source.name)),
            "example": source.example,
        }
        for source in known().values()
    ]
    saved = [{"name": one.name, "title": one.title, "save": one.how, "why": one.why} for one in SAVED]
    if as_json:
        found = {"collected": rows, "saved pages": saved, "left out": LEFT_OUT}
        typer.echo(json.dumps(found, ensure_ascii=False, indent=1))
        return
    for row in rows:
        typer.echo(f"{row['name']} ({row['title']})")
        for field in ("needs", "target", "limits", "last run", "example"):
            typer.echo(_wrapped(field, printable(row[field])))
    if saved:
        typer.echo("\nRead from pages you saved in a browser: ugc import PAGE.html, or a folder of them")
        for one in saved:
            typer.echo(f"  {one['name']} ({one['title']}): {one['save']} {one['why']}")
    typer.echo("\nLeft out")
    for name, reason in LEFT_OUT.items():
        typer.echo(f"  {name}: {reason}")
