"""A choice among the labels of a kind: side by side where there are few, else as a list."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from typing import Literal

import streamlit as st

from ugc.dashboard.look.words import Words

__all__ = ["pick"]

_FEW = {"sentiments", "polarities"}
"""Kinds whose labels stand side by side, so that one click chooses."""
_WIDTH = 215
"""Pixels of a list: with polarities between, two of them and a button make a row on a desk."""


def pick(
    word: Words,
    key: str,
    kind: str,
    label: str,
    options: Sequence[str],
    *,
    bare: bool = False,
    given: bool = False,
    on_change: Callable[[], None] | None = None,
) -> str | None:
    """The label chosen, by its key, or `None`.

    Args:
        word: words of the interface.
        key: key of the widget, whose state holds what it shows.
        kind: kind of the labels in the taxonomy.
        label: name of the choice.
        options: keys of the labels to choose from.
        bare: hides the name, though not from a screen reader.
        given: there is a choice already; it can be changed and not be cleared.
        on_change: called when another one is chosen.
    """
    called = partial(word.name, kind)
    visible: Literal["visible", "collapsed"] = "collapsed" if bare else "visible"
    if kind in _FEW:
        chosen: str | None = st.segmented_control(
            label,
            options,
            key=key,
            format_func=called,
            label_visibility=visible,
            required=given,
            wrap=True,
            on_change=on_change,
        )
        return chosen
    return st.selectbox(
        label,
        options,
        index=0 if given else None,
        key=key,
        format_func=called,
        placeholder=label,
        label_visibility=visible,
        width=_WIDTH,
        on_change=on_change or "rerun",
    )
