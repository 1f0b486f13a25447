"""Any page that tells its reviews in schema.org: one, a chain by `rel=next`, a list, a sitemap."""

from __future__ import annotations

from collections.abc import AsyncGenerator
from datetime import timedelta
from pathlib import Path
from urllib.parse import urldefrag

from scrapers import sitemap
from scrapers.fetch import Client
from scrapers.source import Cursor, Page, Source, Where, wrong_target
from scrapers.structured import host_of, reviews
from scrapers.visits import ADDRESSES, Visits, is_address
from ugc.errors import InputError

__all__ = ["SchemaOrg"]

_LIST = 2_000_000
"""Bytes of a file of addresses."""


class SchemaOrg(Source):
    """Reviews in JSON-LD, microdata, RDFa or hReview, of whatever site the user names."""

    name = "schema_org"
    title = "any page with schema.org reviews"
    target = "the address of a page or of a sitemap, or @FILE with one address a line"
    example = "ugc collect schema_org https://shop.example/kettle"
    limits = "a page often carries only some of its reviews; a run says so where the page tells how many"
    base_url = ""
    pause = 2.0
    window = timedelta(days=45)

    def recognise(self, url: str) -> str | None:
        """Always `None`: it is asked last, for addresses that no other source knows."""
        return None

    def parse(self, body: bytes, where: Where) -> Page:
        """The reviews of a page, each with its host as `source`; a sitemap holds none."""
        body = sitemap.unpacked(body, self.name)
        if sitemap.is_sitemap(body):
            return Page(())
        page = reviews(body, where, self.name)
        if host := host_of(where.url):
            for record in page.records:
                record["source"] = host
        return page

    async def fetch(
        self, target: str, cursor: Cursor, client: Client
    ) -> AsyncGenerator[tuple[Page, Cursor], None]:
        """Every page of the target that has changed; those never read come first.

        `SourceError` at the end when something of it could not be had, so that the run is partial.
        """
        named = self._named(target)
        visits = Visits(self, client, cursor, alone=not target.startswith("@"))
        for url in named:
            client.allow(url)
        for url in named:
            async for page in visits.of(url):
                yield page, visits.cursor()
        visits.conclude()

    def _named(self, target: str) -> list[str]:
        """The addresses that the user named; `InputError` when there are none."""
        if not target.startswith("@"):
            if not is_address(target):
                raise wrong_target(self, target)
            return [urldefrag(target).url]
        path = Path(target[1:]).expanduser()
        try:
            with path.open("rb") as file:
                lines = file.read(_LIST + 1)
        except OSError as error:
            raise InputError(
                f"The list of addresses {path} cannot be read: {error.strerror}.", "Check its name."
            ) from error
        found: dict[str, None] = {}
        for number, line in enumerate(lines.decode("utf-8-sig", "replace").splitlines(), 1):
            if not line.strip() or line.lstrip().startswith("#"):
                continue
            if not is_address(line.strip()):
                raise InputError(f"Line {number} of {path} is no address.", "Write one https://… a line.")
            found[urldefrag(line.strip()).url] = None
        if not found or len(found) > ADDRESSES or len(lines) > _LIST:
            raise InputError(
                f"{path} lists {len(found):,} addresses.", f"Write from 1 to {ADDRESSES:,}, one a line."
            )
        return list(found)
