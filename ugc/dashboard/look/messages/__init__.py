"""What the program says in English, in the reader's language.

Errors, notes and reasons are made where no page is near, in English: the command line shows them so.
The files beside hold the same as templates: an English text with numbered places, and what it is in
the language of the file. What no template knows stays English.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from functools import cache
from importlib import resources
from typing import NamedTuple

from markupsafe import Markup

__all__ = ["catalogue", "shown", "translated"]

_LONGEST = 2_000
"""Signs of a text that is looked at; a longer one is no message of ours."""

_PLACE = re.compile(r"\{(\d)\}")
_ENGLISH = Markup('<bdi lang="en">{}</bdi>')
_OWN = Markup("<bdi>{}</bdi>")


class _Template(NamedTuple):
    """The literal parts of an English text, the numbers of the places between them, and the translation."""

    parts: tuple[str, ...]
    places: tuple[str, ...]
    said: str

    def read(self, text: str) -> tuple[str, str] | None:
        """The translation of the beginning of a text, and what follows it; `None` where it is another text.

        Each place takes as little as it can, so the time is that of looking through the text once.
        """
        first, *others = self.parts
        if not text.startswith(first):
            return None
        at, held = len(first), dict[str, str]()
        for number, (place, literal) in enumerate(zip(self.places, others, strict=True)):
            last = number == len(others) - 1
            end = text.find(literal, at + 1) if literal else len(text)
            while last and end >= 0 and not _ends(text, end + len(literal)):
                end = text.find(literal, end + 1)
            if end < 0:
                return None
            held[place], at = text[at:end], end + len(literal)
        if not _ends(text, at):
            return None
        return _PLACE.sub(lambda found: held[found[1]], self.said), text[at:].lstrip(" ")


def _ends(text: str, at: int) -> bool:
    """Whether a message may end there: at the end, or before the next sentence."""
    return at == len(text) or (text[at] == " " and text[at - 1] in ".?!")


@cache
def catalogue(language: str) -> Mapping[str, str]:
    """English templates with what they are in a language; empty for English."""
    file = resources.files(__package__).joinpath(f"{language}.toml")
    found: dict[str, str] = {}
    if file.is_file():
        for part in tomllib.loads(file.read_text(encoding="utf-8")).values():
            found |= part
    return found


@cache
def _templates(language: str) -> tuple[_Template, ...]:
    """The templates, those with the most words of their own first: they say the most."""
    made = [
        _Template(tuple(_PLACE.split(english)[::2]), tuple(_PLACE.findall(english)), said)
        for english, said in catalogue(language).items()
    ]
    return tuple(sorted(made, key=lambda one: -sum(map(len, one.parts))))


def translated(text: str, language: str) -> str | None:
    """A message, one sentence or several, in a language; `None` where a part of it is not known."""
    if not text or len(text) > _LONGEST:
        return None
    for one in _templates(language):
        found = one.read(text)
        if found is None:
            continue
        said, rest = found
        if not rest:
            return said
        more = translated(rest, language)
        if more is not None:
            return f"{said} {more}"
    return None


def shown(text: str, language: str) -> Markup:
    """A message as safe HTML, in the reader's language; in English, marked so, where it is not known."""
    said = translated(text, language)
    if said is None:
        return (_OWN if language == "en" else _ENGLISH).format(text)
    return _OWN.format(said)
