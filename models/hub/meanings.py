"""What the labels of a model mean, as a user says it: a line, or a file of JSON or TOML.

`LABEL_0=negative,LABEL_1=positive` names labels of the model (or their numbers) and classes of
ours, or `none`. Whether an entry is for the sentiment or for the emotion model, its class tells;
a file may also keep them apart in tables `sentiment` and `emotion`.
"""

from __future__ import annotations

import json
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, get_args

from models.hub.labels import CLASSES, NONE, Kind, meaning, simple
from ugc.errors import InputError

__all__ = ["Meaning", "read_meanings", "sort_out"]

_FORM = 'Write it as --labels "LABEL_0=negative,LABEL_1=positive", or name a file of JSON or TOML.'


@dataclass(frozen=True, slots=True)
class Meaning:
    """One label and the class it stands for, of one kind where the user says which."""

    label: str
    value: str
    kind: Kind | None = None


def read_meanings(given: str) -> tuple[Meaning, ...]:
    """The entries of `--labels`: of a file when one has that name, else of the line itself.

    Raises:
        InputError: the file cannot be read, or an entry is not a label, `=` and a class.
    """
    path = Path(given)
    if path.suffix.lower() in (".json", ".toml"):
        return tuple(_of_table(path, _table(path), None))
    found = []
    for entry in given.split(","):
        label, mark, value = (part.strip() for part in entry.rpartition("="))
        if not mark or not label or not value:
            raise InputError(f"--labels holds «{entry.strip()}», which names no label and class.", _FORM)
        found.append(Meaning(label, value))
    return tuple(found)


def _table(path: Path) -> dict[str, Any]:
    """The table that a file of JSON or TOML holds."""
    try:
        text = path.read_text(encoding="utf-8")
        table = json.loads(text) if path.suffix.lower() == ".json" else tomllib.loads(text)
    except (OSError, ValueError) as error:
        raise InputError(f"The labels in {path} cannot be read: {error}.", _FORM) from error
    if not isinstance(table, dict):
        raise InputError(f"{path} holds no table of labels and classes.", _FORM)
    return table


def _of_table(path: Path, table: dict[str, Any], kind: Kind | None) -> Iterator[Meaning]:
    """The entries of a table, and of those within it that are named by a kind."""
    for label, value in table.items():
        if kind is None and isinstance(value, dict) and label in CLASSES:
            yield from _of_table(path, value, next(one for one in get_args(Kind) if one == label))
        elif isinstance(value, str):
            yield Meaning(label, value, kind)
        else:
            raise InputError(f"{path} gives no class for the label {label}.", _FORM)


def sort_out(meanings: Sequence[Meaning], labels: Mapping[Kind, Sequence[str]]) -> dict[Kind, dict[int, str]]:
    """The entries by model: for each kind, class (or `NONE`) by number of the label.

    `none`, and for emotions `neutral`, may be meant for either model: an entry that names a class
    of that model wins over them.

    Args:
        meanings: what the user says.
        labels: labels of the models that are in use, by kind.

    Raises:
        InputError: an entry names no class, no label of these models, or contradicts another.
    """
    found: dict[Kind, dict[int, str]] = {kind: {} for kind in labels}
    vague: dict[Kind, dict[int, str]] = {kind: {} for kind in labels}
    for one in meanings:
        for kind, value in _wanted(one, labels):
            for i in _places(one.label, labels[kind]):
                own = vague if value == NONE else found
                if own[kind].setdefault(i, value) != value:
                    raise InputError(f"The label {one.label} is given two classes.", _FORM)
    return {kind: vague[kind] | found[kind] for kind in labels}


def _wanted(one: Meaning, labels: Mapping[Kind, Sequence[str]]) -> list[tuple[Kind, str]]:
    """The models that an entry is for, with the class that it names there."""
    kinds: tuple[Kind, ...] = (one.kind,) if one.kind else get_args(Kind)
    read = {kind: NONE if simple(one.value) == NONE else meaning(kind, one.value) for kind in kinds}
    fitting = {kind: value for kind, value in read.items() if value is not None}
    if not fitting:
        known = "; ".join(f"{kind}: {', '.join(CLASSES[kind])}" for kind in kinds)
        raise InputError(f"{one.value} is no class of ours.", f"Use {NONE} or one of {known}.")
    used = {kind: value for kind, value in fitting.items() if kind in labels}
    if not used:
        kind = next(iter(fitting))
        raise InputError(
            f"{one.label}={one.value} is for a model of {kind}, and none is used.",
            f"Name one by --{kind}-model, or leave the entry out.",
        )
    there = [(kind, value) for kind, value in used.items() if _places(one.label, labels[kind])]
    if not there:
        own = "; ".join(f"{kind}: {', '.join(labels[kind])}" for kind in used)
        raise InputError(f"No label of the model is called {one.label}.", f"It has {own}.")
    return there


def _places(label: str, names: Sequence[str]) -> list[int]:
    """Numbers of the labels that a user's word names: by name, else by number."""
    named = [i for i, name in enumerate(names) if simple(name) == simple(label)]
    if not named and label.strip().isdecimal() and int(label) < len(names):
        return [int(label)]
    return named
