"""The fields of a theme, filled with what is in force; what is typed stays until it is saved or left."""

from __future__ import annotations

from functools import partial

import streamlit as st

from ugc.dashboard.frame.context import Context
from ugc.dashboard.look.markup import plain
from ugc.lake.labels import LONGEST_COVERS, LONGEST_EXAMPLE, LONGEST_NAME, MOST_EXAMPLES, Edit, Examples
from ugc.taxonomy import LANGUAGES
from ugc.theming import Draft

__all__ = ["begin", "examples_field", "in_force", "look", "looked", "names", "own_key", "take", "typed"]

_ROUND, _FOUND = "theming_round", "theming_found"
_HEIGHT = 150


def begin() -> None:
    """Lets the next drawing fill the fields anew; nothing is looked for any more."""
    st.session_state[_ROUND] = st.session_state.get(_ROUND, 0) + 1
    st.session_state[_FOUND] = None


def look(draft: Draft) -> None:
    """Notes that what is like the examples as they are typed is to be looked for."""
    st.session_state[_FOUND] = draft.key, typed(draft).examples


def looked(draft: Draft) -> Examples | None:
    """The examples that are looked for; `None` before anybody asked for it."""
    about, examples = st.session_state.get(_FOUND) or (None, None)
    return examples if about == draft.key else None


def own_key(draft: Draft, name: str) -> str:
    """Key of a widget of the editor of a theme, another one each time that it is opened."""
    return f"theming_{name}_{draft.key or 'new'}_{st.session_state.get(_ROUND, 0)}"


def _key(draft: Draft, field: str, language: str) -> str:
    """Key of the field of a theme in a language."""
    return own_key(draft, f"{field}_{language}")


def _field(draft: Draft, field: str, at: int, given: str) -> str:
    """Key of a field that holds what is in force, unless something was typed into it."""
    key = _key(draft, field, LANGUAGES[at])
    st.session_state.setdefault(key, given)
    return key


def names(context: Context, draft: Draft) -> None:
    """How the theme is called and what it covers, in each language."""
    word = context.word
    for at, (column, language) in enumerate(zip(st.columns(len(LANGUAGES)), LANGUAGES, strict=True)):
        called = word(f"interface.{language}")
        column.text_input(
            word("theming.name", language=called),
            key=_field(draft, "name", at, draft.names[at]),
            max_chars=LONGEST_NAME,
        )
        column.text_area(
            word("theming.covers", language=called),
            key=_field(draft, "covers", at, draft.covers[at]),
            max_chars=LONGEST_COVERS,
            height=100,
        )


def examples_field(context: Context, draft: Draft) -> None:
    """Clauses as customers say them, one a line, in each language."""
    word = context.word
    for at, (column, language) in enumerate(zip(st.columns(len(LANGUAGES)), LANGUAGES, strict=True)):
        column.text_area(
            word("theming.examples", language=word(f"interface.{language}")),
            key=_field(draft, "examples", at, "\n".join(draft.examples[at])),
            max_chars=MOST_EXAMPLES * LONGEST_EXAMPLE,
            height=_HEIGHT,
        )


def typed(draft: Draft) -> Draft:
    """The theme as the fields say it, on single lines; the threshold is that of `draft`."""
    said = {
        field: [str(st.session_state.get(_key(draft, field, language), "")) for language in LANGUAGES]
        for field in ("name", "covers", "examples")
    }
    ru, en, pl = (tuple(one.splitlines()) for one in said["examples"])
    made = Draft(
        key=draft.key,
        names=(said["name"][0], said["name"][1], said["name"][2]),
        covers=(said["covers"][0], said["covers"][1], said["covers"][2]),
        examples=(ru, en, pl),
        threshold=draft.threshold,
    )
    return made.tidy()


def _append(key: str, clause: str) -> None:
    """Puts a clause under the examples of a field."""
    before = str(st.session_state.get(key, "")).strip()
    st.session_state[key] = f"{before}\n{clause}".strip()


def take(context: Context, draft: Draft, clause: str, language: str | None, key: str) -> None:
    """A button that adds a customer's clause to the examples of its language."""
    spoken = language if language in LANGUAGES else context.language
    one = " ".join(clause.split())[:LONGEST_EXAMPLE]
    st.button(
        plain(context.word("theming.take")),
        key=key,
        type="tertiary",
        icon=":material/add:",
        on_click=partial(_append, _key(draft, "examples", spoken), one),
    )


def in_force(edit: Edit | None, key: str | None) -> Draft:
    """What the fields begin with: the theme as it is, or nothing."""
    return Draft() if key is None else Draft.of(key, edit)
