"""A report as an Excel workbook: figures as numbers, everything a customer wrote as text."""

from __future__ import annotations

from io import BytesIO
from typing import Any

import xlsxwriter

from ugc.insight import Group, Point, Reasons
from ugc.insight.choice.display import printable
from ugc.report.content import Report, figures
from ugc.report.words import Words

__all__ = ["render_sheets"]

Cell = str | float | int | None


class _Sheet:
    """Rows written one below the other into one worksheet."""

    def __init__(self, book: Any, name: str, widths: list[int]) -> None:
        """Adds a worksheet; Excel allows 31 characters of a name and forbids some."""
        clean = "".join(" " if mark in "[]:*?/\\" else mark for mark in name)
        self.sheet = book.add_worksheet(clean[:31].strip("' "))
        self.bold = book.add_format({"bold": True, "text_wrap": True, "valign": "top"})
        self.wrap = book.add_format({"text_wrap": True, "valign": "top"})
        self.share = book.add_format({"num_format": "0.0%", "valign": "top"})
        self.plain = book.add_format({"num_format": "0.00", "valign": "top"})
        self.row = 0
        for column, width in enumerate(widths):
            self.sheet.set_column(column, column, width)

    def add(self, cells: list[Cell], *, head: bool = False, shares: tuple[int, ...] = ()) -> None:
        """One row. Texts go in as texts, whatever they begin with; `shares` are columns of per cents."""
        for column, cell in enumerate(cells):
            if cell is None:
                continue
            if isinstance(cell, str):
                self.sheet.write_string(self.row, column, printable(cell), self.bold if head else self.wrap)
            elif column in shares:
                self.sheet.write_number(self.row, column, cell, self.share)
            elif isinstance(cell, int):
                self.sheet.write_number(self.row, column, cell)
            else:
                self.sheet.write_number(self.row, column, cell, self.plain)
        self.row += 1


def _groups(sheet: _Sheet, name: str, groups: tuple[Group, ...], words: Words) -> None:
    """One breakdown: a row a value."""
    head = ("reviews", "ratings", "mean_stars", "csi", "negative", "interval_low", "interval_high")
    sheet.add([name, *(words(one) for one in head)], head=True)
    for group in groups:
        one = group.scores
        negative: list[Cell] = [one.negative_share, one.negative_low, one.negative_high]
        label = group.value or words("nothing")
        sheet.add([label, one.reviews, one.ratings, one.mean_stars, one.csi, *negative], shares=(5, 6, 7))
    sheet.row += 1


def _months(book: Any, sheet: _Sheet, months: tuple[Point, ...], words: Words) -> None:
    """The trend by month with a chart of the share of displeased."""
    head = ("month", "reviews", "mean_stars", "csi", "negative", "interval_low", "interval_high")
    sheet.add([words(one) for one in head], head=True)
    for point in months:
        negative: list[Cell] = [point.negative_share, point.low, point.high]
        start = f"{point.start:%Y-%m}" + (" *" if point.partial else "")
        sheet.add([start, point.reviews, point.mean_stars, point.csi, *negative], shares=(4, 5, 6))
    if months:
        name = sheet.sheet.get_name()
        chart = book.add_chart({"type": "line"})
        for column in (4, 5, 6):
            chart.add_series(
                {
                    "name": [name, 0, column],
                    "categories": [name, 1, 0, len(months), 0],
                    "values": [name, 1, column, len(months), column],
                    "line": {"color": "#B4443C", "width": 2 if column == 4 else 0.75},
                }
            )
        chart.set_y_axis({"num_format": "0%", "min": 0})
        sheet.sheet.insert_chart(1, 8, chart)


def _reasons(sheet: _Sheet, found: Reasons, words: Words) -> None:
    """Reasons of one polarity: a row a quote, the figures on the first one."""
    head = ("reason", "reviews", "share", "interval_low", "interval_high", "change", "quote", "date", "stars")
    sheet.add([words(one) for one in (*head, "source", "company", "city", "link")], head=True)
    for one in found.rows:
        figures: list[Cell] = [words.theme(one.theme), one.reviews, one.share, one.low, one.high]
        figures.append(words.change(one.change))
        for quote in one.quotes or (None,):
            said: list[Cell] = []
            if quote is not None:
                day = f"{quote.date:%Y-%m-%d}" if quote.date else None
                said = [quote.text, day, quote.stars, quote.source, quote.company, quote.city, quote.url]
            sheet.add([*figures, *said], shares=(2, 3, 4))
            figures = [words.theme(one.theme), None, None, None, None, None]


def render_sheets(report: Report, words: Words) -> bytes:
    """The workbook as the bytes of its file.

    Nothing in it is a formula or a live link, so a review cannot make Excel do anything.
    """
    options = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    memory = BytesIO()
    with xlsxwriter.Workbook(memory, options) as book:
        overview = _Sheet(book, words("overview"), [44, 16, 18, 22, 26, 28, 10, 10])
        overview.add([words("report")], head=True)
        overview.add([words("filters"), words.filters(report.filters)])
        key = "representative" if report.scores.representative else "not_representative"
        overview.add([words(key, missing=report.scores.missing_ratings)])
        overview.row += 1
        overview.add([words("figure"), words("value"), words("interval")], head=True)
        for row in figures(report.scores, words):
            overview.add(list(row))
        overview.add([words("made", day=f"{report.made:%Y-%m-%d}")])
        groups = _Sheet(book, words("by", dimension="…"), [32, 10, 10, 12, 12, 14, 10, 10])
        for dimension, found in report.groups.items():
            _groups(groups, words(dimension), found, words)
        _months(book, _Sheet(book, words("trend"), [12, 10, 14, 14, 14, 10, 10]), report.months, words)
        for name, reasons in (("thank", report.thank), ("complain", report.complain)):
            widths = [26, 10, 12, 10, 10, 24, 70, 12, 8, 16, 18, 18, 44]
            _reasons(_Sheet(book, words(name), widths), reasons, words)
    return memory.getvalue()
