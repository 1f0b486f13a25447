"""`ugc collect`: public reviews from their sites into the lake."""

from __future__ import annotations

import json
from datetime import datetime
from typing import TYPE_CHECKING, Annotated, Any

import typer

from ugc.errors import InputError

if TYPE_CHECKING:
    from ugc.ingest.collect import Collection, Job
    from ugc.settings import CollectSettings

app = typer.Typer(add_completion=False, rich_markup_mode=None)

_FAILED, _PARTIAL = 1, 3


@app.command()
def collect(
    source: Annotated[
        str | None,
        typer.Argument(help="Name of the site (ugc sources lists them), or the address of a page of it."),
    ] = None,
    target: Annotated[
        str | None, typer.Argument(help="What to read there, e.g. the company's code; none for an address.")
    ] = None,
    everything: Annotated[
        bool, typer.Option("--all", help="Collect all [[collect]] entries of ugc.toml.")
    ] = False,
    since: Annotated[
        datetime | None, typer.Option(formats=["%Y-%m-%d"], help="Stop at reviews older than this day.")
    ] = None,
    limit: Annotated[int | None, typer.Option(min=1, help="Stop after this many reviews.")] = None,
    company: Annotated[str | None, typer.Option(help="Name of the company, where the site has none.")] = None,
    replay: Annotated[
        bool,
        typer.Option(
            "--replay",
            help="Keep every page as it came, names of people included, for ugc reparse to read again.",
        ),
    ] = False,
    lake: Annotated[str | None, typer.Option(help="Address of the lake.")] = None,
    json_: Annotated[bool, typer.Option("--json", help="Print the outcome as JSON.")] = False,
) -> None:
    """Collect public reviews, side by side where there are several targets.

    Each run ends complete (exit code 0), partial (3: some came, or the limit was reached) or failed
    (1: none came); ugc runs shows them again. What is new is read, and what may still have been
    answered or edited; a run that broke off goes on.
    """
    from ugc import settings
    from ugc.cli.progress import Lines, outcome
    from ugc.ingest.collect import collect_all
    from ugc.lake import Lake

    chosen = settings.load()
    if everything:
        if source is not None:
            raise InputError("--all takes no source.", "Leave one of the two out.")
        jobs = [_entry(entry, since, limit) for entry in chosen.collect]
        if not jobs:
            raise InputError(
                "ugc.toml has no [[collect]] entries.", "Add some; docs/how-to/collect.md shows how."
            )
    else:
        jobs = [_job(source, target, since, limit, company)]
    with Lines() as lines:
        try:
            runs = collect_all(
                Lake.open(lake or chosen.lake), jobs, settings=chosen, replay=replay, progress=lines.show
            )
        except KeyboardInterrupt:
            typer.echo("Stopped; what was read is kept. The same command goes on from there.", err=True)
            raise typer.Exit(130) from None
    if json_:
        typer.echo(json.dumps([_plain(run) for run in runs], ensure_ascii=False, indent=1))
    else:
        for run in runs:
            typer.echo(outcome(run))
            if run.reason:
                typer.echo(f"  {run.reason}", err=True)
    raise typer.Exit(_exit_code(runs))


def _job(
    source: str | None,
    target: str | None,
    since: datetime | None,
    limit: int | None,
    company: str | None,
) -> Job:
    """What the arguments ask for; `InputError` when they name no source with a target."""
    from scrapers.registry import get, recognise
    from ugc.ingest.collect import Job

    if source is None:
        raise InputError(
            "Nothing to collect is named.",
            "Name a source and what to read there, an address, or --all. See: ugc sources",
        )
    if target is None:
        if "://" not in source:
            found = get(source)
            raise InputError(
                f"What to read at {found.title} is missing: it takes {found.target}.",
                f"For instance: {found.example}",
            )
        site, target = recognise(source)
    else:
        site = get(source)
    return Job(site, target, company, since.date() if since else None, limit)


def _entry(entry: CollectSettings, since: datetime | None, limit: int | None) -> Job:
    """An entry of the settings; options of the command line win."""
    from scrapers.registry import get, recognise
    from ugc.ingest.collect import Job

    if entry.url is not None:
        site, target = recognise(entry.url)
    else:
        site, target = get(str(entry.source)), str(entry.target)
    return Job(site, target, entry.company, since.date() if since else entry.since, limit or entry.limit)


def _plain(run: Collection) -> dict[str, Any]:
    """One outcome as a JSON object."""
    return {
        "source": run.source,
        "target": run.target,
        "state": run.state,
        "reason": run.reason or None,
        "pages": run.pages,
        "reviews": run.read,
        "total": run.total,
        **run.summary.as_json(),
    }


def _exit_code(runs: list[Collection]) -> int:
    """0 when all are complete, 1 when all failed, else 3."""
    states = {run.state for run in runs}
    if states == {"complete"}:
        return 0
    return _FAILED if states == {"failed"} else _PARTIAL
