"""The recipe: from labelled reviews and public sets to a bundle, in one call."""

from __future__ import annotations

import hashlib
import json
import shutil
import time
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

import numpy as np
import torch
from tokenizers import Tokenizer
from transformers import AutoTokenizer

from models.bundle import DEFAULT_PROFILE, FORMAT, Bundle, digest, open_bundle
from models.calibration import Calibration
from models.decode import Thresholds
from models.evaluation.measure import measure_bundle
from models.evidence import Evidence
from models.labelled import fingerprint
from models.labels import head_labels
from models.library import replace_folder
from models.tagger import Tagger
from models.training.card import write_card
from models.training.checkpoint import Keeper, run_key
from models.training.data import labelled_items
from models.training.export import export
from models.training.fast import FAST, fit_fast, fit_profile
from models.training.fit import Plan, encode_all, fit_all, fit_heads, keep_memory
from models.training.material import Material, gather
from models.training.network import Network, load_encoder
from models.training.progress import Say, Tell
from models.training.restore import encoder_entry, restore
from models.training.sparse import fit_clauses, fit_reviews
from models.training.teacher import public_items
from models.training.vocabulary import count_pieces, cut, padding_of
from ugc.errors import ModelError

__all__ = [
    "DEFAULT_BASE",
    "add_fast",
    "calibrate_fast",
    "complete_bundle",
    "finish_bundle",
    "key_of",
    "make_bundle",
    "save_fingerprints",
    "seal",
    "train_bundle",
    "train_network",
    "write_graph",
]

DEFAULT_BASE = "intfloat/multilingual-e5-small"
"""The encoder that training starts from (MIT)."""

_UNSEALED = frozenset({"manifest.json", "README.md"})
"""Files of a bundle that its manifest gives no hash of."""


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


def key_of(material: Material, base: str | Path, plan: Plan, teacher: Bundle | None = None) -> str:
    """What tells this run from others: a checkpoint of another one is not taken up."""
    public = [row for rows in material.public.values() for row in rows]
    texts = [repr(one) for one in (*material.splits.train, *material.splits.development, *public)]
    taught = teacher.version if teacher else ""
    folder = Path(base)
    files = sorted(folder.iterdir()) if folder.is_dir() else []
    start = [(path.name, path.stat().st_size, path.stat().st_mtime_ns) for path in files]
    return run_key("encoder", str(base), start, taught, asdict(plan), texts)


def _begin(material: Material, base: str | Path, say: Say) -> tuple[Network, Tokenizer, bool]:
    """Network and tokenizer to start from, and whether the heads are new.

    An encoder loses the pieces of its vocabulary that the texts do not use; a bundle goes on as it is.
    """
    if (Path(base) / "manifest.json").is_file():
        start = open_bundle(Path(base))
        return restore(start), Tokenizer.from_file(str(start.tokenizer)), False
    tokenizer, encoder = _tokenizer(base), load_encoder(base)
    if material.public:
        texts = (text for text, _ in material.trained_on())
        tokenizer = cut(tokenizer, encoder, count_pieces(tokenizer, texts))
        say(f"vocabulary cut to {tokenizer.get_vocab_size():,} pieces")
    return Network(encoder), tokenizer, True


def train_network(
    material: Material,
    base: str | Path,
    plan: Plan,
    say: Say,
    *,
    teacher: Bundle | None = None,
    keeper: Keeper | None = None,
    tell: Tell | None = None,
) -> tuple[Network, Tokenizer]:
    """Trains encoder and heads; goes on where the keeper's checkpoint stands.

    Args:
        material: what `gather` found.
        base: folder or hub name of the encoder, or folder of a bundle to go on from.
        plan: how long and how fast.
        say: told what has been done.
        teacher: a bundle that reads the public reviews; without it they teach what their sets say.
        keeper: keeps checkpoints, and goes on from one.
        tell: called after each step.
    """
    torch.manual_seed(plan.seed)
    keep_memory()
    network, tokenizer, new = _begin(material, base, say)
    padding = padding_of(tokenizer, base)
    items = labelled_items(tokenizer, material.splits.train)
    reader = Tagger.load(teacher.folder, profile=teacher.profile) if teacher else None
    public = public_items(tokenizer, material.public, reader, say)
    say(f"{len(items)} labelled reviews, {sum(map(len, public))} public texts")
    if new and (keeper is None or not keeper.past("heads")):
        hidden = encode_all(network, items, padding, bf16=plan.bf16, tell=tell)
        fit_heads(network, items, hidden, plan, padding, say, keeper=keeper, tell=tell)
        del hidden
    fit_all(network, items, public, plan, padding, say, keeper=keeper, tell=tell)
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


def seal(out: Path, manifest: dict[str, Any], calibration: Calibration, thresholds: Thresholds) -> None:
    """Writes the manifest with the hashes of all files and one over them and the calibration."""
    names = sorted(path.name for path in out.iterdir() if path.is_file() and path.name not in _UNSEALED)
    manifest["files"] = {name: digest(out / name) for name in names}
    manifest["calibration"] = calibration.to_manifest()
    manifest["thresholds"] = thresholds.to_manifest()
    deciding = ("files", "calibration", "thresholds", "profiles")
    whole = json.dumps([manifest.get(key) for key in deciding], sort_keys=True)
    manifest["hash"] = hashlib.sha256(whole.encode()).hexdigest()[:12]
    text = json.dumps(manifest, ensure_ascii=False, indent=1)
    (out / "manifest.json").write_text(text + "\n", encoding="utf-8")


