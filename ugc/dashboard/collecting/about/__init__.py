"""What each source takes, needs and leaves out, in the reader's language.

The sources say it in English, on the command line and in the documentation; the files beside say the
same in Russian and Polish. What nobody has translated, as of a source that another package adds, is
shown in English and marked so.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from functools import cache
from importlib import resources
from typing import Literal

from markupsafe import Markup

from scrapers.source import Source

__all__ = ["left_out", "saved", "told", "translated"]

_ENGLISH = Markup('<bdi lang="en">{}</bdi>')
_OWN = Markup("<bdi>{}</bdi>")


@cache
def translated(language: str) -> Mapping[str, Mapping[str, str]]:
    """All that is said in a language: by source, and under "saved" and "left_out"; empty for English."""
    file = resources.files(__package__).joinpath(f"{language}.toml")
    return tomllib.loads(file.read_text(encoding="utf-8")) if file.is_file() else {}


def _said(language: str, part: str, key: str, english: str) -> Markup:
    own = translated(language).get(part, {}).get(key)
    if own is None:
        return (_OWN if language == "en" else _ENGLISH).format(english)
    return _OWN.format(own)


def told(source: Source, what: Literal["target", "needs", "limits"], language: str) -> Markup:
    """What a source takes, needs or leaves out."""
    return _said(language, source.name, what, getattr(source, what))


def saved(name: str, how: str, language: str) -> Markup:
    """How a page of a site is saved by hand."""
    return _said(language, "saved", name, how)


def left_out(title: str, why: str, language: str) -> Markup:
    """Why a site is not read, and what stands in for it."""
    return _said(language, "left_out", title, why)
