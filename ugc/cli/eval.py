"""`ugc eval`: scores of the model on labelled reviews."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from ugc.errors import InputError

if TYPE_CHECKING:
    from models.evaluation.score import Figures

app = typer.Typer(add_completion=False, rich_markup_mode=None)

_TO_BEAT = "TF-IDF + LR"


def _cell(value: float | int | None) -> str:
    """A figure as it is printed; nothing to measure is a dash."""
    if value is None:
        return "–"
    return str(value) if isinstance(value, int) else f"{value:.3f}"


def _print_table(columns: dict[str, Figures]) -> None:
    """Prints one column a name, one row a figure."""
    from models.evaluation.score import FIGURES

    width = max(8, *(len(name) + 2 for name in columns))
    typer.echo(" " * 26 + "".join(f"{name:>{width}}" for name in columns))
    for figure in FIGURES:
        typer.echo(f"{figure:26}" + "".join(f"{_cell(columns[c].get(figure)):>{width}}" for c in columns))


def _trained_on(manifest: dict[str, Any]) -> str:
    """One line on what a bundle was trained on."""
    training = manifest["training"]
    languages = ", ".join(f"{name} {n}" for name, n in training["by_language"].items())
    texts = sum(training["sets"].values())
    return f"trained on {training['labelled']} labelled reviews ({languages}) and {texts} texts in all"


@app.command(name="eval")
def evaluate(
    file: Annotated[Path, typer.Argument(help="Labelled reviews, JSON lines in the format of the guide.")],
    model: Annotated[
        Path | None, typer.Option(envvar="UGC_MODEL", help="Model bundle; the shipped one by default.")
    ] = None,
    json_file: Annotated[
        Path | None, typer.Option("--json", help="Write all figures to this JSON file.")
    ] = None,
    held_out: Annotated[
        bool, typer.Option("--held-out", help="Score only the tenth held out by hash of the text.")
    ] = False,
    labels: Annotated[
        Path | None, typer.Option(help="Labels to train the TF-IDF baseline on, printed beside.")
    ] = None,
    threads: Annotated[int | None, typer.Option(min=1, help="Cores to use; all when not given.")] = None,
) -> None:
    """Score the model on labelled reviews, per language and overall."""
    from models.evaluation.score import leaked, score_by_language
    from models.labelled import read_labelled, residue
    from models.tagger import Tagger

    reviews = read_labelled(file)
    if held_out:
        reviews = [review for review in reviews if residue(review.text) == 0]
        if not reviews:
            raise InputError(
                f"No review of {file.name} falls to the held-out tenth.",
                "Leave --held-out out to score them all.",
            )
    tagger = Tagger.load(model, threads=threads)
    manifest = tagger.bundle.manifest
    typer.echo(f"{tagger.version}: {_trained_on(manifest)}.")
    seen = leaked(reviews, tagger.bundle.training_texts())
    if seen:
        typer.echo(
            f"Warning: {len(seen)} of {len(reviews)} texts were in its training set ({seen[0].id} …); "
            "the figures flatter it. Use --held-out or other reviews.",
            err=True,
        )
    tags = tagger.tag([review.text for review in reviews], [review.language for review in reviews])
    figures = score_by_language(reviews, tags)
    columns = {"all": figures["all"]}
    baseline: dict[str, Figures] | None = None
    if labels is not None:
        from models.evaluation.baseline import Baseline

        theirs = {review.text for review in reviews}
        others = [review for review in read_labelled(labels) if review.text not in theirs]
        baseline = score_by_language(reviews, Baseline(others).tag(reviews))
        columns[_TO_BEAT] = baseline["all"]
    columns |= {name: own for name, own in figures.items() if name != "all"}
    _print_table(columns)
    if json_file is not None:
        written = {
            "model": tagger.version,
            "file": file.name,
            "held_out": held_out,
            "training": manifest["training"],
            "in_training_set": [review.id for review in seen],
            "figures": figures,
            "baseline": baseline,
        }
        json_file.parent.mkdir(parents=True, exist_ok=True)
        json_file.write_text(json.dumps(written, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
