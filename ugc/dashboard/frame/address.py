"""The view and its address: what is chosen on the pages lies in the query string, and nowhere else.

Streamlit's own binding of widgets to the query string is not used: it writes the shown label of
an option instead of its key (so a link breaks with the language of the reader), drops a value the
lake does not know instead of saying that nothing was found, and forbids `st.switch_page`.

At the start of every run three states are compared: the widgets, the address, and what both were
when they last agreed. Widgets that moved win and the address follows (that also settles a second
click that overtakes the first); an address that moved alone (a link, the back button) sets the
widgets.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import partial
from typing import Any, Literal

import streamlit as st
from streamlit.runtime.scriptrunner import get_script_run_ctx

from ugc import settings, taxonomy
from ugc.insight import DIMENSIONS, Filters
from ugc.insight.outcome.weekly import MEASURES

__all__ = [
    "COMMON",
    "CROSSED",
    "FIELDS",
    "SIDED",
    "Field",
    "View",
    "arrive",
    "assign",
    "filters",
    "key",
    "link",
    "parse",
    "remember",
    "settle",
    "write",
]

View = dict[str, Any]
"""Value of every field: str, int, date, tuple of str, or `None`."""

_SETTLED = "_settled"
_PAGE = "_page"


@dataclass(frozen=True)
class Field:
    """One parameter of the address; its name is the key of its widget too.

    `among` holds the values it may take, empty for any; a function where they may change. `many` may be
    repeated in the address; an empty text among them stands for reviews that have no such value.
    """

    name: str
    kind: Literal["many", "one", "text", "day", "whole"]
    among: tuple[str, ...] | Callable[[], tuple[str, ...]] = ()
    default: Any = None

    def allowed(self) -> tuple[str, ...]:
        """The values that it may take now, empty for any."""
        return self.among() if callable(self.among) else self.among

    def read(self, values: list[str]) -> Any:
        """The value that these parameters stand for; the default for what cannot be read."""
        if self.kind == "many":
            return tuple(dict.fromkeys(values))
        text = values[-1] if values else ""
        if self.kind == "day":
            try:
                return date.fromisoformat(text)
            except ValueError:
                return self.default
        if self.kind == "whole":
            return int(text) if text.isascii() and text.isdigit() and int(text[:9]) > 0 else self.default
        allowed = self.allowed()
        return self.default if not text or (allowed and text not in allowed) else text

    def spell(self, value: Any) -> list[str]:
        """The parameters that stand for a value; none for the default."""
        if value in (None, "", self.default):
            return []
        return list(value) if self.kind == "many" else [str(value)]

    def tidy(self, value: Any, settled: Any) -> Any:
        """The value of a widget as it stands in a view.

        A browser sends the shown label; while the labels change it may send one that is no more,
        and that comes through as it is. The value that was settled then stands.
        """
        if self.kind == "many":
            return tuple(value or ())
        if value in (None, ""):
            return self.default
        allowed = self.allowed()
        return settled if allowed and value not in allowed else value

    def widget(self, value: Any) -> Any:
        """The value of a view as a widget takes it."""
        if self.kind == "many":
            return list(value)
        return value or "" if self.kind == "text" else value


COMMON = (
    Field("ui", "one", taxonomy.LANGUAGES),
    *(Field(column, "many", default=()) for column in DIMENSIONS.values()),
    Field("since", "day"),
    Field("until", "day"),
)
"""Fields that stay from page to page: the language of the interface and the filters."""

CROSSED = (*DIMENSIONS.values(), "month", "weekday")
"""What the reviews can be broken down by, two of them at once."""

SIDED = ("company", "place", "product", "city", "source", "period")
"""What can stand side by side."""

FIELDS = (
    *COMMON,
    Field("measure", "one", ("negative", "csi", "net"), "negative"),
    Field("shown", "one", ("count", "share"), "count"),
    Field("by", "one", ("day", "week", "month"), "month"),
    Field("theme", "one", partial(taxonomy.keys, "themes")),
    Field("polarity", "one", taxonomy.keys("polarities")),
    Field("reason", "text"),
    Field("split", "one", ("city", "place", "product", "source", "company", "touchpoint"), "city"),
    Field("q", "text"),
    Field("sentiment", "one", taxonomy.keys("sentiments")),
    Field("emotion", "one", taxonomy.keys("emotions")),
    Field("contact", "one", taxonomy.keys("contact")),
    Field("stars", "one", ("1", "2", "3", "4", "5")),
    Field("order", "one", ("newest", "oldest", "lowest", "highest", "helpful"), "newest"),
    Field("touchpoint", "one", taxonomy.keys("touchpoints")),
    Field("loyalty", "one", taxonomy.keys("loyalty")),
    Field("effort", "one", taxonomy.keys("effort")),
    Field("repeat", "one", ("yes", "no")),
    Field("author", "text"),
    Field("credible", "one", ("doubtful", "credible")),
    Field("fall", "one", tuple(str(ten) for ten in range(10, 101, 10)), "50"),
    Field("target", "one", ("all", "negative", "themes"), "all"),
    Field("side", "one", ("worse", "better"), "worse"),
    Field("down", "one", CROSSED, "city"),
    Field("across", "one", CROSSED, "source"),
    Field("figure", "one", ("negative", "csi", "theme"), "negative"),
    Field("what", "one", SIDED),
    Field("sides", "many", default=()),
    Field("against", "one", ("first", "rest"), "first"),
    Field("finer", "one", ("product", "place")),
    Field("shelf", "text"),
    Field("action", "text"),
    Field("effect", "one", MEASURES),
    Field("kind", "one", ("themes", "touchpoints"), "themes"),
    Field("label", "text"),
    Field("edit", "one", ("new", "yes")),
    Field("page", "whole", (), 1),
    Field("review", "text"),
)
"""Every field of every page; a page shows widgets for its own."""


_FALL_BACK = {"page", "review"}
"""Fields that return to their default when another one moves: page 7 of other results is nowhere."""


def _home() -> str:
    return settings.load().language


def parse(parameters: Mapping[str, list[str]]) -> View:
    """The view that an address stands for; unknown parameters and values are passed over."""
    view = {field.name: field.read(list(parameters.get(field.name, []))) for field in FIELDS}
    view["ui"] = view["ui"] or _home()
    return view


def write(view: View) -> dict[str, list[str]]:
    """The address of a view: only what differs from the defaults and from the language of the settings."""
    spelled = {field.name: field.spell(view.get(field.name)) for field in FIELDS}
    if view.get("ui") == _home():
        spelled["ui"] = []
    return {name: values for name, values in spelled.items() if values}


def key(name: str, ui: str) -> str:
    """Key of the widget of a field.

    A browser sends the label that it shows, so with every language come new widgets: a label of
    the old one would mean nothing.
    """
    return name if name == "ui" else f"{name}_{ui}"


def _here() -> dict[str, list[str]]:
    return {name: st.query_params.get_all(name) for name in st.query_params}


def _shown(settled: View) -> View:
    """What the widgets say now; a widget that is not on the page says what was settled."""
    state, view = st.session_state, dict(settled)
    for field in FIELDS:
        name = key(field.name, settled["ui"])
        if name in state:
            view[field.name] = field.tidy(state[name], settled[field.name])
    view["ui"] = view["ui"] or settled["ui"]
    moved = {name for name in view if view[name] != settled[name]}
    if moved - _FALL_BACK - {"ui"}:
        view |= {field.name: field.default for field in FIELDS if field.name in _FALL_BACK - moved}
    return view


def _publish(view: View) -> None:
    st.session_state[_SETTLED] = view
    address = write(view)
    if address != _here():
        st.query_params.from_dict(address)


def _page() -> str | None:
    """What Streamlit calls the page that is asked for."""
    context = get_script_run_ctx()
    return context.page_script_hash if context else None


def arrive() -> None:
    """Notes the page, once `st.navigation` has found it."""
    st.session_state[_PAGE] = _page()


def settle() -> View:
    """Makes widgets and address agree at the start of a run, and gives the view.

    On a page just turned to, the widgets of the last one have nothing to say any more.
    """
    incoming = parse(_here())
    settled: View | None = st.session_state.get(_SETTLED)
    turned = st.session_state.get(_PAGE) != _page()
    view = incoming if settled is None or turned else _shown(settled)
    if view == settled:
        view = incoming
    _set(view["ui"], view)
    _publish(view)
    return view


def _set(ui: str, values: View) -> None:
    """Sets the widgets of these fields, those alone that say something else."""
    state = st.session_state
    for field in FIELDS:
        if field.name in values:
            name, value = key(field.name, ui), field.widget(values[field.name])
            if name not in state or state[name] != value:
                state[name] = value


def remember() -> View:
    """Lets the address follow the widgets of a fragment, which runs without the router."""
    view = _shown(st.session_state[_SETTLED])
    _publish(view)
    return view


def assign(**values: Any) -> None:
    """Sets fields: from a callback, or before their widgets are made."""
    _set(st.session_state[_SETTLED]["ui"], values)


def link(view: View, **changes: Any) -> dict[str, list[str]]:
    """Address of another page: the common fields of a view, and changes."""
    kept = {field.name: view[field.name] for field in COMMON}
    return write({field.name: field.default for field in FIELDS} | kept | changes)


def filters(view: View) -> Filters:
    """The filters of a view."""
    chosen = {name: view[column] for name, column in DIMENSIONS.items()}
    return Filters(since=view["since"], until=view["until"], **chosen)
