"""Tables of one's own, weights, volumes, places: looked at when they are brought, kept beside `ugc.toml`."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import streamlit as st
from markupsafe import Markup

from ugc import settings
from ugc.dashboard.collecting.upload import safe_name
from ugc.dashboard.frame.data import Ask
from ugc.dashboard.look import messages
from ugc.dashboard.look.blocks import facts
from ugc.dashboard.look.formats import formats
from ugc.dashboard.look.markup import plain, show
from ugc.dashboard.look.table import Cell, Column, Kind, Table, grid
from ugc.dashboard.look.words import Words
from ugc.dashboard.setting.file import place, put
from ugc.dashboard.setting.keeping import TROUBLE, attempt, fixed, said, value_of, where_from
from ugc.errors import InputError
from ugc.insight import Filters
from ugc.insight.cost.volumes import SCOPE, Volume, read_volumes
from ugc.insight.satisfaction.levels import level_rows
from ugc.insight.satisfaction.weights import Weight, read_weights, roll_up
from ugc.insight.whereabouts.coordinates import EXAMPLE, Located, read_places
from ugc.settings import Settings

__all__ = ["SHEETS", "Sheet", "draw", "free_name", "look"]

_MOST = 8
"""Lines of a table that are shown."""

_OWN_WORDS = Markup('<style>.st-key-settings_{}{{--choose:"{}";--drop:"{}"}}</style>')
_EXAMPLE = {
    "weights": "level,value,weight\nplace,Зал,70\nplace,Доставка,30",
    "volumes": "period,company,transactions\n2026-04,Lumbi,11800\n2026-05,Lumbi,12150",
    "places": EXAMPLE,
}


@dataclass(frozen=True)
class Sheet:
    """One kind of table: the name of its setting, what reads it, its columns and what is told of it."""

    name: str
    read: Callable[[Path], Sequence[Any]]
    columns: Callable[[Sequence[Any]], dict[str, Kind]]
    facts: Callable[[Words, Sequence[Any]], list[str]]

    def table(self, lines: Sequence[Any]) -> Table:
        """The lines as they were read, under the names of the columns in the file."""
        columns = self.columns(lines)
        rows: list[tuple[Cell, ...]] = [tuple(getattr(one, name) for name in columns) for one in lines]
        heads = tuple(Column(name, kind) for name, kind in columns.items())
        return Table(self.name, heads, tuple(rows))


def _weights_columns(_: Sequence[Weight]) -> dict[str, Kind]:
    return {"level": "text", "value": "text", "weight": "number"}


def _weights_facts(word: Words, lines: Sequence[Weight]) -> list[str]:
    """How many weights each level has."""
    levels = list(dict.fromkeys(one.level for one in lines))
    say = formats(word.language)
    return [f"{name}: {say.number(sum(one.level == name for one in lines))}" for name in levels]


def _volumes_columns(lines: Sequence[Volume]) -> dict[str, Kind]:
    scope = [name for name in SCOPE if any(getattr(one, name) for one in lines)]
    return {"period": "text", **dict.fromkeys(scope, "text"), "transactions": "count"}


def _volumes_facts(word: Words, lines: Sequence[Volume]) -> list[str]:
    """The span of the periods and the sum of the transactions."""
    say, total = formats(word.language), sum(one.transactions for one in lines)
    span = say.span(min(one.first for one in lines), max(one.last for one in lines))
    return [span, word("settings.transactions", n=total, count=say.number(total))]


def _places_columns(lines: Sequence[Located]) -> dict[str, Kind]:
    named = [name for name in ("city", "place") if any(getattr(one, name) for one in lines)]
    return {**dict.fromkeys(named, "text"), "latitude": "stars", "longitude": "stars"}


def _places_facts(word: Words, lines: Sequence[Located]) -> list[str]:
    """Nothing more than the lines themselves."""
    return []


SHEETS = (
    Sheet("weights", read_weights, _weights_columns, _weights_facts),
    Sheet("volumes", read_volumes, _volumes_columns, _volumes_facts),
    Sheet("places", read_places, _places_columns, _places_facts),
)
"""The tables that can be brought."""


def look(sheet: Sheet, content: bytes, name: str) -> Sequence[Any]:
    """The lines of a table that was brought.

    Raises:
        InputError: it cannot be read; the line is named, and the file by its own name.
    """
    with TemporaryDirectory(prefix="ugc-settings-") as folder:
        path = Path(folder) / safe_name(name)
        path.write_bytes(content)
        try:
            return sheet.read(path)
        except InputError as error:
            raise InputError(error.what.replace(str(path), path.name), error.mend) from error


def free_name(sheet: str, now: Path | None) -> Path:
    """Where a table is kept: NAME.csv beside `ugc.toml`, or NAME-2.csv where another file is in its place."""
    place, number = Path(f"{sheet}.csv"), 1
    while place.exists() and (now is None or place.resolve() != now.resolve()):
        number += 1
        place = Path(f"{sheet}-{number}.csv")
    return place


def draw(word: Words, chosen: Settings, sheet: Sheet, ask: Ask | None) -> None:
    """One table: what it is for, what is in force, and the place for another."""
    name, now = sheet.name, value_of(chosen, sheet.name)
    with st.container(key=f"settings_{name}", border=True):
        st.header(word(f"settings.{name}"), anchor=False)
        st.caption(plain(word(f"settings.{name}_what")))
        said(word, name)
        if now is None:
            st.markdown(plain(word("settings.sheet_none")))
        else:
            _in_force(word, sheet, now, ask)
        st.caption(plain(where_from(word, name, chosen)))
        if fixed(name):
            return
        if now is not None:
            st.button(
                word("settings.sheet_off"),
                key=f"settings_{name}_off",
                icon=":material/close:",
                type="tertiary",
                on_click=partial(_leave, word, name),
            )
        _bring(word, sheet, now, ask)


def _leave(word: Words, name: str) -> None:
    """Takes the table out of the settings; its file stays."""
    attempt(name, word("settings.sheet_gone"), partial(put, {name: None}))


def _shown(word: Words, sheet: Sheet, name: str, lines: Sequence[Any], ask: Ask | None) -> None:
    """The facts of a table, its first lines, and what of it the lake does not know."""
    say = formats(word.language)
    count = word("settings.lines", n=len(lines), count=say.number(len(lines)))
    show(facts((name, count, *sheet.facts(word, lines))))
    show(grid(sheet.table(lines), word.language, most=_MOST))
    if len(lines) > _MOST:
        st.caption(plain(word("settings.lines_more", count=say.number(_MOST))))
    if sheet.read is read_weights and ask is not None:
        for error in _unknown(ask, lines):
            show(TROUBLE.format(word("settings.weights_unknown"), messages.shown(str(error), word.language)))


def _unknown(ask: Ask, lines: Sequence[Weight]) -> list[InputError]:
    """For each level, the first weight whose value the lake does not hold: `ugc scores` would refuse it."""
    found = []
    for level in dict.fromkeys(one.level for one in lines):
        rows = ask(level_rows, Filters(), level)
        try:
            roll_up(rows, level, lines)
        except InputError as error:
            found.append(error)
    return found


def _in_force(word: Words, sheet: Sheet, now: Path, ask: Ask | None) -> None:
    """The table in force, or why it cannot be read."""
    try:
        _shown(word, sheet, str(now), sheet.read(now), ask)
    except InputError as error:
        show(TROUBLE.format(word("settings.sheet_unread"), messages.shown(str(error), word.language)))


def _bring(word: Words, sheet: Sheet, now: Path | None, ask: Ask | None) -> None:
    """The place for a file; what was read of it is shown before it is taken."""
    name = sheet.name
    show(_OWN_WORDS.format(name, word("settings.choose"), word("settings.drop")))
    turn = st.session_state.get(f"settings_{name}_round", 0)
    brought = st.file_uploader(
        word("settings.sheet_bring"), key=f"settings_{name}_file_{turn}", label_visibility="collapsed"
    )
    if brought is None:
        with st.expander(word("settings.sheet_example"), type="compact"):
            st.code(_EXAMPLE[name], language=None)
        return
    content = bytes(brought.getbuffer())
    try:
        lines = look(sheet, content, brought.name)
    except InputError as error:
        show(TROUBLE.format(word("settings.sheet_unread"), messages.shown(str(error), word.language)))
        return
    _shown(word, sheet, brought.name, lines, ask)
    st.button(
        word("settings.sheet_take"),
        key=f"settings_{name}_take",
        type="primary",
        icon=":material/check:",
        on_click=partial(_take, word, sheet, content, now),
    )


def _take(word: Words, sheet: Sheet, content: bytes, now: Path | None) -> None:
    """Keeps the file and names it in the settings."""
    name, kept = sheet.name, free_name(sheet.name, now)

    def write() -> None:
        place(content, settings.FILE.with_name(kept.name))
        put({name: str(kept)})

    if attempt(name, word("settings.sheet_kept", file=str(kept)), write):
        key = f"settings_{name}_round"
        st.session_state[key] = st.session_state.get(key, 0) + 1
