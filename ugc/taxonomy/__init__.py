"""The labels of the product: themes, emotions, contact types, loyalty, touchpoints, stages.

Each kind lies in one TOML file beside this module, with names in Russian, English and Polish.
They are read once, at first use.
"""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Any

from ugc.errors import TaxonomyError

__all__ = ["KINDS", "LANGUAGES", "Label", "keys", "label", "labels"]

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
    """One label: its key, its names by language, what it covers, and a touchpoint's stage."""

    key: str
    names: dict[str, str]
    covers: dict[str, str]
    stage: str | None = None

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
    return Label(key, names, entry.get("covers", {}), entry.get("stage"))


@cache
def labels(kind: str) -> tuple[Label, ...]:
    """All labels of a kind in their order; `TaxonomyError` for an unknown kind or a bad file."""
    if kind not in KINDS:
        raise TaxonomyError(f"There is no kind of label called {kind!r}.", f"Known: {', '.join(KINDS)}.")
    text = resources.files(__package__).joinpath(f"{kind}.toml").read_text(encoding="utf-8")
    found = tuple(_read(kind, entry) for entry in tomllib.loads(text)["label"])
    doubled = {one.key for one in found if sum(other.key == one.key for other in found) > 1}
    if doubled:
        raise TaxonomyError(f"{kind}.toml names {', '.join(sorted(doubled))} twice.", "Keep one of each.")
    return found


def keys(kind: str) -> tuple[str, ...]:
    """Keys of all labels of a kind in their order."""
    return tuple(one.key for one in labels(kind))


def label(kind: str, key: str) -> Label:
    """The label of a kind with this key; `TaxonomyError` when there is none."""
    for one in labels(kind):
        if one.key == key:
            return one
    raise TaxonomyError(f"There is no {kind} label {key!r}.", f"Known: {', '.join(keys(kind))}.")
