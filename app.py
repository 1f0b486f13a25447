"""The dashboard's entry for Streamlit: style, view, filters, and the way between the pages.

Start it with `ugc app`, which brings the theme, the fonts and the options along.
"""

from __future__ import annotations

from functools import partial

import streamlit as st

from ugc import settings
from ugc.dashboard import address, data, markup, sidebar, states, theme
from ugc.dashboard.context import Context
from ugc.dashboard.views import moments, overview, reasons, reviews, sources
from ugc.dashboard.words import words
from ugc.errors import LakeError
from ugc.insight import options

view = address.settle()
word = words(view["ui"])
filters = address.filters(view)

st.set_page_config(
    page_title="ugc",
    page_icon=theme.logo("mark"),
    layout="wide",
    initial_sidebar_state=300,
    menu_items={"About": word("app.about")},
)
markup.style()

lake = settings.load().lake
pages: dict[str, st.Page] = {}
context, has, trouble, ask = None, None, None, None
try:
    ask = data.ask(lake)
    if ask is not None and ask(options).reviews:
        has = ask(options, filters)
        context = Context(ask, has, view, filters, pages)
except LakeError as error:
    trouble = error

for place, name, show, icon in (
    ("", "overview", overview.show, "monitoring"),
    ("overview", "overview", overview.show, "monitoring"),
    ("reasons", "reasons", reasons.show, "balance"),
    ("moments", "moments", moments.show, "route"),
    ("reviews", "reviews", reviews.show, "forum"),
):
    pages[place] = st.Page(
        partial(show, context) if context else partial(states.show_unusual, word, lake, trouble, pages),
        title=word(f"{name}.title"),
        icon=f":material/{icon}:",
        url_path=place or None,
        default=not place,
    )
pages["sources"] = st.Page(
    partial(states.show_unusual, word, lake, trouble) if trouble else partial(sources.show, ask, view, lake),
    title=word("sources.title"),
    icon=":material/database:",
    url_path="sources",
)
page = st.navigation(list(pages.values()), position="hidden")
address.arrive()

sidebar.draw(word, view, pages, page, None if page.url_path == "sources" else has)
st.title(page.title, anchor=False)
page.run()
