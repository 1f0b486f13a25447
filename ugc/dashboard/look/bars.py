"""Rows of shares with their intervals that can be clicked: reasons, segments, leagues.

A small component of our own: every row is a real button, reached by the keyboard, and all texts
are set as text, never as HTML. Figures come written; the component only lays them out.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from functools import cache
from importlib import resources
from typing import Any, Literal

import streamlit as st

__all__ = ["TONES", "Row", "Tone", "bars"]

Tone = Literal["praise", "blame", "raised", "accent"]

TONES: dict[str, Tone] = {"positive": "praise", "negative": "blame", "neutral": "raised"}
"""Tone in which a polarity is drawn."""


@dataclass(frozen=True)
class Row:
    """One row. `share`, `low` and `high` are in 0…1; `None` draws no bar.

    `figure` is the share as written, `note` what stands beside it (n, interval), `cells` further
    figures, `tip` what is read aloud and shown on hover, `badge` a short mark after the label.
    """

    key: str
    label: str
    figure: str = ""
    note: str = ""
    share: float | None = None
    low: float | None = None
    high: float | None = None
    tone: Tone = "accent"
    tip: str = ""
    badge: str = ""
    cells: tuple[str, ...] = ()
    faded: bool = False
    chosen: bool = False


@cache
def _file(kind: str) -> str:
    return resources.files(__package__).joinpath(f"bars.{kind}").read_text(encoding="utf-8")


def _nothing() -> None:
    """The component needs a callback for its trigger to be known."""


def bars(
    key: str,
    rows: Sequence[Row],
    *,
    name: str,
    heads: Sequence[str] = (),
    mirrored: bool = False,
    top: float | None = None,
    reference: float | None = None,
    pick: Callable[[str], None] | None = None,
) -> None:
    """Draws the rows under the accessible name `name`.

    Args:
        key: key of the component on the page.
        rows: the rows, first one on top.
        name: what the list is, for a screen reader.
        heads: headings above label, bar, figure and cells.
        mirrored: bars grow to the left, labels stand on the right.
        top: share at the full width of a bar; the highest bound of the rows when unset. Two lists
            with the same top can be compared.
        reference: share at which a line runs across all rows.
        pick: called with the key of a row that was clicked, before the next run.
    """
    ends = [one.high if one.high is not None else one.share for one in rows]
    data: dict[str, Any] = {
        "rows": [asdict(one) for one in rows],
        "name": name,
        "heads": list(heads),
        "mirrored": mirrored,
        "reference": reference,
        "top": top or max((end for end in ends if end), default=1.0),
        "clickable": pick is not None,
    }

    def picked() -> None:
        chosen = st.session_state[key].get("picked")
        if pick is not None and isinstance(chosen, str) and chosen in {one.key for one in rows}:
            pick(chosen)

    mount = st.components.v2.component(
        "house_bars", html='<div class="house-bars"></div>', css=_file("css"), js=_file("js")
    )
    mount(key=key, data=data, on_picked_change=picked if pick else _nothing)
