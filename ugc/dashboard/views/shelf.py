"""Shelf: what a buyer sees today, source by source: the first ten reviews, newest and most helpful."""

from __future__ import annotations

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
    word, finer = context.word, context.view["finer"]
    filters = context.filters.without_themes()
    context.scope(context.ask(scores, filters).reviews)
    found = context.ask(shelf, filters, by=(finer,) if finer else (), texts=False)
    if not found:
        states.show_nothing_found(word)
        return
    st.caption(plain(word("shelf.what")))
    st.selectbox(
        word("shelf.finer"),
        FINER,
        index=None,
        key=context.key("finer"),
        format_func=lambda one: word(f"filter.{one}"),
        placeholder=word("shelf.company"),
        width=260,
    )
    for place, one in enumerate(shelves.ranked(found)[:_DRAWN]):
        with st.container(border=True, key=f"shelf_{place}"):
            _shelf(context, place, one)
    with st.container(border=True):
        st.header(word("shelf.all"), anchor=False)
        table = shelves.table(found, context.language)
        show_html(grid(table, context.language))
        offer(context, "shelves", table)


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
    with st.expander(word("shelf.texts"), key=f"shelf_{key}", type="compact", on_change="rerun") as opened:
        if not opened.open:
            return
        for each in page.reviews:
            seen = context.ask(review, each.review_id)
            if seen is not None:
                own = context.place("reviews", review=each.review_id)
                show_html(cards.review(seen, context.language, own))
