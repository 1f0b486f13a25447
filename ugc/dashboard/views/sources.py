"""Sources: what is collected and how completely, collecting from sites, taking files, past runs."""

from __future__ import annotations

from functools import partial

import streamlit as st

from ugc import settings
from ugc.dashboard.collecting import background, covered, gather, progress, sheets, upload
from ugc.dashboard.frame.address import View
from ugc.dashboard.frame.data import Ask
from ugc.dashboard.frame.export import offer
from ugc.dashboard.look import blocks
from ugc.dashboard.look.formats import formats
from ugc.dashboard.look.markup import plain
from ugc.dashboard.look.markup import show as show_html
from ugc.dashboard.look.words import Words, words
from ugc.insight.reviews.coverage import Coverage, coverage, runs, uncovered

__all__ = ["show"]


def show(ask: Ask | None, view: View, lake: str) -> None:
    """Draws the page; `ask` is `None` while there is no lake yet."""
    word, chosen = words(view["ui"]), settings.load()
    jobs, _ = gather.listed(chosen)
    wanted = tuple(sorted({(job.source.name, job.target) for job in jobs}))
    found = ask(coverage, wanted) if ask else uncovered(wanted)
    _facts(word, found)
    if found.untagged:
        _waits(word, lake, found.untagged)
    progress.draw(word, lake)
    if found.rows:
        with st.container(border=True):
            st.header(word("sources.covered"), anchor=False)
            st.markdown(plain(word("sources.covered_what")))
            show_html(covered.table(word, lake, found.rows))
            offer(word, "covered", partial(sheets.coverage, word, lake, found.rows))
    collect, files, history = st.tabs([word(f"sources.{name}") for name in ("collect", "upload", "history")])
    with collect, st.container(key="sources_collect"):
        gather.draw(word, lake, found.rows)
    with files, st.container(key="sources_upload"):
        upload.draw(word, lake)
    with history:
        past = ask(runs) if ask else ()
        if past:
            show_html(covered.history(word, lake, past))
            offer(word, "history", partial(sheets.history, word, lake, past))
        else:
            st.markdown(plain(word("sources.history_none")))


def _facts(word: Words, found: Coverage) -> None:
    """How much there is in all, or that there is nothing."""
    if not found.reviews:
        st.markdown(plain(word("sources.none")))
        return
    say = formats(word.language)
    pieces = [
        word("scope.reviews", n=found.reviews, count=say.number(found.reviews)),
        word("sources.many", n=found.sources, count=say.number(found.sources)),
    ]
    if n := found.without_text:
        pieces.append(word("sources.without_text", n=n, count=say.number(n)))
    show_html(blocks.facts(pieces))


def _waits(word: Words, lake: str, untagged: int) -> None:
    """Reviews that the model has not read, and the button that lets it; nothing while it reads."""
    if any(isinstance(one, background.Tagging) and not one.ended for one in background.works(lake)):
        return
    chosen = settings.load()
    with st.container(border=True, key="sources_waits", horizontal=True, vertical_alignment="center"):
        st.markdown(plain(word("sources.waits", n=untagged, count=formats(word.language).number(untagged))))
        if chosen.hub.sentiment or chosen.hub.emotion:
            st.markdown(plain(word("sources.read_hub")))
            st.code("ugc tag", language=None)
        else:
            st.button(
                word("sources.read_now"),
                key="sources_read",
                icon=":material/model_training:",
                on_click=background.read,
                args=(lake, chosen),
            )