def save_fingerprints(out: Path, texts: Iterable[str], known: Iterable[int] = ()) -> None:
    """Writes the fingerprints of the texts that shaped a bundle, and of those known before."""
    prints = np.unique(np.asarray([*known, *(fingerprint(text) for text in texts)], np.uint64))
    np.savez_compressed(out / "training_texts.npz", fingerprints=prints)


def write_graph(network: Network, tokenizer: Tokenizer, out: Path) -> None:
    """Writes the graph and the tokenizer of a trained network into the folder of a bundle."""
    out.mkdir(parents=True, exist_ok=True)
    export(network, out / "model.onnx")
    tokenizer.no_padding()
    tokenizer.no_truncation()
    tokenizer.save(str(out / "tokenizer.json"), pretty=False)


def complete_bundle(
    out: Path,
    material: Material,
    plan: Plan,
    *,
    base: str,
    name: str,
    version: str,
    say: Say,
    encoder: dict[str, Any] | None = None,
) -> dict[str, Any]:
    """Adds to graph and tokenizer what makes them a bundle; the manifest comes back.

    Fits the sparse evidence on the training split, calibration and thresholds on the development
    split. `encoder` is the configuration of the encoder, with which the bundle can be trained further.
    """
    train = material.splits.train
    public = [row for kind in ("reviews", "emotion") for row in material.public.get(kind, []) if row.says]
    Evidence.save(out / "evidence.npz", fit_clauses(train), fit_reviews(train, public))
    save_fingerprints(out, (text for text, _ in material.trained_on()))
    say("sparse evidence written")
    manifest = _manifest(material, plan, base, name, version)
    if encoder is not None:
        manifest["encoder"] = encoder
    seal(out, manifest, Calibration.plain(), Thresholds.even())
    seal(out, manifest, *fit_profile(out, DEFAULT_PROFILE, material))
    say("calibrated")
    return manifest


def add_fast(
    out: Path,
    manifest: dict[str, Any],
    material: Material,
    network: Network,
    tokenizer: Tokenizer,
    plan: Plan,
    say: Say,
    tell: Tell | None = None,
) -> None:
    """Adds the profile "fast" to a bundle that is complete but for its measured scores."""
    entry = fit_fast(out, material, network, tokenizer, plan, say, tell)
    calibrate_fast(out, manifest, entry, material)
    say(f"{FAST} calibrated")


def calibrate_fast(out: Path, manifest: dict[str, Any], entry: dict[str, Any], material: Material) -> None:
    """Writes the entry of the profile "fast" into the manifest, with its own calibration and thresholds."""
    own = Calibration.from_manifest(manifest["calibration"]), Thresholds.from_manifest(manifest["thresholds"])
    manifest["profiles"] = {FAST: entry}
    seal(out, manifest, *own)
    calibration, thresholds = fit_profile(out, FAST, material)
    entry |= {"calibration": calibration.to_manifest(), "thresholds": thresholds.to_manifest()}
    seal(out, manifest, *own)


def finish_bundle(
    out: Path, manifest: dict[str, Any], material: Material, *, beside: Sequence[Path] = ()
) -> dict[str, Any]:
    """Measures a bundle on the held-out tenth beside its peers and writes manifest and card."""
    splits = material.splits
    manifest["measured"] = measure_bundle(
        out, [*splits.train, *splits.development], splits.held_out, beside=beside
    )
    calibration = Calibration.from_manifest(manifest["calibration"])
    seal(out, manifest, calibration, Thresholds.from_manifest(manifest["thresholds"]))
    write_card(out, manifest)
    return manifest


def make_bundle(
    material: Material,
    base: str,
    out: Path,
    plan: Plan,
    *,
    name: str,
    version: str,
    say: Say,
    teacher: Bundle | None = None,
    keeper: Keeper | None = None,
    tell: Tell | None = None,
) -> dict[str, Any]:
    """Trains from an encoder and writes a bundle into a folder; the manifest comes back.

    Args:
        material: what `gather` found.
        base: folder or hub name of the encoder, or folder of a bundle to go on from.
        out: folder of the bundle, made where it is not there.
        plan: how long and how fast.
        name: name of the bundle.
        version: its version.
        say: told what has been done.
        teacher: a bundle that reads the public reviews.
        keeper: keeps checkpoints outside that folder, and goes on from one.
        tell: called after each step.

    Raises:
        ModelError: there is no such encoder, or it is of a kind that cannot be used.
    """
    network, tokenizer = train_network(material, base, plan, say, teacher=teacher, keeper=keeper, tell=tell)
    shutil.rmtree(out, ignore_errors=True)
    write_graph(network, tokenizer, out)
    say("graph written")
    folder = Path(base)
    manifest = complete_bundle(
        out,
        material,
        plan,
        base=folder.resolve().name if folder.is_dir() else base,
        name=name,
        version=version,
        say=say,
        encoder=encoder_entry(network),
    )
    if plan.fast_epochs and network.encoder.config.num_hidden_layers > plan.fast_layers:  # type: ignore[union-attr, operator]
        add_fast(out, manifest, material, network, tokenizer, plan, say, tell)
    return finish_bundle(out, manifest, material)


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
        InputError: labels or public sets cannot be read, or the folder holds something else.
        ModelError: there is no such encoder, or it is of a kind that cannot be used.
    """
    material = gather(labels, data, plan)
    working = out.with_name(out.name + ".making")
    shutil.rmtree(working, ignore_errors=True)
    manifest = make_bundle(material, base, working, plan, name=name, version=version, say=say)
    replace_folder(working, out)
    return manifest
