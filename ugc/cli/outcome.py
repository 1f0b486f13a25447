"""What becomes of a new bundle: measured beside another, put in its place or next to it."""

from __future__ import annotations

import shutil
from dataclasses import dataclass
from pathlib import Path

import typer

from models.bundle import open_bundle
from models.corrected import Corrected, agreed
from models.evaluation.score import Figures, score
from models.evaluation.verdict import Verdict, differences, judge
from models.labelled import Labelled
from models.library import Library, replace_folder
from models.tagger import Tagger
from models.training.card import table
from ugc import settings
from ugc.errors import ModelError

__all__ = ["REFUSED", "Outcome", "place_at", "place_in_library"]

REFUSED = 3
"""Exit code when a bundle was made and another stays in use."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """A new bundle and the reviews that nothing was trained on."""

    new: Tagger
    held_out: list[Labelled]
    corrected: list[Corrected]
    """Corrected reviews of the held-out tenth."""

    def against(self, rival: Path) -> Verdict:
        """Prints the scores of the new bundle beside another's; says which one to use.

        Args:
            rival: folder of the other bundle; where it cannot be opened, the new one is printed
                alone and is to be used.
        """
        try:
            old = Tagger.load(rival)
        except ModelError as error:
            typer.echo(f"\nNot compared with {rival}: {error.what}")
            old = None
        if self.corrected and old is not None:
            self._corrections(old)
        texts, languages = [r.text for r in self.held_out], [r.language for r in self.held_out]
        columns: dict[str, Figures] = {}
        if self.held_out:
            ours = self.new.tag(texts, languages)
            columns["new"] = score(self.held_out, ours)
        if self.held_out and old is not None:
            theirs = old.tag(texts, languages)
            columns[old.version] = score(self.held_out, theirs)
        baseline = self.new.bundle.manifest.get("measured", {}).get("held_out", {}).get("baseline")
        if baseline:
            columns["TF-IDF + LR"] = baseline["all"]
        if columns:
            typer.echo("\nHeld-out reviews:\n\n" + table(columns))
        if old is None:
            return Verdict(True, "There was nothing to compare it with.")
        if not self.held_out:
            return Verdict(
                False,
                "There are no held-out labelled reviews to measure on, and corrections cannot stand in "
                "for them: they are what the model in use got wrong.",
            )
        return judge(differences(self.held_out, ours, theirs), len(self.held_out))

    def _corrections(self, old: Tagger) -> None:
        """Prints how many of the held-out corrections both bundles agree with."""
        texts, languages = [row.text for row in self.corrected], [row.language for row in self.corrected]
        (new, of), (before, _) = (
            agreed(self.corrected, tagger.tag(texts, languages)) for tagger in (self.new, old)
        )
        typer.echo(
            f"\nOf {of} corrected things that were held out, the new bundle says {new} as corrected, "
            f"{old.version} {before}."
        )


def place_in_library(library: Library, making: Path, verdict: Verdict, *, force: bool) -> None:
    """Puts the new bundle beside the others and, when it may, into use.

    Args:
        library: the user's bundles.
        making: folder in which the bundle was made; it is removed.
        verdict: whether it may be taken into use.
        force: take it whatever the verdict.

    Raises:
        typer.Exit: with REFUSED when it is not taken into use.
    """
    placed = library.place(making / "bundle")
    shutil.rmtree(making)
    typer.echo(f"\nThe new bundle is {placed.name} in {placed.folder}.")
    typer.echo(verdict.why)
    if not (verdict.take or force):
        typer.echo(
            "It is not taken into use. Compare the two on other reviews with ugc models compare, or take "
            f"it all the same with: ugc models use {placed.name}"
        )
        raise typer.Exit(REFUSED)
    library.use(placed.name)
    now = settings.load().model
    if now is None or now.resolve() != placed.folder.resolve():
        typer.echo(f"It is chosen, but UGC_MODEL or ugc.toml names {now}, which goes before it.")
        return
    typer.echo("It is in use now. Read the reviews again with: ugc tag")


def place_at(out: Path, making: Path, verdict: Verdict | None, *, force: bool) -> None:
    """Puts the new bundle at a place of the user's choice, unless a better one lies there.

    Args:
        out: the place.
        making: folder in which the bundle was made; it is removed.
        verdict: on the new bundle and the one that lies there; `None` when none does.
        force: replace it whatever the verdict.

    Raises:
        typer.Exit: with REFUSED when the old one stays.
    """
    made = making / "bundle"
    stays = verdict is not None and not verdict.take and not force
    target = out.with_name(open_bundle(made).version) if stays else out
    replace_folder(made, target)
    shutil.rmtree(making)
    typer.echo("")
    if verdict is not None:
        typer.echo(verdict.why)
    if stays:
        typer.echo(f"The bundle in {out} stays; the new one is in {target}. Replace it with --force.")
        raise typer.Exit(REFUSED)
    typer.echo(f"The new bundle is in {out}. Use it by --model, UGC_MODEL, or model in ugc.toml.")
