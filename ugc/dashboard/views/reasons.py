"""Reasons, why: what customers thank for and complain about, ranked; a click opens one."""

from __future__ import annotations

from functools import partial

import streamlit as st

from ugc.dashboard.answers import below, figures, why_sheets
from ugc.dashboard.frame import address, states
from ugc.dashboard.frame.context import Context
from ugc.dashboard.frame.export import offer
from ugc.dashboard.look.bar_chart import bar_chart
from ugc.dashboard.look.bars import bars
from ugc.dashboard.views import reason
from ugc.insight import Reasons, eleven, reasons

__all__ = ["show"]

_SIDES = ("negative", "positive")


def show(context: Context) -> None:
    """Draws the ranking, or one reason when the view names its theme."""
    found = {side: context.ask(reasons, context.filters, polarity=side, quotes=0) for side in _SIDES}
    one = found["negative"]
    context.scope(one.n_reviews, context.word("reasons.scope"))
    if one.untagged:
        states.show_untagged(context.word, one.untagged, all_of_them=not one.n_reviews)
    if not one.n_reviews:
        if not one.untagged:
            states.show_nothing_found(context.word)
        return
    if context.view["theme"]:
        reason.show(context, context.view["theme"], context.view["polarity"] or "negative")
        return
    _ranking(context, found)
    with st.container(border=True):
        _eleven(context)


def _open(polarity: str, theme: str) -> None:
    address.assign(theme=theme, polarity=polarity, reason=None)


def _ranking(context: Context, found: dict[str, Reasons]) -> None:
    """Complaints to the left, thanks to the right, on one scale."""
    word = context.word
    top = max((row.high for side in found.values() for row in side.rows), default=1.0)
    for column, polarity in zip(st.columns(2, gap="medium"), _SIDES, strict=True):
        side = found[polarity]
        rows = figures.ranked(side.rows, context.language, side.n_reviews)
        with column.container(border=True):
            st.header(word(f"reasons.{polarity}"), anchor=False)
            st.caption(word(f"reasons.{polarity}_what"))
            bars(
                f"reasons_{polarity}",
                rows,
                name=word(f"reasons.{polarity}"),
                mirrored=polarity == "negative",
                top=top,
                pick=partial(_open, polarity),
            )
            if not side.rows:
                st.markdown(word("reasons.none"))
            table = partial(why_sheets.ranked, side, context.language)
            offer(context, polarity, table, partial(bar_chart, rows, context.language))
    st.caption(word("reasons.how"))
    one = found["negative"]
    if one.previous_since:
        span = context.say.span(one.previous_since, one.previous_until)
        st.caption(word("reasons.against", span=span))
    else:
        st.caption(word("reasons.against_none"))


def _eleven(context: Context) -> None:
    """The eleven reasons that customers thank for; a click opens the theme that counts for one."""
    word = context.word
    st.header(word("reasons.eleven"), anchor=False)
    found = context.ask(eleven, context.filters, language=context.language)
    st.caption(word("reasons.eleven_what", version=found.version))
    rows, themes = below.thanked(found, context.language)
    bars(
        "eleven",
        rows,
        name=word("reasons.eleven"),
        pick=lambda key: _open("positive", themes[key]),
    )
    table = partial(why_sheets.thanked, found, context.language)
    offer(context, "eleven", table, partial(bar_chart, rows, context.language))
