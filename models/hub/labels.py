"""What the labels of somebody else's model mean in our classes.

The names that models use stand in `labels.toml`. Two rules stand here:

- Stars stand for sentiment: one and two are negative, three is mixed, four and five positive. A
  model of stars therefore never says neutral. Bare digits are stars when they are just 1 to 5.
- Where several labels stand for one of our classes, their probabilities add up when the labels
  exclude one another; otherwise the largest counts.
"""

from __future__ import annotations

import re
import tomllib
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Literal

import numpy as np
import numpy.typing as npt

from models.labels import EMOTIONS, SENTIMENTS
from ugc.errors import ModelError

__all__ = ["CLASSES", "NONE", "Kind", "LabelMap", "label_map", "meaning", "simple"]

Kind = Literal["sentiment", "emotion"]

CLASSES: dict[Kind, tuple[str, ...]] = {"sentiment": SENTIMENTS, "emotion": EMOTIONS}
"""Our classes of each kind, in their order."""

NONE = "none"
"""What a label means that shows none of our classes."""

_FILE = Path(__file__).with_name("labels.toml")
_STARS = ("negative", "negative", "mixed", "positive", "positive")
_STAR_WORD = r"(?:stars?|звезд\w*|gwiazd\w*)"
_COUNTED = re.compile(rf"([1-5]) ?{_STAR_WORD}|{_STAR_WORD} ?([1-5])")
_NUMBERED = re.compile(r"(?:(?:label|class|klasa|id) ?)?\d+")


def simple(label: str) -> str:
    """A label as labels are compared: no case, accents or marks at the ends; `_` and `-` are spaces."""
    apart = unicodedata.normalize("NFKD", label.casefold().replace("ł", "l"))
    bare = "".join(" " if one in "_-/" else one for one in apart if not unicodedata.combining(one))
    words = re.sub(r"^\W+|\W+$", "", bare).split()
    if words[:1] == ["label"] and not words[-1].isdecimal():
        # "__label__positive" and PolEmo's "__label__meta_plus_m"; LABEL_0 keeps its word.
        words = words[2:] if words[1:2] == ["meta"] else words[1:]
    return " ".join(words) or label.strip()


@cache
def _known(kind: Kind) -> Mapping[str, str]:
    """Class by label as compared, of one kind."""
    table = tomllib.loads(_FILE.read_text(encoding="utf-8"))[kind]
    return {simple(name): target for target, names in table.items() for name in names}


def _stars(label: str) -> int | None:
    """How many stars a label names, or `None` when it names none."""
    drawn = label.count("★") + label.count("⭐")
    if drawn:
        return drawn if drawn <= len(_STARS) else None
    counted = _COUNTED.fullmatch(simple(label))
    return int(counted[1] or counted[2]) if counted else None


def meaning(kind: Kind, label: str) -> str | None:
    """The class of ours that a label names, `NONE` when it names the lack of one, `None` if unknown."""
    known = _known(kind).get(simple(label))
    if known is None and kind == "sentiment":
        stars = _stars(label)
        return _STARS[stars - 1] if stars else None
    return known


@dataclass(frozen=True, slots=True)
class LabelMap:
    """The labels of a model and the class of ours that each stands for.

    Attributes:
        kind: what the model reads.
        names: its labels, in the order of its answers.
        targets: our class of each; `None` where it stands for none.
        dropped: labels that say something for which we have no class.
    """

    kind: Kind
    names: tuple[str, ...]
    targets: tuple[str | None, ...]
    dropped: tuple[str, ...]

    @property
    def known(self) -> tuple[str, ...]:
        """Our classes that the model can say."""
        return tuple(one for one in CLASSES[self.kind] if one in self.targets)

    @property
    def unknown(self) -> tuple[str, ...]:
        """Our classes that it never says: their probability is always zero."""
        return tuple(one for one in CLASSES[self.kind] if one not in self.targets)

    def gather(self, p: npt.NDArray[np.float32], *, exclusive: bool) -> npt.NDArray[np.float32]:
        """Probabilities of our classes (…, classes) from those of the model's labels (…, labels)."""
        found = np.zeros((*p.shape[:-1], len(CLASSES[self.kind])), np.float32)
        for at, name in enumerate(CLASSES[self.kind]):
            own = p[..., [i for i, target in enumerate(self.targets) if target == name]]
            if own.shape[-1]:
                found[..., at] = own.sum(axis=-1) if exclusive else own.max(axis=-1)
        return found


def label_map(model: str, kind: Kind, names: Sequence[str], said: Mapping[int, str]) -> LabelMap:
    """The map of a model's labels.

    Args:
        model: its name, for messages.
        kind: what it is to read.
        names: its labels in order.
        said: classes that the user named, by the number of the label; they win over the names.

    Raises:
        ModelError: the labels are mere numbers, or too few of them name a class of ours.
    """
    digits = {simple(name) for name in names} == set("12345") and kind == "sentiment"
    found = [
        said.get(i) or (_STARS[int(simple(name)) - 1] if digits else meaning(kind, name))
        for i, name in enumerate(names)
    ]
    unsaid = [name for name, own in zip(names, found, strict=True) if not own]
    bare = [name for name in unsaid if _NUMBERED.fullmatch(simple(name))]
    if bare:
        raise ModelError(
            f"The labels of {model} do not say what they mean: {', '.join(names)}.",
            _how(kind, bare),
        )
    targets = tuple(None if own == NONE else own for own in found)
    made = LabelMap(kind, tuple(names), targets, tuple(unsaid))
    if len(made.known) < (2 if kind == "sentiment" else 1):
        raise ModelError(
            f"{model} does not read {kind}, as far as its labels tell: {', '.join(names)}.",
            f"If it does: {_how(kind, names)}",
        )
    return made


def _how(kind: Kind, names: Sequence[str]) -> str:
    """How a user says what labels mean."""
    option = ",".join(f"{name}=…" for name in names)
    return (
        f'Say it by --labels "{option}" with one of {", ".join(CLASSES[kind])}, {NONE} after each =; '
        "the model's page on the hub tells which."
    )
