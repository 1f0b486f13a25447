"""A text-classification model of the hub, loaded by name or folder and run in single precision.

The one module outside training that imports torch and transformers; import it inside a function.
Code that comes with a model is never run, and a model is used only when all its weights, the
classifying head among them, come from its files: transformers would fill the rest at random.
"""

from __future__ import annotations

import inspect
import logging
import pickle
import struct
import zipfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import torch
from safetensors import SafetensorError
from transformers import AutoConfig, AutoModelForSequenceClassification, AutoTokenizer
from transformers.utils import logging as hub_logging

from models.hub.folder import find
from models.hub.windows import Framed
from ugc.errors import ModelError

__all__ = ["BATCH_TOKENS", "BATCH_WINDOWS", "Network", "load"]

BATCH_WINDOWS = 32
"""Most windows in one run of the model."""

BATCH_TOKENS = 4096
"""Most tokens in one run, with padding."""

_HEAD = "ForSequenceClassification"

_LOADING = (
    OSError,
    ValueError,
    LookupError,
    RuntimeError,
    ImportError,
    TypeError,
    AttributeError,
    EOFError,
    struct.error,
    pickle.UnpicklingError,
    zipfile.BadZipFile,
    SafetensorError,
)
"""What the libraries raise over files that are absent, damaged or not for them: no class in common."""


class Network:
    """A loaded model with its tokenizer.

    Attributes:
        name: as it was asked for.
        fingerprint: commit of the hub, or a hash of the folder's files.
        labels: its labels, in the order of its answers.
        multi_label: whether several labels may hold at once, so that each has a sigmoid.
        tokenizer: its tokenizer.
        positions: most tokens it takes, special ones included; `None` when it names no limit.
    """

    def __init__(self, name: str, fingerprint: str, model: Any, tokenizer: Any) -> None:
        config = model.config
        config.return_dict = True
        self.name, self.fingerprint, self.tokenizer = name, fingerprint, tokenizer
        self._device = torch.device("cuda" if torch.cuda.is_available() else "cpu")
        self._model = model.float().eval().to(self._device)
        self.labels = _labels(name, config)
        self.multi_label = (
            config.problem_type == "multi_label_classification"
            or getattr(config, "function_to_apply", None) == "sigmoid"
        )
        self.positions = _positions(model)
        self._takes = frozenset(inspect.signature(model.forward).parameters)
        self._pad: int | None = getattr(config, "pad_token_id", None)
        # Padding before a text would shift the positions that some models count from the first token.
        self._pads = (
            self._pad is not None and "attention_mask" in self._takes and tokenizer.padding_side == "right"
        )

    def logits(self, windows: Sequence[Framed], threads: int | None = None) -> npt.NDArray[np.float32]:
        """Logits (windows, labels), in the order of the windows.

        They are run in batches of about one length. Padding is masked, so that a window's answer
        does not depend on its batch; a model that cannot be padded so reads one window at a time.

        Raises:
            ModelError: the answers are not numbers.
        """
        found = np.zeros((len(windows), len(self.labels)), np.float32)
        with _threads(threads), torch.inference_mode():
            for batch in self._batches(windows):
                found[batch] = self._run([windows[i] for i in batch])
        if not np.isfinite(found).all():
            raise ModelError(f"The answers of {self.name} are no numbers.", "Use another model.")
        return found

    def _batches(self, windows: Sequence[Framed]) -> Iterator[list[int]]:
        """Numbers of the windows of each batch, the longest first."""
        batch: list[int] = []
        for i in sorted(range(len(windows)), key=lambda i: -len(windows[i].ids)):
            longest = len(windows[batch[0]].ids) if batch else 0
            full = len(batch) == BATCH_WINDOWS or (len(batch) + 1) * longest > BATCH_TOKENS
            if batch and (full or not self._pads):
                yield batch
                batch = []
            batch.append(i)
        if batch:
            yield batch

    def _run(self, windows: Sequence[Framed]) -> npt.NDArray[np.float32]:
        """Logits (windows, labels) of one batch."""
        width = max(len(window.ids) for window in windows)
        ids = np.full((len(windows), width), self._pad or 0, np.int64)
        types = np.zeros_like(ids)
        mask = np.zeros_like(ids)
        for row, window in enumerate(windows):
            size = len(window.ids)
            ids[row, :size], mask[row, :size] = window.ids, 1
            if window.types is not None:
                types[row, :size] = window.types
        given = {"input_ids": ids, "attention_mask": mask}
        if windows[0].types is not None:
            given["token_type_ids"] = types
        answer = self._model(
            **{
                name: torch.from_numpy(values).to(self._device)
                for name, values in given.items()
                if name in self._takes
            }
        )
        logits: npt.NDArray[np.float32] = answer.logits.float().cpu().numpy()
        return logits


