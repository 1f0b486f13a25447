"""`ugc models`: lists, chooses and compares bundles."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from ugc.errors import InputError

if TYPE_CHECKING:
    from models.evaluation.bootstrap import Difference
    from models.evaluation.score import Figures
    from models.labelled import Labelled
    from models.library import Library, Shelved
    from models.tagger import Tagger

app = typer.Typer(add_completion=False, rich_markup_mode=None, no_args_is_help=True)

_KEY_FIGURES = ("theme+polarity micro-F1", "sentiment accuracy")


@app.callback()
def _models() -> None:
    """List, choose and compare models: the shipped one and your own, side by side."""


def _library() -> tuple[Library, Path]:
    """The user's bundles, and the folder of the bundle that is used now."""
    from models import DEFAULT_BUNDLE
    from models.library import Library
    from ugc import settings

    chosen = settings.load()
    return Library(chosen.models_folder), chosen.model or DEFAULT_BUNDLE


def _row(one: Shelved, in_use: Path) -> dict[str, Any]:
    """What `list` tells of one bundle."""
    from models.library import size_of

    row: dict[str, Any] = {
        "name": one.name,
        "in_use": one.folder.resolve() == in_use.resolve(),
        "folder": str(one.folder),
        "wrong": one.wrong or None,
    }
    if one.bundle is None:
        return row
    manifest = one.bundle.manifest
    training = manifest.get("training", {})
    figures = manifest.get("measured", {}).get("held_out", {}).get("model", {}).get("all", {})
    return row | {
        "version": one.bundle.version,
        "made": training.get("made"),
        "languages": manifest["languages"],
        "labelled": training.get("labelled"),
        "corrections": training.get("corrections", 0),
        "started_from": training.get("started_from"),
        "size": size_of(one.folder),
        "measured_on": {"reviews": figures["n"], "of": training.get("file") or None} if figures else None,
        "figures": {name: figures.get(name) for name in _KEY_FIGURES} if figures else {},
    }


def _told(row: dict[str, Any]) -> list[str]:
    """The lines on one bundle for a person."""
    mark = "*" if row["in_use"] else " "
    if row["wrong"]:
        return [f"{mark} {row['name']}", f"    cannot be used: {row['wrong']}"]
    title = row["name"] if row["name"] == row["version"] else f"{row['name']} ({row['version']})"
    trained = f"{row['labelled']:,} labelled reviews" if row["labelled"] is not None else "unknown reviews"
    if row["corrections"]:
        trained += f", {row['corrections']:,} corrections"
    lines = [
        f"{mark} {title}",
        f"    made {row['made'] or '–'}, {', '.join(row['languages'])}, {row['size'] / 1e6:.1f} MB",
        f"    trained on {trained}" + (f", from {row['started_from']}" if row["started_from"] else ""),
    ]
    if row["measured_on"]:
        figures = ", ".join(
            f"{name} {'–' if value is None else format(value, '.3f')}"
            for name, value in row["figures"].items()
        )
        of = f"of {row['measured_on']['of']}" if row["measured_on"]["of"] else "of its own labels"
        lines.append(f"    {figures}; on {row['measured_on']['reviews']} held-out reviews {of}")
    else:
        lines.append("    not measured")
    return lines


@app.command(name="list")
def list_models(
    json_: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
) -> None:
    """List the shipped model and your own, with what they were trained and measured on.

    A star marks the one in use. Figures measured on different reviews cannot be compared: use ugc
    models compare.
    """
    from models.library import Shelved
    from ugc.insight.choice.display import printable

    library, in_use = _library()
    found = library.all()
    if in_use.resolve() not in [one.folder.resolve() for one in found]:
        from models.bundle import open_bundle
        from ugc.errors import ModelError

        try:
            bundle = open_bundle(in_use)
            found.append(Shelved(bundle.version, in_use, bundle))
        except ModelError as error:
            found.append(Shelved(in_use.name, in_use, None, error.what))
    rows = [_row(one, in_use) for one in found]
    if json_:
        typer.echo(json.dumps({"folder": str(library.folder), "models": rows}, ensure_ascii=False, indent=1))
        return
    for row in rows:
        for line in _told(row):
            typer.echo(printable(line))
    typer.echo(f"\nYour own lie in {library.folder}. Choose one with: ugc models use NAME")


