"""Files: harmless, with what was chosen and the day written in, figures as figures, charts as they look."""

from __future__ import annotations

import csv
import io
import re
import struct
from collections.abc import Callable
from datetime import UTC, date, datetime
from typing import Any

import pytest
from defusedxml.ElementTree import fromstring
from openpyxl import load_workbook
from streamlit.testing.v1 import AppTest

from tests.dashboard.lakes import HOSTILE
from tests.dashboard.opened import opened
from tests.dashboard.test_charts import POINTS
from ugc.dashboard.frame import export
from ugc.dashboard.look import charts
from ugc.dashboard.look.bar_chart import bar_chart
from ugc.dashboard.look.bars import Row
from ugc.dashboard.look.chart_style import Spec
from ugc.dashboard.look.files import as_csv, as_png, as_svg, as_xlsx
from ugc.dashboard.look.formats import formats
from ugc.dashboard.look.marks import Mark
from ugc.dashboard.look.table import Column, Table, grid
from ugc.dashboard.look.words import words

FACTS = [("Что показано", "По городам"), ("Город", "Казань, Gdańsk"), ("Сделано", "23 ноября 2026")]

KINDS = Table(
    "По городам",
    (
        Column("Город"),
        Column("Отзывы", "count"),
        Column("Доля", "share"),
        Column("Звёзды", "stars"),
        Column("Сдвиг", "shift"),
        Column("День", "day"),
        Column("q", "exact"),
    ),
    (
        ("Казань", 12, 0.3333333333333333, 4.25, -0.125, date(2026, 6, 8), 0.0081),
        ("Łódź", 0, None, None, None, None, None),
    ),
)

HARM = ("=cmd|' /C calc'!A0", "+1", "-2", "@SUM(A1)", "\t=1", "\r=1", "  =1+1", *HOSTILE)


def read(data: bytes) -> list[list[str]]:
    """Rows of a CSV file, whose fields may be long."""
    csv.field_size_limit(1_000_000)
    return list(csv.reader(io.StringIO(data.decode("utf-8-sig"), newline="")))


def sheet(data: bytes) -> Any:
    return load_workbook(io.BytesIO(data)).active


def course(language: str = "en", what: str = "Share displeased: 10% → 30%") -> Spec:
    """A chart over time with a change and an action marked."""
    day, last = date(2026, 1, 20), date(2026, 2, 3)
    marks = [
        Mark(1, day, day, last, made=False, when="20 January 2026", what=what),
        Mark(2, last, last, last, made=True, when="3 February 2026", what="A second shift"),
    ]
    moments = charts.measured(POINTS, "negative", language)
    return charts.over_time(moments, "month", language, kind="negative", tone="blame", marks=marks)


def test_csv_says_what_was_chosen_and_when_and_keeps_figures_whole() -> None:
    data = as_csv(KINDS, FACTS)
    assert data.startswith(b"\xef\xbb\xbf")
    found = read(data)
    assert [one[0] for one in found[:3]] == [
        "# Что показано: По городам",
        "# Город: Казань, Gdańsk",
        "# Сделано: 23 ноября 2026",
    ]
    assert found[3] == ["Город", "Отзывы", "Доля", "Звёзды", "Сдвиг", "День", "q"]
    assert found[4] == ["Казань", "12", "0.3333333333333333", "4.25", "-0.125", "2026-06-08", "0.0081"]
    assert found[5] == ["Łódź", "0", "", "", "", "", ""]


@pytest.mark.parametrize("text", HARM)
def test_nothing_in_a_csv_is_a_formula(text: str) -> None:
    table = Table(text, (Column(text), Column("=1+1", "long")), ((text, text),))
    found = read(as_csv(table, [(text, text)]))
    assert len(found) == 3
    for cell in (cell for row in found for cell in row):
        assert not cell.startswith(("=", "+", "-", "@", "\t", "\r"))
        assert "\n" not in cell


def test_excel_holds_numbers_as_numbers_and_days_as_days() -> None:
    found = sheet(as_xlsx(KINDS, FACTS))
    assert [found.cell(line, 1).value for line in (1, 2, 3)] == [
        "Что показано: По городам",
        "Город: Казань, Gdańsk",
        "Сделано: 23 ноября 2026",
    ]
    row = list(found[6])
    assert [cell.value for cell in row[:5]] == ["Казань", 12, 0.3333333333333333, 4.25, -0.125]
    assert row[5].is_date
    assert row[5].value.isoformat() == "2026-06-08T00:00:00"
    assert row[6].value == 0.0081
    assert [cell.number_format for cell in row[1:3]] == ["0", "0.0%"]
    assert [cell.value for cell in found[7]][1:] == [0, None, None, None, None, None]


@pytest.mark.parametrize("text", HARM)
def test_nothing_in_excel_is_a_formula_or_a_link(text: str) -> None:
    table = Table(text, (Column(text),), ((text,), ("https://reviews.example/1",)))
    found = sheet(as_xlsx(table, [(text, text)]))
    cells = [cell for row in found for cell in row if cell.value is not None]
    assert cells
    assert {cell.data_type for cell in cells} == {"s"}
    assert not any(cell.hyperlink for cell in cells)


