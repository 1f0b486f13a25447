"""Notes actions in the lake and takes them away, and remembers what came of that for the next drawing."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from typing import TYPE_CHECKING, cast

import streamlit as st

from ugc import settings
from ugc.dashboard.frame import data
from ugc.dashboard.reviews.saving import WAIT, Trouble
from ugc.errors import InputError, LakeBusy, LakeError, LakeReadOnly

if TYPE_CHECKING:
    from ugc.lake import Lake

__all__ = ["note", "remove", "tell", "told"]

_TOLD = "actions_told"


def _tried(write: Callable[[Lake], str]) -> str | Trouble:
    """Writes to the lake of the settings; gives what `write` gives, or what went wrong."""
    from ugc.lake import Lake

    lake = settings.load().lake
    try:
        made = write(Lake.open(lake, create=False))
        data.ask(lake, anew=True)
    except LakeReadOnly:
        return Trouble("actions.denied")
    except LakeBusy:
        return Trouble("actions.busy")
    except (InputError, LakeError) as error:
        return Trouble("actions.failed", str(error))
    return made


def note(
    what: str,
    day: date | None,
    concerned: Mapping[str, Sequence[str | None]],
    theme: str | None,
    author: str | None,
) -> str | Trouble:
    """Notes an action; gives its id, or what went wrong."""
    if not what.strip():
        return Trouble("actions.no_words")
    if day is None:
        return Trouble("actions.no_day")

    def write(lake: Lake) -> str:
        return lake.add_action(what, day, concerned=concerned, theme=theme, author=author or None, wait=WAIT)

    return _tried(write)


def remove(action: str) -> str | Trouble:
    """Takes an action away; gives its id, or what went wrong."""

    def write(lake: Lake) -> str:
        lake.remove_action(action, wait=WAIT)
        return action

    return _tried(write)


def tell(place: str, outcome: str | Trouble) -> None:
    """Keeps what is to be said at a place of the page in the next drawing."""
    st.session_state[_TOLD] = place, outcome


def told(place: str) -> str | Trouble | None:
    """What is to be said at this place, once."""
    about, outcome = st.session_state.get(_TOLD, (None, None))
    if about != place:
        return None
    st.session_state[_TOLD] = None, None
    return cast("str | Trouble", outcome)