@app.command()
def use(
    name: Annotated[str, typer.Argument(help="A version as ugc models list shows it, or: default")],
) -> None:
    """Choose the model that reads reviews from now on, or go back to the shipped one with: default."""
    library, _ = _library()
    chosen = library.use(name)
    version = chosen.bundle.version if chosen.bundle else chosen.name
    now = _library()[1]
    if now.resolve() != chosen.folder.resolve():
        typer.echo(f"{version} is chosen, but UGC_MODEL or ugc.toml names {now}, which goes before it.")
        typer.echo("Take that entry out to use the chosen one.")
        return
    typer.echo(f"{version} is in use.")
    typer.echo("Tags made by another version are not current: read the reviews again with: ugc tag")


def _warn_of_leaks(tagger: Tagger, reviews: list[Labelled]) -> list[str]:
    """Ids of reviews that a model was trained on; says so."""
    from models.evaluation.score import leaked

    seen = leaked(reviews, tagger.bundle.training_texts())
    if seen:
        typer.echo(
            f"Warning: {len(seen)} of {len(reviews)} texts were in the training set of {tagger.version} "
            f"({seen[0].id} …); the figures flatter it. Use --held-out or other reviews.",
            err=True,
        )
    return [review.id for review in seen]


def _cell(value: float | int | None) -> str:
    """A figure as it is printed; nothing to measure is a dash."""
    if value is None:
        return "–"
    return str(value) if isinstance(value, int) else f"{value:.3f}"


def _print_table(names: tuple[str, str], figures: list[Figures], found: dict[str, Difference]) -> None:
    """Prints both columns, the difference of the second to the first, and its interval where it has one."""
    from models.evaluation.score import FIGURES

    width = max(10, *(len(name) + 2 for name in names))
    typer.echo(
        " " * 26 + "".join(f"{name:>{width}}" for name in names) + f"{'difference':>13}  95 % interval"
    )
    for figure in FIGURES:
        first, second = (own.get(figure) for own in figures)
        line = f"{figure:26}{_cell(first):>{width}}{_cell(second):>{width}}"
        if figure != "n" and first is not None and second is not None:
            line += f"{second - first:>+13.3f}"
        one = found.get(figure)
        if one is not None:
            line += f"  {one.low:+.3f} … {one.high:+.3f}{' *' if one.sure else ''}"
        typer.echo(line)
    typer.echo("\nDifferences are the second minus the first. * the interval leaves zero out.")


@app.command()
def compare(
    first: Annotated[str, typer.Argument(help="A version, default, or the folder of a bundle.")],
    second: Annotated[str, typer.Argument(help="Another one.")],
    labels: Annotated[Path, typer.Option(help="Labelled reviews, JSON lines in the format of the guide.")],
    held_out: Annotated[
        bool, typer.Option("--held-out", help="Score only the tenth held out by hash of the text.")
    ] = False,
    threads: Annotated[int | None, typer.Option(min=1, help="Cores to use; all when not given.")] = None,
    json_: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
) -> None:
    """Score two models on the same reviews, with the paired bootstrap interval of each difference."""
    from models.evaluation.score import score_by_language
    from models.evaluation.verdict import differences
    from models.labelled import read_labelled, residue
    from models.tagger import Tagger

    library, _ = _library()
    folders = [library.find(name).folder for name in (first, second)]
    reviews = read_labelled(labels)
    if held_out:
        reviews = [review for review in reviews if residue(review.text) == 0]
        if not reviews:
            raise InputError(
                f"No review of {labels.name} falls to the held-out tenth.",
                "Leave --held-out out to score them all.",
            )
    taggers = [Tagger.load(folder, threads=threads) for folder in folders]
    leaks = [_warn_of_leaks(tagger, reviews) for tagger in taggers]
    texts, languages = [review.text for review in reviews], [review.language for review in reviews]
    tags = [tagger.tag(texts, languages) for tagger in taggers]
    figures = [score_by_language(reviews, own) for own in tags]
    found = differences(reviews, tags[1], tags[0])
    if json_:
        written = {
            "file": labels.name,
            "held_out": held_out,
            "models": [
                {"version": tagger.version, "in_training_set": seen, "figures": own}
                for tagger, seen, own in zip(taggers, leaks, figures, strict=True)
            ],
            "differences": {name: one.to_json() for name, one in found.items()},
        }
        typer.echo(json.dumps(written, ensure_ascii=False, indent=1))
        return
    _print_table((taggers[0].version, taggers[1].version), [own["all"] for own in figures], found)
