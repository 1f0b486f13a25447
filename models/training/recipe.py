"""The recipe: from labelled reviews and public sets to a bundle, in one call."""

from __future__ import annotations

import hashlib
import json
import shutil
import time
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np
import torch
from tokenizers import Tokenizer
from transformers import AutoTokenizer

from models.bundle import FILES, FORMAT, digest
from models.calibration import Calibration
from models.decode import Thresholds
from models.evaluation.baseline import Baseline
from models.evaluation.score import Figures, score_by_language
from models.evidence import Evidence
from models.labelled import Labelled, fingerprint, read_labelled
from models.labels import head_labels
from models.tagger import Tagger
from models.training.calibrate import choose_thresholds, fit_calibration
from models.training.card import write_card
from models.training.data import Splits, labelled_items, partial_items, split_labels, unseen
from models.training.export import export
from models.training.fit import Plan, encode_all, fit_all, fit_heads, keep_memory
from models.training.network import Network, load_encoder
from models.training.public_sets import Partial
from models.training.sparse import fit_clauses, fit_reviews
from ugc.errors import InputError, ModelError

__all__ = [
    "DEFAULT_BASE",
    "Material",
    "complete_bundle",
    "gather",
    "train_bundle",
    "train_network",
    "write_graph",
]

DEFAULT_BASE = "intfloat/multilingual-e5-small"
"""The encoder that training starts from (MIT)."""

LONGEST_PUBLIC = 500
"""Characters of a public text: longer ones cost more time than they teach."""

_RARE = frozenset({"surprise", "anxiety", "sadness", "gratitude", "disappointment"})

Say = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Material:
    """All texts of a training run."""

    splits: Splits
    public: dict[str, list[Partial]]
    """By kind, in the order in which the epochs take them; empty without a folder of public sets."""

    def trained_on(self) -> list[tuple[str, str]]:
        """Text and set of everything that shapes the bundle, the development split included."""
        labelled = [*self.splits.train, *self.splits.development]
        return [(r.text, r.set) for r in labelled] + [
            (row.text, row.set) for rows in self.public.values() for row in rows
        ]


def _taken(rows: Sequence[Partial], size: int, seed: int) -> list[Partial]:
    """The part of a kind that all epochs together take.

    GoEmotions is four times the other emotion sets and mostly joy and anger, so of its texts
    without a rarer emotion one in three is kept.
    """
    dice = np.random.default_rng(seed)
    kept = [
        row
        for row in rows
        if len(row.text) < LONGEST_PUBLIC
        and (row.set != "goemotions" or any(row.emotions.get(e) for e in _RARE) or dice.random() < 0.3)
    ]
    return kept[:size]


def gather(labels: Path, data: Path | None, plan: Plan) -> Material:
    """Reads labels and public sets, splits and deduplicates; `InputError` when there is too little."""
    reviews = read_labelled(labels)
    splits = split_labels(reviews)
    if len(splits.train) < 8 or not splits.development:
        raise InputError(
            f"{labels.name} leaves {len(splits.train)} reviews to train on and "
            f"{len(splits.development)} to choose thresholds on.",
            "Give some hundred labelled reviews; a tenth each goes to development and measurement.",
        )
    if data is None:
        return Material(splits, {})
    sizes = {"sentiment": plan.sentiment_texts, "emotion": plan.emotion_texts, "contact": plan.contact_texts}
    public = unseen(data, reviews, plan.seed)
    return Material(
        splits, {kind: _taken(rows, sizes[kind] * plan.epochs, plan.seed) for kind, rows in public.items()}
    )


def _tokenizer(base: str | Path) -> Tokenizer:
    """The tokenizer of a folder or a hub name."""
    file = Path(base) / "tokenizer.json"
    if file.is_file():
        return Tokenizer.from_file(str(file))
    try:
        found: Tokenizer = AutoTokenizer.from_pretrained(str(base)).backend_tokenizer
    except OSError as error:
        raise ModelError(
            f"There is no encoder {base}: neither a folder nor a name that the hub knows.",
            "Give --base the path of an encoder's folder or a hub name such as " + DEFAULT_BASE + ".",
        ) from error
    return found


def train_network(material: Material, base: str | Path, plan: Plan, say: Say) -> tuple[Network, Tokenizer]:
    """Trains encoder and heads."""
    torch.manual_seed(plan.seed)
    keep_memory()
    tokenizer = _tokenizer(base)
    padding = tokenizer.token_to_id("<pad>")
    if padding is None:
        raise ModelError(
            f"The tokenizer of {base} has no <pad>.", "Use an encoder of the XLM-RoBERTa family."
        )
    items = labelled_items(tokenizer, material.splits.train)
    public = [partial_items(tokenizer, rows) for rows in material.public.values()]
    say(f"{len(items)} labelled reviews, {sum(map(len, public))} public texts")
    network = Network(load_encoder(base))
    hidden = encode_all(network, items, padding, bf16=plan.bf16)
    fit_heads(network, items, hidden, plan, padding, say)
    del hidden
    fit_all(network, items, public, plan, padding, say)
    say("trained")
    return network, tokenizer


