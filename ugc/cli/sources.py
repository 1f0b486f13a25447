"""`ugc sources`: the review sites that can be collected, what each needs and leaves out."""

from __future__ import annotations

import json
from typing import Annotated

import typer

app = typer.Typer(add_completion=False, rich_markup_mode=None)


@app.command()
def sources(
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
) -> None:
    """List the review sites that can be collected: what they need, their limits, an example."""
    from scrapers.registry import SOURCES

    fields = ("name", "title", "needs", "target", "limits", "example")
    rows = [{field: getattr(source, field) for field in fields} for source in SOURCES.values()]
    if as_json:
        typer.echo(json.dumps(rows, ensure_ascii=False, indent=2))
        return
    for row in rows:
        typer.echo(f"{row['name']} ({row['title']})")
        for field in fields[2:]:
            typer.echo(f"  {field:8} {row[field]}")
