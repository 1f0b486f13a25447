"""Settings: language, prices, volumes, weights, model, and where the reviews lie."""

from __future__ import annotations

import streamlit as st

from ugc import settings
from ugc.dashboard.frame.address import View
from ugc.dashboard.frame.data import Ask
from ugc.dashboard.look.markup import plain
from ugc.dashboard.look.words import words
from ugc.dashboard.setting import fields, model, sheets

__all__ = ["show"]


def show(ask: Ask | None, view: View, lake: str) -> None:
    """Draws the page; it works without a lake too."""
    word, chosen = words(view["ui"]), settings.load()
    file = settings.FILE.resolve()
    key = "settings.file" if file.is_file() else "settings.file_none"
    st.markdown(plain(word(key, file=str(file))))
    left, right = st.columns(2, gap="medium")
    with left.container(border=True):
        fields.language(word, chosen)
    with right.container(border=True):
        fields.prices(word, chosen)
    with st.container(border=True):
        model.draw(word, chosen)
    for column, sheet in zip(st.columns(len(sheets.SHEETS), gap="medium"), sheets.SHEETS, strict=True):
        with column:
            sheets.draw(word, chosen, sheet, ask)
    with st.container(border=True):
        fields.lake(word, chosen)
    fields.everything(word, chosen)
