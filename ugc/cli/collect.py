"""`ugc collect`: public reviews from a site into the lake."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from ugc.ingest.collect import Collection

app = typer.Typer(add_completion=False, rich_markup_mode=None)

_EXIT = {"complete": 0, "partial": 3, "failed": 1}


def _line(run: Collection) -> str:
    """One line on how far a collection has come."""
    found = run.summary
    return (
        f"{run.source} {run.target}: {run.pages} pages, {found.rows} reviews, "
        f"{found.new} new, {found.changed} changed"
    )


@app.command()
def collect(
    source: Annotated[str, typer.Argument(help="Name of the site; `ugc sources` lists them.")],
    target: Annotated[str, typer.Argument(help="What to read there, e.g. the company's code.")],
    since: Annotated[
        datetime | None, typer.Option(formats=["%Y-%m-%d"], help="Stop at reviews older than this day.")
    ] = None,
    limit: Annotated[int | None, typer.Option(min=1, help="Stop after this many reviews.")] = None,
    company: Annotated[str | None, typer.Option(help="Name of the company, where the site has none.")] = None,
    lake: Annotated[str | None, typer.Option(help="Address of the lake.")] = None,
) -> None:
    """Collect public reviews; ends complete (exit code 0), partial (3) or failed (1)."""
    from scrapers.registry import get
    from ugc import settings
    from ugc.ingest.collect import collect as run_collection
    from ugc.lake import Lake

    chosen = settings.load()
    found = get(source)
    run = run_collection(
        Lake.open(lake or chosen.lake),
        found,
        target,
        settings=chosen,
        since=since.date() if since else None,
        limit=limit,
        company=company,
        progress=lambda so_far: typer.echo(_line(so_far), err=True),
    )
    first, last = run.summary.first, run.summary.last
    span = f", written {first:%Y-%m-%d} to {last:%Y-%m-%d}" if first and last else ""
    typer.echo(f"{run.state}: {_line(run)}{span}")
    if run.reason:
        typer.echo(run.reason, err=True)
    raise typer.Exit(_EXIT[run.state])
