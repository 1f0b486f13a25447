"""What is compared: the kind, the sides, and for periods the usual pairs and days of one's own."""

from __future__ import annotations

from functools import partial

import streamlit as st

from ugc.dashboard.answers import sides
from ugc.dashboard.frame import address, states
from ugc.dashboard.frame.context import Context
from ugc.dashboard.frame.switch import switch
from ugc.dashboard.look.markup import plain

__all__ = ["draw"]

_OWN = ("first", "second")
"""The two periods whose days can be chosen freely."""


def draw(context: Context) -> sides.Sides | None:
    """Draws the choice and gives it; `None` where there are no two sides, which is then said."""
    word, chosen = context.word, sides.choose(context)
    with st.container(horizontal=True, horizontal_alignment="distribute"):
        switch(word, "what", address.SIDED)
        if len(chosen.names) > 2:
            switch(word, "against", ("first", "rest"))
    if chosen.what == "period":
        _periods(context, chosen)
    if chosen.options:
        st.multiselect(
            word("compare.sides"),
            chosen.options,
            key=context.key("sides"),
            format_func=lambda one: sides.called(chosen.what, one, context.language),
            max_selections=sides.MOST,
        )
    if chosen.unknown:
        st.caption(plain(word("compare.unknown", names=", ".join(chosen.unknown))))
    if len(chosen.names) > 1:
        return chosen
    states.show_note(word("compare.lone" if len(chosen.options) > 1 else "compare.none"))
    return None


def _periods(context: Context, chosen: sides.Sides) -> None:
    """The last period and the one before it at one click, or two spans of days."""
    word, pairs = context.word, sides.pairs(context.has)
    if not pairs:
        return
    with st.container(horizontal=True, vertical_alignment="bottom"):
        now = next((key for key, pair in pairs.items() if pair == chosen.names), None)
        key = f"compare_quick_{context.language}_{now}"
        st.pills(
            word("compare.quick"),
            list(pairs),
            default=now,
            key=key,
            format_func=lambda one: word(f"compare.quick_{one}"),
            on_change=partial(_quick, pairs, key),
        )
        with st.popover(word("compare.own"), icon=":material/date_range:", type="tertiary"):
            for name in _OWN:
                st.date_input(
                    word(f"compare.own_{name}"),
                    value=[],
                    key=f"compare_own_{name}_{context.language}",
                    format=context.say.picker(),
                )
            st.button(word("compare.own_go"), key="compare_own_go", on_click=partial(_own, context.language))


def _quick(pairs: dict[str, tuple[str, str]], key: str) -> None:
    """Sets the pair that was clicked; a second click on it takes nothing away."""
    clicked = st.session_state[key]
    if clicked in pairs:
        address.assign(sides=pairs[clicked])


def _own(language: str) -> None:
    """Sets the days that were chosen side by side, once both periods have their last day."""
    given = [sides.spelled(st.session_state[f"compare_own_{name}_{language}"]) for name in _OWN]
    if all(given):
        address.assign(sides=tuple(given))
