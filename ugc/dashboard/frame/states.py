"""States other than the usual one: nothing there, nothing read, nothing found, nothing works.

Each says what happened and what to do about it.
"""

from __future__ import annotations

import logging
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

import streamlit as st

from ugc import settings
from ugc.dashboard.frame import address
from ugc.dashboard.look import messages
from ugc.dashboard.look.formats import formats
from ugc.dashboard.look.markup import plain
from ugc.dashboard.look.words import Words, words
from ugc.errors import LakeError, SettingsError, UgcError

if TYPE_CHECKING:
    from streamlit import Page

__all__ = [
    "show_empty",
    "show_failure",
    "show_note",
    "show_nothing_found",
    "show_refused",
    "show_unreadable",
    "show_untagged",
    "show_unusual",
]

_LOG = logging.getLogger(__name__)

_IMPORT = "ugc import --sample\nugc tag"
_OWN = "ugc import reviews.csv\nugc tag"


def _panel(icon: str, title: str, text: str) -> None:
    st.markdown(f"#### :material/{icon}: {plain(title)}")
    st.markdown(plain(text))


def show_empty(word: Words, lake: str, pages: Mapping[str, Page]) -> None:
    """The lake holds no review yet: where it was looked for, and what brings some in.

    That is the page of sources, where `pages` have it, and commands.
    """
    with st.container(border=True):
        _panel("inbox", word("state.empty"), word("state.empty_what"))
        if "sources" in pages:
            go, here = word("sources.go"), address.parse({"ui": [word.language]})
            st.page_link(
                pages["sources"],
                label=plain(go),
                icon=":material/arrow_forward:",
                query_params=address.link(here),
            )
        st.markdown(plain(word("state.sample")))
        st.code(_IMPORT, language=None)
        st.markdown(plain(word("state.own")))
        st.code(_OWN, language=None)
        st.caption(plain(word("state.lake", lake=str(Path(lake).resolve()) if "://" not in lake else lake)))


def show_untagged(word: Words, untagged: int, *, all_of_them: bool) -> None:
    """Reviews wait for the model: how many, and the command that reads them."""
    count = formats(word.language).number(untagged)
    with st.container(border=True):
        key = "state.untagged_all" if all_of_them else "state.untagged"
        _panel("hourglass_empty", word(key, n=untagged, count=count), word("state.untagged_what"))
        st.code("ugc tag", language=None)


def _reset() -> None:
    address.assign(**{field.name: field.default for field in address.FIELDS if field.name != "ui"})


def show_nothing_found(word: Words) -> None:
    """The filters leave no review: a button that clears them."""
    with st.container(border=True):
        _panel("filter_alt_off", word("state.nothing"), word("state.nothing_what"))
        st.button(word("filter.reset"), key="reset_from_nothing", on_click=_reset)


def show_note(text: str) -> None:
    """A plain word where something would stand that there is not."""
    with st.container(border=True):
        st.markdown(plain(text))


def _said(word: Words, error: UgcError) -> str:
    """What an error says and what mends it, each on a line, in the reader's language where we have words."""
    return "\n".join(
        messages.translated(one, word.language) or one for one in (error.what, error.mend) if one
    )


def show_refused(word: Words, title: str, what: str, error: UgcError) -> None:
    """What was asked cannot be answered: the words for it, and what the error says."""
    with st.container(border=True):
        _panel("block", word(title), word(what))
        st.code(_said(word, error), language=None, wrap_lines=True)


def show_unreadable(word: Words, error: UgcError) -> None:
    """The lake or a setting cannot be read: what the error says, and what mends it."""
    with st.container(border=True):
        _panel("error", word("state.unreadable"), word("state.unreadable_what"))
        st.code(_said(word, error), language=None, wrap_lines=True)
        st.markdown(plain(word("state.check")))
        st.code("ugc doctor", language=None)


def show_failure(error: Exception) -> bool:
    """Stands in for Streamlit's own page of a failure; the log has the whole of it.

    `True` tells Streamlit that the failure was shown.
    """
    _LOG.error("A page of the dashboard failed.", exc_info=error)
    try:
        language = settings.load().language
    except SettingsError:
        language = "en"
    word = words(st.session_state.get("ui") or language)
    if isinstance(error, UgcError):
        show_unreadable(word, error)
    else:
        with st.container(border=True):
            _panel("error", word("state.failed"), word("state.failed_what"))
            st.code(type(error).__name__, language=None)
    return True


def show_unusual(
    word: Words, lake: str, error: LakeError | None, pages: Mapping[str, Page] | None = None
) -> None:
    """Stands for every page while the lake cannot be read, is not there, or holds nothing."""
    if error is None:
        show_empty(word, lake, pages or {})
    else:
        show_unreadable(word, error)
