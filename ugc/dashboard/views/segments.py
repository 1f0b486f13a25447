"""Segments, where and who: what the average hides, any two dimensions, the map."""

from __future__ import annotations

from functools import partial

import streamlit as st

from ugc.dashboard.answers import cross_shown, groups_shown, place_map
from ugc.dashboard.frame import address, states
from ugc.dashboard.frame.context import Context
from ugc.dashboard.frame.export import offer
from ugc.dashboard.frame.switch import switch
from ugc.dashboard.look.chart_style import show_chart
from ugc.dashboard.look.markup import plain
from ugc.insight import hotspots, scores

__all__ = ["show"]


def show(context: Context) -> None:
    """Draws the page; the search for groups, which takes longest, comes last into its place on top."""
    found = context.ask(scores, context.filters.without_themes())
    context.scope(found.reviews)
    if not found.reviews:
        states.show_nothing_found(context.word)
        return
    if found.untagged:
        states.show_untagged(context.word, found.untagged, all_of_them=not found.tagged)
    if not found.tagged:
        return
    top = st.container(border=True)
    with st.container(border=True):
        cross_shown.show(context)
    with st.container(border=True):
        _map(context)
    with top:
        _hidden(context)


@st.fragment
def _hidden(context: Context) -> None:
    """The groups that depart from the rest; the switches redraw this part alone."""
    word = context.word
    st.header(word("segments.hidden"), anchor=False)
    st.caption(plain(word("segments.hidden_what")))
    with st.container(horizontal=True, horizontal_alignment="distribute"):
        switch(word, "side", ("worse", "better"))
        switch(word, "target", ("all", "negative", "themes"))
    view = address.remember()
    with st.spinner(word("segments.searching")):
        found = context.ask(hotspots, context.filters, target=view["target"])
    groups_shown.show(context, found, view["side"])


def _map(context: Context) -> None:
    """Cities and places by their coordinates; without two of them, how to give some."""
    word = context.word
    st.header(word("segments.map"), anchor=False)
    own = place_map.own_places()
    if own.trouble is not None:
        st.markdown(plain(word("segments.places_unread")))
        st.code(str(own.trouble), language=None, wrap_lines=True)
    found = context.ask(place_map.located, context.filters, own.path, own.changed)
    if place_map.enough(found):
        whole = context.say.percent(found.whole.value if found.whole else None)
        st.caption(plain(word("segments.map_what", whole=whole)))
        chart = place_map.chart(found, context.language)
        show_chart(chart, word("segments.map_alt"))
    else:
        st.markdown(plain(word("segments.too_few_places")))
    st.caption(plain(" ".join(place_map.left_out(found, context.language))))
    with st.expander(word("segments.own"), type="compact"):
        st.markdown(plain(word("segments.own_places")))
        st.code(place_map.EXAMPLE, language=None)
    if place_map.enough(found):
        offer(context, "map", partial(place_map.table, found, word("segments.map"), context.language), chart)
