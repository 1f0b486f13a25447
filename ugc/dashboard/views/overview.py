"""Overview, how many: what is going on, the figures, their course, by source and place, coverage."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

import streamlit as st

from ugc.dashboard.answers import figures, opening, sheets, since, story, turns
from ugc.dashboard.frame import address, states
from ugc.dashboard.frame.context import Context
from ugc.dashboard.frame.export import offer
from ugc.dashboard.frame.switch import switch
from ugc.dashboard.look import charts
from ugc.dashboard.look.bar_chart import bar_chart
from ugc.dashboard.look.bars import Tone, bars
from ugc.dashboard.look.blocks import sentences
from ugc.dashboard.look.chart_style import show_chart
from ugc.dashboard.look.markup import show as show_html
from ugc.dashboard.reviews.cards import quote
from ugc.insight import Dimension, Group, by_each, freshness, scores, trend

__all__ = ["show"]

_NARROW, _WIDE = opening.PARTS[:2], opening.PARTS[2:]


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
    offer(context, "figures", sheets.tiles(found, context.language))
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
    """The course over time with what changed and what was done; its switches redraw only this part."""
    word, language = context.word, context.language
    st.header(word("overview.course"), anchor=False)
    with st.container(horizontal=True, horizontal_alignment="distribute"):
        switch(word, "measure", ("negative", "csi", "net"))
        switch(word, "by", ("day", "week", "month"))
    view = address.remember()
    by_, measure = view["by"], view["measure"]
    points = context.ask(trend, context.filters, by=by_)
    moments = charts.measured(points, measure, language)
    if not charts.worth(moments):
        st.caption(word("chart.nothing"))
        return
    found = turns.turns(context.ask, context.filters)
    marks = turns.marks(found, points[0].start, context.period()[1] or points[-1].start, language)
    tone: Tone = "blame" if measure == "negative" else "accent"
    chart = charts.over_time(moments, by_, language, kind=measure, tone=tone, marks=marks)
    show_chart(chart, word("overview.course_alt"))
    st.caption(word("chart.legend"))
    offer(context, "course", partial(sheets.course, points, by_, language), lambda: chart)
    since.draw(context, found, "course")


def _parts(context: Context, overall: float | None) -> None:
    """The reviews by source, language, city and company, where there is more than one of them."""
    found = context.ask(by_each, context.filters, opening.PARTS)
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
    rows = figures.groups(found, dimension, context.language, wide=wide)
    st.header(name, anchor=False)
    bars(
        f"by_{dimension}",
        rows,
        name=name,
        reference=overall,
        heads=figures.heads(context.language, dimension, wide=wide),
        pick=lambda value: address.assign(**{dimension: (value,)}),
    )
    table = partial(sheets.groups, found, dimension, context.language)
    offer(context, f"by_{dimension}", table, partial(bar_chart, rows, context.language))


def _coverage(context: Context) -> None:
    """How fresh and how complete each source is."""
    st.header(context.word("overview.coverage"), anchor=False)
    st.markdown(context.word("overview.coverage_what"))
    rows = context.ask(freshness, context.filters)
    show_html(figures.coverage(rows, context.language))
    offer(context, "coverage", partial(sheets.coverage, rows, context.language))