def load(name: str, revision: str | None = None) -> Network:
    """Loads a model from a folder, from the hub's cache, or, when it is not there, from the hub.

    Args:
        name: a folder, or OWNER/NAME on the hub.
        revision: the commit to take, for instance that of another process.

    Raises:
        ModelError: it cannot be had or read, or is no classifier of texts.
    """
    folder, fingerprint = find(name, revision)
    return _open(name, folder, fingerprint)


@contextmanager
def _quietly() -> Iterator[None]:
    """Keeps transformers from telling and drawing bars while it loads; what matters is raised."""
    level, drawing = hub_logging.get_verbosity(), hub_logging.is_progress_bar_enabled()
    hub_logging.set_verbosity(logging.CRITICAL)
    hub_logging.disable_progress_bar()  # type: ignore[no-untyped-call]
    try:
        yield
    finally:
        hub_logging.set_verbosity(level)
        if drawing:
            hub_logging.enable_progress_bar()  # type: ignore[no-untyped-call]


@contextmanager
def _threads(count: int | None) -> Iterator[None]:
    """Lets torch use so many threads for a while, all that it would when `None`."""
    before = torch.get_num_threads()
    if count is not None:
        torch.set_num_threads(count)
    try:
        yield
    finally:
        torch.set_num_threads(before)


class _Explained:
    """While it is open, what the libraries raise over files that are no use becomes a `ModelError`."""

    def __init__(self, name: str) -> None:
        self._name = name

    def __enter__(self) -> None:
        """Nothing to prepare."""

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: object) -> None:
        """Explains an error of the kinds that mean unusable files; others pass."""
        # The library of tokenizers raises plain exceptions, of no class of its own.
        if not isinstance(error, _LOADING) and kind is not Exception:
            return
        what = " ".join(str(error).split())[:300]
        mend = "Fetch it again, or use another model."
        if "sentencepiece" in what or "tiktoken" in what:
            mend = "If it keeps its vocabulary in SentencePiece's format: pip install sentencepiece"
        raise ModelError(f"The model {self._name} cannot be loaded: {what}", mend) from error


def _open(name: str, folder: Path, fingerprint: str) -> Network:
    """Loads the model of a folder; `ModelError` says what is wrong with it."""
    with _Explained(name), _quietly():
        config = AutoConfig.from_pretrained(folder, trust_remote_code=False)
        made_for = list(config.architectures or ())
        if made_for and not any(one.endswith(_HEAD) for one in made_for):
            raise _other_task(name, f"was made for another task ({', '.join(made_for)})")
        tokenizer = AutoTokenizer.from_pretrained(folder, trust_remote_code=False)
        model, told = AutoModelForSequenceClassification.from_pretrained(
            folder, config=config, trust_remote_code=False, output_loading_info=True
        )
        if told["missing_keys"]:
            lacking = ", ".join(sorted(told["missing_keys"])[:3])
            raise _other_task(name, f"lacks trained weights ({lacking})")
        return Network(name, fingerprint, model, tokenizer)


def _other_task(name: str, why: str) -> ModelError:
    """The error for a model without a trained head for classes of texts."""
    return ModelError(
        f"{name} cannot classify texts: it {why}.",
        "Use a model of the kind text-classification; the hub shows the kind on the model's page.",
    )


def _labels(name: str, config: Any) -> tuple[str, ...]:
    """The labels of a model; `ModelError` when it gives one number instead of classes."""
    if config.num_labels < 2 or config.problem_type == "regression":
        raise _other_task(name, "gives a number, not classes")
    return tuple(str(config.id2label.get(i, f"LABEL_{i}")) for i in range(config.num_labels))


def _positions(model: Any) -> int | None:
    """Most tokens that a model has positions for, `None` where it names no limit.

    Families such as RoBERTa count positions from behind that of the padding.
    """
    limit = getattr(model.config, "max_position_embeddings", None)
    if not isinstance(limit, int) or limit < 1:
        return None
    for module in model.modules():
        own = isinstance(module, torch.nn.Embedding) and module is not model.get_input_embeddings()
        if own and module.num_embeddings == limit and module.padding_idx is not None:
            return limit - int(module.padding_idx) - 1
    return limit
