"""Reasons, why: what customers thank for and complain about, ranked; a click opens one."""

from __future__ import annotations

from functools import partial

import streamlit as st

from ugc.dashboard.answers import figures
from ugc.dashboard.frame import address, states
from ugc.dashboard.frame.context import Context
from ugc.dashboard.look.bars import bars
from ugc.dashboard.views import reason
from ugc.insight import Reasons, reasons

__all__ = ["show"]

_SIDES = ("negative", "positive")


def show(context: Context) -> None:
    """Draws the ranking, or one reason when the view names its theme."""
    found = {polarity: context.ask(reasons, context.filters, polarity=polarity) for polarity in _SIDES}
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
    else:
        _ranking(context, found)


def _open(polarity: str, theme: str) -> None:
    address.assign(theme=theme, polarity=polarity)


def _ranking(context: Context, found: dict[str, Reasons]) -> None:
    """Complaints to the left, thanks to the right, on one scale."""
    word = context.word
    top = max((row.high for side in found.values() for row in side.rows), default=1.0)
    for column, polarity in zip(st.columns(2, gap="medium"), _SIDES, strict=True):
        side = found[polarity]
        with column.container(border=True):
            st.header(word(f"reasons.{polarity}"), anchor=False)
            st.caption(word(f"reasons.{polarity}_what"))
            bars(
                f"reasons_{polarity}",
                figures.ranked(side.rows, context.language, side.n_reviews),
                name=word(f"reasons.{polarity}"),
                mirrored=polarity == "negative",
                top=top,
                pick=partial(_open, polarity),
            )
            if not side.rows:
                st.markdown(word("reasons.none"))
    st.caption(word("reasons.how"))
