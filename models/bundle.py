"""A model bundle: a folder with a manifest, the graph, the tokenizer and the sparse evidence.

manifest.json        name, version, hashes of the files, labels, languages, licence, calibration,
                     thresholds, what it was trained on, measured scores; the same for other profiles
model.onnx           encoder and heads
fast.onnx            a smaller network for the profile "fast", where the bundle offers it
tokenizer.json       its tokenizer
evidence.npz         sparse evidence
training_texts.npz   hashes of the texts it was trained on, to find leaks
README.md            the model card
"""

from __future__ import annotations

import hashlib
import json
import zipfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from models.labels import head_labels
from ugc.errors import ModelError

__all__ = ["DEFAULT_PROFILE", "FILES", "FORMAT", "Bundle", "digest", "open_bundle"]

FORMAT = 1
"""Version of the layout of bundles."""

FILES = ("model.onnx", "tokenizer.json", "evidence.npz", "training_texts.npz")
"""Files that every bundle has; the manifest holds the hashes of these and of all others."""

DEFAULT_PROFILE = "default"
"""The profile that reads best; others are quicker and less sure."""

_AGAIN = "Take another bundle, or restore it: the shipped one lies in models/default."


def digest(path: Path) -> str:
    """SHA-256 of a file, hexadecimal."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


@dataclass(frozen=True, slots=True)
class Bundle:
    """An opened bundle in one of its profiles: its folder and its manifest, checked."""

    folder: Path
    manifest: dict[str, Any]
    profile: str = DEFAULT_PROFILE

    @property
    def version(self) -> str:
        """Name, profile and hash: changes whenever an answer could."""
        own = "" if self.profile == DEFAULT_PROFILE else f"-{self.profile}"
        return f"{self.manifest['name']}-{self.manifest['version']}{own}@{self.manifest['hash']}"

    @property
    def profiles(self) -> tuple[str, ...]:
        """Profiles that the bundle offers, the default first."""
        return (DEFAULT_PROFILE, *self.manifest.get("profiles", {}))

    @property
    def settings(self) -> dict[str, Any]:
        """Calibration and thresholds of the profile, as the manifest holds them."""
        if self.profile == DEFAULT_PROFILE:
            return self.manifest
        found: dict[str, Any] = self.manifest["profiles"][self.profile]
        return found

    @property
    def graph(self) -> Path:
        """The graph for onnxruntime."""
        return self.folder / str(self.settings.get("graph", "model.onnx"))

    @property
    def tokenizer(self) -> Path:
        """The tokenizer's file."""
        return self.folder / "tokenizer.json"

    @property
    def evidence(self) -> Path:
        """The sparse evidence's file."""
        return self.folder / "evidence.npz"

    def training_texts(self) -> npt.NDArray[np.uint64]:
        """Fingerprints of the texts it was trained on, sorted; `ModelError` when unreadable."""
        try:
            path = self.folder / "training_texts.npz"
            with path.open("rb") as file, np.load(file, allow_pickle=False) as stored:
                return np.asarray(stored["fingerprints"], np.uint64)
        except (OSError, ValueError, KeyError, EOFError, zipfile.BadZipFile) as error:
            raise ModelError(f"{self.folder / 'training_texts.npz'} is damaged: {error}.", _AGAIN) from error

    def check_files(self) -> None:
        """Compares every file with its hash in the manifest; `ModelError` names the one that differs."""
        for name, expected in self.manifest["files"].items():
            if digest(self.folder / name) != expected:
                raise ModelError(f"{self.folder / name} is not the file that the manifest names.", _AGAIN)


def open_bundle(folder: Path, profile: str = DEFAULT_PROFILE) -> Bundle:
    """Opens a bundle and checks that it is whole; `ModelError` says what is wrong with it."""
    path = folder / "manifest.json"
    if not path.is_file():
        raise ModelError(
            f"There is no model bundle in {folder}.",
            "Name a folder that holds manifest.json, or train one with: ugc train --out FOLDER",
        )
    try:
        manifest = json.loads(path.read_text(encoding="utf-8"))
    except ValueError as error:
        raise ModelError(f"{path} cannot be read: {error}.", _AGAIN) from error
    if not isinstance(manifest, dict) or manifest.get("format") != FORMAT:
        raise ModelError(
            f"{folder} is a bundle of another format than this program knows.",
            "Train it again, or use the program that made it.",
        )
    needed = {"name", "version", "hash", "files", "labels", "languages", "calibration", "thresholds"}
    lacking = sorted(needed - manifest.keys())
    if lacking:
        raise ModelError(f"{path} does not say: {', '.join(lacking)}.", _AGAIN)
    if manifest["labels"] != head_labels():
        raise ModelError(
            f"The labels of {folder} are not those of the taxonomy in force.",
            "Use the taxonomy that it was trained with, or train a bundle for yours with: ugc train",
        )
    absent = [name for name in {**dict.fromkeys(FILES), **manifest["files"]} if not (folder / name).is_file()]
    if absent:
        raise ModelError(f"The bundle {folder} lacks {', '.join(absent)}.", _AGAIN)
    found = Bundle(folder, manifest, profile)
    if profile not in found.profiles:
        raise ModelError(
            f"The bundle {folder} has no profile {profile!r}.", f"It offers: {', '.join(found.profiles)}."
        )
    return found
