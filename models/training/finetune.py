"""Trains a bundle further on a user's own reviews: labelled ones, and corrections.

What is taken over from the bundle, and why:

- Heads and encoder start from its weights. On a few hundred reviews only the heads are trained: the
  encoder would learn the texts by heart. Afterwards the development split chooses how far to go from
  the old weights to the new ones, see `midway`.
- The sparse evidence stays. It holds one weight for each of tens of thousands of word pieces and
  labels; some hundred reviews say nothing of most of them, and the texts that the others were
  fitted on are not at hand. What the user's words mean is learnt by the heads.
- Calibration and thresholds move towards the user's development split, see `recalibrate`.
- Corrections tell little of a review; the bundle's own answers stand for the rest, see `corrected`.
"""

from __future__ import annotations

import shutil
import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Literal

import torch
from tokenizers import Tokenizer
from torch import Tensor

from models.bundle import FORMAT, Bundle
from models.calibration import Calibration
from models.corrected import Corrected
from models.decode import Thresholds
from models.evaluation.score import score_by_language
from models.labelled import normalised, read_labelled, residue
from models.labels import head_labels
from models.tagger import Tagger
from models.training.card import write_card
from models.training.checkpoint import Keeper, run_key
from models.training.corrected import corrected_items, stand_in
from models.training.data import HELD_OUT, Splits, labelled_items, split_labels
from models.training.fit import Plan, encode_all, fit_all, fit_heads, keep_memory
from models.training.midway import choose_way, go
from models.training.network import Network
from models.training.progress import Say, Tell
from models.training.recalibrate import recalibrate, share_of
from models.training.recipe import save_fingerprints, seal, write_graph
from models.training.restore import encoder_entry, restore
from models.training.vocabulary import padding_of
from ugc.errors import InputError

__all__ = ["HEADS_UNDER", "Own", "Part", "gather_own", "key_of", "part_for", "plan_for", "tune_bundle"]

Part = Literal["heads", "all"]
"""What is trained: the heads alone, or encoder and heads."""

HEADS_UNDER = 2_000
"""Reviews to train on under which only the heads are trained."""

AT_LEAST = 8
"""Reviews without which nothing can be learnt."""

_TAKEN = ("tokenizer.json", "evidence.npz")
"""Files that the new bundle takes over."""


@dataclass(frozen=True, slots=True)
class Own:
    """A user's reviews by use."""

    splits: Splits
    corrected: list[Corrected]
    """Corrected reviews to train on; none of them is among the labelled."""
    corrected_held_out: list[Corrected]
    """Corrected reviews of the held-out tenth."""
    file: str
    """Name of the file of labels; empty when there is none."""

    def trained_on(self) -> list[str]:
        """Texts that shape the bundle, the development split included."""
        labelled = [*self.splits.train, *self.splits.development]
        return [*(one.text for one in labelled), *(one.text for one in self.corrected)]

    @property
    def corrections(self) -> int:
        """Corrections among what is trained on."""
        return sum(one.corrections for one in self.corrected)


def gather_own(labels: Path | None, corrected: Sequence[Corrected]) -> Own:
    """Reads and splits what there is to learn from.

    A review that is labelled in full and also corrected is taken as labelled.

    Raises:
        InputError: the labels cannot be read, or there is too little.
    """
    reviews = read_labelled(labels) if labels else []
    splits = split_labels(reviews)
    known = {normalised(review.text) for review in reviews}
    others = [row for row in corrected if row.text.strip() and normalised(row.text) not in known]
    own = Own(
        splits,
        [row for row in others if residue(row.text) != HELD_OUT],
        [row for row in others if residue(row.text) == HELD_OUT],
        labels.name if labels else "",
    )
    if len(splits.train) + len(own.corrected) < AT_LEAST:
        raise InputError(
            f"There are {len(splits.train)} labelled and {len(own.corrected)} corrected reviews to train on.",
            f"At least {AT_LEAST} are needed, some hundred are of use; of the labelled ones a tenth each "
            "goes to development and measurement.",
        )
    return own


def part_for(own: Own) -> Part:
    """What is trained when nobody says."""
    return "heads" if len(own.splits.train) + len(own.corrected) < HEADS_UNDER else "all"


def plan_for(part: Part, epochs: int | None, seed: int) -> Plan:
    """A short plan for a bundle that knows its task.

    Args:
        part: what is trained.
        epochs: passes over the reviews; six of the heads or two of everything when `None`.
        seed: of every random choice.
    """
    if part == "heads":
        return Plan(head_epochs=epochs or 6, head_rate=1e-3, epochs=0, seed=seed, bf16=False)
    # Small batches: a user's machine has less memory than the one that made the bundle.
    return Plan(head_epochs=0, head_rate=4e-4, epochs=epochs or 2, body_rate=2e-5, batch=8, seed=seed)


def key_of(start: Bundle, own: Own, part: Part, plan: Plan) -> str:
    """What tells this run from others: a checkpoint of another one is not taken up."""
    rows = [repr(one) for one in (*own.splits.train, *own.corrected)]
    return run_key("bundle", start.version, part, asdict(plan), rows)


def _way(
    start: Bundle,
    own: Own,
    network: Network,
    before: dict[str, Tensor],
    tokenizer: Tokenizer,
    padding: int,
) -> float:
    """How far the trained network goes from its weights before; it is set there.

    The development split chooses where it is large enough. Else it is half of the way, and all of
    it for corrections alone: they come with the network's own answers and move nothing else.
    """
    development = own.splits.development
    looked = Tagger.load(start.folder, profile=start.profile).look(
        [review.text for review in development], [review.language for review in development]
    )
    pairs = [(review, one) for review, one in zip(development, looked, strict=True) if one is not None]
    if share_of(len(pairs)):
        items = labelled_items(tokenizer, [review for review, _ in pairs])
        calibration = Calibration.from_manifest(start.settings["calibration"])
        return choose_way(network, before, items, [one for _, one in pairs], calibration, padding)
    way = 0.5 if own.splits.train else 1.0
    go(network, before, dict(network.state_dict()), way)
    return way


