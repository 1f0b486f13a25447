"""Parts of the page of one theme: its concrete reasons, where it comes up, its quotes."""

from __future__ import annotations

from functools import partial

import streamlit as st

from ugc.dashboard.answers import below as answers
from ugc.dashboard.answers import figures, why_sheets
from ugc.dashboard.frame import address
from ugc.dashboard.frame.context import Context
from ugc.dashboard.frame.export import offer
from ugc.dashboard.look.bar_chart import bar_chart
from ugc.dashboard.look.bars import TONES, bars
from ugc.dashboard.look.markup import plain
from ugc.dashboard.look.markup import show as show_html
from ugc.dashboard.reviews.cards import quote
from ugc.insight import Concrete, ConcreteReason, Quote, Reason, concrete, segments
from ugc.insight.whereabouts.segments import SegmentBy

__all__ = ["below", "breakdown", "quotes"]

_QUOTES = 6
"""Quotes of a concrete reason."""


def below(context: Context, theme: str, polarity: str) -> None:
    """The concrete reasons of a theme; a click opens the quotes of one."""
    word, language = context.word, context.language
    st.header(word("reasons.below"), anchor=False)
    asked = {"themes": (theme,), "polarity": polarity, "language": language, "quotes": _QUOTES}
    found = context.ask(concrete, context.filters, **asked)[theme]
    if found.rows:
        st.caption(plain(word("reasons.below_what")))
        opened = next((one for one in found.rows if one.id == context.view["reason"]), None)
        rows = answers.reasons(found, opened.id if opened else None, language)
        pick = partial(_pick, opened.id if opened else None)
        bars("below", rows, name=word("reasons.below"), pick=pick)
        if opened:
            _opened(context, opened)
        table = partial(why_sheets.below, found, language)
        offer(context, "below", table, partial(bar_chart, rows, language))
    _rest(context, found)


def _pick(opened: str | None, reason: str) -> None:
    """Opens a reason; a second click on the open one closes it."""
    address.assign(reason=None if reason == opened else reason)


def _opened(context: Context, one: ConcreteReason) -> None:
    """The quotes of the reason that is open."""
    st.subheader(plain(answers.named(one, context.language)), anchor=False)
    said(context, one.quotes, one.polarity, "below")
    every = context.word("reasons.all", count=context.say.number(one.reviews))
    context.way("reviews", every, icon=":material/forum:", reason=one.id)
    st.button(
        context.word("reasons.below_close"),
        key="close_below",
        icon=":material/close:",
        type="tertiary",
        on_click=partial(address.assign, reason=None),
    )


def _rest(context: Context, found: Concrete) -> None:
    """What is in no group, and what no grouping has looked at yet, with the command that does."""
    word, say = context.word, context.say
    if found.mentions and not found.rows:
        st.markdown(plain(word("reasons.below_few")))
    if found.mentions:
        count = say.number(found.mentions)
        st.caption(plain(word("reasons.below_rest", share=say.percent(found.share_unassigned), count=count)))
    if found.waiting:
        waiting = word("reasons.below_waiting", n=found.waiting, count=say.number(found.waiting))
        st.markdown(plain(waiting))
        st.code("ugc group", language=None)


def breakdown(context: Context, row: Reason, split: SegmentBy) -> None:
    """Where the theme comes up; a click narrows everything to that value."""
    word = context.word
    st.header(word("reasons.where"), anchor=False)
    free = context.free_splits()
    key = f"split_{split}_{len(free)}_{context.language}"
    st.selectbox(
        word("reasons.split"),
        free,
        index=free.index(split),
        key=key,
        format_func=lambda one: word(f"filter.{one}"),
        label_visibility="collapsed",
        on_change=lambda: address.assign(split=st.session_state[key]),
    )
    found = context.ask(segments, context.filters, theme=row.theme, polarity=row.polarity, by=split)
    rows = figures.parts(found, split, row.polarity, context.language)
    bars(
        f"parts_{split}",
        rows,
        name=word("reasons.where"),
        reference=row.share,
        pick=None if split == "touchpoint" else lambda value: address.assign(**{split: (value,)}),
    )
    table = partial(why_sheets.parts, found, row.theme, row.polarity, split, context.language)
    offer(context, "parts", table, partial(bar_chart, rows, context.language))


def quotes(context: Context, row: Reason) -> None:
    """Typical quotes, each opening its review, and the way to all of them."""
    word = context.word
    st.header(word("reasons.quotes"), anchor=False)
    said(context, row.quotes, row.polarity, "theme")
    every = word("reasons.all", count=context.say.number(row.reviews))
    context.way("reviews", every, icon=":material/forum:", theme=row.theme, polarity=row.polarity)


def said(context: Context, found: tuple[Quote, ...], polarity: str, place: str) -> None:
    """Quotes, each with the way to its review."""
    for number, one in enumerate(found):
        with st.container(key=f"quote_{place}_{number}", gap=None):
            show_html(quote(one, context.language, TONES[polarity]))
            context.way("reviews", context.word("reasons.open"), review=one.review_id)
