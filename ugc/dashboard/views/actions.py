"""Actions: what to do first, what was done, and what came of it."""

from __future__ import annotations

from functools import partial

import streamlit as st

from ugc import settings
from ugc.dashboard.acting import done, noting, ranking
from ugc.dashboard.frame import address, states
from ugc.dashboard.frame.context import Context
from ugc.dashboard.frame.export import offer
from ugc.dashboard.look.bar_chart import bar_chart
from ugc.dashboard.look.bars import bars
from ugc.dashboard.look.blocks import sentences
from ugc.dashboard.look.markup import plain
from ugc.dashboard.look.markup import show as show_html
from ugc.dashboard.look.table import grid
from ugc.errors import InputError
from ugc.insight import Priorities, scores
from ugc.insight.cost.volumes import Volume, read_volumes

__all__ = ["show"]

_FALLS = ("10", "20", "30", "40", "50", "60", "70", "80", "90", "100")
"""Per cent by which contacts may fall."""

_TOLD = 3
"""Themes that are told in sentences."""


def show(context: Context) -> None:
    """Draws the page."""
    found = context.ask(scores, context.filters.without_themes())
    context.scope(found.reviews)
    if not found.reviews:
        states.show_nothing_found(context.word)
    elif found.untagged:
        states.show_untagged(context.word, found.untagged, all_of_them=not found.tagged)
    if found.tagged:
        with st.container(border=True):
            _first(context)
    st.header(context.word("actions.done"), anchor=False)
    noting.draw(context)
    done.draw(context)


def _asked(context: Context) -> tuple[Priorities, InputError | None]:
    """The ranking with contact rates, or without them and why."""
    chosen, fall = settings.load(), context.part(context.view["fall"])
    prices = chosen.priority
    ask = partial(
        context.ask, ranking.ranked, context.filters, prices.first_contact, prices.repeat_contact, fall
    )
    try:
        volumes: tuple[Volume, ...] = read_volumes(chosen.volumes) if chosen.volumes else ()
        return ask(volumes), None
    except InputError as error:
        return ask(()), error


def _first(context: Context) -> None:
    """The ranking: the costliest themes in sentences, all of them as bars, contact rates below."""
    word, language = context.word, context.language
    st.header(word("actions.first"), anchor=False)
    found, trouble = _asked(context)
    if not found.rows:
        st.markdown(plain(word("actions.no_contacts")))
        return
    st.caption(plain(ranking.whole(found, language)))
    st.select_slider(
        word("actions.fall"),
        _FALLS,
        key=context.key("fall"),
        format_func=lambda one: context.say.percent(context.part(one)),
        width=420,
    )
    chosen = context.view["theme"]
    named = [one for one in found.rows if one.theme]
    told = [one for one in named if one.theme == chosen] or named[:_TOLD]
    show_html(sentences(ranking.sentence(one, found, language) for one in told))
    with st.container(horizontal=True, gap="small"):
        for one in told:
            label = word("actions.why", theme=word.name("themes", one.theme))
            context.way(
                "reasons", label, icon=":material/arrow_forward:", theme=one.theme, polarity="negative"
            )
    rows = ranking.rows(found, chosen, language)
    bars(
        f"priority_{language}",
        rows,
        name=word("actions.first"),
        heads=ranking.heads(language),
        top=ranking.top(found),
        pick=lambda key: address.assign(theme=None if key == chosen else key or None),
    )
    st.caption(plain(word("actions.how")))
    chart = partial(bar_chart, rows, language, along=",.0f")
    offer(context, "priority", ranking.table(found, language), chart)
    _rates(context, found, trouble)


def _rates(context: Context, found: Priorities, trouble: InputError | None) -> None:
    """Contact rates where there are volumes; otherwise how to have them, or why there are none."""
    word, say, rates = context.word, context.say, found.rates
    if trouble is not None:
        st.markdown(plain(word("actions.rate.trouble")))
        st.code(str(trouble), language=None, wrap_lines=True)
    elif rates is None:
        st.caption(plain(word("actions.rate.missing")))
    if rates is None:
        context.way("settings", word("actions.rate.settings"), icon=":material/settings:")
        return
    st.header(word("actions.rate.title"), anchor=False)
    if rates.whole is not None:
        st.markdown(plain(ranking.rate(rates.whole, context.language)))
    for key, listed in (("group", rates.by_group), ("period", rates.by_period)):
        if listed:
            table = ranking.rates(word(f"actions.rate.{key}"), listed, context.language)
            show_html(grid(table, context.language))
            offer(context, f"rates_{key}", table)
    if rates.unused:
        count = len(rates.unused)
        lines = ", ".join(str(one.line) for one in rates.unused)
        st.caption(plain(word("actions.rate.unused", n=count, count=say.number(count), lines=lines)))
