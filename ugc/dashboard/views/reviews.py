"""Reviews: search and filters, every review with its clauses marked, its tags, its source."""

from __future__ import annotations

from functools import partial

import streamlit as st

from ugc.dashboard.frame import address, states
from ugc.dashboard.frame.context import Context
from ugc.dashboard.look import blocks
from ugc.dashboard.look.markup import plain
from ugc.dashboard.look.markup import show as show_html
from ugc.dashboard.reviews import author, cards, chips, correct, filtering, flags, found, why
from ugc.insight import Page, ReviewView, review, search
from ugc.insight.reviews.authors import written

__all__ = ["show"]

_AT_ONCE = 10


def show(context: Context) -> None:
    """Draws one review when the view names it, else the list."""
    if context.view["review"]:
        _one(context, context.view["review"])
    else:
        _list(context)


def _one(context: Context, review_id: str) -> None:
    """One review, whole, by a link of its own."""
    word = context.word
    st.button(
        word("reviews.back"),
        key="back",
        icon=":material/arrow_back:",
        type="tertiary",
        on_click=partial(address.assign, review=None),
    )
    one = context.ask(review, review_id)
    if one is None:
        st.markdown(word("reviews.gone"))
        return
    show_html(blocks.legend(context.language))
    _cards(context, (one,), alone=True)


def _found(context: Context, page: int) -> Page:
    """A page of what search and filters leave; the first who wants credible ones waits, and is told."""
    offset = context.offset(page, _AT_ONCE)
    ask = partial(context.ask, search, context.filters, offset=offset, limit=_AT_ONCE)
    if not context.view["credible"]:
        return ask(**filtering.wanted(context))
    with st.spinner(plain(context.word("doubt.reading"))):
        return ask(**filtering.wanted(context))


def _list(context: Context) -> None:
    """The reviews that search and filters leave, a page at a time."""
    page = context.view["page"]
    author.history(context)
    filtering.draw(context)
    results = _found(context, page)
    pages = context.sheets(results.total, _AT_ONCE)
    if page > pages:
        page, results = pages, _found(context, pages)
    context.scope(results.total)
    if not results.total:
        states.show_nothing_found(context.word)
        return
    show_html(blocks.legend(context.language))
    _cards(context, results.rows)
    _turn(page, pages)
    found.downloads(context, results.total)


def _cards(context: Context, rows: tuple[ReviewView, ...], *, alone: bool = False) -> None:
    """The reviews, and above each, once they are known, the doubts about it."""
    authors = context.ask(written, tuple({one.author for one in rows if one.author}))
    slots = {}
    for one in rows:
        with st.container(key=f"review_{one.id}", gap=None):
            slots[one.id] = st.empty()
            own = "" if alone else context.place("reviews", review=one.id)
            _card(context, one, own, authors.get(one.author or "", 0))
    flags.fill(context, slots)


@st.fragment
def _card(context: Context, one: ReviewView, own: str, written_by: int) -> None:
    """A review, why it is read so, and what corrects it; a correction draws this part alone anew."""
    now, made = correct.latest(context, one)
    by = author.signature(context, now.author, written_by)
    with st.container(key=f"card_{one.id}", gap=None):
        can = chips.correctable(now)
        show_html(
            cards.review(now, context.language, own, whole=not own, made=made, author=by, chips=not can)
        )
        if can:
            chips.draw(context, now, made)
    with st.container(key=f"under_{one.id}", gap=None):
        why.draw(context, now)
        correct.draw(context, now, made)


def _turn(page: int, pages: int) -> None:
    """Turns the pages; the widget's key holds its state, so that it follows the address."""
    if pages < 2:
        return
    key = f"sheet_{page}_of_{pages}"
    st.pagination(
        pages,
        default=page,
        key=key,
        on_change=lambda: address.assign(page=st.session_state[key]),
    )
