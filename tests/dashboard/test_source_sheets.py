"""The tables of the page of sources as files: how each run ended, in the reader's words."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable
from datetime import UTC, date, datetime

import pytest
from streamlit.testing.v1 import AppTest

from ugc.dashboard.collecting import sheets
from ugc.dashboard.frame.export import about
from ugc.dashboard.look.files import as_csv
from ugc.dashboard.look.words import words
from ugc.insight.reviews.coverage import Run, TargetCoverage

Visit = Callable[..., AppTest]

NOON = datetime(2026, 11, 20, 12, 5, tzinfo=UTC)
RUN = Run(
    "r1", "collect", "steam", "620", "partial", "It was broken off.", NOON, None, NOON, NOON, 2, 5, 4, 1, 0
)
ROWS = (
    TargetCoverage("steam", "620", 5, 1, 0, 2, NOON, NOON, RUN),
    TargetCoverage("banki_ru", "=cmd|' /C calc'!A0", listed=True),
)


@pytest.mark.parametrize("language", ["ru", "en", "pl"])
def test_coverage_is_written_as_figures_and_words(language: str) -> None:
    word = words(language)
    table = sheets.coverage(word, "lake", ROWS)
    first, second = table.rows
    assert len({len(table.columns), len(first), len(second)}) == 1
    assert first[1:5] == (
        "620",
        word("sources.state.partial"),
        word("sources.reason.broken_off"),
        "2026-11-20 12:05",
    )
    assert first[5:] == (5, 1, 2, date(2026, 11, 20), date(2026, 11, 20))
    assert second[2:4] == (word("sources.state.never"), word("sources.reason.listed"))
    lines = list(csv.reader(io.StringIO(as_csv(table, about(word, table.name)).decode("utf-8-sig"))))
    assert lines[0][0].startswith("# ")
    assert not any(cell.startswith(("=", "+", "-", "@")) for line in lines for cell in line)


@pytest.mark.parametrize("language", ["ru", "en", "pl"])
def test_runs_are_written_with_their_counts(language: str) -> None:
    word = words(language)
    (row,) = sheets.history(word, "lake", (RUN,)).rows
    assert row[0] == word("sources.kind.collect")
    assert row[2:6] == ("620", "2026-11-20 12:05", None, word("sources.state.partial"))
    assert row[7:] == (2, 5, 4, 1, 0)


@pytest.mark.parametrize("page", ["sources", "settings"])
def test_pages_without_filters_offer_their_tables(visit: Visit, page: str) -> None:
    app = visit("usual", page, ui="en")
    assert not app.exception
    offered = [one.proto.popover.label for one in app.get("popover")]
    assert offered.count(words("en")("export.offer")) == 2
