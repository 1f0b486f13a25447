"""`ugc train`: a model bundle from labelled reviews."""

from __future__ import annotations

import time
from pathlib import Path
from typing import Annotated

import typer

from ugc.errors import MissingExtra

app = typer.Typer(add_completion=False, rich_markup_mode=None)


def _require_extra() -> None:
    """`MissingExtra` unless what training needs is installed."""
    from importlib.util import find_spec

    for package in ("torch", "transformers", "onnx", "safetensors"):
        if find_spec(package) is None:
            raise MissingExtra(package, "train")


@app.command()
def train(
    labels: Annotated[Path, typer.Option(help="Labelled reviews, JSON lines in the format of the guide.")],
    out: Annotated[
        Path, typer.Option(help="Folder of the new bundle; replaced when training has succeeded.")
    ],
    data: Annotated[
        Path | None, typer.Option(help="Folder with public sets to mix in (sentiment, emotion, contact).")
    ] = None,
    base: Annotated[
        str, typer.Option(help="Encoder to start from: folder or hub name.")
    ] = "intfloat/multilingual-e5-small",
    epochs: Annotated[
        int, typer.Option(min=1, help="Passes over the labelled reviews with the encoder unfrozen.")
    ] = 3,
    seed: Annotated[int, typer.Option(help="Seed of every random choice.")] = 20,
    name: Annotated[str, typer.Option(help="Name of the bundle.")] = "ugc",
    version: Annotated[str, typer.Option("--bundle-version", help="Version of the bundle.")] = "1",
    threads: Annotated[int | None, typer.Option(min=1, help="Cores to use; all when not given.")] = None,
) -> None:
    """Train a model bundle from labelled reviews.

    Needs the extra `train` (torch, transformers). With the labels of the project and two cores it
    takes about half an hour.
    """
    _require_extra()
    import torch

    from models.training.fit import Plan
    from models.training.recipe import train_bundle

    if threads is not None:
        torch.set_num_threads(threads)
    began = time.monotonic()

    def say(line: str) -> None:
        typer.echo(f"[{time.monotonic() - began:6.0f} s] {line}")

    plan = Plan(epochs=epochs, seed=seed)
    manifest = train_bundle(labels, data, base, out, plan, name=name, version=version, say=say)
    say(f"bundle {manifest['name']}-{manifest['version']}@{manifest['hash']} in {out}")
    measured = manifest.get("measured", {}).get("held_out")
    if measured:
        from models.training.card import table

        columns = {"model": measured["model"]["all"], "TF-IDF + LR": measured["baseline"]["all"]}
        typer.echo("\nHeld-out reviews:\n\n" + table(columns))
