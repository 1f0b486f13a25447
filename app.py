"""The dashboard's entry for Streamlit: style, view, filters, and the way between the pages.

Start it with `ugc app`, which brings the theme, the fonts and the options along.
"""

from __future__ import annotations

from functools import partial

import streamlit as st

from ugc import settings
from ugc.dashboard.frame import address, data, sidebar, states
from ugc.dashboard.frame.context import Context
from ugc.dashboard.look import markup, theme
from ugc.dashboard.look.words import words
from ugc.dashboard.views import LAKELESS, PLACES
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

for place in PLACES:
    pages[place.path] = st.Page(
        partial(place.show, context) if context else partial(states.show_unusual, word, lake, trouble, pages),
        title=word(f"{place.name}.title"),
        icon=f":material/{place.icon}:",
        url_path=place.path or None,
        default=not place.path,
    )
for name, show, icon in LAKELESS:
    pages[name] = st.Page(
        partial(states.show_unusual, word, lake, trouble) if trouble else partial(show, ask, view, lake),
        title=word(f"{name}.title"),
        icon=f":material/{icon}:",
        url_path=name,
    )
page = st.navigation(list(pages.values()), position="hidden")
address.arrive()

filtered = {place.path for place in PLACES if place.filtered}
sidebar.draw(word, view, pages, page, has if page.url_path in filtered else None)
st.title(page.title, anchor=False)
page.run()
