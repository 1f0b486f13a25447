"""Writes themes to the lake, and says what came of it in the next drawing."""

from __future__ import annotations

from collections.abc import Callable

import streamlit as st

from ugc import settings
from ugc.dashboard.frame import address, data
from ugc.dashboard.frame.context import Context
from ugc.dashboard.reviews.saving import WAIT, Trouble, author
from ugc.dashboard.theming import form, troubles
from ugc.dashboard.theming.troubles import PLACE, tell
from ugc.errors import InputError, LakeError
from ugc.theming import Draft, Measure, Saved, remove, save

__all__ = ["keep", "take_away"]


def _tried(write: Callable[[], str]) -> str | Trouble:
    """What `write` says it did, or what went wrong; the pages see the lake as it is now."""
    try:
        said = write()
        data.ask(settings.load().lake, anew=True)
    except (InputError, LakeError) as error:
        return troubles.of(error)
    return said


def _told(context: Context, saved: Saved, found: bool) -> str:
    """What came of saving."""
    word, say = context.word, context.say
    name = word.name("themes", saved.key)
    if not found:
        return word("theming.saved", name=name)
    counts = {"mentions": say.number(saved.mentions), "reviews": say.number(saved.reviews)}
    return word("theming.saved_found", n=saved.mentions, name=name, **counts)


def keep(context: Context, draft: Draft, by: Measure | None) -> None:
    """Saves a theme with a bar of progress, and goes to it; what is typed stays when that fails."""
    from ugc.lake import Lake

    bar = st.progress(0.0, text=context.word("theming.saving"))
    keys: list[str] = []

    def tell_part(done: int, total: int) -> None:
        bar.progress(min(1.0, done / total), context.word("theming.saving"))

    def write() -> str:
        lake = Lake.open(settings.load().lake, create=False)
        saved = save(
            lake,
            draft,
            measure=by,
            author=author(),
            wait=WAIT,
            progress=tell_part,
        )
        keys.append(saved.key)
        return _told(context, saved, draft.threshold is not None)

    tell(PLACE, _tried(write))
    if keys:
        form.begin()
        address.assign(label=keys[0], edit=None)
    st.rerun()


def take_away(context: Context, key: str, own: bool) -> None:
    """Takes an own theme away, or gives a shipped one its own words back."""
    from ugc.lake import Lake

    name = context.word.name("themes", key)

    def write() -> str:
        remove(Lake.open(settings.load().lake, create=False), key, author=author(), wait=WAIT)
        return context.word("theming.gone" if own else "theming.back_again", name=name)

    outcome = _tried(write)
    tell(PLACE, outcome)
    if not isinstance(outcome, Trouble):
        form.begin()
        address.assign(label=None if own else key, edit=None)
