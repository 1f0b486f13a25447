"""Where a model of the hub lies: in a folder of the user's, in the hub's cache, or to be fetched into it.

What lies in the cache is used as it is: a model changes under its name only when the user fetches
it anew.
"""

from __future__ import annotations

import hashlib
import json
import re
from pathlib import Path

from huggingface_hub import snapshot_download
from huggingface_hub.errors import (
    GatedRepoError,
    HfHubHTTPError,
    LocalEntryNotFoundError,
    RepositoryNotFoundError,
)

from models.bundle import digest
from ugc.errors import ModelError

__all__ = ["find"]

_SAFE, _PICKLED = "model*.safetensors", "pytorch_model*.bin"
_BESIDE = ("*.json", "*.txt", "*.model", "*.codes")
_INNER = "*/*"
_NOT_THE_MODEL = re.compile(r"README.*|.*_(?:state|results)\.json")
_NAME = re.compile(r"(?:\w[\w.-]*/)?\w[\w.-]*", re.ASCII)

_UNREACHED: tuple[type[Exception], ...] = (
    ValueError,
    *(base for base in HfHubHTTPError.__bases__ if issubclass(base, Exception)),
)
"""What an ill name raises, and a broken line: `OSError`, and the root of the HTTP library in use."""


def find(name: str, revision: str | None = None) -> tuple[Path, str]:
    """The folder of a model, and what its answers hang on: a commit, or a hash of the folder's files.

    Args:
        name: a folder, or OWNER/NAME on the hub, which is fetched unless the cache holds it.
        revision: the commit of the hub to take, for instance that of another process.

    Raises:
        ModelError: there is no such model, or the hub does not give it.
    """
    folder = Path(name)
    if folder.is_dir():
        return folder, _digest(folder)
    if not _NAME.fullmatch(name):
        raise ModelError(
            f"There is no folder {name}.", "Name a folder that holds config.json, or OWNER/NAME on the hub."
        )
    try:
        folder = _cached(name, revision) or _fetched(name, revision)
    except _UNREACHED as error:
        raise _out_of_reach(name, error) from error
    return folder, folder.name


def _cached(name: str, revision: str | None) -> Path | None:
    """The folder of a model in the hub's cache, or `None` unless it is there with its weights."""
    try:
        folder = Path(
            snapshot_download(
                name,
                revision=revision,
                allow_patterns=[*_BESIDE, _SAFE],
                ignore_patterns=_INNER,
                local_files_only=True,
            )
        )
    except LocalEntryNotFoundError:
        return None
    weights = {path.name for path in _weights(folder)}
    kind = "model*" if any(name.endswith(".safetensors") for name in weights) else "pytorch_model*"
    index = [json.loads(one.read_text("utf-8")) for one in folder.glob(f"{kind}.index.json")]
    shards = {shard for one in index for shard in one.get("weight_map", {}).values()}
    return folder if (folder / "config.json").is_file() and weights and shards <= weights else None


def _fetched(name: str, revision: str | None) -> Path:
    """Fetches a model from the hub: what lies at its top, weights as safetensors where there are any."""
    folder = Path(
        snapshot_download(name, revision=revision, allow_patterns=[*_BESIDE, _SAFE], ignore_patterns=_INNER)
    )
    if not _weights(folder):
        snapshot_download(name, revision=folder.name, allow_patterns=[_PICKLED], ignore_patterns=_INNER)
    return folder


def _weights(folder: Path) -> list[Path]:
    """The files of weights that a folder's model is read from."""
    return sorted(folder.glob(_SAFE)) or sorted(folder.glob(_PICKLED))


def _digest(folder: Path) -> str:
    """SHA-256 over the names and contents of the files that decide a model's answers."""
    beside = {path for pattern in _BESIDE for path in folder.glob(pattern)}
    whole = hashlib.sha256()
    for path in sorted([*beside, *_weights(folder)]):
        if not _NOT_THE_MODEL.fullmatch(path.name):
            whole.update(f"{path.name}\0{digest(path)}\0".encode())
    return whole.hexdigest()


def _out_of_reach(name: str, error: Exception) -> ModelError:
    """The error for a name that the hub does not know, does not give, or for a hub out of reach."""
    if isinstance(error, GatedRepoError):
        return ModelError(
            f"The hub gives {name} only to those who accepted its terms.",
            "Accept them on its page, then: hf auth login",
        )
    if isinstance(error, RepositoryNotFoundError):
        return ModelError(
            f"The hub has no model {name}, and there is no folder of that name.",
            "Check the name; for a private model: hf auth login",
        )
    return ModelError(
        f"The model {name} is not on this machine, and the hub did not give it: "
        f"{' '.join(str(error).split())[:160]} …",
        f"Look at the network; or name a folder, filled elsewhere by: hf download {name} --local-dir FOLDER",
    )
