"""Moments of truth: the customer's way as a map, what blame takes and praise adds, and what if."""

from __future__ import annotations

from functools import partial

import streamlit as st
from markupsafe import Markup, escape

from ugc import taxonomy
from ugc.dashboard.answers import decisive, way, why_sheets
from ugc.dashboard.frame import address, states
from ugc.dashboard.frame.context import Context
from ugc.dashboard.frame.export import offer
from ugc.dashboard.look.bar_chart import bar_chart
from ugc.dashboard.look.bars import bars
from ugc.dashboard.look.blocks import sentences
from ugc.dashboard.look.chart_style import show_chart
from ugc.dashboard.look.markup import plain
from ugc.dashboard.look.markup import show as show_html
from ugc.insight import Driver, Moments, drivers, moments, scores

__all__ = ["show"]

_FALLS = ("10", "20", "30", "40", "50", "60", "70", "80", "90", "100")
"""Per cent by which complaints may fall in “what if”."""


def show(context: Context) -> None:
    """Draws the page."""
    found = context.ask(scores, context.filters.without_themes())
    context.scope(found.reviews)
    if not found.reviews:
        states.show_nothing_found(context.word)
        return
    if found.untagged:
        states.show_untagged(context.word, found.untagged, all_of_them=not found.tagged)
    if not found.tagged:
        return
    way_ = context.ask(moments, context.filters)
    with st.container(border=True):
        _map(context, way_)
    with st.container(border=True):
        _told(context, way_)
    with st.container(border=True):
        _drivers(context)


def _map(context: Context, found: Moments) -> None:
    """The map of the way, or that no text tells where anything happened."""
    word = context.word
    st.header(word("moments.map"), anchor=False)
    if not any(one.stage for one in found.cells):
        st.markdown(plain(word("moments.no_places")))
        return
    stages = [word.name("stages", one.key) for one in taxonomy.labels("stages")]
    st.caption(plain(word("moments.map_what", stages=" → ".join(stages))))
    chart = way.way_map(found, context.language)
    show_chart(chart, word("moments.map_alt"))
    table = partial(why_sheets.way, found, word("moments.map"), context.language)
    offer(context, "map", table, lambda: chart)


def _told(context: Context, found: Moments) -> None:
    """The moments of truth, strongest first, each with a way to the words of customers."""
    word, say, name = context.word, context.say, context.word("moments.told")
    st.header(name, anchor=False)
    if not found.enough:
        st.markdown(plain(word("moments.lack", n=found.ratings, count=say.number(found.ratings))))
        return
    st.caption(plain(word("moments.told_what", count=say.number(found.ratings))))
    rows = decisive.rows(found, context.language)
    if not rows:
        st.markdown(plain(word("moments.none")))
        return
    heads = [word("moments.cell"), word("moments.share"), "", word("moments.impact")]
    bars("moments_told", rows, name=name, heads=heads)
    table = partial(why_sheets.way, found, name, context.language, decisive=True)
    offer(context, "told", table, partial(bar_chart, rows, context.language))
    for row in rows:
        theme, _, polarity = row.key.partition("/")
        label = word("moments.open", name=row.label)
        context.way("reasons", label, icon=":material/arrow_forward:", theme=theme, polarity=polarity)


@st.fragment
def _drivers(context: Context) -> None:
    """What blame takes and praise adds, and what the mean would gain; the slider redraws this part."""
    word, say = context.word, context.say
    st.header(word("moments.drivers"), anchor=False)
    fall = address.remember()["fall"]
    found = context.ask(drivers, context.filters, fall=context.part(fall))
    if found.lacking is not None:
        key = f"moments.lacking_{found.lacking}"
        st.markdown(plain(word(key, n=found.ratings, count=say.number(found.ratings))))
        return
    st.caption(plain(word("moments.drivers_what", r2=say.percent(found.r2), count=say.number(found.ratings))))
    both = [one for one in found.rows if one.penalty and one.reward]
    left, right = st.columns((3, 2), gap="large")
    with left:
        if both:
            chart = way.quadrant(both, context.language)
            show_chart(chart, word("moments.quadrant_alt"))
        else:
            st.markdown(plain(word("moments.no_quadrant")))
    with right:
        st.select_slider(
            word("moments.fall"),
            _FALLS,
            key=context.key("fall"),
            format_func=lambda one: say.percent(context.part(one)),
        )
        gains = [one for one in found.rows if one.what_if and one.what_if.significant]
        gains.sort(key=lambda one: -(one.what_if.value if one.what_if else 0))
        if gains:
            show_html(sentences(_gain(context, one) for one in gains))
            st.caption(plain(word("moments.if_cause")))
        else:
            st.markdown(plain(word("moments.no_gain")))
    drawn = partial(way.quadrant, both, context.language) if both else None
    offer(context, "drivers", partial(why_sheets.driving, found.rows, context.language), drawn)


def _gain(context: Context, one: Driver) -> Markup:
    """What the mean would gain if complaints about a theme fell."""
    word, say, hope = context.word, context.say, one.what_if
    told = word(
        "moments.gain",
        theme=word.name("themes", one.theme),
        gain=say.shift(hope.value if hope else None),
        bounds=say.shifts(hope.low, hope.high) if hope else "",
        mean=say.stars(hope.mean_stars if hope else None),
    )
    return escape(told)
