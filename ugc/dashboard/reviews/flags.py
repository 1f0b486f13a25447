"""Doubts about the reviews of a page, shown above their cards.

They are asked for these reviews alone. Only bursts need the whole lake: they are computed once for
each state of it, a second or two on a million reviews, and a line says so meanwhile, while the
reviews can be read already.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date

import streamlit as st
from markupsafe import Markup
from streamlit.delta_generator import DeltaGenerator

from ugc.dashboard.frame.context import Context
from ugc.dashboard.look.formats import formats
from ugc.dashboard.look.markup import plain
from ugc.dashboard.look.markup import show as show_html
from ugc.dashboard.look.words import words
from ugc.insight import Doubt
from ugc.insight.doubt.few import doubts_of

__all__ = ["fill", "line"]


def _told(one: Doubt, language: str) -> str:
    """What a doubt rests on, in words; the id of a copied review tells nobody anything."""
    word = words(language)
    if one.reason == "burst" and one.told:
        first, _, last = one.told.partition("/")
        return formats(language).span(date.fromisoformat(first), date.fromisoformat(last))
    if one.reason == "contradiction":
        return word("doubt.text_is", sentiment=word.name("sentiments", one.told).lower())
    if one.reason == "copied" or not one.told:
        return ""
    return word("doubt.words", words=" ".join(one.told.split()))


def line(doubts: Sequence[Doubt], language: str) -> Markup:
    """One line: why a review is to be read with care; nothing without a doubt."""
    if not doubts:
        return Markup("")
    word = words(language)
    chips = []
    for one in doubts:
        told = _told(one, language)
        name = Markup('<span class="chip doubt">{}{}</span>')
        more = Markup(": <bdi>{}</bdi>").format(told) if told else Markup("")
        chips.append(name.format(word(f"doubt.{one.reason}"), more))
    return Markup('<p class="house-doubts"><span>{}</span>{}</p>').format(
        word("doubt.care"), Markup("").join(chips)
    )


def fill(context: Context, slots: Mapping[str, DeltaGenerator]) -> None:
    """Puts its doubts into the empty place of each review, by id."""
    telling = st.empty()
    with telling, st.spinner(plain(context.word("doubt.looking")), show_time=False):
        found = context.ask(doubts_of, tuple(slots))
    telling.empty()
    for review, doubts in found.items():
        with slots[review]:
            show_html(line(doubts, context.language))
