"""Reviews: search and filters, every review with its clauses marked, its tags, its source."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

import streamlit as st

from ugc import taxonomy
from ugc.dashboard.frame import address, states
from ugc.dashboard.frame.context import Context
from ugc.dashboard.look import blocks
from ugc.dashboard.look.markup import show as show_html
from ugc.dashboard.reviews import cards, correct, why
from ugc.insight import Page, ReviewView, review, search

__all__ = ["show"]

_AT_ONCE = 10
_NARROW = 152
"""Pixels of a filter: six stand beside each other on a desk, two on a phone."""

_TAGS = (
    ("sentiment", "sentiments"),
    ("theme", "themes"),
    ("polarity", "polarities"),
    ("emotion", "emotions"),
    ("contact", "contact"),
)
"""Filters by tag: field of the view, kind of label."""


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
    found = context.ask(review, review_id)
    if found is None:
        st.markdown(word("reviews.gone"))
        return
    show_html(blocks.legend(context.language))
    _card(context, found)


def _found(context: Context, page: int) -> Page:
    """A page of what search and filters leave."""
    view = context.view
    return context.ask(
        search,
        context.filters,
        query=view["q"] or "",
        stars=int(view["stars"]) if view["stars"] else None,
        order=view["order"],
        offset=context.offset(page, _AT_ONCE),
        limit=_AT_ONCE,
        **{name: view[name] for name, _ in _TAGS},
    )


def _list(context: Context) -> None:
    """The reviews that search and filters leave, a page at a time."""
    page = context.view["page"]
    _filters(context)
    found = _found(context, page)
    pages = context.sheets(found.total, _AT_ONCE)
    if page > pages:
        page, found = pages, _found(context, pages)
    context.scope(found.total)
    if not found.total:
        states.show_nothing_found(context.word)
        return
    show_html(blocks.legend(context.language))
    for one in found.rows:
        with st.container(key=f"review_{one.id}", gap=None):
            _card(context, one, context.place("reviews", review=one.id))
    _turn(page, pages)


@st.fragment
def _card(context: Context, one: ReviewView, own: str = "") -> None:
    """A review, why it is read so, and what corrects it; a correction draws this part alone anew."""
    now, made = correct.latest(context, one)
    show_html(cards.review(now, context.language, own, whole=not own, made=made))
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


def _choice(context: Context, name: str, values: Sequence[str], kind: str | None) -> None:
    """A filter that takes one value or none."""
    word = context.word
    st.selectbox(
        word(f"reviews.{name}"),
        values,
        index=None,
        key=context.key(name),
        format_func=partial(word.name, kind) if kind else lambda value: word(f"reviews.{name}_{value}"),
        placeholder=word("filter.any"),
        width=_NARROW,
    )


def _filters(context: Context) -> None:
    """Search, order, and the tags."""
    word = context.word
    query, order = st.columns((3, 1), vertical_alignment="bottom")
    query.text_input(
        word("reviews.search"),
        key=context.key("q"),
        icon=":material/search:",
        placeholder=word("reviews.search_how"),
    )
    order.selectbox(
        word("reviews.order"),
        ("newest", "oldest", "lowest", "highest", "helpful"),
        key=context.key("order"),
        format_func=lambda key: word(f"reviews.order_{key}"),
    )
    with st.container(horizontal=True, gap="small"):
        for name, kind in _TAGS:
            _choice(context, name, taxonomy.keys(kind), kind)
        _choice(context, "stars", ("5", "4", "3", "2", "1"), None)