def _train(
    start: Bundle, own: Own, plan: Plan, say: Say, keeper: Keeper | None, tell: Tell | None
) -> tuple[Network, Tokenizer, float]:
    """The bundle's network, trained further, its tokenizer, and how far it went from the old weights."""
    torch.manual_seed(plan.seed)
    keep_memory()
    tokenizer = Tokenizer.from_file(str(start.tokenizer))
    padding = padding_of(tokenizer, start.folder)
    network = restore(start)
    before = {name: one.clone() for name, one in network.state_dict().items()}
    items = labelled_items(tokenizer, own.splits.train)
    items += stand_in(network, corrected_items(tokenizer, own.corrected), padding)
    say(f"{len(own.splits.train)} labelled reviews, {own.corrections} corrections to train on")
    if plan.head_epochs and (keeper is None or not keeper.past("heads")):
        hidden = encode_all(network, items, padding, bf16=plan.bf16, tell=tell)
        fit_heads(network, items, hidden, plan, padding, say, standardise=False, keeper=keeper, tell=tell)
    if plan.epochs:
        fit_all(network, items, (), plan, padding, say, keeper=keeper, tell=tell)
    way = _way(start, own, network, before, tokenizer, padding)
    say(f"trained; {way:.0%} of the way from the old weights to the new")
    return network, tokenizer, way


def _languages(start: Bundle, own: Own) -> list[str]:
    """Languages that the bundle knew, and those that it has now learnt."""
    counted = Counter(review.language for review in own.splits.train if review.language != "und")
    learnt = [one for one, n in counted.most_common() if n >= 0.02 * counted.total()]
    return list(dict.fromkeys([*start.manifest["languages"], *learnt]))


def _manifest(
    start: Bundle, own: Own, part: Part, plan: Plan, way: float, network: Network, name: str, version: str
) -> dict[str, Any]:
    """What is known before anything is measured."""
    before = start.manifest.get("training", {})
    labelled = own.splits.train
    return {
        "format": FORMAT,
        "name": name,
        "version": version,
        "licence": start.manifest.get("licence", "unknown"),
        "base": start.manifest.get("base", "unknown"),
        "labels": head_labels(),
        "languages": _languages(start, own),
        "encoder": encoder_entry(network),
        "training": {
            "started_from": start.version,
            "part": part,
            "way": way,
            "file": own.file,
            "labelled": len(labelled),
            "corrections": own.corrections,
            "corrected": len(own.corrected),
            "development": len(own.splits.development),
            "by_language": dict(Counter(review.language for review in labelled).most_common()),
            "sets": {"own": len(own.trained_on())},
            "plan": asdict(plan),
            "made": time.strftime("%Y-%m-%d", time.gmtime()),
            "before": {key: before[key] for key in ("labelled", "by_language", "sets") if key in before},
        },
    }


def tune_bundle(
    start: Bundle,
    own: Own,
    out: Path,
    plan: Plan,
    *,
    part: Part,
    name: str,
    version: str,
    say: Say = lambda line: None,
    keeper: Keeper | None = None,
    tell: Tell | None = None,
) -> dict[str, Any]:
    """Trains a bundle further and writes the new one into a folder; its manifest comes back.

    Args:
        start: the bundle to start from; it is not changed.
        own: what `gather_own` found.
        out: folder of the new bundle, made where it is not there.
        plan: what `plan_for` gives, or another.
        part: what is trained, for the manifest.
        name: name of the new bundle.
        version: its version.
        say: told what has been done.
        keeper: keeps checkpoints outside that folder, and goes on from one.
        tell: called after each step.

    Raises:
        ModelError: the bundle cannot be trained on.
    """
    network, tokenizer, way = _train(start, own, plan, say, keeper, tell)
    shutil.rmtree(out, ignore_errors=True)
    write_graph(network, tokenizer, out)
    for file in _TAKEN:
        shutil.copyfile(start.folder / file, out / file)
    save_fingerprints(out, own.trained_on(), start.training_texts().tolist())
    say("graph written")
    manifest = _manifest(start, own, part, plan, way, network, name, version)
    calibration = Calibration.from_manifest(start.settings["calibration"])
    thresholds = Thresholds.from_manifest(start.settings["thresholds"])
    seal(out, manifest, calibration, thresholds)
    development = own.splits.development
    if share_of(len(development)):
        looked = Tagger.load(out).look([r.text for r in development], [r.language for r in development])
        pairs = [(review, one) for review, one in zip(development, looked, strict=True) if one is not None]
        reviews, seen = [review for review, _ in pairs], [one for _, one in pairs]
        calibration, thresholds = recalibrate(reviews, seen, calibration, thresholds)
        seal(out, manifest, calibration, thresholds)
        say(f"calibrated on {len(reviews)} reviews")
    else:
        say(f"calibration kept: {len(development)} reviews to choose it on are too few")
    held_out = own.splits.held_out
    if held_out:
        texts, languages = [r.text for r in held_out], [r.language for r in held_out]
        columns = {"model": Tagger.load(out), "start": Tagger.load(start.folder, profile=start.profile)}
        measured = {
            column: score_by_language(held_out, tagger.tag(texts, languages))
            for column, tagger in columns.items()
        }
        manifest["measured"] = {"held_out": measured}
        seal(out, manifest, calibration, thresholds)
    write_card(out, manifest)
    return manifest
