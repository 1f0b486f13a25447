"""Tables and charts as files, with what was chosen and the day written in.

Nothing in a file is a formula or a live link, so a review cannot make a spreadsheet do anything.
"""

from __future__ import annotations

import csv
import json
import re
from collections.abc import Sequence
from datetime import date
from functools import cache
from io import BytesIO, StringIO
from textwrap import wrap
from typing import Any

import xlsxwriter

from ugc.dashboard.look import theme
from ugc.dashboard.look.chart_style import NOTES, Spec
from ugc.dashboard.look.table import Cell, Table
from ugc.insight.choice.display import printable

__all__ = ["Fact", "as_csv", "as_png", "as_svg", "as_xlsx"]

Fact = tuple[str, str]
"""A line of what a file is about: what it says, and the value."""

_DANGEROUS = ("=", "+", "-", "@", "\t", "\r")
"""Beginnings by which a spreadsheet takes a text for a formula (OWASP, CSV injection)."""

_WIDTH = {"text": 28, "long": 80}
_FORMATS = {
    "count": "0",
    "number": "0.0",
    "exact": "General",
    "share": "0.0%",
    "points": "+0.0%;-0.0%;0.0%",
    "stars": "0.00",
    "shift": "+0.00;-0.00;0.00",
    "day": "yyyy-mm-dd",
}
_VARIABLE = re.compile(r"var\(--house-([a-z0-9-]+)\)")
_NOT_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_CHART_WIDTH = 900
"""Pixels of a chart in a file; PNG has twice as many."""
_LETTERS_OF_NAME, _LETTERS = 90, 130
"""Letters of a line above the chart, of its name and of the rest: what is longer goes on in the next line."""


def _harmless(text: str) -> str:
    """A text that no spreadsheet takes for a formula, on one line."""
    said = " ".join(printable(text).split())
    return f"'{said}" if said.startswith(_DANGEROUS) else said


def _plain(value: Cell) -> str | int | float:
    """A cell of a CSV file: figures unrounded, days as YYYY-MM-DD, nothing for nothing."""
    if value is None:
        return ""
    if isinstance(value, str):
        return _harmless(value)
    return f"{value:%Y-%m-%d}" if isinstance(value, date) else value


def as_csv(table: Table, facts: Sequence[Fact]) -> bytes:
    """The table as CSV: lines with # that say what it is about, the headings, the rows.

    UTF-8 with a byte order mark, by which spreadsheets know it.
    """
    memory = StringIO()
    writer = csv.writer(memory, lineterminator="\r\n")
    for name, value in facts:
        writer.writerow([f"# {' '.join(printable(f'{name}: {value}').split())}"])
    writer.writerow([_harmless(one.name) for one in table.columns])
    writer.writerows([_plain(value) for value in row] for row in table.rows)
    return memory.getvalue().encode("utf-8-sig")


def as_xlsx(table: Table, facts: Sequence[Fact]) -> bytes:
    """The table as an Excel workbook: what it is about, then the rows, figures as numbers."""
    memory = BytesIO()
    options = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    with xlsxwriter.Workbook(memory, options) as book:
        bold = book.add_format({"bold": True, "text_wrap": True, "valign": "top"})
        wrapped = book.add_format({"text_wrap": True, "valign": "top"})
        shown = {
            kind: book.add_format({"num_format": one, "valign": "top"}) for kind, one in _FORMATS.items()
        }
        sheet = book.add_worksheet("ugc")
        for line, fact in enumerate(facts):
            sheet.write_string(line, 0, printable(": ".join(fact)))
        top = len(facts) + 1
        for place, column in enumerate(table.columns):
            sheet.set_column(place, place, _WIDTH.get(column.kind, 16))
            sheet.write_string(top, place, printable(column.name), bold)
            for line, row in enumerate(table.rows, top + 1):
                value = row[place]
                if isinstance(value, str):
                    sheet.write_string(line, place, printable(value), wrapped)
                elif isinstance(value, date):
                    sheet.write_datetime(line, place, value, shown["day"])
                elif value is not None:
                    sheet.write_number(line, place, value, shown.get(column.kind, shown["number"]))
        sheet.freeze_panes(top + 1, 0)
    return memory.getvalue()


@cache
def _converter() -> Any:
    """The converter of charts, loaded at its first use; it knows the house font."""
    import vl_convert

    vl_convert.register_font_directory(str(theme.fonts_folder() / "print"))
    return vl_convert


def _drawable(value: Any) -> Any:
    """The same with every text such as XML may hold: the converter would end the whole process at others."""
    if isinstance(value, str):
        return _NOT_XML.sub("\ufffd", value)
    if isinstance(value, list):
        return [_drawable(one) for one in value]
    if isinstance(value, dict):
        return {key: _drawable(one) for key, one in value.items()}
    return value


def _specification(chart: Spec, name: str, facts: Sequence[Fact]) -> str:
    """The chart as Vega-Lite, light, with its name above and what it is about below that."""
    colors = theme.palette("light")
    made = dict(chart)
    # The name stands above; below it the rest, and what the marks of the chart mean.
    lines = [f"{one}: {value}" for one, value in facts if value != name]
    lines += made.get("usermeta", {}).get(NOTES, [])
    if "columns" not in made and "facet" not in made:
        made["width"] = _CHART_WIDTH
    made["background"] = colors["paper"]
    made["padding"] = 16
    made["title"] = {
        "text": wrap(printable(name), _LETTERS_OF_NAME),
        "subtitle": [part for line in lines for part in wrap(printable(line), _LETTERS)],
        "anchor": "start",
        "color": colors["ink"],
        "fontSize": 16,
        "subtitleFontSize": 12,
        "subtitleColor": colors["muted"],
        "offset": 14,
    }
    written = json.dumps(_drawable(made), ensure_ascii=False)
    return _VARIABLE.sub(lambda found: colors[found[1].replace("-", "_")], written)


def as_svg(chart: Spec, name: str, facts: Sequence[Fact]) -> bytes:
    """A chart as SVG with its name and what it is about."""
    drawn: str = _converter().vegalite_to_svg(_specification(chart, name, facts))
    return drawn.encode("utf-8")


def as_png(chart: Spec, name: str, facts: Sequence[Fact]) -> bytes:
    """A chart as PNG with its name and what it is about, at twice its size."""
    drawn: bytes = _converter().vegalite_to_png(_specification(chart, name, facts), scale=2)
    return drawn
