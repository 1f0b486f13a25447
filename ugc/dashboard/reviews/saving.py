"""The one place where the dashboard writes: corrections of a review, checked against the lake as it is."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict, dataclass
from typing import cast

import streamlit as st

from ugc import settings
from ugc.dashboard.frame import data
from ugc.dashboard.frame.context import Context
from ugc.dashboard.look.words import Words
from ugc.errors import InputError, LakeBusy, LakeError, LakeReadOnly
from ugc.insight import ReviewView, review
from ugc.insight.reviews.corrections import At, Correction
from ugc.review import Mention, text_hash

__all__ = [
    "WAIT",
    "Step",
    "Trouble",
    "author",
    "back",
    "beside",
    "corrected_on",
    "moved",
    "name_author",
    "removal",
    "save",
    "saved",
    "set_to",
    "step",
    "told",
]

_TOLD, _CORRECTED, _AUTHOR = "corrections_told", "corrected_on", "corrections_by"

WAIT = 10.0
"""Seconds to wait for others who write to the lake; longer, and a person thinks the page is broken."""


@dataclass(frozen=True, slots=True)
class Step:
    """One correction to be written; without a value it takes back an earlier one."""

    field: str
    value: str | None
    about: At | None = None
    """The mention as it is shown; `None` for the whole review."""


@dataclass(frozen=True, slots=True)
class Trouble:
    """Why nothing, or not everything, was written: the word of the interface that says it."""

    word: str
    detail: str = ""
    """What the error says, where the word alone does not tell enough."""


def step(mention: Mention, field: str, value: str | None) -> Step:
    """A correction of a mention as it is shown."""
    return Step(field, value, At(mention.start, mention.end, mention.theme))


def back(chain: Iterable[Correction]) -> list[Step]:
    """Steps that take corrections back, the last one first, so that each still meets its mention."""
    return [Step(one.field, None, one.about) for one in reversed(tuple(chain))]


def removal(mention: Mention, chain: Iterable[Correction]) -> list[Step]:
    """Steps that take a mention away: one that a person added is taken back."""
    chain = tuple(chain)
    if any(one.field == "added" for one in chain):
        return back(chain)
    return [step(mention, "removed", "yes")]


def moved(mention: Mention, chain: Iterable[Correction], theme: str) -> list[Step]:
    """Steps that give a mention another theme.

    What people said of it under the old theme is said again: the lake follows corrections in the
    order of their making, and an earlier one may rest once the mention has come back to a theme.
    """
    fields = {one.field for one in chain}
    steps, after = [step(mention, "theme", theme)], At(mention.start, mention.end, theme)
    if fields & {"polarity", "added"}:
        steps.append(Step("polarity", mention.polarity, after))
    if "touchpoint" in fields:
        steps.append(Step("touchpoint", mention.touchpoint, after))
    return steps


def set_to(mention: Mention, chain: Iterable[Correction], field: str, value: str) -> list[Step]:
    """Steps that give a mention another theme, polarity or touchpoint."""
    return moved(mention, chain, value) if field == "theme" else [step(mention, field, value)]


def beside(one: ReviewView, mention: Mention) -> set[str]:
    """Themes of the other mentions of the same words: this one cannot move to any of them."""
    span = mention.start, mention.end
    return {
        each.theme for each in one.mentions if (each.start, each.end) == span and each.theme != mention.theme
    }


def saved(word: Words, name: str, value: str) -> str:
    """What to say of a change: «Сохранено. Тональность: недоволен»."""
    return word("correct.saved", what=word("correct.tag", name=name, value=value.lower()))


def _write(lake: str, one: ReviewView, steps: Iterable[Step], by: str | None) -> Trouble | None:
    """Writes the steps, when the review is still the one shown.

    Raises:
        InputError: it has another text by the time the turn to write has come.
        LakeError: the lake cannot be read or written.
    """
    from ugc.lake import Lake

    ask = data.ask(lake, anew=True)
    now = ask(review, one.id) if ask else None
    if now is None:
        return Trouble("correct.gone")
    if (now.text, now.tags) != (one.text, one.tags):
        return Trouble("correct.changed")
    opened, made_on = Lake.open(lake, create=False), text_hash(one.text)
    for each in steps:
        about = asdict(each.about) if each.about else {}
        opened.add_correction(one.id, each.field, each.value, **about, author=by, made_on=made_on, wait=WAIT)
    return None


def _tried(one: ReviewView, steps: Iterable[Step]) -> Trouble | None:
    """Writes, and gives what went wrong instead of raising it."""
    lake = settings.load().lake
    try:
        trouble = _write(lake, one, steps, author())
        data.ask(lake, anew=True)
    except LakeReadOnly:
        return Trouble("correct.denied")
    except LakeBusy:
        return Trouble("correct.busy")
    except InputError:
        return Trouble("correct.changed")
    except LakeError as error:
        return Trouble("correct.failed", str(error))
    return trouble


def save(context: Context, one: ReviewView, steps: Iterable[Step], said: str) -> bool:
    """Writes corrections of a review as a person sees it, and gives whether all went well.

    Nothing is written when the review has another text or other tags by now. `told` then gives what
    went wrong, otherwise `said`.
    """
    trouble = _tried(one, steps)
    st.session_state[_TOLD] = one.id, trouble or said
    st.session_state[_CORRECTED] = context
    return trouble is None


def told(review_id: str) -> str | Trouble | None:
    """What came of the last change when it was to this review, once."""
    about, outcome = st.session_state.get(_TOLD, (None, None))
    if about != review_id:
        return None
    st.session_state[_TOLD] = None, None
    return cast("str | Trouble", outcome)


def corrected_on(context: Context) -> bool:
    """Whether something was corrected since the page was made from this context."""
    return st.session_state.get(_CORRECTED) is context


def author() -> str | None:
    """Who corrects, as they named themselves in this session."""
    return st.session_state.get(_AUTHOR) or None


def name_author(name: str) -> None:
    """Notes for this session who corrects."""
    st.session_state[_AUTHOR] = " ".join(name.split())
