"""Reviews that a page tells in a vocabulary for machines: JSON-LD, microdata, RDFa and hReview.

One function, `reviews`, is all that a source needs. What it does not read is no review: an
`AggregateRating` is a sum, a `Comment` is a talk.
"""

from __future__ import annotations

from scrapers.source import Page, Record, Where
from scrapers.structured import hreview, json_ld, microdata, rdfa
from scrapers.structured.document import Document, host_of
from scrapers.structured.find import announced, find, known
from scrapers.structured.merge import merge
from scrapers.structured.record import identify, record
from ugc.errors import SourceChanged

__all__ = ["Document", "NoMarkup", "host_of", "read", "reviews", "told"]


class NoMarkup(SourceChanged):
    """A page that tells of nothing that customers could review."""


def reviews(body: bytes, where: Where, name: str) -> Page:
    """The reviews of a page; `following` is the next page by `rel=next` of the same host.

    A page that tells of a thing without reviews is empty.

    Args:
        body: the page as it was read.
        where: where it was read; the page is asked where `url` is empty.
        name: whose page it is, for errors.

    Raises:
        NoMarkup: it tells of nothing that customers could review.
        SourceChanged: a part that holds reviews cannot be read; the page is taken whole or not at all.
    """
    return read(Document(body, where.url), name)


def read(page: Document, name: str) -> Page:
    """`reviews` of a page that has been read into a tree already."""
    syntaxes = [
        json_ld.things(page.soup, name),
        microdata.things(page.soup),
        rdfa.things(page.soup),
        hreview.things(page.soup),
    ]
    if not any(known(things) for things in syntaxes):
        raise NoMarkup(
            f"The page of {name} tells of nothing that could be reviewed in JSON-LD, microdata, RDFa or "
            "hReview.",
            "It may be drawn in the browser only, or be another page than meant: open it and check.",
        )
    tellings: list[list[Record]] = []
    for things in syntaxes:
        converted = (record(found, page) for found in find(things))
        tellings.append([one for one in converted if one is not None])
    found = merge(tellings)
    identify(found, page)
    return Page(tuple(found), page.following is not None, page.following)


def told(page: Document, name: str) -> int:
    """How many reviews a page says that there are of what it shows; 0 where it does not say.

    `SourceChanged` as `reviews`.
    """
    return max(announced(json_ld.things(page.soup, name)), announced(microdata.things(page.soup)))
