"""`ugc eval`: how well the model reads labelled reviews, beside its peers."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from ugc.errors import InputError

if TYPE_CHECKING:
    from models.evaluation.answers import Reader
    from models.labelled import Labelled
    from models.tagger import Tagger

app = typer.Typer(add_completion=False, rich_markup_mode=None)

_STDOUT = Path("-")


def _trained_on(manifest: dict[str, Any]) -> str:
    """One line on what a bundle was trained on."""
    training = manifest["training"]
    languages = ", ".join(f"{name} {n}" for name, n in training["by_language"].items())
    texts = sum(training["sets"].values())
    return f"trained on {training['labelled']} labelled reviews ({languages}) and {texts} texts in all"


def _reviews(file: Path, held_out: bool) -> list[Labelled]:
    """The reviews to score; `InputError` when there are none."""
    from models.labelled import read_labelled, residue

    reviews = read_labelled(file)
    if held_out:
        reviews = [review for review in reviews if residue(review.text) == 0]
        if not reviews:
            raise InputError(
                f"No review of {file.name} falls to the held-out tenth.",
                "Leave --held-out out to score them all.",
            )
    return reviews


def _taggers(model: Path | None, profile: str, beside: list[Path], threads: int | None) -> dict[str, Tagger]:
    """The model and the bundles beside it, by the names of their columns."""
    from models.evaluation.measure import MODEL
    from models.tagger import Tagger

    found = {MODEL: Tagger.load(model, threads=threads, profile=profile)}
    for folder in beside:
        one = Tagger.load(folder, threads=threads)
        name = one.version.split("@")[0]
        found[one.version if name in found else name] = one
    return found


def _leaks(reviews: list[Labelled], taggers: Mapping[str, Tagger]) -> dict[str, list[Labelled]]:
    """Reviews that each bundle was trained on, with a warning about each."""
    from models.evaluation.measure import MODEL
    from models.evaluation.score import leaked

    found = {name: leaked(reviews, one.bundle.training_texts()) for name, one in taggers.items()}
    for name, seen in found.items():
        if seen:
            whose = "its training set" if name == MODEL else f"the training set of {name}"
            typer.echo(
                f"Warning: {len(seen)} of {len(reviews)} texts were in {whose} ({seen[0].id} …); "
                "the figures flatter it. Use --held-out, --skip-leaked or other reviews.",
                err=True,
            )
    return found


def _without(reviews: list[Labelled], leaks: Mapping[str, list[Labelled]]) -> list[Labelled]:
    """The reviews that no compared bundle was trained on; `InputError` when none is left."""
    known = {review.text for seen in leaks.values() for review in seen}
    kept = [review for review in reviews if review.text not in known]
    if not kept:
        raise InputError(
            "Every text was in a training set.", "Take other reviews, or leave --skip-leaked out."
        )
    return kept


@app.command(name="eval")
def evaluate(
    file: Annotated[Path, typer.Argument(help="Labelled reviews, JSON lines in the format of the guide.")],
    model: Annotated[
        Path | None, typer.Option(envvar="UGC_MODEL", help="Model bundle; the one in use by default.")
    ] = None,
    profile: Annotated[str, typer.Option(help="Profile of the bundle that reads.")] = "default",
    json_file: Annotated[
        Path | None,
        typer.Option("--json", help="Write everything to this JSON file; '-' prints it and nothing else."),
    ] = None,
    held_out: Annotated[
        bool, typer.Option("--held-out", help="Score only the tenth held out by hash of the text.")
    ] = False,
    labels: Annotated[
        Path | None, typer.Option(help="Labels to train the TF-IDF baseline on, shown beside.")
    ] = None,
    beside: Annotated[
        list[Path] | None, typer.Option(help="Another bundle to score beside it; may be repeated.")
    ] = None,
    skip_leaked: Annotated[
        bool, typer.Option("--skip-leaked", help="Leave out texts that a compared bundle was trained on.")
    ] = False,
    profiles: Annotated[
        bool, typer.Option("--profiles", help="Score the other profiles of the bundle beside it.")
    ] = False,
    public: Annotated[
        Path | None, typer.Option(help="Folder of the public sets, to score on their held-out texts too.")
    ] = None,
    full: Annotated[
        bool, typer.Option("--full", help="Also print the confusion of contact and the calibration by bin.")
    ] = False,
    threads: Annotated[int | None, typer.Option(min=1, help="Cores to use; all when not given.")] = None,
) -> None:
    """Score the model on labelled reviews, beside its peers, by language, business and theme.

    A lexicon of the themes is always shown beside the model; TF-IDF with logistic regression where
    --labels gives it something to learn from; other bundles by --beside.
    """
    from models.evaluation.answers import TaggerReader
    from models.evaluation.lexicon import Lexicon
    from models.evaluation.measure import BASELINE, LEXICON, MODEL, PROFILE, baseline_for, measure
    from models.evaluation.tables import public_lines, report_lines
    from models.labelled import read_labelled
    from models.tagger import Tagger
    from ugc import settings

    model = model or settings.load().model
    reviews = _reviews(file, held_out)
    taggers = _taggers(model, profile, beside or [], threads)
    leaks = _leaks(reviews, taggers)
    kept = _without(reviews, leaks) if skip_leaked else reviews
    readers: dict[str, Reader] = {MODEL: TaggerReader(taggers[MODEL])}
    if labels is not None:
        readers[BASELINE] = baseline_for(kept, read_labelled(labels))
    readers[LEXICON] = Lexicon()
    readers |= {name: TaggerReader(one) for name, one in taggers.items() if name != MODEL}
    for other in taggers[MODEL].bundle.profiles if profiles else ():
        if other != profile:
            own = Tagger.load(model, threads=threads, profile=other)
            readers[PROFILE + other] = TaggerReader(own)
    found = measure(kept, readers)
    manifest = taggers[MODEL].bundle.manifest
    written: dict[str, Any] = {
        "model": taggers[MODEL].version,
        "file": file.name,
        "held_out": held_out,
        "n": len(kept),
        "left_out": len(reviews) - len(kept),
        "training": manifest["training"],
        "in_training_set": [review.id for review in leaks[MODEL]],
        "leaked": {name: len(seen) for name, seen in leaks.items()},
        **found,
    }
    if public is not None:
        from models.evaluation.public_scores import measure_public

        trained = [one.bundle.training_texts() for one in taggers.values()]
        known = {name: reader for name, reader in readers.items() if name != BASELINE}
        written["public"] = measure_public(public, known, trained)
    text = json.dumps(written, ensure_ascii=False, indent=1)
    if json_file == _STDOUT:
        typer.echo(text)
        return
    typer.echo(f"{taggers[MODEL].version}: {_trained_on(manifest)}.")
    if len(kept) < len(reviews):
        typer.echo(f"{len(reviews) - len(kept)} texts that were trained on are left out.")
    for line in report_lines(found, full=full):
        typer.echo(line)
    for line in public_lines(written.get("public", {})):
        typer.echo(line)
    if json_file is not None:
        json_file.parent.mkdir(parents=True, exist_ok=True)
        json_file.write_text(text + "\n", encoding="utf-8")
