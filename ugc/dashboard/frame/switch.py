"""A switch between a few ways of showing, kept in a field of the view."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from ugc.dashboard.frame import address
from ugc.dashboard.look.words import Words

__all__ = ["switch"]


def switch(word: Words, field: str, values: Sequence[str]) -> None:
    """Draws the switch of `field`; its values are called `field.value` in the words."""

    def called(value: str) -> str:
        return word(f"{field}.{value}")

    st.segmented_control(
        word(f"choose.{field}"),
        values,
        format_func=called,
        key=address.key(field, word.language),
        required=True,
        label_visibility="collapsed",
    )
