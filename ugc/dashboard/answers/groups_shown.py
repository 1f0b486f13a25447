"""The groups that an average hides on the page: sentence, figures, quotes, and the ways on."""

from __future__ import annotations

from functools import partial

import streamlit as st

from ugc.dashboard.answers import hotspots_told
from ugc.dashboard.frame.context import Context
from ugc.dashboard.frame.export import offer
from ugc.dashboard.look.bars import TONES
from ugc.dashboard.look.markup import plain
from ugc.dashboard.look.markup import show as show_html
from ugc.dashboard.reviews.cards import quote
from ugc.insight import HotSpot, HotSpots

__all__ = ["show"]

_OPEN = 4
"""Groups that are shown at once; the others wait behind a click."""


def show(context: Context, found: HotSpots, side: str) -> None:
    """Draws the groups of one side; says so when there is none, or too few reviews to look."""
    word, say = context.word, context.say
    if found.tagged < 2 * found.size:
        told = word("segments.too_few", least=say.number(2 * found.size), count=say.number(found.tagged))
        st.markdown(plain(told))
        return
    rows = [one for one in found.rows if one.direction == side]
    if not rows:
        st.markdown(plain(word(f"segments.none_{side}")))
    for place, one in enumerate(rows[:_OPEN]):
        _group(context, one, f"{side}_{place}")
    if len(rows) > _OPEN:
        more = len(rows) - _OPEN
        with st.expander(word("segments.others", n=more, count=say.number(more)), type="compact"):
            for place, one in enumerate(rows[_OPEN:], _OPEN):
                _group(context, one, f"{side}_{place}")
    lines = [
        word("segments.searched", tested=say.number(found.tested), n=found.size, size=say.number(found.size))
    ]
    if found.searched < found.tagged:
        lines.append(word("segments.part", count=say.number(found.searched)))
    st.caption(plain(" ".join(lines)))
    if rows:
        name = f"{word('segments.hidden')}: {word(f'side.{side}')}"
        offer(context, "hidden", partial(hotspots_told.table, rows, name, context.language))


def _group(context: Context, one: HotSpot, key: str) -> None:
    """One group: its sentence, its figures, in whose words, and where to go from it."""
    word, language = context.word, context.language
    with st.container(key=f"segments_group_{key}"):
        show_html(hotspots_told.sentence(one, language) + hotspots_told.facts(one, language))
        about = hotspots_told.about(one, language)
        if about:
            st.markdown(plain(about))
        for said in one.quotes:
            show_html(quote(said, language, TONES[hotspots_told.polarity(one)]))
        _ways(context, one)
        if len(hotspots_told.filterable(one.conditions)) < len(one.conditions):
            st.caption(plain(word("segments.not_a_filter")))


def _ways(context: Context, one: HotSpot) -> None:
    """To the reviews of the group, as far as filters choose it, and to the theme in Reasons."""
    word, language = context.word, context.language
    narrowing = hotspots_told.narrowing(one.conditions)
    where = hotspots_told.where(hotspots_told.filterable(one.conditions) or one.conditions, language)
    with st.container(horizontal=True, gap="medium"):
        label = word("segments.to_reviews", where=where)
        context.way("reviews", label, icon=":material/forum:", **hotspots_told.opened(one))
        if one.about:
            theme, polarity = one.about, hotspots_told.polarity(one)
            label = word("segments.to_theme", theme=word.name("themes", theme))
            context.way(
                "reasons",
                label,
                icon=":material/balance:",
                theme=theme,
                polarity=polarity,
                **narrowing,
            )
