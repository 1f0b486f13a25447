"""«Upload files»: what was brought is looked at, shown field by field, and taken only when told so.

The files lie in a folder of their own until they are taken, put back, or the session ends.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, cast
from weakref import WeakSet, finalize

import streamlit as st
from markupsafe import Markup

from ugc import settings
from ugc.dashboard.collecting import background, progress
from ugc.dashboard.look import blocks, messages
from ugc.dashboard.look.formats import formats
from ugc.dashboard.look.markup import plain, show
from ugc.dashboard.look.words import Words
from ugc.errors import UgcError
from ugc.ingest.columns import FIELDS
from ugc.ingest.job import carry_out, look_at
from ugc.ingest.plan import Plan
from ugc.ingest.summary import ImportSummary
from ugc.text.clean import clean_line
from ugc.text.privacy import mask

if TYPE_CHECKING:
    from streamlit.runtime.uploaded_file_manager import UploadedFile

__all__ = ["Brought", "Upload", "close_all", "draw", "safe_name", "samples"]

_HERE, _ROUND = "_sources_upload", "_sources_round"

_ALWAYS = ("text", "rating", "date")
"""Fields that are shown even where the file has no column for them."""

_PEOPLE = frozenset({"author", "author_id", "author_mail"})
_SAMPLED, _SAMPLES, _LONGEST = 200, 3, 90
_TRIED = 5000
"""Rows up to which a file is read through on trial, so that its dates and troubles can be told."""

_TROUBLE = Markup('<p class="house-fix trouble" role="alert">{}</p>')
_NOTE = Markup('<p class="house-fix note">{}</p>')
_NAME = Markup('<p class="house-fix head"><bdi>{}</bdi></p>')


def safe_name(name: str) -> str:
    """The name of a file as it may lie in a folder: the last part, no control signs, not too long."""
    bare = re.sub(r"[\x00-\x1f\x7f<>:\"|?*]", "_", re.split(r"[/\\]", name)[-1]).strip(". ")
    stem, dot, ending = bare.rpartition(".")
    ending = ending[:20] if dot else ""
    short = (stem if dot else bare).encode("utf-8", "replace")[:150].decode("utf-8", "ignore")
    return f"{short or 'file'}{dot}{ending}"


def samples(plan: Plan) -> dict[str, tuple[str, ...]]:
    """Three values of each field as they stand in the file, on one line and without personal data."""
    found: dict[str, list[str]] = {}
    for entry, _ in zip(plan.entries(), range(_SAMPLED), strict=False):
        for name, value in entry.record.items():
            kept = found.setdefault(name, [])
            line = mask(clean_line(str(value)[:400])).text
            line = line if len(line) <= _LONGEST else f"{line[:_LONGEST]}…"
            if line and line not in kept and len(kept) < _SAMPLES:
                kept.append(line)
    return {name: tuple(kept) for name, kept in found.items()}


@dataclass
class Brought:
    """One file that was brought, how it is understood, and what is wrong with it."""

    path: Path
    asked: dict[str, str] = field(default_factory=dict)
    """Columns that the user fixed, by field; "" for none."""
    shown: dict[str, tuple[str, str]] = field(default_factory=dict)
    """Widget of each field and the column that it showed when it was drawn."""
    plan: Plan | None = None
    trouble: UgcError | None = None
    samples: dict[str, tuple[str, ...]] = field(default_factory=dict)
    trial: ImportSummary | None = None

    def look(self, collected: datetime | None) -> None:
        """Looks at the file anew; where that fails, what was understood before stays to choose from."""
        self.trouble = None
        try:
            (plan,) = look_at([self.path], mapping=self.asked, collected=collected)
            self.trial = carry_out(None, [plan], dry_run=True) if plan.rows <= _TRIED else None
            self.plan, self.samples = plan, samples(plan)
        except UgcError as error:
            self.trouble = error


_OPEN: WeakSet[Upload] = WeakSet()


class Upload:
    """The files of one session that are not taken yet."""

    def __init__(self) -> None:
        self.folder = TemporaryDirectory(prefix="ugc-upload-", ignore_cleanup_errors=True)
        self.files: dict[str, Brought] = {}
        self.collected: datetime | None = None
        self.given = False
        self._end = finalize(self, self.folder.cleanup)
        _OPEN.add(self)

    def settle(self, brought: Sequence[UploadedFile]) -> None:
        """Keeps the files that are still wanted and looks at those that are new."""
        for gone in set(self.files) - {one.file_id for one in brought}:
            self.files.pop(gone).path.unlink(missing_ok=True)
        for one in brought:
            if one.file_id in self.files:
                continue
            place = Path(self.folder.name) / str(len(list(Path(self.folder.name).iterdir())))
            place.mkdir()
            path = place / safe_name(one.name)
            path.write_bytes(one.getbuffer())
            self.files[one.file_id] = Brought(path)
            self.files[one.file_id].look(self.collected)

    def fix(self, key: str) -> None:
        """Takes the columns that were chosen for the fields of a file, and looks at the file anew.

        Two quick clicks come together, in any order: what is given away is not looked at again.
        """
        one = self.files[key]
        said = {name: (st.session_state.get(widget), was) for name, (widget, was) in one.shown.items()}
        moved = {name: now for name, (now, was) in said.items() if now is not None and now != was}
        if moved and not self.given:
            one.asked |= moved
            one.look(self.collected)
            one.shown.clear()

    def gathered(self, widget: str) -> None:
        """Takes the day on which the reviews were collected, and looks at every file anew."""
        if self.given:
            return
        day = cast("date | None", st.session_state[widget])
        self.collected = datetime.combine(day, time(23, 59), UTC) if day else None
        for one in self.files.values():
            one.look(self.collected)

    def give(self) -> TemporaryDirectory[str]:
        """Hands the folder over to whoever takes the files, who removes it."""
        self.given = True
        self._end.detach()
        return self.folder

    def close(self) -> None:
        """Removes the files."""
        self._end()


def close_all() -> None:
    """Removes the files of all sessions: for the end of the server, which a signal may bring."""
    for one in list(_OPEN):
        one.close()


def _finished() -> None:
    """Begins anew with an empty place for files."""
    st.session_state.pop(_HERE, None)
    st.session_state[_ROUND] = st.session_state.get(_ROUND, 0) + 1


def _put_back(upload: Upload) -> None:
    upload.close()
    _finished()


def _take(lake: str, upload: Upload, company: str) -> None:
    """Takes every file that is understood, in the background."""
    for key in upload.files:
        upload.fix(key)
    plans = [one.plan for one in upload.files.values() if one.plan is not None and one.trouble is None]
    named = " ".join(st.session_state.get(company, "").split()) or None
    work = background.Importing(lake, settings.load(), plans, upload.give(), named)
    progress.begin(work, ", ".join(work.names))
    _finished()


def draw(word: Words, lake: str) -> None:
    """Draws the place for files, how each is understood, and the button that takes them."""
    st.markdown(plain(word("sources.files.what")))
    _own_words(word)
    brought = st.file_uploader(
        word("sources.upload"),
        accept_multiple_files=True,
        key=f"sources_files_{st.session_state.get(_ROUND, 0)}",
        label_visibility="collapsed",
    )
    upload = cast("Upload | None", st.session_state.get(_HERE))
    if not brought:
        if upload is not None:
            _put_back(upload)
        return
    if upload is None:
        upload = st.session_state[_HERE] = Upload()
    with st.spinner(word("sources.files.looking")):
        upload.settle(brought)
    for key, one in upload.files.items():
        with st.container(border=True, key=f"brought_{key}", gap="small"):
            _file(word, upload, key, one)
    _foot(word, lake, upload)


def _own_words(word: Words) -> None:
    """Puts our words into the place for files, which speaks English by itself."""
    show(
        Markup('<style>.st-key-sources_upload{{--choose:"{}";--drop:"{}"}}</style>').format(
            word("sources.files.choose"), word("sources.files.drop")
        )
    )


def _foot(word: Words, lake: str, upload: Upload) -> None:
    """What holds for all files, and the buttons."""
    say, ready = (
        formats(word.language),
        [one for one in upload.files.values() if one.plan and not one.trouble],
    )
    left, right = st.columns(2)
    company, day = f"upload_company_{word.language}", f"upload_collected_{word.language}"
    left.text_input(word("sources.form.company"), key=company, placeholder=word("sources.files.company_how"))
    right.date_input(
        word("sources.files.collected"),
        value=None,
        key=day,
        help=word("sources.files.collected_what"),
        max_value="today",
        format=say.picker(),
        on_change=partial(upload.gathered, day),
    )
    with st.container(horizontal=True):
        st.button(
            word("sources.files.take", n=len(ready), count=say.number(len(ready))),
            key="upload_take",
            type="primary",
            icon=":material/check:",
            disabled=not ready,
            on_click=partial(_take, lake, upload, company),
        )
        st.button(
            word("sources.files.drop_all"),
            key="upload_drop",
            type="tertiary",
            on_click=partial(_put_back, upload),
        )


def _file(word: Words, upload: Upload, key: str, one: Brought) -> None:
    """One file: what it is, what is wrong with it, and the column of each field."""
    show(_NAME.format(one.path.name))
    if one.plan is not None and one.trouble is None:
        show(blocks.facts(_facts(word, one.plan, one.trial)))
        for note in one.plan.notes:
            show(_NOTE.format(messages.shown(note, word.language)))
    if one.trouble is not None:
        if one.plan is None:
            show(Markup('<p class="house-fix note">{}</p>').format(word("sources.files.unread")))
        show(_TROUBLE.format(messages.shown(str(one.trouble), word.language)))
    if one.plan is None:
        return
    fields = one.plan.mapping.fields
    shown = [name for name in FIELDS if name in fields or name in one.asked or name in _ALWAYS]
    st.markdown(f"**{plain(word('sources.files.columns'))}**")
    for name in shown:
        _field(word, upload, key, name)
    unused = [choice.column for choice in one.plan.mapping.choices if choice.field is None]
    if unused:
        said = word("sources.files.unused", columns=", ".join(unused))
        show(Markup('<p class="house-fix note">{}</p>').format(said))
    with st.expander(word("sources.files.more"), type="compact", key=f"more_{key}"):
        for name in FIELDS:
            if name not in shown:
                _field(word, upload, key, name)


def _facts(word: Words, plan: Plan, trial: ImportSummary | None) -> list[str]:
    """Kind, rows, scale of the ratings, span of the dates, and what a trial found wrong."""
    say, count = formats(word.language), progress.counted
    best = (
        word("sources.files.scale", best=say.rating(plan.scale))
        if plan.scale
        else word("sources.files.no_ratings")
    )
    found = [plan.table.kind, *count(word, (("rows", plan.rows),)), best]
    if trial is None:
        return found
    span = say.span(trial.first, trial.last)
    found.append(word("sources.files.dates", span=span) if trial.first else word("sources.files.no_dates"))
    names = ("without_text", "repeated", "undated", "unread_dates", "unread_ratings", "rejected")
    found += count(word, ((name, getattr(trial, name)) for name in names))
    found += [word("sources.files.unread_dates", example=one) for one in trial.examples.values()]
    return found


def _field(word: Words, upload: Upload, key: str, name: str) -> None:
    """The column of one field, to be changed, beside three of its values."""
    one = upload.files[key]
    plan = cast("Plan", one.plan)
    columns = plan.mapping.fields.get(name, ())
    widget = f"field_{key}_{name}_{word.language}"
    options = ["", *dict.fromkeys([*plan.columns, *columns])]
    fixed = one.asked.get(name, columns[0] if columns else "")
    st.session_state[widget] = fixed if fixed in options else ""
    one.shown[name] = (widget, st.session_state[widget])
    left, right = st.columns((2, 3), vertical_alignment="bottom")
    left.selectbox(
        word(f"sources.field.{name}"),
        options,
        key=widget,
        format_func=lambda column: column or word("sources.files.nothing"),
        on_change=partial(upload.fix, key),
    )
    if name in plan.mapping:
        with right:
            show(_values(word, name, one.samples.get(name, ()), columns[1:]))


def _values(word: Words, name: str, values: Sequence[str], others: Sequence[str]) -> Markup:
    """Three values of a field, and the columns that stand in where its own is blank."""
    if name in _PEOPLE and values:
        values = [f"{one[:1]}… ({word('sources.files.hidden')})" for one in values[:1]]
    lines = Markup("").join(Markup('<li dir="auto">{}</li>').format(one) for one in values)
    if others:
        said = word("sources.files.also", columns=", ".join(others))
        lines += Markup('<li class="also">{}</li>').format(said)
    nothing = (
        Markup("") if lines else Markup('<li class="also">{}</li>').format(word("sources.files.no_samples"))
    )
    return Markup('<ul class="house-samples">{}{}</ul>').format(lines, nothing)
