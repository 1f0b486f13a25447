"""Words of the interface in Russian, English and Polish, with the plurals of each language.

They lie in the folders words/ru, en and pl, a file for each page, every key in all three. An entry is
a text with `{named}` places, a list of texts, or the forms of a plural, chosen by the value of `n`.
"""

from __future__ import annotations

import tomllib
from collections.abc import Callable, Mapping
from functools import cache
from importlib import resources
from typing import Any

from markupsafe import Markup, escape

from ugc import taxonomy

__all__ = ["FORMS", "LANGUAGES", "Words", "words"]

LANGUAGES = taxonomy.LANGUAGES
"""Languages of the interface."""

FORMS: dict[str, tuple[str, ...]] = {
    "ru": ("one", "few", "many"),
    "en": ("one", "other"),
    "pl": ("one", "few", "many"),
}
"""Plural forms of whole numbers in each language (CLDR)."""


def _russian(n: int) -> str:
    if n % 10 == 1 and n % 100 != 11:
        return "one"
    return "few" if n % 10 in (2, 3, 4) and n % 100 not in (12, 13, 14) else "many"


def _english(n: int) -> str:
    return "one" if n == 1 else "other"


def _polish(n: int) -> str:
    if n == 1:
        return "one"
    return "few" if n % 10 in (2, 3, 4) and n % 100 not in (12, 13, 14) else "many"


_PLURAL: dict[str, Callable[[int], str]] = {"ru": _russian, "en": _english, "pl": _polish}


def _flat(table: Mapping[str, Any], prefix: str = "") -> dict[str, Any]:
    """Nested tables as dotted keys; the forms of a plural stay together."""
    found: dict[str, Any] = {}
    for key, value in table.items():
        if isinstance(value, dict) and "one" not in value:
            found |= _flat(value, f"{prefix}{key}.")
        else:
            found[f"{prefix}{key}"] = value
    return found


class Words:
    """The words of one language: `words("ru")("found", n=3, count="3")` gives «Найдено 3 отзыва»."""

    def __init__(self, language: str) -> None:
        """Reads the words of `language`, one of LANGUAGES."""
        self.language = language
        self.entries: dict[str, Any] = {}
        for file in resources.files(__package__).joinpath("words", language).iterdir():
            self.entries |= _flat(tomllib.loads(file.read_text(encoding="utf-8")))

    def _template(self, key: str, values: Mapping[str, object]) -> str:
        entry = self.entries[key]
        if isinstance(entry, dict):
            return str(entry[_PLURAL[self.language](abs(int(str(values["n"]))))])
        return str(entry)

    def __call__(self, key: str, **values: object) -> str:
        """Plain text of an entry; `KeyError` for an unknown key or a place left empty."""
        return self._template(key, values).format_map(values)

    def rich(self, key: str, **values: object) -> Markup:
        """The same as safe HTML: everything is escaped, the values stand in bold."""
        bold = {name: Markup("<b>{}</b>").format(value) for name, value in values.items()}
        return escape(self._template(key, values)).format_map(bold)

    def many(self, key: str) -> list[str]:
        """A list of texts, such as the names of the months."""
        return [str(one) for one in self.entries[key]]

    def name(self, kind: str, key: str | None) -> str:
        """Name of a taxonomy label, or the key itself where the taxonomy has no such label."""
        if key is None:
            return ""
        return taxonomy.label(kind, key).name(self.language) if key in taxonomy.keys(kind) else key

    def called(self, dimension: str, value: str | None) -> str:
        """Name of a value of a dimension: sources and languages have names, the rest is as written."""
        if not value:
            return self("filter.none")
        if dimension in ("source", "language"):
            return str(self.entries.get(f"{dimension}.{value}", value))
        return value


@cache
def words(language: str) -> Words:
    """The words of a language; those of English for a language that is not ours."""
    return Words(language if language in LANGUAGES else "en")
