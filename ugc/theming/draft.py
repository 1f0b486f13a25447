"""A theme as somebody is about to have it: what is typed, made fit to be kept."""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import dataclass, replace

from ugc import taxonomy
from ugc.lake.labels import Edit, Examples, Texts, ThemeRefused, shipped
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


_UNSEEN = re.compile(
    "[\x00-\x08\x0e-\x1b\x7f-\x84\x86-\x9f\xad\u061c\u200b\u200e\u200f\u202a-\u202e\u2060-\u206f\ufeff\ud800-\udfff]"
)
"""Characters that nobody sees and that turn or break what stands around a name. Those that join letters and
emoji stay."""

_HALF = re.compile("[\ud800-\udfff]")
"""Halves of characters, which no file can hold."""

_SEEN = re.compile("[^\\s\u200c\u200d]")


def _plain(text: str) -> str:
    """A text on one line, without space around it."""
    return " ".join(_HALF.sub("", text).split())


def _label(text: str) -> str:
    """A name or meaning on one line, of characters that are seen; empty where there is none."""
    plain = " ".join(_UNSEEN.sub("", text).split())
    return plain if _SEEN.search(plain) else ""


def _clause(text: str) -> str:
    """An example on one line, as customers wrote it; empty where nothing of it is seen."""
    return _plain(text) if _label(text) else ""


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
            ThemeRefused: there is neither.
        """
        if edit is not None:
            return cls(key, edit.names, edit.covers, edit.examples, edit.threshold)
        label = shipped(key)
        if label is None:
            raise ThemeRefused(
                f"There is no theme {key!r}.",
                f"Known: {', '.join(taxonomy.keys('themes'))}.",
                why="unknown",
                name=key,
            )
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
            ru, en, pl = (_label(one) for one in texts)
            any_ = en or pl or ru
            return ru or any_, en or any_, pl or any_

        ru, en, pl = (
            tuple(dict.fromkeys(filter(None, (_clause(one) for one in own)))) for own in self.examples
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
