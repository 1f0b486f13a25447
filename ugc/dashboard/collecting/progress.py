"""Work in the background as the page shows it: one card a piece, drawn anew while anything runs."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable

import streamlit as st
from markupsafe import Markup

from ugc.dashboard.collecting import background
from ugc.dashboard.collecting.background import Collecting, Importing, Tagging, Work
from ugc.dashboard.frame import data
from ugc.dashboard.look import blocks, messages
from ugc.dashboard.look.formats import Formats, formats
from ugc.dashboard.look.markup import plain, show
from ugc.dashboard.look.ticker import tick
from ugc.dashboard.look.words import Words
from ugc.ingest.collect import Collection, Job
from ugc.ingest.summary import ImportSummary

__all__ = ["begin", "counted", "draw", "said", "source_name", "told"]

_EVERY = 1.0
"""Seconds between two drawings while something runs."""

_ACTIVE, _MINE, _BEGUN = "_sources_active", "_sources_mine", "_sources_begun"
_SHOWN = 5
"""Rejected rows that are shown; all of them are in the file."""

_LIMIT = "Stopped at the limit of "
_REASONS = {
    "It was broken off.": "sources.reason.broken_off",
    "Another collection of this is running.": "sources.reason.twice",
}

_LINE = Markup(
    '<div class="house-work"><p class="head"><b><bdi>{}</bdi></b> <span class="state {}">{}</span></p>'
    "{}</div>"
)
_NOTE = Markup('<p class="note">{}</p>')
_TROUBLE = Markup('<p class="trouble" role="alert">{}</p>')


def said(word: Words, reason: str | None) -> Markup:
    """Why a run is not complete, in the reader's language; in English, marked so, where we have no words."""
    text = reason or ""
    number = text.removeprefix(_LIMIT).removesuffix(" reviews.")
    if text.startswith(_LIMIT) and number.isdigit():
        count = formats(word.language).number(int(number))
        return Markup("{}").format(word("sources.reason.limit", n=int(number), count=count))
    if text in _REASONS:
        return Markup("{}").format(word(_REASONS[text]))
    return messages.shown(text, word.language) if text else Markup("")


def counted(word: Words, counts: Iterable[tuple[str, int | None]]) -> list[str]:
    """Counts in words, those left out that are nought or were not taken."""
    say = formats(word.language)
    return [word(f"sources.count.{name}", n=n, count=say.number(n)) for name, n in counts if n]


def told(word: Words, found: ImportSummary) -> list[str]:
    """What came of an import, in words."""
    names = "new changed unchanged repeated without_text undated unread_dates unread_ratings rejected"
    lines = counted(word, ((name, getattr(found, name)) for name in names.split()))
    return [*lines, formats(word.language).span(found.first, found.last)] if found.first else lines


def source_name(word: Words, name: str, title: str | None = None) -> str:
    """What a source is called: in the reader's language, else as it calls itself."""
    called = word.called("source", name)
    return title if title and called == name else called


def begin(work: Work, name: str) -> None:
    """Begins a piece of work and notes that it is this session's, which alone sees what its files hold.

    `name` is what the next drawing says of it, for the card may lie above what a phone shows.
    """
    st.session_state[_MINE] = [*st.session_state.get(_MINE, []), work.id]
    st.session_state[_BEGUN] = name
    background.start(work)


def draw(word: Words, lake: str) -> None:
    """Draws the cards; while something runs the browser asks for them again every second."""
    if begun := st.session_state.pop(_BEGUN, None):
        st.toast(plain(f"{begun}: {word('sources.state.running')}"), icon=":material/hourglass_top:")
    active = _active(lake)
    before = st.session_state.get(_ACTIVE, active)
    st.session_state[_ACTIVE] = active
    if before - active:
        _anew(lake)
    st.fragment(_cards)(word, lake)


def _active(lake: str) -> set[str]:
    """Ids of the work that runs."""
    return {one.id for one in background.works(lake) if not one.ended}


def _anew(lake: str) -> None:
    """Draws the whole page anew over the lake as it is now."""
    data.ask(lake, anew=True)
    st.rerun()


def _cards(word: Words, lake: str) -> None:
    """The cards alone; when a piece of work ends or begins, the whole page is drawn anew."""
    active = _active(lake)
    if active != st.session_state.get(_ACTIVE, set()):
        _anew(lake)
    if active:
        tick("sources_tick", _EVERY)
    for one in filter(_seen, background.works(lake)):
        with st.container(border=True, key=f"work_{one.id}", gap="xsmall"):
            _card(word, one)


def _seen(one: Work) -> bool:
    """Whether a piece of work is still of interest: what the model has read well is not."""
    return not (isinstance(one, Tagging) and one.ended and not (one.trouble or one.broken or one.stopping))


def _card(word: Words, one: Work) -> None:
    with st.container(horizontal=True, gap="small"):
        with st.container(key=f"told_{one.id}", gap="xsmall"):
            if isinstance(one, Collecting):
                for job in one.jobs:
                    show(_job(word, one, job))
            elif isinstance(one, Importing):
                _files(word, one)
            elif isinstance(one, Tagging):
                _reading(word, one)
            if one.trouble or one.broken:
                trouble = messages.shown(one.trouble, word.language) if one.trouble else ""
                show(_TROUBLE.format(trouble or word("sources.reason.program")))
        _button(word, one)
    if isinstance(one, Importing) and one.id in st.session_state.get(_MINE, ()):
        _rejects(word, one)


