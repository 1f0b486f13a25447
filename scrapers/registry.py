"""All review sites: those that are collected, those read from saved pages, those left out and why.

Another package adds a source with an entry point of the group `ugc.sources` that names a class
derived from `scrapers.source.Source`.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from importlib.metadata import entry_points
from urllib.parse import urlsplit

from scrapers.app_store import AppStore
from scrapers.banki_ru import BankiRu
from scrapers.ceneo import Ceneo
from scrapers.closed import CLOSED, refuse_closed
from scrapers.feed import Feed
from scrapers.google_places import GooglePlaces
from scrapers.google_play import GooglePlay
from scrapers.opineo import Opineo
from scrapers.otzyvru import Otzyvru
from scrapers.reddit import Reddit
from scrapers.saved import SAVED
from scrapers.schema_org import SchemaOrg
from scrapers.source import Source
from scrapers.sravni_ru import SravniRu
from scrapers.steam import Steam
from scrapers.telegram import Telegram
from scrapers.trustpilot_api import TrustpilotApi
from scrapers.two_gis import TwoGis
from scrapers.vbr import Vbr
from scrapers.vk import Vk
from scrapers.wildberries import Wildberries
from scrapers.youtube import YouTube
from ugc.errors import InputError, SettingsError

__all__ = ["LEFT_OUT", "SAVED", "get", "recognise", "sources"]

_OWN: tuple[Source, ...] = (
    BankiRu(),
    SravniRu(),
    AppStore(),
    GooglePlay(),
    Telegram(),
    Steam(),
    Wildberries(),
    Ceneo(),
    Opineo(),
    Otzyvru(),
    Vbr(),
    TwoGis(),
    GooglePlaces(),
    Vk(),
    YouTube(),
    Reddit(),
    TrustpilotApi(),
    Feed(),
    SchemaOrg(),
)
"""The sources of this package; a new one is a module and a place in this line."""

LEFT_OUT: dict[str, str] = {one.title: f"{one.why} {one.instead}" for one in CLOSED if one.instead}
"""What is not read at all, and why."""


@cache
def sources() -> Mapping[str, Source]:
    """Every source by its name: this package's own, then those that other packages add.

    `SettingsError` names an added one that is none, or takes a name that is taken.
    """
    found = {source.name: source for source in _OWN}
    for entry in entry_points(group="ugc.sources"):
        added = entry.load()()
        if not isinstance(added, Source) or added.name in found:
            raise SettingsError(
                f"The source {entry.name!r} that {entry.value} adds cannot be used.",
                "It must be a class derived from scrapers.source.Source with a name of its own.",
            )
        found[added.name] = added
    return found


def get(name: str) -> Source:
    """The source of that name; `InputError` listing the known ones when there is none."""
    for saved in SAVED:
        if name == saved.name and name not in sources():
            raise InputError(
                f"{saved.title} is not collected. {saved.why}", f"{saved.how} Then: ugc import PAGE.html"
            )
    if name not in sources():
        raise InputError(
            f"There is no source called {name!r}.", f"Known: {', '.join(sources())}. See: ugc sources"
        )
    return sources()[name]


def recognise(url: str) -> tuple[Source, str]:
    """The source that an address belongs to, and the target it names there.

    An address that no source knows is read as a page with schema.org reviews. `InputError` for what
    is no address of a page, or one of a site that is not collected.
    """
    try:
        page = urlsplit(url).scheme in {"http", "https"} and bool(urlsplit(url).hostname)
    except ValueError:
        page = False
    if not page:
        raise InputError(
            f"{url} is no address of a page.", "Copy it from the browser, or name a source. See: ugc sources"
        )
    for source in sources().values():
        target = source.recognise(url)
        if target is not None:
            return source, target
    refuse_closed(url)
    return get(SchemaOrg.name), url
