"""Saves what the page of settings was told, and says once at its place what came of it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import streamlit as st
from markupsafe import Markup

from ugc import settings
from ugc.dashboard.frame import address
from ugc.dashboard.look import messages
from ugc.dashboard.look.markup import plain, show
from ugc.dashboard.look.words import Words
from ugc.dashboard.setting.file import Value, put
from ugc.errors import UgcError
from ugc.settings import Settings

__all__ = ["TROUBLE", "attempt", "fixed", "keep", "said", "value_of", "where_from"]

_TOLD = "settings_told"

TROUBLE = Markup('<p class="house-fix trouble" role="alert">{} {}</p>')
"""What went wrong: in the words of the interface, and as the error says it."""


def value_of(chosen: Settings, name: str) -> Any:
    """The value of a setting by its name, such as `priority.first_contact`."""
    found: Any = chosen
    for part in name.split("."):
        found = getattr(found, part)
    return found


def attempt(place: str, done: str, act: Callable[[], None]) -> bool:
    """Does something that may be refused; what came of it is said at this place in the next drawing."""
    try:
        act()
    except UgcError as error:
        st.session_state[_TOLD] = place, None, str(error)
        return False
    st.session_state[_TOLD] = place, done, ""
    address.remember()  # a new language of the settings must not move the interface of this session
    return True


def keep(place: str, done: str, changes: Mapping[str, Value]) -> bool:
    """Writes those of the changes that differ from what is in force; gives whether all went well."""
    chosen = settings.load()
    new = {name: value for name, value in changes.items() if value != value_of(chosen, name)}
    return attempt(place, done, lambda: put(new))


def said(word: Words, place: str) -> None:
    """Says once what came of the last change when it was at this place."""
    about, done, detail = st.session_state.get(_TOLD, (None, None, ""))
    if about != place:
        return
    st.session_state[_TOLD] = None, None, ""
    if done is None:
        show(TROUBLE.format(word("settings.refused"), messages.shown(detail, word.language)))
    else:
        st.toast(plain(done), icon=":material/check:")


def fixed(name: str) -> bool:
    """Whether a variable gives this setting, so that it cannot be changed here."""
    return settings.origin(name) == "variable"


def where_from(word: Words, name: str, chosen: Settings) -> str:
    """Where the value of a setting comes from."""
    origin = settings.origin(name)
    if name == "model" and origin == "default" and chosen.model is not None:
        return word("settings.from_choice")
    return word(f"settings.from_{origin}", variable=settings.variable(name))
