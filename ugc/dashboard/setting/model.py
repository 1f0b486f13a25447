"""Which model reads: the shipped bundle and the user's own, with what was measured, and the profile."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import Any

import streamlit as st

from models import DEFAULT_BUNDLE
from models.bundle import DEFAULT_PROFILE, open_bundle
from models.library import DEFAULT, Library, Shelved, size_of
from ugc import settings
from ugc.dashboard.frame.export import offer
from ugc.dashboard.look import messages
from ugc.dashboard.look.formats import formats
from ugc.dashboard.look.markup import plain, show
from ugc.dashboard.look.table import Cell, Column, Table, grid
from ugc.dashboard.look.words import Words
from ugc.dashboard.setting.file import put
from ugc.dashboard.setting.keeping import TROUBLE, attempt, fixed, said, where_from
from ugc.errors import ModelError, SettingsError
from ugc.settings import Settings

__all__ = ["Choice", "choices", "choose", "draw"]

_FIGURES = ("theme+polarity micro-F1", "sentiment accuracy")


@dataclass(frozen=True)
class Choice:
    """One bundle that may be chosen, or that cannot be used."""

    shelved: Shelved
    in_use: bool
    outside: bool
    """It lies outside the user's library: named by a variable or by `ugc.toml`."""

    @property
    def name(self) -> str:
        """Its version, `default`, or its folder when it lies outside."""
        return str(self.shelved.folder) if self.outside else self.shelved.name

    def figures(self) -> tuple[int | None, float | None, float | None]:
        """Reviews that it was measured on, and the two key figures; `None` where nobody measured."""
        if self.shelved.bundle is None:
            return None, None, None
        manifest: dict[str, Any] = self.shelved.bundle.manifest
        held = manifest.get("measured", {}).get("held_out", {}).get("model", {}).get("all", {})
        first, second = (held.get(name) for name in _FIGURES)
        return held.get("n"), first, second


def choices(chosen: Settings) -> list[Choice]:
    """The shipped bundle, the user's own, and the one in use where it lies elsewhere."""
    used = (chosen.model or DEFAULT_BUNDLE).resolve()
    found = [Choice(one, one.folder.resolve() == used, False) for one in Library(chosen.models_folder).all()]
    if any(one.in_use for one in found):
        return found
    folder = chosen.model or DEFAULT_BUNDLE
    try:
        other = Shelved(folder.name, folder, open_bundle(folder))
    except ModelError as error:
        other = Shelved(folder.name, folder, None, error.what)
    return [*found, Choice(other, True, True)]


def _table(word: Words, found: list[Choice]) -> Table:
    """What is known of each bundle."""
    kinds: dict[str, Any] = {"size": "number", "measured": "count", "themes": "share", "sentiment": "share"}
    names = ("bundle", "use", "made", "size", "measured", "themes", "sentiment")
    columns = tuple(Column(word(f"settings.model_{name}"), kinds.get(name, "text")) for name in names)
    rows: list[tuple[Cell, ...]] = []
    for one in found:
        held = one.shelved
        if held.bundle is None:
            state = word("settings.model_broken")
            rows.append((one.name, state, held.wrong, None, None, None, None))
            continue
        made = held.bundle.manifest.get("training", {}).get("made") or formats(word.language).number(None)
        state = word("settings.model_used") if one.in_use else ""
        rows.append((one.name, state, str(made), size_of(held.folder) / 1e6, *one.figures()))
    return Table(word("settings.model"), columns, tuple(rows))


def draw(word: Words, chosen: Settings) -> None:
    """The bundles with their figures, and the choice among them."""
    st.header(word("settings.model"), anchor=False)
    st.caption(plain(word("settings.model_what")))
    said(word, "model")
    found = choices(chosen)
    table = _table(word, found)
    show(grid(table, word.language))
    offer(word, "models", table)
    st.caption(plain(word("settings.model_figures")))
    usable = [one for one in found if one.shelved.bundle is not None]
    if not usable:
        wrong = messages.shown(found[0].shelved.wrong, word.language)
        show(TROUBLE.format(word("settings.model_broken"), wrong))
        return
    now = next((one.name for one in usable if one.in_use), None)
    profiles = sorted({name for one in usable if one.shelved.bundle for name in one.shelved.bundle.profiles})
    names = [one.name for one in usable]
    keys = {
        "model": f"settings_model_{now}_{word.language}",
        "profile": f"settings_profile_{chosen.profile}_{word.language}",
    }
    with st.form("settings_model_form", border=False):
        left, right = st.columns(2)
        with left:
            st.selectbox(
                word("settings.model_bundle"),
                names,
                index=names.index(now) if now else None,
                key=keys["model"],
                format_func=lambda name: word("settings.model_shipped") if name == DEFAULT else name,
                disabled=fixed("model"),
            )
            st.caption(plain(where_from(word, "model", chosen)))
        with right:
            st.selectbox(
                word("settings.profile"),
                profiles,
                index=profiles.index(chosen.profile) if chosen.profile in profiles else None,
                key=keys["profile"],
                format_func=lambda name: (
                    word(f"settings.profile_{name}") if name in (DEFAULT_PROFILE, "fast") else name
                ),
                disabled=fixed("profile"),
            )
            st.caption(plain(where_from(word, "profile", chosen)))
        st.form_submit_button(
            word("settings.save"),
            key="settings_model_save",
            disabled=fixed("model") and fixed("profile"),
            on_click=partial(_keep, word, keys),
        )
    if chosen.hub.sentiment or chosen.hub.emotion:
        st.caption(plain(word("settings.model_hub")))


def _keep(word: Words, keys: dict[str, str]) -> None:
    name, profile = (st.session_state[keys[one]] for one in ("model", "profile"))
    done = word("settings.model_saved")
    attempt("model", done, lambda: choose(name, profile))


def choose(name: str | None, profile: str | None) -> None:
    """Takes a bundle and a profile into use, as `ugc models use` and `profile` in `ugc.toml` do.

    The entry `model` of `ugc.toml` is taken out where another bundle is chosen: it would go before.

    Raises:
        ModelError: there is no such bundle, or it is damaged.
        SettingsError: the bundle has no such profile, or nothing can be written.
    """
    chosen = settings.load()
    held = next((one for one in choices(chosen) if one.name == name), None)
    if held is None or held.shelved.bundle is None:
        raise ModelError(f"There is no model {name}.", "See: ugc models list")
    offered = held.shelved.bundle.profiles
    if profile not in offered:
        raise SettingsError(
            f"{held.name} has no network {profile}.", f"It offers: {', '.join(offered)}. Choose one of these."
        )
    if not fixed("profile") and profile != chosen.profile:
        put({"profile": profile})
    if held.in_use or held.outside or fixed("model"):
        return
    try:
        Library(chosen.models_folder).use(held.name)
    except OSError as error:
        raise SettingsError(
            f"The choice cannot be noted in {chosen.models_folder}: {error.strerror}.",
            "Give the dashboard the right to write there.",
        ) from error
    if settings.origin("model") == "file":
        put({"model": None})
