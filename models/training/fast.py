"""The profile "fast": every second layer of a finished network, taught by its bundle.

It starts from the layers it keeps (as DistilBERT does, Sanh et al. 2019), shares the frozen word
embeddings with the whole network, and learns from the labelled reviews and from what the bundle says
of public texts.
"""

from __future__ import annotations

import copy
from dataclasses import replace
from pathlib import Path
from typing import Any

from tokenizers import Tokenizer
from torch import nn

from models.calibration import Calibration
from models.decode import Thresholds
from models.tagger import Tagger
from models.training.calibrate import choose_thresholds, fit_calibration
from models.training.data import labelled_items
from models.training.export import export
from models.training.fit import Plan, fit_all
from models.training.material import Material
from models.training.network import Network
from models.training.progress import Say, Tell
from models.training.teacher import public_items
from models.training.vocabulary import padding_of
from ugc.errors import ModelError

__all__ = ["FAST", "fit_fast", "fit_profile", "shorten"]

FAST = "fast"
"""Name of the profile."""


def shorten(network: Network, layers: int) -> Network:
    """A copy of a network that keeps some of its layers, evenly spread, the last among them.

    Raises:
        ModelError: it has no more layers than that.
    """
    found = copy.deepcopy(network)
    stack = list(found.encoder.get_submodule("encoder.layer").children())
    whole = len(stack)
    if not 0 < layers < whole:
        raise ModelError(f"A network of {whole} layers cannot be cut to {layers}.", "Ask for fewer layers.")
    kept = [whole * (i + 1) // layers - 1 for i in range(layers)]
    found.encoder.get_submodule("encoder").layer = nn.ModuleList(stack[i] for i in kept)
    found.encoder.config.num_hidden_layers = layers  # type: ignore[union-attr]
    return found


def fit_profile(out: Path, profile: str, material: Material) -> tuple[Calibration, Thresholds]:
    """Calibration and thresholds of one profile of a bundle, chosen on the development split."""
    development = material.splits.development
    tagger = Tagger.load(out, profile=profile)
    looked = tagger.look([r.text for r in development], [r.language for r in development])
    pairs = [(review, one) for review, one in zip(development, looked, strict=True) if one is not None]
    reviews, seen = [review for review, _ in pairs], [one for _, one in pairs]
    calibration = fit_calibration(reviews, seen)
    return calibration, choose_thresholds(reviews, seen, calibration)


def fit_fast(
    out: Path,
    material: Material,
    network: Network,
    tokenizer: Tokenizer,
    plan: Plan,
    say: Say,
    tell: Tell | None = None,
) -> dict[str, Any]:
    """Trains the shorter network and writes its graph into a finished bundle.

    Args:
        out: folder of the bundle, which teaches.
        material: what the bundle was trained on.
        network: the bundle's network.
        tokenizer: its tokenizer.
        plan: `fast_layers` and `fast_epochs` at `fast_rate`.
        say: told what has been done.
        tell: called after each step.

    Returns:
        The profile's entry of the manifest, not yet calibrated.
    """
    student = shorten(network, plan.fast_layers)
    items = labelled_items(tokenizer, material.splits.train)
    public = public_items(tokenizer, material.public, Tagger.load(out), say)
    padding = padding_of(tokenizer, out)
    own = replace(plan, epochs=plan.fast_epochs, body_rate=plan.fast_rate)
    fit_all(student, items, public, own, padding, say, tell=tell)
    export(student, out / f"{FAST}.onnx")
    say(f"{FAST} graph written")
    return {
        "graph": f"{FAST}.onnx",
        "layers": plan.fast_layers,
        "calibration": Calibration.plain().to_manifest(),
        "thresholds": Thresholds.even().to_manifest(),
    }
