"""A table and a chart of a page, taken away as files in a real browser."""

from __future__ import annotations

import csv
import io
import struct
from collections.abc import Callable
from pathlib import Path

from playwright.sync_api import expect

from ugc.dashboard.look.words import words


def test_a_chart_is_taken_away_as_its_figures_and_as_a_picture(visitor: Callable) -> None:
    word, guest = words("en"), visitor()
    page = guest.open("/?ui=en&city=Казань&since=2026-03-01")
    offered = page.locator(".st-key-export_course")
    offered.get_by_role("button", name=word("export.offer")).click()
    guest.settle()
    files = {}
    for kind in ("csv", "png"):
        button = page.get_by_role("button", name=word(f"export.{kind}"))
        expect(button).to_be_visible()
        with page.expect_download() as coming:
            button.click()
        name = coming.value.suggested_filename
        assert name.startswith("ugc-over-time-months-")
        assert name.endswith(f".{kind}")
        files[kind] = Path(coming.value.path()).read_bytes()
    rows = list(csv.reader(io.StringIO(files["csv"].decode("utf-8-sig"), newline="")))
    facts = [row[0] for row in rows if row and row[0].startswith("#")]
    assert "# City: Казань" in facts
    assert any("1 March" in one.replace("\u00a0", " ") and "2026" in one for one in facts)
    heads, *figures = rows[len(facts) :]
    assert heads[0] == word("sheet.start")
    assert figures[0][0] == "2026-03-01"
    share = heads.index(word("sheet.negative_share"))
    assert all(0 <= float(row[share]) <= 1 for row in figures if row[share])
    assert files["png"].startswith(b"\x89PNG")
    assert struct.unpack(">I", files["png"][16:20])[0] >= 1800
