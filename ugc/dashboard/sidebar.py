"""The side: the mark, the way between the pages, the filters, the language."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import TYPE_CHECKING

import streamlit as st

from ugc.dashboard import address, theme
from ugc.dashboard.address import View
from ugc.dashboard.formats import formats
from ugc.dashboard.words import Words
from ugc.insight import DIMENSIONS, Dimension, Options

if TYPE_CHECKING:
    from streamlit import Page

__all__ = ["draw"]

_ORDER: tuple[Dimension, ...] = ("company", "city", "place", "product", "source", "language")


def _values(has: Options, dimension: Dimension, chosen: Sequence[str]) -> list[str]:
    """Values that can be chosen, those chosen already among them even when the lake has none."""
    field = next(name for name, column in DIMENSIONS.items() if column == dimension)
    return list(dict.fromkeys([*(one.value or "" for one in getattr(has, field)), *chosen]))


def _clear() -> None:
    address.assign(**{field.name: field.default for field in address.COMMON if field.name != "ui"})


def _filters(word: Words, view: View, has: Options) -> None:
    st.markdown(f"#### {word('filter.heading')}")
    for dimension in _ORDER:
        values = _values(has, dimension, view[dimension])
        if len(values) < 2 and not view[dimension]:
            continue
        st.multiselect(
            word(f"filter.{dimension}"),
            values,
            key=dimension,
            format_func=partial(word.called, dimension),
            placeholder=word("filter.any"),
        )
    picker = formats(word.language).picker()
    st.date_input(word("filter.since"), value=None, key="since", format=picker)
    st.date_input(word("filter.until"), value=None, key="until", format=picker)
    if address.filters(view):
        st.button(word("filter.reset"), key="reset", on_click=_clear, icon=":material/filter_alt_off:")


def draw(word: Words, view: View, pages: Sequence[Page], has: Options | None) -> None:
    """Draws the side; the links between the pages carry the filters, so they can be opened anew."""
    st.logo(theme.logo("wordmark"), size="large", icon_image=theme.logo("mark"))
    with st.sidebar:
        with st.container(gap="xxsmall", key="ways"):
            for page in pages:
                st.page_link(page, query_params=address.link(view), width="stretch")
        if has is not None and has.reviews:
            _filters(word, view, has)
        st.segmented_control(
            word("filter.ui"),
            options=("ru", "en", "pl"),
            format_func=lambda code: word(f"interface.{code}"),
            key="ui",
            required=True,
            width="stretch",
        )