def _manifest(material: Material, plan: Plan, base: str, name: str, version: str) -> dict[str, Any]:
    """What is known before anything is measured."""
    languages = Counter(review.language for review in material.splits.train)
    return {
        "format": FORMAT,
        "name": name,
        "version": version,
        "licence": "Apache-2.0 (weights derived from multilingual-e5-small, MIT)",
        "base": base,
        "labels": head_labels(),
        "languages": [one for one, n in languages.most_common() if n >= 0.02 * languages.total()],
        "training": {
            "labelled": len(material.splits.train),
            "development": len(material.splits.development),
            "by_language": dict(languages.most_common()),
            "sets": dict(Counter(name for _, name in material.trained_on()).most_common()),
            "plan": asdict(plan),
            "made": time.strftime("%Y-%m-%d", time.gmtime()),
        },
    }


def _seal(out: Path, manifest: dict[str, Any], calibration: Calibration, thresholds: Thresholds) -> None:
    """Writes the manifest with the hashes of all files and one over them and the calibration."""
    manifest["files"] = {name: digest(out / name) for name in FILES}
    manifest["calibration"] = calibration.to_manifest()
    manifest["thresholds"] = thresholds.to_manifest()
    whole = json.dumps([manifest[key] for key in ("files", "calibration", "thresholds")], sort_keys=True)
    manifest["hash"] = hashlib.sha256(whole.encode()).hexdigest()[:12]
    text = json.dumps(manifest, ensure_ascii=False, indent=1)
    (out / "manifest.json").write_text(text + "\n", encoding="utf-8")


def _measure(
    tagger: Tagger, baseline: Baseline, reviews: Sequence[Labelled]
) -> dict[str, dict[str, Figures]]:
    """Figures of the model and of the baseline on the held-out reviews."""
    tags = tagger.tag([review.text for review in reviews], [review.language for review in reviews])
    return {
        "model": score_by_language(reviews, tags),
        "baseline": score_by_language(reviews, baseline.tag(reviews)),
    }


def write_graph(network: Network, tokenizer: Tokenizer, out: Path) -> None:
    """Writes the graph and the tokenizer of a trained network into the folder of a bundle."""
    out.mkdir(parents=True, exist_ok=True)
    export(network, out / "model.onnx")
    tokenizer.no_padding()
    tokenizer.no_truncation()
    tokenizer.save(str(out / "tokenizer.json"), pretty=False)


def complete_bundle(
    out: Path, material: Material, plan: Plan, *, base: str, name: str, version: str, say: Say
) -> dict[str, Any]:
    """Adds to graph and tokenizer what makes them a bundle; the manifest comes back.

    Fits the sparse evidence on the training split, calibration and thresholds on the development
    split, and measures on the held-out tenth, beside the baseline.
    """
    train = material.splits.train
    public = [row for kind in ("sentiment", "emotion") for row in material.public.get(kind, [])]
    Evidence.save(out / "evidence.npz", fit_clauses(train), fit_reviews(train, public))
    prints = np.unique(np.asarray([fingerprint(text) for text, _ in material.trained_on()], np.uint64))
    np.savez_compressed(out / "training_texts.npz", fingerprints=prints)
    say("sparse evidence written")
    manifest = _manifest(material, plan, base, name, version)
    _seal(out, manifest, Calibration.plain(), Thresholds.even())
    development = material.splits.development
    looked = Tagger.load(out).look([r.text for r in development], [r.language for r in development])
    pairs = [(review, one) for review, one in zip(development, looked, strict=True) if one is not None]
    reviews, seen = [review for review, _ in pairs], [one for _, one in pairs]
    calibration = fit_calibration(reviews, seen)
    thresholds = choose_thresholds(reviews, seen, calibration)
    _seal(out, manifest, calibration, thresholds)
    say("calibrated")
    held_out = material.splits.held_out
    if held_out:
        baseline = Baseline([*train, *development])
        manifest["measured"] = {"held_out": _measure(Tagger.load(out), baseline, held_out)}
        _seal(out, manifest, calibration, thresholds)
    write_card(out, manifest)
    return manifest


def train_bundle(
    labels: Path,
    data: Path | None,
    base: str,
    out: Path,
    plan: Plan,
    *,
    name: str = "ugc",
    version: str = "1",
    say: Say = lambda line: None,
) -> dict[str, Any]:
    """Trains and writes a bundle; the folder is replaced only when all went well.

    Raises:
        InputError: labels or public sets cannot be read.
        ModelError: there is no such encoder, or it is of a kind that cannot be used.
    """
    material = gather(labels, data, plan)
    network, tokenizer = train_network(material, base, plan, say)
    working = out.with_name(out.name + ".making")
    shutil.rmtree(working, ignore_errors=True)
    write_graph(network, tokenizer, working)
    say("graph written")
    folder = Path(base)
    manifest = complete_bundle(
        working,
        material,
        plan,
        base=folder.resolve().name if folder.is_dir() else base,
        name=name,
        version=version,
        say=say,
    )
    if out.exists():
        shutil.rmtree(out)
    working.rename(out)
    return manifest
