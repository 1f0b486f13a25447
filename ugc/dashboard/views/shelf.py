"""Shelf: what a buyer sees today, source by source: the first ten reviews, newest and most helpful."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from ugc.dashboard.answers import shelves
from ugc.dashboard.frame import states
from ugc.dashboard.frame.context import Context
from ugc.dashboard.frame.export import offer
from ugc.dashboard.look.blocks import facts, sentences
from ugc.dashboard.look.markup import plain
from ugc.dashboard.look.markup import show as show_html
from ugc.dashboard.look.table import grid
from ugc.dashboard.reviews import cards
from ugc.insight import Shelf, review, scores, shelf
from ugc.insight.reviews.shelf import FINER, ShelfPage

__all__ = ["show"]

_DRAWN = 8
"""Shelves that are drawn; all of them stand in the table."""


def show(context: Context) -> None:
    """Draws the page."""
    context = shelves.timeless(context)
    word, finer, one_alone = context.word, context.view["finer"], context.view["shelf"]
    context.scope(context.ask(scores, context.filters).reviews)
    found = context.ask(shelf, context.filters, by=(finer,) if finer else (), texts=False)
    if not found:
        states.show_nothing_found(word)
        return
    st.caption(plain(word("shelf.what")))
    _choice(context, found)
    drawn = shelves.picked(found, one_alone)
    if not drawn:
        states.show_note(word("shelf.gone"))
    for place, one in enumerate(drawn[:_DRAWN]):
        with st.container(border=True, key=f"shelf_{place}"):
            _shelf(context, place, one)
    if len(drawn) > _DRAWN:
        st.caption(plain(word("shelf.more", count=context.say.number(_DRAWN))))
    with st.container(border=True):
        st.header(word("shelf.all"), anchor=False)
        st.caption(plain(word("shelf.all_what")))
        table = shelves.table(found, context.language)
        show_html(grid(table, context.language))
        offer(context, "shelves", table)


def _choice(context: Context, found: Sequence[Shelf]) -> None:
    """How finely shelves are told apart, and one of them alone."""
    word, names = context.word, shelves.names(found, context.language)
    alone = context.view["shelf"]
    with st.container(horizontal=True):
        st.selectbox(
            word("shelf.finer"),
            FINER,
            index=None,
            key=context.key("finer"),
            format_func=lambda one: word(f"filter.{one}"),
            placeholder=word("shelf.company"),
            width=260,
        )
        st.selectbox(
            word("shelf.alone"),
            list(dict.fromkeys(["", *names, *([alone] if alone else [])])),
            key=context.key("shelf"),
            format_func=lambda one: names.get(one, one) or word("shelf.every"),
            width=420,
        )


def _shelf(context: Context, place: int, one: Shelf) -> None:
    """One shelf: how it stands, and its pages."""
    word, say = context.word, context.say
    st.header(plain(shelves.named(one, context.language)), anchor=False)
    pieces = [
        word("scope.reviews", n=one.reviews, count=say.number(one.reviews)),
        word("shelf.mean_of", stars=say.stars(one.mean_stars), bounds=say.interval(one.low, one.high, 2)),
        word("shelf.read_on", day=say.day(one.read_at)) if one.read_at else "",
    ]
    show_html(facts(pieces))
    for column, (name, page) in zip(st.columns(2, gap="large"), shelves.pages(one), strict=False):
        with column:
            _page(context, f"{place}_{name}", name, one, page)
    if one.helpful is None:
        st.caption(plain(word("shelf.no_votes")))


@st.fragment
def _page(context: Context, key: str, name: str, one: Shelf, page: ShelfPage) -> None:
    """One page: a sentence, the strip, and the texts when somebody asks for them."""
    word = context.word
    st.subheader(word(f"shelf.{name}"), anchor=False)
    if not page.reviews:
        st.markdown(plain(word("shelf.empty")))
        return
    show_html(sentences([shelves.sentence(one, page, context.language)]))
    show_html(shelves.strip(page, context.language))
    offer(context, f"tiles_{key}", shelves.tiles(one, name, page, context.language))
    label, only = word(f"shelf.go_{name}"), shelves.narrowed(one, context.view["finer"])
    context.way("reviews", label, icon=":material/arrow_forward:", order=name, **only)
    with st.expander(word("shelf.texts"), key=f"shelf_{key}", type="compact", on_change="rerun") as opened:
        if not opened.open:
            return
        for each in page.reviews:
            seen = context.ask(review, each.review_id)
            if seen is not None:
                own = context.place("reviews", review=each.review_id)
                show_html(cards.review(seen, context.language, own))
