"""«Note an action»: what was done, since when, for whom; what is typed stays when it cannot be saved."""

from __future__ import annotations

from datetime import UTC, datetime
from functools import partial
from typing import Any
from zlib import crc32

import streamlit as st
from markupsafe import Markup

from ugc import taxonomy
from ugc.dashboard.acting import saving
from ugc.dashboard.frame import address
from ugc.dashboard.frame.context import Context
from ugc.dashboard.look import messages
from ugc.dashboard.look.markup import plain, show
from ugc.dashboard.reviews.saving import Trouble, author, name_author
from ugc.insight import DIMENSIONS
from ugc.lake.actions import FIELDS, LONGEST

__all__ = ["draw", "say_trouble"]

_ROUND = "actions_round"
_PLACE = "note"
_NAME = 60
"""Letters that the name of who notes may have."""

_TROUBLE = Markup('<p class="house-fix trouble" role="alert">{} {}</p>')


def say_trouble(context: Context, place: str) -> None:
    """Says once what came of the last change at a place: a trouble stays on the page, success is a toast."""
    outcome = saving.told(place)
    if isinstance(outcome, Trouble):
        detail = messages.shown(outcome.detail, context.language) if outcome.detail else ""
        show(_TROUBLE.format(context.word(outcome.word), detail))
    elif outcome:
        st.toast(plain(outcome), icon=":material/check:")


def _key(context: Context, name: str, given: object = "") -> str:
    """Key of a widget: another one after each action that was noted, and when the view gives another value.

    So a filter that moves fills its own field anew and leaves what was typed into the others.
    """
    turn = st.session_state.get(_ROUND, 0)
    return f"note_{name}_{turn}_{crc32(repr(given).encode())}_{context.language}"


def _values(context: Context, column: str) -> list[str]:
    """Values that can be chosen, those of the view among them."""
    field = next(name for name, one in DIMENSIONS.items() if one == column)
    found = [one.value or "" for one in getattr(context.has, field)]
    return list(dict.fromkeys([*found, *context.view[column]]))


def draw(context: Context) -> None:
    """The form, closed until it is asked for."""
    word = context.word
    with st.expander(word("actions.note"), key="actions_note", icon=":material/add:"):
        say_trouble(context, _PLACE)
        with st.form("actions_form", border=False):
            _form(context)


def _form(context: Context) -> None:
    """The fields and the button."""
    word, view, turn = context.word, context.view, st.session_state.get(_ROUND, 0)
    keys = {"what": f"note_what_{turn}", "author": f"note_author_{turn}"}
    st.text_area(
        word("actions.what"),
        key=keys["what"],
        max_chars=LONGEST,
        height=80,
        placeholder=word("actions.what_how"),
    )
    left, right = st.columns(2)
    keys["day"] = _key(context, "day")
    left.date_input(
        word("actions.day"),
        value=datetime.now(UTC).date(),
        key=keys["day"],
        format=context.say.picker(),
        help=word("actions.day_what"),
    )
    themes, given = list(taxonomy.keys("themes")), view["theme"]
    keys["theme"] = _key(context, "theme", given)
    right.selectbox(
        word("actions.theme"),
        themes,
        index=themes.index(given) if given in themes else None,
        key=keys["theme"],
        format_func=partial(word.name, "themes"),
        placeholder=word("actions.theme_none"),
        help=word("actions.theme_what"),
    )
    st.caption(plain(word("actions.whom")))
    with st.container(horizontal=True, gap="small"):
        for column in FIELDS:
            values = _values(context, column)
            if len(values) < 2 and not view[column]:
                continue
            keys[column] = _key(context, column, view[column])
            st.multiselect(
                word(f"filter.{column}"),
                values,
                default=list(view[column]),
                key=keys[column],
                format_func=partial(word.called, column),
                placeholder=word("filter.any"),
                width=235,
            )
    st.text_input(
        word("actions.author"), value=author() or "", key=keys["author"], max_chars=_NAME, width=300
    )
    st.form_submit_button(
        word("actions.save"),
        key="actions_save",
        type="primary",
        icon=":material/check:",
        on_click=partial(_note, context, keys),
    )


def _note(context: Context, keys: dict[str, str]) -> None:
    """Saves what the form says; afterwards the form is empty and the action open, or all stays typed."""
    said: dict[str, Any] = {name: st.session_state.get(key) for name, key in keys.items()}
    name_author(said["author"] or "")
    concerned = {
        column: tuple(value or None for value in said[column]) for column in FIELDS if said.get(column)
    }
    made = saving.note(said["what"] or "", said["day"], concerned, said["theme"], author())
    if isinstance(made, Trouble):
        saving.tell(_PLACE, made)
        return
    st.session_state[_ROUND] = st.session_state.get(_ROUND, 0) + 1
    saving.tell("list", context.word("actions.noted"))
    address.assign(action=made, effect=None)
