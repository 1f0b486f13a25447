"""All review sites that can be collected, by name."""

from __future__ import annotations

from scrapers.app_store import AppStore
from scrapers.banki_ru import BankiRu
from scrapers.source import Source
from scrapers.steam import Steam
from ugc.errors import InputError

__all__ = ["SOURCES", "get"]

SOURCES: dict[str, Source] = {source.name: source for source in (BankiRu(), AppStore(), Steam())}
"""Every source by its name; a new one is a module and a place in this line."""


def get(name: str) -> Source:
    """The source of that name; `InputError` listing the known ones when there is none."""
    if name not in SOURCES:
        raise InputError(f"There is no source called {name!r}.", f"Known: {', '.join(SOURCES)}.")
    return SOURCES[name]
