"""What takes a table or a chart away as a file: CSV and Excel, PNG and SVG, made when asked for."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, datetime
from functools import partial

import streamlit as st

from ugc.dashboard.frame.context import Context
from ugc.dashboard.look.chart_style import Spec
from ugc.dashboard.look.files import Fact, as_csv, as_png, as_svg, as_xlsx
from ugc.dashboard.look.formats import formats
from ugc.dashboard.look.table import Table
from ugc.dashboard.look.words import Words

__all__ = ["about", "offer"]

_TYPES = {
    "csv": "text/csv",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "png": "image/png",
    "svg": "image/svg+xml",
}


def _word(place: Context | Words) -> Words:
    """The words of a page that has filters, or those of one that has none."""
    return place.word if isinstance(place, Context) else place


def about(place: Context | Words, name: str) -> list[Fact]:
    """What is written into a file: what it shows, what was chosen, the reviews' days, the day it is made."""
    word = _word(place)
    say, facts = formats(word.language), [(word("export.shows"), name)]
    if isinstance(place, Context):
        facts += [(word(f"filter.{dimension}"), values) for dimension, values in place.chosen()]
        since, until = place.period()
        if since or until:
            facts.append((word("export.period"), say.span(since, until)))
    facts.append((word("export.made"), say.day(datetime.now(UTC).date())))
    return facts


def _file(name: str, kind: str) -> str:
    """A name that every system takes: ugc-what-2026-11-23.csv."""
    said = re.sub(r"[^\w]+", "-", name.lower()).strip("-")[:60]
    return f"ugc-{said}-{datetime.now(UTC):%Y-%m-%d}.{kind}"


def offer(
    place: Context | Words,
    key: str,
    table: Table | Callable[[], Table],
    chart: Spec | Callable[[], Spec] | None = None,
) -> None:
    """Draws the control that gives the table, and the chart where there is one, as files.

    Nothing is made before somebody asks: the control is empty until it is opened, and a file is made
    when its button is pressed.

    Args:
        place: the context of the page, or its words where it has no filters.
        key: tells the controls of a page apart.
        table: what is shown, as figures (for a chart, the figures it draws), or what makes the table.
        chart: a chart, or what makes it, for PNG and SVG.
    """
    word = _word(place)
    with st.container(key=f"export_{key}", horizontal=True, horizontal_alignment="right"):
        opened = st.popover(
            word("export.offer"),
            icon=":material/download:",
            type="tertiary",
            key=f"export_{key}_{word.language}",
            on_change="rerun",
        )
        with opened:
            if opened.open:
                made = table() if callable(table) else table
                _buttons(place, key, made, chart() if callable(chart) else chart)


def _buttons(place: Context | Words, key: str, table: Table, chart: Spec | None) -> None:
    """A button for each kind of file."""
    facts, word = about(place, table.name), _word(place)
    makers: dict[str, Callable[[], bytes]] = {
        "csv": partial(as_csv, table, facts),
        "xlsx": partial(as_xlsx, table, facts),
    }
    if chart is not None:
        makers |= {
            "png": partial(as_png, chart, table.name, facts),
            "svg": partial(as_svg, chart, table.name, facts),
        }
    for kind, make in makers.items():
        st.download_button(
            word(f"export.{kind}"),
            make,
            file_name=_file(table.name, kind),
            mime=_TYPES[kind],
            key=f"export_{key}_{kind}",
            on_click="ignore",
            type="tertiary",
        )
