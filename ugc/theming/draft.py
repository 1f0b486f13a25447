"""A theme as somebody is about to have it: what is typed, made fit to be kept."""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import dataclass, replace

from ugc import taxonomy
from ugc.errors import InputError
from ugc.lake.labels import Edit, Examples, Texts, shipped
from ugc.taxonomy import LANGUAGES

__all__ = ["Draft"]

_NOTHING: Texts = ("", "", "")

_LATIN = dict(
    zip("абвгдезийклмнопрстуфыэёąćęłńóśźż", "abvgdeziyklmnoprstufyeeacelnoszz", strict=True),
    ж="zh",
    х="kh",
    ц="ts",
    ч="ch",
    ш="sh",
    щ="shch",
    ъ="",
    ь="",
    ю="yu",
    я="ya",
)
"""Cyrillic letters as they are commonly written in Latin ones, and Polish letters without their marks."""

_LONGEST_KEY = 40


def _plain(text: str) -> str:
    """A text on one line, without space around it."""
    return " ".join(text.split())


@dataclass(frozen=True)
class Draft:
    """A theme before it is saved; texts and examples are in the order of LANGUAGES.

    Attributes:
        key: key of the theme that is edited; `None` for a new one of one's own.
        names: names; one left empty is filled from another language.
        covers: what it covers; may be empty.
        examples: clauses as customers say them.
        threshold: likeness from which on a clause belongs; `None` where examples draw nothing.
    """

    key: str | None = None
    names: Texts = _NOTHING
    covers: Texts = _NOTHING
    examples: Examples = ((), (), ())
    threshold: float | None = None

    @classmethod
    def of(cls, key: str, edit: Edit | None = None) -> Draft:
        """What is in force: the `edit` of a theme, or the theme as it is shipped.

        Raises:
            InputError: there is neither.
        """
        if edit is not None:
            return cls(key, edit.names, edit.covers, edit.examples, edit.threshold)
        label = shipped(key)
        if label is None:
            raise InputError(f"There is no theme {key!r}.", f"Known: {', '.join(taxonomy.keys('themes'))}.")
        names, covers = (
            tuple(texts.get(language, "") for language in LANGUAGES) for texts in (label.names, label.covers)
        )
        ru, en, pl = (label.examples.get(language, ()) for language in LANGUAGES)
        return cls(key, (names[0], names[1], names[2]), (covers[0], covers[1], covers[2]), (ru, en, pl))

    @property
    def own(self) -> bool:
        """Whether it is a person's own theme."""
        return self.key is None or shipped(self.key) is None

    def said(self) -> tuple[tuple[str, str], ...]:
        """All examples, each with its language."""
        return tuple(
            (one, language)
            for language, spoken in zip(LANGUAGES, self.examples, strict=True)
            for one in spoken
        )

    def tidy(self) -> Draft:
        """The same on single lines, empty and doubled examples left out, names that lack filled.

        A name comes from English, Polish or Russian, the first that has one; so does a meaning.
        """

        def filled(texts: Texts) -> Texts:
            ru, en, pl = (_plain(one) for one in texts)
            any_ = en or pl or ru
            return ru or any_, en or any_, pl or any_

        ru, en, pl = (
            tuple(dict.fromkeys(filter(None, (_plain(one) for one in own)))) for own in self.examples
        )
        return replace(self, names=filled(self.names), covers=filled(self.covers), examples=(ru, en, pl))

    def named_key(self, taken: Collection[str]) -> str:
        """A key for a new theme, made from its name in Latin letters, unlike all that are `taken`."""
        name = next(filter(None, (self.names[1], self.names[2], self.names[0])), "")
        latin = "".join(_LATIN.get(letter, letter) for letter in name.lower())
        words = re.findall(r"[a-z0-9]+", latin)
        made = "_".join(words)[:_LONGEST_KEY].strip("_")
        made = made if made[:1].isalpha() else f"own_{made}"[:_LONGEST_KEY].strip("_")
        place, key = 2, made
        while key in taken:
            key, place = f"{made[: _LONGEST_KEY - 4]}_{place}", place + 1
        return key