def _button(word: Words, one: Work) -> None:
    """What stops a piece of work or, once it has ended, takes its card away; files are not stopped."""
    if one.ended:
        st.button(
            word("sources.count.dismiss"),
            key=f"dismiss_{one.id}",
            icon=":material/close:",
            type="tertiary",
            on_click=background.dismiss,
            args=(one.id,),
        )
    elif not isinstance(one, Importing):
        label = word("sources.state.stopping" if one.stopping else "sources.count.stop")
        st.button(
            label, key=f"stop_{one.id}", icon=":material/stop:", on_click=one.stop, disabled=one.stopping
        )


def _rate(word: Words, say: Formats, so_far: Collection) -> str:
    """How quick a collection is; nothing before the first page has come."""
    return word("sources.count.rate", rate=say.number(so_far.rate, 1)) if so_far.rate else ""


def _job(word: Words, one: Collecting, job: Job) -> Markup:
    """How far one collection is, how quick, and why it waits; at the end how it ended."""
    say, so_far = formats(word.language), one.so_far(job)
    name = f"{source_name(word, job.source.name, job.source.title)} · {job.target}"
    if so_far is None:
        state = "stopped" if one.ended else "queued" if one.queued else "running"
        why = "" if one.ended else "sources.reason.queued" if one.queued else "sources.count.starting"
        note = _NOTE.format(word(why)) if why else Markup("")
        return _LINE.format(name, state, word(f"sources.state.{state}"), note)
    found = so_far.summary
    counts = [
        *counted(word, (("pages", so_far.pages),)),
        word("sources.count.reviews", n=so_far.read, count=say.number(so_far.read)),
        *([word("sources.count.new", n=found.new, count=say.number(found.new))] if found.rows else []),
        *counted(word, (("changed", found.changed), ("without_text", found.without_text))),
    ]
    if so_far.state == "running":
        counts.append(_rate(word, say, so_far))
    elif found.first:
        counts.append(say.span(found.first, found.last))
    why = said(word, so_far.reason) if so_far.state != "running" else Markup("")
    if so_far.state == "running" and so_far.waiting:
        why = Markup("{}").format(word("sources.count.waiting", reason=so_far.waiting))
    body = blocks.facts(counts) + (_NOTE.format(why) if why else Markup(""))
    return _LINE.format(name, so_far.state, word(f"sources.state.{so_far.state}"), body)


def _files(word: Words, one: Importing) -> None:
    """How far the files are; at the end the counts."""
    say, names = formats(word.language), ", ".join(one.names)
    state = "running" if not one.ended else "failed" if one.trouble or one.broken else "complete"
    body = blocks.facts(told(word, one.summary)) if one.summary else Markup("")
    label = word("sources.state.done" if state == "complete" else f"sources.state.{state}")
    show(_LINE.format(names, state, label, body))
    if not one.ended:
        done = word("sources.count.of", done=say.number(one.done), total=say.number(one.total))
        st.progress(background.part(one), text=plain(done))


def _rejects(word: Words, one: Importing) -> None:
    """The rejected rows of each file, to be read and downloaded by whoever brought it."""
    for name, content in one.rejected:
        show(_rejected(word, content))
        st.download_button(
            word("sources.count.rejects"),
            content,
            file_name=name,
            mime="text/csv",
            key=f"rejects_{one.id}_{name}",
            icon=":material/download:",
            on_click="ignore",
        )


def _rejected(word: Words, content: bytes) -> Markup:
    """The first rejected rows with the reasons, as a table."""
    rows = csv.DictReader(io.StringIO(content.decode("utf-8-sig")))
    line = Markup('<tr><td class="number">{}</td><td class="why">{}</td></tr>')
    body = Markup("").join(
        line.format(row["row"], messages.shown(row["reason"], word.language))
        for row, _ in zip(rows, range(_SHOWN), strict=False)
    )
    head = Markup('<tr><th scope="col">{}</th><th scope="col">{}</th></tr>').format(
        word("sources.count.row"), word("sources.count.why")
    )
    return Markup(
        '<div class="house-scroll" tabindex="0"><table class="house-table sources"><thead>{}</thead>'
        "<tbody>{}</tbody></table></div>"
    ).format(head, body)


def _reading(word: Words, one: Tagging) -> None:
    """How far the model is."""
    say = formats(word.language)
    state = "running" if not one.ended else "failed" if one.trouble or one.broken else "complete"
    if one.ended and one.stopping:
        state = "stopped"
    body = Markup("")
    if one.ended and one.done:
        body = blocks.facts(counted(word, (("tagged", one.done),)))
    elif not one.ended and not one.total:
        body = _NOTE.format(word("sources.count.loading"))
    label = word("sources.state.done" if state == "complete" else f"sources.state.{state}")
    show(_LINE.format(word("sources.count.tagging"), state, label, body))
    if not one.ended and one.total:
        done = word("sources.count.of", done=say.number(one.done), total=say.number(one.total))
        st.progress(background.part(one), text=plain(done))
