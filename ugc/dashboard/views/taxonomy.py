"""Themes: what each one means, how often it is raised, how sure the model is, and in whose words."""

from __future__ import annotations

from functools import partial

import streamlit as st

from ugc.dashboard.answers import theme_shown
from ugc.dashboard.frame import address, states
from ugc.dashboard.frame.context import Context
from ugc.dashboard.frame.export import offer
from ugc.dashboard.look.bar_chart import bar_chart
from ugc.dashboard.look.bars import TONES, bars
from ugc.dashboard.look.markup import plain
from ugc.dashboard.look.markup import show as show_html
from ugc.dashboard.reviews.cards import quote
from ugc.dashboard.theming import editor, form, troubles
from ugc.insight import Filters, scores, themes, typical_quotes
from ugc.lake.labels import Edit, edits

__all__ = ["show"]

_QUOTES = 4
_HEADS = ("theme", "share", "of_head", "praise", "blame", "confidence")


def show(context: Context) -> None:
    """Draws the page: all reviews, whatever is chosen elsewhere."""
    word, everything = context.word, Filters()
    found = context.ask(scores, everything)
    if found.untagged:
        states.show_untagged(word, found.untagged, all_of_them=not found.tagged)
    if not found.tagged:
        return
    used, made = context.ask(themes, everything), context.ask(edits)
    known = [one.theme for one in used]
    chosen = context.view["label"] if context.view["label"] in known else known[0]
    if context.view["edit"]:
        key = None if context.view["edit"] == "new" else chosen
        if key is None or theme_shown.known(key):
            editor.draw(context, key, made.get(key or ""))
            return
    troubles.say_told(context)
    st.caption(plain(word("taxonomy.what")))
    st.button(word("theming.new"), key="theming_new", icon=":material/add:", on_click=_edit, args=("new",))
    left, right = st.columns((2, 1), gap="large")
    with left, st.container(border=True):
        st.header(word("taxonomy.themes"), anchor=False)
        rows = theme_shown.rows(used, context.language, found.tagged, chosen, made)
        bars(
            "themes",
            rows,
            name=word("taxonomy.themes"),
            heads=[word(f"taxonomy.{one}") for one in _HEADS],
            pick=lambda theme: address.assign(label=theme),
        )
        table = theme_shown.table(used, context.language, found.tagged, made)
        offer(context, "themes", table, partial(bar_chart, rows, context.language))
    with right, st.container(border=True, key="theme_one"):
        _one(context, chosen, made.get(chosen))


def _edit(what: str) -> None:
    """Opens the editor."""
    form.begin()
    address.assign(edit=what)


def _one(context: Context, theme: str, edit: Edit | None) -> None:
    """One theme: names, meaning and examples in three languages, and typical quotes of blame and praise."""
    word = context.word
    st.header(plain(word.name("themes", theme)), anchor=False)
    show_html(theme_shown.named(theme, context.language))
    if edit is not None:
        show_html(theme_shown.edited(edit, context.language))
    if theme_shown.known(theme):
        st.button(
            word("theming.edit"), key="theming_edit", icon=":material/edit:", on_click=_edit, args=("yes",)
        )
    for polarity in ("negative", "positive"):
        st.subheader(word(f"taxonomy.{polarity}"), anchor=False)
        said = context.ask(typical_quotes, Filters(), themes=(theme,), polarity=polarity, count=_QUOTES).get(
            theme, ()
        )
        for one in said:
            show_html(quote(one, context.language, TONES[polarity]))
        if said:
            label = word("taxonomy.open", name=word.name("themes", theme))
            context.way("reasons", label, icon=":material/arrow_forward:", theme=theme, polarity=polarity)
        else:
            st.markdown(plain(word("taxonomy.none")))
