"""`ugc tag`: reads untagged reviews with the model."""

from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from ugc.errors import InputError

if TYPE_CHECKING:
    from models.tagger import Tagger
    from ugc.lake import Lake
    from ugc.settings import HubSettings
    from ugc.tagging import Reader, TagSummary

app = typer.Typer(add_completion=False, rich_markup_mode=None)


def _span(seconds: float) -> str:
    """A length of time in words."""
    minutes, rest = divmod(round(seconds), 60)
    return f"{minutes} min {rest} s" if minutes else f"{seconds:.1f} s"


def _say(summary: TagSummary, known: frozenset[str]) -> None:
    """The summary for a person; languages that the model does not know are counted apart."""
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
    foreign = [f"{name} {n:,}" for name, n in summary.languages.items() if name not in known]
    if foreign:
        typer.echo(
            "Read with lower confidence, in languages that the model was not trained on "
            f"(und: too little text to tell): {', '.join(foreign)}."
        )
    if summary.left:
        typer.echo(f"Left untagged: {summary.left:,}. Go on with the same command.")
    else:
        typer.echo("See the reasons with: ugc reasons, or the dashboard with: ugc app")


def _with_hub(own: Tagger, hub: HubSettings, threads: int | None) -> Reader:
    """Our tagger, with models of the hub where they are named; says what these leave out."""
    if not hub.sentiment and not hub.emotion:
        if hub.labels:
            raise InputError(
                "Labels are given, but no model of the hub that they belong to.",
                "Name it by --sentiment-model or --emotion-model, or leave --labels out.",
            )
        return own
    from models.hub import HubTagger, read_meanings

    found = HubTagger(
        own,
        sentiment=hub.sentiment,
        emotion=hub.emotion,
        meanings=read_meanings(hub.labels) if hub.labels else (),
        threads=threads,
    )
    for note in found.notes:
        typer.echo(note, err=True)
    return found


def _by_examples(lake: Lake, tagger: Reader) -> int:
    """Mentions of themes that are found by their examples, in what was tagged since they were sought."""
    from ugc.tagging import VectorReader
    from ugc.theming import draw

    return draw(lake, tagger if isinstance(tagger, VectorReader) else None)


@app.command()
def tag(
    limit: Annotated[int | None, typer.Option(min=1, help="Read at most this many reviews.")] = None,
    model: Annotated[Path | None, typer.Option(help="Folder of the model bundle.")] = None,
    profile: Annotated[
        str | None,
        typer.Option(help="default reads best; fast reads about twice as quickly and a little less surely."),
    ] = None,
    sentiment_model: Annotated[
        str | None,
        typer.Option(
            metavar="NAME_OR_PATH",
            help="Text-classification model of the hub, or a folder with one, that reads sentiment in place "
            "of ours. With this or --emotion-model, the models in the settings are passed over.",
        ),
    ] = None,
    emotion_model: Annotated[
        str | None, typer.Option(metavar="NAME_OR_PATH", help="The same for emotions.")
    ] = None,
    labels: Annotated[
        str | None,
        typer.Option(
            help="What the labels of these models mean, where their names do not tell: "
            '"LABEL_0=negative,LABEL_1=positive", or a JSON or TOML file.'
        ),
    ] = None,
    group: Annotated[
        bool, typer.Option("--group/--no-group", help="Group the new mentions into reasons at the end.")
    ] = True,
    batch_size: Annotated[int, typer.Option(min=1, max=10_000, help="Reviews in one commit.")] = 256,
    lake: Annotated[str | None, typer.Option(help="Address of the lake.")] = None,
    json_: Annotated[bool, typer.Option("--json", help="Print the summary as JSON.")] = False,
) -> None:
    """Read untagged reviews with the model, the newest first; may be stopped and run again.

    Tags belong to the models that made them: with another model, or with other labels, all reviews
    are read again. Models of the hub need the extra `train` (torch, transformers).
    """
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
    hub = chosen.hub
    if sentiment_model is not None or emotion_model is not None:
        hub = settings.HubSettings(sentiment=sentiment_model, emotion=emotion_model, labels=labels)
    elif labels is not None:
        hub = hub.model_copy(update={"labels": labels})
    own = Tagger.load(model or chosen.model, threads=chosen.threads, profile=profile or chosen.profile)
    tagger = _with_hub(own, hub, chosen.threads)
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
            typer.echo("Stopped; what was read is kept. Go on with the same command.", err=True)
            raise typer.Exit(130) from None
    if not json_:
        _say(summary, own.languages)
    found = _by_examples(opened, tagger)
    if found and not json_:
        typer.echo(f"Found by the examples of themes: {found:,} mentions.")
    grouped = None
    if group:
        from ugc.cli.group import run, say

        grouped = run(opened, quiet=json_)
        if not json_ and grouped.looked_at:
            say(grouped)
    if json_:
        said = asdict(summary) | {"by_examples": found} | ({"grouped": asdict(grouped)} if grouped else {})
        typer.echo(json.dumps(said, ensure_ascii=False))
