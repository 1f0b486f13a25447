"""What narrows the list of reviews: the search, the order, a filter for every tag."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import Any

import streamlit as st

from ugc import taxonomy
from ugc.dashboard.frame import address
from ugc.dashboard.frame.context import Context
from ugc.dashboard.look.markup import plain
from ugc.insight.reviews.given import reason

__all__ = ["draw", "wanted"]

_NARROW = 152
"""Pixels of a filter: six stand beside each other on a desk, two on a phone."""

_KINDS = {
    "sentiment": "sentiments",
    "theme": "themes",
    "polarity": "polarities",
    "touchpoint": "touchpoints",
    "emotion": "emotions",
    "contact": "contact",
    "loyalty": "loyalty",
    "effort": "effort",
}
"""Filters by tag: field of the view, kind of label."""

_OWN = {
    "stars": ("5", "4", "3", "2", "1"),
    "repeat": ("yes", "no"),
    "credible": ("doubtful", "credible"),
}
"""Filters whose values have names of this page."""

_FIRST = ("sentiment", "theme", "polarity", "stars")
_MORE = ("touchpoint", "emotion", "contact", "loyalty", "effort", "repeat", "credible")


def wanted(context: Context) -> dict[str, Any]:
    """What `ugc.insight.search` is to be asked for, but for the window and the common filters."""
    view = context.view
    return {name: view[name] for name in (*_KINDS, "author", "credible", "reason", "order")} | {
        "query": view["q"] or "",
        "stars": int(view["stars"]) if view["stars"] else None,
        "repeat": view["repeat"] == "yes" if view["repeat"] else None,
    }


def _choices(context: Context, names: Sequence[str]) -> None:
    """Filters that take one value or none, side by side."""
    word = context.word
    with st.container(horizontal=True, gap="small"):
        for name in names:
            kind = _KINDS.get(name)
            called = partial(word.name, kind) if kind else partial(_called, context, name)
            st.selectbox(
                word(f"reviews.{name}"),
                taxonomy.keys(kind) if kind else _OWN[name],
                index=None,
                key=context.key(name),
                format_func=called,
                placeholder=word("filter.any"),
                width=_NARROW,
            )


def _reason(context: Context) -> None:
    """The concrete reason that the reviews give, where a link named one, and the way back to all."""
    word, given = context.word, context.view["reason"]
    if not given:
        return
    found = context.ask(reason, given)
    called = found.name(context.language) if found else word("reviews.reason_gone")
    st.button(
        plain(word("reviews.reason", name=called)),
        key="reviews_reason",
        icon=":material/close:",
        help=plain(word("reviews.reason_off")),
        on_click=partial(address.assign, reason=None),
    )


def _called(context: Context, name: str, value: str) -> str:
    return context.word(f"reviews.{name}_{value}")


def draw(context: Context) -> None:
    """Draws all of them; the lesser ones in a row that opens and says how many of them are set."""
    word = context.word
    query, order = st.columns((3, 1), vertical_alignment="bottom")
    query.text_input(
        word("reviews.search"),
        key=context.key("q"),
        icon=":material/search:",
        placeholder=word("reviews.search_how"),
        help=word("reviews.search_help"),
    )
    order.selectbox(
        word("reviews.order"),
        ("newest", "oldest", "lowest", "highest", "helpful"),
        key=context.key("order"),
        format_func=partial(_called, context, "order"),
    )
    st.caption(plain(word("reviews.search_line")))
    _choices(context, _FIRST)
    _reason(context)
    count = sum(bool(context.view[name]) for name in _MORE)
    label = (
        word("reviews.more_set", n=count, count=context.say.number(count)) if count else word("reviews.more")
    )
    with st.expander(label, key=f"more_filters_{context.language}", type="compact"):
        _choices(context, _MORE)
