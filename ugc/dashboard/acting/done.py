"""What was done: the actions, the latest first; one of them is open and says what came of it."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import cast

import streamlit as st
from markupsafe import Markup

from ugc.dashboard.acting import course, noting, saving, told
from ugc.dashboard.frame import address
from ugc.dashboard.frame.context import Context
from ugc.dashboard.frame.export import offer
from ugc.dashboard.look.blocks import facts, sentences
from ugc.dashboard.look.chart_style import show_chart
from ugc.dashboard.look.markup import plain, show
from ugc.dashboard.look.table import Column, Table, grid
from ugc.dashboard.reviews.saving import Trouble
from ugc.insight import DIMENSIONS, Action, Effect, actions, effect
from ugc.insight.choice.counts import lake_days
from ugc.insight.outcome.effect import corrected
from ugc.insight.outcome.weekly import MEASURES, Measure

__all__ = ["draw", "meets"]

_AT_ONCE = 20
_ALL, _GOING, _TOGETHER = "actions_all", "actions_going", "actions_together"

_CARD = Markup('<article class="house-action"><p class="head"><bdi>{}</bdi></p>{}</article>')


def meets(action: Action, context: Context) -> bool:
    """Whether an action may concern reviews that the filters choose."""
    for field in DIMENSIONS:
        chosen, own = (
            {value or None for value in getattr(filters, field)}
            for filters in (context.filters, action.concerned)
        )
        if chosen and own and not chosen & own:
            return False
    return True


def draw(context: Context) -> None:
    """The list; what an action opens is computed when it is opened."""
    word, say = context.word, context.say
    held = context.ask(actions)
    noting.say_trouble(context, "list")
    listed = [one for one in reversed(held) if meets(one, context)]
    if not held:
        st.markdown(plain(word("actions.none")))
        return
    st.caption(plain(word("actions.done_what")))
    if left := len(held) - len(listed):
        st.caption(plain(word("actions.left_out", n=left, count=say.number(left))))
    chosen, first = context.view["action"], st.session_state.get(_ALL) or len(listed) <= _AT_ONCE
    whole = first or chosen in [one.id for one in listed[_AT_ONCE:]]
    together = _together(context, held)
    for one in listed if whole else listed[:_AT_ONCE]:
        with st.container(border=True, key=f"action_{one.id}", gap="xsmall"):
            _card(context, one, opened=one.id == chosen, together=together)
    if not whole:
        st.button(
            word("actions.show_all", n=len(listed), count=say.number(len(listed))),
            key="actions_show_all",
            type="tertiary",
            on_click=partial(st.session_state.__setitem__, _ALL, True),
        )
    if listed:
        offer(context, "actions", _table(context, listed))


def _together(context: Context, held: Sequence[Action]) -> dict[str, Effect]:
    """What came of every action by its usual measure, corrected together; nothing before it is asked for."""
    word = context.word
    if len(held) < 2:
        return {}
    key = f"actions_together_{context.language}"
    st.session_state[key] = st.session_state.get(_TOGETHER, False)
    st.toggle(
        word("actions.together"),
        key=key,
        help=word("actions.together_what"),
        on_change=lambda: st.session_state.__setitem__(_TOGETHER, st.session_state[key]),
    )
    if not st.session_state[key]:
        return {}
    found, bar = [], st.progress(0.0, text=word("actions.reckoning"))
    for place, one in enumerate(held, 1):
        found.append(context.ask(effect, one, measure=_usual(one)))
        bar.progress(place / len(held), text=word("actions.reckoning"))
    bar.empty()
    told_ = corrected(found, context.ask(lake_days)[1])
    table = told.table(list(reversed(told_)), context.language)
    show(grid(table, context.language))
    offer(context, "together", table)
    return {one.action.id: one for one in told_}


def _table(context: Context, listed: Sequence[Action]) -> Table:
    """The actions as they are told."""
    word, language = context.word, context.language
    names = ("when", "what", "whom_head", "theme_head", "author_head")
    columns = [Column(word(f"actions.{name}"), "day" if name == "when" else "text") for name in names]
    rows = tuple(
        (one.day, one.what, told.concerned(one, language), word.name("themes", one.theme), one.author or "")
        for one in listed
    )
    return Table(word("actions.done"), tuple(columns), rows)


def _card(context: Context, one: Action, *, opened: bool, together: dict[str, Effect]) -> None:
    """One action: its words and facts, what came of it when it is open, and what takes it away."""
    word, language = context.word, context.language
    show(_CARD.format(one.what, facts(told.about(one, language))))
    with st.container(horizontal=True, gap="small"):
        st.button(
            word("actions.close" if opened else "actions.open"),
            key=f"open_{one.id}",
            icon=":material/expand_less:" if opened else ":material/expand_more:",
            type="tertiary",
            on_click=partial(address.assign, action=None if opened else one.id, effect=None),
        )
        if st.session_state.get(_GOING) != one.id:
            st.button(
                word("actions.remove"),
                key=f"remove_{one.id}",
                icon=":material/delete:",
                type="tertiary",
                on_click=partial(st.session_state.__setitem__, _GOING, one.id),
            )
    noting.say_trouble(context, one.id)
    if st.session_state.get(_GOING) == one.id:
        _sure(context, one)
    if opened:
        _effect(context, one, together)


def _sure(context: Context, one: Action) -> None:
    """Asks once before an action is taken away."""
    word = context.word
    with st.container(horizontal=True, gap="small", vertical_alignment="center", key=f"sure_{one.id}"):
        st.markdown(plain(word("actions.sure")))
        st.button(
            word("actions.remove_yes"),
            key=f"yes_{one.id}",
            on_click=partial(_remove, context, one),
            type="primary",
        )
        st.button(word("actions.remove_no"), key=f"no_{one.id}", on_click=_stay)


def _stay() -> None:
    st.session_state.pop(_GOING, None)


def _remove(context: Context, one: Action) -> None:
    """Takes an action away and closes what it had open."""
    _stay()
    gone = saving.remove(one.id)
    if isinstance(gone, Trouble):
        saving.tell(one.id, gone)
        return
    saving.tell("list", context.word("actions.removed"))
    if context.view["action"] == one.id:
        address.assign(action=None, effect=None)


def _usual(one: Action) -> Measure:
    """What is looked at when nobody says otherwise."""
    return MEASURES[0] if one.theme else MEASURES[1]


def _measure(context: Context, one: Action) -> Measure:
    """What is looked at: what the address says where the action has it, else its usual measure."""
    said = cast("Measure | None", context.view["effect"])
    return said if said and (one.theme or said != MEASURES[0]) else _usual(one)


def _switch(context: Context, one: Action, now: Measure) -> None:
    """What to look at instead."""
    options = [name for name in MEASURES if one.theme or name != MEASURES[0]]
    key = f"measure_{one.id}_{context.language}"
    st.session_state[key] = now
    st.segmented_control(
        context.word("actions.look"),
        options,
        key=key,
        format_func=lambda name: context.word(f"effect.{name}"),
        required=True,
        label_visibility="collapsed",
        on_change=lambda: address.assign(effect=st.session_state[key]),
    )


def _effect(context: Context, one: Action, together: dict[str, Effect]) -> None:
    """What came of an action: verdict, sentences, the weeks as a chart, and the way to the reviews."""
    word, language, now = context.word, context.language, _measure(context, one)
    _switch(context, one, now)
    with st.spinner(word("actions.reckoning")):
        found = context.ask(effect, one, measure=now)
    beside = together.get(one.id)
    joint = beside is not None and beside.measure == now
    found = beside if beside is not None and joint else found
    show(told.verdict(found, language))
    st.caption(plain(word("actions.looked", figure=told.measure_name(now, one, language))))
    show(sentences(told.lines(found, language, joint=joint)))
    if found.course:
        drawn, figures = course.chart(found, language), course.table(found, language)
        show_chart(drawn, word("actions.chart_alt"))
        st.caption(plain(word("actions.legend")))
        offer(context, f"course_{one.id}", figures, drawn)
    st.caption(plain(word("actions.jointly" if joint else "actions.alone")))
    whom = {
        column: tuple(v or "" for v in getattr(one.concerned, field)) for field, column in DIMENSIONS.items()
    }
    whom = {column: values for column, values in whom.items() if values}
    context.way("reviews", word("actions.read"), icon=":material/forum:", theme=one.theme, **whom)
