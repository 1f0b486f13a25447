"""Overview, how many: what is going on, the figures, their course, by source and place, coverage."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from ugc.dashboard.answers import figures, story
from ugc.dashboard.frame import address, states
from ugc.dashboard.frame.context import Context
from ugc.dashboard.frame.switch import switch
from ugc.dashboard.look import charts
from ugc.dashboard.look.bars import Tone, bars
from ugc.dashboard.look.blocks import sentences
from ugc.dashboard.look.markup import show as show_html
from ugc.dashboard.reviews.cards import quote
from ugc.insight import Dimension, Group, by, freshness, scores, trend

__all__ = ["show"]

_NARROW: tuple[Dimension, ...] = ("source", "language")
_WIDE: tuple[Dimension, ...] = ("city", "company")


def show(context: Context) -> None:
    """Draws the page."""
    found = context.ask(scores, context.filters)
    context.scope(found.reviews)
    if not found.reviews:
        states.show_nothing_found(context.word)
        return
    if found.untagged:
        states.show_untagged(context.word, found.untagged, all_of_them=not found.tagged)
    _story(context)
    show_html(figures.tiles(found, context.language))
    if found.disagreements:
        count, total = (context.say.number(one) for one in (found.disagreements, found.compared))
        st.caption(context.word("tile.disagree", count=count, total=total))
    with st.container(border=True):
        _course(context)
    _parts(context, found.negative_share)
    with st.container(border=True):
        _coverage(context)


def _story(context: Context) -> None:
    told = story.tell(context.ask, context.filters, context.has, context.language)
    if not told.lines:
        return
    left, right = st.columns((3, 2), gap="large")
    with left:
        st.header(context.word("overview.story"), anchor=False)
        show_html(sentences(told.lines))
    with right:
        for reason, tone in ((told.complaint, "blame"), (told.thanks, "praise")):
            if reason is None or not reason.quotes:
                continue
            name = context.word.name("themes", reason.theme)
            with st.container(key=f"quote_{tone}", gap=None):
                show_html(quote(reason.quotes[0], context.language, tone))
                context.way(
                    "reasons",
                    context.word(f"overview.why_{tone}", theme=name),
                    icon=":material/arrow_forward:",
                    theme=reason.theme,
                    polarity=reason.polarity,
                )


@st.fragment
def _course(context: Context) -> None:
    """The course over time; its switches redraw only this part of the page."""
    word = context.word
    st.header(word("overview.course"), anchor=False)
    with st.container(horizontal=True, horizontal_alignment="distribute"):
        switch(word, "measure", ("negative", "csi", "net"))
        switch(word, "by", ("day", "week", "month"))
    view = address.remember()
    points = context.ask(trend, context.filters, by=view["by"])
    measure = view["measure"]
    moments = charts.measured(points, measure, context.language)
    if not charts.worth(moments):
        st.caption(word("chart.nothing"))
        return
    tone: Tone = "blame" if measure == "negative" else "accent"
    chart = charts.over_time(moments, view["by"], context.language, kind=measure, tone=tone)
    st.altair_chart(chart, theme=None, width="stretch", alt=word("overview.course_alt"))
    st.caption(word("chart.legend"))


def _parts(context: Context, overall: float | None) -> None:
    """The reviews by source, language, city and company, where there is more than one of them."""
    found = {dimension: context.ask(by, context.filters, dimension) for dimension in (*_NARROW, *_WIDE)}
    narrow = [dimension for dimension in _NARROW if len(found[dimension]) > 1]
    for column, dimension in zip(st.columns(max(len(narrow), 1), gap="medium"), narrow, strict=False):
        with column.container(border=True):
            _groups(context, dimension, found[dimension], overall, wide=False)
    for dimension in _WIDE:
        if len(found[dimension]) > 1:
            with st.container(border=True):
                _groups(context, dimension, found[dimension], overall, wide=True)


def _groups(
    context: Context, dimension: Dimension, found: Sequence[Group], overall: float | None, *, wide: bool
) -> None:
    """The values of a dimension with their figures; a click narrows the page to one."""
    name = context.word(f"overview.by_{dimension}")
    st.header(name, anchor=False)
    bars(
        f"by_{dimension}",
        figures.groups(found, dimension, context.language, wide=wide),
        name=name,
        reference=overall,
        heads=figures.heads(context.language, dimension, wide=wide),
        pick=lambda value: address.assign(**{dimension: (value,)}),
    )


def _coverage(context: Context) -> None:
    """How fresh and how complete each source is."""
    st.header(context.word("overview.coverage"), anchor=False)
    st.markdown(context.word("overview.coverage_what"))
    rows = context.ask(freshness, context.filters)
    show_html(figures.coverage(rows, context.language))
