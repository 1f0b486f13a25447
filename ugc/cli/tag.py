"""`ugc tag`: reads untagged reviews with the model."""

from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from ugc.tagging import TagSummary

app = typer.Typer(add_completion=False, rich_markup_mode=None)


def _span(seconds: float) -> str:
    """A length of time in words."""
    minutes, rest = divmod(round(seconds), 60)
    return f"{minutes} min {rest} s" if minutes else f"{seconds:.1f} s"


def _say(summary: TagSummary) -> None:
    """The summary for a person."""
    if summary.run is None:
        typer.echo(f"Nothing to do: every review has tags by {summary.model}.")
        return
    rate = summary.tagged / summary.seconds if summary.seconds else 0.0
    typer.echo(
        f"Tagged {summary.tagged:,} reviews in {_span(summary.seconds)} ({rate:.0f} a second) "
        f"with {summary.model}."
    )
    typer.echo(f"Mentions: {summary.mentions:,}.")
    if summary.untaggable:
        reasons = ", ".join(f"{reason} {number:,}" for reason, number in summary.untaggable.items())
        typer.echo(f"Not readable: {reasons}.")
    if summary.left:
        typer.echo(f"Left untagged: {summary.left:,}. Go on with: ugc tag")
    else:
        typer.echo("See the reasons with: ugc reasons, or the dashboard with: ugc app")


@app.command()
def tag(
    limit: Annotated[int | None, typer.Option(min=1, help="Read at most this many reviews.")] = None,
    model: Annotated[Path | None, typer.Option(help="Folder of the model bundle.")] = None,
    batch_size: Annotated[int, typer.Option(min=1, max=10_000, help="Reviews in one commit.")] = 256,
    lake: Annotated[str | None, typer.Option(help="Address of the lake.")] = None,
    json_: Annotated[bool, typer.Option("--json", help="Print the summary as JSON.")] = False,
) -> None:
    """Read untagged reviews with the model, the newest first; may be stopped and run again."""
    from rich.console import Console
    from rich.progress import (
        BarColumn,
        MofNCompleteColumn,
        Progress,
        TextColumn,
        TimeRemainingColumn,
    )

    from models.tagger import Tagger
    from ugc import settings
    from ugc.lake import Lake
    from ugc.tagging import tag_lake

    chosen = settings.load()
    opened = Lake.open(lake or chosen.lake, create=False)
    tagger = Tagger.load(model or chosen.model, threads=chosen.threads)
    bar = Progress(
        TextColumn("Tagging"),
        BarColumn(),
        MofNCompleteColumn(),
        TextColumn("{task.fields[rate]}"),
        TimeRemainingColumn(),
        console=Console(stderr=True),
        disable=json_,
    )
    with bar:
        task = bar.add_task("tag", total=None, rate="", visible=False)

        def advance(done: int, total: int) -> None:
            speed = bar.tasks[0].speed
            rate = f"{speed:.0f}/s" if speed else ""
            bar.update(task, completed=done, total=total, rate=rate, visible=True)

        try:
            summary = tag_lake(opened, tagger, batch_size=batch_size, limit=limit, progress=advance)
        except KeyboardInterrupt:
            bar.stop()
            typer.echo("Stopped; what was read is kept. Go on with: ugc tag", err=True)
            raise typer.Exit(130) from None
    if json_:
        typer.echo(json.dumps(asdict(summary), ensure_ascii=False))
    else:
        _say(summary)
