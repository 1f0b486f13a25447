"""One reason: how often a theme comes up, where it stands out, since when, in whose words."""

from __future__ import annotations

from functools import partial

import streamlit as st

from ugc.dashboard.answers import figures, standout
from ugc.dashboard.frame import address
from ugc.dashboard.frame.context import Context
from ugc.dashboard.frame.switch import switch
from ugc.dashboard.look import charts
from ugc.dashboard.look.bars import TONES, bars
from ugc.dashboard.look.blocks import facts, sentences
from ugc.dashboard.look.markup import show as show_html
from ugc.dashboard.reviews.cards import quote
from ugc.insight import Reason, reasons, segments, theme_trend
from ugc.insight.whereabouts.segments import SegmentBy

__all__ = ["show"]

_QUOTES = 8


def show(context: Context, theme: str, polarity: str) -> None:
    """Draws a theme with one polarity; says so when nobody writes about it."""
    _head(context, polarity)
    listed = context.ask(reasons, context.filters_of(theme), polarity=polarity, quotes=_QUOTES)
    row = next((one for one in listed.rows if one.theme == theme), None)
    if row is None:
        st.markdown(context.word("reasons.silent"))
        return
    _facts(context, row, listed.n_reviews)
    split = context.free_split()
    lines = standout.standing_out(context.ask, context.filters, theme, polarity, split, context.language)
    if lines:
        show_html(sentences(lines))
    with st.container(border=True):
        _course(context, theme, polarity)
    left, right = st.columns(2, gap="medium")
    with left.container(border=True):
        _breakdown(context, row, split)
    with right.container(border=True):
        _quotes(context, row)


def _head(context: Context, polarity: str) -> None:
    """Back to the ranking, another theme, the other polarity (a link may name the theme alone)."""
    word = context.word
    st.button(
        word("reasons.back"),
        key="back",
        icon=":material/arrow_back:",
        type="tertiary",
        on_click=partial(address.assign, theme=None, polarity=None),
    )
    name, side = st.columns((2, 3), vertical_alignment="bottom")
    name.selectbox(
        word("reasons.theme"),
        context.theme_keys(),
        key=context.key("theme"),
        format_func=partial(word.name, "themes"),
    )
    key = f"side_{polarity}_{context.language}"
    side.segmented_control(
        word("reasons.side"),
        ("negative", "positive", "neutral"),
        default=polarity,
        format_func=lambda one: word(f"reasons.{one}_short"),
        key=key,
        required=True,
        on_change=lambda: address.assign(polarity=st.session_state[key]),
    )


def _facts(context: Context, row: Reason, n: int) -> None:
    word, say = context.word, context.say
    counts = {"reviews": say.number(row.reviews), "count": say.number(n)}
    pieces = [
        word("reasons.share", share=say.percent(row.share), **counts),
        word("tile.interval", bounds=say.percents(row.low, row.high)),
    ]
    if row.mean_stars is not None:
        pieces.append(word("reasons.stars", stars=say.stars(row.mean_stars)))
    show_html(facts(pieces))


@st.fragment
def _course(context: Context, theme: str, polarity: str) -> None:
    """The theme's course; its switches redraw only this part."""
    word = context.word
    st.header(word("reasons.course"), anchor=False)
    with st.container(horizontal=True, horizontal_alignment="distribute"):
        switch(word, "shown", ("count", "share"))
        switch(word, "by", ("day", "week", "month"))
    view = address.remember()
    by, tone = view["by"], TONES[polarity]
    moments = charts.mentioned(
        context.ask(theme_trend, context.filters, theme, polarity, by=by), context.language
    )
    if not charts.worth(moments):
        st.caption(word("chart.nothing"))
        return
    if view["shown"] == "share":
        chart = charts.over_time(moments, by, context.language, kind="share", tone=tone)
    else:
        chart = charts.counted(moments, by, context.language, tone=tone)
    st.altair_chart(chart, theme=None, width="stretch", alt=word("reasons.course_alt"))
    st.caption(word("chart.legend" if view["shown"] == "share" else "chart.legend_count"))


def _breakdown(context: Context, row: Reason, split: SegmentBy) -> None:
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
    bars(
        f"parts_{split}",
        figures.parts(found, split, row.polarity, context.language),
        name=word("reasons.where"),
        reference=row.share,
        pick=None if split == "touchpoint" else lambda value: address.assign(**{split: (value,)}),
    )


def _quotes(context: Context, row: Reason) -> None:
    """Typical quotes, each opening its review, and the way to all of them."""
    word = context.word
    st.header(word("reasons.quotes"), anchor=False)
    for number, one in enumerate(row.quotes):
        with st.container(key=f"quote_{number}", gap=None):
            show_html(quote(one, context.language, TONES[row.polarity]))
            context.way("reviews", word("reasons.open"), review=one.review_id)
    every = word("reasons.all", count=context.say.number(row.reviews))
    context.way("reviews", every, icon=":material/forum:", theme=row.theme, polarity=row.polarity)