def test_a_picture_is_a_picture_of_a_size_to_read() -> None:
    data = as_png(course(), "Over time", FACTS)
    assert data.startswith(b"\x89PNG\r\n\x1a\n")
    width, height = struct.unpack(">II", data[16:24])
    assert 1800 <= width <= 2600
    assert 600 <= height <= 1600


def test_a_drawing_holds_its_name_what_was_chosen_the_marks_and_the_house_font() -> None:
    said = as_svg(course(), "Over time", FACTS).decode("utf-8")
    for text in ("Over time", "Город: Казань, Gdańsk", "Сделано: 23 ноября 2026"):
        assert f">{text}<" in said
    assert ">1. 20 January 2026: Share displeased: 10% → 30%<" in said
    assert ">2. 3 February 2026: A second shift<" in said
    assert "Golos Text" in said
    assert "var(--" not in said
    assert "light-dark" not in said


@pytest.mark.parametrize("text", [one for one in HARM if one.strip() and len(one) < 500])
def test_nothing_in_a_drawing_is_run(text: str) -> None:
    row = Row(text, text, "10%", share=0.1, low=0.05, high=0.2, tone="blame")
    for chart in (course(what=text), bar_chart([row, row], "en")):
        tree = fromstring(as_svg(chart, text, [(text, text)]))
        for one in tree.iter():
            assert one.tag.rpartition("}")[2] not in ("script", "img", "a", "style", "foreignObject", "image")
            assert not [name for name in one.attrib if name.lower().startswith("on") or "href" in name]


def test_a_long_line_goes_on_below() -> None:
    cities = ", ".join(f"Город {n}" for n in range(60))
    said = as_svg(course(), "Over time", [("Город", cities)]).decode("utf-8")
    width = float(re.findall(r'<svg[^>]* width="([\d.]+)', said)[0])
    assert width < 1200


def test_bars_are_a_chart_in_the_order_of_the_page() -> None:
    rows = [
        Row("a", "Скорость", "30 %", "25–35 %", share=0.3, low=0.25, high=0.35, tone="blame"),
        Row("b", "Скорость", "20 %", share=0.2, tone="praise"),
        Row("c", "Без чисел"),
    ]
    said = as_svg(bar_chart(rows, "ru"), "Темы", []).decode("utf-8")
    assert said.count("Скорость") >= 2
    assert "30 % · 25–35 %" in said
    assert "Без чисел" not in said


def test_bars_that_are_no_shares_have_plain_numbers_at_the_foot() -> None:
    rows = [Row("a", "Reliability", "6,782", share=6782.0, low=5241.0, high=8983.0, tone="blame")]
    said = as_svg(bar_chart(rows, "en", along=",.0f"), "Cost", []).decode("utf-8")
    written = re.findall(r">([^<>]+)</text>", said)
    assert {"Reliability", "6,782", "2,000"} <= set(written)
    assert not any("%" in text for text in written)


def test_a_grid_writes_every_kind_and_escapes_names() -> None:
    said = str(grid(KINDS, "ru"))
    for text in ("33", "4,25", "−0,1", "8\u00a0июня 2026", "0,008", "–"):
        assert text in said
    table = Table("x", (Column("<b>"),), (("<img src=x>",), ("b",)))
    assert "<img" not in str(grid(table, "en"))
    assert "&lt;b&gt;" in str(grid(table, "en"))
    assert str(grid(table, "en", most=1)).count("<tr>") == 2


@pytest.mark.parametrize(
    ("name", "file"),
    [("По городам", "ugc-по-городам-"), ("../../etc/passwd", "ugc-etc-passwd-"), ("=cmd|'x'", "ugc-cmd-x-")],
)
def test_a_file_has_a_name_that_every_system_takes(name: str, file: str) -> None:
    assert export._file(name, "csv") == f"{file}{datetime.now(UTC):%Y-%m-%d}.csv"
    assert len(export._file("д" * 500, "png")) < 90


@pytest.mark.parametrize("language", ["ru", "en", "pl"])
def test_a_page_offers_a_file_with_its_filters_and_the_day(
    visit: Callable[..., AppTest], monkeypatch: pytest.MonkeyPatch, language: str
) -> None:
    asked: list[Any] = []
    monkeypatch.setattr(export, "_buttons", lambda *given: asked.append(given))
    monkeypatch.setattr(export.st, "popover", opened)
    app = visit("usual", ui=language, city=["Казань", "Москва"], since="2026-01-15")
    assert not app.exception
    tables = {key: table for _, key, table, _ in asked}
    assert {"figures", "course", "turns_course", "by_source", "by_language", "coverage"} <= set(tables)
    for context, _, table, _ in asked:
        say, word = formats(language), words(language)
        facts = dict(export.about(context, table.name))
        assert facts[word("filter.city")] == "Казань, Москва"
        assert say.day_month(date(2026, 1, 15)) in facts[word("export.period")]
        assert facts[word("export.made")] == say.day(datetime.now(UTC).date())
        names = [one.name for one in table.columns]
        assert len(set(names)) == len(names), names
        assert all(len(row) == len(names) for row in table.rows)
        as_xlsx(table, list(facts.items()))
