"""What can go wrong with a theme, said in the language of the page: what happened and what to do."""

from __future__ import annotations

from dataclasses import dataclass

import streamlit as st
from markupsafe import Markup

from ugc.dashboard.acting.saving import tell, told
from ugc.dashboard.frame.context import Context
from ugc.dashboard.look.markup import plain, show
from ugc.dashboard.reviews.saving import Trouble
from ugc.errors import LakeBusy, LakeReadOnly, ModelError, UgcError
from ugc.theming import ThemeRefused

__all__ = ["PLACE", "Refusal", "of", "say", "say_told", "tell"]

PLACE = "theming"
"""Place of the page where it is told what came of a change."""

_TROUBLE = Markup('<p class="house-fix trouble" role="alert">{} {}</p>')

_LONGEST = 80
"""Characters of a name that are said again."""


@dataclass(frozen=True, slots=True)
class Refusal(Trouble):
    """A trouble whose sentence has places for names and numbers: `about` fills them."""

    about: tuple[tuple[str, str | int], ...] = ()


def of(error: UgcError) -> Refusal:
    """The words for an error; what only the system can say of it follows in its own words."""
    if isinstance(error, ThemeRefused) and error.why:
        return Refusal(f"theming.why_{error.why}", about=tuple(error.about.items()))
    if isinstance(error, LakeReadOnly):
        return Refusal("theming.denied")
    if isinstance(error, LakeBusy):
        return Refusal("theming.busy")
    if isinstance(error, ModelError):
        return Refusal("theming.no_model", str(error))
    return Refusal("theming.failed", str(error))


def _sentence(context: Context, trouble: Trouble) -> str:
    """The sentence of a trouble, its numbers written as the language does."""
    about = dict(trouble.about) if isinstance(trouble, Refusal) else {}
    values = {
        name: context.say.number(value) if isinstance(value, int) else value[:_LONGEST]
        for name, value in about.items()
    }
    return context.word(trouble.word, **values)


def say(context: Context, trouble: Trouble) -> None:
    """Says a trouble where it is met."""
    show(_TROUBLE.format(_sentence(context, trouble), trouble.detail))


def say_told(context: Context) -> None:
    """Says once what came of the last change: a trouble stays on the page, success is a toast."""
    outcome = told(PLACE)
    if isinstance(outcome, Trouble):
        say(context, outcome)
    elif outcome:
        st.toast(plain(outcome), icon=":material/check:")
