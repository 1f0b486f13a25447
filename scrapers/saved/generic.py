"""Any saved page that tells its reviews in schema.org."""

from __future__ import annotations

import re

from scrapers.saved.page import opened
from scrapers.source import Page, Saved, Where
from scrapers.structured import Document, host_of, read

__all__ = ["Generic"]

_MARKUP = re.compile(rb"(?i)ld\+json|itemprop|itemtype|typeof\s*=|\bhreview\b|\bh-review\b")


class Generic(Saved):
    """Reviews in JSON-LD, microdata, RDFa or hReview; their source is the site's host, as when collected."""

    name = "page"
    title = "any page with schema.org reviews"
    how = "Save the page that shows the reviews."
    why = "Where the site lets programs read it, it is collected: ugc collect schema_org ADDRESS."

    def recognise(self, body: bytes) -> bool:
        """Whether a page tells anything in a vocabulary for machines."""
        return _MARKUP.search(opened(body)[0]) is not None

    def parse(self, body: bytes, where: Where) -> Page:
        """The reviews of a page; `source` is absent where the file does not say where it comes from."""
        html, url = opened(body, self.name)
        page = Document(html, where.url or url)
        found = read(page, where.target or self.name)
        host = host_of(page.url)
        if host:
            for record in found.records:
                record["source"] = host
        return Page(found.records)
