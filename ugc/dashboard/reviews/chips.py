"""The row of chips of a card whose themes can be corrected: a click on a chip, a click on what it should be.

A small component of our own. What a chip opens is in the browser already, so that it opens at once;
all texts are set as text, never as HTML.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from importlib import resources
from typing import Any

import streamlit as st

from ugc import taxonomy
from ugc.dashboard.frame.context import Context
from ugc.dashboard.look.words import Words
from ugc.dashboard.reviews import picked
from ugc.dashboard.reviews.highlight import tone
from ugc.dashboard.reviews.tags import TONES, Chip, by_person, chips_of
from ugc.insight import ReviewView
from ugc.insight.reviews.corrections import Correction, Corrections
from ugc.review import Mention

__all__ = ["correctable", "data", "draw"]

_LETTERS = 240
"""Letters of a quote above its options; the card shows the whole text."""


@cache
def _file(kind: str) -> str:
    return resources.files(__package__).joinpath(f"chips.{kind}").read_text(encoding="utf-8")


def correctable(one: ReviewView) -> bool:
    """Whether the review has a mention that can be corrected."""
    return bool(one.mentions) and bool(one.text.strip())


def _quote(mention: Mention) -> str:
    said = " ".join(mention.quote.split())
    return said if len(said) <= _LETTERS else said[:_LETTERS] + "…"


def _mention(word: Words, one: ReviewView, number: int, chain: Sequence[Correction]) -> dict[str, Any]:
    """A mention with what it is now; `without` are the themes that it cannot move to."""
    mention = one.mentions[number]
    now = {field: getattr(mention, field) for field in picked.FIELDS}
    themes = picked.options(one, mention, "theme")
    return {
        "name": picked.named(number, mention),
        "place": f"{mention.start}_{mention.end}",
        "quote": _quote(mention),
        "tone": tone({mention.polarity}),
        "now": {field: [key, word.name(picked.FIELDS[field], key)] for field, key in now.items()},
        "without": [key for key in taxonomy.keys("themes") if key not in themes],
        "by": by_person(chain[-1], word.language) if chain else "",
    }


def _chip(word: Words, one: ReviewView, made: Corrections, chip: Chip) -> dict[str, Any]:
    found: dict[str, Any] = {"text": chip.text, "tone": chip.tone, "by": chip.by, "mentions": []}
    if chip.mentions:
        polarity = word.name("polarities", one.mentions[chip.mentions[0]].polarity).lower()
        found["said"] = word("correct.chip", theme=chip.text, polarity=polarity)
        found["mentions"] = [_mention(word, one, number, made.mentions[number]) for number in chip.mentions]
    return found


def data(context: Context, one: ReviewView, made: Corrections) -> dict[str, Any]:
    """All that the browser needs to draw the row and what its chips open, in the language of the page."""
    word = context.word
    return {
        "chips": [_chip(word, one, made, chip) for chip in chips_of(one, context.language, made)],
        "options": {
            field: [[one.key, one.name(context.language)] for one in taxonomy.labels(kind)]
            for field, kind in picked.FIELDS.items()
        },
        "tones": TONES,
        "words": {
            "polarity": word("reviews.polarity"),
            "theme": word("reviews.theme"),
            "touchpoint": word("filter.touchpoint"),
            "removed": word("correct.remove"),
            "removed_what": word("correct.remove_what"),
            "back": word("correct.back"),
            "back_what": word("correct.back_what"),
            "hint": word("correct.hint"),
        },
    }


def draw(context: Context, one: ReviewView, made: Corrections) -> None:
    """Draws the row; a correction is saved before the fragment that holds the card is drawn anew."""
    key = f"chips_{one.id}"
    taken = f"{key}_taken"

    def clicked() -> None:
        # The browser waits for new data after every click, also when nothing could be saved.
        st.session_state[taken] = st.session_state.get(taken, 0) + 1
        picked.take(context, one, made, st.session_state[key].get("picked"))

    mount = st.components.v2.component(
        "house_chips", html='<div class="house-chips"></div>', css=_file("css"), js=_file("js")
    )
    shown = data(context, one, made) | {"taken": st.session_state.get(taken, 0)}
    mount(key=key, data=shown, on_picked_change=clicked)
