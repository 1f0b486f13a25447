"""The days marked on a chart, told below it: what moved, what added to it, in whose words, what was done."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

import streamlit as st
from markupsafe import Markup

from ugc.dashboard.acting.told import concerned
from ugc.dashboard.answers.sheets import turned
from ugc.dashboard.answers.turns import Turn, change_line, why_line
from ugc.dashboard.frame.context import Context
from ugc.dashboard.frame.export import offer
from ugc.dashboard.look.bars import TONES
from ugc.dashboard.look.blocks import facts, sentences
from ugc.dashboard.look.markup import show
from ugc.dashboard.reviews.cards import quote
from ugc.insight.satisfaction.change_points import Found, explain

__all__ = ["draw"]

_QUOTES = 3
_HEAD = Markup('<p class="house-turn"><span class="number {}">{}</span> <b>{}</b> {}</p>')


def draw(context: Context, found: Sequence[Turn], place: str) -> None:
    """Draws the list, in the order of the numbers; `place` tells the lists of a page apart."""
    word = context.word
    told = any(turn.changes for turn in found)
    st.caption(word("turn.how_changes" if told else "turn.none"))
    if not found:
        return
    if any(turn.action for turn in found):
        st.caption(word("turn.how_acts"))
    for turn in found:
        with st.container(key=f"turn_{place}_{turn.number}", gap="xxsmall"):
            if turn.action is None:
                _changed(context, turn, place)
            else:
                _done(context, turn)
    offer(context, f"turns_{place}", partial(turned, found, word("turn.name"), context.language))


def _head(turn: Turn, tone: str, when: str, what: str) -> None:
    show(_HEAD.format(tone, turn.number, when, what))


def _changed(context: Context, turn: Turn, place: str) -> None:
    """A turn of the figures; what explains it is asked for when it is opened."""
    word, say = context.word, context.say
    around = ""
    if turn.first != turn.last:
        around = word("turn.around", span=say.span(turn.first, turn.last))
    _head(turn, "change", word("turn.on", day=say.day(turn.day)), around)
    show(sentences(change_line(one, context.language) for one in turn.changes))
    opened = st.expander(
        word("turn.open"), key=f"why_turn_{place}_{turn.number}_{context.language}", on_change="rerun"
    )
    with opened:
        if opened.open:
            for number, one in enumerate(turn.changes):
                if len(turn.changes) > 1:
                    show(sentences([change_line(one, context.language)]))
                _explained(context, one, f"{place}_{turn.number}_{number}")


def _explained(context: Context, one: Found, key: str) -> None:
    """What added most to a change, typical quotes after it, and the way to the theme."""
    word = context.word
    found = context.ask(explain, context.filters, one, quotes=_QUOTES)
    why = why_line(found, context.language)
    if why:
        show(sentences([why]))
    show(facts([word("turn.sure", q=context.say.number(one.q_value, 3))]))
    polarity = one.polarity or ("positive" if one.kind == "stars" and one.after > one.before else "negative")
    for place, said in enumerate(found.quotes):
        with st.container(key=f"quote_turn_{key}_{place}", gap=None):
            show(quote(said, context.language, TONES[polarity]))
            context.way("reviews", word("reasons.open"), review=said.review_id)
    gained = (part.value for part in found.contributions if part.dimension == "theme" and part.value)
    theme = one.theme or next(gained, None)
    if theme is not None:
        label = word("turn.theme", theme=word.name("themes", theme))
        context.way("reasons", label, icon=":material/arrow_forward:", theme=theme, polarity=polarity)


def _done(context: Context, turn: Turn) -> None:
    """An action: what, for whom, and the way to what came of it."""
    if turn.action is None:
        return
    _head(turn, "act", context.say.day(turn.day), turn.action.what)
    about = [concerned(turn.action, context.language)]
    if turn.action.theme:
        about.append(context.word.name("themes", turn.action.theme))
    show(facts(about))
    context.way("actions", context.word("turn.act"), icon=":material/arrow_forward:", action=turn.action.id)
