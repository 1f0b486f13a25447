"""A figure by any two dimensions on the page: its fields, the heat map, what differs most."""

from __future__ import annotations

from functools import partial

import streamlit as st

from ugc.dashboard.answers import crossing
from ugc.dashboard.frame import address
from ugc.dashboard.frame.context import Context
from ugc.dashboard.frame.export import offer
from ugc.dashboard.frame.switch import switch
from ugc.dashboard.look.chart_style import show_chart
from ugc.dashboard.look.markup import plain
from ugc.insight import Cross, cross
from ugc.insight.whereabouts.cross import FEW

__all__ = ["show"]

_POLARITIES = ("negative", "positive")


@st.fragment
def show(context: Context) -> None:
    """Draws the breakdown; its fields redraw this part alone."""
    word, view = context.word, address.remember()
    st.header(word("segments.crossed"), anchor=False)
    for field, column in zip(("down", "across"), st.columns(2), strict=True):
        column.selectbox(
            word(f"choose.{field}"),
            address.CROSSED,
            key=context.key(field),
            format_func=lambda one: crossing.dimension(one, context.language),
        )
    switch(word, "figure", ("negative", "csi", "theme"))
    theme, polarity = _theme(context, view) if view["figure"] == "theme" else (None, None)
    down, across = view["down"], view["across"]
    if down == across:
        st.markdown(plain(word("segments.same")))
        return
    found = context.ask(cross, context.filters, down, across, view["figure"], theme, polarity)
    if not found.cells:
        st.markdown(plain(word("segments.no_figure")))
        return
    whole = crossing.written(found, found.whole.value if found.whole else None, context.language)
    st.caption(plain(word("segments.crossed_what", whole=whole, few=FEW)))
    chart = crossing.heat(found, down, across, polarity, context.language)
    names = {one: crossing.dimension(view[one], context.language) for one in ("down", "across")}
    alt = word("segments.crossed_alt", figure=word(f"figure.{view['figure']}"), **names)
    with st.container(key=f"segments_heat_{crossing.width(found)}"):
        show_chart(chart, alt)
    _strongest(context, found, down, across)
    offer(context, "crossed", partial(crossing.table, found, down, across, alt, context.language), chart)


def _theme(context: Context, view: address.View) -> tuple[str, str]:
    """Which theme, and whether it is blamed or praised; the one most written about to begin with."""
    word, keys = context.word, context.theme_keys()
    theme = view["theme"] or next((one.value for one in context.has.themes if one.value), keys[0])
    polarity = view["polarity"] if view["polarity"] in _POLARITIES else "negative"
    address.assign(theme=theme, polarity=polarity)
    address.remember()
    name, side = st.columns((2, 3), vertical_alignment="bottom")
    name.selectbox(
        word("segments.theme"), keys, key=context.key("theme"), format_func=partial(word.name, "themes")
    )
    side.segmented_control(
        word("segments.side"),
        _POLARITIES,
        key=context.key("polarity"),
        format_func=lambda one: word(f"segments.side_{one}"),
        required=True,
        label_visibility="collapsed",
    )
    return theme, polarity


def _strongest(context: Context, found: Cross, down: str, across: str) -> None:
    """The cells that depart most, in words, each with a way to its reviews where filters choose them."""
    word = context.word
    cells = crossing.strongest(found)
    if not any(one.significant for one in found.cells):
        st.caption(plain(word("segments.no_cells")))
    if not cells:
        return
    st.markdown(plain(word("segments.strongest")))
    for cell in cells:
        told = crossing.told(found, cell, down, across, context.language)
        line = word("segments.cell_share", **told)
        way = crossing.way_to(found, cell, down, across, context.filters.since, context.filters.until)
        if way is None:
            st.markdown(plain(line))
        else:
            context.way("reviews", line, icon=":material/forum:", **way)
