"""«Why?» under a review: the explanation of its tags, made when somebody asks for it.

The model is opened once for all sessions, at the first question; explanations are remembered.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from models.explain import Explanation, explain
from models.labels import THEMES
from ugc.dashboard.frame import states
from ugc.dashboard.frame.context import Context
from ugc.dashboard.frame.reader import reader
from ugc.dashboard.look.markup import show
from ugc.dashboard.reviews import shades
from ugc.errors import ModelError
from ugc.insight import ReviewView

if TYPE_CHECKING:
    from models.tagger import Tagger

__all__ = ["differs", "draw"]


@st.cache_data(show_spinner=False, max_entries=256)
def _explained(model: str, text: str, language: str | None, _tagger: Tagger) -> Explanation:
    """The explanation of a text by `model`, which is the version of the tagger."""
    return explain(_tagger, text, language)


def _explanation(text: str, language: str | None) -> Explanation:
    """The explanation by the model of the settings; `ModelError` when it cannot be opened."""
    tagger = reader()
    return _explained(tagger.version, text, language, tagger)


def differs(one: ReviewView, told: Explanation) -> bool:
    """Whether the lake shows other tags than are explained: another model's, or a person's.

    Themes of one's own are not the model's to explain.
    """
    if one.tags is None:
        return False
    shown = {(m.start, m.end, m.theme, m.polarity) for m in one.mentions if m.theme in THEMES}
    ours = {(m.start, m.end, m.theme, m.polarity) for m in told.mentions}
    return shown != ours or one.tags.sentiment != (told.sentiment.label if told.sentiment else None)


@st.fragment
def draw(context: Context, one: ReviewView) -> None:
    """The control under a review, and what it opens; nothing under a rating without a text.

    Opening it redraws this part of the page alone.
    """
    if not one.text.strip():
        return
    word = context.word
    with st.expander(word("why.show"), key=f"why_{one.id}", type="compact", on_change="rerun") as opened:
        if not opened.open:
            return
        try:
            with st.spinner(word("why.reading")):
                told = _explanation(one.text, one.language)
        except ModelError as error:
            states.show_unreadable(word, error)
            return
        show(shades.explanation(told, context.language, differs=differs(one, told)))
