"""Settings of one value each: language, prices, the lake's address; and all values with their origin."""

from __future__ import annotations

from functools import partial
from pathlib import Path

import streamlit as st

from ugc.dashboard.frame.export import offer
from ugc.dashboard.look.markup import plain, show
from ugc.dashboard.look.table import Column, Table, grid
from ugc.dashboard.look.words import LANGUAGES, Words
from ugc.dashboard.setting.file import put
from ugc.dashboard.setting.keeping import attempt, fixed, keep, said, value_of, where_from
from ugc.errors import SettingsError
from ugc.settings import Settings

__all__ = ["everything", "lake", "language", "prices"]

_SHOWN = (
    "language",
    "lake",
    "model",
    "profile",
    "models_folder",
    "threads",
    "priority.first_contact",
    "priority.repeat_contact",
    "weights",
    "volumes",
    "places",
    "contact",
    "archive",
    "hub.sentiment",
    "hub.emotion",
)
"""Settings that are listed with where they come from; secrets are not among them."""

_PRICES = ("first_contact", "repeat_contact")


def _origin(word: Words, name: str, chosen: Settings) -> None:
    st.caption(plain(where_from(word, name, chosen)))


def language(word: Words, chosen: Settings) -> None:
    """The language in which the dashboard opens, and that of commands."""
    st.header(word("settings.language"), anchor=False)
    said(word, "language")
    key = f"settings_language_{chosen.language}_{word.language}"

    def changed() -> None:
        keep("language", word("settings.saved"), {"language": st.session_state[key]})

    st.segmented_control(
        word("settings.language"),
        LANGUAGES,
        default=chosen.language,
        format_func=lambda code: word(f"interface.{code}"),
        key=key,
        required=True,
        disabled=fixed("language"),
        label_visibility="collapsed",
        on_change=changed,
    )
    st.caption(plain(word("settings.language_what")))
    _origin(word, "language", chosen)


def prices(word: Words, chosen: Settings) -> None:
    """What answering a contact costs."""
    st.header(word("settings.prices"), anchor=False)
    st.caption(plain(word("settings.prices_what")))
    said(word, "prices")
    names = [f"priority.{name}" for name in _PRICES]
    keys = {name: f"settings_{name}_{value_of(chosen, name)}" for name in names}
    with st.form("settings_prices", border=False):
        for name, column in zip(names, st.columns(2), strict=True):
            with column:
                st.number_input(
                    word(f"settings.{name.partition('.')[2]}"),
                    min_value=0.0,
                    value=float(value_of(chosen, name)),
                    step=1.0,
                    key=keys[name],
                    disabled=fixed(name),
                )
                _origin(word, name, chosen)
        st.form_submit_button(
            word("settings.save"),
            key="settings_prices_save",
            disabled=all(map(fixed, names)),
            on_click=partial(_keep_prices, word, keys),
        )


def _keep_prices(word: Words, keys: dict[str, str]) -> None:
    told = {name: float(st.session_state[key]) for name, key in keys.items() if not fixed(name)}
    keep(
        "prices",
        word("settings.saved"),
        {name: int(price) if price.is_integer() else price for name, price in told.items()},
    )


def lake(word: Words, chosen: Settings) -> None:
    """Where the reviews lie."""
    st.header(word("settings.lake"), anchor=False)
    st.caption(plain(word("settings.lake_what")))
    said(word, "lake")
    key = f"settings_lake_{chosen.lake}"
    with st.form("settings_lake_form", border=False):
        st.text_input(word("settings.address"), value=chosen.lake, key=key, disabled=fixed("lake"))
        _origin(word, "lake", chosen)
        if fixed("lake"):
            st.caption(plain(word("settings.lake_given")))
        st.form_submit_button(
            word("settings.save"),
            key="settings_lake_save",
            disabled=fixed("lake"),
            on_click=partial(_keep_lake, word, key),
        )


def _keep_lake(word: Words, key: str) -> None:
    address = str(st.session_state[key]).strip()

    def write() -> None:
        _check_lake(address)
        put({"lake": address})

    attempt("lake", word("settings.saved"), write)


def _check_lake(address: str) -> None:
    """Raises `SettingsError` for an empty address, `LakeError` where something else than a lake lies."""
    from ugc.lake import Lake

    if not address:
        raise SettingsError("The lake has no address.", "Name a folder, or an address of an object store.")
    there = Path(address)
    if "://" in address or there.is_file() or (there.is_dir() and any(there.iterdir())):
        Lake.open(address, create=False)


def everything(word: Words, chosen: Settings) -> None:
    """Every setting that is no secret: its name in the file, its value, where it comes from."""
    names = [name for name in _SHOWN if hasattr(chosen, name.partition(".")[0])]
    rows = []
    for name in names:
        value = value_of(chosen, name)
        told = word("settings.unset") if value is None else str(value)
        rows.append((name, told, where_from(word, name, chosen)))
    columns = [Column(word(f"settings.head_{name}")) for name in ("name", "value", "origin")]
    with st.expander(word("settings.all"), key="settings_all"):
        st.caption(plain(word("settings.all_what")))
        table = Table(word("settings.all"), tuple(columns), tuple(rows))
        show(grid(table, word.language))
        offer(word, "settings", table)
