"""The language of a review: what its source says, unless the letters say otherwise."""

from __future__ import annotations

import re

from ugc.text.language import detect

__all__ = ["code", "settle"]

_NAMES = {
    "english": "en",
    "russian": "ru",
    "polish": "pl",
    "ukrainian": "uk",
    "german": "de",
    "french": "fr",
    "spanish": "es",
    "kazakh": "kk",
    "belarusian": "be",
    "английский": "en",
    "русский": "ru",
    "польский": "pl",
    "украинский": "uk",
    "angielski": "en",
    "rosyjski": "ru",
    "polski": "pl",
    "ukraiński": "uk",
}
_CYRILLIC = frozenset({"ru", "uk", "be", "bg", "sr", "kk", "ky", "mk", "mn", "tg"})
_CYRILLIC_LETTER = re.compile("[\u0400-\u04ff]")
_LETTER = re.compile(r"[^\W\d_]")


def code(name: object) -> str | None:
    """A language's two letters from a code, a locale or a name; `None` for anything else."""
    text = str(name or "").strip().casefold()
    if text in _NAMES:
        return _NAMES[text]
    match = re.fullmatch(r"([a-z]{2})(?:[-_][a-z0-9]{2,8})*", text)
    return match[1] if match else None


def settle(text: str, given: str | None) -> str | None:
    """The language of a text, `None` where there is no text.

    What the source says wins where the script fits it: shops set it by account, so a Russian
    review may come as "english".
    """
    if not text:
        return None
    if given:
        letters = len(_LETTER.findall(text[:500]))
        cyrillic = len(_CYRILLIC_LETTER.findall(text[:500]))
        if not letters or (cyrillic * 2 > letters) == (given in _CYRILLIC):
            return given
    return detect(text)
