"""What lets a part of a page be drawn anew every so often, without a click of a person getting lost."""

from __future__ import annotations

from functools import cache
from importlib import resources

import streamlit as st

__all__ = ["tick"]


@cache
def _script() -> str:
    return resources.files(__package__).joinpath("ticker.js").read_text(encoding="utf-8")


def _nothing() -> None:
    """The component needs a callback for its trigger to be known; the drawing anew is all that is wanted."""


def tick(key: str, seconds: float) -> None:
    """Has the fragment that it stands in drawn anew every `seconds`, as long as it is drawn.

    Streamlit's own `run_every` asks at any moment: a question that crosses with a click on a link takes
    the page back to where the click was made.
    """
    mount = st.components.v2.component("house_ticker", html="<i></i>", js=_script())
    mount(key=key, data={"every": round(1000 * seconds)}, on_tick_change=_nothing)
