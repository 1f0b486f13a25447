"""«What falls in»: a threshold, and the clauses that lie just on either side of it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import streamlit as st

from ugc import settings
from ugc.dashboard.frame.context import Context
from ugc.dashboard.frame.reader import reader
from ugc.dashboard.look.markup import plain
from ugc.dashboard.look.markup import show as show_html
from ugc.dashboard.reviews.cards import quote
from ugc.dashboard.theming import form, troubles
from ugc.errors import InputError, LakeError, ModelError
from ugc.insight.reviews.quotes import said
from ugc.lake.labels import Examples
from ugc.theming import Clause, Draft, Measure, Near, measure, near

if TYPE_CHECKING:
    from models.tagger import Tagger

__all__ = ["Sought", "draw", "needed"]

_FEW, _MORE = 5, 15
"""Clauses shown on each side."""


@dataclass(frozen=True, slots=True)
class Sought:
    """What came of looking: the threshold, `None` before one can be chosen.

    `stale` says that the examples are others by now than those that were looked for.
    """

    threshold: float | None = None
    stale: bool = False


@st.cache_data(show_spinner=False, max_entries=32)
def _measure(
    lake: str, version: str, examples: Examples, theme: str | None, model: str, _reader: Tagger
) -> Measure:
    """What examples are as the model of `_reader` reads them in a state of a lake."""
    from ugc.lake import Lake

    with Lake.open(lake, create=False).snapshot() as snapshot:
        return measure(snapshot, examples, _reader, theme=theme)


def _measured(context: Context, draft: Draft) -> Measure:
    """What clauses are compared with for these examples.

    Raises:
        InputError: there is no example, or the lake was read by another model or not at all.
        LakeError: the lake cannot be read.
        ModelError: the model cannot be opened.
    """
    model = reader()
    return _measure(
        settings.load().lake, context.ask.version, draft.examples, draft.key, model.version, model
    )


def needed(context: Context, draft: Draft, now: Draft) -> Measure | None:
    """What a theme is to be saved with; `None` where its examples find what they found before, or nothing.

    Raises what `_measured` raises.
    """
    same = draft.threshold is not None and now.examples == draft.examples
    return None if now.threshold is None or same else _measured(context, now)


def draw(context: Context, draft: Draft, now: Draft) -> Sought:
    """The button, the threshold and the two lists; gives what came of looking.

    Args:
        context: of the page.
        draft: the theme as it is in force.
        now: the theme as it is typed.
    """
    word = context.word
    examples = form.looked(draft)
    stale = examples is not None and any(examples) and examples != now.examples
    st.button(
        word("theming.find_again" if stale else "theming.find"),
        key="theming_find",
        type="primary" if stale else "secondary",
        icon=":material/search:",
        disabled=not now.said(),
        on_click=form.look,
        args=(draft,),
    )
    if examples is None or not any(examples):
        st.caption(plain(word("theming.find_how")))
        return Sought()
    try:
        with st.spinner(word("theming.finding")):
            by = _measured(context, Draft(key=draft.key, examples=examples))
            found = context.ask(near, by)
    except (InputError, LakeError, ModelError) as error:
        troubles.say(context, troubles.of(error))
        return Sought(stale=stale)
    if stale:
        st.caption(plain(word("theming.changed")))
    threshold = _threshold(context, draft, found)
    reviews, mentions = found.reviews(threshold), found.mentions(threshold)
    count = context.say.number
    st.markdown(
        plain(
            word(
                "theming.falls",
                n=mentions,
                mentions=count(mentions),
                reviews=count(reviews),
                looked=count(found.looked),
            )
        )
    )
    _lists(context, draft, found, threshold)
    return Sought(threshold, stale)


def _threshold(context: Context, draft: Draft, found: Near) -> float:
    """The slider; it begins with the threshold in force, or with what is suggested."""
    key = form.own_key(draft, "threshold")
    steps = [round(one * 100) for one in found.steps]
    given = found.suggested if draft.threshold is None else draft.threshold
    begin = min(max(round(given * 100), steps[0]), steps[-1])
    if st.session_state.get(key) not in steps:
        st.session_state[key] = begin
    chosen = st.select_slider(
        context.word("theming.threshold"),
        steps,
        key=key,
        format_func=lambda step: context.say.percent(step / 100),
        help=context.word("theming.threshold_what"),
    )
    return int(chosen) / 100


def _lists(context: Context, draft: Draft, found: Near, threshold: float) -> None:
    """The clauses that just fall in and those that just stay out, each to be taken as an example."""
    word = context.word
    more = st.toggle(word("theming.more"), key="theming_more")
    count = _MORE if more else _FEW
    for side, column in zip(("inside", "outside"), st.columns(2, gap="large"), strict=True):
        clauses: tuple[Clause, ...] = getattr(found, side)(threshold, count)
        with column, st.container(key=f"theming_{side}"):
            st.subheader(word(f"theming.{side}"), anchor=False)
            if not clauses:
                st.markdown(plain(word("taxonomy.none")))
            for place, one in enumerate(context.ask(said, clauses)):
                show_html(quote(one, context.language, "raised"))
                with st.container(horizontal=True, vertical_alignment="center"):
                    alike = context.say.percent(one.confidence)
                    st.caption(plain(word("theming.alike", share=alike)))
                    form.take(context, draft, one.text, one.language, f"theming_take_{side}_{place}")
