"""`ugc train`: a model bundle from a user's own reviews, or from an encoder and many labels."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal, cast

import typer

from ugc.errors import InputError, MissingExtra

if TYPE_CHECKING:
    from models.bundle import Bundle
    from models.corrected import Corrected
    from models.labelled import Labelled
    from ugc.cli.watch import Watch
    from ugc.settings import Settings

app = typer.Typer(add_completion=False, rich_markup_mode=None)


def _require_extra() -> None:
    """`MissingExtra` unless what training needs is installed."""
    from importlib.util import find_spec

    for package in ("torch", "transformers", "onnx", "safetensors"):
        if find_spec(package) is None:
            raise MissingExtra(package, "train")


@dataclass(frozen=True, slots=True)
class _Asked:
    """What the command was asked to do."""

    labels: Path | None
    corrected: list[Corrected]
    data: Path | None
    teacher: Path | None
    part: Literal["heads", "all"] | None
    epochs: int | None
    seed: int
    name: str
    version: str


@dataclass(frozen=True, slots=True)
class _Job:
    """A run that is ready to start: what tells it from others, its work, its held-out reviews."""

    key: str
    make: Callable[[Path, Any, Watch], dict[str, Any]]
    held_out: list[Labelled]
    corrected_held_out: list[Corrected]


def _start(base: str | None, chosen: Settings) -> Bundle | None:
    """The bundle to start from, or `None` when `--base` names an encoder."""
    from models import DEFAULT_BUNDLE
    from models.bundle import open_bundle

    if base is None:
        return open_bundle(chosen.model or DEFAULT_BUNDLE)
    folder = Path(base)
    return open_bundle(folder) if (folder / "manifest.json").is_file() else None


def _corrections(lake: str) -> list[Corrected]:
    """Corrected reviews of a lake; `InputError` when there is none."""
    from ugc.lake import Lake
    from ugc.tagging.corrected import read_corrected

    opened = Lake.open(lake, create=False)
    with opened.snapshot() as snapshot:
        found = read_corrected(snapshot)
    if not found:
        raise InputError(
            f"Nobody has corrected a review in {opened.address}.",
            "Correct some on the page Reviews of ugc app, or give labelled reviews by --labels.",
        )
    return found


def _exported(files: Sequence[Path]) -> list[Corrected]:
    """Corrected reviews of files; `InputError` for one that cannot be read or is none of ours."""
    from ugc.tagging.corrected_lines import read_lines

    found: list[Corrected] = []
    for file in files:
        try:
            found += read_lines(file.read_text(encoding="utf-8").splitlines())
        except (OSError, UnicodeDecodeError) as error:
            raise InputError(
                f"{file} cannot be read: {error}.", "Give a file as ugc export corrections writes it."
            ) from error
    return found


def _tuning(start: Bundle, asked: _Asked, say: Callable[[str], None]) -> _Job:
    """The job of training a bundle further."""
    from models.training.finetune import HEADS_UNDER, gather_own, key_of, part_for, plan_for, tune_bundle

    own = gather_own(asked.labels, asked.corrected)
    part = asked.part or part_for(own)
    plan = plan_for(part, asked.epochs, asked.seed)
    say(f"starting from {start.version}")
    if asked.part is None:
        n = len(own.splits.train) + len(own.corrected)
        why = (
            f"{n} reviews to train on are under {HEADS_UNDER:,}, and the encoder would learn them by heart"
            if part == "heads"
            else f"{n} reviews to train on are enough for the encoder too"
        )
        other = "all" if part == "heads" else "heads"
        what = "the heads" if part == "heads" else "encoder and heads"
        say(f"training {what}: {why} (--train {other} to change)")

    def make(out: Path, keeper: Any, watch: Watch) -> dict[str, Any]:
        return tune_bundle(
            start,
            own,
            out,
            plan,
            part=part,
            name=asked.name,
            version=asked.version,
            say=watch.say,
            keeper=keeper,
            tell=watch.tell,
        )

    return _Job(key_of(start, own, part, plan), make, own.splits.held_out, own.corrected_held_out)


def _making(base: str, asked: _Asked) -> _Job:
    """The job of training by the whole recipe: from an encoder, or with public sets."""
    from models.bundle import open_bundle
    from models.training.fit import Plan
    from models.training.material import gather
    from models.training.recipe import key_of, make_bundle

    if asked.labels is None or asked.corrected:
        raise InputError(
            "The whole recipe, from an encoder or with public sets, takes labelled reviews only.",
            "Give --labels and leave --corrections out, or leave --base and --data out.",
        )
    if asked.part == "heads":
        raise InputError("The whole recipe trains encoder and heads.", "Leave --train out.")
    plan = Plan(epochs=asked.epochs or Plan().epochs, seed=asked.seed)
    teacher = open_bundle(asked.teacher) if asked.teacher else None
    material = gather(asked.labels, asked.data, plan)

    def make(out: Path, keeper: Any, watch: Watch) -> dict[str, Any]:
        return make_bundle(
            material,
            base,
            out,
            plan,
            name=asked.name,
            version=asked.version,
            say=watch.say,
            teacher=teacher,
            keeper=keeper,
            tell=watch.tell,
        )

    return _Job(key_of(material, base, plan, teacher), make, material.splits.held_out, [])


@app.command()
def train(
    labels: Annotated[
        Path | None, typer.Option(help="Labelled reviews, JSON lines in the format of the guide.")
    ] = None,
    corrections: Annotated[
        bool, typer.Option("--corrections", help="Learn from the corrections in the lake.")
    ] = False,
    lake: Annotated[str | None, typer.Option(help="Address of the lake that holds the corrections.")] = None,
    corrected: Annotated[
        list[Path] | None,
        typer.Option(help="Corrections as ugc export corrections wrote them, of another lake; may repeat."),
    ] = None,
    part: Annotated[
        str | None,
        typer.Option(
            "--train", help="heads or all; heads by default while there are fewer than 2,000 reviews."
        ),
    ] = None,
    epochs: Annotated[
        int | None,
        typer.Option(min=1, help="Passes over the reviews: 6 of the heads, 2 of all, 6 of the whole recipe."),
    ] = None,
    out: Annotated[
        Path | None, typer.Option(help="Folder of the new bundle; by default it goes to the user's models.")
    ] = None,
    force: Annotated[
        bool, typer.Option("--force", help="Take the new bundle into use although the other is better.")
    ] = False,
    restart: Annotated[
        bool, typer.Option("--restart", help="Start anew instead of going on from a checkpoint.")
    ] = False,
    checkpoint: Annotated[
        float, typer.Option(min=0, help="Minutes between two checkpoints within an epoch.")
    ] = 2.0,
    base: Annotated[
        str | None,
        typer.Option(help="Start from this bundle, or from an encoder: folder or hub name."),
    ] = None,
    data: Annotated[
        Path | None, typer.Option(help="Folder of public sets to mix in: the whole recipe.")
    ] = None,
    teacher: Annotated[
        Path | None, typer.Option(help="With public sets: the bundle that reads their reviews.")
    ] = None,
    seed: Annotated[int, typer.Option(help="Seed of every random choice.")] = 20,
    name: Annotated[
        str | None, typer.Option(help="Name of the bundle; own by default, ugc from an encoder.")
    ] = None,
    version: Annotated[
        str | None,
        typer.Option("--bundle-version", help="Version of the bundle; the next number by default."),
    ] = None,
    threads: Annotated[int | None, typer.Option(min=1, help="Cores to use; all when not given.")] = None,
) -> None:
    """Train the model further on your own reviews, or a new one from an encoder.

    Needs the extra `train` (torch, transformers). Starts from the model in use. A run that was
    ended goes on with the same command. The new bundle is measured beside the one in use on the
    held-out tenth of the labels and taken into use unless it is worse; otherwise it is kept beside
    it and the exit code is 3.
    """
    _require_extra()
    if teacher is not None and data is None:
        raise InputError("A teacher reads public sets.", "Add --data FOLDER, or leave --teacher out.")
    if labels is None and not corrections and not corrected:
        raise InputError(
            "There is nothing to learn from.", "Give --labels FILE, --corrections or --corrected FILE."
        )
    if part not in (None, "heads", "all"):
        raise InputError(f"--train is {part!r}.", "It is heads or all.")
    import torch
    from transformers.utils.logging import disable_progress_bar

    from models import DEFAULT_BUNDLE
    from models.library import Library, check_name, check_place
    from models.tagger import Tagger
    from models.training.checkpoint import Keeper
    from ugc import settings
    from ugc.cli.outcome import Outcome, place_at, place_in_library
    from ugc.cli.watch import Watch

    disable_progress_bar()  # type: ignore[no-untyped-call]
    chosen = settings.load()
    threads = threads or chosen.threads
    if threads is not None:
        torch.set_num_threads(threads)
    library = Library(chosen.models_folder)
    start = _start(base, chosen)
    name = name or ("own" if start else "ugc")
    version = version or (library.next_version(name) if out is None else "1")
    check_name("name", name)
    check_name("version", version)
    if out is not None:
        out = out.expanduser().absolute()
        check_place(out)
    with Watch() as watch:
        asked = _Asked(
            labels,
            [*(_corrections(lake or chosen.lake) if corrections else ()), *_exported(corrected or ())],
            data,
            teacher,
            cast('Literal["heads", "all"] | None', part),
            epochs,
            seed,
            name,
            version,
        )
        if start is None or data is not None:
            job = _making(str(start.folder) if start else str(base), asked)
        else:
            job = _tuning(start, asked, watch.say)
        place = out or library.folder / f"{name}-{version}"
        making = place.with_name(place.name + ".making")
        keeper = Keeper(making / "checkpoint.pt", job.key, watch.say, every=checkpoint * 60, restart=restart)
        try:
            made = job.make(making / "bundle", keeper, watch)
        except KeyboardInterrupt:
            watch.__exit__(None, None, None)
            typer.echo(
                f"\nStopped; the last checkpoint is in {making}. Go on with the same command, "
                "or start anew by adding --restart.",
                err=True,
            )
            raise typer.Exit(130) from None
        watch.say(f"made {made['name']}-{made['version']}@{made['hash']}")
    outcome = Outcome(Tagger.load(making / "bundle", threads=threads), job.held_out, job.corrected_held_out)
    in_force = chosen.model or DEFAULT_BUNDLE
    if out is None:
        place_in_library(library, making, outcome.against(in_force), force=force)
    elif (out / "manifest.json").is_file():
        place_at(out, making, outcome.against(out), force=force)
    else:
        outcome.against(in_force)
        place_at(out, making, None, force=force)
