"""Pages that a person saved in a browser, as HTML or MHTML: which site they are of, and their reviews.

A site that is collected has its saved pages read by its own parser, so that a review has the same
id whichever way it comes.
"""

from __future__ import annotations

from scrapers.saved.generic import Generic
from scrapers.saved.irecommend import Irecommend
from scrapers.saved.otzovik import Otzovik
from scrapers.saved.page import addresses, is_mhtml, opened
from scrapers.saved.trustpilot import Trustpilot
from scrapers.saved.yandex_maps import YandexMaps
from scrapers.saved.zoon import Zoon
from scrapers.source import Page, Saved, Source, Where
from scrapers.structured import Document, told
from ugc.errors import InputError, SourceChanged

__all__ = ["SAVED", "announced", "is_mhtml", "read"]

SAVED: tuple[Saved, ...] = (Otzovik(), Irecommend(), YandexMaps(), Trustpilot(), Zoon(), Generic())
"""In the order in which they are asked; the last reads whatever carries schema.org."""


class _Collected(Saved):
    """A saved page of a site that is collected too."""

    def __init__(self, source: Source, target: str) -> None:
        self.name, self.title, self._source, self._target = source.name, source.title, source, target
        self.how, self.why = "Save a page of reviews.", "It is collected as well."

    def recognise(self, body: bytes) -> bool:
        """Whether the address of the page names a target of the site."""
        return any(self._source.recognise(url) is not None for url in addresses(body))

    def parse(self, body: bytes, where: Where) -> Page:
        """The page's reviews as the site's parser reads them."""
        html, _ = opened(body, self.name)
        found = self._source.parse(html, Where(self._target, where.url))
        for record in found.records:
            record.setdefault("source", self.name)
        return found


def read(body: bytes, where: Where) -> tuple[Saved, Page]:
    """Which site a saved page is of, and its reviews.

    Args:
        body: the file.
        where: `target` names the file in messages; `url` is where it was saved from, "" if unknown.

    Raises:
        InputError: it is a page of no known kind.
        SourceChanged: it is one of a known site in another shape, or holds reviews that cannot be read.
    """
    html, url = opened(body, where.target)
    where = Where(where.target, where.url or url)
    for saved in SAVED[:-1]:
        if saved.recognise(html):
            return saved, saved.parse(html, where)
    for collected in _collected(html):
        try:
            page = collected.parse(html, Where(where.target, where.url or addresses(html)[0]))
        except SourceChanged:
            continue  # the site gives programs another page than people; schema.org may help
        if page.records:
            return collected, page
    generic = SAVED[-1]
    if generic.recognise(html):
        return generic, generic.parse(html, where)
    raise InputError(
        f"{where.target} is a web page in which no reviews can be found.",
        f"Saved pages of {', '.join(saved.title for saved in SAVED[:-1])} can be read, and any page that "
        "carries schema.org reviews; else export the reviews as CSV, XLSX, JSON or JSONL.",
    )


def announced(body: bytes) -> int:
    """How many reviews a saved page says that there are; 0 where it does not say."""
    html, url = opened(body)
    return told(Document(html, url), "saved page")


def _collected(body: bytes) -> list[_Collected]:
    """The sites that are collected and know the address of a page."""
    from scrapers.registry import sources

    return [
        _Collected(source, target)
        for url in addresses(body)[:1]
        for source in sources().values()
        if (target := source.recognise(url)) is not None
    ]
