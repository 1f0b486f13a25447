"""The editor of a theme in three steps: how it is called, how customers say it, what falls in."""

from __future__ import annotations

from dataclasses import replace
from functools import partial

import streamlit as st

from ugc.dashboard.frame import address
from ugc.dashboard.frame.context import Context
from ugc.dashboard.look.markup import plain
from ugc.dashboard.reviews.saving import author, name_author
from ugc.dashboard.theming import falls_in, form, keeping, troubles
from ugc.errors import InputError, LakeError, ModelError
from ugc.lake.labels import Edit
from ugc.theming import Draft

__all__ = ["draw"]

_NAME = 60
"""Letters that the name of who edits may have."""


def _leave() -> None:
    """Goes back to the list; what was typed and not saved is let go."""
    form.begin()
    address.assign(edit=None)


def draw(context: Context, key: str | None, edit: Edit | None) -> None:
    """The editor of a theme, or of a new one where `key` is `None`."""
    word = context.word
    draft = form.in_force(edit, key)
    st.button(word("theming.leave"), key="theming_leave", icon=":material/arrow_back:", on_click=_leave)
    title = word("theming.new") if key is None else word.name("themes", key)
    st.header(plain(title), anchor=False)
    with st.container(border=True):
        st.subheader(word("theming.step_name"), anchor=False)
        st.caption(plain(word("theming.step_name_how")))
        form.names(context, draft)
    with st.container(border=True):
        st.subheader(word("theming.step_examples"), anchor=False)
        st.caption(plain(word("theming.step_examples_how")))
        form.examples_field(context, draft)
    now = form.typed(draft)
    found = falls_in.Sought()
    with st.container(border=True, key="theming_in"):
        st.subheader(word("theming.step_in"), anchor=False)
        sought = draft.own or st.toggle(
            word("theming.also"),
            value=draft.threshold is not None,
            key=form.own_key(draft, "also"),
            help=word("theming.also_what"),
        )
        if sought:
            found = falls_in.draw(context, draft, now)
    _end(context, draft, replace(now, threshold=found.threshold), sought, stale=found.stale)
    if edit is not None:
        _undo(context, edit)


def _end(context: Context, draft: Draft, now: Draft, sought: bool, *, stale: bool) -> None:
    """Who says so, and the button that saves; what came of saving is said beside it.

    Nobody saves what they did not see: while the examples are others than those that were looked for
    (`stale`), the button waits.
    """
    word = context.word
    untouched = sought and now.threshold is None and draft.threshold is not None
    if untouched and not stale and now.examples == draft.examples:
        now = replace(now, threshold=draft.threshold)  # nobody looked, so it is found as before
    lacks = stale or not any(now.names) or (sought and now.threshold is None)
    troubles.say_told(context)
    with st.container(horizontal=True, vertical_alignment="bottom"):
        name = st.text_input(
            word("actions.author"), value=author() or "", key="theming_author", max_chars=_NAME, width=300
        )
        pressed = st.button(
            word("theming.save"),
            key="theming_save",
            type="primary",
            icon=":material/check:",
            disabled=lacks,
        )
        # A press may come together with the last example typed, before the button knew that it waits.
        if pressed and not lacks:
            name_author(name)
            _save(context, draft, now)
    if lacks:
        st.caption(plain(word("theming.changed" if stale else "theming.lacks")))


def _save(context: Context, draft: Draft, now: Draft) -> None:
    """Saves the theme as it is typed, or says why its examples cannot be read."""
    try:
        by = falls_in.needed(context, draft, now)
    except (InputError, LakeError, ModelError) as error:
        troubles.say(context, troubles.of(error))
        return
    keeping.keep(context, now, by)


def _undo(context: Context, edit: Edit) -> None:
    """Takes an own theme away, after asking once more; gives a shipped one its own words back."""
    word = context.word
    label = word("theming.remove" if edit.own else "theming.as_shipped")
    with st.popover(label, key="theming_undo", icon=":material/delete:" if edit.own else ":material/undo:"):
        st.markdown(plain(word("theming.remove_sure" if edit.own else "theming.as_shipped_sure")))
        st.button(
            word("theming.yes"),
            key="theming_undo_yes",
            type="primary",
            on_click=partial(keeping.take_away, context, edit.key, edit.own),
        )
