"""`ugc group`: groups the mentions into concrete reasons."""

from __future__ import annotations

import json
from dataclasses import asdict
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from ugc.grouping import GroupSummary
    from ugc.lake import Lake

app = typer.Typer(add_completion=False, rich_markup_mode=None)

__all__ = ["run", "say"]


def say(summary: GroupSummary) -> None:
    """The summary for a person."""
    if not summary.mentions and not summary.without_vector:
        typer.echo("Nothing to group: there are no mentions yet. Read reviews with: ugc tag")
        return
    if not summary.looked_at:
        typer.echo(f"Nothing new to group. Reasons: {summary.reasons:,}.")
    else:
        changed = f"opened {summary.opened:,}, merged {summary.merged:,}"
        typer.echo(
            f"Grouped {summary.looked_at:,} mentions in {summary.seconds:.1f} s: "
            f"{summary.reasons:,} reasons ({changed})."
        )
    share = summary.share_unassigned
    if share is not None:
        typer.echo(f"In no reason: {share:.0%} of {summary.mentions:,} mentions.")
    if summary.without_vector:
        typer.echo(f"Without a vector, and so not grouped: {summary.without_vector:,}. See ugc group --help.")


def run(lake: Lake, *, again: bool = False, quiet: bool = False) -> GroupSummary:
    """Groups with a bar on the error stream; a key that stops it ends the program with code 130."""
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn

    from ugc.grouping import group_lake

    bar = Progress(
        TextColumn("Grouping"),
        BarColumn(),
        MofNCompleteColumn(),
        console=Console(stderr=True),
        disable=quiet,
    )
    with bar:
        task = bar.add_task("group", total=None, visible=False)

        def advance(done: int, total: int) -> None:
            bar.update(task, completed=done, total=total, visible=True)

        try:
            return group_lake(lake, again=again, progress=advance)
        except KeyboardInterrupt:
            bar.stop()
            typer.echo("Stopped; what was grouped is kept. Go on with: ugc group", err=True)
            raise typer.Exit(130) from None


@app.command()
def group(
    anew: Annotated[
        bool,
        typer.Option("--anew", help="Group all mentions from scratch; reasons found again keep their id."),
    ] = False,
    lake: Annotated[str | None, typer.Option(help="Address of the lake.")] = None,
    json_: Annotated[bool, typer.Option("--json", help="Print the summary as JSON.")] = False,
) -> None:
    """Group mentions that say the same into reasons; may be stopped and run again.

    Mentions go to the reasons that there are, or open new ones; old ones stay where they are. Mentions
    of a lake that an earlier version tagged, and those that a person added, are read once more by the
    model for their vectors.
    """
    from ugc import settings
    from ugc.lake import Lake

    chosen = settings.load()
    opened = Lake.open(lake or chosen.lake, create=False)
    _add_vectors(opened)
    summary = run(opened, again=anew, quiet=json_)
    if json_:
        said = asdict(summary) | {"share_unassigned": summary.share_unassigned}
        typer.echo(json.dumps(said, ensure_ascii=False))
    else:
        say(summary)


def _add_vectors(lake: Lake) -> None:
    """Reads the vectors that lack, with the model that tagged; the model is opened only if some do."""
    from ugc import settings

    with lake.snapshot() as snapshot:
        models = snapshot.sql("SELECT DISTINCT model FROM tags ORDER BY 1").column(0).to_pylist()
    if not any(lake.unvectored(model, 1).num_rows for model in models):
        return
    from models.tagger import Tagger
    from ugc.tagging import add_vectors

    chosen = settings.load()
    add_vectors(lake, Tagger.load(chosen.model, threads=chosen.threads, profile=chosen.profile))
