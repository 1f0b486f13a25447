"""A mention that the model missed: a part of the text, a theme and a polarity."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial

import streamlit as st

from ugc import taxonomy
from ugc.dashboard.look.words import Words
from ugc.dashboard.reviews.pick import pick
from ugc.dashboard.reviews.saving import Step
from ugc.insight import ReviewView
from ugc.insight.reviews.corrections import At
from ugc.text.clauses import Clause, split

__all__ = ["adding"]

_LETTERS = 90
"""Letters of a part of the text in the list."""
_WIDTH = 290
"""Pixels of that list."""


def _named(text: str, parts: Sequence[Clause], place: int) -> str:
    """A part of the text as the list shows it; its number keeps parts with the same words apart."""
    said = " ".join(text[parts[place].start : parts[place].end].split())
    return f"{place + 1}. {said if len(said) <= _LETTERS else said[:_LETTERS] + '…'}"


def adding(word: Words, one: ReviewView, key: str, save: Callable[[Step, str, str], bool]) -> None:
    """Draws the three choices and the button, which calls `save` with a step and what it is called.

    `key` begins the keys of the widgets. When `save` says that all went well, they are emptied.
    """
    keys = {field: f"{key}_{field}" for field in ("part", "theme", "polarity")}
    parts = split(one.text, one.language)
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        part = st.selectbox(
            word("correct.clause"),
            range(len(parts)),
            index=None,
            key=keys["part"],
            format_func=partial(_named, one.text, parts),
            placeholder=word("correct.clause"),
            label_visibility="collapsed",
            width=_WIDTH,
        )
        theme, polarity = (
            pick(word, keys[field], kind, word(f"reviews.{field}"), taxonomy.keys(kind), bare=True)
            for field, kind in (("theme", "themes"), ("polarity", "polarities"))
        )

        def add() -> None:
            if part is None or theme is None or polarity is None:
                return
            step = Step("added", polarity, At(parts[part].start, parts[part].end, theme))
            if save(step, word.name("themes", theme), word.name("polarities", polarity)):
                st.session_state.update(dict.fromkeys(keys.values()))

        st.button(
            word("correct.add"),
            key=f"{key}_add",
            icon=":material/add:",
            disabled=None in (part, theme, polarity),
            on_click=add,
        )
