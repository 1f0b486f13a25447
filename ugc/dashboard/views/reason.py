"""One reason: how often a theme comes up, where it stands out, since when, in whose words."""

from __future__ import annotations

from functools import partial

import streamlit as st

from ugc.dashboard.answers import since, standout, turns, why_sheets
from ugc.dashboard.frame import address
from ugc.dashboard.frame.context import Context
from ugc.dashboard.frame.export import offer
from ugc.dashboard.frame.switch import switch
from ugc.dashboard.look import charts
from ugc.dashboard.look.bars import TONES
from ugc.dashboard.look.blocks import facts, sentences
from ugc.dashboard.look.chart_style import show_chart
from ugc.dashboard.look.markup import show as show_html
from ugc.dashboard.views import reason_parts
from ugc.insight import Reason, reasons, theme_trend

__all__ = ["show"]

_QUOTES = 8
"""Quotes of a theme."""


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
        reason_parts.below(context, theme, polarity)
    with st.container(border=True):
        _course(context, theme, polarity)
    left, right = st.columns(2, gap="medium")
    with left.container(border=True):
        reason_parts.breakdown(context, row, split)
    with right.container(border=True):
        reason_parts.quotes(context, row)


def _head(context: Context, polarity: str) -> None:
    """Back to the ranking, another theme, the other polarity (a link may name the theme alone)."""
    word = context.word
    st.button(
        word("reasons.back"),
        key="back",
        icon=":material/arrow_back:",
        type="tertiary",
        on_click=partial(address.assign, theme=None, polarity=None, reason=None),
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
        on_change=lambda: address.assign(polarity=st.session_state[key], reason=None),
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
    word, language = context.word, context.language
    st.header(word("reasons.course"), anchor=False)
    with st.container(horizontal=True, horizontal_alignment="distribute"):
        switch(word, "shown", ("count", "share"))
        switch(word, "by", ("day", "week", "month"))
    view = address.remember()
    by, tone = view["by"], TONES[polarity]
    points = context.ask(theme_trend, context.filters, theme, polarity, by=by)
    moments = charts.mentioned(points, language)
    if not charts.worth(moments):
        st.caption(word("chart.nothing"))
        return
    found = turns.turns(context.ask, context.filters, theme=theme, polarity=polarity)
    marks = turns.marks(found, points[0].start, context.period()[1] or points[-1].start, language)
    if view["shown"] == "share":
        chart = charts.over_time(moments, by, language, kind="share", tone=tone, marks=marks)
    else:
        chart = charts.counted(moments, by, language, tone=tone, marks=marks)
    show_chart(chart, word("reasons.course_alt"))
    st.caption(word("chart.legend" if view["shown"] == "share" else "chart.legend_count"))
    table = partial(why_sheets.theme_course, points, theme, polarity, by, language)
    offer(context, "course", table, lambda: chart)
    since.draw(context, found, "theme")
