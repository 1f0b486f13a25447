"""Checkpoints of a run of training: what is needed to go on after it was ended at any moment.

A checkpoint holds the weights that are trained, the state of optimiser and rates, the state of the
random generator and the place in the plan. Everything else (order of batches, frozen weights) is
made anew from the same seed and the same start, so a run that goes on gives the weights that an
unbroken one would have given, to the last bit, on the same machine and number of threads.
"""

from __future__ import annotations

import hashlib
import json
import os
import pickle
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

import torch
from torch import nn

from ugc.errors import ModelError

__all__ = ["EVERY", "STAGES", "Keeper", "Place", "run_key"]

STAGES = ("heads", "all")
"""Stages of training in their order: heads on frozen vectors, then encoder and heads."""

EVERY = 120.0
"""Seconds between two checkpoints within an epoch."""

_FORMAT = 1


class _Stateful(Protocol):
    """An optimiser or a schedule of rates."""

    def state_dict(self) -> dict[str, Any]:
        """Its state."""

    def load_state_dict(self, state_dict: dict[str, Any]) -> None:
        """Takes a state."""


@dataclass(frozen=True, slots=True)
class Place:
    """How far a stage has come: `step` steps of the epoch are done, with this sum of losses."""

    epoch: int = 0
    step: int = 0
    loss_sum: float = 0.0


def run_key(*parts: Any) -> str:
    """A text that differs whenever a run differs in what it learns from, where it starts or how.

    Args:
        parts: values that JSON can hold.
    """
    whole = json.dumps(parts, ensure_ascii=False, sort_keys=True, default=str)
    return hashlib.sha256(whole.encode("utf-8", "surrogatepass")).hexdigest()[:24]


class Keeper:
    """Writes the checkpoints of one run and gives back what an earlier, broken run left."""

    def __init__(
        self,
        path: Path,
        key: str,
        say: Callable[[str], None] = lambda line: None,
        *,
        every: float = EVERY,
        restart: bool = False,
    ) -> None:
        """Looks for a checkpoint and takes it up when it is one of this run.

        Args:
            path: file of the checkpoint; its folder is made.
            key: what `run_key` gives for this run.
            say: told whether training goes on or starts anew, and why.
            every: least seconds between two checkpoints within an epoch; 0 keeps each step.
            restart: leave an earlier checkpoint unread.

        Raises:
            ModelError: the folder cannot be made.
        """
        self.path = path
        self._key = key
        self._every = every
        self._last = time.monotonic()
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise _unwritable(path, error) from error
        self._found = None if restart else self._look(say)
        if self._found is not None:
            place = self._found["place"]
            say(f"going on from the checkpoint in {path.parent}: {_words(self._found['stage'], place)}")

    def _look(self, say: Callable[[str], None]) -> dict[str, Any] | None:
        """The checkpoint of this run, or `None`; says why another one is left unread."""
        if not self.path.is_file():
            return None
        try:
            found = torch.load(self.path, weights_only=True, map_location="cpu")
        except (OSError, EOFError, RuntimeError, pickle.UnpicklingError) as error:
            say(f"the checkpoint {self.path} cannot be read ({type(error).__name__}); training starts anew")
            return None
        if not isinstance(found, dict) or found.get("format") != _FORMAT or found.get("key") != self._key:
            say(
                f"the checkpoint {self.path} is of another run (other reviews, start or options); "
                "training starts anew"
            )
            return None
        return found

    def past(self, stage: str) -> bool:
        """Whether the earlier run had come to a later stage."""
        return self._found is not None and STAGES.index(self._found["stage"]) > STAGES.index(stage)

    def take_up(self, stage: str, network: nn.Module, *states: _Stateful) -> Place:
        """Puts back what the earlier run left in this stage; the beginning when it left nothing."""
        if self._found is None or self._found["stage"] != stage:
            return Place()
        found, self._found = self._found, None
        network.load_state_dict(found["weights"], strict=False)
        for one, state in zip(states, found["states"], strict=True):
            one.load_state_dict(state)
        torch.set_rng_state(found["random"])
        return Place(*found["place"])

    def keep(
        self,
        stage: str,
        place: Place,
        network: nn.Module,
        *states: _Stateful,
        frozen: str,
        now: bool = False,
    ) -> None:
        """Writes a checkpoint when it is time; the file is whole at every moment.

        Args:
            stage: one of STAGES.
            place: how far it has come.
            network: what is trained.
            states: optimiser and rates, in the order in which `take_up` gets them.
            frozen: beginning of the names of the weights that this stage does not change.
            now: whether to write without waiting for the time.

        Raises:
            ModelError: the file cannot be written.
        """
        if not now and time.monotonic() - self._last < self._every:
            return
        weights = {name: one for name, one in network.state_dict().items() if not name.startswith(frozen)}
        found = {
            "format": _FORMAT,
            "key": self._key,
            "stage": stage,
            "place": (place.epoch, place.step, place.loss_sum),
            "weights": weights,
            "states": [one.state_dict() for one in states],
            "random": torch.get_rng_state(),
        }
        beside = self.path.with_name(self.path.name + ".new")
        try:
            with beside.open("wb") as file:
                torch.save(found, file)
                file.flush()
                os.fsync(file.fileno())
            beside.replace(self.path)
        except (OSError, RuntimeError) as error:
            raise _unwritable(self.path, error) from error
        self._last = time.monotonic()


def _words(stage: str, place: tuple[int, int, float]) -> str:
    """A place in words."""
    epoch, step, _ = place
    what = "heads" if stage == "heads" else "encoder and heads"
    return f"{what}, epoch {epoch + 1}, {step} steps into it" if step else f"{what}, {epoch} epochs done"


def _unwritable(path: Path, error: Exception) -> ModelError:
    return ModelError(
        f"The checkpoint {path} cannot be written: {error}.",
        "Make room there or name another folder by --out; what was kept before is still good.",
    )
