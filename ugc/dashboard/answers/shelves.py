"""Shelves written out: what a buyer sees first at a source, as a sentence, a strip of tiles and a table."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Any

from markupsafe import Markup

from ugc.dashboard.frame.context import Context
from ugc.dashboard.look.formats import formats
from ugc.dashboard.look.table import Cell, Column, Table
from ugc.dashboard.look.words import words
from ugc.insight import Shelf
from ugc.insight.reviews.shelf import ShelfPage, ShelfReview

__all__ = [
    "gap",
    "named",
    "names",
    "narrowed",
    "pages",
    "picked",
    "ranked",
    "sentence",
    "strip",
    "table",
    "tiles",
    "timeless",
]

_NONE = Markup("")


def named(one: Shelf, language: str) -> str:
    """Whose shelf: source, company, product, place."""
    source = words(language).called("source", one.source)
    return " · ".join(part for part in (source, one.company, one.product, one.place) if part)


def timeless(context: Context) -> Context:
    """The page's context without themes and without a first day: what stands first has neither."""
    return replace(context, filters=replace(context.filters.without_themes(), since=None))


def _key(one: Shelf) -> str:
    """A shelf in the address; a name stands there as it is."""
    return "|".join(part or "" for part in (one.source, one.company, one.product, one.place)).rstrip("|")


def names(found: Sequence[Shelf], language: str) -> dict[str, str]:
    """All shelves by their key in the address, as they are called, the largest first."""
    return {_key(one): named(one, language) for one in found}


def picked(found: Sequence[Shelf], key: str | None) -> list[Shelf]:
    """The shelf of that key alone, nothing where there is none such; all of them, ranked, without a key."""
    return ranked(found) if not key else [one for one in found if _key(one) == key]


def narrowed(one: Shelf, finer: str | None) -> dict[str, Any]:
    """The fields of an address that choose the reviews of a shelf."""
    only = {"source": (one.source,), "company": (one.company or "",), "since": None}
    return only | ({finer: (getattr(one, finer) or "",)} if finer else {})


def pages(one: Shelf) -> Iterable[tuple[str, ShelfPage]]:
    """The pages that there are: the newest first, and the most helpful where the source tells votes."""
    yield "newest", one.newest
    if one.helpful is not None:
        yield "helpful", one.helpful


def gap(one: Shelf, page: ShelfPage) -> float | None:
    """Stars that the page has more than all ratings; negative where a buyer sees worse than the mean."""
    if page.mean_stars is None or one.mean_stars is None:
        return None
    return page.mean_stars - one.mean_stars


def ranked(found: Sequence[Shelf]) -> list[Shelf]:
    """Shelves that show a buyer less than the mean of all first, then by their size."""
    return sorted(found, key=lambda one: min((gap(one, page) or 0.0 for _, page in pages(one)), default=0.0))


def sentence(one: Shelf, page: ShelfPage, language: str) -> Markup:
    """What a buyer sees against what all ratings say, how many displeased, and how many answered."""
    word, say = words(language), formats(language)
    lines = []
    apart = gap(one, page)
    if apart is not None:
        key = "same" if abs(apart) < 0.25 else "less" if apart < 0 else "more"
        lines.append(
            word.rich(f"shelf.sees_{key}", seen=say.rating(page.mean_stars), mean=say.stars(one.mean_stars))
        )
    if page.negative is not None:
        lines.append(
            word.rich(
                "shelf.displeased",
                n=page.judged,
                bad=say.number(page.negative),
                count=say.number(page.judged),
            )
        )
    if page.negative and page.negative_answered is not None:
        lines.append(word.rich("shelf.answered", count=say.number(page.negative_answered)))
    if page.clashes:
        ranks = ", ".join(say.number(rank) for rank in page.clashes)
        lines.append(word.rich("shelf.clash", ranks=ranks))
    return Markup(" ").join(lines)


def _tone(one: ShelfReview) -> str:
    if one.negative is None:
        return "raised"
    return "blame" if one.negative else "praise" if (one.stars or 5) >= 4 else "raised"


def _tile(one: ShelfReview, language: str) -> Markup:
    """One review of the strip: its place, its stars, and whether it is answered; all of it read aloud."""
    word, say = words(language), formats(language)
    stars = f"{say.rating(one.stars)} ★" if one.stars is not None else "–"
    said = word("shelf.tile", rank=say.number(one.rank), stars=stars, day=say.day(one.date))
    mark = Markup('<i class="answered">{}</i>').format(word("shelf.is_answered")) if one.answered else _NONE
    return Markup('<li class="{}" title="{}"><span class="rank">{}</span><b>{}</b>{}</li>').format(
        _tone(one), said, say.number(one.rank), stars, mark
    )


def strip(page: ShelfPage, language: str) -> Markup:
    """The reviews of a page in their order, as tiles."""
    tiles = Markup("").join(_tile(one, language) for one in page.reviews)
    return Markup('<ol class="house-shelf">{}</ol>').format(tiles)


def tiles(one: Shelf, name: str, page: ShelfPage, language: str) -> Table:
    """A row for each review of a page, in the order in which a buyer meets them."""
    word = words(language)
    answered = {True: word("shelf.yes"), False: word("shelf.no"), None: None}
    return Table(
        word("shelf.tiles", shelf=named(one, language), page=word(f"shelf.{name}")),
        (
            Column(word("shelf.rank"), "count"),
            Column(word("reviews.table_day"), "day"),
            Column(word("reviews.stars"), "stars"),
            Column(word("shelf.sentiment_head")),
            Column(word("shelf.replied")),
            Column(word("reviews.table_url")),
            Column("id"),
        ),
        tuple(
            (
                each.rank,
                each.date.date() if each.date else None,
                each.stars,
                word.name("sentiments", each.sentiment),
                answered[each.answered],
                each.url,
                each.review_id,
            )
            for each in page.reviews
        ),
    )


def table(found: Sequence[Shelf], language: str) -> Table:
    """A row for each page of each shelf; product and place only where the shelves are told apart by them."""
    word = words(language)
    rows: list[tuple[Cell, ...]] = []
    for one in found:
        for name, page in pages(one):
            rows.append(
                (
                    word.called("source", one.source),
                    one.company,
                    one.product,
                    one.place,
                    word(f"shelf.{name}"),
                    one.reviews,
                    one.ratings,
                    one.mean_stars,
                    page.mean_stars,
                    gap(one, page),
                    page.negative,
                    page.judged,
                    page.answered,
                    len(page.clashes),
                    one.read_at.date() if one.read_at else None,
                )
            )
    heads = (word(f"filter.{name}") for name in ("source", "company", "product", "place"))
    whole = Table(
        word("shelf.all"),
        (
            *(Column(head) for head in heads),
            Column(word("shelf.page")),
            Column(word("head.reviews"), "count"),
            Column(word("shelf.ratings"), "count"),
            Column(word("shelf.mean"), "stars"),
            Column(word("shelf.seen"), "stars"),
            Column(word("shelf.gap"), "shift"),
            Column(word("shelf.bad"), "count"),
            Column(word("shelf.judged"), "count"),
            Column(word("shelf.replies"), "count"),
            Column(word("shelf.clashes"), "count"),
            Column(word("shelf.read"), "day"),
        ),
        tuple(rows),
    )
    told = [n for n in range(len(whole.columns)) if n not in (2, 3) or any(row[n] for row in whole.rows)]
    return Table(
        whole.name,
        tuple(whole.columns[n] for n in told),
        tuple(tuple(row[n] for n in told) for row in whole.rows),
    )
