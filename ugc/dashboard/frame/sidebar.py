"""The side: the mark, the way between the pages, the filters, the language."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial
from typing import TYPE_CHECKING

import streamlit as st

from ugc.dashboard.frame import address
from ugc.dashboard.frame.address import View
from ugc.dashboard.look import theme
from ugc.dashboard.look.formats import formats
from ugc.dashboard.look.words import Words
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
            key=address.key(dimension, word.language),
            format_func=partial(word.called, dimension),
            placeholder=word("filter.any"),
        )
    picker = formats(word.language).picker()
    st.date_input(word("filter.since"), value=None, key=address.key("since", word.language), format=picker)
    st.date_input(word("filter.until"), value=None, key=address.key("until", word.language), format=picker)
    if address.filters(view):
        st.button(word("filter.reset"), key="reset", on_click=_clear, icon=":material/filter_alt_off:")


def _ways(view: View, pages: Mapping[str, Page], page: Page) -> None:
    """Links to the pages with the filters of the view, so that each can be opened in a new window.

    The overview has two places: the bare address, where the dashboard opens, and one of its own,
    because a link to the bare address would have no name to lead to from another page.
    """
    for place, other in pages.items():
        twin = place in ("", "overview")
        if not twin or (place == "") == (page.url_path == ""):
            st.page_link(other, query_params=address.link(view), width="stretch")


def draw(word: Words, view: View, pages: Mapping[str, Page], page: Page, has: Options | None) -> None:
    """Draws the side of a page."""
    st.logo(theme.logo("wordmark"), size="large", icon_image=theme.logo("mark"))
    with st.sidebar:
        with st.container(gap="xxsmall", key="ways"):
            _ways(view, pages, page)
        if has is not None:
            _filters(word, view, has)
        st.segmented_control(
            word("filter.ui"),
            options=("ru", "en", "pl"),
            format_func=lambda code: word(f"interface.{code}"),
            key="ui",
            required=True,
            width="stretch",
        )
