"""Compare: companies, places or periods side by side, what sets them apart, and in whose words."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from ugc.dashboard.answers import sides, sides_told
from ugc.dashboard.frame import states
from ugc.dashboard.frame.context import Context
from ugc.dashboard.frame.export import offer
from ugc.dashboard.look.blocks import sentences
from ugc.dashboard.look.chart_style import show_chart
from ugc.dashboard.look.markup import plain
from ugc.dashboard.look.markup import show as show_html
from ugc.dashboard.look.table import grid
from ugc.dashboard.reviews.cards import quote
from ugc.dashboard.views import compare_sides
from ugc.errors import InputError
from ugc.insight import compare
from ugc.insight.whereabouts.compare import Comparison, Row, choose_sides

__all__ = ["show"]

_TONES = {"negative": "blame", "positive": "praise", "neutral": "raised"}


def show(context: Context) -> None:
    """Draws the page."""
    sided = compare_sides.draw(context)
    if sided is None:
        return
    what = sided.what
    try:
        _, chosen = context.ask(choose_sides, sided.names, sides.base(context, what), what=what)
        found = context.ask(
            compare, chosen, against=context.view["against"], concrete=0, language=context.language
        )
    except InputError as error:
        states.show_refused(context.word, "compare.cannot", "compare.cannot_what", error)
        return
    if what != "period":
        context.scope(sides.total(found))
    called = {name: sides.called(what, name, context.language) for name in sided.names}
    _apart(context, found, called)
    _figures(context, found, called, what)
    if any(side.scores.tagged for side in found.sides):
        for polarity in ("negative", "positive"):
            with st.container(border=True):
                _themes(context, found, called, polarity)
        with st.container(border=True):
            _concrete(context, chosen, called)
    else:
        states.show_note(context.word("compare.few"))


def _apart(context: Context, found: Comparison, called: dict[str, str]) -> None:
    """What sets them apart, in sentences, and what the differences are taken against."""
    word = context.word
    st.header(word("compare.apart"), anchor=False)
    show_html(sentences(sides_told.summary(found, called, context.language)))
    if without := sides.empty(found):
        st.markdown(plain(word("compare.empty", names=", ".join(called[name] for name in without))))
    tested, first = context.say.number(found.tested), called[found.sides[0].name]
    st.caption(plain(word(f"compare.apart_{found.against}", name=first, tested=tested)))


def _figures(context: Context, found: Comparison, called: dict[str, str], what: str) -> None:
    """The figures of each side, and the ways to its own pages."""
    word = context.word
    with st.container(border=True, key="compare_figures"):
        st.header(word("compare.figures"), anchor=False)
        st.caption(plain(word("compare.figures_what")))
        show_html(grid(sides_told.shown(found, called, context.language), context.language))
        for page in ("reasons", "reviews"):
            with st.container(horizontal=True, gap="small"):
                for name, label in called.items():
                    said = word(f"compare.go_{page}", name=label)
                    only = sides.narrowed(what, name)
                    context.way(page, said, icon=":material/arrow_forward:", **only)
        offer(context, "compare_figures", sides_told.figures(found, called, context.language))


def _themes(context: Context, found: Comparison, called: dict[str, str], polarity: str) -> None:
    """Themes of one polarity as a chart, and what customers say where they differ."""
    word = context.word
    st.header(word(f"compare.{polarity}_head"), anchor=False)
    rows = [one for one in found.themes if one.polarity == polarity]
    if not rows:
        st.markdown(plain(word("compare.no_themes")))
        return
    st.caption(plain(word("compare.head_what")))
    _rows(context, f"compare_{polarity}", rows, list(called.values()), word(f"compare.{polarity}_head"))


def _rows(context: Context, key: str, rows: Sequence[Row], names: list[str], title: str) -> None:
    """A chart of rows, its files, and the quotes of those that differ."""
    word, language = context.word, context.language
    chart = sides_told.themes_chart(rows, names, language)
    show_chart(chart, word("compare.chart_alt"))
    table = sides_told.themes_table(rows, names, language, title)
    offer(context, key, table, chart)
    with st.expander(word("compare.as_table"), type="compact"):
        show_html(grid(table, language))
    for row in rows:
        if not any(row.quotes):
            continue
        said = word("compare.words", theme=sides_told.name_of(row, language))
        with st.expander(plain(said), type="compact"):
            for name, quotes in zip(names, row.quotes, strict=True):
                for one in quotes:
                    st.caption(plain(name))
                    show_html(quote(one, language, _TONES[row.polarity]))


@st.fragment
def _concrete(context: Context, chosen: tuple[object, ...], called: dict[str, str]) -> None:
    """Concrete reasons that differ, looked for when somebody asks."""
    word = context.word
    st.header(word("compare.concrete"), anchor=False)
    if not st.toggle(word("compare.concrete_ask"), key="compare_concrete_ask"):
        return
    against, language = context.view["against"], context.language
    rows = context.ask(compare, chosen, against=against, language=language).concrete
    if rows:
        _rows(context, "compare_concrete", rows, list(called.values()), word("compare.concrete"))
    else:
        st.markdown(plain(word("compare.concrete_none")))
