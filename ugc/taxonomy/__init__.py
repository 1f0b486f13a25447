"""The labels of the product: themes, emotions, contact types, loyalty, touchpoints, stages.

Each kind lies in one TOML file beside this module, with names in Russian, English and Polish.
They are read once, at first use. A lake may hold edits of them and labels of its own; those of the lake
that was last looked at are in force for the whole process, for it is by their names that people know them.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cache
from importlib import resources
from typing import Any

from ugc.errors import TaxonomyError

__all__ = ["KINDS", "LANGUAGES", "Label", "keys", "label", "labels", "revise", "shipped"]

LANGUAGES = ("ru", "en", "pl")
"""Languages of the interface and of the names; the first is the default."""

KINDS = (
    "themes",
    "emotions",
    "contact",
    "loyalty",
    "touchpoints",
    "stages",
    "sentiments",
    "polarities",
    "effort",
)
"""Kinds of labels; each has a file of that name."""


@dataclass(frozen=True, slots=True)
class Label:
    """One label: its key and, by language, its names, what it covers, and clauses that are examples of it."""

    key: str
    names: dict[str, str]
    covers: dict[str, str]
    stage: str | None = None
    """Stage of the customer's way; of touchpoints alone."""
    examples: dict[str, tuple[str, ...]] = field(default_factory=dict)
    own: bool = False
    """Whether a person added it; the model knows nothing of it."""

    def name(self, language: str = "en") -> str:
        """Name in a language; English where the language is not one of ours."""
        return self.names.get(language, self.names["en"])


def _read(kind: str, entry: dict[str, Any]) -> Label:
    """One TOML entry as a label; `TaxonomyError` when a key or a name is missing."""
    key = entry.get("key")
    names = entry.get("name", {})
    absent = [language for language in LANGUAGES if not names.get(language)]
    if not key or absent:
        raise TaxonomyError(
            f"The label {key!r} in {kind}.toml has no name in {', '.join(absent) or 'any language'}.",
            'Give it key = "…" and name = { ru = "…", en = "…", pl = "…" }.',
        )
    examples = {language: tuple(said) for language, said in entry.get("examples", {}).items()}
    return Label(key, names, entry.get("covers", {}), entry.get("stage"), examples)


@cache
def shipped(kind: str) -> tuple[Label, ...]:
    """The labels of a kind that come with the product; `TaxonomyError` for an unknown kind or a bad file."""
    if kind not in KINDS:
        raise TaxonomyError(f"There is no kind of label called {kind!r}.", f"Known: {', '.join(KINDS)}.")
    text = resources.files(__package__).joinpath(f"{kind}.toml").read_text(encoding="utf-8")
    found = tuple(_read(kind, entry) for entry in tomllib.loads(text)["label"])
    doubled = {one.key for one in found if sum(other.key == one.key for other in found) > 1}
    if doubled:
        raise TaxonomyError(f"{kind}.toml names {', '.join(sorted(doubled))} twice.", "Keep one of each.")
    return found


_REVISED: dict[str, tuple[Label, ...]] = {}
"""All labels of each kind that a lake has edits of; a kind's tuple is replaced whole, never changed."""


def revise(kind: str, edited: Iterable[Label]) -> None:
    """Puts labels in force in place of the shipped ones with their keys, and own ones behind those.

    What an earlier call put in force no longer is.
    """
    by_key = {one.key: one for one in edited}
    if not by_key:
        _REVISED.pop(kind, None)
        return
    named = [by_key.pop(one.key, one) for one in shipped(kind)]
    _REVISED[kind] = (*named, *by_key.values())


def labels(kind: str) -> tuple[Label, ...]:
    """All labels of a kind in force, in their order; `TaxonomyError` for an unknown kind or a bad file."""
    return _REVISED.get(kind) or shipped(kind)


def keys(kind: str) -> tuple[str, ...]:
    """Keys of all labels of a kind in their order."""
    return tuple(one.key for one in labels(kind))


def label(kind: str, key: str) -> Label:
    """The label of a kind with this key; `TaxonomyError` when there is none."""
    for one in labels(kind):
        if one.key == key:
            return one
    raise TaxonomyError(f"There is no {kind} label {key!r}.", f"Known: {', '.join(keys(kind))}.")
